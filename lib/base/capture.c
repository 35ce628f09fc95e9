#include "base/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/secret.h"

#define CHUNK ((size_t)16 << 10)

/* --- Ends of pipes --- */

/* A standard descriptor that was closed as we started may be handed out for a pipe. */
static int
lift(int *fd)
{
	int lifted;

	if (*fd > STDERR_FILENO)
		return 0;
	lifted = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (lifted < 0)
		return -1;
	close(*fd);
	*fd = lifted;
	return 0;
}

int
tn_pipe_make(enum tn_pipe_side side, struct tn_pipe_end *ours, int *theirs,
    struct tn_error *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return tn_error_errno(err, errno, "cannot make a pipe for a program");
	ours->fd = fds[side == TN_PIPE_WE_READ ? 0 : 1];
	*theirs = fds[side == TN_PIPE_WE_READ ? 1 : 0];
	if (fcntl(ours->fd, F_SETFL, O_NONBLOCK) < 0 || lift(theirs) < 0)
		return tn_error_errno(err, errno, "cannot set up a pipe for a program");
	return 0;
}

void
tn_pipe_close(struct tn_pipe_end *end)
{
	if (end->fd < 0)
		return;
	tn_watch_stop(&end->watch);
	close(end->fd);
	end->fd = -1;
}

/* --- What comes out --- */

void
tn_capture_init(struct tn_capture *capture, enum tn_capture_kind kind, size_t max)
{
	*capture = (struct tn_capture){ .end = TN_PIPE_END_INIT, .max = max };
	if (kind == TN_CAPTURE_SECRET)
		capture->mem = tn_secret_mem_get(max + 1);
	else
		tn_str_init(&capture->text, max + 1);
}

void
tn_capture_done(struct tn_capture *capture)
{
	tn_pipe_close(&capture->end);
	tn_str_done(&capture->text);
	tn_secret_mem_put(&capture->mem);
}

struct tn_capture
tn_capture_take(struct tn_capture *capture)
{
	struct tn_capture taken;

	tn_pipe_close(&capture->end);
	taken = *capture;
	*capture = (struct tn_capture){ .end = TN_PIPE_END_INIT };
	return taken;
}

bool
tn_capture_overflowed(const struct tn_capture *capture)
{
	return capture->len > capture->max;
}

/* Into the place where it stays: nowhere else is a copy of it. */
static ssize_t
read_secret(struct tn_capture *capture)
{
	return read(capture->end.fd, capture->mem.ptr + capture->len,
	    capture->max + 1 - capture->len);
}

static ssize_t
read_text(struct tn_capture *capture)
{
	char chunk[CHUNK];
	ssize_t n = read(capture->end.fd, chunk, sizeof(chunk));
	size_t room = capture->max - capture->len;

	if (n > 0)
		tn_str_add_bytes(&capture->text, chunk,
		    (size_t)n < room ? (size_t)n : room);
	return n;
}

bool
tn_capture_read(struct tn_capture *capture)
{
	ssize_t n;

	if (capture->end.fd < 0)
		return false;
	n = capture->mem.ptr != NULL ? read_secret(capture) : read_text(capture);
	if (n < 0)
		return errno == EINTR;
	capture->len += (size_t)n;
	if (n == 0 || tn_capture_overflowed(capture))
		tn_pipe_close(&capture->end);
	return capture->end.fd >= 0;
}

struct tn_span
tn_capture_span(const struct tn_capture *capture)
{
	if (capture->mem.ptr == NULL)
		return tn_str_span(&capture->text);
	return tn_span_of(capture->mem.ptr,
	    capture->len < capture->max ? capture->len : capture->max);
}

struct tn_secret *
tn_capture_secret(const struct tn_capture *capture)
{
	struct tn_span bytes = tn_capture_span(capture);

	if (bytes.len > 0 && bytes.ptr[bytes.len - 1] == '\n')
		bytes.len--;
	return tn_secret_new(bytes.ptr, bytes.len);
}
