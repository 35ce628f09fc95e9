#include "remote/retry.h"

/*
 * Which failures are tried again: the first row that matches says it. Statuses are from
 * and to; 0: there was no answer. Tries count the first one. A delay is least_ns, or what
 * the answer asks for, and a random part of base_ns, which doubles up to cap_ns.
 */
static const struct policy {
	enum tn_retry_class class;
	enum tn_error_kind kind;
	bool for_rate;
	int from, to;
	bool writes; /* also for what writes */
	unsigned tries;
	int64_t least_ns;
	int64_t base_ns;
	int64_t cap_ns;
} policies[] = {
	{ TN_RETRY_REFUSED, TN_E_TRANSIENT, false, 0, 0, true, 5, 0, 500 * TN_MSEC,
	    10 * TN_SEC },
	{ TN_RETRY_RATE, TN_E_TRANSIENT, true, 1, 599, true, 10, 500 * TN_MSEC, TN_SEC,
	    30 * TN_SEC },
	{ TN_RETRY_NOT_YET, TN_E_TRANSIENT, false, 1, 499, true, 8, 200 * TN_MSEC,
	    500 * TN_MSEC, 2 * TN_SEC },
	{ TN_RETRY_BUSY, TN_E_TRANSIENT, false, 500, 599, true, 5, 0, 500 * TN_MSEC,
	    10 * TN_SEC },
	{ TN_RETRY_LOST, TN_E_UNKNOWN, false, 0, 599, false, 5, 0, 500 * TN_MSEC,
	    10 * TN_SEC },
};

static bool
matches(const struct policy *policy, const struct tn_error *err, bool writes)
{
	return policy->kind == err->kind && (!policy->for_rate || err->for_rate) &&
	    policy->from <= err->status && err->status <= policy->to &&
	    (policy->writes || !writes);
}

enum tn_retry_class
tn_retry_class(const struct tn_error *err, bool writes)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(policies); i++) {
		if (matches(&policies[i], err, writes))
			return policies[i].class;
	}
	return TN_RETRY_NEVER;
}

static const struct policy *policy_of(enum tn_retry_class class)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(policies); i++) {
		if (policies[i].class == class)
			return &policies[i];
	}
	return NULL;
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
	const struct policy *policy = policy_of(class);
	unsigned failures = ++retry->failures[class];
	int64_t delay;

	if (policy == NULL || failures >= policy->tries)
		return false;
	delay = wait_ns > policy->least_ns ? wait_ns : policy->least_ns;
	delay += jitter(policy, failures, rand);
	if (now + delay - retry->started > TN_RETRY_TOTAL)
		return false;
	*delay_out = delay;
	return true;
}
