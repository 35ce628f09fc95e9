/* The digest: the same for what means the same, another for everything that counts. */
#include "scene.h"

static struct scene scene;
static char before[65];

/* A plan with something of everything in it, and its digest. */
static int
setup(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_init(&scene);
	scene_rich(&scene);
	plan = scene_plan(&scene);
	memcpy(before, plan->digest, sizeof(before));
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	scene_done(&scene);
	return 0;
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
same(void)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = scene_plan(&scene);

	assert_string_equal(plan->digest, before);
}

static void
another(void)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = scene_plan(&scene);

	assert_string_not_equal(plan->digest, before);
}

static void
it_is_64_hexadecimal_digits(void **state TN_UNUSED)
{
	assert_int_equal(strlen(before), 64);
	assert_int_equal(strspn(before, "0123456789abcdef"), 64);
	same();
}

static void
the_order_of_the_tenants_list_does_not_count(void **state TN_UNUSED)
{
	for (size_t i = 0; i < scene.n_live / 2; i++) {
		struct tn_live_action *swap = scene.live[i];

		scene.live[i] = scene.live[scene.n_live - 1 - i];
		scene.live[scene.n_live - 1 - i] = swap;
	}
	same();
}

static void
the_order_of_packages_and_secrets_does_not_count(void **state TN_UNUSED)
{
	struct tn_content *content = &wanted("created")->content;

	*content = (struct tn_content){ .code = content->code,
		.runtime = content->runtime };
	scene_depends(&scene, content, "uuid", "9.0.0");
	scene_depends(&scene, content, "axios", "1.7.2");
	scene_secret(&scene, content, "TOKEN", 'b', NULL);
	scene_secret(&scene, content, "KEY", 'a', NULL);
	same();
}

static void
times_do_not_count(void **state TN_UNUSED)
{
	live("changed")->updated_at = "2026-03-03T00:00:00.000Z";
	live("changed")->created_at = "2025-03-03T00:00:00.000Z";
	live("drafted")->live.created_at = "2025-03-03T00:00:00.000Z";
	same();
}

/* A draft that has been built meanwhile is the same draft. */
static void
states_of_builds_do_not_count(void **state TN_UNUSED)
{
	live("drafted")->build = TN_BUILD_RUNNING;
	live("drafted")->build_status = "building";
	same();
}

static void
the_id_of_the_key_does_not_count(void **state TN_UNUSED)
{
	scene.key = "0123456789abcdef";
	same();
}

/* Also of an action that has nothing else to be done. */
static void
a_secret_that_is_checked_later_counts(void **state TN_UNUSED)
{
	struct tn_live_action *there = live("adopted");

	scene_secret(&scene, &there->draft, "SALT", 0, "2026-01-01T00:00:00.000Z");
	scene_secret(&scene, &there->live.content, "SALT", 0, "2026-01-01T00:00:00.000Z");
	scene_knows(&scene, "adopted", "SALT", 'c', "2026-01-01T00:00:00.000Z");
	scene_secret(&scene, &wanted("adopted")->content, "SALT", 'c', NULL);
	same();
	wanted("adopted")->content.n_secrets = 0;
	scene_secret(&scene, &wanted("adopted")->content, "SALT", 0, NULL);
	another();
}

static void
code_counts(void **state TN_UNUSED)
{
	wanted("changed")->content.code = "changed again;\n";
	another();
}

static void
the_runtime_counts(void **state TN_UNUSED)
{
	wanted("created")->content.runtime = "node18-actions";
	another();
}

static void
the_version_of_a_package_counts(void **state TN_UNUSED)
{
	struct tn_content *content = &wanted("created")->content;

	content->n_dependencies = 1;
	scene_depends(&scene, content, "uuid", "9.0.1");
	another();
}

static void
the_fingerprint_of_a_secret_counts(void **state TN_UNUSED)
{
	struct tn_content *content = &wanted("changed")->content;

	content->n_secrets = 0;
	scene_secret(&scene, content, "SALT", 'e', NULL);
	another();
}

