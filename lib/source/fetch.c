#include "source/source.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/time.h"
#include "git/git.h"
#include "source/build.h"
#include "source/cache.h"
#include "source/command.h"
#include "source/location.h"
#include "source/refs.h"
#include "source/revision.h"

#define DEADLINE    (120 * TN_SEC)
#define LOCK_PAUSE  (100 * TN_MSEC)
#define LISTING_MAX ((size_t)32 << 20)
#define WORDS_MAX   ((size_t)64 << 10)

struct tn_opening {
	struct tn_source_means means;
	tn_opened_fn *done; /* NULL when it was told */
	void *arg;
	char *where, *ref, *path;
	struct tn_location location;
	struct tn_str shown; /* the address for people */

	struct tn_timer timer;
	int64_t until;
	struct tn_cache cache;
	bool cached; /* there was a cache as we came */
	bool fresh;  /* there was none, or it was made anew */
	struct tn_process *process;
	enum tn_git_verb verb;

	char *wanted;    /* what to fetch; NULL until the list has told */
	char *cache_ref; /* where it goes */
	bool is_id;
	bool checked, tried_list, tried_all; /* which were run */
	struct tn_error error; /* of a fetch, while its reason is looked for */
};

static void run_git(struct tn_opening *opening, enum tn_git_verb verb);

/* --- The end --- */

static void
tell(struct tn_opening *opening, struct tn_source *source, const struct tn_error *err)
{
	tn_opened_fn *done = opening->done;

	tn_cache_done(&opening->cache);
	opening->done = NULL;
	done(opening->arg, source, err);
}

/* Takes the error over. */
static void
fail(struct tn_opening *opening, struct tn_error *err)
{
	struct tn_error why = *err;

	*err = (struct tn_error)TN_ERROR_INIT;
	if (opening->location.remote)
		tn_error_context(&why, "cannot fetch \"%s\"",
		    tn_str_text(&opening->shown));
	tell(opening, NULL, &why);
	tn_error_done(&why);
}

static const char *
shown_ref(const struct tn_opening *opening)
{
	return opening->ref != NULL ? opening->ref : "HEAD";
}

static int
open_cached(struct tn_opening *opening, const char *rev, struct tn_source *source,
    struct tn_error *err)
{
	const struct tn_git_names names = {
		.path = tn_str_text(&opening->shown),
		.rev = shown_ref(opening),
	};

	*source = (struct tn_source){ .tree = NULL };
	return tn_revtree_open(opening->cache.path, rev, &names, &source->tree,
	    &source->commit, err);
}

/* What was fetched is there; the project's directory may still not be. */
static void
succeed(struct tn_opening *opening, struct tn_source *source)
{
	struct tn_error why = TN_ERROR_INIT;

	if (tn_source_enter(source, opening->path, &why) < 0) {
		tn_source_done(source);
		tell(opening, NULL, &why);
		tn_error_done(&why);
		return;
	}
	tn_source_label(source, tn_str_text(&opening->shown), shown_ref(opening),
	    opening->path);
	tell(opening, source, NULL);
}

/* --- What git said --- */

static void
git_failed(struct tn_opening *opening, const struct tn_process_result *result)
{
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;

	tn_command_words(result, &words);
	tn_error_set(&opening->error, TN_E_TRANSIENT, "%s", tn_str_text(&words));
	tn_error_hint(&opening->error,
	    "\"git ls-remote %s\" must work for the same user without asking%s",
	    tn_str_text(&opening->shown),
	    opening->cached ? "; what was fetched earlier is not used, as what is "
			      "applied must be current"
			    : "");
}

/* --- The steps --- */

static void
want(struct tn_opening *opening, const char *name)
{
	tn_free(opening->wanted);
	tn_free(opening->cache_ref);
	opening->wanted = tn_strdup(name);
	opening->cache_ref = tn_cache_ref(name);
}

static void
make_anew(struct tn_opening *opening)
{
	struct tn_error why = TN_ERROR_INIT;

	tn_error_done(&opening->error);
	opening->fresh = true;
	opening->tried_list = false;
	if (tn_cache_remove(&opening->cache, &why) < 0)
		fail(opening, &why);
	else
		run_git(opening, TN_GIT_INIT);
}

