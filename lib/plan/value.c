#include "plan/plan.h"

#include <string.h>

#include "base/error.h"
#include "base/value.h"

static struct tn_value *
secrets_to_value(struct tn_arena *arena, const struct tn_step *step)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < step->n_secrets; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", step->secrets[i].name);
		tn_value_set_text(arena, item, "change",
		    tn_secret_change_name(step->secrets[i].kind));
		tn_value_set_text(arena, item, "fingerprint",
		    step->secrets[i].fingerprint);
		tn_value_push(arena, list, item);
	}
	return list;
}

static struct tn_value *
parts_to_value(struct tn_arena *arena, unsigned parts)
{
	struct tn_value *list = tn_value_array(arena);

	for (unsigned part = TN_PART_CODE; part <= TN_PART_LAST; part <<= 1)
		if ((parts & part) != 0)
			tn_value_push(arena, list,
			    tn_value_string(arena, tn_part_name(part)));
	return list;
}

static void
action_step_to_value(struct tn_arena *arena, struct tn_value *out,
    const struct tn_step *step)
{
	tn_value_set_text(arena, out, "action_id", step->action_id);
	if (step->has_before)
		tn_value_set(arena, out, "before",
		    tn_live_action_to_value(arena, &step->before));
	tn_value_set(arena, out, "after", tn_content_to_value(arena, &step->after));
	tn_value_set(arena, out, "secrets", secrets_to_value(arena, step));
	if (step->left_out != 0)
		tn_value_set(arena, out, "left_out",
		    parts_to_value(arena, step->left_out));
	if (step->kind == TN_STEP_CREATE)
		tn_value_set_bool(arena, out, "deploy_at_once", step->deploy_at_once);
	if (step->kind == TN_STEP_RENAME) {
		tn_value_set_text(arena, out, "old_name", step->old_name);
		tn_value_set_text(arena, out, "new_name", step->new_name);
		tn_value_set_int(arena, out, "aside", step->aside);
	}
	if (step->kind == TN_STEP_TEST) {
		tn_value_set_text(arena, out, "payload_path", step->payload_path);
		tn_value_set(arena, out, "payload", tn_value_clone(arena, step->payload));
		if (step->expect != NULL)
			tn_value_set(arena, out, "expect",
			    tn_value_clone(arena, step->expect));
	}
	if (step->kind == TN_STEP_ROLLBACK) {
		tn_value_set_text(arena, out, "version_id", step->version_id);
		tn_value_set_int(arena, out, "version_number", step->version_number);
	}
}

static void
module_step_to_value(struct tn_arena *arena, struct tn_value *out,
    const struct tn_step *step)
{
	tn_value_set_text(arena, out, "module_id", step->action_id);
	if (step->has_before)
		tn_value_set(arena, out, "module_before",
		    tn_live_module_to_value(arena, &step->module_before));
	tn_value_set(arena, out, "after", tn_content_to_value(arena, &step->after));
	tn_value_set(arena, out, "secrets", secrets_to_value(arena, step));
}

static struct tn_value *
step_to_value(struct tn_arena *arena, const struct tn_step *step)
{
	struct tn_value *out = tn_value_object(arena);

	tn_value_set_int(arena, out, "number", step->number);
	tn_value_set_text(arena, out, "kind", tn_step_kind_name(step->kind));
	tn_value_set_text(arena, out, "name", step->name);
	tn_value_set_text(arena, out, "trigger", step->trigger.id);
	tn_value_set_text(arena, out, "trigger_version", step->trigger.version);
	if (tn_step_of_module(step->kind)) {
		module_step_to_value(arena, out, step);
	} else if (step->kind == TN_STEP_BIND) {
		tn_value_set(arena, out, "flow_before",
		    tn_flow_to_value(arena, &step->flow_before));
		tn_value_set(arena, out, "flow_after",
		    tn_flow_to_value(arena, &step->flow_after));
	} else {
		action_step_to_value(arena, out, step);
	}
	tn_value_set_text(arena, out, "inverse", tn_inverse_name(step->inverse));
	tn_value_set_text(arena, out, "irreversible", step->irreversible);
	tn_value_set_int(arena, out, "calls", step->calls);
	return out;
}

