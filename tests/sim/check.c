#include "check.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "look.h"

#define NAMES 64

/* Ids of actions. */
struct ids {
	char *items[NAMES];
	size_t n;
};

/* What must stay in a flow. */
struct place {
	unsigned number; /* of an action of ours; SPEC_ACTIONS: it is another's */
	char *id;
	char *name;
};

struct places {
	struct place items[NAMES];
	size_t n;
};

struct checker {
	struct world *world;
	const char *broken;
	struct tn_str message;
	enum tn_command command;
	bool must_not_write;
	struct tn_str before;  /* the whole tenant */
	struct tn_str runs;    /* what of it runs */
	struct tn_str foreign; /* other people's part of it */
	struct tn_str unnamed; /* flows that the project does not name */
	/* Bound before the run (before the first of several, when they were killed), and
	 * wanted after it where it is ours. */
	struct places must_stay[SPEC_TRIGGERS];
	struct ids protected;
	bool after_kill;
	/* Other people have changed something since the kill. */
	bool interfered;
	/* They did in the middle of this run. */
	bool meddled;
	/* What the way back needed was refused in it. */
	bool refused;
	/* Somebody else applies at the same time. */
	bool rival;
	/* Something could not be put back, and exit status 4 said so. */
	bool told;
	/* After mending, the tenant was neither as before nor as wanted. */
	bool half;
	/* What the killed run wanted. */
	struct spec killed;
	struct ids there;   /* before the run */
	struct ids written; /* drafts of this run, which must be built before a deploy */
	struct ids tested;  /* since they were written */
	int64_t begun;
};

struct checker *
checker_new(struct world *world)
{
	struct checker *checker = tn_new(struct checker);

	checker->world = world;
	return checker;
}

static void
forget_ids(struct ids *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		tn_free(ids->items[i]);
	ids->n = 0;
}

static bool
has_id(const struct ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->items[i], id) == 0)
			return true;
	return false;
}

static void
add_id(struct ids *ids, const char *id)
{
	if (has_id(ids, id))
		return;
	/* What is not noted would not be looked at. */
	assert(ids->n < NAMES);
	ids->items[ids->n++] = tn_strdup(id);
}

static void
drop_id(struct ids *ids, const char *id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (strcmp(ids->items[i], id) != 0)
			continue;
		tn_free(ids->items[i]);
		ids->items[i] = ids->items[--ids->n];
		return;
	}
}

static void
drop_place(struct places *places, size_t i)
{
	tn_free(places->items[i].id);
	tn_free(places->items[i].name);
	places->items[i] = places->items[--places->n];
}

static void
forget_places(struct checker *checker)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		while (checker->must_stay[t].n > 0)
			drop_place(&checker->must_stay[t], 0);
}

void
checker_free(struct checker *checker)
{
	if (checker == NULL)
		return;
	forget_places(checker);
	forget_ids(&checker->protected);
	forget_ids(&checker->there);
	forget_ids(&checker->written);
	forget_ids(&checker->tested);
	tn_str_done(&checker->message);
	tn_str_done(&checker->before);
	tn_str_done(&checker->runs);
	tn_str_done(&checker->foreign);
	tn_str_done(&checker->unnamed);
	tn_free(checker);
}

void
checker_fail(struct checker *checker, const char *promise, const char *format, ...)
{
	va_list args;

	if (checker->broken != NULL)
		return;
	checker->broken = promise;
	va_start(args, format);
	tn_str_addv(&checker->message, format, args);
	va_end(args);
}

const char *
checker_broken(const struct checker *checker)
{
	return checker->broken;
}

const char *
checker_message(const struct checker *checker)
{
	return tn_str_text(&checker->message);
}

/* --- before the run ---------------------------------------------------------------- */

