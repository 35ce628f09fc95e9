#include "scene.h"

#include <stdlib.h>

void
scene_init(struct scene *scene)
{
	*scene = (struct scene){
		.arena = tn_arena_new(),
		.tenant = "dev",
		.base_url = "https://acme.example",
		.project = "acme",
	};
}

void
scene_done(struct scene *scene)
{
	tn_arena_free(scene->arena);
}

struct tn_want_action *
scene_want(struct scene *scene, const char *name, const char *code)
{
	struct tn_want_action *want = tn_arena_new_object(scene->arena,
	    struct tn_want_action);

	assert_true(scene->n_want < SCENE_MOST);
	want->name = tn_arena_text(scene->arena, name);
	want->trigger = (struct tn_trigger){ "post-login", "v3" };
	want->content.code = tn_arena_text(scene->arena, code);
	want->content.runtime = "node22";
	scene->want[scene->n_want++] = want;
	return want;
}

struct tn_live_action *
scene_live(struct scene *scene, const char *name, const char *code)
{
	struct tn_live_action *live = tn_arena_new_object(scene->arena,
	    struct tn_live_action);
	const char *id = tn_arena_printf(scene->arena, "id-%s", name);

	assert_true(scene->n_live < SCENE_MOST && scene->n_owned < SCENE_MOST);
	live->id = id;
	live->name = tn_arena_text(scene->arena, name);
	live->trigger = (struct tn_trigger){ "post-login", "v3" };
	live->created_at = "2026-01-01T00:00:00.000Z";
	live->updated_at = "2026-01-02T00:00:00.000Z";
	live->build = TN_BUILD_BUILT;
	live->build_status = "built";
	live->draft.code = tn_arena_text(scene->arena, code);
	live->draft.runtime = "node22";
	live->has_live = true;
	live->live = (struct tn_version){
		.id = tn_arena_printf(scene->arena, "v-%s-1", name),
		.number = 1,
		.created_at = "2026-01-02T00:00:01.000Z",
		.deployed = true,
		.built = true,
		.content = live->draft,
	};
	scene->live[scene->n_live++] = live;
	scene->owned[scene->n_owned++] = (struct tn_owned){ live->name, id };
	return live;
}

struct tn_want_action *
scene_both(struct scene *scene, const char *name, const char *live_code,
    const char *want_code)
{
	scene_live(scene, name, live_code);
	return scene_want(scene, name, want_code);
}

static size_t
split(struct scene *scene, const char *names, const char **out)
{
	size_t n = 0;

	while (*names != '\0') {
		size_t len = strcspn(names, " ");

		assert_true(n < SCENE_MOST);
		out[n++] = tn_arena_bytes(scene->arena, names, len);
		names += len + strspn(names + len, " ");
	}
	return n;
}

void
scene_wants_flow(struct scene *scene, const char *trigger, const char *names)
{
	struct tn_want_entry *entries = tn_arena_array(scene->arena, SCENE_MOST,
	    struct tn_want_entry);
	const char *each[SCENE_MOST];
	size_t n = split(scene, names, each);

	for (size_t i = 0; i < n; i++)
		entries[i] = (struct tn_want_entry){ .kind = TN_ENTRY_ACTION,
			.name = each[i] };
	scene->want_flows[scene->n_want_flows++] = (struct tn_want_flow){
		.trigger = trigger,
		.entries = entries,
		.n_entries = n,
	};
}

void
scene_has_flow(struct scene *scene, const char *trigger, const char *names)
{
	struct tn_binding *bindings = tn_arena_array(scene->arena, SCENE_MOST,
	    struct tn_binding);
	const char *each[SCENE_MOST];
	size_t n = split(scene, names, each);

	for (size_t i = 0; i < n; i++)
		bindings[i] = (struct tn_binding){
			.action_id = tn_arena_printf(scene->arena, "id-%s", each[i]),
			.action_name = each[i],
		};
	scene->live_flows[scene->n_live_flows++] = (struct tn_flow){ trigger, bindings,
		n };
}

void
scene_depends(struct scene *scene, struct tn_content *content, const char *name,
    const char *version)
{
	struct tn_dependency *all = tn_arena_array(scene->arena,
	    content->n_dependencies + 1, struct tn_dependency);

	for (size_t i = 0; i < content->n_dependencies; i++)
		all[i] = content->dependencies[i];
	all[content->n_dependencies++] = (struct tn_dependency){ name, version, NULL };
	content->dependencies = all;
}

static const char *
fingerprint(struct scene *scene, char digit)
{
	char text[65] = { 0 };

	if (digit == 0)
		return NULL;
	memset(text, digit, 64);
	return tn_arena_text(scene->arena, text);
}

void
scene_secret(struct scene *scene, struct tn_content *content, const char *name,
    char digit, const char *updated_at)
{
	struct tn_secret_ref *all = tn_arena_array(scene->arena, content->n_secrets + 1,
	    struct tn_secret_ref);

	for (size_t i = 0; i < content->n_secrets; i++)
		all[i] = content->secrets[i];
	all[content->n_secrets++] = (struct tn_secret_ref){
		.name = name,
		.fingerprint = fingerprint(scene, digit),
		.updated_at = updated_at,
	};
	content->secrets = all;
}

void
scene_knows(struct scene *scene, const char *action, const char *name, char digit,
    const char *updated_at)
{
	scene->secrets[scene->n_secrets++] = (struct tn_known_secret){
		.action_id = tn_arena_printf(scene->arena, "id-%s", action),
		.name = name,
		.fingerprint = fingerprint(scene, digit),
		.updated_at = updated_at,
	};
}

