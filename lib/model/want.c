#include "model/want.h"

#include <stdlib.h>
#include <string.h>

struct tn_want *
tn_want_new(void)
{
	struct tn_arena *arena = tn_arena_new();
	struct tn_want *want = tn_arena_new_object(arena, struct tn_want);

	want->arena = arena;
	return want;
}

void
tn_want_free(struct tn_want *want)
{
	if (want != NULL)
		tn_arena_free(want->arena);
}

static int
compare_action(const void *name, const void *action)
{
	return strcmp(name, ((const struct tn_want_action *)action)->name);
}

const struct tn_want_action *
tn_want_action(const struct tn_want *want, const char *name)
{
	if (want->n_actions == 0)
		return NULL;
	return bsearch(name, want->actions, want->n_actions, sizeof(*want->actions),
	    compare_action);
}

static int
compare_module(const void *name, const void *module)
{
	return strcmp(name, ((const struct tn_want_module *)module)->name);
}

const struct tn_want_module *
tn_want_module(const struct tn_want *want, const char *name)
{
	if (want->n_modules == 0)
		return NULL;
	return bsearch(name, want->modules, want->n_modules, sizeof(*want->modules),
	    compare_module);
}

const char *
tn_want_delete_name(enum tn_want_delete mode)
{
	switch (mode) {
	case TN_DELETE_NONE:
		return "none";
	case TN_DELETE_MANAGED:
		return "managed";
	case TN_DELETE_ALL:
		return "all";
	}
	return "unknown";
}

struct tn_want *
tn_want_share(const struct tn_want *want)
{
	struct tn_want *share = tn_want_new();
	struct tn_arena *arena = share->arena;

	*share = *want;
	share->arena = arena;
	share->actions = tn_arena_array(arena, want->n_actions, struct tn_want_action);
	for (size_t i = 0; i < want->n_actions; i++)
		share->actions[i] = want->actions[i];
	share->modules = tn_arena_array(arena, want->n_modules, struct tn_want_module);
	for (size_t i = 0; i < want->n_modules; i++)
		share->modules[i] = want->modules[i];
	return share;
}
