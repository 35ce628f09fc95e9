#include "serve/notify.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/value.h"

#define TRIES    3
#define PAUSE    (5 * TN_SEC)
#define DEADLINE (15 * TN_SEC)

/* An address, a message that is being sent, and one that waits: a later one takes its
 * place. */
struct line {
	struct tn_notify *notify;
	struct tn_notify_target target;
	struct tn_http_request *message; /* NULL: none is being sent */
	struct tn_http_request *waiting; /* NULL: none */
	unsigned tries;
	unsigned left_out; /* whose place the waiting one took */
	struct tn_call *call;
	struct tn_timer timer;
	int64_t next; /* loop time: not before */
};

struct tn_notify {
	struct tn_loop *loop;
	struct tn_transport *transport;
	const char *user_agent;
	struct line **lines;
	size_t n;
	uint64_t lost;
};

static void send_now(void *arg);

static void
send_next(void *arg)
{
	struct line *line = arg;

	line->message = tn_take(line->waiting);
	line->left_out = 0;
	line->tries = 0;
	send_now(line);
}

/* Not before its time. */
static void
schedule(struct line *line)
{
	struct tn_loop *loop = line->notify->loop;

	if (line->message == NULL && line->waiting != NULL)
		tn_timer_start(&line->timer, loop, line->next - tn_loop_now(loop),
		    send_next, line);
}

static void
on_sent(void *arg, const struct tn_http_response *resp,
    const struct tn_error *err TN_UNUSED)
{
	struct line *line = arg;
	struct tn_loop *loop = line->notify->loop;
	bool taken = resp != NULL && resp->status >= 200 && resp->status < 300;

	line->call = NULL;
	if (!taken && line->tries < TRIES) {
		tn_timer_start(&line->timer, loop, PAUSE * line->tries, send_now, line);
		return;
	}
	if (!taken)
		line->notify->lost++;
	tn_http_request_free(tn_take(line->message));
	line->next = tn_loop_now(loop) + line->target.entry->every_ns;
	schedule(line);
}

static void
send_now(void *arg)
{
	struct line *line = arg;

	line->tries++;
	line->call = tn_transport_submit(line->notify->transport, line->message, on_sent,
	    line);
}

/* --- Words --- */

/*
 * Slack reads <…> as a mention or a link, and a summary has words of others in it.
 * Source: Slack, "Formatting text for app surfaces": these three are to be escaped.
 */
static void
escape_for_slack(const char *text, struct tn_str *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '&')
			tn_str_add(out, "&amp;");
		else if (*text == '<')
			tn_str_add(out, "&lt;");
		else if (*text == '>')
			tn_str_add(out, "&gt;");
		else
			tn_str_add_char(out, *text);
	}
}

static void
write_text(const struct line *line, const struct tn_serve_event *event,
    struct tn_str *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str escaped = TN_STR_INIT;
	const char *values[TN_FIELD__COUNT] = {
		[TN_FIELD_SYNC] = event->entry->name,
		[TN_FIELD_TENANT] = event->entry->connection,
		[TN_FIELD_EVENT] = tn_notice_name(event->notice),
		[TN_FIELD_SUMMARY] = event->summary,
		[TN_FIELD_COMMIT] = event->commit,
		[TN_FIELD_RUN] = event->run_id,
	};

	if (line->target.entry->slack) {
		escape_for_slack(event->summary, &escaped);
		values[TN_FIELD_SUMMARY] = tn_str_text(&escaped);
	}
	tn_notice_expand(line->target.entry->text, values, out);
	if (line->left_out > 0)
		tn_str_addf(out, " (%u earlier ones were left out)", line->left_out);
}

static void
write_body(const struct line *line, const struct tn_serve_event *event,
    struct tn_http_request *message)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_value *body = tn_value_object(arena);

	write_text(line, event, &text);
	tn_value_set_text(arena, body, "text", tn_str_text(&text));
	if (!line->target.entry->slack) {
		tn_value_set_text(arena, body, "event", tn_notice_name(event->notice));
		tn_value_set_text(arena, body, "sync", event->entry->name);
		tn_value_set_text(arena, body, "tenant", event->entry->connection);
		tn_value_set_text(arena, body, "summary", event->summary);
		tn_value_set_text(arena, body, "commit", event->commit);
		tn_value_set_text(arena, body, "run", event->run_id);
	}
	tn_http_body_json(message, body);
}

static void
tell_line(struct line *line, const struct tn_serve_event *event)
{
	struct tn_http_request *message;

	if (line->target.url == NULL || !line->target.entry->on[event->notice])
		return;
	message = tn_new(struct tn_http_request);
	if (tn_http_request_init_secret(message, TN_HTTP_POST, line->target.url, NULL) <
	    0) {
		tn_free(message);
		line->notify->lost++;
		return;
	}
	if (line->waiting != NULL)
		line->left_out++;
	message->deadline_ns = DEADLINE;
	tn_http_header_add(message, "User-Agent", line->notify->user_agent);
	write_body(line, event, message);
	tn_http_request_free(line->waiting);
	line->waiting = message;
	schedule(line);
}

/* --- Life --- */

struct tn_notify *
tn_notify_new(struct tn_loop *loop, struct tn_transport *transport,
    const char *user_agent)
{
	struct tn_notify *notify = tn_new(struct tn_notify);

	notify->loop = loop;
	notify->transport = transport;
	notify->user_agent = user_agent;
	return notify;
}

static void
drop_lines(struct tn_notify *notify)
{
	for (size_t i = 0; i < notify->n; i++) {
		struct line *line = notify->lines[i];

		tn_timer_stop(&line->timer);
		if (line->call != NULL)
			tn_transport_cancel(notify->transport, line->call);
		tn_http_request_free(line->message);
		tn_http_request_free(line->waiting);
		tn_free(line);
	}
	tn_free(tn_take(notify->lines));
	notify->n = 0;
}

void
tn_notify_targets(struct tn_notify *notify, const struct tn_notify_target *targets,
    size_t n)
{
	drop_lines(notify);
	notify->lines = tn_alloc(n, sizeof(struct line *));
	notify->n = n;
	for (size_t i = 0; i < n; i++) {
		struct line *line = tn_new(struct line);

		line->notify = notify;
		line->target = targets[i];
		notify->lines[i] = line;
	}
}

void
tn_notify_tell(struct tn_notify *notify, const struct tn_serve_event *event)
{
	for (size_t i = 0; i < notify->n; i++)
		tell_line(notify->lines[i], event);
}

uint64_t
tn_notify_lost(const struct tn_notify *notify)
{
	return notify->lost;
}

void
tn_notify_free(struct tn_notify *notify)
{
	if (notify == NULL)
		return;
	drop_lines(notify);
	tn_free(notify);
}
