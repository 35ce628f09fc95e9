/* What the things of a project were after a run, from a history of three. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/error.h"
#include "base/value.h"
#include "run/past.h"

#define MOST 8

static struct tn_arena *arena;
static struct tn_past_object objects[3][MOST]; /* of the runs, the latest first */
static struct tn_past_run runs[3];
static struct tn_history history;
static struct tn_past past;
static struct tn_live_action actions[MOST];
static struct tn_flow flows[MOST];
static struct tn_owned owned[MOST];
static struct tn_live live;
static struct tn_known known;
static struct tn_want *want;
static struct tn_remarks remarks;
static struct tn_error err;

static int
setup(void **state TN_UNUSED)
{
	static const char *const ids[] = { "third", "second", "first" };

	arena = tn_arena_new();
	memset(objects, 0, sizeof(objects));
	memset(&live, 0, sizeof(live));
	memset(&known, 0, sizeof(known));
	memset(&remarks, 0, sizeof(remarks));
	live.actions = actions;
	live.flows = flows;
	known.owned = owned;
	for (size_t i = 0; i < 3; i++)
		runs[i] = (struct tn_past_run){ .run_id = ids[i],
			.outcome = "applied",
			.objects = objects[i] };
	history = (struct tn_history){ .runs = runs, .n_runs = 3 };
	want = tn_want_new();
	want->project = "acme";
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_want_free(want);
	tn_error_done(&err);
	err = (struct tn_error)TN_ERROR_INIT;
	tn_arena_free(arena);
	return 0;
}

static const struct tn_value *
action_document(const char *name, const char *code, bool deployed)
{
	const struct tn_secret_ref secret = { .name = "KEY",
		.updated_at = "2026-01-01T00:00:00Z" };
	const struct tn_content content = { .code = code,
		.runtime = "node22",
		.secrets = &secret,
		.n_secrets = 1 };
	struct tn_value *out = tn_value_object(arena), *trigger = tn_value_object(arena);

	tn_value_set_text(arena, trigger, "id", "post-login");
	tn_value_set_text(arena, trigger, "version", "v3");
	tn_value_set_text(arena, out, "name", name);
	tn_value_set(arena, out, "trigger", trigger);
	tn_value_set_bool(arena, out, "deployed", deployed);
	tn_value_set(arena, out, "content", tn_content_to_value(arena, &content));
	return out;
}

static const struct tn_value *
flow_document(const struct tn_binding *bindings, size_t n)
{
	const struct tn_flow flow = { "post-login", bindings, n };

	return tn_flow_to_value(arena, &flow);
}

static struct tn_past_object *
add(size_t run, const char *kind, const char *name, const char *id,
    const struct tn_value *before, const struct tn_value *after)
{
	struct tn_past_object *object = &objects[run][runs[run].n_objects++];

	*object = (struct tn_past_object){ .kind = kind,
		.name = name,
		.id = id,
		.what = before == NULL ? "create" : "update",
		.state = "done",
		.before = before,
		.after = after };
	return object;
}

/* Of the tenant: ours. */
static void
add_live(const char *id, const char *name)
{
	actions[live.n_actions++] = (struct tn_live_action){ .id = id,
		.name = name,
		.trigger = { "post-login", "v3" },
		.has_live = true };
	owned[known.n_owned++] = (struct tn_owned){ name, id };
}

static int
build(size_t at)
{
	const struct tn_value *documents[MOST];

	tn_past_find(&history, at, arena, &past);
	assert_true(past.n <= MOST);
	for (size_t i = 0; i < past.n; i++)
		documents[i] = tn_past_document(&past.sources[i], &history);
	return tn_past_want(&past, documents, &live, &known, want, &remarks, &err);
}

