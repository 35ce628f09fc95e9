// Our tokens beside acorn's, over the files of the npm package test262-parser-tests.
//
//   node acorn.mjs TOKENS NODE_MODULES      TOKENS is the program of tokens.c
//
// On every file of pass and pass-explicit, kind, begin and end of every token equal those
// that acorn's parser hands to onToken (ecmaVersion "latest"): its tokenizer alone guesses
// where an expression may begin, its parser knows. Every file of fail that acorn's tokenizer
// alone refuses is refused by ours. And names may hold what Node's may. Prints TAP.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const [program, modules] = process.argv.slice(2).map(path => resolve(path))
const acorn = createRequire(join(modules, 'x.js'))('acorn')
const cases = join(modules, 'test262-parser-tests')

const optionsFor = name => ({
	ecmaVersion: 'latest',
	sourceType: name.endsWith('.module.js') ? 'module' : 'script',
})

// acorn's places count UTF-16 units, ours bytes.
function byteOffsets(text) {
	const offsets = new Uint32Array(text.length + 1)
	let bytes = 0
	for (let i = 0; i < text.length; i++) {
		offsets[i] = bytes
		const c = text.codePointAt(i)
		if (c > 0xffff)
			offsets[++i] = bytes
		bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4
	}
	offsets[text.length] = bytes
	return offsets
}

const KINDS = { name: 'n', privateId: '#', num: '0', string: 's', regexp: 'r' }

function kindOf(token) {
	if (token.type.keyword)
		return 'k'
	return KINDS[token.type.label] ?? 'p'
}

// acorn makes three to five tokens of a template where the language has one, head, middle
// or tail: from ` or } to ` or ${. They are joined; all their places stay under comparison.
function joinTemplates(tokens) {
	const joined = []
	for (let i = 0; i < tokens.length; i++) {
		const chunk = tokens[i + 1]?.type.label
		if (chunk !== 'template' && chunk !== 'invalidTemplate') {
			joined.push({ kind: kindOf(tokens[i]), ...tokens[i] })
			continue
		}
		const [open, middle, close] = tokens.slice(i, i + 3)
		const whole = open.type.label === '`', last = close.type.label === '`'
		const kind = whole ? (last ? 't' : 'h') : last ? 'e' : 'm'
		if (open.end !== middle.start || middle.end !== close.start)
			throw new Error('a gap in a template')
		joined.push({ kind, start: open.start, end: close.end })
		i += 2
	}
	return joined
}

function acornTokens(text, name) {
	const tokens = []
	acorn.parse(text, { ...optionsFor(name), onToken: tokens })
	const at = byteOffsets(text)
	return joinTemplates(tokens.filter(t => t.type.label !== 'eof'))
		.map(t => `${t.kind}:${at[t.start]}:${at[t.end] - at[t.start]}`)
		.join(' ')
}

function acornTokenizerRefuses(text, name) {
	try {
		for (const token of acorn.tokenizer(text, optionsFor(name)))
			void token
		return false
	} catch {
		return true
	}
}

function ourTokens(folder, names) {
	const cwd = join(cases, folder)
	const text = execFileSync(program, names, { cwd, maxBuffer: 1 << 28 }).toString()
	return new Map(text.trimEnd().split('\n').map(line => {
		const [, name, tokens, problem] = /^(\S+) ?([^!]*?) ?(!.*)?$/s.exec(line)
		return [name, { tokens, problem }]
	}))
}

const failures = []
let tests = 0

function report(ok, words, details = []) {
	console.log(`${ok ? 'ok' : 'not ok'} ${++tests} - ${words}`)
	for (const detail of details.slice(0, 20))
		console.log(`# ${detail}`)
	if (!ok)
		failures.push(words)
}

function comparePass(folder) {
	const names = readdirSync(join(cases, folder)).sort()
	const ours = ourTokens(folder, names)
	const wrong = []
	for (const name of names) {
		const text = readFileSync(join(cases, folder, name), 'utf8')
		const { tokens, problem } = ours.get(name)
		const theirs = acornTokens(text, name)
		if (problem !== undefined || tokens !== theirs)
			wrong.push(`${name} ours: ${tokens} ${problem ?? ''}`, `${name} acorn: ${theirs}`)
	}
	const equal = names.length - wrong.length / 2
	report(names.length > 0 && wrong.length === 0,
		`${folder}: ${names.length} files compared, ${equal} equal to acorn`, wrong)
}

function compareFail(folder) {
	const names = readdirSync(join(cases, folder)).sort()
	const ours = ourTokens(folder, names)
	const theirs = names.filter(name =>
		acornTokenizerRefuses(readFileSync(join(cases, folder, name), 'utf8'), name))
	const refused = names.filter(name => ours.get(name).problem !== undefined)
	const missed = theirs.filter(name => !refused.includes(name))
	report(theirs.length > 0 && missed.length === 0,
		`${folder}: ${names.length} files, acorn's tokenizer refuses ${theirs.length}, ` +
		`ours ${theirs.length - missed.length} of these and ${refused.length} in all`, missed)
}

// Every character that this Node takes in a name is taken.
function compareNames() {
	const file = join(mkdtempSync(join(tmpdir(), 'names-')), 'names.js')
	const start = /^[$_\p{ID_Start}]$/u, part = /^[$_\u200c\u200d\p{ID_Continue}]$/u
	let text = '', names = 0
	for (let c = 0; c <= 0x10ffff; c++) {
		const character = String.fromCodePoint(c)
		const name = start.test(character) ? character : part.test(character) ? `a${character}` : ''
		if (name === '')
			continue
		text += `${name};`
		names++
	}
	writeFileSync(file, text)
	const line = execFileSync(program, [file], { maxBuffer: 1 << 28 }).toString()
	const found = line.split(' ').filter(token => token.startsWith('n:')).length
	report(found === names && !line.includes('!'),
		`names: all ${names} characters of Unicode ${process.versions.unicode} are taken`)
}

comparePass('pass')
comparePass('pass-explicit')
compareFail('fail')
compareNames()
console.log(`1..${tests}`)
process.exit(failures.length > 0 ? 1 : 0)
