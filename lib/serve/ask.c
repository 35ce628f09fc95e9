#include "serve/control.h"

#include "base/arena.h"
#include "base/value.h"
#include "json/json.h"
#include "serve/show.h"

static const struct tn_json_limits limits = { 4096, 32, 4 };

static void
refuse(enum tn_error_kind kind, const char *message, struct tn_str *answer)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root = tn_value_object(arena);
	struct tn_value *error = tn_value_object(arena);

	tn_value_set_text(arena, error, "kind", tn_error_kind_name(kind));
	tn_value_set_text(arena, error, "message", message);
	tn_value_set(arena, root, "error", error);
	tn_str_clear(answer);
	tn_json_write(root, answer);
}

static void
refuse_sync(const char *sync, struct tn_str *answer)
{
	TN_CLEANUP(tn_str_done) struct tn_str message = TN_STR_INIT;

	tn_str_addf(&message, "there is no sync \"%s\"", sync);
	refuse(TN_E_NOT_FOUND, tn_str_text(&message), answer);
}

static void
accept(const char *sync, struct tn_str *answer)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root = tn_value_object(arena);

	tn_value_set_text(arena, root, "format_version", "1.0");
	tn_value_set_text(arena, root, "sync", sync);
	tn_json_write(root, answer);
}

static void
status(struct tn_serve *serve, const char *sync, struct tn_str *answer)
{
	if (!tn_serve_status_json(serve, sync, answer))
		refuse_sync(sync, answer);
}

static void
wake(struct tn_serve *serve, const char *sync, struct tn_str *answer)
{
	if (tn_serve_wake(serve, sync))
		accept(sync, answer);
	else
		refuse_sync(sync, answer);
}

static void
set_suspended(struct tn_serve *serve, const char *sync, bool suspended,
    struct tn_str *answer)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (tn_serve_suspend(serve, sync, suspended, &err) == 0)
		accept(sync, answer);
	else
		refuse(err.kind, err.message, answer);
}

static void
suspend(struct tn_serve *serve, const char *sync, struct tn_str *answer)
{
	set_suspended(serve, sync, true, answer);
}

static void
resume(struct tn_serve *serve, const char *sync, struct tn_str *answer)
{
	set_suspended(serve, sync, false, answer);
}

static const struct {
	const char *name;
	bool needs_sync;
	void (*fn)(struct tn_serve *serve, const char *sync, struct tn_str *answer);
} commands[] = {
	{ "status", false, status },
	{ "sync", true, wake },
	{ "suspend", true, suspend },
	{ "resume", true, resume },
};

void
tn_control_answer(struct tn_serve *serve, struct tn_span question, struct tn_str *answer)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	const char *command, *sync;
	struct tn_value *root;

	if (tn_json_parse(arena, question, &limits, &root, NULL) < 0) {
		refuse(TN_E_INPUT, "this is no JSON object", answer);
		return;
	}
	command = tn_value_get_text(root, "command");
	sync = tn_value_get_text(root, "sync");
	for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++) {
		if (!tn_text_equal(command, commands[i].name))
			continue;
		if (sync == NULL && commands[i].needs_sync)
			refuse(TN_E_INPUT, "it names no sync", answer);
		else
			commands[i].fn(serve, sync, answer);
		return;
	}
	refuse(TN_E_INPUT, "this daemon has no such command", answer);
}
