#include "model/want.h"

#include <stdlib.h>
#include <string.h>

#include "base/value.h"

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

static struct tn_mark
copy_mark(struct tn_arena *arena, struct tn_mark mark)
{
	mark.file = tn_arena_text(arena, mark.file);
	return mark;
}

static void
copy_uses(struct tn_arena *arena, struct tn_want_action *to,
    const struct tn_want_action *from)
{
	struct tn_want_use *uses = tn_arena_array(arena, from->n_modules,
	    struct tn_want_use);

	for (size_t i = 0; i < from->n_modules; i++) {
		uses[i] = from->modules[i];
		uses[i].name = tn_arena_text(arena, uses[i].name);
		uses[i].mark = copy_mark(arena, uses[i].mark);
	}
	to->modules = uses;
}

static void
copy_tests(struct tn_arena *arena, struct tn_want_action *to,
    const struct tn_want_action *from)
{
	struct tn_want_test *tests = tn_arena_array(arena, from->n_tests,
	    struct tn_want_test);

	for (size_t i = 0; i < from->n_tests; i++) {
		const struct tn_want_test *test = &from->tests[i];

		tests[i] = (struct tn_want_test){
			.payload_path = tn_arena_text(arena, test->payload_path),
			.payload = tn_value_clone(arena, test->payload),
			.expect = test->expect != NULL
			    ? tn_value_clone(arena, test->expect)
			    : NULL,
			.mark = copy_mark(arena, test->mark),
		};
	}
	to->tests = tests;
}

static void
copy_action(struct tn_arena *arena, struct tn_want_action *to,
    const struct tn_want_action *from)
{
	*to = *from;
	to->name = tn_arena_text(arena, from->name);
	to->mark = copy_mark(arena, from->mark);
	to->trigger.id = tn_arena_text(arena, from->trigger.id);
	to->trigger.version = tn_arena_text(arena, from->trigger.version);
	tn_content_copy(arena, &to->content, &from->content);
	to->code_path = tn_arena_text(arena, from->code_path);
	to->code_mark = copy_mark(arena, from->code_mark);
	copy_uses(arena, to, from);
	copy_tests(arena, to, from);
	to->renamed_from = tn_arena_text(arena, from->renamed_from);
	to->renamed_mark = copy_mark(arena, from->renamed_mark);
}

static void
copy_module(struct tn_arena *arena, struct tn_want_module *to,
    const struct tn_want_module *from)
{
	*to = *from;
	to->name = tn_arena_text(arena, from->name);
	to->mark = copy_mark(arena, from->mark);
	tn_content_copy(arena, &to->content, &from->content);
	to->code_path = tn_arena_text(arena, from->code_path);
	to->code_mark = copy_mark(arena, from->code_mark);
}

static void
copy_flow(struct tn_arena *arena, struct tn_want_flow *to,
    const struct tn_want_flow *from)
{
	struct tn_want_entry *entries = tn_arena_array(arena, from->n_entries,
	    struct tn_want_entry);

	for (size_t i = 0; i < from->n_entries; i++) {
		const struct tn_want_entry *entry = &from->entries[i];

		entries[i] = (struct tn_want_entry){
			.kind = entry->kind,
			.name = tn_arena_text(arena, entry->name),
			.display_name = tn_arena_text(arena, entry->display_name),
			.mark = copy_mark(arena, entry->mark),
		};
	}
	*to = (struct tn_want_flow){
		.trigger = tn_arena_text(arena, from->trigger),
		.mark = copy_mark(arena, from->mark),
		.entries = entries,
		.n_entries = from->n_entries,
	};
}

struct tn_want *
tn_want_copy(const struct tn_want *want)
{
	struct tn_want *copy = tn_want_new();
	struct tn_arena *arena = copy->arena;

	copy->project = tn_arena_text(arena, want->project);
	copy->actions = tn_arena_array(arena, want->n_actions, struct tn_want_action);
	copy->n_actions = want->n_actions;
	for (size_t i = 0; i < want->n_actions; i++)
		copy_action(arena, &copy->actions[i], &want->actions[i]);
	copy->modules = tn_arena_array(arena, want->n_modules, struct tn_want_module);
	copy->n_modules = want->n_modules;
	for (size_t i = 0; i < want->n_modules; i++)
		copy_module(arena, &copy->modules[i], &want->modules[i]);
	copy->flows = tn_arena_array(arena, want->n_flows, struct tn_want_flow);
	copy->n_flows = want->n_flows;
	for (size_t i = 0; i < want->n_flows; i++)
		copy_flow(arena, &copy->flows[i], &want->flows[i]);
	copy->delete_mode = want->delete_mode;
	copy->delete_mark = copy_mark(arena, want->delete_mark);
	return copy;
}
