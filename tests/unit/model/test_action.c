/* Contents and actions: what differs, what is copied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/rand.h"
#include "model/action.h"

static const struct tn_dependency axios = { .name = "axios", .version = "1.7.2" };
static const struct tn_dependency lodash = { .name = "lodash", .version = "4.17.21" };

/* A content with these dependencies and secrets. */
#define CONTENT(...) ((struct tn_content){ .code = "x", __VA_ARGS__ })
#define DEPENDENCIES(...)                                                         \
	.dependencies = (const struct tn_dependency[]){ __VA_ARGS__ },            \
	.n_dependencies = sizeof((const struct tn_dependency[]){ __VA_ARGS__ }) / \
	    sizeof(struct tn_dependency)
#define SECRETS(...)                                                         \
	.secrets = (const struct tn_secret_ref[]){ __VA_ARGS__ },            \
	.n_secrets = sizeof((const struct tn_secret_ref[]){ __VA_ARGS__ }) / \
	    sizeof(struct tn_secret_ref)
#define SECRET(n, t)                       \
	{                                  \
		.name = n, .updated_at = t \
	}

static void
assert_differs(const struct tn_content *a, const struct tn_content *b, unsigned parts)
{
	assert_int_equal(tn_content_differs(a, b), parts);
	assert_int_equal(tn_content_differs(b, a), parts);
	assert_int_equal(tn_content_differs(a, a), 0);
	assert_int_equal(tn_content_differs(b, b), 0);
}

static void
code_differs_by_its_bytes(void **state TN_UNUSED)
{
	struct tn_content a = { .code = "let a;\n" }, b = { .code = "let a;" };
	struct tn_content none = { 0 }, empty = { .code = "" };

	assert_differs(&a, &b, TN_PART_CODE);
	assert_differs(&a, &none, TN_PART_CODE);
	assert_differs(&none, &empty, 0);
}

static void
a_runtime_that_is_not_said_does_not_differ(void **state TN_UNUSED)
{
	struct tn_content a = CONTENT(.runtime = "node18"),
			  b = CONTENT(.runtime = "node22");
	struct tn_content none = CONTENT();

	assert_differs(&a, &b, TN_PART_RUNTIME);
	assert_differs(&a, &none, 0);
}

static void
dependencies_are_a_set_of_names_and_versions(void **state TN_UNUSED)
{
	struct tn_content none = CONTENT();
	struct tn_content one = CONTENT(DEPENDENCIES(axios));
	struct tn_content twice = CONTENT(DEPENDENCIES(axios, axios));
	struct tn_content both = CONTENT(DEPENDENCIES(axios, lodash));
	struct tn_content turned = CONTENT(DEPENDENCIES(lodash, axios));
	struct tn_content newer = CONTENT(
	    DEPENDENCIES({ .name = "axios", .version = "1.7.20" }));
	struct tn_content elsewhere = CONTENT(DEPENDENCIES(
	    { .name = "axios", .version = "1.7.2", .registry = "https://r.example" }));

	assert_differs(&none, &one, TN_PART_DEPENDENCIES);
	assert_differs(&one, &both, TN_PART_DEPENDENCIES);
	assert_differs(&both, &turned, 0);
	assert_differs(&one, &twice, 0);
	assert_differs(&one, &newer, TN_PART_DEPENDENCIES);
	assert_differs(&one, &elsewhere, 0);
}

static void
secrets_are_a_set_of_names_and_times_where_both_have_one(void **state TN_UNUSED)
{
	struct tn_content none = CONTENT();
	struct tn_content wanted = CONTENT(SECRETS(SECRET("A", NULL), SECRET("B", NULL)));
	struct tn_content live = CONTENT(SECRETS(SECRET("B", "t2"), SECRET("A", "t1")));
	struct tn_content later = CONTENT(SECRETS(SECRET("A", "t1"), SECRET("B", "t3")));
	struct tn_content less = CONTENT(SECRETS(SECRET("A", "t1")));
	struct tn_content other = CONTENT(SECRETS(SECRET("A", "t1"), SECRET("C", "t2")));

	assert_differs(&none, &less, TN_PART_SECRETS);
	assert_differs(&wanted, &live, 0);
	assert_differs(&live, &later, TN_PART_SECRETS);
	assert_differs(&wanted, &later, 0);
	assert_differs(&wanted, &less, TN_PART_SECRETS);
	assert_differs(&live, &other, TN_PART_SECRETS);
}

