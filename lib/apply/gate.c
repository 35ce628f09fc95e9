#include "apply/kind.h"

#include "base/value.h"

static void
write_test(const struct tn_running *run, struct tn_arena *arena TN_UNUSED,
    struct tn_op *op)
{
	op->kind = TN_OP_TEST_ACTION;
	op->id = tn_running_action_id(run);
	op->name = run->step->name;
	op->payload = run->step->payload;
}

/* Where the answer is not as expected: "" for all of it, "user.name"; NULL: it is. Of
 * an object only the members that are named count. */
static const char *
differs_at(struct tn_arena *arena, const struct tn_value *expect,
    const struct tn_value *answer)
{
	if (answer == NULL || answer->kind != expect->kind)
		return "";
	if (!tn_value_is(expect, TN_VALUE_OBJECT))
		return tn_value_equal(expect, answer) ? NULL : "";
	for (size_t i = 0; i < expect->count; i++) {
		const struct tn_member *member = &expect->as.members[i];
		const char *at = differs_at(arena, member->value,
		    tn_value_get(answer, member->key));

		if (at != NULL)
			return tn_arena_printf(arena, "%s%s%s", member->key,
			    at[0] == '\0' ? "" : ".", at);
	}
	return NULL;
}

static enum tn_verdict
fail_test(const struct tn_running *run, const char *how, const char *what,
    struct tn_error *err)
{
	tn_error_set(err, TN_E_INPUT, "the test %s of action %s failed: %s%s",
	    run->step->payload_path, run->step->name, how, what);
	tn_error_hint(err, "nothing of this apply goes live before all tests pass");
	return TN_WRONG;
}

static enum tn_verdict
answered_test(struct tn_running *run, const struct tn_op_result *answer,
    struct tn_error *err)
{
	const struct tn_test_run *test = answer->test;
	const struct tn_value *expect = run->step->expect;
	const char *at = NULL;

	if (test == NULL)
		return TN_NOT_DONE;
	if (test->failed)
		return fail_test(run, "",
		    test->error == NULL ? "its code has thrown" : test->error, err);
	/* What the answer says there may be made of secrets, and is not told. */
	if (expect != NULL)
		at = differs_at(run->apply->arena, expect, test->answer);
	return at == NULL ? TN_SEEN
			  : fail_test(run, "the answer is not as expected at ", at, err);
}

/* Nobody can see that a test was run: it is run again. */
static enum tn_verdict
after_test(struct tn_running *run TN_UNUSED, const struct tn_op_result *seen TN_UNUSED,
    struct tn_error *err TN_UNUSED)
{
	return TN_NOT_DONE;
}

const struct tn_kind tn_kind_test = {
	.in_list = true,
	.look = tn_action_look,
	.before = tn_action_ready,
	.write = write_test,
	.answered = answered_test,
	.after = after_test,
};
