/*
 * Flows. A flow is written as letters, each an action of that name:
 *   a-f  in the files, live and ours      n o  in the files, not there yet
 *   g h  in the files, live and nobody's  p q  ours, and not in the files any more
 *   A-F  live and nobody's                X    of another project
 *   Z    bound, and in no list of actions Y    not there at all
 * and what is wanted as letters too: small ones are actions of the files, capitals
 * external ones, and * stands for `others`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "diff/diff.h"

#define MOST     40
#define IN_FILES "abcdefghno"
#define LIVE     "ABCDEFXabcdefghpq"
#define OWNED    "abcdefpq"
#define NOBODYS  "ABCDEFXZ"

static char names[128][2], ids[128][8];
static struct tn_want want;
static struct tn_live live;
static struct tn_known known;
static struct tn_want_flow want_flow;
static struct tn_flow live_flow;
static struct tn_want_entry entries[MOST];
static struct tn_binding bindings[MOST];

static int
setup(void **state TN_UNUSED)
{
	static struct tn_want_action wanted[MOST];
	static struct tn_live_action actions[MOST];
	static struct tn_owned owned[MOST], others = { .name = "X", .id = "id-X" };
	size_t i;

	for (int c = 0; c < 128; c++) {
		names[c][0] = (char)c;
		snprintf(ids[c], sizeof(ids[c]), "id-%c", c);
	}
	for (i = 0; IN_FILES[i] != '\0'; i++)
		wanted[i] = (struct tn_want_action){
			.name = names[(int)IN_FILES[i]],
			.trigger = { "post-login", "v3" },
			.content = { .code = "" },
		};
	want = (struct tn_want){ .actions = wanted, .n_actions = i };
	want.flows = &want_flow;
	want.n_flows = 1;
	for (i = 0; LIVE[i] != '\0'; i++)
		actions[i] = (struct tn_live_action){
			.id = ids[(int)LIVE[i]],
			.name = names[(int)LIVE[i]],
			.trigger = { "post-login", "v3" },
			.installed = LIVE[i] == 'F',
			.has_live = true,
		};
	live = (struct tn_live){ .actions = actions, .n_actions = i };
	live.flows = &live_flow;
	live.n_flows = 1;
	for (i = 0; OWNED[i] != '\0'; i++)
		owned[i] = (struct tn_owned){ .name = "?", .id = ids[(int)OWNED[i]] };
	known = (struct tn_known){ .owned = owned,
		.n_owned = i,
		.others = &others,
		.n_others = 1 };
	return 0;
}

static void
set_listed(const char *letters)
{
	size_t n = strlen(letters);

	for (size_t i = 0; i < n; i++) {
		int c = letters[i];

		entries[i] = (struct tn_want_entry){ .name = names[c] };
		if (c == '*')
			entries[i] = (struct tn_want_entry){ .kind = TN_ENTRY_OTHERS };
		else if (c >= 'A' && c <= 'Z')
			entries[i].kind = TN_ENTRY_EXTERNAL;
		else
			entries[i].kind = TN_ENTRY_ACTION;
	}
	want_flow = (struct tn_want_flow){ .trigger = "post-login",
		.entries = entries,
		.n_entries = n };
}

static void
set_before(const char *letters)
{
	size_t n = strlen(letters);

	for (size_t i = 0; i < n; i++)
		bindings[i] = (struct tn_binding){
			.action_id = ids[(int)letters[i]],
			.action_name = names[(int)letters[i]],
			.installed = letters[i] == 'F',
		};
	live_flow = (struct tn_flow){ .trigger = "post-login",
		.bindings = bindings,
		.n_bindings = n };
}

static struct tn_diff *
build(void)
{
	const struct tn_diff_options options = { 0 };
	struct tn_diff *diff = tn_diff_build(&want, &live, &known, &options);

	assert_int_equal(diff->n_flows, 1);
	return diff;
}

/* What comes of it, as letters. */
static void
order(const char *listed, const char *before, char after[2 * MOST])
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;
	const struct tn_flow_change *flow;

	set_listed(listed);
	set_before(before);
	diff = build();
	flow = &diff->flows[0];
	assert_null(flow->blocked);
	assert_string_equal(flow->trigger, "post-login");
	assert_int_equal(flow->before.n_bindings, strlen(before));
	assert_true(flow->after.n_bindings < 2 * MOST);
	for (size_t i = 0; i < flow->after.n_bindings; i++)
		after[i] = flow->after.bindings[i].action_name[0];
	after[flow->after.n_bindings] = '\0';
	assert_int_equal(flow->differs, strcmp(before, after) != 0);
}

