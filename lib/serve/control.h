/*
 * How people talk to a running daemon: a Unix socket that takes one JSON object on a line
 * and answers with one, {"format_version": "1.0", …} or {"error": {"kind", "message"}}.
 *
 *   {"command": "status", "sync": NAME?}  as tn_serve_status_json
 *   {"command": "sync", "sync": NAME}     looks at it now: {"format_version", "sync"}
 *   {"command": "suspend", "sync": NAME}  and "resume": the same
 *
 * Only the user that the daemon runs as, and root, are listened to: the system says who
 * is at the other end.
 */
#ifndef TN_SERVE_CONTROL_H
#define TN_SERVE_CONTROL_H

#include "serve/serve.h"

struct tn_control;

/* The socket is made with mode 0600, in the place of one that nobody listens at.
 * TN_E_LOCKED when somebody does. serve is borrowed. */
struct tn_control *tn_control_open(struct tn_loop *loop, const char *path,
    struct tn_serve *serve, struct tn_error *err);
/* Takes the socket away. */
void tn_control_close(struct tn_control *control);
TN_DEFINE_FREEP(tn_control, tn_control_close)

/* One question, one answer, as they stand on a line, without I/O. */
void tn_control_answer(struct tn_serve *serve, struct tn_span question,
    struct tn_str *answer);

#endif
