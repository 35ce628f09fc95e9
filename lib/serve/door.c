#include "serve/door.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "serve/hook.h"
#include "serve/limiter.h"
#include "serve/show.h"
#include "web/web.h"

#define BODY_MAX    ((size_t)8 << 20)
#define DEADLINE    (10 * TN_SEC)
#define CONNECTIONS 64u
#define PER_ADDRESS 16u
#define WEBHOOKS    "/webhooks/"

struct tn_door {
	struct tn_door_options options;
	struct tn_web *web;
	struct tn_limiter limiter;
	const struct tn_door_hook *hooks;
	size_t n_hooks;
};

static void
answer(struct tn_web_request *request, int status, const char *type, struct tn_span body)
{
	const struct tn_web_field field = { "Content-Type", type };

	tn_web_answer(request, status, &field, 1, body);
}

static void
say(struct tn_web_request *request, int status, const char *text)
{
	answer(request, status, "text/plain; charset=utf-8", tn_span(text));
}

static void
on_metrics(struct tn_door *door, struct tn_web_request *request,
    const struct tn_web_view *view TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_serve_metrics(door->options.serve, &text);
	answer(request, 200, "text/plain; version=0.0.4; charset=utf-8",
	    tn_str_span(&text));
}

static void
on_health(struct tn_door *door TN_UNUSED, struct tn_web_request *request,
    const struct tn_web_view *view TN_UNUSED)
{
	say(request, 200, "ok\n");
}

static void
on_ready(struct tn_door *door, struct tn_web_request *request,
    const struct tn_web_view *view TN_UNUSED)
{
	if (tn_serve_ready(door->options.serve))
		say(request, 200, "ready\n");
	else
		say(request, 503, "not every sync was looked at yet\n");
}

static const char *
header(const struct tn_web_view *view, const char *name)
{
	for (size_t i = 0; i < view->n_headers; i++)
		if (strcasecmp(view->headers[i].name, name) == 0)
			return view->headers[i].value;
	return NULL;
}

static const struct tn_door_hook *
find_hook(const struct tn_door *door, const char *name)
{
	for (size_t i = 0; i < door->n_hooks; i++)
		if (tn_text_equal(door->hooks[i].entry->name, name))
			return &door->hooks[i];
	return NULL;
}

static void
on_webhook(struct tn_door *door, struct tn_web_request *request,
    const struct tn_web_view *view)
{
	const struct tn_door_hook *hook = find_hook(door, view->path + strlen(WEBHOOKS));
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	enum tn_git_host host;

	if (hook == NULL || hook->secret == NULL) {
		say(request, 403, "");
		return;
	}
	host = hook->entry->host;
	if (!tn_hook_is_theirs(host, hook->secret, header(view, tn_hook_header(host)),
		view->body)) {
		say(request, 403, "");
		return;
	}
	if (tn_hook_repository(host, view->body, &path, &err) < 0) {
		say(request, 400,
		    "the body is no JSON that names a repository; the content type to "
		    "choose is application/json\n");
		return;
	}
	tn_serve_wake_repository(door->options.serve, tn_str_text(&path));
	say(request, 202, "");
}

/* "/webhooks/" stands for all below it. */
static const struct {
	const char *method, *path;
	bool below;
	void (*fn)(struct tn_door *door, struct tn_web_request *request,
	    const struct tn_web_view *view);
} routes[] = {
	{ "GET", "/metrics", false, on_metrics },
	{ "GET", "/healthz", false, on_health },
	{ "GET", "/readyz", false, on_ready },
	{ "POST", WEBHOOKS, true, on_webhook },
};

static void
on_request(void *arg, struct tn_web_request *request, const struct tn_web_view *view)
{
	struct tn_door *door = arg;
	bool known = false;

	if (!tn_limiter_take(&door->limiter, view->peer,
		tn_loop_now(door->options.loop))) {
		say(request, 429, "");
		return;
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(routes); i++) {
		bool here = routes[i].below ? tn_text_starts(view->path, routes[i].path)
					    : tn_text_equal(view->path, routes[i].path);

		known = known || here;
		if (here && tn_text_equal(view->method, routes[i].method)) {
			routes[i].fn(door, request, view);
			return;
		}
	}
	say(request, known ? 405 : 404, "");
}

/* Everything is answered at once: nobody waits who could go. */
static void
on_gone(void *arg TN_UNUSED, struct tn_web_request *request TN_UNUSED)
{
}

struct tn_door *
tn_door_open(const struct tn_door_options *options, struct tn_error *err)
{
	const struct tn_web_options web = {
		.address = options->address,
		.port = options->port,
		.max_body = BODY_MAX,
		.deadline_ns = DEADLINE,
		.max_connections = CONNECTIONS,
		.max_per_address = PER_ADDRESS,
	};
	TN_CLEANUP(tn_door_closep) struct tn_door *door = tn_new(struct tn_door);

	door->options = *options;
	door->web = tn_web_open(options->loop, &web, on_request, on_gone, door, err);
	return door->web == NULL ? NULL : tn_take(door);
}

void
tn_door_hooks(struct tn_door *door, const struct tn_door_hook *hooks, size_t n)
{
	door->hooks = hooks;
	door->n_hooks = n;
}

void
tn_door_close(struct tn_door *door)
{
	if (door == NULL)
		return;
	tn_web_close(door->web);
	tn_free(door);
}

uint16_t
tn_door_port(const struct tn_door *door)
{
	return tn_web_port(door->web);
}
