#include "check.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "look.h"

#define NAMES 64

struct checker {
	struct world *world;
	const char *broken;
	struct tn_str message;
	enum tn_command command;
	bool must_not_write;
	struct tn_str before;  /* the whole tenant */
	struct tn_str foreign; /* other people's part of it */
	struct tn_str unnamed; /* flows that the project does not name */
	/* Bound before the run (before the first of several, when they were killed) and
	 * wanted after it. */
	bool must_stay[SPEC_TRIGGERS][SPEC_ACTIONS];
	char *strangers[SPEC_TRIGGERS][NAMES];
	size_t n_strangers[SPEC_TRIGGERS];
	bool after_kill;
	/* Other people have changed something since the kill. */
	bool interfered;
	/* Something could not be put back, and exit status 4 said so. */
	bool told;
	/* After mending, the tenant was neither as before nor as wanted. */
	bool half;
	/* What the killed run wanted. */
	struct spec killed;
	/* Drafts written by this run, which must be built before a deploy. */
	bool written[SPEC_ACTIONS];
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
forget_strangers(struct checker *checker)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		for (size_t i = 0; i < checker->n_strangers[t]; i++)
			tn_free(checker->strangers[t][i]);
		checker->n_strangers[t] = 0;
	}
}

void
checker_free(struct checker *checker)
{
	if (checker == NULL)
		return;
	forget_strangers(checker);
	tn_str_done(&checker->message);
	tn_str_done(&checker->before);
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

/* Before the run. */

static void
note_bound(struct checker *checker, unsigned t)
{
	const struct world *world = checker->world;
	size_t n = tn_sim_view_bindings(world->sim, spec_triggers[t]);

	for (size_t i = 0; i < n; i++) {
		struct tn_sim_binding_view binding;
		struct tn_sim_action_view action;
		unsigned number;

		if (!tn_sim_view_binding(world->sim, spec_triggers[t], i, &binding) ||
		    !tn_sim_view_by_id(world->sim, binding.action_id,
			tn_loop_unix(world->loop), &action))
			continue;
		if (look_is_ours(action.name, &number))
			checker->must_stay[t][number] = true;
		else if (checker->n_strangers[t] < NAMES)
			checker->strangers[t][checker->n_strangers[t]++] = tn_strdup(
			    action.name);
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

/* What a flow that is not named holds stays, and what a named one does not list goes. */
static void
keep_wanted_only(struct checker *checker, unsigned t)
{
	const struct spec_flow *flow = &checker->world->spec.flows[t];

	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (flow->named && !listed(flow, i))
			checker->must_stay[t][i] = false;
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
	look_snapshot(checker->world, false, &checker->before);
	forget_strangers(checker);
	memset(checker->must_stay, 0, sizeof(checker->must_stay));
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		note_bound(checker, t);
}

void
checker_begin(struct checker *checker, enum tn_command command, bool must_not_write)
{
	checker->command = command;
	checker->must_not_write = must_not_write || !tn_command_writes(command);
	tn_str_clear(&checker->foreign);
	tn_str_clear(&checker->unnamed);
	look_snapshot(checker->world, true, &checker->foreign);
	add_unnamed(checker, &checker->unnamed);
	memset(checker->written, 0, sizeof(checker->written));
	checker->begun = tn_loop_unix(checker->world->loop);
	if (!checker->after_kill)
		checker_look(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		keep_wanted_only(checker, t);
}

/* After each call. */

static bool
is_write(const struct tn_sim_request *req)
{
	return strcmp(req->method, "GET") != 0 && strcmp(req->path, "/oauth/token") != 0;
}

static void
check_gap(struct checker *checker)
{
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
			TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

			spec_name(i, &name);
			if (checker->must_stay[t][i] &&
			    !look_bound(checker->world, spec_triggers[t],
				tn_str_text(&name)))
				checker_fail(checker, "no-gap", "%s left the flow of %s",
				    tn_str_text(&name), spec_triggers[t]);
		}
		for (size_t i = 0; i < checker->n_strangers[t]; i++)
			if (!look_bound(checker->world, spec_triggers[t],
				checker->strangers[t][i]))
				checker_fail(checker, "untouched",
				    "%s left the flow of %s", checker->strangers[t][i],
				    spec_triggers[t]);
	}
}

static void
check_untouched(struct checker *checker)
{
	TN_CLEANUP(tn_str_done) struct tn_str foreign = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str unnamed = TN_STR_INIT;

	look_snapshot(checker->world, true, &foreign);
	if (!tn_text_equal(tn_str_text(&foreign), tn_str_text(&checker->foreign)))
		checker_fail(checker, "untouched", "other people's actions are now\n%s",
		    tn_str_text(&foreign));
	add_unnamed(checker, &unnamed);
	if (!tn_text_equal(tn_str_text(&unnamed), tn_str_text(&checker->unnamed)))
		checker_fail(checker, "untouched", "unnamed flows are now\n%s",
		    tn_str_text(&unnamed));
}

/* Of a draft and not of a version, which has one more id in its path. */
static bool
is_plain_deploy(const struct tn_sim_request *req)
{
	return strcmp(req->method, "POST") == 0 && tn_text_ends(req->path, "/deploy") &&
	    strstr(req->path, "/versions/") == NULL;
}

static void
check_built_first(struct checker *checker, const struct tn_sim_request *req, int status)
{
	const struct world *world = checker->world;

	if (!is_plain_deploy(req) || status / 100 != 2)
		return;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		struct tn_sim_action_view action;

		spec_name(i, &name);
		if (checker->written[i] &&
		    tn_sim_view_by_name(world->sim, tn_str_text(&name),
			tn_loop_unix(world->loop), &action) &&
		    strcmp(action.status, "built") != 0)
			checker_fail(checker, "built-first",
			    "a deploy was sent while %s is %s", action.name,
			    action.status);
	}
}

/* Whose draft did the call write? One that this run created, or that the path names. What
 * an earlier run has left unbuilt is none of this one's. */
static void
note_written(struct checker *checker, const struct tn_sim_request *req)
{
	const struct world *world = checker->world;

	if (!is_write(req) || tn_text_ends(req->path, "/deploy"))
		return;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
		struct tn_sim_action_view action;

		spec_name(i, &name);
		if (tn_sim_view_by_name(world->sim, tn_str_text(&name),
			tn_loop_unix(world->loop), &action) &&
		    (action.created_at >= checker->begun ||
			strstr(req->path, action.id) != NULL))
			checker->written[i] = true;
	}
}