/* What runs there counts: a draft may be another's. */
static void
note_bound(struct checker *checker, unsigned t)
{
	const struct world *world = checker->world;
	struct places *places = &checker->must_stay[t];
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[t]);

	assert(n <= NAMES);
	for (size_t i = 0; i < n; i++) {
		struct place *place = &places->items[places->n];
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;

		if (!tn_sim_view_binding(world->sim, spec_triggers[t], i, &binding) ||
		    !tn_sim_view_by_id(world->sim, binding.action_id,
			tn_loop_unix(world->loop), &action))
			continue;
		if (!look_is_ours(&action, &place->number))
			place->number = SPEC_ACTIONS;
		place->id = tn_strdup(action.id);
		place->name = tn_strdup(action.name);
		places->n++;
	}
}

static bool
listed(const struct spec_flow *flow, unsigned action)
{
	for (size_t i = 0; i < flow->n; i++)
		if (flow->entries[i] == action)
			return true;
	return false;
}

static bool
may_leave(const struct spec *spec, unsigned t, unsigned number)
{
	const struct spec_flow *flow = &spec->flows[t];

	if (!flow->named)
		return false;
	if (number == SPEC_ACTIONS)
		return spec->delete == SPEC_DELETE_ALL && !flow->others;
	return !listed(flow, number);
}

/* What a flow that is not named holds stays, and what a named one does not list goes. */
static void
keep_wanted_only(struct checker *checker, unsigned t)
{
	struct places *places = &checker->must_stay[t];

	for (size_t i = places->n; i > 0; i--)
		if (may_leave(&checker->world->spec, t, places->items[i - 1].number))
			drop_place(places, i - 1);
}

static void
add_unnamed(const struct checker *checker, struct tn_str *out)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		if (checker->world->spec.flows[t].named)
			continue;
		tn_str_addf(out, "%s\n", spec_triggers[t]);
		look_flow(checker->world, spec_triggers[t], out);
	}
}

/* What is there now is what must not be lost. */
static void
checker_look(struct checker *checker)
{
	tn_str_clear(&checker->before);
	tn_str_clear(&checker->runs);
	look_snapshot(checker->world, LOOK_ALL, &checker->before);
	look_snapshot(checker->world, LOOK_RUNS, &checker->runs);
	forget_places(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		note_bound(checker, t);
}

/* Under its own name, as the files know it: a name may be on its way to another. */
static bool
is_protected(const struct spec *spec, unsigned number, const char *name)
{
	const struct spec_action *action = &spec->actions[number];
	TN_CLEANUP(tn_str_done) struct tn_str its = TN_STR_INIT;

	spec_name(spec, number, &its);
	return action->wanted && action->protect && action->was == 0 &&
	    tn_text_equal(tn_str_text(&its), name);
}

static void
note_there(struct checker *checker)
{
	const struct world *world = checker->world;
	size_t n = tn_sim_view_actions(world->sim);

	forget_ids(&checker->there);
	forget_ids(&checker->protected);
	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;
		unsigned number;

		tn_sim_view_action(world->sim, i, tn_loop_unix(world->loop), &action);
		add_id(&checker->there, action.id);
		if (look_is_ours(&action, &number) &&
		    is_protected(&world->spec, number, action.name))
			add_id(&checker->protected, action.id);
	}
}

