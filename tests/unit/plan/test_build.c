/* Steps, their order, their way back and what they cost. */
#include "base/value.h"
#include "scene.h"

static struct scene scene;

static int
setup(void **state TN_UNUSED)
{
	scene_init(&scene);
	return 0;
}

static int
teardown(void **state TN_UNUSED)
{
	scene_done(&scene);
	return 0;
}

static void
creates_stand_before_updates_and_both_by_name(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "bravo", "1", "2");
	scene_want(&scene, "zulu", "z");
	scene_both(&scene, "alpha", "1", "2");
	scene_want(&scene, "yankee", "y");
	plan = scene_plan(&scene);
	steps_are(plan,
	    "create yankee, create zulu, update alpha, update bravo, deploy alpha, "
	    "deploy bravo");
	assert_int_equal(plan->counts.create, 2);
	assert_int_equal(plan->counts.update, 2);
	/* The deploys belong to the updates: they are not counted again. */
	assert_int_equal(plan->counts.deploy, 0);
}

static void
deploys_follow_the_flows_by_trigger_and_position(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "2");
	scene_both(&scene, "b", "1", "2");
	scene_both(&scene, "c", "1", "2");
	scene_both(&scene, "loose", "1", "2");
	scene_both(&scene, "free", "1", "2");
	scene_wants_flow(&scene, "post-login", "b a");
	scene_has_flow(&scene, "post-login", "b a");
	scene_wants_flow(&scene, "credentials-exchange", "c");
	scene_has_flow(&scene, "credentials-exchange", "c");
	plan = scene_plan(&scene);
	steps_are(plan,
	    "update a, update b, update c, update free, update loose, deploy c, "
	    "deploy b, deploy a, deploy free, deploy loose");
}

static void
binds_come_last_by_trigger_and_only_where_something_differs(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	const struct tn_step *bind;

	scene_want(&scene, "new", "n");
	scene_both(&scene, "old", "1", "1");
	scene_wants_flow(&scene, "post-login", "new old");
	scene_has_flow(&scene, "post-login", "old");
	scene_wants_flow(&scene, "credentials-exchange", "");
	scene_has_flow(&scene, "credentials-exchange", "old");
	scene_wants_flow(&scene, "pre-user-registration", "old");
	scene_has_flow(&scene, "pre-user-registration", "old");
	plan = scene_plan(&scene);
	steps_are(plan, "create new, bind credentials-exchange, bind post-login");
	bind = step_of(plan, TN_STEP_BIND, "post-login");
	assert_string_equal(bind->trigger.id, "post-login");
	assert_int_equal(bind->flow_before.n_bindings, 1);
	assert_int_equal(bind->flow_after.n_bindings, 2);
	/* What this plan creates has no id yet. */
	assert_string_equal(bind->flow_after.bindings[0].action_name, "new");
	assert_null(bind->flow_after.bindings[0].action_id);
	assert_string_equal(bind->flow_after.bindings[1].action_id, "id-old");
	assert_int_equal(bind->inverse, TN_INVERSE_REBIND);
	assert_int_equal(plan->counts.bind, 2);
}

static void
only_without_packages_an_action_is_deployed_as_it_is_created(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_want_action *heavy = scene_want(&scene, "heavy", "h");

	scene_want(&scene, "light", "l");
	scene_depends(&scene, &heavy->content, "axios", "1.7.2");
	plan = scene_plan(&scene);
	steps_are(plan, "create heavy, create light, deploy heavy");
	assert_false(step_of(plan, TN_STEP_CREATE, "heavy")->deploy_at_once);
	assert_true(step_of(plan, TN_STEP_CREATE, "light")->deploy_at_once);
	assert_null(step_of(plan, TN_STEP_DEPLOY, "heavy")->action_id);
	assert_false(step_of(plan, TN_STEP_DEPLOY, "heavy")->has_before);
}

/* An object with that text. */
static const struct tn_value *
object(const char *text)
{
	struct tn_value *out = tn_value_object(scene.arena);

	tn_value_set_text(scene.arena, out, "event", text);
	return out;
}

