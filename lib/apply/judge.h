/*
 * What a read of the tenant means for a step: pure comparisons of what is
 * live with what the step expects, wants and found before.
 */
#ifndef TN_APPLY_JUDGE_H
#define TN_APPLY_JUDGE_H

#include "apply/machine.h"

/*
 * Before the write: is everything as the plan expects? 0 or TN_E_CONFLICT. live
 * NULL: not there.
 */
int tn_judge_action_before(const struct tn_running *run,
    const struct tn_live_action *live, struct tn_error *err) TN_MUST_USE;
int tn_judge_flow_before(const struct tn_running *run, const struct tn_flow *live,
    struct tn_error *err) TN_MUST_USE;

/* After the write. */
enum tn_verdict {
	TN_SEEN,     /* it is as wanted */
	TN_NOT_YET,  /* look again later */
	TN_NOT_DONE, /* the lost call had no effect */
	TN_FOLLOW,   /* a rollback is live and the draft did not follow */
	TN_WRONG,    /* err says what is there instead */
};
enum tn_verdict tn_judge_action_after(const struct tn_running *run,
    const struct tn_live_action *live, struct tn_error *err);
enum tn_verdict tn_judge_flow_after(const struct tn_running *run,
    const struct tn_flow *live, struct tn_error *err);

/* On the way back. */
enum tn_remedy tn_judge_action_undo(const struct tn_running *run,
    const struct tn_live_action *live, struct tn_error *err);
/*
 * The flow to put back, in the arena: the one of before when nobody else has
 * changed it since. Otherwise what is there now without the entries that this
 * run added and with those that it took out, each after its nearest predecessor
 * of before, so that other people's changes stay.
 */
struct tn_flow tn_judge_flow_target(const struct tn_running *run,
    const struct tn_flow *live, struct tn_arena *arena);

/* At the end of all: what the step wanted is what runs. */
bool tn_judge_holds(const struct tn_running *run, const struct tn_live *live,
    struct tn_error *err);

#endif