static void
the_last_run_up_to_it_tells_and_else_the_first_after_it(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);
	const struct tn_value *a2 = action_document("a", "2", true);
	const struct tn_value *a3 = action_document("a", "3", true);
	const struct tn_value *b1 = action_document("b", "1", true);
	const struct tn_value *b2 = action_document("b", "2", true);

	add(2, "action", "a", "id-a", NULL, a1);
	add(1, "action", "a", "id-a", a1, a2);
	add(0, "action", "a", "id-a", a2, a3);
	add(0, "action", "b", "id-b", b1, b2);
	add_live("id-a", "a");
	add_live("id-b", "b");
	assert_int_equal(build(1), 0);
	assert_int_equal(want->n_actions, 2);
	assert_string_equal(want->actions[0].name, "a");
	assert_string_equal(want->actions[0].content.code, "2");
	assert_string_equal(want->actions[1].content.code, "1");
	assert_int_equal(want->actions[0].unstated, 0);
	assert_string_equal(want->actions[0].trigger.version, "v3");
	/* Whatever the platform's time was: it is not what is wanted. */
	assert_string_equal(want->actions[0].content.secrets[0].name, "KEY");
	assert_null(want->actions[0].content.secrets[0].updated_at);
}

static void
what_was_put_back_is_as_before(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);
	const struct tn_value *a2 = action_document("a", "2", true);

	add(2, "action", "a", "id-a", NULL, a1);
	add(1, "action", "a", "id-a", a1, a2)->state = "undone";
	add_live("id-a", "a");
	assert_int_equal(build(0), 0);
	assert_string_equal(want->actions[0].content.code, "1");
	assert_int_equal(remarks.n, 0);
}

/* It may have been the one or the other. */
static void
what_a_run_got_stuck_with_stays_and_is_told(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);
	const struct tn_value *a2 = action_document("a", "2", true);

	add(2, "action", "a", "id-a", NULL, a1);
	add(1, "action", "a", "id-a", a1, a2)->state = "stuck";
	add(1, "flow", "post-login", NULL, flow_document(NULL, 0), flow_document(NULL, 0))
	    ->state = "stuck";
	add_live("id-a", "a");
	assert_int_equal(build(1), 0);
	assert_int_equal(want->n_actions, 1);
	assert_true((want->actions[0].unstated & TN_PART_CODE) != 0);
	assert_int_equal(want->n_flows, 0);
	assert_int_equal(remarks.n, 2);
	assert_non_null(strstr(remarks.items[0], "run second could not put back"));
	assert_non_null(strstr(remarks.items[1], "flow of post-login"));
}

static void
what_a_run_got_stuck_with_and_is_gone_stays_away(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);

	add(1, "action", "a", "id-a", NULL, a1)->state = "stuck";
	assert_int_equal(build(1), 0);
	assert_int_equal(want->n_actions, 0);
	assert_int_equal(remarks.n, 1);
	assert_non_null(strstr(remarks.items[0], "stays away"));
}

static void
the_run_after_says_what_a_run_got_stuck_with(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);
	const struct tn_value *a2 = action_document("a", "2", true);
	const struct tn_value *a3 = action_document("a", "3", true);

	add(2, "action", "a", "id-a", NULL, a1);
	add(1, "action", "a", "id-a", a1, a2)->state = "stuck";
	add(0, "action", "a", "id-a", a2, a3);
	add_live("id-a", "a");
	assert_int_equal(build(1), 0);
	assert_string_equal(want->actions[0].content.code, "2");
	assert_int_equal(remarks.n, 0);
}

/* What it found is what was there, whatever became of it. */
static void
a_later_run_that_got_stuck_says_what_it_found(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);
	const struct tn_value *a2 = action_document("a", "2", true);

	add(0, "action", "a", "id-a", a1, a2)->state = "stuck";
	add_live("id-a", "a");
	assert_int_equal(build(1), 0);
	assert_string_equal(want->actions[0].content.code, "1");
}

