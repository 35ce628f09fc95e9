/*
 * A fuzzing target is one function over bytes: whatever they are, it returns and what it
 * demands holds. Demands are made with must(), which ends the process where one does not.
 *
 * To add one: write fuzz_NAME.c with LLVMFuzzerTestOneInput in it, put a few small
 * meaningful files into corpus/NAME, and if words help to find new inputs, put them into
 * NAME.dict in libFuzzer's form.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/diag.h"
#include "base/error.h"
#include "base/value.h"

struct tn_tree;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define must(condition) \
	((condition) ? (void)0 : must_failed(__FILE__, __LINE__, #condition))
_Noreturn void must_failed(const char *file, int line, const char *condition);

/* Text for people: valid UTF-8, and not empty. */
void must_be_words(const char *text);
/* A failure has a kind and words; what did not fail has none. */
void must_be_told(int result, const struct tn_error *err);
/* Findings have a code, words, and no place outside of text that has so many bytes. */
void must_be_findings(const struct tn_diags *diags, size_t len);

/* As reports show them, in text and JSON. */
void must_be_shown(const struct tn_diags *diags, const struct tn_error *err);

/*
 * A tree of files as an input: each stands behind a line "%% PATH"; what comes before is
 * the first one. Gives the length of the longest.
 */
size_t put_files(struct tn_tree *tree, const char *first, struct tn_span input);

/* What a document was read into. */
struct tree_size {
	size_t values, depth;
	size_t text; /* bytes of keys and scalars */
};

/* Text is valid UTF-8 and ends where it says, keys are different ones. */
struct tree_size must_be_tree(const struct tn_value *value);

/* The first line, without its end; the rest stays. */
struct tn_span next_line(struct tn_span *rest);

#endif