static void
a_secret_that_is_not_at_hand_counts_as_such(void **state TN_UNUSED)
{
	struct tn_content *content = &wanted("created")->content;

	content->n_secrets = 1;
	scene_secret(&scene, content, "TOKEN", 0, NULL);
	another();
}

static void
the_name_of_a_secret_counts(void **state TN_UNUSED)
{
	struct tn_content *content = &wanted("created")->content;

	content->n_secrets = 1;
	scene_secret(&scene, content, "TOKEM", 'b', NULL);
	another();
}

static void
the_version_that_is_expected_to_run_counts(void **state TN_UNUSED)
{
	live("drafted")->live.id = "v-drafted-2";
	another();
}

static void
the_code_that_is_expected_to_run_counts(void **state TN_UNUSED)
{
	live("changed")->live.content.code = "older;\n";
	live("changed")->draft.code = "older;\n";
	another();
}

static void
the_id_of_an_action_counts(void **state TN_UNUSED)
{
	live("changed")->id = "id-other";
	for (size_t i = 0; i < scene.n_owned; i++)
		if (strcmp(scene.owned[i].id, "id-changed") == 0)
			scene.owned[i].id = "id-other";
	another();
}

static void
the_order_of_bindings_counts(void **state TN_UNUSED)
{
	scene.n_want_flows = 0;
	scene_wants_flow(&scene, "post-login", "changed created earlier");
	another();
}

static void
the_display_name_of_a_binding_counts(void **state TN_UNUSED)
{
	struct tn_want_entry entries[3];

	memcpy(entries, scene.want_flows[0].entries, sizeof(entries));
	entries[1].display_name = "Shown so";
	scene.want_flows[0].entries = entries;
	another();
}

static void
the_order_that_is_expected_counts(void **state TN_UNUSED)
{
	scene.n_live_flows = 0;
	scene_has_flow(&scene, "post-login", "drafted earlier");
	another();
}

/* Another one with the same content is not what was approved. */
static void
the_id_of_the_version_to_roll_back_to_counts(void **state TN_UNUSED)
{
	struct tn_version version = scene.versions[0].versions[0];

	version.id = "v-other";
	scene.versions[0].versions = &version;
	another();
}

static void
the_version_to_roll_back_to_counts(void **state TN_UNUSED)
{
	scene.n_versions = 0;
	scene_version(&scene, "earlier", 8, "earlier;\n");
	another();
}

static void
the_tenant_counts(void **state TN_UNUSED)
{
	scene.tenant = "prod";
	another();
}

static void
where_the_tenant_is_counts(void **state TN_UNUSED)
{
	scene.base_url = "https://other.example";
	another();
}

static void
the_project_counts(void **state TN_UNUSED)
{
	scene.project = "other";
	another();
}

static void
what_is_adopted_counts(void **state TN_UNUSED)
{
	scene.owned[scene.n_owned++] = (struct tn_owned){ "adopted", "id-adopted" };
	another();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_64_hexadecimal_digits),
		TEST(the_order_of_the_tenants_list_does_not_count),
		TEST(the_order_of_packages_and_secrets_does_not_count),
		TEST(times_do_not_count),
		TEST(states_of_builds_do_not_count),
		TEST(the_id_of_the_key_does_not_count),
		TEST(a_secret_that_is_checked_later_counts),
		TEST(code_counts),
		TEST(the_runtime_counts),
		TEST(the_version_of_a_package_counts),
		TEST(the_fingerprint_of_a_secret_counts),
		TEST(a_secret_that_is_not_at_hand_counts_as_such),
		TEST(the_name_of_a_secret_counts),
		TEST(the_version_that_is_expected_to_run_counts),
		TEST(the_code_that_is_expected_to_run_counts),
		TEST(the_id_of_an_action_counts),
		TEST(the_order_of_bindings_counts),
		TEST(the_display_name_of_a_binding_counts),
		TEST(the_order_that_is_expected_counts),
		TEST(the_version_to_roll_back_to_counts),
		TEST(the_id_of_the_version_to_roll_back_to_counts),
		TEST(the_tenant_counts),
		TEST(where_the_tenant_is_counts),
		TEST(the_project_counts),
		TEST(what_is_adopted_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
