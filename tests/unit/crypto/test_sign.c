/* Signed tokens, held against some that the openssl program has signed with the same key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/crypto.h"

#define CLAIMS "{\"iss\":\"k3J\",\"sub\":\"k3J\"}"

static const char *const algorithms[] = { "RS256", "RS384", "PS256" };

/* A file of tests/data/jwt without the newline at its end; on the heap. */
static char *
data(const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct tn_str bytes = TN_STR_INIT;

	tn_str_addf(&path, "tests/data/jwt/%s", name);
	assert_int_equal(tn_file_read(tn_str_text(&path), 10000, &bytes, NULL), 0);
	assert_true(tn_text_ends(tn_str_text(&bytes), "\n"));
	bytes.ptr[bytes.len - 1] = '\0';
	return tn_str_take(&bytes);
}

static struct tn_secret *
key(const char *name)
{
	TN_CLEANUP(tn_freep) char *text = data(name);

	return tn_secret_new(text, strlen(text));
}

static void
pkcs1_signatures_are_those_of_openssl(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *mine = key("key.pem");
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *old = key("old-form.pem");

	for (size_t i = 0; i < 2; i++) {
		TN_CLEANUP(tn_secret_unrefp) struct tn_secret *token = NULL;
		TN_CLEANUP(tn_secret_unrefp) struct tn_secret *again = NULL;
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		TN_CLEANUP(tn_freep) char *expected = NULL;

		tn_str_addf(&name, "%s.jwt", algorithms[i]);
		expected = data(tn_str_text(&name));
		assert_int_equal(tn_jwt_sign(mine, algorithms[i], tn_span(CLAIMS), &token,
				     NULL),
		    0);
		assert_string_equal(tn_secret_reveal(token).ptr, expected);
		assert_int_equal(tn_jwt_sign(old, algorithms[i], tn_span(CLAIMS), &again,
				     NULL),
		    0);
		assert_true(tn_secret_equal(token, again));
	}
}

static bool
verifies(const char *token, const char *algorithm, const char *public_key)
{
	TN_CLEANUP(tn_str_done) struct tn_str claims = TN_STR_INIT;
	bool good = tn_jwt_verify(tn_span(token), algorithm, tn_span(public_key),
	    &claims);

	assert_string_equal(tn_str_text(&claims), good ? CLAIMS : "");
	return good;
}

static void
tokens_of_openssl_are_good_under_their_algorithm_alone(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *public_key = data("key.pub");

	for (size_t i = 0; i < TN_ARRAY_LEN(algorithms); i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		TN_CLEANUP(tn_freep) char *token = NULL;

		tn_str_addf(&name, "%s.jwt", algorithms[i]);
		token = data(tn_str_text(&name));
		for (size_t k = 0; k < TN_ARRAY_LEN(algorithms); k++)
			assert_int_equal(verifies(token, algorithms[k], public_key),
			    i == k);
		assert_false(verifies(token, "none", public_key));
		assert_false(verifies(token, "HS256", public_key));
	}
}

/* As its salt is random, PS256 is judged by what can be done with it. */
static void
what_is_signed_here_is_good(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *mine = key("key.pem");
	TN_CLEANUP(tn_freep) char *public_key = data("key.pub");

	for (size_t i = 0; i < TN_ARRAY_LEN(algorithms); i++) {
		TN_CLEANUP(tn_secret_unrefp) struct tn_secret *token = NULL;

		assert_int_equal(tn_jwt_sign(mine, algorithms[i], tn_span(CLAIMS), &token,
				     NULL),
		    0);
		assert_true(
		    verifies(tn_secret_reveal(token).ptr, algorithms[i], public_key));
	}
}

static void
a_token_that_was_changed_is_not_good(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_freep) char *public_key = data("key.pub");
	TN_CLEANUP(tn_freep) char *token = data("RS256.jwt");
	size_t len = strlen(token);

	assert_true(verifies(token, "RS256", public_key));
	for (size_t i = 0; i < len; i += 7) {
		char was = token[i];

		token[i] = was == 'A' ? 'Q' : 'A';
		assert_false(verifies(token, "RS256", public_key));
		token[i] = was;
	}
	token[len - 4] = '\0';
	assert_false(verifies(token, "RS256", public_key));
	assert_false(verifies("", "RS256", public_key));
	assert_false(verifies("..", "RS256", public_key));
	assert_false(verifies("a.b", "RS256", public_key));
	assert_false(verifies("a.b.c.d", "RS256", public_key));
}

static void
only_an_rsa_key_of_enough_bits_signs(void **state TN_UNUSED)
{
	static const struct {
		const char *file, *words;
	} rows[] = {
		{ "small.pem", "the key has 1024 bits" },
		{ "elliptic.pem", "the key is no RSA key" },
		{ "locked.pem", "no private key in PEM form without a passphrase" },
		{ "key.pub", "no private key in PEM form" },
		{ "RS256.jwt", "no private key in PEM form" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_secret_unrefp) struct tn_secret *bad = key(rows[i].file);
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_secret *token = NULL;

		assert_int_equal(tn_jwt_key_check(bad, &err), -TN_E_INPUT);
		if (strstr(err.message, rows[i].words) == NULL)
			fail_msg("%s", err.message);
		assert_int_equal(tn_jwt_sign(bad, "RS256", tn_span(CLAIMS), &token, NULL),
		    -TN_E_INPUT);
		assert_null(token);
	}
}

static void
an_unknown_algorithm_signs_nothing(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *mine = key("key.pem");
	struct tn_secret *token = NULL;

	assert_int_equal(tn_jwt_key_check(mine, NULL), 0);
	assert_int_equal(tn_jwt_sign(mine, "none", tn_span(CLAIMS), &token, NULL),
	    -TN_E_INPUT);
	assert_null(token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pkcs1_signatures_are_those_of_openssl),
		cmocka_unit_test(tokens_of_openssl_are_good_under_their_algorithm_alone),
		cmocka_unit_test(what_is_signed_here_is_good),
		cmocka_unit_test(a_token_that_was_changed_is_not_good),
		cmocka_unit_test(only_an_rsa_key_of_enough_bits_signs),
		cmocka_unit_test(an_unknown_algorithm_signs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
