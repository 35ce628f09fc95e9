/*
 * YAML: bytes to a tree with marks, read by events, with every bound enforced
 * while reading.
 *
 * Refused, with place and cure: tags, merge keys, anchors and aliases that
 * would expand past the bounds or contain themselves, duplicate keys, keys that are no
 * plain text, more than one document, invalid UTF-8, UTF-16, NUL, over-deep and
 * over-large documents. A plain scalar becomes TN_VALUE_SCALAR and is typed by
 * the schema later; a quoted or block scalar is TN_VALUE_STRING; an empty plain value is
 * TN_VALUE_NULL. A byte order mark before UTF-8 is passed over.
 *
 * Findings: syntax, bad-encoding, bad-text, tag, merge-key, bad-key, duplicate-key,
 * unknown-alias, alias-cycle, several-documents, too-large, too-deep. The first of
 * syntax, bad-encoding, several-documents and the bounds ends the reading, all others are
 * gathered. What an alias stands for is copied: the copy's mark is where the alias
 * stands, the marks inside of it where the text stands.
 */
#ifndef TN_YAML_YAML_H
#define TN_YAML_YAML_H

#include "base/diag.h"
#include "base/error.h"
#include "base/str.h"
#include "base/value.h"

struct tn_yaml_limits {
	size_t bytes;  /* of the file, and of the text that aliases add */
	size_t values; /* after expansion of aliases */
	unsigned depth;
};

/* 16 MiB, 1 million values, depth 64. */
extern const struct tn_yaml_limits tn_yaml_limits_default;

/*
 * file names the document in marks and is copied into the arena. Findings go to diags; as
 * many as can be told go there in one run. Returns -TN_E_INPUT when there was an error
 * finding; *out is then NULL. An empty document is TN_VALUE_NULL.
 */
int tn_yaml_parse(struct tn_arena *arena, const char *file, struct tn_span bytes,
    const struct tn_yaml_limits *limits, struct tn_value **out,
    struct tn_diags *diags) TN_MUST_USE;

#endif
