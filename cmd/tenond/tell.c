#include "tell.h"

#include <stdio.h>

#include "base/secret.h"
#include "base/time.h"
#include "json/json.h"
#include "report/report.h"
#include "serve/show.h"

/* Whoever reads them may be gone: syncs go on. */
static void
put_line(const struct tn_str *line)
{
	fwrite(line->ptr, 1, line->len, stdout);
	fflush(stdout);
}

void
tell_event(const struct tn_serve_event *event)
{
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;

	tn_serve_event_json(event, &line);
	put_line(&line);
}

void
tell_daemon(struct tn_loop *loop, const struct told *told)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;
	struct tn_value *root = tn_value_object(arena);
	char time[TN_TIME_SIZE];

	tn_time_format_seconds(tn_loop_unix(loop), time);
	tn_value_set_text(arena, root, "time", time);
	tn_value_set_text(arena, root, "event", told->event);
	tn_value_set_text(arena, root, "listen", told->listen);
	tn_value_set_text(arena, root, "control", told->control);
	if (told->syncs > 0)
		tn_value_set(arena, root, "syncs",
		    tn_value_int(arena, (int64_t)told->syncs));
	tn_value_set_text(arena, root, "summary", told->summary);
	tn_json_write(root, &line);
	tn_str_add_char(&line, '\n');
	put_line(&line);
}

void
tell_trouble(const struct tn_diags *diags, const struct tn_error *err,
    const struct tn_redactor *redactor)
{
	const struct tn_report_options plain = { .colour = false };
	const struct tn_run_result result = {
		.command = TN_COMMAND_VALIDATE,
		.exit = TN_EXIT_ERROR,
		.diags = diags,
		.error = tn_error_is_set(err) ? err : NULL,
	};
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;

	tn_report_text(&result, &plain, &text);
	tn_redactor_apply(redactor, tn_str_span(&text), &clean);
	fwrite(clean.ptr, 1, clean.len, stderr);
}
