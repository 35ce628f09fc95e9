/*
 * Secret values. The bytes are in memory that is locked where the system
 * allows it, left out of core files and wiped when the last reference goes.
 * There is no way to print one. tn_secret_reveal is for three sinks only: the
 * bytes of an HTTP request, crypto, and a child's standard input; a lint keeps
 * it to them.
 *
 * A redactor knows the values of a run and replaces them in text that is about
 * to leave the process: as they are, JSON-escaped, percent-encoded and in
 * base64 (each of its three alignments, both alphabets).
 */
#ifndef TN_BASE_SECRET_H
#define TN_BASE_SECRET_H

#include "base/defs.h"
#include "base/str.h"

struct tn_secret;

/* Copies the bytes; the caller wipes its own copy with tn_wipe. */
struct tn_secret *tn_secret_new(const char *bytes, size_t len);
struct tn_secret *tn_secret_ref(const struct tn_secret *secret);
void tn_secret_unref(struct tn_secret *secret);
TN_DEFINE_FREEP(tn_secret, tn_secret_unref)

/* Borrowed. A NUL stands behind the bytes, which may hold others. */
struct tn_span tn_secret_reveal(const struct tn_secret *secret);
size_t tn_secret_len(const struct tn_secret *secret);
/* Valid UTF-8 without NUL: what JSON and a header can carry. */
bool tn_secret_is_text(const struct tn_secret *secret);
/* In constant time for equal lengths. */
bool tn_secret_equal(const struct tn_secret *a, const struct tn_secret *b);

/* Overwrites memory in a way that the compiler does not remove. */
void tn_wipe(void *bytes, size_t len);

/* Called once by a program before it reads a secret: no core files, not dumpable. */
void tn_secret_harden_process(void);

struct tn_redactor;

struct tn_redactor *tn_redactor_new(void);
void tn_redactor_free(struct tn_redactor *redactor);
TN_DEFINE_FREEP(tn_redactor, tn_redactor_free)
/* Shorter values are not looked for: they would shred the text. */
#define TN_REDACT_MIN 4
/* Keeps a reference. */
void tn_redactor_add(struct tn_redactor *redactor, const struct tn_secret *secret);
/*
 * Appends text to out with every known value replaced by "(secret)"; the longest one
 * where several begin, and values that overlap as one. redactor may be NULL.
 */
void tn_redactor_apply(const struct tn_redactor *redactor, struct tn_span text,
    struct tn_str *out);
/* True when a known value stands in text. redactor may be NULL. */
bool tn_redactor_finds(const struct tn_redactor *redactor, struct tn_span text);

#endif
