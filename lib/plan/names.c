#include "plan/builder.h"

/* An action that gets another name. */
struct move {
	const struct tn_live_action *live;
	const char *name; /* wanted; NULL: out of the way */
	unsigned aside;   /* where it is by now; 0: it has its old name */
	bool done;
};

/* On an action that is there; what it holds stays. */
static struct tn_step *
add_step(struct tn_builder *b, enum tn_step_kind kind, const char *name,
    const struct tn_live_action *live)
{
	struct tn_step *step = tn_builder_step(b, kind, name);

	step->action_id = tn_arena_text(b->arena, live->id);
	step->trigger.id = tn_arena_text(b->arena, live->trigger.id);
	step->trigger.version = tn_arena_text(b->arena, live->trigger.version);
	step->has_before = true;
	tn_live_action_copy(b->arena, &step->before, live);
	step->after = step->before.draft;
	return step;
}

static void
add_rename(struct tn_builder *b, const struct move *move, const char *from,
    const char *to, unsigned aside)
{
	const struct tn_live_action *live = move->live;
	struct tn_step *step = add_step(b, TN_STEP_RENAME,
	    move->name != NULL ? move->name : live->name, live);

	step->old_name = tn_arena_text(b->arena, from);
	step->new_name = tn_arena_text(b->arena, to);
	step->aside = aside;
	step->inverse = TN_INVERSE_RENAME;
	step->calls = step->after.n_dependencies == 0 ? 3 : 5;
}

static void
go_aside(struct tn_builder *b, struct move *move)
{
	move->aside = ++b->asides;
	add_rename(b, move, move->live->name, NULL, move->aside);
	move->done = move->name == NULL;
}

static void
go(struct tn_builder *b, struct move *move)
{
	add_rename(b, move, move->aside == 0 ? move->live->name : NULL, move->name,
	    move->aside);
	move->done = true;
}

/* Another one has it still. */
static bool
is_taken(const struct move *moves, size_t n, const struct move *by)
{
	for (size_t i = 0; i < n; i++)
		if (!moves[i].done && moves[i].aside == 0 && &moves[i] != by &&
		    tn_text_equal(moves[i].live->name, by->name))
			return true;
	return false;
}

/* Whoever's new name is free goes; when nobody's is, they stand in a circle, and one
 * steps out of it. */
static void
order_moves(struct tn_builder *b, struct move *moves, size_t n)
{
	for (;;) {
		struct move *waits = NULL;
		bool any = false;

		for (size_t i = 0; i < n; i++) {
			struct move *move = &moves[i];

			if (move->done)
				continue;
			if (move->name == NULL) {
				go_aside(b, move);
				any = true;
			} else if (!is_taken(moves, n, move)) {
				go(b, move);
				any = true;
			} else if (waits == NULL && move->aside == 0) {
				waits = move;
			}
		}
		if (!any && waits == NULL)
			return;
		if (!any)
			go_aside(b, waits);
	}
}

void
tn_builder_names(struct tn_builder *b)
{
	const struct tn_diff *diff = b->diff;
	struct move *moves = tn_arena_array(b->arena, diff->n_changes, struct move);
	size_t n = 0;

	for (size_t i = 0; i < diff->n_changes; i++) {
		const struct tn_change *change = &diff->changes[i];

		if (change->kind == TN_CHANGE_REPLACE)
			moves[n++] = (struct move){ .live = change->live };
		if (!change->rename)
			continue;
		moves[n++] = (struct move){ .live = change->live,
			.name = change->want->name };
		b->plan->counts.rename++;
	}
	order_moves(b, moves, n);
}

static void
add_module_deletes(struct tn_builder *b)
{
	for (size_t i = 0; i < b->diff->n_module_removals; i++) {
		const struct tn_module_removal *removal = &b->diff->module_removals[i];
		struct tn_step *step;

		if (removal->kept != NULL)
			continue;
		step = tn_builder_step(b, TN_STEP_MODULE_DELETE, removal->live->name);
		tn_builder_find_module(b, step, removal->live);
		step->after = step->module_before.draft;
		step->inverse = TN_INVERSE_NONE;
		step->irreversible =
		    "a module that was deleted does not come back with its "
		    "id, its versions and its secrets";
		step->calls = 2;
		b->plan->counts.remove++;
	}
}

void
tn_builder_deletes(struct tn_builder *b)
{
	for (size_t i = 0; i < b->diff->n_removals; i++) {
		const struct tn_removal *removal = &b->diff->removals[i];
		struct tn_step *step;

		if (removal->kept != NULL)
			continue;
		step = add_step(b, TN_STEP_DELETE, removal->live->name, removal->live);
		step->inverse = TN_INVERSE_NONE;
		step->irreversible =
		    "an action that was deleted does not come back with its "
		    "id, its versions and its secrets";
		step->calls = 2;
		b->plan->counts.remove++;
	}
	add_module_deletes(b);
}