static void
what_was_made_since_is_not_wanted_and_what_nobody_changed_stays(void **state TN_UNUSED)
{
	const struct tn_value *a1 = action_document("a", "1", true);

	add(1, "action", "kept", "id-k", NULL, NULL)->what = "adopt";
	add(0, "action", "a", "id-a", NULL, a1);
	add_live("id-a", "a");
	add_live("id-k", "kept");
	add_live("id-s", "stranger");
	known.n_owned = 2;
	assert_int_equal(build(1), 0);
	assert_int_equal(want->n_actions, 1);
	assert_string_equal(want->actions[0].name, "kept");
	assert_int_equal(want->actions[0].unstated,
	    TN_PART_CODE | TN_PART_RUNTIME | TN_PART_DEPENDENCIES | TN_PART_SECRETS |
		TN_PART_MODULES);
	assert_int_equal(want->n_flows, 0);
}

static void
a_name_comes_back_by_a_renaming(void **state TN_UNUSED)
{
	const struct tn_value *old = action_document("old", "1", true);

	add(2, "action", "old", "id-a", NULL, old);
	add(1, "action", "new", "id-a", old, action_document("new", "1", true));
	add_live("id-a", "new");
	assert_int_equal(build(2), 0);
	assert_int_equal(want->n_actions, 1);
	assert_string_equal(want->actions[0].name, "old");
	assert_string_equal(want->actions[0].renamed_from, "new");
}

static void
a_name_of_somebody_elses_does_not_come_back(void **state TN_UNUSED)
{
	add(2, "action", "a", "id-a", NULL, action_document("a", "1", true));
	add_live("id-theirs", "a");
	known.n_owned = 0;
	assert_int_equal(build(2), -TN_E_CONFLICT);
	assert_non_null(strstr(err.message, "\"a\""));
}

static void
what_did_not_run_then_stays_and_is_told(void **state TN_UNUSED)
{
	add(0, "action", "a", "id-a", action_document("a", "draft", false),
	    action_document("a", "2", true));
	add_live("id-a", "a");
	assert_int_equal(build(1), 0);
	assert_int_equal(want->n_actions, 1);
	assert_true((want->actions[0].unstated & TN_PART_CODE) != 0);
	assert_int_equal(remarks.n, 1);
	assert_non_null(strstr(remarks.items[0], "did not run then"));
}

static void
a_flow_gets_its_order_with_whoever_else_is_still_there(void **state TN_UNUSED)
{
	static const struct tn_binding then[] = {
		{ .action_id = "id-x", .action_name = "x" },
		{ .action_id = "id-b", .action_name = "b", .display_name = "The b" },
		{ .action_id = "id-gone", .action_name = "gone" },
		{ .action_id = "id-a", .action_name = "a" },
		{ .action_id = "id-later", .action_name = "later" },
	};
	static const struct tn_binding now[] = {
		{ .action_id = "id-a", .action_name = "a" },
		{ .action_id = "id-x", .action_name = "x, renamed" },
	};
	const struct tn_value *a = action_document("a", "1", true);
	const struct tn_value *b = action_document("b", "1", true);
	const struct tn_want_entry *entries;

	add(2, "action", "a", "id-a", NULL, a);
	add(2, "action", "b", "id-b", NULL, b);
	add(2, "flow", "post-login", NULL, flow_document(NULL, 0),
	    flow_document(then, 5));
	add_live("id-a", "a");
	add_live("id-later", "later");
	add(1, "action", "later", "id-later", NULL, action_document("later", "1", true));
	flows[live.n_flows++] = (struct tn_flow){ "post-login", now, 2 };
	assert_int_equal(build(2), 0);
	assert_int_equal(want->n_flows, 1);
	entries = want->flows[0].entries;
	assert_int_equal(want->flows[0].n_entries, 3);
	assert_int_equal(entries[0].kind, TN_ENTRY_EXTERNAL);
	assert_string_equal(entries[0].name, "x, renamed");
	assert_int_equal(entries[1].kind, TN_ENTRY_ACTION);
	assert_string_equal(entries[1].name, "b");
	assert_string_equal(entries[1].display_name, "The b");
	assert_string_equal(entries[2].name, "a");
	assert_int_equal(remarks.n, 1);
	assert_non_null(strstr(remarks.items[0], "gone"));
}

