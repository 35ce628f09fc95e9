/*
 * Flows on their way: what a read means, and what is put back when somebody else has
 * changed the flow too. A flow is a word, each letter an action: small ones are in it
 * before, the run adds from `n` on, capitals come from other people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apply/kind.h"
#include "base/rand.h"

#define MOST   16
#define ROUNDS 3000

static char names[128][2];
static struct tn_step step;
static struct tn_running run;
static struct tn_apply apply;

struct word {
	struct tn_binding bindings[MOST];
	struct tn_flow flow;
};

static const struct tn_flow *
flow_of(struct word *word, const char *letters)
{
	size_t n = strlen(letters);

	assert_true(n <= MOST);
	for (size_t i = 0; i < n; i++) {
		char *name = names[(int)letters[i]];

		name[0] = letters[i];
		word->bindings[i] = (struct tn_binding){ .action_id = name,
			.action_name = name };
	}
	word->flow = (struct tn_flow){ "post-login", word->bindings, n };
	return &word->flow;
}

static void
letters_of(const struct tn_flow *flow, char *out)
{
	for (size_t i = 0; i < flow->n_bindings; i++)
		*out++ = flow->bindings[i].action_name[0];
	*out = '\0';
}

static struct word before, after, live;

static void
set_flows(const char *was, const char *wanted, const char *is)
{
	step = (struct tn_step){ .kind = TN_STEP_BIND, .name = "post-login" };
	step.flow_before = *flow_of(&before, was);
	step.flow_after = *flow_of(&after, wanted);
	flow_of(&live, is);
	memset(&apply, 0, sizeof(apply));
	run = (struct tn_running){ .apply = &apply, .step = &step };
	apply.runs = &run;
	apply.n_runs = 1;
}

/* What a read of the flow gives. */
static const struct tn_op_result *
shown(void)
{
	static struct tn_op_result result;

	result = (struct tn_op_result){ .flow = live.flow };
	return &result;
}

static void
target(const char *was, const char *wanted, const char *is, char *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow flow;

	set_flows(was, wanted, is);
	flow = tn_merge_target(&run, &live.flow, arena);
	assert_string_equal(flow.trigger, "post-login");
	letters_of(&flow, out);
}

static void
target_is(const char *was, const char *wanted, const char *is, const char *expected)
{
	char got[2 * MOST + 1];

	target(was, wanted, is, got);
	if (strcmp(got, expected) != 0)
		fail_msg("%s, then %s, now %s: %s is put back, not %s", was, wanted, is,
		    got, expected);
}

static void
untouched_by_others_the_flow_of_before_is_put_back(void **state TN_UNUSED)
{
	target_is("ab", "bna", "bna", "ab");
	target_is("", "n", "n", "");
	target_is("abc", "", "", "abc");
	target_is("abc", "cba", "cba", "abc");
}

static void
what_was_never_written_stays(void **state TN_UNUSED)
{
	target_is("ab", "bna", "ab", "ab");
	target_is("abc", "c", "abc", "abc");
	target_is("", "n", "", "");
}

static void
what_others_added_stays_where_it_is(void **state TN_UNUSED)
{
	target_is("a", "an", "anX", "aX");
	target_is("a", "an", "Xan", "Xa");
	target_is("ab", "an", "anX", "abX");
	target_is("", "n", "Xn", "X");
}

static void
what_others_took_out_stays_out(void **state TN_UNUSED)
{
	target_is("ab", "abn", "bn", "b");
	target_is("ab", "abn", "n", "");
}

static void
what_this_run_took_out_comes_back_behind_its_predecessor(void **state TN_UNUSED)
{
	target_is("abc", "ac", "aXc", "abXc");
	target_is("abc", "bc", "Xbc", "aXbc");
	target_is("abc", "c", "cX", "abcX");
	/* Its predecessor is gone: the one before that counts. */
	target_is("abc", "ab", "aX", "acX");
}