/* Opens what is in the cache under this name; a cache that cannot be read is made anew.
 */
static void
open_result(struct tn_opening *opening, const char *rev)
{
	struct tn_error why = TN_ERROR_INIT;
	struct tn_source source;

	if (open_cached(opening, rev, &source, &why) == 0) {
		succeed(opening, &source);
		return;
	}
	if (opening->fresh) {
		fail(opening, &why);
		return;
	}
	tn_error_done(&why);
	make_anew(opening);
}

/* git failed, and not because of the cache. */
static void
look_for_reason(struct tn_opening *opening)
{
	if (opening->is_id && !opening->tried_all) {
		/* Not every server gives any commit that is asked for by its id. */
		tn_error_done(&opening->error);
		opening->tried_all = true;
		run_git(opening, TN_GIT_FETCH_ALL);
	} else if (opening->tried_list) {
		fail(opening, &opening->error);
	} else {
		run_git(opening, TN_GIT_LIST);
	}
}

static void
after_failure(struct tn_opening *opening, const struct tn_process_result *result)
{
	git_failed(opening, result);
	if (opening->fresh || opening->checked)
		look_for_reason(opening);
	else
		run_git(opening, TN_GIT_CHECK);
}

/* Whether the cache has the commit already that the other side has now. */
static bool
has_commit(struct tn_opening *opening, struct tn_span commit, struct tn_source *source)
{
	if (opening->fresh || open_cached(opening, opening->cache_ref, source, NULL) < 0)
		return false;
	if (tn_span_is(commit, source->commit))
		return true;
	tn_source_done(source);
	return false;
}

/* The list says what a short name is. */
static void
after_list(struct tn_opening *opening, const struct tn_refs *refs)
{
	TN_CLEANUP(tn_freep) char *name = NULL;
	struct tn_error why = TN_ERROR_INIT;
	struct tn_source source;
	struct tn_span commit;

	if (tn_refs_choose(refs, opening->ref, &name, &commit, &why) < 0) {
		fail(opening, &why);
		return;
	}
	want(opening, name);
	if (has_commit(opening, commit, &source))
		succeed(opening, &source);
	else
		run_git(opening, TN_GIT_FETCH);
}

/* A fetch failed: the list may say why better than git did. */
static void
after_reason(struct tn_opening *opening, const struct tn_refs *refs)
{
	bool listed = tn_text_starts(opening->wanted, "refs/heads/") ||
	    tn_text_starts(opening->wanted, "refs/tags/");
	TN_CLEANUP(tn_freep) char *name = NULL;
	struct tn_error why = TN_ERROR_INIT;
	struct tn_span commit;

	if ((listed || refs->n == 0) &&
	    tn_refs_choose(refs, opening->wanted, &name, &commit, &why) < 0)
		fail(opening, &why);
	else
		fail(opening, &opening->error);
}

static void
on_list(struct tn_opening *opening, const struct tn_process_result *result)
{
	bool reason = tn_error_is_set(&opening->error);
	TN_CLEANUP(tn_refs_done) struct tn_refs refs = { .n = 0 };
	struct tn_error why = TN_ERROR_INIT;

	if (result->status != 0 || result->signal != 0) {
		after_failure(opening, result);
	} else if (tn_refs_parse(result->out, &refs, &why) < 0) {
		fail(opening, &why);
	} else if (reason) {
		after_reason(opening, &refs);
	} else {
		after_list(opening, &refs);
	}
}

/* With all branches and tags there, the commit is among them or nowhere. */
static void
find_commit(struct tn_opening *opening)
{
	struct tn_error why = TN_ERROR_INIT;
	struct tn_source source;

	if (open_cached(opening, opening->wanted, &source, NULL) == 0) {
		succeed(opening, &source);
		return;
	}
	tn_error_set(&why, TN_E_INPUT, "there is no commit %s", opening->wanted);
	tn_error_hint(&why,
	    "no branch or tag leads to it, and the server gives no others: push it, or "
	    "name a branch");
	fail(opening, &why);
}