/* b was bound when the second run made it ours, and so that run wrote no flow. */
static void
what_a_run_took_over_where_it_was_bound_stays_there(void **state TN_UNUSED)
{
	static const struct tn_binding then[] = { { .action_id = "id-a",
						      .action_name = "a" },
		{ .action_id = "id-c", .action_name = "c" } };
	static const struct tn_binding now[] = { { .action_id = "id-a",
						     .action_name = "a" },
		{ .action_id = "id-b", .action_name = "b" },
		{ .action_id = "id-c", .action_name = "c" } };
	const struct tn_value *a = action_document("a", "1", true);
	const struct tn_value *c = action_document("c", "1", true);

	add(2, "action", "a", "id-a", NULL, a);
	add(2, "action", "c", "id-c", NULL, c);
	add(2, "flow", "post-login", NULL, flow_document(NULL, 0),
	    flow_document(then, 2));
	add(1, "action", "b", "id-b", NULL, NULL)->what = "adopt";
	add(0, "action", "a", "id-a", a, action_document("a", "2", true));
	add_live("id-a", "a");
	add_live("id-b", "b");
	add_live("id-c", "c");
	flows[live.n_flows++] = (struct tn_flow){ "post-login", now, 3 };
	assert_int_equal(build(1), 0);
	assert_int_equal(want->flows[0].n_entries, 3);
	assert_string_equal(want->flows[0].entries[0].name, "a");
	assert_string_equal(want->flows[0].entries[1].name, "b");
	assert_string_equal(want->flows[0].entries[2].name, "c");
}

/* Before it was ours it is not known where it was. */
static void
what_was_taken_over_since_is_not_bound_then(void **state TN_UNUSED)
{
	static const struct tn_binding then[] = { { .action_id = "id-a",
	    .action_name = "a" } };
	static const struct tn_binding now[] = { { .action_id = "id-b",
						     .action_name = "b" },
		{ .action_id = "id-a", .action_name = "a" } };

	add(2, "action", "a", "id-a", NULL, action_document("a", "1", true));
	add(2, "flow", "post-login", NULL, flow_document(NULL, 0),
	    flow_document(then, 1));
	add(1, "action", "b", "id-b", NULL, NULL)->what = "adopt";
	add_live("id-a", "a");
	add_live("id-b", "b");
	flows[live.n_flows++] = (struct tn_flow){ "post-login", now, 2 };
	assert_int_equal(build(2), 0);
	assert_int_equal(want->flows[0].n_entries, 1);
	assert_string_equal(want->flows[0].entries[0].name, "a");
}

static void
a_document_that_is_none_is_an_error(void **state TN_UNUSED)
{
	struct tn_value *broken = tn_value_object(arena);

	add(2, "action", "a", "id-a", NULL, broken);
	assert_int_equal(build(2), -TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "action a in run first"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_run_up_to_it_tells_and_else_the_first_after_it),
		TEST(what_was_put_back_is_as_before),
		TEST(what_a_run_got_stuck_with_stays_and_is_told),
		TEST(what_a_run_got_stuck_with_and_is_gone_stays_away),
		TEST(the_run_after_says_what_a_run_got_stuck_with),
		TEST(a_later_run_that_got_stuck_says_what_it_found),
		TEST(what_was_made_since_is_not_wanted_and_what_nobody_changed_stays),
		TEST(a_name_comes_back_by_a_renaming),
		TEST(a_name_of_somebody_elses_does_not_come_back),
		TEST(what_did_not_run_then_stays_and_is_told),
		TEST(a_flow_gets_its_order_with_whoever_else_is_still_there),
		TEST(what_a_run_took_over_where_it_was_bound_stays_there),
		TEST(what_was_taken_over_since_is_not_bound_then),
		TEST(a_document_that_is_none_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