void
checker_begin(struct checker *checker, enum tn_command command, bool must_not_write)
{
	checker->command = command;
	checker->must_not_write = must_not_write || !tn_command_writes(command);
	checker->meddled = checker->refused = checker->rival = false;
	tn_str_clear(&checker->foreign);
	tn_str_clear(&checker->unnamed);
	look_snapshot(checker->world, LOOK_FOREIGN, &checker->foreign);
	add_unnamed(checker, &checker->unnamed);
	note_there(checker);
	forget_ids(&checker->written);
	forget_ids(&checker->tested);
	checker->begun = tn_loop_unix(checker->world->loop);
	if (!checker->after_kill)
		checker_look(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		keep_wanted_only(checker, t);
}

void
checker_meddled(struct checker *checker)
{
	checker->meddled = true;
	if (checker->after_kill)
		checker->interfered = true;
	/* Drafts may be theirs by now. */
	forget_ids(&checker->written);
	tn_str_clear(&checker->foreign);
	tn_str_clear(&checker->unnamed);
	look_snapshot(checker->world, LOOK_FOREIGN, &checker->foreign);
	add_unnamed(checker, &checker->unnamed);
}

void
checker_refused(struct checker *checker)
{
	checker->refused = true;
}

void
checker_rival(struct checker *checker)
{
	checker->rival = checker->meddled = true;
	if (checker->after_kill)
		checker->interfered = true;
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		for (size_t i = checker->must_stay[t].n; i > 0; i--)
			if (checker->must_stay[t].items[i - 1].number < SPEC_ACTIONS)
				drop_place(&checker->must_stay[t], i - 1);
}

/* --- after each call --------------------------------------------------------------- */

static bool
is_write(const struct tn_sim_request *req)
{
	return strcmp(req->method, "GET") != 0 && strcmp(req->path, "/oauth/token") != 0;
}

static void
check_gap(struct checker *checker)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		for (size_t i = 0; i < checker->must_stay[t].n; i++) {
			const struct place *place = &checker->must_stay[t].items[i];

			if (!look_bound(checker->world, spec_triggers[t], place->id,
				place->number))
				checker_fail(checker,
				    place->number == SPEC_ACTIONS ? "untouched"
								  : "no-gap",
				    "%s left the flow of %s", place->name,
				    spec_triggers[t]);
		}
}

/* Each of other people's actions that is there is as it was. */
static void
check_foreign_left(struct checker *checker)
{
	const struct world *world = checker->world;
	size_t n = tn_sim_view_actions(world->sim);

	for (size_t i = 0; i < n; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		struct tn_sim_action_view action;
		unsigned number;

		tn_sim_view_action(world->sim, i, tn_loop_unix(world->loop), &action);
		if (look_is_ours(&action, &number))
			continue;
		look_action(world, &action, &text);
		if (strstr(tn_str_text(&checker->foreign), tn_str_text(&text)) == NULL)
			checker_fail(checker, "untouched", "somebody else's is now\n%s",
			    tn_str_text(&text));
	}
}

static void
check_untouched(struct checker *checker)
{
	TN_CLEANUP(tn_str_done) struct tn_str foreign = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str unnamed = TN_STR_INIT;

	look_snapshot(checker->world, LOOK_FOREIGN, &foreign);
	if (checker->world->spec.delete == SPEC_DELETE_ALL)
		check_foreign_left(checker);
	else if (!tn_text_equal(tn_str_text(&foreign), tn_str_text(&checker->foreign)))
		checker_fail(checker, "untouched", "other people's actions are now\n%s",
		    tn_str_text(&foreign));
	add_unnamed(checker, &unnamed);
	if (!tn_text_equal(tn_str_text(&unnamed), tn_str_text(&checker->unnamed)))
		checker_fail(checker, "untouched", "unnamed flows are now\n%s",
		    tn_str_text(&unnamed));
}

/* What is there and was created by this run, or is what the path names. */
static bool
is_of_call(const struct checker *checker, const struct tn_sim_request *req,
    const struct tn_sim_action_view *action)
{
	return action->created_at >= checker->begun ||
	    strstr(req->path, action->id) != NULL;
}

/* Of a draft and not of a version, which has one more id in its path. */
static bool
is_plain_deploy(const struct tn_sim_request *req)
{
	return strcmp(req->method, "POST") == 0 && tn_text_ends(req->path, "/deploy") &&
	    strstr(req->path, "/versions/") == NULL;
}

static bool
must_be_tested(const struct checker *checker, const struct tn_sim_action_view *action)
{
	unsigned number;

	/* The history, which a rollback goes by, knows no tests. */
	return checker->command == TN_COMMAND_APPLY && look_is_ours(action, &number) &&
	    checker->world->spec.actions[number].wanted &&
	    checker->world->spec.actions[number].tested &&
	    has_id(&checker->written, action->id);
}

/* Only for a run of its own: what an earlier one has left unbuilt is none of this
 * one's. */