/* The first failure stands: the rest was only to explain it. */
static void
too_slow(struct tn_opening *opening)
{
	char time[24];

	tn_duration_format(opening->means.deadline_ns, time);
	tn_error_set(&opening->error, TN_E_TRANSIENT,
	    "git did not come to an end within %s", time);
	tn_error_hint(&opening->error,
	    "\"git ls-remote %s\" shows whether the other side answers",
	    tn_str_text(&opening->shown));
	fail(opening, &opening->error);
}

static void
step(struct tn_opening *opening, const struct tn_process_result *result)
{
	bool good = result->status == 0 && result->signal == 0;

	switch (opening->verb) {
	case TN_GIT_INIT:
		if (!good) {
			git_failed(opening, result);
			fail(opening, &opening->error);
			return;
		}
		run_git(opening, opening->wanted != NULL ? TN_GIT_FETCH : TN_GIT_LIST);
		return;
	case TN_GIT_LIST:
		on_list(opening, result);
		return;
	case TN_GIT_FETCH:
		if (good)
			open_result(opening, opening->cache_ref);
		else
			after_failure(opening, result);
		return;
	case TN_GIT_FETCH_ALL:
		if (good) {
			find_commit(opening);
			return;
		}
		after_failure(opening, result);
		return;
	case TN_GIT_CHECK:
		if (good)
			look_for_reason(opening);
		else
			make_anew(opening);
		return;
	}
}

static void
on_git(void *arg, const struct tn_process_result *result, const struct tn_error *err)
{
	struct tn_opening *opening = arg;
	struct tn_error why = TN_ERROR_INIT;

	opening->process = NULL;
	if (err == NULL) {
		tn_cache_end(&opening->cache);
		step(opening, result);
	} else if (err->kind == TN_E_TRANSIENT) {
		too_slow(opening);
	} else {
		tn_error_copy(&why, err);
		fail(opening, &why);
	}
}

static bool
writes(enum tn_git_verb verb)
{
	return verb == TN_GIT_FETCH || verb == TN_GIT_FETCH_ALL;
}

static void
run_git(struct tn_opening *opening, enum tn_git_verb verb)
{
	const struct tn_git_subject subject = {
		.cache = opening->cache.path,
		.location = &opening->location,
		.wanted = opening->wanted,
		.ref = opening->cache_ref,
	};
	int64_t left = opening->until - tn_loop_now(opening->means.loop);
	struct tn_error why = TN_ERROR_INIT;
	struct tn_process_order order;
	struct tn_command command;

	if (left <= 0) {
		too_slow(opening);
		return;
	}
	if (writes(verb) && tn_cache_begin(&opening->cache, &why) < 0) {
		fail(opening, &why);
		return;
	}
	tn_command_build(&command, verb, &subject, &opening->means);
	order = (struct tn_process_order){
		.argv = command.argv,
		.search_path = command.search_path,
		.env = (const char *const *)command.env,
		.out_max = LISTING_MAX,
		.err_max = WORDS_MAX,
		.deadline_ns = left,
		.cancel = opening->means.cancel,
	};
	opening->verb = verb;
	opening->checked |= verb == TN_GIT_CHECK;
	opening->tried_list |= verb == TN_GIT_LIST;
	opening->process = tn_runner_start(opening->means.runner, &order, on_git,
	    opening);
	tn_command_done(&command);
}

/* --- The beginning --- */

/* A commit is the same for ever, so that one that was fetched needs nobody, under
 * whatever name it came. */
static bool
has_id(struct tn_opening *opening, struct tn_source *source)
{
	return opening->is_id &&
	    (open_cached(opening, opening->cache_ref, source, NULL) == 0 ||
		open_cached(opening, opening->wanted, source, NULL) == 0);
}

static void
begin(struct tn_opening *opening)
{
	struct tn_source source;

	opening->cached = tn_cache_exists(&opening->cache);
	opening->fresh = !opening->cached;
	if (opening->fresh)
		run_git(opening, TN_GIT_INIT);
	else if (has_id(opening, &source))
		succeed(opening, &source);
	else if (tn_cache_is_worn(&opening->cache))
		make_anew(opening);
	else
		run_git(opening, opening->wanted != NULL ? TN_GIT_FETCH : TN_GIT_LIST);
}

