/*
 * The cryptographic functions that tenon uses, over libcrypto. HMAC and hashes of secrets
 * are one of the three places where a secret's bytes may be looked at.
 *
 * Nothing here fails: where libcrypto does not work at all, the process ends with a
 * message and status 1, as it does without memory.
 */
#ifndef TN_CRYPTO_CRYPTO_H
#define TN_CRYPTO_CRYPTO_H

#include "base/error.h"
#include "base/secret.h"
#include "base/str.h"

#define TN_SHA256_SIZE 32
#define TN_SHA256_HEX  65

void tn_sha256(struct tn_span bytes, unsigned char out[TN_SHA256_SIZE]);
/* Lower-case hex, terminated. */
void tn_sha256_hex(struct tn_span bytes, char out[TN_SHA256_HEX]);
void tn_sha256_secret_hex(const struct tn_secret *secret, char out[TN_SHA256_HEX]);

/*
 * HMAC-SHA-256 of domain, NUL, subject, NUL and the secret's bytes: a fingerprint that
 * tells whether a value is the same and nothing else. domain is versioned by
 * the caller ("tenon-secret-1").
 */
void tn_hmac_secret_hex(const struct tn_secret *key, const char *domain,
    const char *subject, const struct tn_secret *value, char out[TN_SHA256_HEX]);

/* A key of len random bytes from libcrypto's generator. */
struct tn_secret *tn_crypto_key_new(size_t len);

/*
 * Appends the claims of a JSON Web Token: the bytes of its middle part. They say
 * what the token is for and are no secret; the signature, which is, stays behind
 * and is not checked. False when it is no such token.
 */
#define TN_JWT_MAX ((size_t)64 << 10)
bool tn_jwt_claims(const struct tn_secret *token, struct tn_str *out) TN_MUST_USE;

#endif