void
checker_after_call(struct checker *checker, const struct tn_sim_request *req,
    const struct tn_sim_reply *reply)
{
	if (checker->broken != NULL)
		return;
	if (!is_write(req))
		return;
	if (checker->must_not_write)
		checker_fail(checker, "no-write", "%s %s", req->method, req->path);
	check_gap(checker);
	check_untouched(checker);
	check_built_first(checker, req, reply->status);
	note_written(checker, req);
}

/* After the run. */

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
check_as_before(struct checker *checker, int exit)
{
	TN_CLEANUP(tn_str_done) struct tn_str now = TN_STR_INIT;

	/* A killed run may have changed things that this one had no part in. */
	if (checker->after_kill)
		return;
	look_snapshot(checker->world, false, &now);
	if (!tn_text_equal(tn_str_text(&now), tn_str_text(&checker->before)))
		checker_fail(checker, "as-before",
		    "exit %d, and the tenant was\n%s\nand is\n%s", exit,
		    tn_str_text(&checker->before), tn_str_text(&now));
}

void
checker_wants(struct checker *checker)
{
	TN_CLEANUP(tn_str_done) struct tn_str off = TN_STR_INIT;

	if (look_wanted(checker->world, &off) != NULL)
		checker_fail(checker, "as-wanted", "%s", tn_str_text(&off));
}

static void
check_apply_end(struct checker *checker, const struct ran *ran)
{
	switch (ran->exit) {
	case TN_EXIT_DONE:
		checker_wants(checker);
		break;
	case TN_EXIT_STALE:
		if (!checker->world->approved)
			checker_fail(checker, "honest-exit", "exit 5:\n%s", ran->text);
		check_as_before(checker, ran->exit);
		break;
	case TN_EXIT_ERROR:
	case TN_EXIT_PUT_BACK:
		check_as_before(checker, ran->exit);
		break;
	case TN_EXIT_NOT_PUT_BACK:
		if (!ran->irreversible && !checker->interfered && !checker->world->stop)
			checker_fail(checker, "honest-exit", "exit 4:\n%s", ran->text);
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
	look_snapshot(checker->world, false, &now);
	checker->half = !checker->interfered && !checker->told &&
	    !as_killed_wanted(checker) &&
	    !tn_text_equal(tn_str_text(&now), tn_str_text(&checker->before));
	/* From here on it is a run like any other. */
	checker->after_kill = false;
	checker_look(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		keep_wanted_only(checker, t);
}

void
checker_interfered(struct checker *checker)
{
	bool stayed[SPEC_TRIGGERS][SPEC_ACTIONS];

	if (!checker->after_kill)
		return;
	checker->interfered = true;
	/* What they unbound need not stay; what the killed run bound need not either. */
	memcpy(stayed, checker->must_stay, sizeof(stayed));
	checker_look(checker);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		for (unsigned i = 0; i < SPEC_ACTIONS; i++)
			checker->must_stay[t][i] = checker->must_stay[t][i] &&
			    stayed[t][i];
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
	if (ran->killed)
		checker->after_kill = true;
	else if (ran->exit == TN_EXIT_NOT_PUT_BACK)
		checker->told = true;
	/* One that was stopped before it came to mending leaves that to the next. */
	else if (!checker->after_kill || ran->exit != TN_EXIT_ERROR)
		checker->after_kill = checker->interfered = checker->told = false;
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
