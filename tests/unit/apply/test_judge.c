/*
 * What a read means for a step, as tables. Contents are letters: A is there before, B is
 * what the step wants, C is somebody else's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "apply/kind.h"
#include "base/mem.h"

#define UPDATE   TN_STEP_UPDATE
#define DEPLOY   TN_STEP_DEPLOY
#define ROLLBACK TN_STEP_ROLLBACK
#define BUILT    TN_BUILD_BUILT
#define RUNNING  TN_BUILD_RUNNING
#define FAILED   TN_BUILD_FAILED

/* What a read shows. draft 0: the action is gone; live 0: nothing runs. */
struct seen {
	char draft;
	char live;
	const char *version;
	const char *time;
	enum tn_build build;
	bool live_pending; /* the version that runs is not built yet */
};

static struct tn_step steps[2]; /* the first writes the draft that the second deploys */
static struct tn_running runs[2];
static struct tn_apply apply;
static struct tn_live_action action;

static struct tn_content
content(char letter)
{
	static const char *const codes[] = { "A", "B", "C" };

	return (struct tn_content){ .code = codes[letter - 'A'], .runtime = "node22" };
}

static struct tn_live_action
shown(struct seen seen)
{
	struct tn_live_action live = {
		.id = "id",
		.name = "a",
		.updated_at = seen.time,
		.build = seen.build,
		.draft = content(seen.draft),
		.has_live = seen.live != 0,
	};

	if (seen.live != 0)
		live.live = (struct tn_version){ .id = seen.version,
			.built = !seen.live_pending,
			.content = content(seen.live) };
	return live;
}

static const struct tn_live_action *
look(struct seen seen)
{
	if (seen.draft == 0)
		return NULL;
	action = shown(seen);
	return &action;
}

/* A step that changes an action with draft and version A into B. */
static void
set_step(enum tn_step_kind kind, bool has_before, enum tn_inverse inverse)
{
	memset(steps, 0, sizeof(steps));
	memset(runs, 0, sizeof(runs));
	memset(&apply, 0, sizeof(apply));
	steps[1] = (struct tn_step){
		.number = 1,
		.kind = kind,
		.name = "a",
		.has_before = has_before,
		.after = content('B'),
		.inverse = inverse,
		.irreversible = inverse == TN_INVERSE_NONE ? "that is so" : NULL,
	};
	if (has_before)
		steps[1].before = shown(
		    (struct seen){ 'A', 'A', "v1", "t1", BUILT, false });
	apply.runs = &runs[1];
	apply.n_runs = 1;
	runs[1].apply = &apply;
	runs[1].step = &steps[1];
	runs[1].after = steps[1].after;
}

/* This run has written the draft, and the platform said when. */
static void
add_updater(const char *time)
{
	steps[0] = steps[1];
	steps[0].kind = UPDATE;
	runs[0].apply = &apply;
	runs[0].step = &steps[0];
	runs[0].after = steps[0].after;
	runs[0].draft_updated_at = (char *)(uintptr_t)time;
	apply.runs = runs;
	apply.n_runs = 2;
}

/* What a single read of the action gives; NULL: 404. */
static const struct tn_op_result *
result_of(const struct tn_live_action *live)
{
	static struct tn_live_action shown_one;
	static struct tn_op_result result;

	if (live == NULL)
		return NULL;
	shown_one = *live;
	result = (struct tn_op_result){ .actions = &shown_one, .n_actions = 1 };
	return &result;
}

/* A judge may replace what the run holds, which is on the heap then. */
static struct tn_running
lend(struct tn_running *run)
{
	struct tn_running kept = *run;

	run->action_id = kept.action_id == NULL ? NULL : tn_strdup(kept.action_id);
	run->version_id = kept.version_id == NULL ? NULL : tn_strdup(kept.version_id);
	run->draft_updated_at = kept.draft_updated_at == NULL
	    ? NULL
	    : tn_strdup(kept.draft_updated_at);
	return kept;
}

static void
take_back(struct tn_running *run, struct tn_running kept)
{
	tn_running_done(run);
	*run = kept;
}