static struct tn_value *
counts_to_value(struct tn_arena *arena, const struct tn_plan_counts *counts)
{
	struct tn_value *out = tn_value_object(arena);

	if (counts->publish > 0)
		tn_value_set_int(arena, out, "publish", counts->publish);
	if (counts->test > 0)
		tn_value_set_int(arena, out, "test", counts->test);
	tn_value_set_int(arena, out, "rename", counts->rename);
	tn_value_set_int(arena, out, "create", counts->create);
	tn_value_set_int(arena, out, "update", counts->update);
	tn_value_set_int(arena, out, "deploy", counts->deploy);
	tn_value_set_int(arena, out, "rollback", counts->rollback);
	tn_value_set_int(arena, out, "bind", counts->bind);
	tn_value_set_int(arena, out, "delete", counts->remove);
	tn_value_set_int(arena, out, "adopt", counts->adopt);
	return out;
}

static struct tn_value *
adoptions_to_value(struct tn_arena *arena, const struct tn_plan *plan)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < plan->n_adoptions; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", plan->adoptions[i].name);
		tn_value_set_text(arena, item,
		    plan->adoptions[i].of_module ? "module_id" : "action_id",
		    plan->adoptions[i].action_id);
		tn_value_push(arena, list, item);
	}
	return list;
}

static struct tn_value *
later_to_value(struct tn_arena *arena, const struct tn_plan *plan)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < plan->n_later; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "resource", plan->later[i].resource);
		tn_value_set_text(arena, item, "secret", plan->later[i].secret);
		tn_value_push(arena, list, item);
	}
	return list;
}

struct tn_value *
tn_plan_to_value(struct tn_arena *arena, const struct tn_plan *plan)
{
	struct tn_value *out = tn_value_object(arena);
	struct tn_value *steps = tn_value_array(arena);

	tn_value_set_int(arena, out, "format", TN_PLAN_FORMAT);
	tn_value_set_text(arena, out, "tenant", plan->tenant);
	tn_value_set_text(arena, out, "provider", plan->provider);
	tn_value_set_text(arena, out, "base_url", plan->base_url);
	tn_value_set_text(arena, out, "project", plan->project);
	for (size_t i = 0; i < plan->n_steps; i++)
		tn_value_push(arena, steps, step_to_value(arena, &plan->steps[i]));
	tn_value_set(arena, out, "steps", steps);
	tn_value_set(arena, out, "adoptions", adoptions_to_value(arena, plan));
	tn_value_set(arena, out, "checked_at_apply", later_to_value(arena, plan));
	tn_value_set_text(arena, out, "key", plan->key);
	tn_value_set(arena, out, "counts", counts_to_value(arena, &plan->counts));
	tn_value_set_int(arena, out, "calls", plan->calls);
	tn_value_set_int(arena, out, "time_ns", plan->time_ns);
	tn_value_set_text(arena, out, "digest", plan->digest);
	return out;
}

/*
 * The way back. A reader remembers the first thing that is wrong and gives
 * harmless values from then on, so that it is checked once.
 */
struct reader {
	struct tn_arena *arena;
	struct tn_error *err;
	int failed;
};

static void
refuse(struct reader *r, const char *what)
{
	if (r->failed == 0)
		r->failed = tn_error_set(r->err, TN_E_INPUT, "the plan is malformed: %s",
		    what);
}

static const char *
need_text(struct reader *r, const struct tn_value *object, const char *key)
{
	const char *text = tn_value_get_text(object, key);

	if (text == NULL)
		refuse(r, key);
	return tn_arena_text(r->arena, text == NULL ? "" : text);
}

/* NULL when there is none. */
static const char *
may_text(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	if (value != NULL && !tn_value_is(value, TN_VALUE_STRING))
		refuse(r, key);
	return tn_arena_text(r->arena, tn_value_text(value));
}

static bool
need_bool(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	if (!tn_value_is(value, TN_VALUE_BOOL))
		refuse(r, key);
	return tn_value_get_bool(object, key, false);
}

