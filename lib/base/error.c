#include "base/error.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"

void
tn_error_done(struct tn_error *err)
{
	if (err == NULL)
		return;
	tn_free(err->message);
	tn_free(err->hint);
	*err = (struct tn_error)TN_ERROR_INIT;
}

bool
tn_error_is_set(const struct tn_error *err)
{
	return err != NULL && err->kind != TN_E_NONE;
}

void
tn_error_move(struct tn_error *to, struct tn_error *from)
{
	if (to == from || from == NULL)
		return;
	if (to == NULL || tn_error_is_set(to)) {
		tn_error_done(from);
		return;
	}
	*to = *from;
	*from = (struct tn_error)TN_ERROR_INIT;
}

void
tn_error_copy(struct tn_error *to, const struct tn_error *from)
{
	if (to == NULL || from == NULL || to == from || tn_error_is_set(to))
		return;
	*to = *from;
	to->message = tn_strdup(from->message);
	to->hint = tn_strdup(from->hint);
}

static enum tn_error_kind
known_kind(enum tn_error_kind kind)
{
	return kind > TN_E_NONE && kind < TN_E__COUNT ? kind : TN_E_BUG;
}

static void fill(struct tn_error *err, enum tn_error_kind kind, int sys_errno,
    const char *format, va_list args) TN_PRINTF(4, 0);

static void
fill(struct tn_error *err, enum tn_error_kind kind, int sys_errno, const char *format,
    va_list args)
{
	struct tn_str text = TN_STR_INIT;
	char buffer[128];

	if (err == NULL || tn_error_is_set(err))
		return;
	tn_str_addv(&text, format, args);
	if (sys_errno != 0) {
		tn_str_add(&text, ": ");
		tn_str_add(&text, strerror_r(sys_errno, buffer, sizeof(buffer)));
	}
	tn_error_done(err);
	err->kind = kind;
	err->sys_errno = sys_errno;
	err->message = tn_str_take(&text);
}

int
tn_error_set(struct tn_error *err, enum tn_error_kind kind, const char *format, ...)
{
	va_list args;

	kind = known_kind(kind);
	va_start(args, format);
	fill(err, kind, 0, format, args);
	va_end(args);
	return -(int)kind;
}

int
tn_error_errno(struct tn_error *err, int sys_errno, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(err, TN_E_SYSTEM, sys_errno, format, args);
	va_end(args);
	return -TN_E_SYSTEM;
}

void
tn_error_context(struct tn_error *err, const char *format, ...)
{
	struct tn_str text = TN_STR_INIT;
	va_list args;

	if (!tn_error_is_set(err))
		return;
	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	tn_str_add(&text, ": ");
	tn_str_add(&text, err->message);
	tn_free(err->message);
	err->message = tn_str_take(&text);
}

void
tn_error_hint(struct tn_error *err, const char *format, ...)
{
	struct tn_str text = TN_STR_INIT;
	va_list args;

	if (!tn_error_is_set(err) || err->hint != NULL)
		return;
	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	err->hint = tn_str_take(&text);
}

const char *
tn_error_kind_name(enum tn_error_kind kind)
{
	static const char *const names[TN_E__COUNT] = {
		[TN_E_NONE] = "none",
		[TN_E_INPUT] = "input",
		[TN_E_AUTH] = "auth",
		[TN_E_PERMISSION] = "permission",
		[TN_E_LIMIT] = "limit",
		[TN_E_CONFLICT] = "conflict",
		[TN_E_TRANSIENT] = "transient",
		[TN_E_UNKNOWN] = "unknown",
		[TN_E_PLATFORM] = "platform",
		[TN_E_NOT_FOUND] = "not-found",
		[TN_E_LOCKED] = "locked",
		[TN_E_CANCELLED] = "cancelled",
		[TN_E_SYSTEM] = "system",
		[TN_E_BUG] = "bug",
	};

	return kind < TN_E__COUNT ? names[kind] : names[TN_E_BUG];
}

enum tn_error_kind
tn_result_kind(int result)
{
	if (result >= 0)
		return TN_E_NONE;
	if (result <= -TN_E__COUNT)
		return TN_E_BUG;
	return (enum tn_error_kind)(-result);
}
