#include "run/machine.h"

#include "base/time.h"

/* A commit that was rolled back is not applied again unasked. "Another one" is another
 * commit id, whatever its files say: who commits anew has looked. */

static int
refuse(struct tn_run *run, const struct tn_hold *hold)
{
	char when[TN_TIME_SIZE];
	int r;

	tn_time_format_seconds(hold->since_ns, when);
	r = tn_error_set(&run->error, TN_E_CONFLICT,
	    "commit %.10s is on hold: run %s took it back at %s", hold->commit,
	    hold->run_id, when);
	tn_error_hint(&run->error,
	    "%s another commit, or say --lift-hold when this one is right after all",
	    run->options.command == TN_COMMAND_ROLLBACK ? "go back to" : "apply");
	return r;
}

int
tn_run_check_hold(struct tn_run *run)
{
	const struct tn_hold *hold = NULL;

	if (run->goal_commit != NULL)
		hold = tn_store_held(run->store, run->goal_commit);
	if (hold == NULL)
		return 0;
	/* Files that were changed since are not the commit's. */
	if (!run->goal_dirty && tn_command_writes(run->options.command) &&
	    !run->options.lift_hold)
		return refuse(run, hold);
	run->hold = *hold;
	run->result.hold = &run->hold;
	run->result.hold_lifted = run->options.lift_hold && !run->goal_dirty;
	return 0;
}

/* What is live by a commit that is known, and that is not gone back to. */
void
tn_run_choose_hold(struct tn_run *run)
{
	const struct tn_applied *applied = run->store->applied;

	if (applied == NULL)
		run->result.no_hold = "the state does not know what was applied last";
	else if (applied->commit == NULL)
		run->result.no_hold = "what was applied last is of no commit";
	else if (applied->dirty)
		run->result.no_hold =
		    "what was applied last had changes that were not committed";
	else if (!tn_text_equal(applied->commit, run->goal_commit))
		run->result.puts_on_hold = applied->commit;
}