static void
check_deploy(struct checker *checker, const struct tn_sim_request *req)
{
	const struct world *world = checker->world;

	for (size_t i = 0; i < checker->written.n; i++) {
		struct tn_sim_action_view action;

		if (!tn_sim_view_by_id(world->sim, checker->written.items[i],
			tn_loop_unix(world->loop), &action))
			continue;
		if (strcmp(action.status, "built") != 0)
			checker_fail(checker, "built-first",
			    "a deploy was sent while %s is %s", action.name,
			    action.status);
		if (strstr(req->path, action.id) != NULL &&
		    must_be_tested(checker, &action) &&
		    !has_id(&checker->tested, action.id))
			checker_fail(checker, "tested-first",
			    "%s was deployed and not tried out", action.name);
	}
}

static void
note_written(struct checker *checker, const struct tn_sim_request *req)
{
	const struct world *world = checker->world;
	bool tests = tn_text_ends(req->path, "/test");
	size_t n = tn_sim_view_actions(world->sim);

	if (tn_text_ends(req->path, "/deploy"))
		return;
	for (size_t i = 0; i < n; i++) {
		struct tn_sim_action_view action;

		tn_sim_view_action(world->sim, i, tn_loop_unix(world->loop), &action);
		if (!is_of_call(checker, req, &action))
			continue;
		if (tests && strstr(req->path, action.id) != NULL) {
			add_id(&checker->tested, action.id);
		} else if (!tests) {
			add_id(&checker->written, action.id);
			if (strstr(req->path, action.id) != NULL)
				drop_id(&checker->tested, action.id);
		}
	}
}

/* What this run found there goes only when all that is wanted runs, and never when it is
 * protected. */
static void
check_deleted(struct checker *checker)
{
	const struct world *world = checker->world;

	for (size_t i = checker->there.n; i > 0; i--) {
		TN_CLEANUP(tn_str_done) struct tn_str off = TN_STR_INIT;
		const char *id = checker->there.items[i - 1];
		struct tn_sim_action_view action;

		if (tn_sim_view_by_id(world->sim, id, tn_loop_unix(world->loop), &action))
			continue;
		/* What a killed run had made goes when that is taken back. */
		if (!checker->after_kill && has_id(&checker->protected, id))
			checker_fail(checker, "protected",
			    "a protected action was deleted");
		if (!checker->after_kill && !checker->meddled &&
		    look_wanted(world, &off) != NULL)
			checker_fail(checker, "deletes-last",
			    "an action was deleted while %s", tn_str_text(&off));
		drop_id(&checker->there, id);
	}
}

void
checker_after_call(struct checker *checker, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply)
{
	if (checker->broken != NULL || !is_write(req))
		return;
	if (checker->must_not_write)
		checker_fail(checker, "no-write", "%s %s", req->method, req->path);
	check_gap(checker);
	if (checker->rival)
		return;
	check_untouched(checker);
	check_deleted(checker);
	if (is_plain_deploy(req) && reply->status / 100 == 2)
		check_deploy(checker, req);
	note_written(checker, req);
}

/* --- after the run ----------------------------------------------------------------- */

static void
search(struct checker *checker, const char *where, struct tn_span text,
    struct tn_span needle)
{
	if (text.len > 0 && memmem(text.ptr, text.len, needle.ptr, needle.len) != NULL)
		checker_fail(checker, "no-secret", "a secret value stands in %s as %s",
		    where, needle.ptr);
}

/*
 * By how all of them begin: as they are, which is also how they begin in JSON and in a
 * URL; and in base64 with unknown neighbours, which leaves of each alignment what does
 * not touch them.
 */
static void
search_secrets(struct checker *checker, const char *where, struct tn_span text)
{
	static const char begin[] = SPEC_SECRET_BEGINS;

	search(checker, where, text, tn_span_of(begin, strcspn(begin, " ")));
	for (size_t skip = 0; skip < 3; skip++) {
		TN_CLEANUP(tn_str_done) struct tn_str encoded = TN_STR_INIT;
		size_t len = (sizeof(begin) - 1 - skip) / 3 * 3;

		tn_base64_encode(tn_span_of(begin + skip, len), false, &encoded);
		search(checker, where, text, tn_str_span(&encoded));
	}
}

