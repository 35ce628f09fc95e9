#include "base/rand.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* splitmix64: spreads one word over the state, which must not be all zero. */
static uint64_t
spread(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
tn_rand_init(struct tn_rand *rand, uint64_t seed)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(rand->state); i++)
		rand->state[i] = spread(&seed);
}

uint64_t
tn_rand_system_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
		return seed;
	/* A sandbox without getrandom: nothing secret hangs on it, it must only vary. */
	return (uint64_t)getpid() * UINT64_C(0x9e3779b97f4a7c15) ^ (uintptr_t)&seed;
}

static uint64_t
rotate(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

/* xoshiro256** */
uint64_t
tn_rand_next(struct tn_rand *rand)
{
	uint64_t *s = rand->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t
tn_rand_below(struct tn_rand *rand, uint64_t n)
{
	/* 2^64 mod n: the numbers below it would make the first remainders more likely.
	 */
	uint64_t uneven = (UINT64_C(0) - n) % n;
	uint64_t x;

	do {
		x = tn_rand_next(rand);
	} while (x < uneven);
	return x % n;
}

bool
tn_rand_one_in(struct tn_rand *rand, uint64_t n)
{
	return tn_rand_below(rand, n) == 0;
}

void
tn_rand_uuid(struct tn_rand *rand, char out[TN_UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	uint64_t words[2] = { tn_rand_next(rand), tn_rand_next(rand) };
	unsigned char bytes[16];
	char *p = out;

	memcpy(bytes, words, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[bytes[i] >> 4];
		*p++ = digits[bytes[i] & 15];
	}
	*p = '\0';
}
