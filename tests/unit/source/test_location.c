/* What may be given as a source, and what is shown of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/defs.h"
#include "source/location.h"
#include "source/source.h"

static void
paths_are_paths(void **state TN_UNUSED)
{
	static const char *const cases[] = { ".", "..", "a", "/srv/repo", "./a:b",
		"dir/ext::sh", "a b", "-x", "~", "@", "gr\xc3\xbc\xc3\x9f",
		"./https://x" };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_location location;

		assert_int_equal(tn_location_parse(cases[i], &location, NULL), 0);
		assert_false(location.remote);
		assert_false(tn_source_is_remote(cases[i]));
	}
	assert_false(tn_source_is_remote(NULL));
}

static void
addresses_are_fetched(void **state TN_UNUSED)
{
	static const char *const cases[] = { "https://example.com/a/b.git",
		"https://example.com:8443/a", "https://[::1]/a",
		"http://127.0.0.1:8080/a", "http://localhost/a",
		"ssh://git@example.com/a/b.git", "ssh://example.com:2222/~me/a",
		"ssh://git@[::1]:22/a", "git@example.com:a/b.git", "example.com:/srv/a",
		"git@[::1]:a b", "file:///srv/a b" };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_location location;

		if (tn_location_parse(cases[i], &location, &err) < 0)
			fail_msg("%s", err.message);
		assert_true(location.remote);
		assert_true(tn_source_is_remote(cases[i]));
		assert_string_equal(location.address, cases[i]);
		assert_int_equal(location.plain_http, strncmp(cases[i], "http:", 5) == 0);
	}
}

static void
everything_else_is_refused_with_a_cure(void **state TN_UNUSED)
{
	static const struct {
		const char *text, *message, *hint;
	} cases[] = {
		{ "ext::sh -c id", "a transport that is not used here", "https://" },
		{ "fd::7", "a transport that is not used here", "https://" },
		{ "ext::https://x", "a transport that is not used here", NULL },
		{ "git://example.com/a", "without encryption", "https://" },
		{ "http://example.com/a", "without encryption", "https://" },
		{ "http://127.0.0.1.example.com/a", "without encryption", NULL },
		{ "ftp://example.com/a", "a transport that is not used here", NULL },
		{ "git+ssh://example.com/a", "a transport that is not used here", NULL },
		{ "HTTPS://example.com/a", "a transport that is not used here", NULL },
		{ "://x", "no host before its colon", NULL },
		{ "https://", "no host", NULL },
		{ "https:///a", "no host", NULL },
		{ "https://example.com/a?b=c", "a query", "leave it out" },
		{ "https://example.com/a#b", "a fragment", NULL },
		{ "https://-oProxyCommand=id/a", "no host", NULL },
		{ "ssh://-oProxyCommand=id/a", "no host, port and path", NULL },
		{ "ssh://-x@example.com/a", "a user name that ssh cannot have", NULL },
		{ "ssh://a$(id)@example.com/a", "a user name that ssh cannot have",
		    NULL },
		{ "ssh://example.com", "no host, port and path", NULL },
		{ "ssh://example.com:99999/a", "no host, port and path", NULL },
		{ "ssh://example.com/a?b", "no host, port and path", NULL },
		{ "-oProxyCommand=id:a", "no host before its colon", NULL },
		{ "a@-oProxyCommand=id:a", "no host before its colon", NULL },
		{ "-x@example.com:a", "a user name that ssh cannot have", NULL },
		{ "example.com:", "no path", NULL },
		{ "example.com:-a", "no path", NULL },
		{ "[::1]", "no path", NULL },
		{ "a;b:c", "no host before its colon", NULL },
		{ "file://server/a", "no absolute path", "file:///" },
		{ "a\nb", "a control character", NULL },
		{ "https://example.com/\x7f", "a control character", NULL },
		{ "a\xff", "no valid UTF-8", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_location location;

		assert_int_equal(tn_location_parse(cases[i].text, &location, &err),
		    -TN_E_INPUT);
		if (strstr(err.message, cases[i].message) == NULL)
			fail_msg("\"%s\" is not in \"%s\"", cases[i].message,
			    err.message);
		if (cases[i].hint != NULL)
			assert_non_null(strstr(err.hint, cases[i].hint));
		assert_false(tn_source_is_remote(cases[i].text));
	}
}

static void
credentials_are_refused_and_not_repeated(void **state TN_UNUSED)
{
	static const char *const cases[] = { "https://me:hunter2@example.com/a",
		"https://hunter2@example.com/a", "https://me:hunter2@",
		"ssh://me:hunter2@h/a", "me:hunter2@example.com:a",
		"ftp://me:hunter2@example.com/a", "ext::https://me:hunter2@example.com/a",
		"http://me:hunter2@127.0.0.1/a",
		"https://me:hun%74er2@@hunter2@example.com/a",
		"git://hunter2@example.com/a",
		"https://me:/hunter2?#hunter2@example.com/a",
		"me:/hunter2/hunter2@example.com:a", "ssh://me:22/hunter2@example.com/a",
		"me:hunter2@@example.com:a" };

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_location location;

		assert_int_equal(tn_location_parse(cases[i], &location, &err),
		    -TN_E_INPUT);
		assert_null(strstr(err.message, "hunter2"));
		assert_null(strstr(err.hint, "hunter2"));
	}
}

static void
an_endless_source_is_refused(void **state TN_UNUSED)
{
	char *text = malloc(TN_LOCATION_MAX + 2);
	struct tn_location location;

	assert_non_null(text);
	memset(text, 'a', TN_LOCATION_MAX + 1);
	text[TN_LOCATION_MAX + 1] = '\0';
	assert_int_equal(tn_location_parse(text, &location, NULL), -TN_E_INPUT);
	text[TN_LOCATION_MAX] = '\0';
	assert_int_equal(tn_location_parse(text, &location, NULL), 0);
	free(text);
}

static void
what_is_shown_holds_no_credentials(void **state TN_UNUSED)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "https://example.com/a", "https://example.com/a" },
		{ "fatal: unable to access 'https://x:tok@example.com/a/': no",
		    "fatal: unable to access 'https://(secret)@example.com/a/': no" },
		{ "https://tok@a and http://b:c@d, ssh://git@e/f@g",
		    "https://(secret)@a and http://(secret)@d, ssh://git@e/f@g" },
		{ "ssh://me:pw@host/x", "ssh://(secret)@host/x" },
		{ "https://a@b@c/d", "https://(secret)@c/d" },
		{ "https://host/a@b", "https://host/a@b" },
		{ "git@example.com:a", "git@example.com:a" },
		{ "\x1b[31mred\n", "\\x1b[31mred\\x0a" },
		{ "https://", "https://" },
		{ "", "" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

		tn_location_show(tn_span(cases[i].text), &out);
		assert_string_equal(tn_str_text(&out), cases[i].shown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_paths),
		cmocka_unit_test(addresses_are_fetched),
		cmocka_unit_test(everything_else_is_refused_with_a_cure),
		cmocka_unit_test(credentials_are_refused_and_not_repeated),
		cmocka_unit_test(an_endless_source_is_refused),
		cmocka_unit_test(what_is_shown_holds_no_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
