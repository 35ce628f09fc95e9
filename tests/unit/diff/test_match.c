/*
 * Which live action a wanted one stands for. A row is written down in words: wanted
 * "new<old:code", live "name:code", and the match "new=name", with "-" for none and "!"
 * for nobody knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "diff/diff.h"

#define MOST 8

static const struct tn_diff_options no_options = { 0 };
static struct tn_arena *arena;
static struct tn_want_action wanted[MOST];
static struct tn_live_action actions[MOST];
static struct tn_want want;
static struct tn_live live;

static int
setup(void **state TN_UNUSED)
{
	arena = tn_arena_new();
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_arena_free(arena);
	return 0;
}

/* Up to one of the marks; the rest stays in *text. */
static const char *
take(const char **text, const char *marks)
{
	size_t len = strcspn(*text, marks);
	const char *word = tn_arena_printf(arena, "%.*s", (int)len, *text);

	*text += len;
	return word;
}

static void
read_rows(const char *wants, const char *lives)
{
	want = (struct tn_want){ .actions = wanted };
	live = (struct tn_live){ .actions = actions };
	while (*wants != '\0') {
		struct tn_want_action *action = &wanted[want.n_actions++];

		*action = (struct tn_want_action){ .trigger = { "post-login", "v3" } };
		action->name = take(&wants, "<: ");
		if (*wants == '<') {
			wants++;
			action->renamed_from = take(&wants, ": ");
		}
		wants += *wants == ':';
		action->content.code = take(&wants, " ");
		wants += strspn(wants, " ");
	}
	while (*lives != '\0') {
		struct tn_live_action *action = &actions[live.n_actions++];

		*action = (struct tn_live_action){ .trigger = { "post-login", "v3" },
			.build = TN_BUILD_BUILT,
			.has_live = true };
		action->name = take(&lives, ": ");
		action->id = tn_arena_printf(arena, "id-%s", action->name);
		lives += *lives == ':';
		action->draft.code = take(&lives, " ");
		action->live = (struct tn_version){ .id = "v",
			.built = true,
			.content = action->draft };
		lives += strspn(lives, " ");
	}
}

static void
matches(const char *wants, const char *lives, const char *expected)
{
	const struct tn_known known = { 0 };
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	read_rows(wants, lives);
	diff = tn_diff_build(&want, &live, &known, &no_options);
	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		tn_str_addf(&got, "%s%s=%s", i == 0 ? "" : " ", change->want->name,
		    change->both != NULL       ? "!"
			: change->live == NULL ? "-"
					       : change->live->name);
		assert_int_equal(change->kind == TN_CHANGE_BLOCKED, change->both != NULL);
		if (change->live != NULL)
			assert_int_equal(change->rename,
			    strcmp(change->live->name, change->want->name) != 0);
	}
	assert_string_equal(tn_str_text(&got), expected);
}

static void
an_action_is_found_by_its_old_name(void **state TN_UNUSED)
{
	matches("new<old", "old", "new=old");
	matches("new<old", "other", "new=-");
	matches("new<old", "", "new=-");
}

static void
an_old_name_that_has_gone_stale_is_nothing(void **state TN_UNUSED)
{
	matches("new<old", "new", "new=new");
	matches("new<old:x", "new:y", "new=new");
}

static void
with_both_names_in_use_nobody_knows_which_it_is(void **state TN_UNUSED)
{
	matches("new<old", "new old", "new=!");
}

static void
a_chain_moves_along(void **state TN_UNUSED)
{
	matches("b<a c<b", "a b", "b=a c=b");
	matches("b<a c<b d<c", "a b c", "b=a c=b d=c");
	/* Done: it stays where it is. */
	matches("b<a c<b", "b c", "b=b c=c");
	/* Done, and the last one was deleted since: it is not the other one. */
	matches("b<a c<b", "b", "b=b c=-");
	/* The first is not there at all. */
	matches("b<a c<b", "a", "b=a c=-");
}

static void
a_chain_whose_end_is_taken_does_not_move(void **state TN_UNUSED)
{
	matches("b<a c<b", "a b c", "b=! c=c");
}

static void
a_circle_turns_when_fewer_have_to_change_then(void **state TN_UNUSED)
{
	matches("a<b:2 b<a:1", "a:1 b:2", "a=b b=a");
	matches("a<c:3 b<a:1 c<b:2", "a:1 b:2 c:3", "a=c b=a c=b");
	/* One of them is changed too. */
	matches("a<b:2 b<a:9", "a:1 b:2", "a=b b=a");
}

static void
a_circle_that_was_turned_stays(void **state TN_UNUSED)
{
	matches("a<b:2 b<a:1", "a:2 b:1", "a=a b=b");
	matches("a<b:2 b<a:9", "a:2 b:1", "a=a b=b");
	/* Nobody could tell a difference. */
	matches("a<b:1 b<a:1", "a:1 b:1", "a=a b=b");
	/* All of both is new: names tell which is which. */
	matches("a<b:8 b<a:9", "a:1 b:2", "a=a b=b");
}

static void
a_circle_that_is_not_there_as_a_whole_stays(void **state TN_UNUSED)
{
	matches("a<b b<a", "a", "a=a b=-");
	matches("a<b b<a", "b", "a=- b=b");
}

static void
a_rename_alone_is_a_change_and_keeps_the_place_in_the_flow(void **state TN_UNUSED)
{
	const struct tn_known known = { 0 };
	const struct tn_binding bound = { .action_id = "id-old", .action_name = "old" };
	const struct tn_want_entry entry = { TN_ENTRY_ACTION, "new", NULL, false, { 0 } };
	struct tn_want_flow want_flow = { .trigger = "post-login",
		.entries = &entry,
		.n_entries = 1 };
	struct tn_flow flow = { "post-login", &bound, 1 };
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	read_rows("new<old", "old");
	want.flows = &want_flow;
	want.n_flows = 1;
	live.flows = &flow;
	live.n_flows = 1;
	diff = tn_diff_build(&want, &live, &known, &no_options);
	assert_int_equal(diff->changes[0].kind, TN_CHANGE_NONE);
	assert_true(diff->changes[0].rename);
	assert_false(tn_diff_empty(diff));
	assert_false(diff->flows[0].differs);
	assert_string_equal(diff->flows[0].after.bindings[0].action_id, "id-old");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_action_is_found_by_its_old_name),
		TEST(an_old_name_that_has_gone_stale_is_nothing),
		TEST(with_both_names_in_use_nobody_knows_which_it_is),
		TEST(a_chain_moves_along),
		TEST(a_chain_whose_end_is_taken_does_not_move),
		TEST(a_circle_turns_when_fewer_have_to_change_then),
		TEST(a_circle_that_was_turned_stays),
		TEST(a_circle_that_is_not_there_as_a_whole_stays),
		TEST(a_rename_alone_is_a_change_and_keeps_the_place_in_the_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
