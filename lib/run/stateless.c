#include "run/machine.h"

/* Also where the files are only looked at: these know of no state. */
static bool
has_state(const struct tn_run *run)
{
	return run->options.state_path != NULL ||
	    run->options.command == TN_COMMAND_VALIDATE;
}

int
tn_run_check_state(struct tn_run *run)
{
	static const struct {
		enum tn_command command;
		const char *asks_for, *cure;
	} refused[] = {
		{ TN_COMMAND_HISTORY, "the runs of the past are",
		    "name the state's file with --state FILE" },
		{ TN_COMMAND_SHOW, "the runs of the past are",
		    "name the state's file with --state FILE" },
		{ TN_COMMAND_ROLLBACK, "what is gone back from is",
		    "apply an earlier commit: tenon apply --ref REV" },
		{ TN_COMMAND_UNLOCK, "the lock is",
		    "name the state's file with --state FILE" },
	};

	for (size_t i = 0; !has_state(run) && i < TN_ARRAY_LEN(refused); i++) {
		if (refused[i].command != run->options.command)
			continue;
		tn_error_set(&run->error, TN_E_INPUT,
		    "there is no state (--state none), and %s in it",
		    refused[i].asks_for);
		tn_error_hint(&run->error, "%s", refused[i].cure);
		return -TN_E_INPUT;
	}
	return 0;
}

void
tn_run_do_without_state(struct tn_run *run)
{
	if (has_state(run))
		return;
	run->want->no_state = true;
	run->want->delete_mode = TN_DELETE_NONE;
	run->result.no_state = true;
	run->result.secrets_written = run->options.write_secrets;
}

static void
own(struct tn_arena *arena, struct tn_owned **owned, size_t *n, const char *name,
    const char *id)
{
	(*owned)[(*n)++] = (struct tn_owned){ tn_arena_text(arena, name),
		tn_arena_text(arena, id) };
}

/* By the name that it has, or by the one that the files say it had. */
static const struct tn_live_action *
find_action(const struct tn_run *run, const struct tn_want_action *action)
{
	const struct tn_live_action *live = tn_live_by_name(run->live, action->name);

	if (live == NULL && action->renamed_from != NULL)
		live = tn_live_by_name(run->live, action->renamed_from);
	/* The marketplace's are nobody's. */
	return live != NULL && live->installed ? NULL : live;
}

void
tn_run_own_by_name(struct tn_run *run)
{
	struct tn_known *known = run->store->known;
	const struct tn_want *want = run->want;

	known->owned = tn_arena_array(known->arena, want->n_actions, struct tn_owned);
	known->modules = tn_arena_array(known->arena, want->n_modules, struct tn_owned);
	known->n_owned = known->n_modules = 0;
	for (size_t i = 0; i < want->n_actions; i++) {
		const struct tn_live_action *live = find_action(run, &want->actions[i]);

		if (live != NULL)
			own(known->arena, &known->owned, &known->n_owned, live->name,
			    live->id);
	}
	for (size_t i = 0; i < want->n_modules; i++) {
		const struct tn_live_module *live = tn_live_module(run->live,
		    want->modules[i].name);

		if (live != NULL)
			own(known->arena, &known->modules, &known->n_modules, live->name,
			    live->id);
	}
}

static void
demand_later(struct tn_run *run, const char *kind, const char *name, struct tn_mark mark,
    const struct tn_content *content, const struct tn_secret_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (changes[i].kind == TN_SECRET_LATER)
			tn_secret_box_demand_one(&run->secrets, run->entry, kind, name,
			    mark, tn_content_secret(content, changes[i].name),
			    run->diags);
}

void
tn_run_demand_missing(struct tn_run *run)
{
	const struct tn_diff *diff = run->diff;

	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		demand_later(run, "action", change->want->name, change->want->mark,
		    &change->want->content, change->secrets, change->n_secrets);
	}
	for (size_t i = 0; i < diff->n_modules; i++) {
		const struct tn_module_change *change = &diff->modules[i];

		demand_later(run, "module", change->want->name, change->want->mark,
		    &change->want->content, change->secrets, change->n_secrets);
	}
}
