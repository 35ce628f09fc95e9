/*
 * What happens when libcrypto does not work at all, internal to the room.
 */
#ifndef TN_CRYPTO_FAIL_H
#define TN_CRYPTO_FAIL_H

#include "base/defs.h"

/*
 * Ends the process with a message and status 1, as running out of memory does: SHA-256
 * and the random generator fail only when the library is broken or has no memory, and to
 * go on with a wrong digest or a guessable key is worse than to stop.
 */
void tn_crypto_fail(const char *what) TN_NORETURN;

#endif