static void
search_file(void *arg, const char *name, const void *bytes, size_t len)
{
	search_secrets(arg, name, tn_span_of(bytes, len));
}

static void
compare(struct checker *checker, int exit, const struct tn_str *before, enum look_at what)
{
	TN_CLEANUP(tn_str_done) struct tn_str now = TN_STR_INIT;

	look_snapshot(checker->world, what, &now);
	if (!tn_text_equal(tn_str_text(&now), tn_str_text(before)))
		checker_fail(checker, "as-before",
		    "exit %d, and the tenant was\n%s\nand is\n%s", exit,
		    tn_str_text(before), tn_str_text(&now));
}

/* Where others meddled, what they wrote stays, and what runs of ours is as before. */
static void
check_as_before(struct checker *checker, int exit)
{
	/* A killed run may have changed things that this one had no part in. */
	if (checker->after_kill || checker->rival)
		return;
	if (checker->meddled)
		compare(checker, exit, &checker->runs, LOOK_RUNS);
	else
		compare(checker, exit, &checker->before, LOOK_ALL);
}

/* deleted: and nothing else is left. */
static void
check_wanted(struct checker *checker, bool deleted)
{
	TN_CLEANUP(tn_str_done) struct tn_str off = TN_STR_INIT;

	if (look_wanted(checker->world, &off) != NULL)
		checker_fail(checker, "as-wanted", "%s", tn_str_text(&off));
	if (deleted && look_left(checker->world, checker->command, &off) != NULL)
		checker_fail(checker, "as-wanted", "%s", tn_str_text(&off));
}

static void
check_apply_end(struct checker *checker, const struct ran *ran)
{
	if (ran->unnamed)
		checker_fail(checker, "honest-exit", "nobody says why it remains:\n%s",
		    ran->text);
	switch (ran->exit) {
	case TN_EXIT_DONE:
		if (!checker->meddled)
			check_wanted(checker, true);
		break;
	case TN_EXIT_STALE:
		if (!checker->world->approved)
			checker_fail(checker, "honest-exit", "exit 5:\n%s", ran->text);
		check_as_before(checker, ran->exit);
		break;
	case TN_EXIT_ERROR:
		/* A deletion that failed takes nothing back. */
		if (ran->applied && !checker->meddled)
			check_wanted(checker, false);
		else if (!ran->applied)
			check_as_before(checker, ran->exit);
		break;
	case TN_EXIT_PUT_BACK:
		check_as_before(checker, ran->exit);
		break;
	case TN_EXIT_NOT_PUT_BACK:
		if (!ran->irreversible && !checker->interfered && !checker->meddled &&
		    !checker->refused && !checker->world->stop)
			checker_fail(checker, "honest-exit", "exit 4:\n%s", ran->text);
		break;
	case TN_EXIT_LOCKED:
		if (!checker->rival)
			checker_fail(checker, "honest-exit", "exit 6:\n%s", ran->text);
		break;
	default:
		checker_fail(checker, "honest-exit", "exit %d:\n%s", ran->exit,
		    ran->text);
		break;
	}
}

/* Whether the tenant is what the killed run wanted. */
static bool
as_killed_wanted(struct checker *checker)
{
	TN_CLEANUP(tn_str_done) struct tn_str off = TN_STR_INIT;
	struct spec now = checker->world->spec;
	bool as_wanted;

	checker->world->spec = checker->killed;
	as_wanted = look_wanted(checker->world, &off) == NULL;
	checker->world->spec = now;
	return as_wanted;
}

