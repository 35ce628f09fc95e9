#include "sim/core.h"

#include "base/mem.h"
#include "json/json.h"
#include <string.h>

static const char *const do_names[] = {
	[TN_SIM_DO_STATUS] = "status",
	[TN_SIM_DO_DROP] = "drop",
	[TN_SIM_DO_CUT] = "cut",
	[TN_SIM_DO_DELAY] = "delay",
	[TN_SIM_DO_HOLD] = "hold",
	[TN_SIM_DO_FAIL_BUILD] = "fail-build",
	[TN_SIM_DO_RETRY_BUILD] = "retry-build",
	[TN_SIM_DO_LAG] = "lag",
};

/* An hour: enough for any test, and far from overflow. */
#define MAX_MS INT64_C(3600000)

const char *
tn_sim_do_name(enum tn_sim_do what)
{
	return do_names[what];
}

void
tn_sim_fault_done(struct tn_sim_fault *fault)
{
	tn_free(fault->method);
	tn_free(fault->path);
	tn_free(fault->body);
}

static char *
copy_text(const char *text)
{
	return text == NULL ? NULL : tn_strdup(text);
}

void
tn_sim_fault_copy(struct tn_sim_fault *to, const struct tn_sim_fault *from)
{
	*to = *from;
	to->method = copy_text(from->method);
	to->path = copy_text(from->path);
	to->body = copy_text(from->body);
}

/* --- from a description --- */

static int
check_keys(const struct tn_value *description, struct tn_error *err)
{
	static const struct tn_sim_key keys[] = {
		{ "method", TN_VALUE_STRING, false },
		{ "path", TN_VALUE_STRING, false },
		{ "nth", TN_VALUE_NUMBER, false },
		{ "do", TN_VALUE_STRING, true },
		{ "when", TN_VALUE_STRING, false },
		{ "status", TN_VALUE_NUMBER, false },
		{ "ms", TN_VALUE_NUMBER, false },
	};

	if (!tn_value_is(description, TN_VALUE_OBJECT))
		return tn_error_set(err, TN_E_INPUT, "a fault is an object");
	for (size_t i = 0; i < description->count; i++) {
		const struct tn_member *member = &description->as.members[i];
		size_t k = 0;

		if (tn_text_equal(member->key, "body"))
			continue;
		while (
		    k < TN_ARRAY_LEN(keys) && !tn_text_equal(keys[k].name, member->key))
			k++;
		if (k == TN_ARRAY_LEN(keys))
			return tn_error_set(err, TN_E_INPUT, "a fault has no key \"%s\"",
			    member->key);
		if (!tn_value_is(member->value, keys[k].kind))
			return tn_error_set(err, TN_E_INPUT,
			    "\"%s\" is %s, and should be %s", member->key,
			    tn_value_kind_name(member->value->kind),
			    tn_value_kind_name(keys[k].kind));
	}
	return 0;
}

static int
read_number(const struct tn_value *description, const char *key, int64_t low,
    int64_t high, int64_t *out, struct tn_error *err)
{
	const struct tn_value *value = tn_value_get(description, key);

	if (value == NULL)
		return 0;
	if (!tn_value_to_int(value, out) || *out < low || *out > high)
		return tn_error_set(err, TN_E_INPUT,
		    "\"%s\" is a whole number from %lld to %lld", key, (long long)low,
		    (long long)high);
	return 0;
}

static int
read_do(const struct tn_value *description, struct tn_sim_fault *fault,
    struct tn_error *err)
{
	const char *text = tn_value_get_text(description, "do");

	for (size_t i = 0; i < TN_ARRAY_LEN(do_names); i++) {
		if (!tn_text_equal(do_names[i], text))
			continue;
		fault->what = (enum tn_sim_do)i;
		return 0;
	}
	return tn_error_set(err, TN_E_INPUT,
	    "\"do\" is one of status, drop, cut, delay, hold, fail-build, retry-build, lag");
}

static int
read_when(const struct tn_value *description, struct tn_sim_fault *fault,
    struct tn_error *err)
{
	const char *text = tn_value_get_text(description, "when");

