/*
 * Errors. A function that can fail returns 0 or a negative kind, and describes
 * one failure in struct tn_error: set where it happens, enriched with context
 * on the way up, never overwritten by a later one, untouched on success.
 *
 * The kind decides retry, exit status and words. A caller that does not care
 * passes NULL for err.
 */
#ifndef TN_BASE_ERROR_H
#define TN_BASE_ERROR_H

#include "base/defs.h"
#include "base/str.h"

enum tn_error_kind {
	TN_E_NONE = 0,
	TN_E_INPUT,      /* what a person wrote is wrong: files, options, references */
	TN_E_AUTH,       /* the tenant does not know us: wrong or expired credential */
	TN_E_PERMISSION, /* the tenant knows us and says no: a right is missing */
	TN_E_LIMIT,      /* a limit of the platform or a bound of ours */
	TN_E_CONFLICT,   /* the tenant's state is not what we expected */
	TN_E_TRANSIENT,  /* certainly not done; trying again may help */
	TN_E_UNKNOWN,    /* sent, and no usable answer: done or not done */
	TN_E_PLATFORM,   /* an answer that the platform must not give */
	TN_E_NOT_FOUND,  /* the object or file is not there */
	TN_E_LOCKED,     /* somebody else works on this tenant */
	TN_E_CANCELLED,  /* stopped by a signal or by the caller */
	TN_E_SYSTEM,     /* this machine: disk, descriptors, a library */
	TN_E_BUG,        /* ours */
	TN_E__COUNT
};

struct tn_error {
	enum tn_error_kind kind;
	char *message; /* one sentence without a full stop; context stands before it */
	char *hint;    /* the cure, or NULL */
	int sys_errno; /* 0 when none */
	int status;    /* HTTP status, 0 when none */
	int attempts;  /* how often a call was tried, 0 when it was no call */
	bool for_rate; /* refused because there were too many calls */
};

#define TN_ERROR_INIT \
	{             \
		0     \
	}

void tn_error_done(struct tn_error *err);
/*
 * Both keep what `to` already holds: the first failure stands. move leaves
 * `from` empty in any case.
 */
void tn_error_move(struct tn_error *to, struct tn_error *from);
void tn_error_copy(struct tn_error *to, const struct tn_error *from);
bool tn_error_is_set(const struct tn_error *err);

/*
 * Both return the negative kind, so that a caller can `return tn_error_set(…)`;
 * tn_error_errno always gives TN_E_SYSTEM. They change nothing in an err that is
 * already set.
 */
int tn_error_set(struct tn_error *err, enum tn_error_kind kind, const char *format, ...)
    TN_PRINTF(3, 4);
/* As above, and appends ": " and the text of the errno given. */
int tn_error_errno(struct tn_error *err, int sys_errno, const char *format, ...)
    TN_PRINTF(3, 4);

/* Puts "context: " before the message. */
void tn_error_context(struct tn_error *err, const char *format, ...) TN_PRINTF(2, 3);
/* Sets the cure unless a deeper floor has set one. */
void tn_error_hint(struct tn_error *err, const char *format, ...) TN_PRINTF(2, 3);

/* "input", "permission", …: stable words, used in JSON output. */
const char *tn_error_kind_name(enum tn_error_kind kind);

/* The kind of a function's result (0 or negative). */
enum tn_error_kind tn_result_kind(int result);

#endif
