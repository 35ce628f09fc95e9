/* A plan as a tree and back: the journal holds it, so nothing malformed may get in. */
#include "scene.h"

#include "base/error.h"
#include "base/rand.h"
#include "base/value.h"
#include "json/json.h"

#define MUTATIONS 1000

static struct scene scene;
static struct tn_plan *plan;
static struct tn_value *tree; /* of the plan, in the scene's arena */

static int
setup(void **state TN_UNUSED)
{
	scene_init(&scene);
	scene_rich(&scene);
	plan = scene_plan(&scene);
	tree = tn_plan_to_value(scene.arena, plan);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_plan_free(plan);
	scene_done(&scene);
	return 0;
}

static void
bytes_of(const struct tn_plan *of, struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();

	tn_json_write(tn_plan_to_value(arena, of), out);
}

static void
what_was_written_comes_back_as_it_was(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str first = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str second = TN_STR_INIT;
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *parsed;

	bytes_of(plan, &first);
	/* By way of bytes, as the journal does it. */
	assert_int_equal(tn_json_parse(scene.arena, tn_str_span(&first), NULL, &parsed,
			     &err),
	    0);
	assert_int_equal(tn_plan_from_value(parsed, &back, &err), 0);
	bytes_of(back, &second);
	assert_string_equal(tn_str_text(&first), tn_str_text(&second));
	assert_string_equal(back->digest, plan->digest);
	assert_int_equal(back->n_steps, plan->n_steps);
	assert_true(step_of(back, TN_STEP_CREATE, "plain")->deploy_at_once);
	assert_int_equal(back->counts.adopt, 1);
}

static void
an_empty_plan_comes_back_too(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *empty = NULL;
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct scene none;

	scene_init(&none);
	empty = scene_plan(&none);
	scene_done(&none);
	assert_int_equal(tn_plan_from_value(tn_plan_to_value(arena, empty), &back, NULL),
	    0);
	assert_int_equal(back->n_steps, 0);
}

static void
refused(const char *what)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_plan *back = NULL;
	int r = tn_plan_from_value(tree, &back, &err);

	if (r == 0)
		fail_msg("accepted: %s", what);
	assert_int_equal(r, -TN_E_INPUT);
	assert_non_null(err.message);
	assert_null(back);
}

/* Members that may be left out, each for a reason of its own. */
static bool
may_miss(const char *key)
{
	static const char *const keys[] = { "action_id", "before", "irreversible",
		"fingerprint", "display_name", "registry", "updated_at", "created_at",
		"build_status", "runtime", "live", "version" };

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static void each_member_missing(struct tn_value *value);

static void
member_missing(struct tn_value *object, size_t at)
{
	struct tn_member saved = object->as.members[at];

	if (!may_miss(saved.key)) {
		/* No reader looks for a member of this name. */
		object->as.members[at].key = "";
		refused(saved.key);
		object->as.members[at] = saved;
	}
	each_member_missing(saved.value);
}

static void
each_member_missing(struct tn_value *value)
{
	for (size_t i = 0; i < tn_value_count(value); i++) {
		if (value->kind == TN_VALUE_OBJECT)
			member_missing(value, i);
		else
			each_member_missing(value->as.items[i]);
	}
}

static void
a_member_that_is_missing_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;

	each_member_missing(tree);
	/* And the tree is whole again. */
	assert_int_equal(tn_plan_from_value(tree, &back, NULL), 0);
}

/* Every value in turn becomes each of some others. */
static void
each_value_another(struct tn_value *value, const char *what)
{
	struct tn_value saved = *value;
	struct tn_value *others[] = { tn_value_null(scene.arena),
		tn_value_bool(scene.arena, true), tn_value_int(scene.arena, -1),
		tn_value_number(scene.arena, "1.5", 3), tn_value_string(scene.arena, "?"),
		tn_value_array(scene.arena), tn_value_object(scene.arena) };

	for (size_t i = 0; i < TN_ARRAY_LEN(others); i++) {
		if (others[i]->kind == saved.kind)
			continue;
		*value = *others[i];
		refused(what);
	}
	*value = saved;
	for (size_t i = 0; i < tn_value_count(value); i++) {
		if (value->kind == TN_VALUE_OBJECT)
			each_value_another(value->as.members[i].value,
			    value->as.members[i].key);
		else
			each_value_another(value->as.items[i], what);
	}
}

static void
a_value_of_another_kind_is_refused(void **state TN_UNUSED)
{
	each_value_another(tree, "the plan");
}

static struct tn_value *
step_value(const char *kind)
{
	const struct tn_value *steps = tn_value_get(tree, "steps");

	for (size_t i = 0; i < tn_value_count(steps); i++)
		if (tn_text_equal(tn_value_get_text(tn_value_at(steps, i), "kind"), kind))
			return steps->as.items[i];
	return NULL;
}

static void
replace(struct tn_value *object, const char *key, struct tn_value *value)
{
	struct tn_value *at = (struct tn_value *)(uintptr_t)tn_value_get(object, key);

	assert_non_null(at);
	*at = *value;
}

