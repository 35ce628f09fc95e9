// Prints unicode.c: which characters may begin and continue a name in JavaScript.
//
//   node lib/js/unicode.mjs >lib/js/unicode.c
//
// The source is the Unicode Character Database as Node carries it: the properties
// ID_Start and ID_Continue of its regular expressions. A newer Node gives a newer table.

const LAST = 0x10ffff
const starts = /^\p{ID_Start}$/u
const continues = /^\p{ID_Continue}$/u

// Ranges [first, last] of the characters beyond ASCII that the test accepts.
function ranges(test) {
	const found = []
	for (let c = 0x80; c <= LAST; c++) {
		if (!test(String.fromCodePoint(c)))
			continue
		if (found.length > 0 && found[found.length - 1][1] === c - 1)
			found[found.length - 1][1] = c
		else
			found.push([c, c])
	}
	return found
}

function print(name, list) {
	const hex = c => '0x' + c.toString(16)
	console.log(`\nconst struct tn_js_range ${name}[] = {`)
	for (let i = 0; i < list.length; i += 4) {
		const row = list.slice(i, i + 4).map(r => `{ ${hex(r[0])}, ${hex(r[1])} },`)
		console.log(`\t${row.join(' ')}`)
	}
	console.log(`};\nconst size_t ${name}_count = TN_ARRAY_LEN(${name});`)
}

console.log(`/*
 * Made by unicode.mjs. Properties ID_Start and ID_Continue of Unicode ${process.versions.unicode},
 * beyond ASCII.
 */
#include "js/unicode.h"

/* clang-format off */`)
print('tn_js_id_start', ranges(c => starts.test(c)))
print('tn_js_id_only_continue', ranges(c => continues.test(c) && !starts.test(c)))
