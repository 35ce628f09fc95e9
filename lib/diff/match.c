#include "diff/change.h"

/*
 * Which live action each wanted one stands for: the one of its name, or the one that
 * still has the name that it had before. An old name may be another wanted action's when
 * that one moves too, and each is named as the old one of one action at most: renames are
 * chains and circles.
 */

static const struct tn_live_action *
at_old_name(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	return want->renamed_from == NULL ? NULL
					  : tn_live_by_name(in->live, want->renamed_from);
}

static const struct tn_want_action *
holder_of_old_name(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	return tn_want_action(in->want, want->renamed_from);
}

/* The action that is to leave the name of want, or NULL. */
static const struct tn_want_action *
successor(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	for (size_t i = 0; i < in->want->n_actions; i++)
		if (tn_text_equal(in->want->actions[i].renamed_from, want->name))
			return &in->want->actions[i];
	return NULL;
}

/* Something has the old name, and no wanted action keeps it. */
static bool
may_move(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	for (size_t i = 0; i <= in->want->n_actions; i++) {
		if (at_old_name(in, want) == NULL)
			return false;
		want = holder_of_old_name(in, want);
		if (want == NULL)
			return true;
	}
	return true; /* round a circle */
}

/* And the new one is free by then. */
static bool
moves(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	if (!may_move(in, want))
		return false;
	while (want != NULL && tn_live_by_name(in->live, want->name) != NULL)
		want = successor(in, want);
	return want != NULL;
}

/* The members of want's circle of old names, itself included; 0 when it is in none. */
static size_t
circle_of(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	const struct tn_want_action *at = want;

	for (size_t n = 1; n <= in->want->n_actions; n++) {
		if (at_old_name(in, at) == NULL)
			return 0;
		at = holder_of_old_name(in, at);
		if (at == NULL)
			return 0;
		if (at == want)
			return n;
	}
	return 0;
}

/* Whether live would have to be changed to be what is wanted. */
static bool
would_change(const struct tn_diff_input *in, const struct tn_want_action *want,
    const struct tn_live_action *live)
{
	const struct tn_content *have = live->has_live ? &live->live.content
						       : &live->draft;
	unsigned parts = tn_content_differs(&want->content, have) & ~want->unstated &
	    ~(unsigned)(TN_PART_SECRETS | TN_PART_MODULES);
	struct tn_secret_changes secrets;

	tn_secret_changes_build(in, want, have, live->id, &secrets);
	return parts != 0 || secrets.differ || tn_trigger_differs(want, live);
}

/*
 * A circle looks the same before it is turned and after. It is turned when fewer of its
 * actions would have to change then: afterwards that is not so any more.
 */
static bool
circle_turns(const struct tn_diff_input *in, const struct tn_want_action *want, size_t n)
{
	size_t turned = 0, stayed = 0;

	for (; n > 0; n--) {
		turned += would_change(in, want, at_old_name(in, want));
		stayed += would_change(in, want, tn_live_by_name(in->live, want->name));
		want = holder_of_old_name(in, want);
	}
	return turned < stayed;
}

struct tn_match
tn_match(const struct tn_diff_input *in, const struct tn_want_action *want)
{
	struct tn_match match = { .live = tn_live_by_name(in->live, want->name) };
	size_t circle;

	if (at_old_name(in, want) == NULL)
		return match;
	circle = circle_of(in, want);
	if (circle > 0 ? circle_turns(in, want, circle) : moves(in, want))
		match.live = at_old_name(in, want);
	else if (match.live != NULL && circle == 0 &&
	    holder_of_old_name(in, want) == NULL)
		match.both = at_old_name(in, want);
	return match;
}
