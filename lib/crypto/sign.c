#include "crypto/crypto.h"

#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "base/text.h"

/* What the platform takes at least, and what a machine computes in a moment. */
#define BITS_MIN 2048
#define BITS_MAX 16384

#define PARTS 3

/* RFC 7518, section 3. */
static const struct method {
	const char *name;
	const EVP_MD *(*digest)(void);
	bool pss;
} methods[] = {
	{ "RS256", EVP_sha256, false },
	{ "RS384", EVP_sha384, false },
	{ "PS256", EVP_sha256, true },
};

static void
bio_freep(BIO **bio)
{
	BIO_free(*bio);
}

static void
pkey_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void
md_ctx_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static const struct method *
find_method(const char *name)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(methods); i++)
		if (tn_text_equal(methods[i].name, name))
			return &methods[i];
	return NULL;
}

/* Nobody is asked for a passphrase: libcrypto would do so at the terminal. */
static int
no_passphrase(char *buffer, int size, int writing, void *arg)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

/* NULL when it is none; what libcrypto says about it could repeat parts of it. */
static EVP_PKEY *
read_key(struct tn_span pem, bool private)
{
	TN_CLEANUP(bio_freep) BIO *bio = NULL;
	EVP_PKEY *key = NULL;

	if (pem.len > 0 && pem.len <= INT_MAX)
		bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio != NULL && private)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	else if (bio != NULL)
		key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	ERR_clear_error();
	return key;
}

static int
check_kind(const EVP_PKEY *key, struct tn_error *err)
{
	int bits;

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return tn_error_set(err, TN_E_INPUT, "the key is no RSA key");
	bits = EVP_PKEY_get_bits(key);
	if (bits < BITS_MIN || bits > BITS_MAX)
		return tn_error_set(err, TN_E_INPUT,
		    "the key has %d bits; %d to %d are taken", bits, BITS_MIN, BITS_MAX);
	return 0;
}

static int
open_private(const struct tn_secret *key, EVP_PKEY **out, struct tn_error *err)
{
	TN_CLEANUP(pkey_freep) EVP_PKEY *opened = read_key(tn_secret_reveal(key), true);
	int r;

	if (opened == NULL) {
		r = tn_error_set(err, TN_E_INPUT,
		    "the key is no private key in PEM form without a passphrase");
		tn_error_hint(err,
		    "it begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE "
		    "KEY-----");
		return r;
	}
	r = check_kind(opened, err);
	if (r == 0)
		*out = tn_take(opened);
	return r;
}

int
tn_jwt_key_check(const struct tn_secret *key, struct tn_error *err)
{
	TN_CLEANUP(pkey_freep) EVP_PKEY *opened = NULL;

	return open_private(key, &opened, err);
}

static bool
set_padding(EVP_PKEY_CTX *ctx, const struct method *method)
{
	if (!method->pss)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
}

/* Appends the signature in base64. */
static bool
sign(EVP_PKEY *key, const struct method *method, struct tn_span text, struct tn_str *out)
{
	TN_CLEANUP(md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char bytes[BITS_MAX / 8];
	size_t len = sizeof(bytes);
	EVP_PKEY_CTX *pkey_ctx; /* of ctx */
	bool done;

	done = ctx != NULL &&
	    EVP_DigestSignInit(ctx, &pkey_ctx, method->digest(), NULL, key) > 0 &&
	    set_padding(pkey_ctx, method) &&
	    EVP_DigestSign(ctx, bytes, &len, (const unsigned char *)text.ptr, text.len) >
		0;
	if (done)
		tn_base64_encode(tn_span_of((const char *)bytes, len), true, out);
	ERR_clear_error();
	return done;
}

int
tn_jwt_sign(const struct tn_secret *key, const char *algorithm, struct tn_span claims,
    struct tn_secret **out, struct tn_error *err)
{
	TN_CLEANUP(pkey_freep) EVP_PKEY *opened = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str header = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str token = TN_STR_INIT;
	const struct method *method = find_method(algorithm);
	int r = open_private(key, &opened, err);

	if (r < 0)
		return r;
	if (method == NULL)
		return tn_error_set(err, TN_E_INPUT,
		    "there is no signing algorithm \"%s\"", algorithm);
	tn_str_addf(&header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", method->name);
	tn_base64_encode(tn_str_span(&header), true, &token);
	tn_str_add_char(&token, '.');
	tn_base64_encode(claims, true, &token);
	/* Moving while it grows would leave copies of the signature behind. */
	tn_str_reserve(&token, BITS_MAX / 6);
	header.len = token.len;
	tn_str_add_char(&token, '.');
	if (!sign(opened, method, tn_span_of(token.ptr, header.len), &token))
		return tn_error_set(err, TN_E_SYSTEM, "libcrypto does not sign");
	*out = tn_secret_new(token.ptr, token.len);
	tn_wipe(token.ptr, token.len);
	return 0;
}

/* Exactly three parts between dots. */
static bool
split(struct tn_span token, struct tn_span parts[PARTS])
{
	for (size_t i = 0; i < PARTS; i++) {
		const char *dot = memchr(token.ptr, '.', token.len);

		if ((dot == NULL) != (i == PARTS - 1))
			return false;
		parts[i] = tn_span_of(token.ptr,
		    dot == NULL ? token.len : (size_t)(dot - token.ptr));
		if (dot != NULL)
			token = tn_span_of(dot + 1, token.len - parts[i].len - 1);
	}
	return true;
}

static bool
is_signed(EVP_PKEY *key, const struct method *method, struct tn_span text,
    struct tn_span signature)
{
	TN_CLEANUP(md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey_ctx;
	bool good;

	good = ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, &pkey_ctx, method->digest(), NULL, key) > 0 &&
	    set_padding(pkey_ctx, method) &&
	    EVP_DigestVerify(ctx, (const unsigned char *)signature.ptr, signature.len,
		(const unsigned char *)text.ptr, text.len) > 0;
	ERR_clear_error();
	return good;
}

bool
tn_jwt_verify(struct tn_span token, const char *algorithm, struct tn_span public_key,
    struct tn_str *claims)
{
	TN_CLEANUP(pkey_freep) EVP_PKEY *key = read_key(public_key, false);
	TN_CLEANUP(tn_str_done) struct tn_str signature = TN_STR_INIT;
	const struct method *method = find_method(algorithm);
	struct tn_span parts[PARTS];

	if (key == NULL || method == NULL || check_kind(key, NULL) < 0)
		return false;
	if (token.len > TN_JWT_MAX || !split(token, parts) ||
	    !tn_base64_decode(parts[2], &signature))
		return false;
	return is_signed(key, method,
		   tn_span_of(token.ptr, parts[0].len + 1 + parts[1].len),
		   tn_str_span(&signature)) &&
	    tn_base64_decode(parts[1], claims);
}