/* NULL, which has no items, when it is none. */
static const struct tn_value *
need_array(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	if (tn_value_is(value, TN_VALUE_ARRAY))
		return value;
	refuse(r, key);
	return NULL;
}

static int64_t
need_int(struct reader *r, const struct tn_value *object, const char *key)
{
	int64_t number = 0;

	if (!tn_value_to_int(tn_value_get(object, key), &number) || number < 0)
		refuse(r, key);
	return number;
}

static unsigned
need_unsigned(struct reader *r, const struct tn_value *object, const char *key)
{
	int64_t number = need_int(r, object, key);

	if (number > UINT32_MAX)
		refuse(r, key);
	return (unsigned)number;
}

static size_t
need_word(struct reader *r, const struct tn_value *object, const char *key,
    const char *const *words, size_t n)
{
	const char *text = tn_value_get_text(object, key);

	for (size_t i = 0; i < n; i++)
		if (tn_text_equal(text, words[i]))
			return i;
	refuse(r, key);
	return 0;
}

static void
read_secrets(struct reader *r, struct tn_step *step, const struct tn_value *list)
{
	const char *words[TN_SECRET_LEFT + 1];
	size_t n = tn_value_count(list);
	struct tn_secret_change *secrets = tn_arena_array(r->arena, n,
	    struct tn_secret_change);

	for (unsigned i = 0; i < TN_ARRAY_LEN(words); i++)
		words[i] = tn_secret_change_name((enum tn_secret_change_kind)i);
	for (size_t i = 0; i < n; i++) {
		const struct tn_value *item = tn_value_at(list, i);

		secrets[i].name = need_text(r, item, "name");
		secrets[i].kind = (enum tn_secret_change_kind)need_word(r, item, "change",
		    words, TN_ARRAY_LEN(words));
		secrets[i].fingerprint = may_text(r, item, "fingerprint");
	}
	step->secrets = secrets;
	step->n_secrets = n;
}

/* None when there is no list. */
static unsigned
read_parts(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *list = tn_value_get(object, key);
	unsigned parts = 0;

	if (list != NULL && !tn_value_is(list, TN_VALUE_ARRAY))
		refuse(r, key);
	for (size_t i = 0; i < tn_value_count(list); i++) {
		const char *word = tn_value_text(tn_value_at(list, i));
		unsigned part = TN_PART_CODE;

		while (part <= TN_PART_LAST && !tn_text_equal(word, tn_part_name(part)))
			part <<= 1;
		if (part > TN_PART_LAST)
			refuse(r, key);
		else
			parts |= part;
	}
	return parts;
}

static void
keep_failure(struct reader *r, int result)
{
	if (result < 0 && r->failed == 0)
		r->failed = result;
}

/* Comparing and putting back stand on it. A test or a deploy without it is of a creation.
 */
static void
check_before(struct reader *r, const struct tn_step *step)
{
	bool changes = step->kind != TN_STEP_CREATE && step->kind != TN_STEP_TEST &&
	    step->kind != TN_STEP_DEPLOY;

	if (changes && !step->has_before)
		refuse(r, "before");
	if (step->has_before && step->action_id == NULL)
		refuse(r, "action_id");
}

static void
read_names(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	step->old_name = may_text(r, value, "old_name");
	step->new_name = may_text(r, value, "new_name");
	step->aside = need_unsigned(r, value, "aside");
	if ((step->old_name == NULL || step->new_name == NULL) != (step->aside > 0))
		refuse(r, "aside");
}

/* NULL when there is none. */
static const struct tn_value *
may_object(struct reader *r, const struct tn_value *object, const char *key)
{
	const struct tn_value *value = tn_value_get(object, key);

	if (value == NULL)
		return NULL;
	if (!tn_value_is(value, TN_VALUE_OBJECT))
		refuse(r, key);
	return tn_value_clone(r->arena, value);
}

static void
read_test(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	step->payload_path = need_text(r, value, "payload_path");
	step->payload = may_object(r, value, "payload");
	step->expect = may_object(r, value, "expect");
	if (step->payload == NULL)
		refuse(r, "payload");
}