static int
judge_before(struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	return tn_kind_of(run)->before(run, result_of(live), err);
}

static enum tn_verdict
judge_after(struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	struct tn_running kept = lend(run);
	enum tn_verdict verdict = tn_kind_of(run)->after(run, result_of(live), err);

	take_back(run, kept);
	return verdict;
}

static enum tn_remedy
judge_undo(struct tn_running *run, const struct tn_live_action *live,
    struct tn_error *err)
{
	struct tn_running kept = lend(run);
	enum tn_remedy remedy = tn_kind_of(run)->undo(run, result_of(live), err);

	take_back(run, kept);
	return remedy;
}

static bool
judge_holds(struct tn_running *run, const struct tn_live *live, struct tn_error *err)
{
	return tn_kind_of(run)->holds(run, live, err);
}

static void
says(const struct tn_error *err, const char *words, const char *row)
{
	if (words == NULL) {
		assert_false(tn_error_is_set(err));
		return;
	}
	if (err->message == NULL || strstr(err->message, words) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", row, err->message, words);
	assert_non_null(strstr(err->message, "a"));
}

/* --- before the write --- */

struct before_row {
	const char *row;
	enum tn_step_kind kind;
	struct seen seen;
	const char *says; /* NULL: it may go on */
};

static void
before_the_write_everything_must_be_as_planned(void **state TN_UNUSED)
{
	static const struct before_row rows[] = {
		{ "untouched", UPDATE, { 'A', 'A', "v1", "t1", BUILT, false }, NULL },
		{ "a failed draft is overwritten", UPDATE,
		    { 'A', 'A', "v1", "t1", FAILED, false }, NULL },
		{ "gone", UPDATE, { 0 }, "is gone" },
		{ "deployed", UPDATE, { 'A', 'C', "v2", "t1", BUILT, false },
		    "deployed by somebody else" },
		{ "the same again under another version", UPDATE,
		    { 'A', 'A', "v2", "t1", BUILT, false }, "deployed by somebody else" },
		{ "nothing runs", UPDATE, { 'A', 0, NULL, "t1", BUILT, false },
		    "deployed by somebody else" },
		{ "newer draft", UPDATE, { 'C', 'A', "v1", "t2", BUILT, false },
		    "newer than the plan" },
		{ "newer, though the same", UPDATE,
		    { 'A', 'A', "v1", "t2", BUILT, false }, "newer than the plan" },
		{ "untouched", ROLLBACK, { 'A', 'A', "v1", "t1", BUILT, false }, NULL },
		{ "gone", ROLLBACK, { 0 }, "is gone" },
		{ "newer draft", ROLLBACK, { 'C', 'A', "v1", "t2", BUILT, false },
		    "newer than the plan" },
		{ "deployed", ROLLBACK, { 'A', 'C', "v2", "t1", BUILT, false },
		    "deployed by somebody else" },
		{ "our draft", DEPLOY, { 'B', 'A', "v1", "t2", BUILT, false }, NULL },
		{ "gone", DEPLOY, { 0 }, "is gone" },
		{ "foreign draft", DEPLOY, { 'C', 'A', "v1", "t3", BUILT, false },
		    "somebody else wrote" },
		{ "our draft, written again", DEPLOY,
		    { 'B', 'A', "v1", "t3", BUILT, false }, "somebody else wrote" },
		{ "not built yet", DEPLOY, { 'B', 'A', "v1", "t2", RUNNING, false },
		    "still being built" },
		{ "failed", DEPLOY, { 'B', 'A', "v1", "t2", FAILED, false },
		    "not built" },
		{ "deployed already", DEPLOY, { 'B', 'B', "v2", "t2", BUILT, false },
		    "deployed by somebody else" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		int r;

		set_step(rows[i].kind, true, TN_INVERSE_REDEPLOY);
		if (rows[i].kind == DEPLOY)
			add_updater("t2");
		r = judge_before(&runs[1], look(rows[i].seen), &err);
		if (rows[i].says == NULL)
			assert_int_equal(r, 0);
		else
			assert_int_equal(r,
			    strstr(rows[i].says, "still") != NULL ? -TN_E_TRANSIENT
								  : -TN_E_CONFLICT);
		says(&err, rows[i].says, rows[i].row);
	}
}

/* Without an update of ours it is the draft that the plan saw. */
static void
a_deploy_alone_takes_the_draft_that_was_planned(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	set_step(DEPLOY, true, TN_INVERSE_REDEPLOY);
	steps[1].before = shown((struct seen){ 'B', 'A', "v1", "t1", BUILT, false });
	assert_int_equal(judge_before(&runs[1],
			     look((struct seen){ 'B', 'A', "v1", "t1", BUILT, false }),
			     &err),
	    0);
	assert_int_equal(judge_before(&runs[1],
			     look((struct seen){ 'B', 'A', "v1", "t2", BUILT, false }),
			     &err),
	    -TN_E_CONFLICT);
}

/* --- after it --- */

struct after_row {
	const char *row;
	enum tn_step_kind kind;
	struct seen seen;
	bool lost;
	bool flag; /* CREATE: deployed at once; ROLLBACK: the draft was told to follow */
	const char *answered; /* the version that the write answered with */
	enum tn_verdict verdict;
	const char *says;
};

static void
after_the_write_it_is_seen_or_looked_for_again(void **state TN_UNUSED)
{
	static const struct after_row rows[] = {
		{ "not shown yet", TN_STEP_CREATE, { 0 }, false, false, NULL, TN_NOT_YET,
		    NULL },
		{ "lost, and not there", TN_STEP_CREATE, { 0 }, true, false, NULL,
		    TN_NOT_DONE, NULL },
		{ "another of that name", TN_STEP_CREATE,
		    { 'C', 0, NULL, "t1", BUILT, false }, true, false, NULL, TN_WRONG,
		    "another content" },
		{ "building", TN_STEP_CREATE, { 'B', 0, NULL, "t1", RUNNING, false },
		    false, false, NULL, TN_NOT_YET, NULL },
		{ "built", TN_STEP_CREATE, { 'B', 0, NULL, "t1", BUILT, false }, false,
		    false, NULL, TN_SEEN, NULL },
		{ "lost, and there", TN_STEP_CREATE, { 'B', 0, NULL, "t1", BUILT, false },
		    true, false, NULL, TN_SEEN, NULL },
		{ "failed", TN_STEP_CREATE, { 'B', 0, NULL, "t1", FAILED, false }, false,
		    false, NULL, TN_WRONG, "the build of action a failed" },
		{ "not live yet", TN_STEP_CREATE, { 'B', 0, NULL, "t1", BUILT, false },
		    false, true, NULL, TN_NOT_YET, NULL },
		{ "live and building", TN_STEP_CREATE,
		    { 'B', 'B', "v1", "t1", BUILT, true }, false, true, NULL, TN_NOT_YET,
		    NULL },
		{ "live and built", TN_STEP_CREATE,
		    { 'B', 'B', "v1", "t1", BUILT, false }, false, true, NULL, TN_SEEN,
		    NULL },
		{ "not shown yet", UPDATE, { 'A', 'A', "v1", "t1", BUILT, false }, false,
		    false, NULL, TN_NOT_YET, NULL },
		{ "lost", UPDATE, { 'A', 'A', "v1", "t1", BUILT, false }, true, false,
		    NULL, TN_NOT_DONE, NULL },
		{ "gone", UPDATE, { 0 }, false, false, NULL, TN_WRONG, "is gone" },
		{ "building", UPDATE, { 'B', 'A', "v1", "t2", RUNNING, false }, false,
		    false, NULL, TN_NOT_YET, NULL },
		{ "built", UPDATE, { 'B', 'A', "v1", "t2", BUILT, false }, false, false,
		    NULL, TN_SEEN, NULL },
		{ "lost, and there", UPDATE, { 'B', 'A', "v1", "t2", BUILT, false }, true,
		    false, NULL, TN_SEEN, NULL },
		{ "failed", UPDATE, { 'B', 'A', "v1", "t2", FAILED, false }, false, false,
		    NULL, TN_WRONG, "build" },
		{ "overwritten", UPDATE, { 'C', 'A', "v1", "t3", BUILT, false }, false,
		    false, NULL, TN_WRONG, "somebody else wrote" },
		{ "not shown yet", DEPLOY, { 'B', 'A', "v1", "t2", BUILT, false }, false,
		    false, "v2", TN_NOT_YET, NULL },
		{ "lost", DEPLOY, { 'B', 'A', "v1", "t2", BUILT, false }, true, false,
		    NULL, TN_NOT_DONE, NULL },
		{ "live", DEPLOY, { 'B', 'B', "v2", "t2", BUILT, false }, false, false,
		    "v2", TN_SEEN, NULL },
		{ "lost, and live", DEPLOY, { 'B', 'B', "v2", "t2", BUILT, false }, true,
		    false, NULL, TN_SEEN, NULL },
		{ "live and building", DEPLOY, { 'B', 'B', "v2", "t2", BUILT, true },
		    false, false, "v2", TN_NOT_YET, NULL },
		{ "a foreign draft went live", DEPLOY,
		    { 'C', 'C', "v2", "t3", BUILT, false }, false, false, "v2", TN_WRONG,
		    "another content than planned" },
		{ "deployed over it", DEPLOY, { 'C', 'C', "v3", "t3", BUILT, false },
		    false, false, "v2", TN_WRONG, "by somebody else" },
		{ "nothing runs", DEPLOY, { 'B', 0, NULL, "t2", BUILT, false }, false,
		    false, "v2", TN_WRONG, "does not run" },
		{ "gone", DEPLOY, { 0 }, false, false, "v2", TN_WRONG, "is gone" },
		{ "the draft did not follow", ROLLBACK,
		    { 'A', 'B', "v2", "t1", BUILT, false }, false, false, "v2", TN_FOLLOW,
		    NULL },
		{ "a draft meanwhile", ROLLBACK, { 'C', 'B', "v2", "t3", BUILT, false },
		    false, false, "v2", TN_WRONG, "somebody else wrote" },
		{ "it was told to", ROLLBACK, { 'A', 'B', "v2", "t1", BUILT, false },
		    false, true, "v2", TN_NOT_YET, NULL },
		{ "it followed", ROLLBACK, { 'B', 'B', "v2", "t2", BUILT, false }, false,
		    false, "v2", TN_SEEN, NULL },
		{ "lost", ROLLBACK, { 'A', 'A', "v1", "t1", BUILT, false }, true, false,
		    NULL, TN_NOT_DONE, NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		enum tn_verdict verdict;

		set_step(rows[i].kind, rows[i].kind != TN_STEP_CREATE, TN_INVERSE_DELETE);
		steps[1].deploy_at_once = rows[i].kind == TN_STEP_CREATE && rows[i].flag;
		runs[1].followed = rows[i].kind == ROLLBACK && rows[i].flag;
		runs[1].lost = rows[i].lost;
		runs[1].version_id = (char *)(uintptr_t)rows[i].answered;
		verdict = judge_after(&runs[1], look(rows[i].seen), &err);
		if (verdict != rows[i].verdict)
			fail_msg("%s %s: %d", tn_step_kind_name(rows[i].kind),
			    rows[i].row, (int)verdict);
		says(&err, rows[i].says, rows[i].row);
	}
}

static void
the_first_deploy_of_a_creation_is_seen(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct seen nothing = { 'B', 0, NULL, "t1", BUILT, false };

	set_step(DEPLOY, false, TN_INVERSE_DELETE);
	assert_int_equal(judge_after(&runs[1], look(nothing), &err), TN_NOT_YET);
	runs[1].lost = true;
	assert_int_equal(judge_after(&runs[1], look(nothing), &err), TN_NOT_DONE);
	assert_int_equal(judge_after(&runs[1],
			     look((struct seen){ 'B', 'B', "v1", "t1", BUILT, false }),
			     &err),
	    TN_SEEN);
}

/* --- on the way back --- */

struct undo_row {
	const char *row;
	enum tn_step_kind kind;
	enum tn_inverse inverse;
	struct seen seen;
	const char *answered;
	enum tn_remedy remedy;
	const char *says;
};

static void
the_way_back_takes_only_what_is_ours(void **state TN_UNUSED)
{
	static const struct undo_row rows[] = {
		{ "gone", UPDATE, TN_INVERSE_REDRAFT, { 0 }, NULL, TN_NO_REMEDY,
		    "is gone" },
		{ "as before", UPDATE, TN_INVERSE_REDRAFT,
		    { 'A', 'A', "v1", "t3", BUILT, false }, NULL, TN_AS_BEFORE, NULL },
		{ "being built again", UPDATE, TN_INVERSE_REDRAFT,
		    { 'A', 'A', "v1", "t3", RUNNING, false }, NULL, TN_WAIT, NULL },
		{ "ours", UPDATE, TN_INVERSE_REDRAFT,
		    { 'B', 'A', "v1", "t2", BUILT, false }, NULL, TN_REDRAFT, NULL },
		{ "ours, its build failed", UPDATE, TN_INVERSE_REDRAFT,
		    { 'B', 'A', "v1", "t2", FAILED, false }, NULL, TN_REDRAFT, NULL },
		{ "ours with secrets", UPDATE, TN_INVERSE_REDEPLOY,
		    { 'B', 'A', "v1", "t2", BUILT, false }, NULL, TN_REDEPLOY, NULL },
		{ "ours with secrets, and it runs", UPDATE, TN_INVERSE_REDEPLOY,
		    { 'B', 'B', "v2", "t2", BUILT, false }, NULL, TN_NONE_SEEN,
		    "another version runs now" },
		{ "no way back", UPDATE, TN_INVERSE_NONE,
		    { 'B', 'A', "v1", "t2", BUILT, false }, NULL, TN_NO_REMEDY,
		    "that is so" },
		{ "never written", UPDATE, TN_INVERSE_NONE,
		    { 'A', 'A', "v1", "t1", BUILT, false }, NULL, TN_AS_BEFORE, NULL },
		{ "somebody's", UPDATE, TN_INVERSE_REDRAFT,
		    { 'C', 'A', "v1", "t3", BUILT, false }, NULL, TN_NO_REMEDY,
		    "it was left" },
		{ "gone", DEPLOY, TN_INVERSE_REDEPLOY, { 0 }, NULL, TN_NO_REMEDY,
		    "is gone" },
		{ "ours runs", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'B', 'B', "v2", "t2", BUILT, false }, NULL, TN_REDEPLOY, NULL },
		{ "ours runs with a foreign draft's content", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'C', 'C', "v2", "t2", BUILT, false }, "v2", TN_REDEPLOY, NULL },
		{ "somebody's runs", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'C', 'C', "v3", "t2", BUILT, false }, "v2", TN_NO_REMEDY,
		    "it was left as it is" },
		/* The same to look at: its secrets may be others. */
		{ "somebody's of that content runs", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'B', 'B', "v3", "t3", BUILT, false }, "v2", TN_NO_REMEDY,
		    "it was left as it is" },
		{ "never deployed", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'B', 'A', "v1", "t2", BUILT, false }, NULL, TN_AS_BEFORE, NULL },
		{ "back, not built", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'A', 'A', "v3", "t2", BUILT, true }, NULL, TN_WAIT, NULL },
		{ "back", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'A', 'A', "v3", "t2", BUILT, false }, NULL, TN_AS_BEFORE, NULL },
		{ "nothing runs", DEPLOY, TN_INVERSE_REDEPLOY,
		    { 'B', 0, NULL, "t2", BUILT, false }, NULL, TN_NO_REMEDY,
		    "does not run" },
		{ "ours runs", ROLLBACK, TN_INVERSE_REDEPLOY,
		    { 'B', 'B', "v2", "t2", BUILT, false }, "v2", TN_REDEPLOY, NULL },
		{ "back, the draft not", ROLLBACK, TN_INVERSE_REDEPLOY,
		    { 'B', 'A', "v3", "t2", BUILT, false }, "v2", TN_REDEPLOY, NULL },
		{ "back", ROLLBACK, TN_INVERSE_REDEPLOY,
		    { 'A', 'A', "v3", "t2", BUILT, false }, "v2", TN_AS_BEFORE, NULL },
		{ "back, a foreign draft", ROLLBACK, TN_INVERSE_REDEPLOY,
		    { 'C', 'A', "v3", "t2", BUILT, false }, "v2", TN_NO_REMEDY,
		    "it was left" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		enum tn_remedy remedy;

		set_step(rows[i].kind, true, rows[i].inverse);
		runs[1].version_id = (char *)(uintptr_t)rows[i].answered;
		remedy = judge_undo(&runs[1], look(rows[i].seen), &err);
		if (remedy != rows[i].remedy)
			fail_msg("%s %s: %d", tn_step_kind_name(rows[i].kind),
			    rows[i].row, (int)remedy);
		says(&err, rows[i].says, rows[i].row);
	}
}

