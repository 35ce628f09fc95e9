#include "remote/retry.h"

struct policy {
	unsigned tries; /* the first one included */
	int64_t least_ns;
	int64_t base_ns; /* upper end of the first delay's jitter; doubles */
	int64_t cap_ns;
};

static const struct policy policies[TN_RETRY__COUNT] = {
	[TN_RETRY_NEVER] = { 0, 0, 0, 0 },
	[TN_RETRY_REFUSED] = { 5, 0, 500 * TN_MSEC, 10 * TN_SEC },
	[TN_RETRY_RATE] = { 10, 500 * TN_MSEC, TN_SEC, 30 * TN_SEC },
	[TN_RETRY_NOT_YET] = { 8, 200 * TN_MSEC, 500 * TN_MSEC, 2 * TN_SEC },
	[TN_RETRY_BUSY] = { 5, 0, 500 * TN_MSEC, 10 * TN_SEC },
	[TN_RETRY_LOST] = { 5, 0, 500 * TN_MSEC, 10 * TN_SEC },
};

enum tn_retry_class
tn_retry_class(const struct tn_error *err, bool writes)
{
	if (err->kind == TN_E_UNKNOWN)
		return writes ? TN_RETRY_NEVER : TN_RETRY_LOST;
	if (err->kind != TN_E_TRANSIENT)
		return TN_RETRY_NEVER;
	if (err->status == 0)
		return TN_RETRY_REFUSED;
	if (err->status == 429)
		return TN_RETRY_RATE;
	return err->status < 500 ? TN_RETRY_NOT_YET : TN_RETRY_BUSY;
}

static int64_t
jitter(const struct policy *policy, unsigned failures, struct tn_rand *rand)
{
	int64_t top = policy->base_ns;

	for (unsigned i = 1; i < failures && top < policy->cap_ns; i++)
		top *= 2;
	if (top > policy->cap_ns)
		top = policy->cap_ns;
	return (int64_t)tn_rand_below(rand, (uint64_t)top + 1);
}

bool
tn_retry_next(struct tn_retry *retry, enum tn_retry_class class, int64_t wait_ns,
    int64_t now, struct tn_rand *rand, int64_t *delay_out)
{
	const struct policy *policy = &policies[class];
	unsigned failures = ++retry->failures[class];
	int64_t least = wait_ns > policy->least_ns ? wait_ns : policy->least_ns;
	int64_t delay;

	if (failures >= policy->tries)
		return false;
	delay = least + jitter(policy, failures, rand);
	if (now + delay - retry->started > TN_RETRY_TOTAL)
		return false;
	*delay_out = delay;
	return true;
}
