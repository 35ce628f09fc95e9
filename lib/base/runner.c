#include "base/process.h"

#include <string.h>

struct tn_process *
tn_runner_start(struct tn_runner *runner, const struct tn_process_order *order,
    tn_process_done_fn *done, void *arg)
{
	return runner->ops->start(runner, order, done, arg);
}

void
tn_runner_stop(struct tn_runner *runner, struct tn_process *process)
{
	if (process != NULL)
		runner->ops->stop(runner, process);
}

void
tn_runner_free(struct tn_runner *runner)
{
	if (runner != NULL)
		runner->ops->free(runner);
}

void
tn_process_describe(const struct tn_process_result *result, struct tn_str *out)
{
	if (result->signal != 0)
		tn_str_addf(out, "was ended by signal %d (%s)", result->signal,
		    strsignal(result->signal));
	else
		tn_str_addf(out, "ended with status %d", result->status);
}
