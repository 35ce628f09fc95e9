#include "crypto/crypto.h"

#include <limits.h>

#include <openssl/rand.h>

#include "base/mem.h"
#include "crypto/fail.h"

struct tn_secret *
tn_crypto_key_new(size_t len)
{
	char *bytes = tn_alloc(len, 1);
	struct tn_secret *key;

	if (len > INT_MAX || RAND_priv_bytes((unsigned char *)bytes, (int)len) != 1)
		tn_crypto_fail("random bytes");
	key = tn_secret_new(bytes, len);
	tn_wipe(bytes, len);
	tn_free(bytes);
	return key;
}
