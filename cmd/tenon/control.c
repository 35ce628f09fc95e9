#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/value.h"
#include "json/json.h"
#include "operator/operator.h"
#include "status.h"

#define SYSTEM_SOCKET "/run/tenond/control.sock"
#define ANSWER_MAX    ((size_t)64 << 20)
/* For each part of the answer, in seconds: a daemon answers between two callbacks. */
#define PATIENCE 10

/* The one that is named, else the user's where there is one, else the system's. */
static char *
socket_path(const struct options *options)
{
	TN_CLEANUP(tn_freep)
	char *own = tn_operator_home("XDG_RUNTIME_DIR", NULL, "tenond/control.sock");

	if (options->socket != NULL)
		return tn_strdup(options->socket);
	if (own != NULL && tn_operator_is_there(own))
		return tn_take(own);
	return tn_strdup(SYSTEM_SOCKET);
}

static int
cannot_ask(const char *path, struct tn_error *err)
{
	int why = errno;
	int r = tn_error_errno(err, why, "no tenond can be asked at \"%s\"", path);

	tn_error_hint(err,
	    why == EACCES || why == EPERM
		? "only the user that tenond runs as, and root, may ask it"
		: "start tenond, or name its socket with --control FILE");
	return r;
}

/* A connected socket, or a negative error. */
static int
reach(const char *path, struct tn_error *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return tn_error_set(err, TN_E_INPUT,
		    "the path of the socket is too long: %s", path);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return cannot_ask(path, err);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = cannot_ask(path, err);

		close(fd);
		return r;
	}
	return fd;
}

static void
write_question(const struct options *options, struct tn_str *out)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root = tn_value_object(arena);

	tn_value_set_text(arena, root, "command", options->control);
	tn_value_set_text(arena, root, "sync", options->sync);
	tn_json_write(root, out);
	tn_str_add_char(out, '\n');
}

/* The daemon hangs up after the line. */
static int
exchange(int fd, const struct tn_str *question, struct tn_str *answer,
    struct tn_error *err)
{
	char bytes[16384];
	ssize_t n = send(fd, question->ptr, question->len, MSG_NOSIGNAL);

	while (n > 0 && answer->len <= ANSWER_MAX) {
		n = recv(fd, bytes, sizeof(bytes), 0);
		if (n > 0)
			tn_str_add_bytes(answer, bytes, (size_t)n);
	}
	if (n < 0)
		return tn_error_errno(err, errno, "tenond did not answer");
	if (answer->len == 0) {
		tn_error_set(err, TN_E_INPUT, "tenond hung up without an answer");
		tn_error_hint(err,
		    "only the user that tenond runs as, and root, may ask it");
		return -TN_E_INPUT;
	}
	return 0;
}

static int
ask_daemon(const struct options *options, struct tn_str *answer, struct tn_error *err)
{
	TN_CLEANUP(tn_freep) char *path = socket_path(options);
	TN_CLEANUP(tn_str_done) struct tn_str question = TN_STR_INIT;
	int fd = reach(path, err);
	int r;

	if (fd < 0)
		return fd;
	write_question(options, &question);
	r = exchange(fd, &question, answer, err);
	close(fd);
	return r;
}

/* What the daemon says is wrong with the question. */
static int
check_answer(const struct tn_value *root, struct tn_error *err)
{
	const struct tn_value *error = tn_value_get(root, "error");
	const char *message = tn_value_get_text(error, "message");

	if (error == NULL)
		return 0;
	tn_error_set(err, TN_E_INPUT, "%s",
	    message != NULL ? message : "tenond refuses, and does not say why");
	tn_error_hint(err, "tenon status shows the syncs");
	return -TN_E_INPUT;
}

static void
print_text(const struct options *options, const struct tn_value *root)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (tn_text_equal(options->control, "status"))
		status_text(root, options->sync != NULL, &text);
	else
		status_accepted(options->control, options->sync, &text);
	fwrite(text.ptr, 1, text.len, stdout);
}

static void
complain(const struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, "tenon: ");
	tn_text_printable(tn_span(err->message), false, &text);
	tn_str_add_char(&text, '\n');
	if (err->hint != NULL)
		tn_str_addf(&text, "  → %s\n", err->hint);
	fwrite(text.ptr, 1, text.len, stderr);
}

int
control_perform(const struct options *options)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str answer = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *root = NULL;
	int r = ask_daemon(options, &answer, &err);

	if (r == 0)
		r = tn_json_parse(arena, tn_str_span(&answer), NULL, &root, &err);
	if (r == 0)
		r = check_answer(root, &err);
	if (root != NULL && options->json)
		fwrite(answer.ptr, 1, answer.len, stdout);
	else if (r == 0)
		print_text(options, root);
	if (r == 0)
		return TN_EXIT_DONE;
	complain(&err);
	return TN_EXIT_ERROR;
}
