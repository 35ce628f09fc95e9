/* `domain` as an operator or an environment says it: where credentials may go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/config.h"

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

static struct tn_arena *arena;

static int
setup(void **state TN_UNUSED)
{
	arena = tn_arena_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_arena_free(arena);
	return 0;
}

static void
hosts_become_https(void **state TN_UNUSED)
{
	static const char *const rows[][2] = {
		{ "acme.eu.auth0.com", "https://acme.eu.auth0.com" },
		{ "a.b", "https://a.b" },
		{ "login.ACME.example", "https://login.acme.example" },
		{ "xn--bcher-kva.example", "https://xn--bcher-kva.example" },
		{ "1.2.3.example", "https://1.2.3.example" },
		{ "a--b.c4", "https://a--b.c4" },
		{ "az.AZ.09.zZ", "https://az.az.09.zz" },
		{ LABEL_63 ".example", "https://" LABEL_63 ".example" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const char *url = NULL;

		assert_int_equal(tn_domain_to_url(rows[i][0], arena, &url, NULL), 0);
		assert_string_equal(url, rows[i][1]);
	}
}

static void
loopback_is_kept(void **state TN_UNUSED)
{
	static const char *const rows[] = {
		"http://127.0.0.1:4010",
		"http://[::1]:1",
		"http://localhost:65535",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const char *url = NULL;

		assert_int_equal(tn_domain_to_url(rows[i], arena, &url, NULL), 0);
		assert_string_equal(url, rows[i]);
	}
}

static void
assert_refused(const char *domain, const char *words)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	const char *url = NULL;

	if (tn_domain_to_url(domain, arena, &url, &err) == 0)
		fail_msg("\"%s\" was taken for \"%s\"", domain, url);
	assert_null(url);
	assert_int_equal(err.kind, TN_E_INPUT);
	if (strstr(err.message, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.message, words);
	assert_non_null(strstr(err.hint, "http://127.0.0.1:PORT"));
}

static void
what_is_no_host_name(void **state TN_UNUSED)
{
	assert_refused("", "is empty");
	assert_refused("acme", "has no dot");
	assert_refused("localhost", "has no dot");
	assert_refused("acme..com", "empty part");
	assert_refused(".acme.com", "empty part");
	assert_refused("acme.com.", "empty part");
	assert_refused("-acme.com", "hyphen");
	assert_refused("acme-.com", "hyphen");
	assert_refused("acme_x.com", "character");
	assert_refused("acme com.example", "character");
	assert_refused("acme.com\n", "character");
	assert_refused("b\xc3\xbc"
		       "cher.example",
	    "character");
	assert_refused("acme%2e.com", "character");
	assert_refused("acme.com?x", "character");
	assert_refused("acme.com#x", "character");
	assert_refused("acme.com\\x", "character");
	assert_refused("127.0.0.1", "is an address");
	assert_refused("a.1", "is an address");
	assert_refused("a" LABEL_63 ".example", "more than 63");
	assert_refused(LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "more than 253");
}

static void
what_is_more_than_a_host_name(void **state TN_UNUSED)
{
	assert_refused("https://acme.eu.auth0.com", "more than a host name");
	assert_refused("https://127.0.0.1:4010", "more than a host name");
	assert_refused("HTTP://127.0.0.1:4010", "more than a host name");
	assert_refused("acme.eu.auth0.com/", "more than a host name");
	assert_refused("acme.eu.auth0.com/api/v2", "more than a host name");
	assert_refused("//acme.com", "more than a host name");
	assert_refused("acme.com:443", "has a port");
	assert_refused("[::1]:80", "has a port");
	assert_refused("127.0.0.1:4010", "has a port");
	assert_refused("me@acme.com", "has a user name");
}

static void
plain_http_goes_to_loopback_only(void **state TN_UNUSED)
{
	assert_refused("http://acme.eu.auth0.com", "this machine only");
	assert_refused("http://acme.eu.auth0.com:80", "this machine only");
	assert_refused("http://192.168.0.1:80", "this machine only");
	assert_refused("http://localhost.evil.example:80", "this machine only");
	assert_refused("http://127.0.0.1.evil.example:80", "this machine only");
	assert_refused("http://127.0.0.1@evil.example:80", "this machine only");
	assert_refused("http://evil.example:80@127.0.0.1:80", "this machine only");
	assert_refused("http://0x7f.1:80", "this machine only");
	assert_refused("http://2130706433:80", "this machine only");
	assert_refused("http://[::ffff:1.2.3.4]:80", "this machine only");
	assert_refused("http://", "this machine only");
	assert_refused("http://127.0.0.1:65536", "this machine only");
	assert_refused("http://127.0.0.1:0", "this machine only");
}

static void
loopback_has_an_address_a_port_and_nothing_else(void **state TN_UNUSED)
{
	assert_refused("http://127.0.0.1", "more or less");
	assert_refused("http://127.0.0.1:80/", "more or less");
	assert_refused("http://127.0.0.1:80/api", "more or less");
	assert_refused("http://127.0.0.1:80?x=1", "more or less");
	assert_refused("http://127.0.0.1:080", "more or less");
	assert_refused("http://127.0.0.2:80", "more or less");
	assert_refused("http://LOCALHOST:80", "more or less");
	assert_refused("http://[0:0:0:0:0:0:0:1]:80", "more or less");
}

static void
a_password_is_not_shown(void **state TN_UNUSED)
{
	static const char *const rows[] = { "https://me:hunter2@acme.com",
		"me:hunter2@a.b", "http://me:hunter2@127.0.0.1:80" };

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		const char *url = NULL;

		assert_true(tn_domain_to_url(rows[i], arena, &url, &err) < 0);
		assert_null(strstr(err.message, "hunter2"));
		assert_null(strstr(err.hint, "hunter2"));
	}
}

static void
what_is_shown_is_safe_and_short(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	char domain[4000];
	const char *url = NULL;

	memset(domain, 'a', sizeof(domain) - 1);
	domain[sizeof(domain) - 1] = '\0';
	domain[3] = '\x1b';
	assert_true(tn_domain_to_url(domain, arena, &url, &err) < 0);
	assert_null(strchr(err.message, '\x1b'));
	assert_true(strlen(err.message) < 300);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hosts_become_https),
		TEST(loopback_is_kept),
		TEST(what_is_no_host_name),
		TEST(what_is_more_than_a_host_name),
		TEST(plain_http_goes_to_loopback_only),
		TEST(loopback_has_an_address_a_port_and_nothing_else),
		TEST(a_password_is_not_shown),
		TEST(what_is_shown_is_safe_and_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