	fault->before = fault->what == TN_SIM_DO_STATUS;
	if (text == NULL)
		return 0;
	fault->before = tn_text_equal(text, "before");
	if (!fault->before && !tn_text_equal(text, "after"))
		return tn_error_set(err, TN_E_INPUT,
		    "\"when\" is \"before\" or \"after\"");
	if (fault->before && fault->what == TN_SIM_DO_CUT)
		return tn_error_set(err, TN_E_INPUT,
		    "there is no answer to cut before the effect");
	return 0;
}

static int
read_numbers(const struct tn_value *description, struct tn_sim_fault *fault,
    struct tn_error *err)
{
	bool needs_ms = fault->what == TN_SIM_DO_DELAY || fault->what == TN_SIM_DO_LAG;
	int64_t nth = 0, status = 0, ms = 0;
	int r;

	r = read_number(description, "nth", 1, INT32_MAX, &nth, err);
	if (r == 0)
		r = read_number(description, "status", 200, 599, &status, err);
	if (r == 0)
		r = read_number(description, "ms", 0, MAX_MS, &ms, err);
	if (r < 0)
		return r;
	if (fault->what == TN_SIM_DO_STATUS && status == 0)
		return tn_error_set(err, TN_E_INPUT, "\"status\" is missing");
	if (needs_ms && ms == 0)
		return tn_error_set(err, TN_E_INPUT, "\"ms\" is missing");
	fault->nth = (uint64_t)nth;
	fault->status = (int)status;
	fault->ns = ms * TN_MSEC;
	return 0;
}

/* Text is answered as it is, so that answers that are no JSON can be had. */
static char *
read_body(const struct tn_value *description)
{
	const struct tn_value *body = tn_value_get(description, "body");
	struct tn_str json = TN_STR_INIT;

	if (body == NULL)
		return NULL;
	if (tn_value_is(body, TN_VALUE_STRING))
		return tn_strdup(tn_value_text(body));
	tn_json_write(body, &json);
	return tn_str_take(&json);
}

int
tn_sim_fault_add(struct tn_sim *sim, int64_t unix_ns, const struct tn_value *description,
    uint64_t *id_out, struct tn_error *err)
{
	struct tn_sim_fault fault = { .since = unix_ns };
	int r = check_keys(description, err);

	if (r == 0)
		r = read_do(description, &fault, err);
	if (r == 0)
		r = read_when(description, &fault, err);
	if (r == 0)
		r = read_numbers(description, &fault, err);
	if (r < 0)
		return r;
	fault.id = ++sim->last_fault;
	fault.method = copy_text(tn_value_get_text(description, "method"));
	fault.path = copy_text(tn_value_get_text(description, "path"));
	fault.body = read_body(description);
	sim->faults = tn_grow(sim->faults, sim->n_faults, &sim->cap_faults,
	    sizeof sim->faults[0]);
	sim->faults[sim->n_faults++] = fault;
	*id_out = fault.id;
	return 0;
}

int
tn_sim_fault_add_text(struct tn_sim *sim, int64_t unix_ns, const char *json,
    uint64_t *id_out, struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *description;
	int r = tn_json_parse(arena, tn_span(json), NULL, &description, err);

	if (r < 0)
		return r;
	return tn_sim_fault_add(sim, unix_ns, description, id_out, err);
}

/* --- the past, for reads that lag --- */

static bool
somebody_lags(const struct tn_sim *sim, int64_t *longest)
{
	bool lags = false;

	*longest = 0;
	for (size_t i = 0; i < sim->n_faults; i++) {
		if (sim->faults[i].what != TN_SIM_DO_LAG)
			continue;
		lags = true;
		*longest = sim->faults[i].ns > *longest ? sim->faults[i].ns : *longest;
	}
	return lags;
}

static void
forget_past(struct tn_sim *sim, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tn_sim_world_done(&sim->past[i].world);
	if (n > 0)
		memmove(sim->past, sim->past + n,
		    (sim->n_past - n) * sizeof sim->past[0]);
	sim->n_past -= n;
}