static void
read_action_step(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	const struct tn_value *before = tn_value_get(value, "before");
	struct tn_error *err = r->failed == 0 ? r->err : NULL;

	step->trigger.version = need_text(r, value, "trigger_version");
	step->action_id = may_text(r, value, "action_id");
	step->has_before = before != NULL;
	if (step->has_before)
		keep_failure(r,
		    tn_live_action_from_value(r->arena, before, &step->before, err));
	err = r->failed == 0 ? r->err : NULL;
	keep_failure(r,
	    tn_content_from_value(r->arena, tn_value_get(value, "after"), &step->after,
		err));
	read_secrets(r, step, need_array(r, value, "secrets"));
	step->left_out = read_parts(r, value, "left_out");
	if (step->kind == TN_STEP_CREATE)
		step->deploy_at_once = need_bool(r, value, "deploy_at_once");
	if (step->kind == TN_STEP_TEST)
		read_test(r, step, value);
	if (step->kind == TN_STEP_RENAME)
		read_names(r, step, value);
	if (step->kind == TN_STEP_ROLLBACK) {
		step->version_id = need_text(r, value, "version_id");
		step->version_number = need_int(r, value, "version_number");
	}
	check_before(r, step);
}

static void
read_module_step(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	const struct tn_value *before = tn_value_get(value, "module_before");
	struct tn_error *err = r->failed == 0 ? r->err : NULL;

	step->action_id = may_text(r, value, "module_id");
	step->has_before = before != NULL;
	if (step->has_before)
		keep_failure(r,
		    tn_live_module_from_value(r->arena, before, &step->module_before,
			err));
	err = r->failed == 0 ? r->err : NULL;
	keep_failure(r,
	    tn_content_from_value(r->arena, tn_value_get(value, "after"), &step->after,
		err));
	read_secrets(r, step, need_array(r, value, "secrets"));
	if ((step->kind != TN_STEP_MODULE_CREATE) != step->has_before)
		refuse(r, "module_before");
	if (step->has_before && step->action_id == NULL)
		refuse(r, "module_id");
}

static void
read_bind_step(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	struct tn_error *err = r->failed == 0 ? r->err : NULL;

	keep_failure(r,
	    tn_flow_from_value(r->arena, tn_value_get(value, "flow_before"),
		&step->flow_before, err));
	err = r->failed == 0 ? r->err : NULL;
	keep_failure(r,
	    tn_flow_from_value(r->arena, tn_value_get(value, "flow_after"),
		&step->flow_after, err));
}

static void
read_step(struct reader *r, struct tn_step *step, const struct tn_value *value)
{
	const char *kinds[TN_STEP_KIND__COUNT];
	const char *inverses[TN_INVERSE_NONE + 1];

	for (unsigned i = 0; i < TN_ARRAY_LEN(kinds); i++)
		kinds[i] = tn_step_kind_name((enum tn_step_kind)i);
	for (unsigned i = 0; i < TN_ARRAY_LEN(inverses); i++)
		inverses[i] = tn_inverse_name((enum tn_inverse)i);
	step->number = need_unsigned(r, value, "number");
	step->kind = (enum tn_step_kind)need_word(r, value, "kind", kinds,
	    TN_ARRAY_LEN(kinds));
	step->name = need_text(r, value, "name");
	if (!tn_step_of_module(step->kind))
		step->trigger.id = need_text(r, value, "trigger");
	if (tn_step_of_module(step->kind))
		read_module_step(r, step, value);
	else if (step->kind == TN_STEP_BIND)
		read_bind_step(r, step, value);
	else
		read_action_step(r, step, value);
	step->inverse = (enum tn_inverse)need_word(r, value, "inverse", inverses,
	    TN_ARRAY_LEN(inverses));
	step->irreversible = may_text(r, value, "irreversible");
	if (step->inverse == TN_INVERSE_NONE && step->irreversible == NULL)
		refuse(r, "irreversible");
	step->calls = need_unsigned(r, value, "calls");
}