/* Taken for undone it would go live a moment later. */
static void
what_was_answered_and_is_not_shown_is_waited_for(void **state TN_UNUSED)
{
	static char version[] = "v2", time[] = "t2";
	static const enum tn_step_kind kinds[] = { DEPLOY, ROLLBACK };
	struct seen old = { 'A', 'A', "v1", "t1", BUILT, false };

	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		set_step(kinds[i], true, TN_INVERSE_REDEPLOY);
		runs[1].version_id = version;
		assert_int_equal(judge_undo(&runs[1], look(old), NULL), TN_WAIT);
	}
	set_step(UPDATE, true, TN_INVERSE_REDRAFT);
	runs[1].draft_updated_at = time;
	assert_int_equal(judge_undo(&runs[1], look(old), NULL), TN_WAIT);
	set_step(DEPLOY, true, TN_INVERSE_NONE);
	steps[1].before.has_live = false;
	runs[1].version_id = version;
	assert_int_equal(judge_undo(&runs[1],
			     look((struct seen){ 'B', 0, NULL, "t2", BUILT, false }),
			     NULL),
	    TN_WAIT);
}

static void
a_creation_is_deleted_when_it_is_ours(void **state TN_UNUSED)
{
	static char id[] = "id";
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct seen ours = { 'B', 0, NULL, "t1", BUILT, false };
	struct seen other = { 'C', 0, NULL, "t1", BUILT, false };

	set_step(TN_STEP_CREATE, false, TN_INVERSE_DELETE);
	assert_int_equal(judge_undo(&runs[1], NULL, &err), TN_AS_BEFORE);
	/* The answer was lost: it is known by its content. */
	assert_int_equal(judge_undo(&runs[1], look(ours), &err), TN_DELETE);
	assert_int_equal(judge_undo(&runs[1], look(other), &err), TN_NO_REMEDY);
	says(&err, "did not make it", "other");
	/* Its id is known: it is ours whatever stands in it by now. */
	runs[1].action_id = id;
	assert_int_equal(judge_undo(&runs[1], look(other), NULL), TN_DELETE);
}

