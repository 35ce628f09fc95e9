/* How many columns text takes: known texts, and every character against the C library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <wchar.h>

#include "base/text.h"

static void
known_texts(void **state TN_UNUSED)
{
	static const struct {
		const char *text;
		size_t columns;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "gr\xc3\xbc\xc3\x9f", 4 },
		{ "日本語", 6 },
		{ "한국", 4 },
		{ "e\xcc\x81", 1 }, /* e and an acute accent that joins it */
		{ "ｱ", 1 },         /* half width */
		{ "Ａ", 2 },        /* full width */
		{ "👍", 2 },
		{ "नमस्ते", 4 }, /* n, m, s with a virama, t with a vowel */
		{ "\xff\xc3", 2 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++)
		assert_int_equal(tn_text_columns(tn_span(cases[i].text)),
		    cases[i].columns);
}

static size_t
columns_of(uint32_t c)
{
	char bytes[4];
	size_t len = 0;

	if (c < 0x80)
		bytes[len++] = (char)c;
	else if (c < 0x800)
		bytes[len++] = (char)(0xc0 | c >> 6);
	else if (c < 0x10000)
		bytes[len++] = (char)(0xe0 | c >> 12);
	else
		bytes[len++] = (char)(0xf0 | c >> 18);
	if (c >= 0x10000)
		bytes[len++] = (char)(0x80 | (c >> 12 & 0x3f));
	if (c >= 0x800)
		bytes[len++] = (char)(0x80 | (c >> 6 & 0x3f));
	if (c >= 0x80)
		bytes[len++] = (char)(0x80 | (c & 0x3f));
	return tn_text_columns(tn_span_of(bytes, len));
}

/* Format characters are made visible before they are measured; there opinions differ. */
static bool
is_shown_escaped(uint32_t c)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	char bytes[4] = { (char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
		(char)(0x80 | (c & 0x3f)), '\0' };

	if (c < 0x800 || c >= 0x10000)
		return c < 0x800 ? c == 0xad : c >= 0xe0000;
	tn_text_printable(tn_span_of(bytes, 3), false, &out);
	return tn_str_text(&out)[0] == '\\';
}

/* A few hundred of a hundred thousand are matters of taste. */
static void
the_c_library_agrees(void **state TN_UNUSED)
{
	size_t compared = 0, differ = 0;

	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	for (uint32_t c = 0x20; c < 0xe0000; c++) {
		int width = wcwidth((wchar_t)c);

		if (width < 0 || (c >= 0xd800 && c < 0xf900) || is_shown_escaped(c))
			continue;
		compared++;
		differ += columns_of(c) != (size_t)width;
	}
	assert_true(compared > 100000);
	if (differ > 300)
		fail_msg("%zu of %zu differ", differ, compared);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts),
		cmocka_unit_test(the_c_library_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
