/*
 * An unchanged tenant of a hundred actions is looked at cheaply and not written
 * to, as TAP.
 */
#include <stdio.h>

#include "hundred.h"

static void
tell(bool ok, unsigned number, const char *name)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", number, name);
}

int
main(void)
{
	struct hundred hundred = { 0 };
	uint64_t reads;
	bool made, cheap, silent;

	hundred_play(&hundred);
	reads = hundred.plan.calls - hundred.token_calls;
	made = hundred.first_exit == TN_EXIT_DONE;
	cheap = hundred.plan.exit == TN_EXIT_DONE && !hundred.plan.planned_changes &&
	    reads <= 8;
	silent = hundred.apply.exit == TN_EXIT_DONE && hundred.apply.writes == 0;
	printf("1..3\n");
	tell(made, 1, "a hundred actions on six triggers are applied");
	tell(cheap, 2,
	    "a plan of the unchanged tenant takes at most eight calls after the token");
	tell(silent, 3, "an apply of the unchanged tenant writes nothing");
	if (!made || !cheap || !silent)
		printf("# exits %d, %d, %d; %llu calls, %llu writes\n%s\n",
		    hundred.first_exit, hundred.plan.exit, hundred.apply.exit,
		    (unsigned long long)reads, (unsigned long long)hundred.apply.writes,
		    hundred.plan.text);
	hundred_done(&hundred);
	return made && cheap && silent ? 0 : 1;
}
