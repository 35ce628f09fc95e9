/*
 * An answer while it arrives: header lines and bytes of the body, with bounds. No I/O.
 */
#ifndef TN_HTTP_ANSWER_H
#define TN_HTTP_ANSWER_H

#include "http/message.h"

#define TN_ANSWER_FIELDS     100
#define TN_ANSWER_HEAD_BYTES ((size_t)64 << 10)

enum tn_answer_fault {
	TN_ANSWER_FINE,
	TN_ANSWER_TOO_LARGE,
	TN_ANSWER_MALFORMED,
};

struct tn_answer {
	struct tn_arena *arena;
	struct tn_http_field *fields;
	size_t n_fields, cap_fields;
	size_t head_bytes;
	bool head_ended;
	struct tn_str body;
	enum tn_answer_fault fault; /* the first one */
};

void tn_answer_init(struct tn_answer *answer, size_t max_body);
/* Wipes the body: it may be a token. */
void tn_answer_done(struct tn_answer *answer);

/*
 * A line of the head as it came, status line and empty line too. The heads of interim
 * answers (1xx) are forgotten and trailers passed over. False when there is a fault: read
 * no more.
 */
bool tn_answer_line(struct tn_answer *answer, struct tn_span line) TN_MUST_USE;
bool tn_answer_bytes(struct tn_answer *answer, struct tn_span bytes) TN_MUST_USE;

/* Borrows from the answer. */
struct tn_http_response tn_answer_response(const struct tn_answer *answer, int status);

#endif
