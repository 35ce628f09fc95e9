/*
 * The cryptographic functions that tenon uses, over libcrypto. HMAC and hashes of secrets
 * are one of the three places where a secret's bytes may be looked at.
 *
 * Only what depends on a key from outside can fail: where libcrypto does not work at all,
 * the process ends with a message and status 1, as it does without memory.
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

/*
 * Tells one key from another and nothing else: the first 16 digits of HMAC-SHA-256 of the
 * domain and NUL under the key. domain is versioned by the caller.
 */
#define TN_KEY_ID_SIZE 17
void tn_key_id(const struct tn_secret *key, const char *domain, char out[TN_KEY_ID_SIZE]);

/*
 * Whether hex, in lower case, is the HMAC-SHA-256 of these bytes. What is compared takes
 * the same time wherever the two differ.
 */
bool tn_hmac_verify(const struct tn_secret *key, struct tn_span bytes,
    struct tn_span hex);

/* A key of len random bytes from libcrypto's generator. */
struct tn_secret *tn_crypto_key_new(size_t len);

/*
 * Appends the claims of a JSON Web Token: the bytes of its middle part. They say
 * what the token is for and are no secret; the signature, which is, stays behind
 * and is not checked. False when it is no such token.
 */
#define TN_JWT_MAX ((size_t)64 << 10)
bool tn_jwt_claims(const struct tn_secret *token, struct tn_str *out) TN_MUST_USE;

/*
 * Signs claims, a JSON object, with an RSA key of 2048 bits or more: a JSON Web Token,
 * which is a secret as whoever has it can use it. key is a private key in PEM form
 * without a passphrase; TN_E_INPUT for anything else. algorithm is "RS256", "RS384" or
 * "PS256" (RFC 7518).
 */
int tn_jwt_sign(const struct tn_secret *key, const char *algorithm, struct tn_span claims,
    struct tn_secret **out, struct tn_error *err) TN_MUST_USE;
/* TN_E_INPUT for a key that tn_jwt_sign does not take. */
int tn_jwt_key_check(const struct tn_secret *key, struct tn_error *err) TN_MUST_USE;
/*
 * Appends the claims of a token that is signed so by the private key of a public one,
 * which is in PEM form. What its header says is not looked at.
 */
bool tn_jwt_verify(struct tn_span token, const char *algorithm, struct tn_span public_key,
    struct tn_str *claims) TN_MUST_USE;

#endif