static void
what_this_run_reordered_goes_back_around_what_others_added(void **state TN_UNUSED)
{
	target_is("ab", "ba", "baX", "abX");
	target_is("ab", "ba", "Xba", "Xab");
	target_is("abc", "cba", "cXba", "aXbc");
	/* One of ours is gone: the others still stand as we put them. */
	target_is("abc", "cba", "ca", "ac");
	target_is("ab", "bna", "bnaX", "abX");
	target_is("abc", "cb", "cbX", "abcX");
}

static void
the_order_that_others_gave_stays(void **state TN_UNUSED)
{
	target_is("abc", "cba", "bca", "bca");
	target_is("abc", "acb", "cab", "cab");
	target_is("abc", "cban", "bcan", "bca");
	/* They are back at what was before: so be it. */
	target_is("abc", "cba", "abcX", "abcX");
}

/* A name that they gave to an entry is theirs, and so is the list. */
static void
what_others_renamed_stays(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow flow;
	char got[2 * MOST + 1];

	set_flows("ab", "ba", "ba");
	live.bindings[0].display_name = "Shown so";
	flow = tn_merge_target(&run, &live.flow, arena);
	letters_of(&flow, got);
	assert_string_equal(got, "ba");
	assert_string_equal(flow.bindings[0].display_name, "Shown so");
}

/* A letter of `of` is in `in`. */
static bool
has(const char *in, char letter)
{
	return strchr(in, letter) != NULL;
}

static void
add_at(char *word, char letter, size_t at)
{
	memmove(word + at + 1, word + at, strlen(word + at) + 1);
	word[at] = letter;
}

/* Some letters of a word, in an order of its own. */
static void
pick(struct tn_rand *rand, const char *from, char *out)
{
	out[0] = '\0';
	for (; *from != '\0'; from++)
		if (tn_rand_one_in(rand, 2))
			add_at(out, *from, (size_t)tn_rand_below(rand, strlen(out) + 1));
}

static void
check_merge(const char *was, const char *wanted, const char *is)
{
	char got[2 * MOST + 1];
	const char *all = "abcdnopXYZ";

	target(was, wanted, is, got);
	for (; *all != '\0'; all++) {
		bool ours = has(was, *all) != has(wanted, *all);
		bool expected = ours ? has(was, *all) : has(is, *all);

		if (has(got, *all) != expected)
			fail_msg("%s, then %s, now %s: %c in %s", was, wanted, is, *all,
			    got);
		if (expected && strchr(got, *all) != strrchr(got, *all))
			fail_msg("%s, then %s, now %s: %c twice in %s", was, wanted, is,
			    *all, got);
	}
}

/* Our change is taken back and no other is, whatever the two were. */
static void
nothing_of_others_is_lost_and_nothing_of_ours_stays(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 3);
	for (unsigned i = 0; i < ROUNDS; i++) {
		char was[MOST], wanted[MOST], is[MOST], got[2 * MOST + 1];

		pick(&rand, "abcd", was);
		pick(&rand, "abcdno", wanted);
		/* Others take out, add and move. */
		strcpy(is, wanted);
		if (is[0] != '\0' && tn_rand_one_in(&rand, 2)) {
			size_t at = (size_t)tn_rand_below(&rand, strlen(is));

			memmove(is + at, is + at + 1, strlen(is + at));
		}
		if (tn_rand_one_in(&rand, 2))
			add_at(is, 'X', (size_t)tn_rand_below(&rand, strlen(is) + 1));
		if (strcmp(is, wanted) == 0) {
			target(was, wanted, is, got);
			assert_string_equal(got, was);
		} else {
			check_merge(was, wanted, is);
		}
		/* Taking back what is taken back changes nothing. */
		target(was, wanted, is, got);
		if (strcmp(got, wanted) != 0)
			target_is(was, wanted, got, got);
	}
}

/* --- before and after --- */

