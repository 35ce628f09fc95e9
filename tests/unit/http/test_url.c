/* URLs from outside: which are taken, how they come apart, and which are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "http/message.h"

static void
good_urls_come_apart(void **state TN_UNUSED)
{
	static const struct {
		const char *url, *scheme, *host, *port, *path, *query;
	} cases[] = {
		{ "https://acme.eu.auth0.com", "https", "acme.eu.auth0.com", "", "/",
		    "" },
		{ "https://acme.example/", "https", "acme.example", "", "/", "" },
		{ "HTTPS://Acme.Example/A", "https", "Acme.Example", "", "/A", "" },
		{ "http://127.0.0.1:8080/x?y=1", "http", "127.0.0.1", "8080", "/x",
		    "y=1" },
		{ "http://[::1]:80/x", "http", "::1", "80", "/x", "" },
		{ "http://[::1]", "http", "::1", "", "/", "" },
		{ "https://a?b=/../c", "https", "a", "", "/", "b=/../c" },
		{ "https://a/?", "https", "a", "", "/", "" },
		{ "https://a/b?c?d", "https", "a", "", "/b", "c?d" },
		{ "https://a:1/", "https", "a", "1", "/", "" },
		{ "https://a:65535/", "https", "a", "65535", "/", "" },
		{ "https://a/%2F%aB", "https", "a", "", "/%2F%aB", "" },
		{ "https://a/x@y:z;v=1,2", "https", "a", "", "/x@y:z;v=1,2", "" },
		{ "https://a/b//c", "https", "a", "", "/b//c", "" },
		{ "https://a/.well-known/..x/...", "https", "a", "",
		    "/.well-known/..x/...", "" },
		{ "https://a_b.c-d.", "https", "a_b.c-d.", "", "/", "" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_url url;

		assert_int_equal(tn_url_parse(cases[i].url, &url, NULL), 0);
		assert_true(tn_span_is(url.scheme, cases[i].scheme));
		assert_true(tn_span_is(url.host, cases[i].host));
		assert_true(tn_span_is(url.port, cases[i].port));
		assert_true(tn_span_is(url.path, cases[i].path));
		assert_true(tn_span_is(url.query, cases[i].query));
	}
}

static void
bad_urls_are_refused(void **state TN_UNUSED)
{
	static const char *const cases[] = {
		"",
		"acme.example",
		"//acme.example/",
		"ftp://acme.example/",
		"file:///etc/passwd",
		"https:/acme.example/",
		"https:acme.example",
		" https://acme.example/",
		"https://",
		"https:///x",
		"https://:443/",
		"https://user@acme.example/",
		"https://user:pw@acme.example/",
		"https://@acme.example/",
		"https://acme.example/#top",
		"https://acme.example/?q#top",
		"https://acme.example:/",
		"https://acme.example:0/",
		"https://acme.example:65536/",
		"https://acme.example:99999999999/",
		"https://acme.example:80a/",
		"https://acme.example:-1/",
		"https://acme.example: 80/",
		"https://acme.example:80:80/",
		"https://acme example/",
		"https://acme%2eexample/",
		"https://acme\\.example/",
		"https://acme..example/",
		"https://.example/",
		"https://-a.example/",
		"https://\xc3\xbc.example/",
		"https://a\x01/",
		"https://[::1/",
		"https://[]/",
		"https://[1.2.3.4]/",
		"https://[::1%25eth0]/",
		"https://[::g]/",
		"https://[::1]x/",
		"https://[::1]:/",
		"https://::1/",
		"https://a/b c",
		"https://a/b\\c",
		"https://a/\x7f",
		"https://a/\xc3\xbc",
		"https://a/<b>",
		"https://a/%",
		"https://a/%4",
		"https://a/%4g",
		"https://a/?%zz",
		"https://a/?a b",
		"https://a/?a\r\nHost: b",
		"https://a/.",
		"https://a/..",
		"https://a/b/../c",
		"https://a/b/./c",
		"https://a/b/%2e%2E/c",
		"https://a/b/.%2e",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_error err = TN_ERROR_INIT;
		struct tn_url url = { .port = tn_span("untouched") };

		if (tn_url_parse(cases[i], &url, &err) != -TN_E_INPUT)
			fail_msg("not refused: %s", cases[i]);
		assert_int_equal(err.kind, TN_E_INPUT);
		assert_non_null(err.message);
		assert_true(tn_span_is(url.port, "untouched"));
		tn_error_done(&err);
	}
}

static void
sizes_are_bounded(void **state TN_UNUSED)
{
	struct tn_str text = TN_STR_INIT;
	struct tn_url url;

	tn_str_add(&text, "https://");
	while (text.len < strlen("https://") + 253)
		tn_str_add(&text, "a");
	assert_int_equal(tn_url_parse(tn_str_text(&text), &url, NULL), 0);
	tn_str_add(&text, "a");
	assert_int_equal(tn_url_parse(tn_str_text(&text), &url, NULL), -TN_E_INPUT);

	tn_str_clear(&text);
	tn_str_add(&text, "https://a/");
	while (text.len < 8192)
		tn_str_add(&text, "a");
	assert_int_equal(tn_url_parse(tn_str_text(&text), &url, NULL), 0);
	tn_str_add(&text, "a");
	assert_int_equal(tn_url_parse(tn_str_text(&text), &url, NULL), -TN_E_INPUT);
	tn_str_done(&text);
}

static void
a_message_shows_no_password_query_or_control_character(void **state TN_UNUSED)
{
	static const char *const cases[] = {
		"https://user:hunter2@acme.example/",
		"https://user:hunter2?x@acme.example/",
		"https://user:hunter2#x@acme.example/",
		"https://acme.example:x/?token=hunter2",
		"https://acme.example/#hunter2",
		"https://u:pass\x1bword@a/hunter2",
		"hunter2@nowhere",
		"https://a b/\x1b[2J",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_error err = TN_ERROR_INIT;
		struct tn_url url;

		assert_int_equal(tn_url_parse(cases[i], &url, &err), -TN_E_INPUT);
		assert_null(strstr(err.message, "hunter2"));
		assert_null(strchr(err.message, '\x1b'));
		tn_error_done(&err);
	}
}

static void
a_message_says_what_is_wrong(void **state TN_UNUSED)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_url url;

	assert_int_equal(tn_url_parse("https://acme.example:70000/a", &url, &err),
	    -TN_E_INPUT);
	assert_string_equal(err.message,
	    "the URL \"https://acme.example:70000/a\" has a port "
	    "that is no number from 1 to 65535");
	tn_error_done(&err);
}

static void
loopback_is_this_machine_and_nothing_that_only_looks_like_it(void **state TN_UNUSED)
{
	static const struct {
		const char *url;
		bool loopback;
	} cases[] = {
		{ "http://127.0.0.1:1/", true },
		{ "http://127.255.255.254/", true },
		{ "http://localhost/", true },
		{ "http://LocalHost:8080/", true },
		{ "http://[::1]/", true },
		{ "http://[0:0:0:0:0:0:0:1]/", true },
		{ "http://128.0.0.1/", false },
		{ "http://10.0.0.1/", false },
		{ "http://0.0.0.0/", false },
		{ "http://[::]/", false },
		{ "http://[::2]/", false },
		{ "http://127.1/", false },
		{ "http://2130706433/", false },
		{ "http://0x7f.0.0.1/", false },
		{ "http://127.0.0.1.example/", false },
		{ "http://localhost.example/", false },
		{ "http://localhost./", false },
		{ "http://notlocalhost/", false },
		{ "https://acme.example/?127.0.0.1", false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		struct tn_url url;

		assert_int_equal(tn_url_parse(cases[i].url, &url, NULL), 0);
		if (tn_url_is_loopback(&url) != cases[i].loopback)
			fail_msg("wrong about %s", cases[i].url);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_urls_come_apart),
		cmocka_unit_test(bad_urls_are_refused),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(a_message_shows_no_password_query_or_control_character),
		cmocka_unit_test(a_message_says_what_is_wrong),
		cmocka_unit_test(
		    loopback_is_this_machine_and_nothing_that_only_looks_like_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
