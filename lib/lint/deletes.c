#include "lint/lint.h"

#include "diff/diff.h"

static void
refuse(struct tn_diags *diags, const char *code, struct tn_mark mark, const char *name,
    const char *message, const char *hint)
{
	struct tn_diag *diag = tn_diags_error(diags, code, mark, "%s", message);

	if (name != NULL)
		tn_diags_resource(diags, diag, "action/%s", name);
	tn_diags_hint(diags, diag, "%s", hint);
}

/* An action or a module that is deleted. */
static void
check_gone(const struct tn_want *want, const char *name, bool of_module,
    struct tn_diags *diags)
{
	for (size_t i = 0; i < want->n_kept; i++) {
		const struct tn_want_kept *kept = &want->kept[i];
		struct tn_diag *diag;

		if (kept->of_module != of_module || !tn_text_equal(kept->name, name))
			continue;
		diag = tn_diags_error(diags, "protected", kept->mark,
		    "it is protected, `only` leaves this tenant out, and so it would be "
		    "deleted here");
		tn_diags_resource(diags, diag, "%s/%s", of_module ? "module" : "action",
		    name);
		tn_diags_hint(diags, diag,
		    "add the tenant to `only`, or take `protect` out");
	}
}

static void
check_replaced(const struct tn_want *want, const struct tn_removal *removal,
    struct tn_diags *diags)
{
	const struct tn_want_action *action = removal->replaced->want;
	bool flip = removal->replaced->flip;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (flip) {
		tn_str_add(&text, "--flip needs a replacement (-/+)");
	} else {
		tn_str_add(&text, "the live action is written for ");
		tn_trigger_add(&removal->live->trigger, &text);
		tn_str_add(&text,
		    ", and a platform does not change that: it needs a replacement (-/+)");
	}
	if (action->protect)
		refuse(diags, "protected", action->mark, action->name,
		    flip
			? "it is protected, and --flip would delete the action that runs "
			  "and make a new one"
			: "it is protected, and another trigger would delete the action "
			  "that is there and make a new one",
		    flip ? "leave --flip out, or take `protect` out"
			 : "go back to the trigger that it has, or take `protect` out");
	else if (want->no_state) {
		tn_str_add(&text,
		    ", which deletes it; without a state nothing is deleted");
		refuse(diags, "replacement", action->mark, action->name,
		    tn_str_text(&text), "let tenon keep a state: leave --state none out");
	} else if (want->delete_mode == TN_DELETE_NONE) {
		tn_str_add(&text, ", which deletes it; `delete` is none here");
		refuse(diags, "replacement", action->mark, action->name,
		    tn_str_text(&text),
		    flip
			? "say `delete: managed` for the tenant, or leave --flip out"
			: "say `delete: managed` for the tenant, or go back to the trigger "
			  "that it has");
	} else if (removal->kept != NULL) {
		tn_str_addf(&text, ", and it cannot be deleted: %s", removal->kept);
		refuse(diags, "replacement", action->mark, action->name,
		    tn_str_text(&text), "unbind it, or name the flow under bindings");
	}
}

void
tn_lint_deletes(const struct tn_diff *diff, const struct tn_want *want, bool allow_empty,
    struct tn_diags *diags)
{
	for (size_t i = 0; i < diff->n_removals; i++) {
		const struct tn_removal *removal = &diff->removals[i];

		if (removal->replaced != NULL)
			check_replaced(want, removal, diags);
		else if (removal->kept == NULL)
			check_gone(want, removal->live->name, false, diags);
	}
	for (size_t i = 0; i < diff->n_module_removals; i++)
		if (diff->module_removals[i].kept == NULL)
			check_gone(want, diff->module_removals[i].live->name, true,
			    diags);
	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		if (change->both != NULL)
			refuse(diags, "old-name-in-use", change->want->renamed_mark,
			    change->want->name, change->reason, change->hint);
	}
	if (!allow_empty && tn_diff_removes_all(diff))
		refuse(diags, "delete-everything", want->delete_mark, NULL,
		    diff->n_changes == 0
			? "the files name no action, and everything would be deleted"
			: "none of the actions that were ours would be left",
		    "look whether these are the right files for this tenant; with "
		    "--allow-empty it is done");
}