static void
a_flow_must_be_as_planned_before_it_is_set(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	set_flows("ab", "ba", "ab");
	assert_int_equal(tn_kind_bind.before(&run, shown(), &err), 0);
	set_flows("ab", "ba", "abX");
	assert_int_equal(tn_kind_bind.before(&run, shown(), &err), -TN_E_CONFLICT);
	assert_non_null(strstr(err.message, "post-login"));
	assert_non_null(err.hint);
}

static void
a_display_name_that_somebody_changed_is_a_change(void **state TN_UNUSED)
{
	set_flows("ab", "ba", "ab");
	live.bindings[0].display_name = "Shown so";
	assert_int_equal(tn_kind_bind.before(&run, shown(), NULL), -TN_E_CONFLICT);
}

static void
after_it_was_set_it_is_seen_or_was_not_done(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	set_flows("ab", "ba", "ba");
	assert_int_equal(tn_kind_bind.after(&run, shown(), &err), TN_SEEN);
	set_flows("ab", "ba", "ab");
	run.lost = true;
	assert_int_equal(tn_kind_bind.after(&run, shown(), &err), TN_NOT_DONE);
	set_flows("ab", "ba", "baX");
	run.lost = true;
	assert_int_equal(tn_kind_bind.after(&run, shown(), &err), TN_WRONG);
	assert_non_null(strstr(err.message, "changed by somebody else"));
}

static void
a_created_action_is_bound_by_the_id_that_it_got(void **state TN_UNUSED)
{
	static char id[] = "given";
	const struct tn_step create = { .kind = TN_STEP_CREATE, .name = "n" };
	struct tn_running both[2];
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_flow flow;

	set_flows("a", "an", "an");
	after.bindings[1].action_id = NULL;
	both[0] =
	    (struct tn_running){ .apply = &apply, .step = &create, .action_id = id };
	both[1] = run;
	apply.runs = both;
	apply.n_runs = 2;
	flow = tn_running_flow_after(&both[1], arena);
	assert_string_equal(flow.bindings[0].action_id, "a");
	assert_string_equal(flow.bindings[1].action_id, "given");
	/* Another one of that name is not the one that was bound. */
	assert_int_equal(tn_kind_bind.after(&both[1], shown(), NULL), TN_WRONG);
	live.bindings[1].action_id = "given";
	assert_int_equal(tn_kind_bind.after(&both[1], shown(), NULL), TN_SEEN);
}

static void
in_the_end_the_flow_is_as_planned(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_live tenant;

	set_flows("ab", "ba", "ba");
	tenant = (struct tn_live){ .flows = &live.flow, .n_flows = 1 };
	assert_true(tn_kind_bind.holds(&run, &tenant, &err));
	flow_of(&live, "bXa");
	assert_false(tn_kind_bind.holds(&run, &tenant, &err));
	assert_non_null(strstr(err.message, "not bound as planned"));
	tenant.n_flows = 0;
	assert_false(tn_kind_bind.holds(&run, &tenant, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched_by_others_the_flow_of_before_is_put_back),
		cmocka_unit_test(what_was_never_written_stays),
		cmocka_unit_test(what_others_added_stays_where_it_is),
		cmocka_unit_test(what_others_took_out_stays_out),
		cmocka_unit_test(
		    what_this_run_took_out_comes_back_behind_its_predecessor),
		cmocka_unit_test(
		    what_this_run_reordered_goes_back_around_what_others_added),
		cmocka_unit_test(the_order_that_others_gave_stays),
		cmocka_unit_test(what_others_renamed_stays),
		cmocka_unit_test(nothing_of_others_is_lost_and_nothing_of_ours_stays),
		cmocka_unit_test(a_flow_must_be_as_planned_before_it_is_set),
		cmocka_unit_test(a_display_name_that_somebody_changed_is_a_change),
		cmocka_unit_test(after_it_was_set_it_is_seen_or_was_not_done),
		cmocka_unit_test(a_created_action_is_bound_by_the_id_that_it_got),
		cmocka_unit_test(in_the_end_the_flow_is_as_planned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