static void
tests_come_between_drafts_and_what_goes_live(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	TN_CLEANUP(tn_plan_freep) struct tn_plan *back = NULL;
	const struct tn_want_test tests[] = { { .payload_path = "a.json",
						  .payload = object("a") },
		{ .payload_path = "b.json",
		    .payload = object("b"),
		    .expect = object("c") } };
	struct tn_want_action *new = scene_want(&scene, "new", "n");
	struct tn_want_action *old = scene_both(&scene, "old", "1", "2");
	struct tn_want_action *same = scene_both(&scene, "same", "1", "1");
	struct tn_want_action *past = scene_both(&scene, "past", "2", "1");
	const struct tn_step *step;

	new->tests = old->tests = same->tests = past->tests = tests;
	new->n_tests = old->n_tests = 2;
	same->n_tests = past->n_tests = 1;
	scene_version(&scene, "past", 7, "1");
	plan = scene_plan(&scene);
	steps_are(plan,
	    "create new, update old, test new, test new, test old, test old, "
	    "deploy new, deploy old, rollback past");
	assert_int_equal(plan->counts.test, 4);
	assert_false(plan->steps[0].deploy_at_once);
	assert_null(plan->steps[2].action_id);
	step = &plan->steps[5];
	assert_string_equal(step->action_id, "id-old");
	assert_string_equal(step->after.code, "2");
	assert_false(tn_step_changes(step->kind));
	assert_int_equal(tn_plan_from_value(tn_plan_to_value(scene.arena, plan), &back,
			     NULL),
	    0);
	step = &back->steps[5];
	assert_int_equal(step->kind, TN_STEP_TEST);
	assert_string_equal(step->payload_path, "b.json");
	assert_true(tn_value_equal(step->payload, tests[1].payload));
	assert_true(tn_value_equal(step->expect, tests[1].expect));
	assert_null(back->steps[4].expect);
	assert_int_equal(back->counts.test, 4);
}

static void
a_draft_that_is_wanted_is_only_deployed(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "live", "wanted");
	scene.live[0]->draft.code = "wanted";
	plan = scene_plan(&scene);
	steps_are(plan, "deploy a");
	assert_int_equal(plan->counts.deploy, 1);
	assert_int_equal(plan->counts.update, 0);
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	assert_string_equal(plan->steps[0].before.live.content.code, "live");
}

static void
an_earlier_version_that_is_wanted_is_rolled_back_to(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "later", "earlier");
	scene_version(&scene, "a", 5, "earlier");
	plan = scene_plan(&scene);
	steps_are(plan, "rollback a");
	assert_string_equal(plan->steps[0].version_id, "v-a-5");
	assert_int_equal(plan->steps[0].version_number, 5);
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	assert_int_equal(plan->counts.rollback, 1);
	assert_int_equal(plan->counts.update, 0);
}

static void
rollbacks_and_deploys_share_the_order_of_the_flow(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "2");
	scene_both(&scene, "b", "later", "earlier");
	scene_version(&scene, "b", 5, "earlier");
	scene_both(&scene, "c", "1", "2");
	scene_wants_flow(&scene, "post-login", "c b a");
	scene_has_flow(&scene, "post-login", "c b a");
	plan = scene_plan(&scene);
	steps_are(plan, "update a, update c, deploy c, rollback b, deploy a");
}

static void
a_creation_is_deleted_and_an_update_gets_its_draft_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_want_action *new = scene_want(&scene, "new", "n");

	scene_depends(&scene, &new->content, "axios", "1.7.2");
	scene_both(&scene, "old", "1", "2");
	plan = scene_plan(&scene);
	assert_int_equal(step_of(plan, TN_STEP_CREATE, "new")->inverse,
	    TN_INVERSE_DELETE);
	/* The deploy of a creation goes with it. */
	assert_int_equal(step_of(plan, TN_STEP_DEPLOY, "new")->inverse,
	    TN_INVERSE_DELETE);
	assert_int_equal(step_of(plan, TN_STEP_UPDATE, "old")->inverse,
	    TN_INVERSE_REDRAFT);
	assert_int_equal(step_of(plan, TN_STEP_DEPLOY, "old")->inverse,
	    TN_INVERSE_REDEPLOY);
	for (size_t i = 0; i < plan->n_steps; i++)
		assert_null(plan->steps[i].irreversible);
}

