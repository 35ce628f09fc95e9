#include "base/loop.h"

void
tn_cancel_hook(struct tn_cancel *cancel, struct tn_cancel_hook *hook, tn_loop_fn *fn,
    void *arg)
{
	struct tn_cancel_hook **end = &cancel->hooks;

	tn_cancel_unhook(hook);
	if (cancel->fired)
		return;
	while (*end != NULL)
		end = &(*end)->next;
	*hook = (struct tn_cancel_hook){ .cancel = cancel, .fn = fn, .arg = arg };
	*end = hook;
}

void
tn_cancel_unhook(struct tn_cancel_hook *hook)
{
	struct tn_cancel_hook **place;

	if (hook->cancel == NULL)
		return;
	place = &hook->cancel->hooks;
	while (*place != hook)
		place = &(*place)->next;
	*place = hook->next;
	hook->cancel = NULL;
	hook->next = NULL;
}

/* From the front each time: a hook may unhook any other. */
void
tn_cancel_fire(struct tn_cancel *cancel)
{
	if (cancel->fired)
		return;
	cancel->fired = true;
	while (cancel->hooks != NULL) {
		struct tn_cancel_hook *hook = cancel->hooks;

		tn_cancel_unhook(hook);
		hook->fn(hook->arg);
	}
}

bool
tn_cancel_fired(const struct tn_cancel *cancel)
{
	return cancel != NULL && cancel->fired;
}

int
tn_cancel_error(const struct tn_cancel *cancel, const char *words, struct tn_error *err)
{
	if (cancel->reason == NULL)
		return tn_error_set(err, TN_E_CANCELLED, "%s", words);
	return tn_error_set(err, TN_E_CANCELLED, "%s: %s", words, cancel->reason);
}