static void
read_steps(struct reader *r, struct tn_plan *plan, const struct tn_value *list)
{
	plan->n_steps = tn_value_count(list);
	plan->steps = tn_arena_array(r->arena, plan->n_steps, struct tn_step);
	for (size_t i = 0; i < plan->n_steps; i++) {
		read_step(r, &plan->steps[i], tn_value_at(list, i));
		if (plan->steps[i].number != i + 1)
			refuse(r, "steps are not numbered from 1");
	}
}

static void
read_adoptions(struct reader *r, struct tn_plan *plan, const struct tn_value *list)
{
	plan->n_adoptions = tn_value_count(list);
	plan->adoptions = tn_arena_array(r->arena, plan->n_adoptions, struct tn_adoption);
	for (size_t i = 0; i < plan->n_adoptions; i++) {
		const struct tn_value *item = tn_value_at(list, i);

		bool of_module = tn_value_get(item, "module_id") != NULL;

		plan->adoptions[i].name = need_text(r, item, "name");
		plan->adoptions[i].of_module = of_module;
		plan->adoptions[i].action_id = need_text(r, item,
		    of_module ? "module_id" : "action_id");
	}
}

static void
read_later(struct reader *r, struct tn_plan *plan, const struct tn_value *list)
{
	plan->n_later = tn_value_count(list);
	plan->later = tn_arena_array(r->arena, plan->n_later, struct tn_later);
	for (size_t i = 0; i < plan->n_later; i++) {
		const struct tn_value *item = tn_value_at(list, i);

		plan->later[i].resource = need_text(r, item, "resource");
		plan->later[i].secret = need_text(r, item, "secret");
	}
}

static void
read_counts(struct reader *r, struct tn_plan_counts *counts, const struct tn_value *value)
{
	if (tn_value_get(value, "publish") != NULL)
		counts->publish = need_unsigned(r, value, "publish");
	if (tn_value_get(value, "test") != NULL)
		counts->test = need_unsigned(r, value, "test");
	counts->rename = need_unsigned(r, value, "rename");
	counts->create = need_unsigned(r, value, "create");
	counts->update = need_unsigned(r, value, "update");
	counts->deploy = need_unsigned(r, value, "deploy");
	counts->rollback = need_unsigned(r, value, "rollback");
	counts->bind = need_unsigned(r, value, "bind");
	counts->remove = need_unsigned(r, value, "delete");
	counts->adopt = need_unsigned(r, value, "adopt");
}

static void
read_digest(struct reader *r, struct tn_plan *plan, const struct tn_value *value)
{
	const char *digest = need_text(r, value, "digest");

	if (strlen(digest) != sizeof(plan->digest) - 1 ||
	    strspn(digest, "0123456789abcdef") != sizeof(plan->digest) - 1)
		refuse(r, "digest");
	else
		memcpy(plan->digest, digest, sizeof(plan->digest));
}

int
tn_plan_from_value(const struct tn_value *value, struct tn_plan **out,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_plan *plan = tn_arena_new_object(arena, struct tn_plan);
	struct reader r = { .arena = arena, .err = err };

	if (need_int(&r, value, "format") != TN_PLAN_FORMAT)
		refuse(&r, "another format version");
	plan->tenant = need_text(&r, value, "tenant");
	plan->provider = need_text(&r, value, "provider");
	plan->base_url = need_text(&r, value, "base_url");
	plan->project = need_text(&r, value, "project");
	read_steps(&r, plan, need_array(&r, value, "steps"));
	read_adoptions(&r, plan, need_array(&r, value, "adoptions"));
	read_later(&r, plan, need_array(&r, value, "checked_at_apply"));
	plan->key = may_text(&r, value, "key");
	read_counts(&r, &plan->counts, tn_value_get(value, "counts"));
	plan->calls = need_unsigned(&r, value, "calls");
	plan->time_ns = need_int(&r, value, "time_ns");
	read_digest(&r, plan, value);
	if (r.failed < 0)
		return r.failed;
	plan->arena = tn_take(arena);
	*out = plan;
	return 0;
}