void
tn_sim_past_keep(struct tn_sim *sim, int64_t now)
{
	struct tn_sim_past *past;
	int64_t longest;
	size_t old = 0;

	if (!somebody_lags(sim, &longest))
		return;
	while (old < sim->n_past && sim->past[old].until <= now - longest)
		old++;
	forget_past(sim, old);
	/* Of several writes at one time only the first has a world before it. */
	if (sim->n_past > 0 && sim->past[sim->n_past - 1].until == now)
		return;
	sim->past = tn_grow(sim->past, sim->n_past, &sim->cap_past, sizeof sim->past[0]);
	past = &sim->past[sim->n_past++];
	past->until = now;
	tn_sim_world_copy(&past->world, &sim->world);
}

const struct tn_sim_world *
tn_sim_past_at(const struct tn_sim *sim, int64_t at)
{
	for (size_t i = 0; i < sim->n_past; i++)
		if (sim->past[i].until > at)
			return &sim->past[i].world;
	return &sim->world;
}

/* --- removal --- */

static void
tell_watchers(struct tn_sim *sim, uint64_t id)
{
	struct tn_sim_watch *next;

	for (struct tn_sim_watch *watch = sim->watches; watch != NULL; watch = next) {
		next = watch->next;
		watch->fn(watch->arg, id);
	}
}

static struct tn_sim_fault *
find_fault(const struct tn_sim *sim, uint64_t id)
{
	for (size_t i = 0; i < sim->n_faults; i++)
		if (sim->faults[i].id == id)
			return &sim->faults[i];
	return NULL;
}

bool
tn_sim_fault_remove(struct tn_sim *sim, uint64_t id)
{
	struct tn_sim_fault *fault = find_fault(sim, id);
	int64_t longest;
	size_t i;

	if (fault == NULL)
		return false;
	i = (size_t)(fault - sim->faults);
	tn_sim_fault_done(fault);
	memmove(fault, fault + 1, (sim->n_faults - i - 1) * sizeof *fault);
	sim->n_faults--;
	if (!somebody_lags(sim, &longest))
		forget_past(sim, sim->n_past);
	tell_watchers(sim, id);
	return true;
}

void
tn_sim_faults_clear(struct tn_sim *sim)
{
	while (sim->n_faults > 0)
		tn_sim_fault_remove(sim, sim->faults[0].id);
	forget_past(sim, sim->n_past);
}

bool
tn_sim_fault_exists(const struct tn_sim *sim, uint64_t id)
{
	return find_fault(sim, id) != NULL;
}

uint64_t
tn_sim_fault_hits(const struct tn_sim *sim, uint64_t id)
{
	const struct tn_sim_fault *fault = find_fault(sim, id);

	return fault == NULL ? 0 : fault->hits;
}

/* --- striking --- */

static bool
matches(const struct tn_sim_fault *fault, const char *method, const char *path,
    const char *resource)
{
	if (fault->method != NULL && !tn_text_equal(fault->method, method))
		return false;
	return fault->path == NULL || tn_text_equal(fault->path, path) ||
	    tn_text_equal(fault->path, resource);
}

static void
apply(const struct tn_sim_fault *fault, struct tn_sim_strike *strike)
{
	strike->last = fault->id;
	switch (fault->what) {
	case TN_SIM_DO_STATUS:
		strike->status = fault;
		break;
	case TN_SIM_DO_DROP:
		strike->drop = fault;
		break;
	case TN_SIM_DO_CUT:
		strike->cut = fault;
		break;
	case TN_SIM_DO_DELAY:
		*(fault->before ? &strike->delay_before
				: &strike->delay_after) += fault->ns;
		break;
	case TN_SIM_DO_HOLD:
		strike->hold = fault;
		break;
	case TN_SIM_DO_FAIL_BUILD:
		strike->fail_build = true;
		break;
	case TN_SIM_DO_RETRY_BUILD:
		strike->retry_build = true;
		break;
	case TN_SIM_DO_LAG:
		strike->lag += fault->ns;
		if (fault->since > strike->lag_since)
			strike->lag_since = fault->since;
		break;
	}
}

void
tn_sim_strike(struct tn_sim *sim, const char *method, const char *path,
    const char *resource, struct tn_sim_strike *strike)
{
	for (size_t i = 0; i < sim->n_faults; i++) {
		struct tn_sim_fault *fault = &sim->faults[i];

		if (!matches(fault, method, path, resource))
			continue;
		fault->seen++;
		if (fault->nth != 0 && fault->seen != fault->nth)
			continue;
		fault->hits++;
		apply(fault, strike);
	}
}
