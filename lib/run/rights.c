#include "run/machine.h"

/* What the credential may do, looked at before anything depends on it. */

int
tn_run_check_rights(struct tn_run *run)
{
	const struct tn_rights *missing = &run->result.missing_rights;
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;
	int r;

	if (missing->n == 0)
		return 0;
	tn_rights_words(missing, &words);
	r = tn_error_set(&run->error, TN_E_PERMISSION,
	    "the credential of tenant %s lacks %s", run->entry->tenant,
	    tn_str_text(&words));
	tn_error_hint(&run->error,
	    "grant %s to the application in the tenant; this run wrote nothing",
	    missing->n == 1 ? "it" : "them");
	return r;
}

/* Those that the command may need: all, when it writes. */
static struct tn_rights
rights_of_command(const struct tn_run *run)
{
	enum tn_op_kind ops[TN_OP__COUNT];
	size_t n = 0;

	for (unsigned op = 0; op < TN_OP__COUNT; op++)
		if (tn_command_writes(run->options.command) ||
		    !run->provider->traits[op].writes)
			ops[n++] = (enum tn_op_kind)op;
	return tn_remote_missing_rights(run->remote, ops, n);
}

static void
on_logged_in(void *arg, const struct tn_op_result *result TN_UNUSED,
    const struct tn_error *err)
{
	static const enum tn_op_kind reads[] = { TN_OP_LIST_ACTIONS };
	struct tn_run *run = arg;

	if (err != NULL) {
		tn_run_finish_error(run, err);
		return;
	}
	/* Who may read finds out by the plan which of the others it takes. */
	if (tn_remote_missing_rights(run->remote, reads, 1).n > 0) {
		run->result.missing_rights = rights_of_command(run);
		tn_run_check_rights(run);
		tn_run_finish_error(run, NULL);
		return;
	}
	run->logged_in(run);
}

void
tn_run_log_in(struct tn_run *run, void (*then)(struct tn_run *run))
{
	run->logged_in = then;
	tn_remote_login(run->remote, on_logged_in, run);
}
