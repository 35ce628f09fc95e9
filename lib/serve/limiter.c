#include "serve/limiter.h"

#define EACH (TN_SEC / TN_LIMITER_RATE)

/* FNV-1a */
static uint64_t
hash_of(const char *address)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *address != '\0'; address++)
		hash = (hash ^ (unsigned char)*address) * UINT64_C(1099511628211);
	return hash;
}

bool
tn_limiter_take(struct tn_limiter *limiter, const char *address, int64_t now)
{
	size_t slot = hash_of(address) % TN_ARRAY_LEN(limiter->full_at);
	int64_t *full_at = &limiter->full_at[slot];

	if (*full_at < now)
		*full_at = now;
	if (*full_at - now > (TN_LIMITER_BURST - 1) * EACH)
		return false;
	*full_at += EACH;
	return true;
}
