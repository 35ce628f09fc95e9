#include "crypto/fail.h"

#include <stdio.h>
#include <unistd.h>

#include <openssl/err.h>

void
tn_crypto_fail(const char *what)
{
	char reason[256];

	ERR_error_string_n(ERR_get_error(), reason, sizeof(reason));
	fprintf(stderr, "tenon: libcrypto fails at %s: %s\n", what, reason);
	fflush(stderr);
	_exit(1);
}