/* A secret of a draft that also runs comes back with the version that has it. */
static void
a_written_secret_comes_back_by_a_redeploy(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_want_action *want = scene_both(&scene, "a", "1", "1");

	scene_secret(&scene, &want->content, "KEY", 'a', NULL);
	plan = scene_plan(&scene);
	steps_are(plan, "update a, deploy a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	assert_null(plan->steps[0].irreversible);
	assert_int_equal(plan->steps[0].n_secrets, 1);
	assert_int_equal(plan->steps[0].secrets[0].kind, TN_SECRET_ADD);
	assert_int_equal(strlen(plan->steps[0].secrets[0].fingerprint), 64);
}

static void
secrets_of_a_draft_that_never_ran_cannot_be_put_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_want_action *want = scene_both(&scene, "a", "1", "2");
	const struct tn_step *update;

	scene_secret(&scene, &want->content, "KEY", 'a', NULL);
	scene.live[0]->draft.code = "somebody's";
	scene.overwrite_drafts = true;
	plan = scene_plan(&scene);
	update = step_of(plan, TN_STEP_UPDATE, "a");
	assert_int_equal(update->inverse, TN_INVERSE_NONE);
	assert_non_null(strstr(update->irreversible, "never deployed"));
	assert_non_null(strstr(update->irreversible, "cannot be read"));
}

/* a runs "later"; its draft is somebody's, with a secret; version 5 is what is wanted. */
static struct tn_live_action *
draft_before_a_rollback(const char *draft_time)
{
	static const struct tn_secret_ref key = { .name = "KEY", .updated_at = "t1" };
	static struct tn_version version;
	struct tn_want_action *want = scene_both(&scene, "a", "later", "earlier");
	struct tn_live_action *live = scene.live[0];

	scene_secret(&scene, &want->content, "KEY", 'a', NULL);
	scene_knows(&scene, "a", "KEY", 'a', "t1");
	scene_secret(&scene, &live->live.content, "KEY", 0, "t1");
	scene_secret(&scene, &live->draft, "KEY", 0, draft_time);
	scene_version(&scene, "a", 5, "earlier");
	version = *scene.versions[0].versions;
	version.content.secrets = &key;
	version.content.n_secrets = 1;
	scene.versions[0].versions = &version;
	scene.overwrite_drafts = true;
	return live;
}

/* Its build failed right after its creation: the version that is shown never ran. */
static void
a_deploy_over_a_version_that_was_never_built_has_no_inverse(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "1");
	scene.live[0]->live.built = false;
	plan = scene_plan(&scene);
	steps_are(plan, "deploy a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_NONE);
	assert_non_null(strstr(plan->steps[0].irreversible, "no way to undeploy"));
}

static void
a_rollback_over_a_secret_that_never_ran_cannot_be_put_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_live_action *live = draft_before_a_rollback("t2");

	live->draft.code = "somebody's";
	plan = scene_plan(&scene);
	steps_are(plan, "rollback a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_NONE);
	assert_non_null(strstr(plan->steps[0].irreversible, "never deployed"));
	assert_non_null(strstr(plan->steps[0].irreversible, "cannot be read"));
}

/* Only its code is somebody's: the secret is the one of the version. */
static void
a_rollback_over_a_draft_with_known_secrets_can_be_put_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_live_action *live = draft_before_a_rollback("t1");

	live->draft.code = "somebody's";
	plan = scene_plan(&scene);
	steps_are(plan, "rollback a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	assert_null(plan->steps[0].irreversible);
}

/* A version that runs has the secret: it comes back by a redeploy. */
static void
a_rollback_over_a_clean_draft_can_be_put_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_live_action *live = draft_before_a_rollback("t2");
	static const struct tn_secret_ref rewritten = { .name = "KEY",
		.updated_at = "t2" };

	live->live.content.secrets = &rewritten;
	plan = scene_plan(&scene);
	steps_are(plan, "rollback a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDEPLOY);
	assert_null(plan->steps[0].irreversible);
}

