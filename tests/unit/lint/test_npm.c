/* Names and exact versions of npm packages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "lint/npm.h"

static void
assert_all(bool (*check)(const char *), const char *const *texts, size_t n, bool expected)
{
	for (size_t i = 0; i < n; i++) {
		if (check(texts[i]) != expected)
			fail_msg("\"%s\" is %s", texts[i],
			    expected ? "refused" : "accepted");
	}
}

static void
exact_versions(void **state TN_UNUSED)
{
	static const char *const texts[] = { "0.0.0", "1.2.3", "10.20.30", "4.17.21",
		"99999999999999999999.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7",
		"1.0.0-x-y-z.--", "1.0.0--", "1.0.0+20130313144700",
		"1.0.0-beta+exp.sha.5114f85", "1.0.0+001", "1.0.0-0a" };

	assert_all(tn_npm_version_exact, texts, TN_ARRAY_LEN(texts), true);
}

static void
ranges_tags_and_rubbish_are_not_exact(void **state TN_UNUSED)
{
	static const char *const texts[] = { "", "1", "1.2", "1.2.3.4", "^1.2.3",
		"~1.2.3", ">=1.2.3", "=1.2.3", "v1.2.3", "1.x", "1.2.x", "*", "latest",
		"1.2.3 - 2.0.0", "1.2.3 || 2.0.0", " 1.2.3", "1.2.3 ", "1.2.3\n",
		"01.2.3", "1.02.3", "1.2.03", "1..3", ".1.2", "1.2.", "-1.2.3", "1.2.3-",
		"1.2.3-a..b", "1.2.3-.a", "1.2.3-01", "1.2.3-a.01", "1.2.3+", "1.2.3+a+b",
		"1.2.3-\xc3\xa4", "1.2.3-a_b", "git+https://x/y", "file:x", "1,2,3" };

	assert_all(tn_npm_version_exact, texts, TN_ARRAY_LEN(texts), false);
}

static void
package_names(void **state TN_UNUSED)
{
	static const char *const texts[] = { "axios", "lodash.get", "JSONStream", "a",
		"@auth0/actions", "@a/b.c_d~e", "7zip", "-x" };

	assert_all(tn_npm_name_valid, texts, TN_ARRAY_LEN(texts), true);
}

static void
what_is_no_package_name(void **state TN_UNUSED)
{
	static const char *const texts[] = { "", "@", "@a", "@a/", "@/b", "a/b", "@a/b/c",
		".a", "_a", "@.a/b", "a b", "a@1", "../x", "a\n", "b\xc3\xbc",
		"http://x" };

	assert_all(tn_npm_name_valid, texts, TN_ARRAY_LEN(texts), false);
}

static void
package_names_have_an_end(void **state TN_UNUSED)
{
	char name[216];

	memset(name, 'a', sizeof(name));
	name[215] = '\0';
	assert_false(tn_npm_name_valid(name));
	name[214] = '\0';
	assert_true(tn_npm_name_valid(name));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_versions),
		cmocka_unit_test(ranges_tags_and_rubbish_are_not_exact),
		cmocka_unit_test(package_names),
		cmocka_unit_test(what_is_no_package_name),
		cmocka_unit_test(package_names_have_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
