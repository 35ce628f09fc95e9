#include "crypto/crypto.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/fail.h"

static void
to_hex(const unsigned char digest[TN_SHA256_SIZE], char out[TN_SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < TN_SHA256_SIZE; i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[TN_SHA256_HEX - 1] = '\0';
}

void
tn_sha256(struct tn_span bytes, unsigned char out[TN_SHA256_SIZE])
{
	const char *ptr = bytes.len > 0 ? bytes.ptr : "";

	if (EVP_Digest(ptr, bytes.len, out, NULL, EVP_sha256(), NULL) != 1)
		tn_crypto_fail("SHA-256");
}

void
tn_sha256_hex(struct tn_span bytes, char out[TN_SHA256_HEX])
{
	unsigned char digest[TN_SHA256_SIZE];

	tn_sha256(bytes, digest);
	to_hex(digest, out);
}

void
tn_sha256_secret_hex(const struct tn_secret *secret, char out[TN_SHA256_HEX])
{
	tn_sha256_hex(tn_secret_reveal(secret), out);
}

static bool
update(EVP_MAC_CTX *ctx, struct tn_span part)
{
	const unsigned char *ptr = (const unsigned char *)(part.len > 0 ? part.ptr : "");

	return EVP_MAC_update(ctx, ptr, part.len) == 1;
}

/* Text with its NUL, so that no two pairs of texts run together to the same bytes. */
static struct tn_span
with_nul(const char *text)
{
	return tn_span_of(text, strlen(text) + 1);
}

/* The parts one behind the other. */
static bool
hmac(EVP_MAC_CTX *ctx, struct tn_span key, const struct tn_span *parts, size_t n,
    unsigned char digest[TN_SHA256_SIZE])
{
	char name[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	const unsigned char *bytes = (const unsigned char *)(key.len > 0 ? key.ptr : "");

	if (EVP_MAC_init(ctx, bytes, key.len, params) != 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!update(ctx, parts[i]))
			return false;
	return EVP_MAC_final(ctx, digest, NULL, TN_SHA256_SIZE) == 1;
}

static void
hmac_hex(const struct tn_secret *key, const struct tn_span *parts, size_t n,
    char out[TN_SHA256_HEX])
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	unsigned char digest[TN_SHA256_SIZE];

	if (ctx == NULL || !hmac(ctx, tn_secret_reveal(key), parts, n, digest))
		tn_crypto_fail("HMAC-SHA-256");
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	to_hex(digest, out);
}

void
tn_hmac_secret_hex(const struct tn_secret *key, const char *domain, const char *subject,
    const struct tn_secret *value, char out[TN_SHA256_HEX])
{
	const struct tn_span parts[] = { with_nul(domain), with_nul(subject),
		tn_secret_reveal(value) };

	hmac_hex(key, parts, TN_ARRAY_LEN(parts), out);
}

void
tn_key_id(const struct tn_secret *key, const char *domain, char out[TN_KEY_ID_SIZE])
{
	const struct tn_span part = with_nul(domain);
	char hex[TN_SHA256_HEX];

	hmac_hex(key, &part, 1, hex);
	memcpy(out, hex, TN_KEY_ID_SIZE - 1);
	out[TN_KEY_ID_SIZE - 1] = '\0';
}

bool
tn_hmac_verify(const struct tn_secret *key, struct tn_span bytes, struct tn_span hex)
{
	char right[TN_SHA256_HEX];

	hmac_hex(key, &bytes, 1, right);
	return hex.len == sizeof(right) - 1 &&
	    CRYPTO_memcmp(hex.ptr, right, sizeof(right) - 1) == 0;
}