/* The same draft without a secret to write: its text can be put back. */
static void
a_foreign_draft_without_secrets_can_be_put_back(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "2");
	scene.live[0]->draft.code = "somebody's";
	scene.overwrite_drafts = true;
	plan = scene_plan(&scene);
	assert_int_equal(step_of(plan, TN_STEP_UPDATE, "a")->inverse, TN_INVERSE_REDRAFT);
	assert_string_equal(step_of(plan, TN_STEP_UPDATE, "a")->before.draft.code,
	    "somebody's");
}

static void
the_first_deploy_of_what_was_there_cannot_be_undone(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	const struct tn_step *deploy;

	scene_both(&scene, "a", "1", "2");
	scene.live[0]->has_live = false;
	plan = scene_plan(&scene);
	steps_are(plan, "update a, deploy a");
	assert_int_equal(plan->steps[0].inverse, TN_INVERSE_REDRAFT);
	deploy = &plan->steps[1];
	assert_int_equal(deploy->inverse, TN_INVERSE_NONE);
	assert_non_null(strstr(deploy->irreversible, "no way to undeploy"));
}

static void
costs_are_summed_and_a_build_with_packages_takes_longer(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *light = NULL;
	TN_CLEANUP(tn_plan_freep) struct tn_plan *heavy = NULL;
	struct tn_want_action *want = scene_both(&scene, "a", "1", "2");

	scene_want(&scene, "new", "n");
	scene_wants_flow(&scene, "post-login", "a new");
	scene_has_flow(&scene, "post-login", "a");
	light = scene_plan(&scene);
	/* create and look; read, write and look; read, deploy and look; read and bind;
	 * and at the end all actions and the flow. */
	assert_int_equal(light->calls, 2 + 3 + 3 + 2 + 2);
	for (size_t i = 0; i < light->n_steps; i++)
		assert_true(light->steps[i].calls > 0);
	assert_true(light->time_ns > 0);
	scene_depends(&scene, &want->content, "axios", "1.7.2");
	heavy = scene_plan(&scene);
	assert_true(heavy->calls > light->calls);
	/* A build with packages takes seconds. */
	assert_true(heavy->time_ns >= light->time_ns + 4 * TN_SEC);
}

static void
without_a_difference_there_is_no_step(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "1");
	scene_wants_flow(&scene, "post-login", "a");
	scene_has_flow(&scene, "post-login", "a");
	plan = scene_plan(&scene);
	assert_int_equal(plan->n_steps, 0);
	assert_int_equal(plan->n_adoptions, 0);
	assert_false(tn_plan_writes(plan));
	assert_int_equal(plan->calls, 0);
	assert_int_equal(plan->time_ns, 0);
}

static void
adopting_is_no_step(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "1");
	scene.n_owned = 0;
	plan = scene_plan(&scene);
	assert_int_equal(plan->n_steps, 0);
	assert_int_equal(plan->n_adoptions, 1);
	assert_string_equal(plan->adoptions[0].name, "a");
	assert_string_equal(plan->adoptions[0].action_id, "id-a");
	assert_int_equal(plan->counts.adopt, 1);
	assert_false(tn_plan_writes(plan));
}

static void
a_runtime_that_the_files_leave_open_stays(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct tn_want_action *want = scene_both(&scene, "a", "1", "2");

	want->content.runtime = NULL;
	scene.live[0]->draft.runtime = "node18-actions";
	scene.live[0]->live.content.runtime = "node18-actions";
	plan = scene_plan(&scene);
	assert_string_equal(plan->steps[0].after.runtime, "node18-actions");
}

static void
the_plan_outlives_what_it_was_made_of(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;
	struct scene other;

	scene_init(&other);
	scene_rich(&other);
	plan = scene_plan(&other);
	scene_done(&other);
	steps_are(plan,
	    "create created, create plain, update changed, deploy created, "
	    "deploy changed, rollback earlier, deploy drafted, bind post-login");
	assert_string_equal(plan->tenant, "dev");
	assert_string_equal(plan->project, "acme");
	assert_string_equal(step_of(plan, TN_STEP_CREATE, "created")->after.code,
	    "new;\n");
	assert_string_equal(step_of(plan, TN_STEP_ROLLBACK, "earlier")->version_id,
	    "v-earlier-7");
}

static void
operations_are(const struct tn_plan *plan, const enum tn_op_kind *wanted, size_t n)
{
	enum tn_op_kind ops[TN_OP__COUNT];

	assert_int_equal(tn_plan_operations(plan, ops), n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ops[i], wanted[i]);
}

