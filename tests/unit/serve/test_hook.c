/*
 * Calls of git hosts: which are theirs, and what they are about. Signatures here were
 * computed by the openssl program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "serve/hook.h"

#define KEY  "a key of ours"
#define BODY "{\"repository\":{\"full_name\":\"acme/login\"}}"
/* printf '%s' BODY | openssl dgst -sha256 -hmac KEY */
#define SIGNATURE "255802248c7dc57f62639a75342e42270c9bb39c67dc2b093ab58bdd292b34f9"
/* of no bytes */
#define OF_NOTHING "0978e1fc9f218ddb95d639e5eb08dd5a7eb5e229fb98b9773cfb6416807de177"

static void
only_what_proves_it_is_theirs(void **state TN_UNUSED)
{
	static const struct {
		enum tn_git_host host;
		const char *proof, *body;
		bool theirs;
	} cases[] = {
		{ TN_HOST_GITHUB, "sha256=" SIGNATURE, BODY, true },
		{ TN_HOST_GITHUB, "sha256=" OF_NOTHING, "", true },
		{ TN_HOST_GITHUB, SIGNATURE, BODY, false }, /* without the prefix */
		{ TN_HOST_GITHUB, "sha1=" SIGNATURE, BODY, false },
		{ TN_HOST_GITHUB, "sha256=" SIGNATURE, BODY " ", false },
		{ TN_HOST_GITHUB, "sha256=" SIGNATURE "00", BODY, false },
		{ TN_HOST_GITHUB, "sha256=", BODY, false },
		{ TN_HOST_GITHUB, "", BODY, false },
		{ TN_HOST_GITHUB, NULL, BODY, false },
		{ TN_HOST_GITHUB, KEY, BODY, false }, /* GitLab's way */
		{ TN_HOST_GITEA, SIGNATURE, BODY, true },
		{ TN_HOST_GITEA, "sha256=" SIGNATURE, BODY, false },
		{ TN_HOST_GITEA, OF_NOTHING, BODY, false },
		{ TN_HOST_GITEA, NULL, BODY, false },
		{ TN_HOST_GITLAB, KEY, BODY, true },
		{ TN_HOST_GITLAB, KEY, "anything", true },
		{ TN_HOST_GITLAB, "a key of our", BODY, false },
		{ TN_HOST_GITLAB, KEY " ", BODY, false },
		{ TN_HOST_GITLAB, SIGNATURE, BODY, false },
		{ TN_HOST_GITLAB, "", BODY, false },
		{ TN_HOST_GITLAB, NULL, BODY, false },
	};
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new(KEY, strlen(KEY));

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++)
		if (tn_hook_is_theirs(cases[i].host, secret, cases[i].proof,
			tn_span(cases[i].body)) != cases[i].theirs)
			fail_msg("case %zu", i);
}

/* Nobody can prove that he knows nothing. */
static void
an_empty_secret_lets_nobody_in(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("", 0);

	assert_false(tn_hook_is_theirs(TN_HOST_GITLAB, secret, "", tn_span("")));
	/* openssl dgst -sha256 -hmac '' of nothing */
	assert_false(tn_hook_is_theirs(TN_HOST_GITEA, secret,
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
	    tn_span("")));
}

static void
the_repository_is_where_each_host_names_it(void **state TN_UNUSED)
{
	static const struct {
		enum tn_git_host host;
		const char *body;
		const char *path; /* NULL: it names none */
	} cases[] = {
		{ TN_HOST_GITHUB, BODY, "acme/login" },
		{ TN_HOST_GITEA, BODY, "acme/login" },
		{ TN_HOST_GITLAB, BODY, NULL },
		{ TN_HOST_GITLAB,
		    "{\"project\":{\"path_with_namespace\":\"acme/sub/login\"}}",
		    "acme/sub/login" },
		{ TN_HOST_GITHUB, "{\"repository\":{\"full_name\":\"\"}}", NULL },
		{ TN_HOST_GITHUB, "{\"repository\":{\"full_name\":7}}", NULL },
		{ TN_HOST_GITHUB, "{\"repository\":\"acme/login\"}", NULL },
		{ TN_HOST_GITHUB, "[]", NULL },
		{ TN_HOST_GITHUB, "payload=%7B%7D", NULL }, /* a form */
		{ TN_HOST_GITHUB, "{", NULL },
		{ TN_HOST_GITHUB, "", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
		int r = tn_hook_repository(cases[i].host, tn_span(cases[i].body), &path,
		    &err);

		if (cases[i].path != NULL) {
			assert_int_equal(r, 0);
			assert_string_equal(tn_str_text(&path), cases[i].path);
		} else {
			if (r != -TN_E_INPUT)
				fail_msg("case %zu: %d", i, r);
			assert_int_equal(path.len, 0);
		}
	}
}

static void
a_body_without_a_bottom_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	for (unsigned i = 0; i < 100000; i++)
		tn_str_add_char(&body, '[');
	assert_true(
	    tn_hook_repository(TN_HOST_GITHUB, tn_str_span(&body), &path, &err) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_proves_it_is_theirs),
		cmocka_unit_test(an_empty_secret_lets_nobody_in),
		cmocka_unit_test(the_repository_is_where_each_host_names_it),
		cmocka_unit_test(a_body_without_a_bottom_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
