/*
 * A scenario as it is written: lines that begin with "--- " open a section, and what
 * follows, up to the next one, is its text. Lines before the first section say what the
 * scenario is about. See scenario.c for the sections that there are.
 */
#ifndef TESTS_SCENARIO_SCRIPT_H
#define TESTS_SCENARIO_SCRIPT_H

#include "base/arena.h"

#define SCRIPT_WORDS 10

struct section {
	unsigned line;
	const char *words[SCRIPT_WORDS]; /* after "---"; the last holds all the rest */
	size_t n_words;
	const char *text; /* with its newlines; without empty lines at its end */
};

struct script {
	struct tn_arena *arena;
	const char *path;
	struct section *sections;
	size_t n_sections;
};

/* False when it cannot be read; why is printed. */
bool script_read(const char *path, struct script *out);
void script_done(struct script *script);

#endif
