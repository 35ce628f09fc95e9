/*
 * Pipes to a child and what comes out of them, internal to base: ends that do not block,
 * and a buffer with a bound, in the heap or in memory for secrets.
 */
#ifndef TN_BASE_CAPTURE_H
#define TN_BASE_CAPTURE_H

#include "base/loop.h"
#include "base/secret_mem.h"
#include "base/str.h"

struct tn_secret;

struct tn_pipe_end {
	int fd; /* -1 when closed */
	struct tn_watch watch;
};

#define TN_PIPE_END_INIT \
	{                \
		.fd = -1 \
	}

enum tn_pipe_side { TN_PIPE_WE_READ, TN_PIPE_WE_WRITE };

/*
 * Our end does not block. Theirs does and is above 2, so that it is none of those that it
 * becomes. Both are closed on exec. On failure either may be open.
 */
int tn_pipe_make(enum tn_pipe_side side, struct tn_pipe_end *ours, int *theirs,
    struct tn_error *err) TN_MUST_USE;
/* Stops the watch as well. */
void tn_pipe_close(struct tn_pipe_end *end);

struct tn_capture {
	struct tn_pipe_end end;
	size_t max;
	size_t len; /* more than max: it was too much, and the end is closed */
	struct tn_str text;
	struct tn_secret_mem mem; /* instead of text */
};

enum tn_capture_kind { TN_CAPTURE_TEXT, TN_CAPTURE_SECRET };

void tn_capture_init(struct tn_capture *capture, enum tn_capture_kind kind, size_t max);
void tn_capture_done(struct tn_capture *capture);
/* Closes the end, hands all over and leaves nothing behind. */
struct tn_capture tn_capture_take(struct tn_capture *capture);

/* Reads once. False when there is no more for now, or at all. */
bool tn_capture_read(struct tn_capture *capture);
bool tn_capture_overflowed(const struct tn_capture *capture);

/* Borrowed; at most max bytes. */
struct tn_span tn_capture_span(const struct tn_capture *capture);
/* Without one newline at its end, which a program writes after its last line. */
struct tn_secret *tn_capture_secret(const struct tn_capture *capture);

#endif
