/* Digests and fingerprints against published vectors; keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "crypto/fail.h"

static void
expect_sha256(struct tn_span bytes, const char *hex)
{
	char out[TN_SHA256_HEX];

	memset(out, 'x', sizeof(out));
	tn_sha256_hex(bytes, out);
	assert_string_equal(out, hex);
}

/* FIPS 180-2 and NIST's examples. */
static void
sha256_gives_the_published_digests(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str million = TN_STR_INIT;

	(void)state;
	expect_sha256(tn_span("abc"),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_sha256(tn_span(""),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_sha256(tn_span("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	for (int i = 0; i < 1000000; i++)
		tn_str_add_char(&million, 'a');
	expect_sha256(tn_str_span(&million),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
sha256_takes_an_empty_span_and_bytes_with_nul(void **state)
{
	unsigned char digest[TN_SHA256_SIZE];

	(void)state;
	expect_sha256(tn_span(NULL),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	/* One byte of zero. */
	expect_sha256(tn_span_of("", 1),
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
	tn_sha256(tn_span("abc"), digest);
	assert_int_equal(digest[0], 0xba);
	assert_int_equal(digest[31], 0xad);
}

static void
the_hash_of_a_secret_is_that_of_its_bytes(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("abc", 3);
	char out[TN_SHA256_HEX];

	(void)state;
	tn_sha256_secret_hex(secret, out);
	assert_string_equal(out,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
fingerprint(const char *key, const char *domain, const char *subject, const char *value,
    char out[TN_SHA256_HEX])
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *k = tn_secret_new(key, strlen(key));
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *v = tn_secret_new(value, strlen(value));

	tn_hmac_secret_hex(k, domain, subject, v, out);
}

/* RFC 2104 by hand over SHA-256, for the bytes that the header promises. */
static void
hmac_by_hand(const char *key, struct tn_span message, char out[TN_SHA256_HEX])
{
	TN_CLEANUP(tn_str_done) struct tn_str inner = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str outer = TN_STR_INIT;
	unsigned char block[64] = { 0 }, digest[TN_SHA256_SIZE];

	assert_true(strlen(key) <= sizeof(block));
	memcpy(block, key, strlen(key));
	for (size_t i = 0; i < sizeof(block); i++) {
		tn_str_add_char(&inner, (char)(block[i] ^ 0x36));
		tn_str_add_char(&outer, (char)(block[i] ^ 0x5c));
	}
	tn_str_add_bytes(&inner, message.ptr, message.len);
	tn_sha256(tn_str_span(&inner), digest);
	tn_str_add_bytes(&outer, digest, sizeof(digest));
	tn_sha256_hex(tn_str_span(&outer), out);
}

/* RFC 4231, case 2: what the other tests compare with is HMAC. */
static void
the_hmac_of_the_tests_is_hmac(void **state)
{
	char out[TN_SHA256_HEX];

	(void)state;
	hmac_by_hand("Jefe", tn_span("what do ya want for nothing?"), out);
	assert_string_equal(out,
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void
a_fingerprint_is_the_hmac_of_domain_subject_and_value(void **state)
{
	static const char message[] = "tenon-secret-1\0enrich/API_KEY\0s3cret";
	char out[TN_SHA256_HEX], by_hand[TN_SHA256_HEX];

	(void)state;
	fingerprint("0123456789abcdef", "tenon-secret-1", "enrich/API_KEY", "s3cret",
	    out);
	hmac_by_hand("0123456789abcdef", tn_span_of(message, sizeof(message) - 1),
	    by_hand);
	assert_string_equal(out, by_hand);
}

static void
a_fingerprint_differs_when_anything_differs(void **state)
{
	static const char *const cases[][4] = {
		{ "key", "domain", "subject", "value" },
		{ "kez", "domain", "subject", "value" },
		{ "key", "domaim", "subject", "value" },
		{ "key", "domain", "subjecu", "value" },
		{ "key", "domain", "subject", "valuf" },
		/* the same letters, parted elsewhere */
		{ "key", "domai", "nsubject", "value" },
		{ "key", "domain", "subjec", "tvalue" },
		{ "key", "domain", "", "subjectvalue" },
		{ "key", "", "domainsubject", "value" },
		{ "key", "domain", "subject", "" },
		{ "", "domain", "subject", "value" },
	};
	char out[TN_ARRAY_LEN(cases)][TN_SHA256_HEX], again[TN_SHA256_HEX];

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		fingerprint(cases[i][0], cases[i][1], cases[i][2], cases[i][3], out[i]);
		fingerprint(cases[i][0], cases[i][1], cases[i][2], cases[i][3], again);
		assert_string_equal(out[i], again);
		assert_int_equal(strlen(out[i]), 64);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(out[i], out[k]);
	}
}

static void
the_id_of_a_key_is_the_beginning_of_an_hmac(void **state)
{
	static const char domain[] = "tenon-key-1"; /* with its NUL */
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_secret_new("a key", 5);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *other = tn_secret_new("a kez", 5);
	char id[TN_KEY_ID_SIZE], of_other[TN_KEY_ID_SIZE], by_hand[TN_SHA256_HEX];

	(void)state;
	tn_key_id(key, domain, id);
	tn_key_id(other, domain, of_other);
	hmac_by_hand("a key", tn_span_of(domain, sizeof(domain)), by_hand);
	assert_int_equal(strlen(id), 16);
	assert_memory_equal(id, by_hand, 16);
	assert_string_not_equal(id, of_other);
}

static void
keys_have_their_length_and_differ(void **state)
{
	struct tn_secret *keys[50];

	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
		keys[i] = tn_crypto_key_new(32);
		assert_int_equal(tn_secret_len(keys[i]), 32);
		for (size_t k = 0; k < i; k++)
			assert_false(tn_secret_equal(keys[i], keys[k]));
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
		tn_secret_unref(keys[i]);
}

/* Every value of a byte appears in 8192 random bytes but with a chance of one in 10^11.
 */
static void
keys_are_made_of_all_bytes(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_crypto_key_new(8192);
	struct tn_span bytes = tn_secret_reveal(key);
	bool seen[256] = { false };

	(void)state;
	for (size_t i = 0; i < bytes.len; i++)
		seen[(unsigned char)bytes.ptr[i]] = true;
	for (size_t i = 0; i < TN_ARRAY_LEN(seen); i++)
		assert_true(seen[i]);
}

static void
a_key_of_no_bytes_is_possible(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_crypto_key_new(0);

	(void)state;
	assert_int_equal(tn_secret_len(key), 0);
}

static void
a_broken_libcrypto_ends_the_process_with_a_message(void **state)
{
	char said[256] = "";
	int fds[2], status;
	pid_t pid;
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		tn_crypto_fail("SHA-256");
	}
	close(fds[1]);
	n = read(fds[0], said, sizeof(said) - 1);
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_true(n > 0);
	assert_true(tn_text_starts(said, "tenon: libcrypto fails at SHA-256: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(sha256_takes_an_empty_span_and_bytes_with_nul),
		cmocka_unit_test(the_hash_of_a_secret_is_that_of_its_bytes),
		cmocka_unit_test(the_hmac_of_the_tests_is_hmac),
		cmocka_unit_test(a_fingerprint_is_the_hmac_of_domain_subject_and_value),
		cmocka_unit_test(a_fingerprint_differs_when_anything_differs),
		cmocka_unit_test(the_id_of_a_key_is_the_beginning_of_an_hmac),
		cmocka_unit_test(keys_have_their_length_and_differ),
		cmocka_unit_test(keys_are_made_of_all_bytes),
		cmocka_unit_test(a_key_of_no_bytes_is_possible),
		cmocka_unit_test(a_broken_libcrypto_ends_the_process_with_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