/* Others who fetch the same have the lock for a moment. */
static void
on_try_lock(void *arg)
{
	struct tn_opening *opening = arg;
	struct tn_loop *loop = opening->means.loop;
	struct tn_error why = TN_ERROR_INIT;
	int r;

	if (tn_cancel_fired(opening->means.cancel)) {
		tn_cancel_error(opening->means.cancel, "stopped", &why);
		fail(opening, &why);
		return;
	}
	r = tn_cache_lock(&opening->cache, &why);
	if (r == 0) {
		begin(opening);
	} else if (r == -TN_E_LOCKED && tn_loop_now(loop) < opening->until) {
		tn_error_done(&why);
		tn_timer_start(&opening->timer, loop, LOCK_PAUSE, on_try_lock, opening);
	} else {
		fail(opening, &why);
	}
}

static void
want_ref(struct tn_opening *opening)
{
	const char *ref = shown_ref(opening);
	TN_CLEANUP(tn_freep) char *id = tn_refs_id(ref);

	opening->is_id = id != NULL;
	if (id != NULL)
		want(opening, id);
	else if (tn_text_equal(ref, "HEAD") || tn_text_starts(ref, "refs/"))
		want(opening, ref);
}

static void
start_remote(struct tn_opening *opening)
{
	struct tn_error why = TN_ERROR_INIT;

	if (tn_git_check_rev(shown_ref(opening), &why) < 0) {
		fail(opening, &why);
		return;
	}
	if (opening->means.cache == NULL) {
		tn_error_set(&why, TN_E_INPUT,
		    "there is no place for what is fetched: neither XDG_CACHE_HOME nor "
		    "HOME is set");
		tn_error_hint(&why, "set one of them to a directory of yours");
		fail(opening, &why);
		return;
	}
	want_ref(opening);
	tn_cache_init(&opening->cache, opening->means.cache, opening->where);
	on_try_lock(opening);
}

static void
start_local(struct tn_opening *opening)
{
	const struct tn_source_request request = {
		.where = opening->where,
		.ref = opening->ref,
		.path = opening->path,
	};
	struct tn_error why = TN_ERROR_INIT;
	struct tn_source source;

	if (tn_source_open(&source, &request, &why) < 0)
		fail(opening, &why);
	else
		tell(opening, &source, NULL);
}

static void
on_start(void *arg)
{
	struct tn_opening *opening = arg;
	struct tn_error why = TN_ERROR_INIT;

	if (tn_location_parse(opening->where, &opening->location, &why) < 0) {
		opening->location.remote = false;
		fail(opening, &why);
		return;
	}
	tn_location_show(tn_span(opening->where), &opening->shown);
	if (opening->location.remote)
		start_remote(opening);
	else
		start_local(opening);
}

struct tn_opening *
tn_opening_start(const struct tn_source_request *request,
    const struct tn_source_means *means, tn_opened_fn *done, void *arg)
{
	struct tn_opening *opening = tn_new(struct tn_opening);

	opening->means = *means;
	if (means->deadline_ns <= 0)
		opening->means.deadline_ns = DEADLINE;
	opening->done = done;
	opening->arg = arg;
	opening->where = tn_strdup(request->where != NULL ? request->where : ".");
	opening->ref = tn_strdup(request->ref);
	opening->path = tn_strdup(request->path);
	opening->until = tn_loop_now(means->loop) + opening->means.deadline_ns;
	tn_timer_start(&opening->timer, means->loop, 0, on_start, opening);
	return opening;
}

void
tn_opening_free(struct tn_opening *opening)
{
	if (opening == NULL)
		return;
	tn_timer_stop(&opening->timer);
	tn_runner_stop(opening->means.runner, opening->process);
	tn_cache_done(&opening->cache);
	tn_error_done(&opening->error);
	tn_str_done(&opening->shown);
	tn_free(opening->where);
	tn_free(opening->ref);
	tn_free(opening->path);
	tn_free(opening->wanted);
	tn_free(opening->cache_ref);
	tn_free(opening);
}
