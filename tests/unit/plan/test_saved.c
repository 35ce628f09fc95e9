/* A plan in a file, what is refused as one, and what is said to have moved since. */
#include "scene.h"

#include "base/error.h"
#include "base/rand.h"
#include "base/value.h"
#include "json/json.h"
#include "plan/saved.h"

#define MUTATIONS 2000

static const struct tn_plan_origin origin = {
	.run_id = "20260504T030201Z-0a1b2c",
	.made_at = "2026-05-04T03:02:01Z",
	.source = "infra/login",
	.commit = "0123456789abcdef0123456789abcdef01234567",
	.dirty = true,
};

static struct scene scene;
static struct tn_str file, told;
static struct tn_saved_plan *saved;
static struct tn_error why;

static void
write_file(void *arg TN_UNUSED, struct tn_plan **plan, const struct tn_diff *diff)
{
	assert_non_null(*plan);
	tn_saved_plan_write(*plan, diff, &origin, &file);
}

static int
setup(void **state TN_UNUSED)
{
	scene_init(&scene);
	scene.key = "0123456789abcdef";
	scene_rich(&scene);
	scene_with(&scene, write_file, NULL);
	assert_int_equal(tn_saved_plan_read(tn_str_span(&file), &saved, &why), 0);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	tn_saved_plan_free(tn_take(saved));
	tn_str_done(&file);
	tn_str_done(&told);
	tn_error_done(&why);
	scene_done(&scene);
	return 0;
}

static void
what_was_saved_comes_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = scene_plan(&scene);

	assert_string_equal(saved->digest, plan->digest);
	assert_string_equal(saved->tenant, scene.tenant);
	assert_string_equal(saved->provider, "auth0");
	assert_string_equal(saved->base_url, scene.base_url);
	assert_string_equal(saved->project, scene.project);
	assert_string_equal(saved->key, "0123456789abcdef");
	assert_string_equal(saved->origin.run_id, origin.run_id);
	assert_string_equal(saved->origin.made_at, origin.made_at);
	assert_string_equal(saved->origin.source, origin.source);
	assert_string_equal(saved->origin.commit, origin.commit);
	assert_true(saved->origin.dirty);
	assert_false(saved->origin.overwrite_drafts);
	assert_int_equal(saved->n_later, 0);
	assert_int_equal(tn_value_count(tn_value_get(saved->core, "steps")),
	    plan->n_steps);
}

static void
no_code_is_in_the_file(void **state TN_UNUSED)
{
	assert_null(strstr(tn_str_text(&file), "plain;"));
	assert_null(strstr(tn_str_text(&file), "old;"));
	assert_non_null(strstr(tn_str_text(&file), "\"code\": \"sha256:"));
}

/* Another layout of the same JSON is the same plan. */
static void
the_form_of_the_json_does_not_count(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_saved_plan_freep) struct tn_saved_plan *back = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str compact = TN_STR_INIT;
	struct tn_value *tree;

	assert_int_equal(tn_json_parse(scene.arena, tn_str_span(&file), NULL, &tree,
			     NULL),
	    0);
	tn_json_write_canonical(tree, &compact);
	assert_int_equal(tn_saved_plan_read(tn_str_span(&compact), &back, &why), 0);
	assert_string_equal(back->digest, saved->digest);
}

static void
what_is_deferred_is_known(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_saved_plan_freep) struct tn_saved_plan *back = NULL;

	scene_secret(&scene, &scene_want(&scene, "late", "late;\n")->content, "LATER", 0,
	    NULL);
	tn_str_clear(&file);
	scene_with(&scene, write_file, NULL);
	assert_int_equal(tn_saved_plan_read(tn_str_span(&file), &back, &why), 0);
	assert_int_equal(back->n_later, 1);
	assert_true(tn_saved_plan_defers(back, "action", "late", "LATER"));
	assert_false(tn_saved_plan_defers(back, "action", "late", "KEY"));
	assert_true(tn_saved_plan_defers(back, "action", "late", NULL));
	assert_false(tn_saved_plan_defers(back, "action", "created", "LATER"));
	assert_false(tn_saved_plan_defers(back, "module", "late", "LATER"));
	assert_false(tn_saved_plan_defers(back, "action", "lat", NULL));
}

/* Hostile files. */

static void
refused(enum tn_error_kind kind, const char *text)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_saved_plan *back = NULL;
	int r = tn_saved_plan_read(tn_span(text), &back, &err);

	if (r == 0)
		fail_msg("accepted: %s", text);
	assert_int_equal(r, -(int)kind);
	assert_int_equal(err.kind, kind);
	assert_null(back);
}