static void
another_format_is_refused(void **state TN_UNUSED)
{
	replace(tree, "format", tn_value_int(scene.arena, TN_PLAN_FORMAT + 1));
	refused("another format");
}

static void
unknown_words_are_refused(void **state TN_UNUSED)
{
	static const char *const keys[] = { "kind", "inverse" };

	for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
		replace(step_value("update"), keys[i],
		    tn_value_string(scene.arena, "other"));
		refused(keys[i]);
		teardown(NULL);
		setup(NULL);
	}
}

static void
a_digest_that_is_none_is_refused(void **state TN_UNUSED)
{
	char digest[66];

	memset(digest, 'a', sizeof(digest));
	digest[63] = '\0';
	replace(tree, "digest", tn_value_string(scene.arena, digest));
	refused("63 digits");
	digest[63] = 'a';
	digest[65] = '\0';
	replace(tree, "digest", tn_value_string(scene.arena, digest));
	refused("65 digits");
	digest[64] = '\0';
	digest[10] = 'g';
	replace(tree, "digest", tn_value_string(scene.arena, digest));
	refused("no hexadecimal digit");
}

static void
steps_out_of_order_are_refused(void **state TN_UNUSED)
{
	struct tn_value *steps = (struct tn_value *)(uintptr_t)tn_value_get(tree,
	    "steps");
	struct tn_value *first = steps->as.items[0];

	steps->as.items[0] = steps->as.items[1];
	steps->as.items[1] = first;
	refused("order");
}

/* What comes before a change must be there: undo and comparison stand on it. */
static void
a_change_without_what_was_before_is_refused(void **state TN_UNUSED)
{
	static const char *const kinds[] = { "update", "rollback" };
	static const char *const keys[] = { "before", "action_id" };

	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++)
		for (size_t k = 0; k < TN_ARRAY_LEN(keys); k++) {
			struct tn_value *step = step_value(kinds[i]);

			for (size_t m = 0; m < step->count; m++) {
				struct tn_member *member = &step->as.members[m];

				if (strcmp(member->key, keys[k]) != 0)
					continue;
				member->key = "left-out";
				refused(keys[k]);
				member->key = keys[k];
			}
		}
}

static void
no_inverse_without_a_reason(void **state TN_UNUSED)
{
	replace(step_value("update"), "inverse", tn_value_string(scene.arena, "none"));
	refused("no inverse, and no reason");
}

/* Whatever is accepted is a plan: it can be used and written again. */
static bool
try_tree(const struct tn_value *value)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	enum tn_op_kind ops[TN_OP__COUNT];

	if (tn_plan_from_value(value, &back, &err) < 0) {
		assert_true(tn_error_is_set(&err));
		return false;
	}
	assert_true(tn_plan_operations(back, ops) > 0);
	bytes_of(back, &bytes);
	return true;
}

static void
mutated_bytes_are_refused_or_are_a_plan(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str good = TN_STR_INIT;
	struct tn_rand rand;
	unsigned parsed = 0, accepted = 0;

	bytes_of(plan, &good);
	tn_rand_init(&rand, 1);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
		struct tn_value *value;

		tn_str_add_bytes(&bytes, good.ptr, good.len);
		for (uint64_t n = 1 + tn_rand_below(&rand, 2); n > 0; n--)
			bytes.ptr[tn_rand_below(&rand, bytes.len)] =
			    "0a\"{[},]:-x\\"[tn_rand_below(&rand, 12)];
		if (tn_json_parse(arena, tn_str_span(&bytes), NULL, &value, NULL) < 0)
			continue;
		parsed++;
		accepted += try_tree(value);
	}
	/* The mutations reached both sides. */
	assert_true(accepted > 0);
	assert_true(parsed > accepted);
}

static struct tn_value *
any_value(struct tn_rand *rand, struct tn_value *value)
{
	while (tn_value_count(value) > 0 && !tn_rand_one_in(rand, 8)) {
		size_t i = (size_t)tn_rand_below(rand, value->count);

		value = value->kind == TN_VALUE_OBJECT ? value->as.members[i].value
						       : value->as.items[i];
	}
	return value;
}

static void
mutated_trees_are_refused_or_are_a_plan(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 2);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		struct tn_value *copy = tn_value_clone(arena, tree);
		struct tn_value *from = any_value(&rand, tree);
		struct tn_value *to = any_value(&rand, copy);

		/* A part of it stands somewhere else, too. */
		*to = *tn_value_clone(arena, from);
		try_tree(copy);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_comes_back_as_it_was),
		TEST(an_empty_plan_comes_back_too),
		TEST(a_member_that_is_missing_is_refused),
		TEST(a_value_of_another_kind_is_refused),
		TEST(another_format_is_refused),
		TEST(unknown_words_are_refused),
		TEST(a_digest_that_is_none_is_refused),
		TEST(steps_out_of_order_are_refused),
		TEST(a_change_without_what_was_before_is_refused),
		TEST(no_inverse_without_a_reason),
		TEST(mutated_bytes_are_refused_or_are_a_plan),
		TEST(mutated_trees_are_refused_or_are_a_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
