/* Modules: what is clean, what is kept of a read, and trees that come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/value.h"
#include "json/json.h"
#include "model/tenant.h"

static const struct tn_live_module listed = {
	.id = "m-1",
	.name = "greeter",
	.created_at = "t0",
	.updated_at = "t1",
	.draft = { .code = "a" },
	.all_published = true,
	.latest_number = 2,
};

static struct tn_live_module
with_latest(const char *code)
{
	struct tn_live_module module = listed;

	module.has_latest = true;
	module.latest = (struct tn_version){ .id = "v-2", .number = 2 };
	module.latest.content.code = code;
	return module;
}

static void
a_module_is_clean_when_its_newest_version_is_its_draft(void **state TN_UNUSED)
{
	struct tn_live_module module = listed;

	assert_true(tn_live_module_clean(&module) && tn_live_module_published(&module));
	assert_ptr_equal(tn_live_module_latest(&module), &module.draft);
	module.all_published = false;
	assert_false(tn_live_module_clean(&module));
	assert_true(tn_live_module_published(&module));
	assert_null(tn_live_module_latest(&module));
	module.latest_number = 0;
	assert_false(tn_live_module_published(&module));
	/* What is there counts more than what the platform says of it. */
	module = with_latest("b");
	assert_false(tn_live_module_clean(&module));
	module = with_latest("a");
	module.all_published = false;
	assert_true(tn_live_module_clean(&module));
	assert_ptr_equal(tn_live_module_latest(&module), &module.latest.content);
}

static void
reads_of_one_module_add_up(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *live = tn_live_new();
	struct tn_live_module known = listed, latest = with_latest("a");
	struct tn_version one = { .id = "v-1", .number = 1 };
	struct tn_live_module held = { .id = "m-1",
		.has_versions = true,
		.versions = &one,
		.n_versions = 1 };
	struct tn_live_module other = { .id = "m-9" };
	struct tn_live_module more[] = { held, latest, other };
	struct tn_live from = { .modules = more, .n_modules = 3 };

	live->modules = &known;
	live->n_modules = 1;
	tn_live_take_modules(live, &from);
	assert_int_equal(live->n_modules, 1);
	assert_string_equal(known.name, "greeter");
	assert_true(known.has_latest && known.has_versions);
	assert_string_equal(known.latest.id, "v-2");
	assert_int_equal(known.n_versions, 1);
	assert_string_equal(known.versions[0].id, "v-1");
	assert_ptr_not_equal(known.versions, &one);
	assert_ptr_equal(tn_live_module(live, "greeter"), &known);
	assert_null(tn_live_module(live, "other"));
	assert_null(tn_live_module_by_id(live, "m-9"));
}

static void
check_round_trip(const struct tn_live_module *module, const char *expected)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT, again = TN_STR_INIT;
	struct tn_live_module back;

	tn_json_write(tn_live_module_to_value(arena, module), &text);
	assert_string_equal(tn_str_text(&text), expected);
	assert_int_equal(tn_live_module_from_value(arena,
			     tn_live_module_to_value(arena, module), &back, NULL),
	    0);
	tn_json_write(tn_live_module_to_value(arena, &back), &again);
	assert_string_equal(tn_str_text(&again), expected);
}

static void
a_module_comes_back_from_its_tree(void **state TN_UNUSED)
{
	const struct tn_live_module module = with_latest("b");

	check_round_trip(&listed,
	    "{\"id\":\"m-1\",\"name\":\"greeter\",\"created_at\":\"t0\",\"updated_at\":"
	    "\"t1\",\"draft\":{\"code\":\"a\",\"dependencies\":[],\"secrets\":[]},"
	    "\"all_published\":true,\"latest_number\":2}");
	check_round_trip(&module,
	    "{\"id\":\"m-1\",\"name\":\"greeter\",\"created_at\":\"t0\",\"updated_at\":"
	    "\"t1\",\"draft\":{\"code\":\"a\",\"dependencies\":[],\"secrets\":[]},"
	    "\"all_published\":true,\"latest_number\":2,\"latest\":{\"id\":\"v-2\","
	    "\"number\":2,\"deployed\":false,\"built\":false,\"content\":{\"code\":\"b\","
	    "\"dependencies\":[],\"secrets\":[]}}}");
}