/* The first `from` in the file becomes `to`. */
static void
refused_with(enum tn_error_kind kind, const char *from, const char *to)
{
	TN_CLEANUP(tn_str_done) struct tn_str edited = TN_STR_INIT;
	const char *text = tn_str_text(&file);
	const char *at = strstr(text, from);

	assert_non_null(at);
	tn_str_add_bytes(&edited, text, (size_t)(at - text));
	tn_str_add(&edited, to);
	tn_str_add(&edited, at + strlen(from));
	refused(kind, tn_str_text(&edited));
}

static void
what_is_no_plan_is_refused(void **state TN_UNUSED)
{
	refused(TN_E_INPUT, "");
	refused(TN_E_INPUT, "[]");
	refused(TN_E_INPUT, "{}");
	refused(TN_E_INPUT, "{\"tenon_plan\":1}");
	refused(TN_E_INPUT, "{\"tenon_plan\":\"1\"}");
	refused(TN_E_INPUT, "{\"tenon_plan\":1,\"tenon_plan\":1}");
	refused(TN_E_INPUT, "tenon: 1\nproject: acme\n");
	refused_with(TN_E_INPUT, "\"tenon_plan\": 1", "\"tenon_plan\": 2");
	refused_with(TN_E_INPUT, "\"dirty\": true", "\"dirty\": 1");
	refused_with(TN_E_INPUT, "\"dirty\": true", "\"dirty\": true, \"more\": 1");
	refused_with(TN_E_INPUT, "\"run\": \"", "\"ran\": \"");
	refused_with(TN_E_INPUT, "\"commit\": \"", "\"commit\": 1, \"source\": \"");
	refused_with(TN_E_INPUT, "\"plan\": {", "\"plan\": [], \"x\": {");
	refused_with(TN_E_INPUT, "\"basis\": {", "\"basis\": 1, \"digest\": {");
}

/* Whatever is changed in what is to be done. */
static void
what_was_edited_is_told(void **state TN_UNUSED)
{
	refused_with(TN_E_CONFLICT, "\"kind\": \"create\"", "\"kind\": \"update\"");
	refused_with(TN_E_CONFLICT, "sha256:", "sha256:0");
	refused_with(TN_E_CONFLICT, "\"name\": \"created\"", "\"name\": \"creates\"");
	refused_with(TN_E_CONFLICT, "\"format\": 1", "\"format\": 1, \"more\": 1");
	refused_with(TN_E_CONFLICT, "\"digest\": \"", "\"digest\": \"0");
	refused_with(TN_E_CONFLICT, "\"checked_at_apply\": []",
	    "\"checked_at_apply\": [{\"resource\": \"action/plain\", \"secret\": \"KEY\"}]");
	refused_with(TN_E_INPUT, "\"checked_at_apply\": []", "\"checked_at_apply\": [1]");
}

static void
what_is_too_large_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str deep = TN_STR_INIT;

	for (unsigned i = 0; i < 100; i++)
		tn_str_add(&deep, "[");
	refused(TN_E_LIMIT, tn_str_text(&deep));
}

static void
look(void *arg TN_UNUSED, struct tn_plan **plan, const struct tn_diff *diff)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	size_t n;

	(void)tn_saved_plan_moved(saved, *plan, diff, arena, &n);
	assert_true(n > 0);
}

/* No byte of the file makes anything but a refusal or a plan that can be compared. */
static void
any_byte_may_be_another(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 7);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		size_t at = (size_t)tn_rand_below(&rand, file.len);
		char was = file.ptr[at];
		int r;

		tn_saved_plan_free(tn_take(saved));
		file.ptr[at] = (char)tn_rand_below(&rand, 256);
		r = tn_saved_plan_read(tn_str_span(&file), &saved, &err);
		assert_true(r == 0 || r == -TN_E_INPUT || r == -TN_E_CONFLICT);
		assert_int_equal(tn_error_is_set(&err), r < 0);
		if (r == 0)
			scene_with(&scene, look, NULL);
		file.ptr[at] = was;
	}
}

/* What moved. */

static void
tell(void *arg TN_UNUSED, struct tn_plan **plan, const struct tn_diff *diff)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	size_t n;
	const struct tn_moved *moved = tn_saved_plan_moved(saved, *plan, diff, arena, &n);

	for (size_t i = 0; i < n; i++)
		tn_str_addf(&told, "%s %s: %s\n", tn_moved_kind_name(moved[i].kind),
		    moved[i].resource, moved[i].message);
}

static void
moved_is(const char *text)
{
	scene_with(&scene, tell, NULL);
	assert_string_equal(tn_str_text(&told), text);
	tn_str_clear(&told);
}

