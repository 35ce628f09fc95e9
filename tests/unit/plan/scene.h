/*
 * A tenant three times, written down in a few words, and the plan between them.
 * Everything that a test makes lives in the scene's arena and may be changed until the
 * plan is built.
 */
#ifndef TESTS_UNIT_PLAN_SCENE_H
#define TESTS_UNIT_PLAN_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plan/plan.h"

#define SCENE_MOST 16

struct scene {
	struct tn_arena *arena;
	struct tn_want_action *want[SCENE_MOST];
	struct tn_live_action *live[SCENE_MOST];
	struct tn_want_flow want_flows[SCENE_MOST];
	struct tn_flow live_flows[SCENE_MOST];
	struct tn_owned owned[SCENE_MOST];
	struct tn_known_secret secrets[SCENE_MOST];
	struct tn_action_versions versions[SCENE_MOST];
	size_t n_want, n_live, n_want_flows, n_live_flows, n_owned, n_secrets, n_versions;
	bool overwrite_drafts;
	enum tn_want_delete delete_mode;
	const char *tenant, *base_url, *project, *key;
};

void scene_init(struct scene *scene);
void scene_done(struct scene *scene);

/* Wanted for post-login@v3, with that code, on node22. */
struct tn_want_action *scene_want(struct scene *scene, const char *name,
    const char *code);
/* Live as id-NAME, ours, deployed as version 1 (v-NAME-1), its draft the same. */
struct tn_live_action *scene_live(struct scene *scene, const char *name,
    const char *code);
/* Both: wanted with the second code, live with the first. */
struct tn_want_action *scene_both(struct scene *scene, const char *name,
    const char *live_code, const char *want_code);
/* Names, separated by spaces. A live flow names live actions. */
void scene_wants_flow(struct scene *scene, const char *trigger, const char *names);
void scene_has_flow(struct scene *scene, const char *trigger, const char *names);
/* "axios 1.7.2": one more dependency. */
void scene_depends(struct scene *scene, struct tn_content *content, const char *name,
    const char *version);
/* One more secret; 64 times the digit is its fingerprint, unless that is 0. */
void scene_secret(struct scene *scene, struct tn_content *content, const char *name,
    char digit, const char *updated_at);
/* The state knows the secret of id-ACTION by that fingerprint and time. */
void scene_knows(struct scene *scene, const char *action, const char *name, char digit,
    const char *updated_at);
/* One more version of a live action, built, with that code. */
void scene_version(struct scene *scene, const char *action, int64_t number,
    const char *code);

/* The diff must not be blocked. */
struct tn_plan *scene_plan(const struct scene *scene);
/*
 * The same while everything that it was made from is there. *plan may be taken; it is
 * NULL when something blocks it.
 */
void scene_with(const struct scene *scene,
    void (*made)(void *arg, struct tn_plan **plan, const struct tn_diff *diff),
    void *arg);

/* "create a, update b, deploy b, bind post-login" */
void steps_are(const struct tn_plan *plan, const char *text);
const struct tn_step *step_of(const struct tn_plan *plan, enum tn_step_kind kind,
    const char *name);
/* One of each kind of step, with secrets, packages, flows and an adoption. */
void scene_rich(struct scene *scene);

#endif