static void
the_deploy_of_a_creation_goes_with_it(void **state TN_UNUSED)
{
	set_step(DEPLOY, false, TN_INVERSE_DELETE);
	assert_int_equal(judge_undo(&runs[1],
			     look((struct seen){ 'B', 'B', "v1", "t1", BUILT, false }),
			     NULL),
	    TN_AS_BEFORE);
	assert_int_equal(judge_undo(&runs[1], NULL, NULL), TN_AS_BEFORE);
}

static void
what_was_never_deployed_cannot_be_undeployed(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	set_step(DEPLOY, true, TN_INVERSE_NONE);
	steps[1].before.has_live = false;
	assert_int_equal(judge_undo(&runs[1],
			     look((struct seen){ 'B', 0, NULL, "t2", BUILT, false }),
			     &err),
	    TN_AS_BEFORE);
	assert_int_equal(judge_undo(&runs[1],
			     look((struct seen){ 'B', 'B', "v1", "t2", BUILT, false }),
			     &err),
	    TN_NO_REMEDY);
	says(&err, "cannot be put back", "first deploy");
}

/* Code and all are the same: only the time of the secret tells that it was written. */
static void
a_written_secret_alone_is_put_back(void **state TN_UNUSED)
{
	const struct tn_secret_ref old = { .name = "KEY", .updated_at = "s1" };
	const struct tn_secret_ref new = { .name = "KEY", .updated_at = "s2" };
	const struct tn_secret_ref wanted = { .name = "KEY", .fingerprint = "f" };

	set_step(UPDATE, true, TN_INVERSE_REDEPLOY);
	steps[1].after = content('A');
	steps[1].after.secrets = &wanted;
	steps[1].after.n_secrets = 1;
	runs[1].after = steps[1].after;
	steps[1].before.draft.secrets = &old;
	steps[1].before.draft.n_secrets = 1;
	steps[1].before.live.content = steps[1].before.draft;
	action = steps[1].before;
	assert_int_equal(judge_undo(&runs[1], &action, NULL), TN_AS_BEFORE);
	action.draft.secrets = &new;
	assert_int_equal(judge_undo(&runs[1], &action, NULL), TN_REDEPLOY);
}