void
scene_version(struct scene *scene, const char *action, int64_t number, const char *code)
{
	const char *id = tn_arena_printf(scene->arena, "id-%s", action);
	struct tn_version *version = tn_arena_new_object(scene->arena, struct tn_version);

	*version = (struct tn_version){
		.id = tn_arena_printf(scene->arena, "v-%s-%d", action, (int)number),
		.number = number,
		.built = true,
		.content = { .code = code, .runtime = "node22" },
	};
	scene->versions[scene->n_versions++] = (struct tn_action_versions){ id, version,
		1 };
}

static int
by_name(const void *left, const void *right)
{
	const struct tn_want_action *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int
by_trigger(const void *left, const void *right)
{
	const struct tn_want_flow *a = left, *b = right;

	return strcmp(a->trigger, b->trigger);
}

void
scene_with(const struct scene *scene,
    void (*made)(void *arg, struct tn_plan **plan, const struct tn_diff *diff), void *arg)
{
	struct scene copy = *scene;
	struct tn_want_action wanted[SCENE_MOST];
	struct tn_live_action actions[SCENE_MOST];
	struct tn_want want = { .actions = wanted,
		.n_actions = copy.n_want,
		.flows = copy.want_flows,
		.n_flows = copy.n_want_flows,
		.delete_mode = copy.delete_mode };
	struct tn_live live = { .actions = actions,
		.n_actions = copy.n_live,
		.flows = copy.live_flows,
		.n_flows = copy.n_live_flows };
	const struct tn_known known = { .owned = copy.owned,
		.n_owned = copy.n_owned,
		.secrets = copy.secrets,
		.n_secrets = copy.n_secrets };
	const struct tn_diff_options options = { .overwrite_drafts =
						     copy.overwrite_drafts,
		.versions = copy.versions,
		.n_versions = copy.n_versions };
	struct tn_plan_input input = { .tenant = copy.tenant,
		.provider = "auth0",
		.base_url = copy.base_url,
		.project = copy.project,
		.key = copy.key };
	struct tn_diff *diff;
	struct tn_plan *plan = NULL;

	for (size_t i = 0; i < copy.n_want; i++)
		wanted[i] = *copy.want[i];
	for (size_t i = 0; i < copy.n_live; i++)
		actions[i] = *copy.live[i];
	qsort(wanted, copy.n_want, sizeof(*wanted), by_name);
	qsort(copy.want_flows, copy.n_want_flows, sizeof(*copy.want_flows), by_trigger);
	diff = tn_diff_build(&want, &live, &known, &options);
	input.diff = diff;
	if (!tn_diff_blocked(diff))
		plan = tn_plan_build(&input);
	made(arg, &plan, diff);
	tn_plan_free(plan);
	tn_diff_free(diff);
}

static void
take_plan(void *arg, struct tn_plan **plan, const struct tn_diff *diff TN_UNUSED)
{
	assert_non_null(*plan);
	*(struct tn_plan **)arg = tn_take(*plan);
}

struct tn_plan *
scene_plan(const struct scene *scene)
{
	struct tn_plan *plan = NULL;

	scene_with(scene, take_plan, &plan);
	return plan;
}

void
steps_are(const struct tn_plan *plan, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str steps = TN_STR_INIT;

	for (size_t i = 0; i < plan->n_steps; i++) {
		assert_int_equal(plan->steps[i].number, i + 1);
		tn_str_addf(&steps, "%s%s %s", i == 0 ? "" : ", ",
		    tn_step_kind_name(plan->steps[i].kind), plan->steps[i].name);
	}
	assert_string_equal(tn_str_text(&steps), text);
}

const struct tn_step *
step_of(const struct tn_plan *plan, enum tn_step_kind kind, const char *name)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].kind == kind && strcmp(plan->steps[i].name, name) == 0)
			return &plan->steps[i];
	fail_msg("there is no step %s %s", tn_step_kind_name(kind), name);
	return NULL;
}

void
scene_rich(struct scene *scene)
{
	struct tn_want_action *changed, *created;
	struct tn_live_action *live, *drafted;

	created = scene_want(scene, "created", "new;\n");
	scene_depends(scene, &created->content, "axios", "1.7.2");
	scene_depends(scene, &created->content, "uuid", "9.0.0");
	scene_secret(scene, &created->content, "KEY", 'a', NULL);
	scene_secret(scene, &created->content, "TOKEN", 'b', NULL);
	scene_want(scene, "plain", "plain;\n");

	live = scene_live(scene, "changed", "old;\n");
	changed = scene_want(scene, "changed", "changed \"\\u0001\" \xc3\xa9;\n");
	scene_secret(scene, &live->draft, "SALT", 0, "2026-01-01T00:00:00.000Z");
	scene_secret(scene, &live->live.content, "SALT", 0, "2026-01-01T00:00:00.000Z");
	scene_secret(scene, &changed->content, "SALT", 'd', NULL);
	scene_knows(scene, "changed", "SALT", 'c', "2026-01-01T00:00:00.000Z");

	drafted = scene_live(scene, "drafted", "old;\n");
	drafted->draft.code = "wanted;\n";
	scene_want(scene, "drafted", "wanted;\n");
	scene_both(scene, "earlier", "later;\n", "earlier;\n");
	scene_version(scene, "earlier", 7, "earlier;\n");
	scene_both(scene, "adopted", "same;\n", "same;\n");
	scene->n_owned--;
	scene_wants_flow(scene, "post-login", "created changed earlier");
	scene_has_flow(scene, "post-login", "earlier drafted");
}