static void
fingerprints_do_not_count(void **state TN_UNUSED)
{
	struct tn_content a = CONTENT(SECRETS({ .name = "A", .fingerprint = "aa" }));
	struct tn_content b = CONTENT(SECRETS({ .name = "A", .fingerprint = "bb" }));

	assert_differs(&a, &b, 0);
}

static void
all_parts_are_told_at_once(void **state TN_UNUSED)
{
	struct tn_content a = CONTENT(.runtime = "node18", SECRETS(SECRET("A", NULL)));
	struct tn_content b = { .code = "y", .runtime = "node22", DEPENDENCIES(axios) };

	assert_differs(&a, &b,
	    TN_PART_CODE | TN_PART_RUNTIME | TN_PART_DEPENDENCIES | TN_PART_SECRETS);
}

/* Any order of the same items is equal; one item changed is not. */
static void
sets_of_any_size_and_order(void **state TN_UNUSED)
{
	enum { MOST = 60 };
	struct tn_rand rand;

	tn_rand_init(&rand, 11);
	for (int round = 0; round < 200; round++) {
		size_t n = 1 + tn_rand_below(&rand, MOST);
		struct tn_dependency items[MOST], mixed[MOST];
		char names[MOST][24];
		struct tn_content a = CONTENT(.dependencies = items, .n_dependencies = n);
		struct tn_content b = CONTENT(.dependencies = mixed, .n_dependencies = n);

		for (size_t i = 0; i < n; i++) {
			size_t j = tn_rand_below(&rand, i + 1);

			snprintf(names[i], sizeof(names[i]), "p%zu", i);
			items[i] = (struct tn_dependency){ .name = names[i],
				.version = "1" };
			mixed[i] = mixed[j];
			mixed[j] = items[i];
		}
		assert_differs(&a, &b, 0);
		mixed[tn_rand_below(&rand, n)].version = "2";
		assert_differs(&a, &b, TN_PART_DEPENDENCIES);
	}
}

static void
a_very_large_set_is_compared_in_bounded_time(void **state TN_UNUSED)
{
	enum { MANY = 50000 };
	struct tn_secret_ref *up = tn_alloc(MANY, sizeof(*up));
	struct tn_secret_ref *down = tn_alloc(MANY, sizeof(*down));
	char(*names)[24] = tn_alloc(MANY, sizeof(*names));
	struct tn_content a = CONTENT(.secrets = up, .n_secrets = MANY);
	struct tn_content b = CONTENT(.secrets = down, .n_secrets = MANY);

	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "S%zu", i);
		up[i].name = names[i];
		down[MANY - 1 - i].name = names[i];
	}
	assert_int_equal(tn_content_differs(&a, &b), 0);
	down[0].name = "T";
	assert_int_equal(tn_content_differs(&a, &b), TN_PART_SECRETS);
	tn_free(up);
	tn_free(down);
	tn_free(names);
}

static void
a_secret_is_found_by_name(void **state TN_UNUSED)
{
	struct tn_content content = CONTENT(
	    SECRETS(SECRET("A", "t1"), SECRET("B", "t2")));

	assert_string_equal(tn_content_secret(&content, "B")->updated_at, "t2");
	assert_null(tn_content_secret(&content, "a"));
	assert_null(tn_content_secret(&(struct tn_content){ 0 }, "A"));
}

static void
clean_is_what_runs_and_nothing_waiting(void **state TN_UNUSED)
{
	struct tn_live_action action = { .id = "1", .name = "a", .draft = CONTENT() };

	assert_false(tn_live_action_clean(&action));
	action.has_live = true;
	action.live.content = CONTENT();
	assert_true(tn_live_action_clean(&action));
	action.draft.code = "y";
	assert_false(tn_live_action_clean(&action));
}

static void
a_secret_written_to_the_draft_alone_is_waiting(void **state TN_UNUSED)
{
	struct tn_live_action action = {
		.has_live = true,
		.draft = CONTENT(SECRETS(SECRET("A", "t2"))),
		.live.content = CONTENT(SECRETS(SECRET("A", "t1"))),
	};

	assert_false(tn_live_action_clean(&action));
}

