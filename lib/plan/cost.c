#include "plan/cost.h"

/* What one call takes at an unhurried pace, and a build that installs packages. Measured
 * on recorded traffic. */
#define CALL_NS     (250 * TN_MSEC)
#define PACKAGES_NS (6 * TN_SEC)
/* Whatever is written is seen half a second later, at the first look. */
#define LOOK_NS (500 * TN_MSEC)
/* So many calls of steps that go together are under way at once. */
#define TOGETHER 4
/* So many steps that wait for the same are looked at by one list. */
#define MANY 4

/* What the steps of one phase come to. */
struct sum {
	unsigned steps, calls;
	unsigned looks; /* of these, the calls that look whether a build is done */
	unsigned most_looks;
	unsigned packages; /* steps that wait until packages are installed */
};

static unsigned
looks_of(const struct tn_step *step)
{
	if (step->kind == TN_STEP_CREATE)
		return step->calls - 1;
	if (step->kind == TN_STEP_UPDATE || step->kind == TN_STEP_RENAME)
		return step->calls - 2;
	return 0;
}

static struct sum
sum_of(const struct tn_plan *plan, enum tn_phase phase)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct tn_step *step = &plan->steps[i];
		unsigned looks;

		if (tn_step_phase(step->kind) != phase)
			continue;
		looks = looks_of(step);
		sum.steps++;
		sum.calls += step->calls;
		sum.looks += looks;
		sum.most_looks = looks > sum.most_looks ? looks : sum.most_looks;
		sum.packages += looks > 0 && step->after.n_dependencies > 0;
	}
	return sum;
}

/* Many steps that go together are looked at together; where the rate is slow, when they
 * are all begun. */
static void
share_looks(struct sum *sum)
{
	if (sum->steps >= MANY && sum->looks > sum->most_looks + 1)
		sum->calls -= sum->looks - (sum->most_looks + 1);
}

/* By its calls and its waiting, as if there were no limit of the rate. */
static int64_t
time_of(const struct sum *sum, enum tn_phase phase, int64_t call_ns)
{
	if (sum->steps == 0)
		return 0;
	if (!tn_phase_traits(phase)->together)
		return sum->calls * call_ns + sum->steps * LOOK_NS +
		    sum->packages * PACKAGES_NS;
	return sum->calls * call_ns / (sum->steps < TOGETHER ? sum->steps : TOGETHER) +
	    (sum->packages > 0       ? PACKAGES_NS
		    : sum->looks > 0 ? LOOK_NS
				     : 0);
}

/* All actions and all modules, if one is changed, and each flow that is set. Deletions
 * come after it. */
static unsigned
verifying(const struct tn_plan *plan)
{
	unsigned flows = 0, actions = 0, modules = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		enum tn_step_kind kind = plan->steps[i].kind;

		if (kind == TN_STEP_BIND)
			flows++;
		else if (!tn_step_changes(kind) || tn_step_phase(kind) > TN_PHASE_VERIFY)
			continue;
		else if (tn_step_of_module(kind))
			modules = 1;
		else
			actions = 1;
	}
	return flows + actions + modules;
}

void
tn_plan_cost(struct tn_plan *plan, const struct tn_pace *pace)
{
	int64_t call_ns = pace->call_ns > 0 ? pace->call_ns : CALL_NS;
	int64_t waiting;

	plan->calls = verifying(plan);
	plan->time_ns = plan->calls > 0 ? call_ns : 0;
	for (unsigned phase = 0; phase < TN_PHASE__COUNT; phase++) {
		struct sum sum = sum_of(plan, (enum tn_phase)phase);

		share_looks(&sum);
		plan->calls += sum.calls;
		plan->time_ns += time_of(&sum, (enum tn_phase)phase, call_ns);
	}
	if (pace->per_second == 0 || plan->calls <= pace->ready)
		return;
	waiting = (plan->calls - pace->ready) * 1000 * TN_SEC / pace->per_second;
	if (waiting > plan->time_ns)
		plan->time_ns = waiting;
}
