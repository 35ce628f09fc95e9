#include "apply/kind.h"

/* A reading side that lags catches up within this time, or something is wrong. */
#define PATIENCE (30 * TN_SEC)
#define PAUSE    (1 * TN_SEC)

static void look(void *arg);

static bool
is_verified(const struct tn_running *run)
{
	return tn_step_phase(run->step->kind) < TN_PHASE_VERIFY &&
	    tn_step_changes(run->step->kind);
}

static bool
everything_holds(const struct tn_apply *apply, const struct tn_live *live,
    struct tn_error *err)
{
	for (size_t i = 0; i < apply->n_runs; i++)
		if (is_verified(&apply->runs[i]) &&
		    !tn_kind_of(&apply->runs[i])->holds(&apply->runs[i], live, err))
			return false;
	return true;
}

static void
on_read(void *arg, struct tn_live *live, const struct tn_error *err)
{
	TN_CLEANUP(tn_live_freep) struct tn_live *owned = live;
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_apply *apply = arg;

	if (apply->undoing)
		return;
	if (err != NULL) {
		tn_apply_fail(apply, err);
	} else if (everything_holds(apply, owned, &why)) {
		tn_apply_verified(apply, owned);
	} else if (tn_loop_now(apply->options.loop) < apply->verify_until) {
		tn_timer_start(&apply->timer, apply->options.loop, PAUSE, look, apply);
	} else {
		tn_error_context(&why, "verifying");
		tn_apply_fail(apply, &why);
	}
}

static void
look(void *arg)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_apply *apply = arg;
	const char **triggers = tn_arena_array(arena, apply->n_runs, const char *);
	struct tn_read_spec spec = { .triggers = triggers };

	for (size_t i = 0; i < apply->n_runs; i++)
		if (is_verified(&apply->runs[i]))
			tn_kind_of(&apply->runs[i])
			    ->needs(&apply->runs[i], &spec, triggers);
	tn_remote_read(apply->options.remote, &spec, on_read, apply);
}

void
tn_verify_start(struct tn_apply *apply)
{
	apply->verify_until = tn_loop_now(apply->options.loop) + PATIENCE;
	look(apply);
}