static void
an_installed_action_has_no_draft_that_could_wait(void **state TN_UNUSED)
{
	struct tn_live_action action = { .installed = true, .has_live = true };

	action.live.content = CONTENT(.runtime = "node22");
	assert_true(tn_live_action_clean(&action));
}

static void
a_copy_lives_alone(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	char text[] = "text";
	struct tn_dependency dependency = { .name = text,
		.version = text,
		.registry = text };
	struct tn_secret_ref secret = { .name = text, .fingerprint = text };
	struct tn_content content = {
		.code = text,
		.runtime = text,
		.dependencies = &dependency,
		.n_dependencies = 1,
		.secrets = &secret,
		.n_secrets = 1,
	};
	struct tn_live_action copy,
	    action = {
		    .id = text,
		    .name = text,
		    .trigger = { text, NULL },
		    .created_at = text,
		    .updated_at = text,
		    .build = TN_BUILD_FAILED,
		    .build_status = text,
		    .draft = content,
		    .has_live = true,
		    .live = { .id = text,
			.number = 7,
			.created_at = text,
			.built = true },
	    };

	action.live.content = content;
	tn_live_action_copy(arena, &copy, &action);
	memset(text, '#', sizeof(text) - 1);
	dependency = (struct tn_dependency){ 0 };
	secret = (struct tn_secret_ref){ 0 };

	assert_string_equal(copy.id, "text");
	assert_string_equal(copy.name, "text");
	assert_string_equal(copy.trigger.id, "text");
	assert_null(copy.trigger.version);
	assert_string_equal(copy.created_at, "text");
	assert_string_equal(copy.updated_at, "text");
	assert_int_equal(copy.build, TN_BUILD_FAILED);
	assert_string_equal(copy.build_status, "text");
	assert_true(copy.has_live);
	assert_string_equal(copy.live.id, "text");
	assert_int_equal(copy.live.number, 7);
	assert_string_equal(copy.live.created_at, "text");
	assert_true(copy.live.built);
	assert_string_equal(copy.live.content.code, "text");
	assert_string_equal(copy.draft.runtime, "text");
	assert_int_equal(copy.draft.n_dependencies, 1);
	assert_string_equal(copy.draft.dependencies[0].name, "text");
	assert_string_equal(copy.draft.dependencies[0].version, "text");
	assert_string_equal(copy.draft.dependencies[0].registry, "text");
	assert_int_equal(copy.draft.n_secrets, 1);
	assert_string_equal(copy.draft.secrets[0].name, "text");
	assert_string_equal(copy.draft.secrets[0].fingerprint, "text");
	assert_null(copy.draft.secrets[0].updated_at);
}

static void
a_copy_may_replace_what_it_was_made_from(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_live_action action = { .id = "1", .name = "a", .draft = CONTENT() };

	tn_live_action_copy(arena, &action, &action);
	assert_string_equal(action.id, "1");
	assert_string_equal(action.draft.code, "x");
}

static void
builds_have_names(void **state TN_UNUSED)
{
	assert_string_equal(tn_build_name(TN_BUILD_RUNNING), "running");
	assert_string_equal(tn_build_name(TN_BUILD_BUILT), "built");
	assert_string_equal(tn_build_name(TN_BUILD_FAILED), "failed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_differs_by_its_bytes),
		cmocka_unit_test(a_runtime_that_is_not_said_does_not_differ),
		cmocka_unit_test(dependencies_are_a_set_of_names_and_versions),
		cmocka_unit_test(
		    secrets_are_a_set_of_names_and_times_where_both_have_one),
		cmocka_unit_test(fingerprints_do_not_count),
		cmocka_unit_test(all_parts_are_told_at_once),
		cmocka_unit_test(sets_of_any_size_and_order),
		cmocka_unit_test(a_very_large_set_is_compared_in_bounded_time),
		cmocka_unit_test(a_secret_is_found_by_name),
		cmocka_unit_test(clean_is_what_runs_and_nothing_waiting),
		cmocka_unit_test(a_secret_written_to_the_draft_alone_is_waiting),
		cmocka_unit_test(an_installed_action_has_no_draft_that_could_wait),
		cmocka_unit_test(a_copy_lives_alone),
		cmocka_unit_test(a_copy_may_replace_what_it_was_made_from),
		cmocka_unit_test(builds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