static struct tn_want_action *
wanted(const char *name)
{
	for (size_t i = 0; i < scene.n_want; i++)
		if (strcmp(scene.want[i]->name, name) == 0)
			return scene.want[i];
	return NULL;
}

static struct tn_live_action *
live(const char *name)
{
	for (size_t i = 0; i < scene.n_live; i++)
		if (strcmp(scene.live[i]->name, name) == 0)
			return scene.live[i];
	return NULL;
}

static void
what_the_files_want_may_move(void **state TN_UNUSED)
{
	wanted("plain")->content.code = "other;\n";
	wanted("plain")->trigger.version = "v2";
	wanted("created")->content.n_dependencies--;
	moved_is("files action/created: the files want something else: dependencies\n"
		 "files action/plain: the files want something else: code, "
		 "trigger_version\n");
}

/* Neither what a test is run with nor what it expects is in the file. */
static void
tests_may_move(void **state TN_UNUSED)
{
	struct tn_value *then = tn_value_object(scene.arena);
	struct tn_value *now = tn_value_object(scene.arena);
	struct tn_want_test test = { .payload_path = "a.json",
		.payload = then,
		.expect = then };

	tn_value_set_text(scene.arena, then, "event", "pasted-value");
	tn_value_set_text(scene.arena, now, "event", "another-value");
	wanted("changed")->tests = &test;
	wanted("changed")->n_tests = 1;
	tn_saved_plan_free(tn_take(saved));
	tn_str_clear(&file);
	scene_with(&scene, write_file, NULL);
	assert_int_equal(tn_saved_plan_read(tn_str_span(&file), &saved, &why), 0);
	assert_null(strstr(tn_str_text(&file), "pasted-value"));
	test.payload = now;
	moved_is("files action/changed: the files want something else: tests\n");
	test.payload = then;
	test.expect = now;
	moved_is("files action/changed: the files want something else: tests\n");
}

static void
what_runs_may_move(void **state TN_UNUSED)
{
	live("changed")->live.content.code = "theirs;\n";
	live("changed")->draft.code = "theirs;\n";
	live("changed")->live.number = 2;
	live("drafted")->has_live = false;
	live("adopted")->id = "id-other";
	moved_is("tenant action/adopted: it is another action of the same name\n"
		 "tenant action/changed: it is at version 2 and not at 1, with another "
		 "code\n"
		 "tenant action/changed: its draft has another code\n"
		 "tenant action/drafted: it has no version any more\n");
}

static void
what_is_ours_may_move(void **state TN_UNUSED)
{
	scene.n_owned++;
	moved_is("state action/adopted: it is ours by now, or another project's\n");
}

static void
secrets_may_move(void **state TN_UNUSED)
{
	scene.secrets[0].updated_at = "2026-02-02T00:00:00.000Z";
	wanted("created")->content.n_secrets = 0;
	scene_secret(&scene, &wanted("created")->content, "KEY", 'f', NULL);
	moved_is(
	    "secret action/changed: the secret SALT was written by somebody else "
	    "meanwhile\n"
	    "secret action/created: the secret KEY has another value now\n"
	    "secret action/created: the secret TOKEN is neither wanted nor there any "
	    "more\n");
}

/* What is not among what both were made from stands in the steps. */
static void
what_else_moved_is_told_by_step(void **state TN_UNUSED)
{
	scene.n_versions = 0;
	scene_version(&scene, "earlier", 8, "earlier;\n");
	moved_is("plan rollback of earlier: version_id is not what it was\n"
		 "plan rollback of earlier: version_number is not what it was\n");
	scene.n_versions = 0;
	moved_is("plan update of earlier: the plan does not have this step\n"
		 "plan deploy of earlier: the plan does not have this step\n"
		 "plan rollback of earlier: this step is not needed any more\n");
}

static void
what_blocks_it_now_is_told(void **state TN_UNUSED)
{
	live("earlier")->draft.code = "theirs;\n";
	live("earlier")->updated_at = NULL;
	moved_is("tenant action/earlier: its draft has another code\n"
		 "plan action/earlier: it cannot be changed now: it has a draft that is "
		 "not ours and would be overwritten\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_saved_comes_back),
		TEST(no_code_is_in_the_file),
		TEST(the_form_of_the_json_does_not_count),
		TEST(what_is_deferred_is_known),
		TEST(what_is_no_plan_is_refused),
		TEST(what_was_edited_is_told),
		TEST(what_is_too_large_is_refused),
		TEST(any_byte_may_be_another),
		TEST(what_the_files_want_may_move),
		TEST(tests_may_move),
		TEST(what_runs_may_move),
		TEST(what_is_ours_may_move),
		TEST(secrets_may_move),
		TEST(what_else_moved_is_told_by_step),
		TEST(what_blocks_it_now_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