static void
a_plan_without_steps_only_reads(void **state TN_UNUSED)
{
	static const enum tn_op_kind wanted[] = { TN_OP_LIST_ACTIONS };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = scene_plan(&scene);

	operations_are(plan, wanted, TN_ARRAY_LEN(wanted));
}

static void
a_creation_needs_the_right_to_delete_too(void **state TN_UNUSED)
{
	static const enum tn_op_kind wanted[] = { TN_OP_LIST_ACTIONS, TN_OP_CREATE_ACTION,
		TN_OP_DELETE_ACTION };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_want(&scene, "a", "1");
	plan = scene_plan(&scene);
	operations_are(plan, wanted, TN_ARRAY_LEN(wanted));
}

static void
an_update_needs_the_rights_to_redraft_and_redeploy(void **state TN_UNUSED)
{
	static const enum tn_op_kind wanted[] = { TN_OP_LIST_ACTIONS, TN_OP_UPDATE_ACTION,
		TN_OP_DEPLOY_ACTION, TN_OP_DEPLOY_VERSION };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "2");
	plan = scene_plan(&scene);
	operations_are(plan, wanted, TN_ARRAY_LEN(wanted));
}

/* The draft may have to be told to follow, and may have to be put back. */
static void
a_rollback_needs_the_right_to_write_the_draft(void **state TN_UNUSED)
{
	static const enum tn_op_kind wanted[] = { TN_OP_LIST_ACTIONS, TN_OP_UPDATE_ACTION,
		TN_OP_DEPLOY_VERSION };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "later", "earlier");
	scene_version(&scene, "a", 5, "earlier");
	plan = scene_plan(&scene);
	operations_are(plan, wanted, TN_ARRAY_LEN(wanted));
}

static void
a_binding_needs_the_right_to_set_the_flow(void **state TN_UNUSED)
{
	static const enum tn_op_kind wanted[] = { TN_OP_LIST_ACTIONS, TN_OP_SET_FLOW };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = NULL;

	scene_both(&scene, "a", "1", "1");
	scene_wants_flow(&scene, "post-login", "a");
	plan = scene_plan(&scene);
	operations_are(plan, wanted, TN_ARRAY_LEN(wanted));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(creates_stand_before_updates_and_both_by_name),
		TEST(deploys_follow_the_flows_by_trigger_and_position),
		TEST(binds_come_last_by_trigger_and_only_where_something_differs),
		TEST(only_without_packages_an_action_is_deployed_as_it_is_created),
		TEST(tests_come_between_drafts_and_what_goes_live),
		TEST(a_draft_that_is_wanted_is_only_deployed),
		TEST(an_earlier_version_that_is_wanted_is_rolled_back_to),
		TEST(rollbacks_and_deploys_share_the_order_of_the_flow),
		TEST(a_creation_is_deleted_and_an_update_gets_its_draft_back),
		TEST(a_written_secret_comes_back_by_a_redeploy),
		TEST(secrets_of_a_draft_that_never_ran_cannot_be_put_back),
		TEST(a_deploy_over_a_version_that_was_never_built_has_no_inverse),
		TEST(a_rollback_over_a_secret_that_never_ran_cannot_be_put_back),
		TEST(a_rollback_over_a_draft_with_known_secrets_can_be_put_back),
		TEST(a_rollback_over_a_clean_draft_can_be_put_back),
		TEST(a_foreign_draft_without_secrets_can_be_put_back),
		TEST(the_first_deploy_of_what_was_there_cannot_be_undone),
		TEST(costs_are_summed_and_a_build_with_packages_takes_longer),
		TEST(without_a_difference_there_is_no_step),
		TEST(adopting_is_no_step),
		TEST(a_runtime_that_the_files_leave_open_stays),
		TEST(the_plan_outlives_what_it_was_made_of),
		TEST(a_plan_without_steps_only_reads),
		TEST(a_creation_needs_the_right_to_delete_too),
		TEST(an_update_needs_the_rights_to_redraft_and_redeploy),
		TEST(a_rollback_needs_the_right_to_write_the_draft),
		TEST(a_binding_needs_the_right_to_set_the_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