/* --- at the end --- */

static void
in_the_end_what_runs_is_what_counts(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_live_action there = shown(
	    (struct seen){ 'B', 'B', "v2", "t2", BUILT, false });
	struct tn_live live = { .actions = &there, .n_actions = 1 };

	set_step(DEPLOY, true, TN_INVERSE_REDEPLOY);
	steps[1].action_id = "id";
	assert_true(judge_holds(&runs[1], &live, &err));
	/* Somebody's draft on top of it changes nothing that runs. */
	there.draft = content('C');
	assert_true(judge_holds(&runs[1], &live, &err));
	there.live.content = content('A');
	assert_false(judge_holds(&runs[1], &live, &err));
	says(&err, "does not run with the planned content", "old");
	tn_error_done(&err);
	live.n_actions = 0;
	assert_false(judge_holds(&runs[1], &live, &err));
	says(&err, "is gone", "gone");
}

/* What is deleted is what the plan saw, or is not there any more. */
static void
a_module_that_moved_is_not_deleted(void **state TN_UNUSED)
{
	static const struct {
		const char *time; /* NULL: it is gone */
		int64_t version;
		int expected;
	} rows[] = {
		{ NULL, 0, 0 },
		{ "t1", 3, 0 },
		{ "t2", 3, -TN_E_CONFLICT },
		{ "t1", 4, -TN_E_CONFLICT },
	};

	set_step(TN_STEP_MODULE_DELETE, false, TN_INVERSE_NONE);
	steps[1].has_before = true;
	steps[1].module_before = (struct tn_live_module){ .id = "m",
		.name = "a",
		.updated_at = "t1",
		.latest_number = 3 };
	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		struct tn_live_module live = steps[1].module_before;
		const struct tn_op_result seen = { .modules = &live, .n_modules = 1 };

		live.updated_at = rows[i].time;
		live.latest_number = rows[i].version;
		assert_int_equal(tn_kind_of(&runs[1])->before(&runs[1],
				     rows[i].time == NULL ? NULL : &seen, &err),
		    rows[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_write_everything_must_be_as_planned),
		cmocka_unit_test(a_deploy_alone_takes_the_draft_that_was_planned),
		cmocka_unit_test(after_the_write_it_is_seen_or_looked_for_again),
		cmocka_unit_test(the_first_deploy_of_a_creation_is_seen),
		cmocka_unit_test(the_way_back_takes_only_what_is_ours),
		cmocka_unit_test(what_was_answered_and_is_not_shown_is_waited_for),
		cmocka_unit_test(a_creation_is_deleted_when_it_is_ours),
		cmocka_unit_test(the_deploy_of_a_creation_goes_with_it),
		cmocka_unit_test(what_was_never_deployed_cannot_be_undeployed),
		cmocka_unit_test(a_written_secret_alone_is_put_back),
		cmocka_unit_test(in_the_end_what_runs_is_what_counts),
		cmocka_unit_test(a_module_that_moved_is_not_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