void
checker_reading(struct checker *checker)
{
	TN_CLEANUP(tn_str_done) struct tn_str now = TN_STR_INIT;

	if (!checker->after_kill || !tn_command_writes(checker->command))
		return;
	look_snapshot(checker->world, LOOK_ALL, &now);
	checker->half = !checker->interfered && !checker->told &&
	    !as_killed_wanted(checker) &&
	    !tn_text_equal(tn_str_text(&now), tn_str_text(&checker->before));
	/* From here on it is a run like any other. */
	checker->after_kill = false;
	checker_look(checker);
	note_there(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		keep_wanted_only(checker, t);
}

static bool
has_place(const struct places *places, const char *id)
{
	for (size_t i = 0; i < places->n; i++)
		if (strcmp(places->items[i].id, id) == 0)
			return true;
	return false;
}

void
checker_interfered(struct checker *checker)
{
	struct places stayed[SPEC_TRIGGERS];

	if (!checker->after_kill)
		return;
	checker->interfered = true;
	/* What they unbound need not stay; what the killed run bound need not either. */
	memcpy(stayed, checker->must_stay, sizeof(stayed));
	memset(checker->must_stay, 0, sizeof(checker->must_stay));
	checker_look(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		for (size_t i = checker->must_stay[t].n; i > 0; i--)
			if (!has_place(&stayed[t], checker->must_stay[t].items[i - 1].id))
				drop_place(&checker->must_stay[t], i - 1);
		while (stayed[t].n > 0)
			drop_place(&stayed[t], 0);
	}
}

/* What a killed run began is over when an apply has come to its end. */
static void
note_kill(struct checker *checker, const struct ran *ran)
{
	if (!tn_command_writes(checker->command))
		return;
	if (ran->killed && !checker->after_kill)
		checker->killed = checker->world->spec;
	/* What was left on purpose is neither as before nor as wanted. */
	if (ran->killed && checker->world->stop)
		checker->told = true;
	if (ran->killed) {
		checker->after_kill = true;
	} else if (ran->exit == TN_EXIT_NOT_PUT_BACK && !checker->world->stop) {
		/* The next one tries again to put back what this one could not. */
		checker->after_kill = checker->told = true;
	} else if (!checker->after_kill || ran->exit != TN_EXIT_ERROR) {
		/* One that was stopped before it came to mending leaves that to the next.
		 */
		checker->after_kill = checker->interfered = checker->told = false;
	}
}

/* Where secrets were deferred more may be found out. */
static void
check_approved(struct checker *checker, const struct ran *ran)
{
	const char *saved = checker->world->saved;

	if (!checker->world->approved || ran->digest[0] == '\0' ||
	    strstr(saved, "\"checked_at_apply\": []") == NULL)
		return;
	if (strstr(saved, ran->digest) == NULL)
		checker_fail(checker, "as-approved", "carried out: %s\n%s", ran->digest,
		    saved);
}

void
checker_end(struct checker *checker, const struct ran *ran)
{
	check_approved(checker, ran);
	tn_memdisk_each(checker->world->disk, search_file, checker);
	if (ran->text != NULL)
		search_secrets(checker, "the output", tn_span(ran->text));
	/* What a killed run began is only over when an apply has come to its end. */
	if (!ran->killed && tn_command_writes(checker->command))
		check_apply_end(checker, ran);
	/* What had no inverse could not come back, and that was said. */
	if (checker->half && !ran->killed && !ran->irreversible)
		checker_fail(checker, "mended", "after mending the tenant was not\n%s",
		    tn_str_text(&checker->before));
	checker->half = checker->half && ran->killed;
	note_kill(checker, ran);
}

char *
checker_what_broke(const struct checker *checker)
{
	struct tn_str text = TN_STR_INIT;

	if (checker_broken(checker) == NULL)
		return NULL;
	tn_str_addf(&text, "# violated: %s\n%s", checker_broken(checker),
	    checker_message(checker));
	return tn_str_take(&text);
}

void
checker_run(struct world *world, const struct trouble *trouble, bool must_not_write,
    struct ran *ran)
{
	checker_begin(world->checker, TN_COMMAND_APPLY, must_not_write);
	world_run(world, TN_COMMAND_APPLY, trouble, trouble == NULL ? 0 : 1, ran);
	checker_end(world->checker, ran);
}

void
checker_expect_done(struct world *world, bool must_not_write, const char *which)
{
	struct ran ran;

	checker_run(world, NULL, must_not_write, &ran);
	if (ran.exit != TN_EXIT_DONE)
		checker_fail(world->checker, "converges", "%s: exit %d\n%s", which,
		    ran.exit, ran.text);
	ran_done(&ran);
}
