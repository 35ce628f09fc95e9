/*
 * Keywords: ##NAME## and @@NAME@@ in the files. Not for other rooms.
 *
 * The mappings of config.json replace text before it is parsed, as the tool does it:
 * every
 * @@KEY@@ (with the quotes around it, if there are any) by JSON, in the order of the
 * mappings, then every ##KEY## by text. So a mapping can hold YAML, lists, or another
 * keyword that comes later.
 *
 * The operator's placeholders are not text of the file. Before parsing they, and whatever
 * else looks like one, become a marker that is plain text to any parser; in the values
 * that are read markers become text again. So a value cannot break or change the document
 * around it, and the value of a secret never is in it.
 */
#ifndef TN_DEPLOYCLI_KEYWORD_H
#define TN_DEPLOYCLI_KEYWORD_H

#include "base/value.h"
#include "deploycli/deploycli.h"

/* One of AUTH0_KEYWORD_REPLACE_MAPPINGS. */
struct tn_mapping {
	const char *key;
	const char *text; /* for ##KEY##; NULL: an object, which has none */
	const char *json; /* for @@KEY@@ */
};

/* Where a placeholder of the operator was used as text. */
struct tn_keyword_use {
	const char *name;
	struct tn_mark mark;
};

struct tn_keywords {
	struct tn_arena *arena;
	struct tn_diags *diags;
	const struct tn_deploycli_options *options;
	struct tn_mapping *mappings; /* without those that a placeholder hides */
	size_t n_mappings;
	struct tn_keyword_use *used;
	size_t n_used, cap_used;
	struct tn_keyword_use *open; /* with options->open: what nobody has mapped yet */
	size_t n_open, cap_open;
};

enum tn_keyword_form { TN_KEYWORD_YAML, TN_KEYWORD_JSON, TN_KEYWORD_CODE };

/* A text after the mappings, and where each of its bytes comes from. */
struct tn_keyword_text {
	struct tn_str bytes;
	uint32_t *origin; /* a byte of the file for each; NULL: as they are */
	size_t origin_cap;
};

void tn_keyword_text_done(struct tn_keyword_text *text);

/*
 * Puts the mappings of an object into keywords: texts, and what JSON makes of them. A
 * finding for each that cannot be one.
 */
void tn_keywords_map(struct tn_keywords *keywords, const struct tn_value *object);

/*
 * For a document: mappings are replaced, everything else that looks like a keyword
 * becomes a marker. file is for findings. False after a finding: the text grew too large.
 */
bool tn_keywords_replace(struct tn_keywords *keywords, const char *file,
    struct tn_span bytes, enum tn_keyword_form form, struct tn_keyword_text *out);

/* For code: all of it, as text. False after a finding. */
bool tn_keywords_replace_code(struct tn_keywords *keywords, const char *file,
    struct tn_span bytes, struct tn_str *out);

/* Markers in a value, and in all below it, become text. False after a finding. */
bool tn_keywords_resolve(struct tn_keywords *keywords, struct tn_value *value);

/* The name when the text is one marker and nothing else, else NULL; on the arena. */
const char *tn_keyword_whole(struct tn_keywords *keywords, const char *text);
/* Whether there is any marker or keyword in it. */
bool tn_keyword_any(const char *text);

const struct tn_placeholder *tn_keywords_placeholder(const struct tn_keywords *keywords,
    const char *name);

#endif