struct row {
	const char *listed, *before, *after;
};

static void
assert_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char after[2 * MOST];

		order(rows[i].listed, rows[i].before, after);
		if (strcmp(after, rows[i].after) != 0)
			print_error("listed \"%s\", before \"%s\"\n", rows[i].listed,
			    rows[i].before);
		assert_string_equal(after, rows[i].after);
	}
}

static void
the_files_say_the_order(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "", "", "" },
		{ "ab", "ab", "ab" },
		{ "ab", "ba", "ab" },
		{ "ab", "", "ab" },
		{ "", "ab", "" },
		{ "anb", "ab", "anb" },
		{ "no", "", "no" },
		{ "gb", "bg", "gb" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
what_is_ours_and_not_listed_is_unbound(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "b", "ab", "b" },
		{ "a", "paq", "a" },
		{ "a", "gah", "a" },
		{ "", "aAp", "A" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
what_is_adopted_and_not_listed_is_unbound(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "b", "ab", "b" },
		{ "", "abch", "" },
		{ "b", "apAb", "pAb" },
	};

	known.n_owned = 0;
	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
others_follow_their_nearest_surviving_predecessor(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "ab", "aAbB", "aAbB" },
		{ "ba", "aAbB", "bBaA" },
		{ "ab", "AaBb", "AaBb" },
		{ "ab", "A", "Aab" },
		{ "ab", "AB", "ABab" },
		{ "anb", "aAb", "aAnb" },
		{ "b", "aAb", "Ab" },
		{ "ab", "apAb", "aAb" },
		{ "ab", "bpAqBa", "abAB" },
		{ "a", "Xa", "Xa" },
		{ "", "AB", "AB" },
		{ "a", "FaZ", "FaZ" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
the_word_others_gives_them_a_place(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a*b", "AaBb", "aABb" },
		{ "*ab", "aAb", "Aab" },
		{ "ab*", "AaB", "abAB" },
		{ "*", "aAB", "AB" },
		{ "*", "", "" },
		{ "a*", "a", "a" },
		{ "a*n", "pXaA", "aXAn" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
externals_stand_where_they_are_listed(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "aB", "Ba", "aB" },
		{ "aB", "aAB", "aAB" },
		{ "Ba", "aABC", "BCaA" },
		{ "aB*", "BCaA", "aBCA" },
		{ "aC", "a", "aC" },
		{ "aZ", "Za", "aZ" },
		{ "FX", "", "FX" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
an_action_bound_twice(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "a", "aa", "a" },
		{ "aa", "a", "aa" },
		{ "aa", "aa", "aa" },
		{ "a", "aAaB", "aAB" },
		{ "aba", "aAbaB", "aAbaB" },
		{ "ab", "aAbaB", "aABb" },
		{ "a", "AaA", "AaA" },
		{ "a*", "AaA", "aAA" },
		{ "aAa", "aAaA", "aAa" },
	};

	assert_rows(rows, TN_ARRAY_LEN(rows));
}

static void
an_external_that_is_not_there_blocks_the_flow_and_changes_nothing(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	set_listed("aYb");
	set_before("bA");
	diff = build();
	assert_non_null(diff->flows[0].blocked);
	assert_non_null(strstr(diff->flows[0].blocked, "\"Y\""));
	assert_false(diff->flows[0].differs);
	assert_true(tn_flow_equal(&diff->flows[0].after, &diff->flows[0].before));
	assert_true(tn_diff_blocked(diff));
	assert_false(tn_diff_empty(diff));
}

static void
an_action_that_the_files_do_not_have_blocks_the_flow(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	set_listed("ap");
	set_before("ap");
	diff = build();
	assert_non_null(diff->flows[0].blocked);
	assert_non_null(strstr(diff->flows[0].blocked, "\"p\""));
}

static void
files_without_actions_can_still_bind_others(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;
	TN_CLEANUP(tn_diff_freep) struct tn_diff *blocked = NULL;

	want.n_actions = 0;
	set_listed("BA");
	set_before("AB");
	diff = build();
	assert_string_equal(diff->flows[0].after.bindings[0].action_name, "B");
	set_listed("a");
	blocked = build();
	assert_non_null(blocked->flows[0].blocked);
}

static void
entries_carry_ids_names_and_where_they_come_from(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;
	const struct tn_binding *after;

	set_listed("naF");
	set_before("A");
	diff = build();
	after = diff->flows[0].after.bindings;
	assert_int_equal(diff->flows[0].after.n_bindings, 4);
	assert_string_equal(after[0].action_id, "id-A");
	assert_null(after[1].action_id);
	assert_string_equal(after[1].action_name, "n");
	assert_string_equal(after[2].action_id, "id-a");
	assert_false(after[2].installed);
	assert_string_equal(after[3].action_id, "id-F");
	assert_true(after[3].installed);
}

static void
a_flow_that_was_not_read_is_empty(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = NULL;

	set_listed("a");
	live.n_flows = 0;
	diff = build();
	assert_string_equal(diff->flows[0].before.trigger, "post-login");
	assert_int_equal(diff->flows[0].before.n_bindings, 0);
	assert_int_equal(diff->flows[0].after.n_bindings, 1);
	assert_string_equal(diff->flows[0].after.trigger, "post-login");
	assert_true(diff->flows[0].differs);
}

/* Display names. */

static void
assert_names(const char *first, const char *second, bool differs)
{
	TN_CLEANUP(tn_diff_freep) struct tn_diff *diff = build();
	const struct tn_flow *after = &diff->flows[0].after;

	assert_int_equal(after->n_bindings, 2);
	assert_true(tn_text_equal(after->bindings[0].display_name, first));
	assert_true(tn_text_equal(after->bindings[1].display_name, second));
	assert_int_equal(diff->flows[0].differs, differs);
}

static void
a_display_name_of_ours_is_what_the_files_say(void **state TN_UNUSED)
{
	set_listed("ab");
	set_before("ab");
	entries[0].display_name = "Audit log";
	assert_names("Audit log", NULL, true);
	bindings[0].display_name = "Audit log";
	assert_names("Audit log", NULL, false);
	bindings[1].display_name = "b";
	assert_names("Audit log", NULL, true);
}

static void
a_display_name_of_others_is_kept(void **state TN_UNUSED)
{
	set_listed("a");
	set_before("aA");
	bindings[1].display_name = "Fraud";
	assert_names(NULL, "Fraud", false);
}

static void
files_can_leave_display_names_of_ours_open(void **state TN_UNUSED)
{
	set_listed("ab");
	set_before("ab");
	bindings[0].display_name = "Audit log";
	entries[0].keep_name = entries[1].keep_name = true;
	assert_names("Audit log", NULL, false);
	entries[0].display_name = "Audit";
	assert_names("Audit", NULL, true);
}

static void
an_external_keeps_its_display_name_unless_the_files_give_one(void **state TN_UNUSED)
{
	set_listed("AB");
	set_before("BA");
	bindings[0].display_name = "of B";
	bindings[1].display_name = "of A";
	assert_names("of A", "of B", true);
	entries[0].display_name = "new";
	assert_names("new", "of B", true);
}

static void
an_external_listed_twice_keeps_both_display_names(void **state TN_UNUSED)
{
	set_listed("AA");
	set_before("AA");
	bindings[0].display_name = "one";
	bindings[1].display_name = "two";
	assert_names("one", "two", false);
	set_before("A");
	bindings[0].display_name = "one";
	assert_names("one", "one", true);
}

/* Properties over random flows. */

static void
random_letters(struct tn_rand *rand, const char *from, size_t most, bool once, char *out)
{
	size_t n = tn_rand_below(rand, most + 1), len = 0;

	while (n-- > 0) {
		char c = from[tn_rand_below(rand, strlen(from))];

		if (!once || memchr(out, c, len) == NULL)
			out[len++] = c;
	}
	out[len] = '\0';
}

static void
insert_others(struct tn_rand *rand, char *listed)
{
	size_t len = strlen(listed), at = tn_rand_below(rand, len + 1);

	memmove(listed + at + 1, listed + at, len - at + 1);
	listed[at] = '*';
}

/* Only the letters that are, or are not, in the set. */
static void
filter(const char *letters, const char *set, bool in, char *out)
{
	for (; *letters != '\0'; letters++) {
		if ((strchr(set, *letters) != NULL) == in)
			*out++ = *letters;
	}
	*out = '\0';
}

static bool
is_foreign(char c, const char *listed)
{
	return strchr(NOBODYS, c) != NULL && strchr(listed, c) == NULL;
}

static void
foreign_of(const char *letters, const char *listed, char *out)
{
	for (; *letters != '\0'; letters++) {
		if (is_foreign(*letters, listed))
			*out++ = *letters;
	}
	*out = '\0';
}

static int
compare_letters(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

static void
sort_letters(char *letters)
{
	qsort(letters, strlen(letters), 1, compare_letters);
}

/* Those others that stand behind the listed one, or in front of all of them with 0. */
static void
behind(const char *flow, const char *listed, char anchor, char *out)
{
	char at = 0;

	for (; *flow != '\0'; flow++) {
		if (strchr(listed, *flow) != NULL)
			at = *flow;
		else if (at == anchor && is_foreign(*flow, listed))
			*out++ = *flow;
	}
	*out = '\0';
}

static void
assert_nothing_lost_and_listed_order(const char *listed, const char *before,
    const char *after)
{
	char a[2 * MOST], b[2 * MOST];

	filter(listed, "*", false, a);
	filter(after, listed, true, b);
	assert_string_equal(a, b);
	foreign_of(before, listed, a);
	foreign_of(after, listed, b);
	if (strchr(listed, '*') != NULL)
		assert_string_equal(a, b);
	sort_letters(a);
	sort_letters(b);
	assert_string_equal(a, b);
	assert_int_equal(strlen(after),
	    strlen(b) + strlen(listed) - (strchr(listed, '*') != NULL));
}

static void
random_flows_lose_nobody_and_are_done_once(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 7);
	for (int round = 0; round < 2000; round++) {
		char listed[MOST], before[MOST], after[2 * MOST], again[2 * MOST];

		random_letters(&rand, "abcdgnABF", 6, false, listed);
		if (tn_rand_one_in(&rand, 2))
			insert_others(&rand, listed);
		random_letters(&rand, "abcdghpqABCDFXZ", 12, false, before);
		order(listed, before, after);
		assert_nothing_lost_and_listed_order(listed, before, after);
		if (strlen(after) >= MOST || strchr(after, 'n') != NULL)
			continue;
		order(listed, after, again);
		assert_string_equal(again, after);
	}
}

static void
random_flows_keep_others_with_their_predecessor(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 8);
	for (int round = 0; round < 2000; round++) {
		char listed[MOST], before[MOST], after[2 * MOST], a[MOST], b[MOST];

		random_letters(&rand, "abcdgnAB", 6, true, listed);
		random_letters(&rand, "abcdghpqABCDFXZ", 12, true, before);
		order(listed, before, after);
		for (size_t i = 0; i <= strlen(listed); i++) {
			char anchor = i > 0 ? listed[i - 1] : '\0';

			behind(before, listed, anchor, a);
			behind(after, listed, anchor, b);
			assert_string_equal(a, b);
		}
	}
}

#define TEST(fn) cmocka_unit_test_setup(fn, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_files_say_the_order),
		TEST(what_is_ours_and_not_listed_is_unbound),
		TEST(what_is_adopted_and_not_listed_is_unbound),
		TEST(others_follow_their_nearest_surviving_predecessor),
		TEST(the_word_others_gives_them_a_place),
		TEST(externals_stand_where_they_are_listed),
		TEST(an_action_bound_twice),
		TEST(an_external_that_is_not_there_blocks_the_flow_and_changes_nothing),
		TEST(an_action_that_the_files_do_not_have_blocks_the_flow),
		TEST(files_without_actions_can_still_bind_others),
		TEST(entries_carry_ids_names_and_where_they_come_from),
		TEST(a_flow_that_was_not_read_is_empty),
		TEST(a_display_name_of_ours_is_what_the_files_say),
		TEST(a_display_name_of_others_is_kept),
		TEST(files_can_leave_display_names_of_ours_open),
		TEST(an_external_keeps_its_display_name_unless_the_files_give_one),
		TEST(an_external_listed_twice_keeps_both_display_names),
		TEST(random_flows_lose_nobody_and_are_done_once),
		TEST(random_flows_keep_others_with_their_predecessor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