static void
a_malformed_tree_is_refused(void **state TN_UNUSED)
{
	static const char *const texts[] = {
		"{}",
		"{\"id\":\"m\",\"name\":\"\",\"draft\":{\"code\":\"\",\"dependencies\":[],"
		"\"secrets\":[]},\"all_published\":true,\"latest_number\":0}",
		"{\"id\":\"m\",\"name\":\"n\",\"all_published\":true,\"latest_number\":0}",
		"{\"id\":\"m\",\"name\":\"n\",\"draft\":{\"code\":\"\",\"dependencies\":[],"
		"\"secrets\":[]},\"all_published\":1,\"latest_number\":0}",
		"{\"id\":\"m\",\"name\":\"n\",\"draft\":{\"code\":\"\",\"dependencies\":[],"
		"\"secrets\":[]},\"all_published\":true,\"latest_number\":\"x\"}",
		"{\"id\":\"m\",\"name\":\"n\",\"draft\":{\"code\":\"\",\"dependencies\":[],"
		"\"secrets\":[]},\"all_published\":true,\"latest_number\":0,\"more\":1}",
		"{\"id\":\"m\",\"name\":\"n\",\"draft\":{\"code\":\"\",\"dependencies\":[],"
		"\"secrets\":[]},\"all_published\":true,\"latest_number\":0,\"latest\":{}}",
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(texts); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		struct tn_live_module back;
		struct tn_value *value;

		assert_int_equal(tn_json_parse(arena, tn_span(texts[i]), NULL, &value,
				     NULL),
		    0);
		assert_int_equal(tn_live_module_from_value(arena, value, &back, NULL),
		    -TN_E_INPUT);
	}
}

/* --- The modules of a content ----------------------------------------------------- */

static void
uses_are_compared_as_sets_of_versions(void **state TN_UNUSED)
{
	const struct tn_module_ref a[] = { { "x", 1, "m-x", "v-1" },
		{ "y", 2, NULL, NULL } };
	const struct tn_module_ref b[] = { { "y", 2, "m-y", "v-2" },
		{ "x", 1, "m-x", "v-1" } };
	const struct tn_module_ref number[] = { { "y", 3, NULL, NULL },
		{ "x", 1, "m-x", "v-1" } };
	const struct tn_module_ref id[] = { { "y", 2, NULL, NULL },
		{ "x", 1, "m-x", "v-9" } };
	struct tn_content one = { .modules = a, .n_modules = 2 };
	struct tn_content two = { .modules = b, .n_modules = 2 };

	assert_int_equal(tn_content_differs(&one, &two), 0);
	two.n_modules = 1;
	assert_int_equal(tn_content_differs(&one, &two), TN_PART_MODULES);
	two = (struct tn_content){ .modules = number, .n_modules = 2 };
	assert_int_equal(tn_content_differs(&one, &two), TN_PART_MODULES);
	two.modules = id;
	assert_int_equal(tn_content_differs(&one, &two), TN_PART_MODULES);
	assert_ptr_equal(tn_content_module(&one, "y"), &a[1]);
	assert_null(tn_content_module(&one, "z"));
	assert_string_equal(tn_part_name(TN_PART_MODULES), "modules");
}

static void
a_content_comes_back_with_its_modules(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_module_ref refs[] = { { "y", 0, NULL, NULL },
		{ "x", 1, "m-x", "v-1" } };
	const struct tn_content content = { .code = "a",
		.modules = refs,
		.n_modules = 2 };
	struct tn_content back, copy;

	tn_json_write(tn_content_to_value(arena, &content), &text);
	assert_string_equal(tn_str_text(&text),
	    "{\"code\":\"a\",\"dependencies\":[],\"secrets\":[],\"modules\":[{\"name\":"
	    "\"x\",\"number\":1,\"module_id\":\"m-x\",\"version_id\":\"v-1\"},{\"name\":"
	    "\"y\"}]}");
	assert_int_equal(tn_content_from_value(arena,
			     tn_content_to_value(arena, &content), &back, NULL),
	    0);
	assert_int_equal(back.n_modules, 2);
	assert_int_equal(tn_content_differs(&content, &back), 0);
	tn_content_copy(arena, &copy, &content);
	assert_int_equal(tn_content_differs(&content, &copy), 0);
	assert_ptr_not_equal(copy.modules, refs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_is_clean_when_its_newest_version_is_its_draft),
		cmocka_unit_test(reads_of_one_module_add_up),
		cmocka_unit_test(a_module_comes_back_from_its_tree),
		cmocka_unit_test(a_malformed_tree_is_refused),
		cmocka_unit_test(uses_are_compared_as_sets_of_versions),
		cmocka_unit_test(a_content_comes_back_with_its_modules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
