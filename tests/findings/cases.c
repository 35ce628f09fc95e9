/*
 * Every finding that lib/finding explains has a case here: a small project, or a
 * connections file, and all that is found in it, exactly. CODE.case and CODE-WORDS.case
 * are written as scenarios are (see ../scenario/scenario.c), mostly as
 *
 *	--- file tenon.yaml
 *	--- run validate
 *	--- findings
 *
 * A code that needs what no scenario can have is tested elsewhere: a line of the file
 * `elsewhere` names the code and the test, which must speak of it. With names on the
 * command line only those cases are played. Prints TAP.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "finding/finding.h"
#include "scenario/play.h"

#define ELSEWHERE  "tests/findings/elsewhere"
#define SIZE_LIMIT ((size_t)4 << 20)

/* The code is the whole name of the file, or stands before a hyphen in it. */
static bool
is_case_of(const char *path, const char *code)
{
	const char *name = strrchr(path, '/');
	size_t len = strlen(code);

	name = name == NULL ? path : name + 1;
	return strncmp(name, code, len) == 0 && (name[len] == '.' || name[len] == '-');
}

/* All codes: the table is asked once, as it looks for each in the order of the alphabet.
 */
static const char **codes;
static size_t n_codes;

static void
list_codes(void)
{
	n_codes = tn_finding_count();
	codes = tn_alloc(n_codes, sizeof(*codes));
	for (size_t i = 0; i < n_codes; i++)
		codes[i] = tn_finding_at(i)->code;
}

/* The longest one: a case of too-many-actions is none of too-many. */
static const char *
code_of(const char *path)
{
	const char *longest = NULL;

	for (size_t i = 0; i < n_codes; i++) {
		const char *code = codes[i];

		if (is_case_of(path, code) &&
		    (longest == NULL || strlen(code) > strlen(longest)))
			longest = code;
	}
	return longest;
}

static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
		bool begins = at == text || strchr(" \n\"[", at[-1]) != NULL;

		if (begins && (at[len] == '\0' || strchr(" \n\"]", at[len]) != NULL))
			return true;
	}
	return false;
}

/* One of the findings that it expects has the code that it is named after. */
static bool
expects(const struct script *script, const char *code)
{
	for (size_t i = 0; i < script->n_sections; i++) {
		const struct section *section = &script->sections[i];

		if (strcmp(section->words[0], "findings") == 0 &&
		    has_word(section->text, code))
			return true;
	}
	printf("# %s: it expects no finding of that code\n", script->path);
	return false;
}

static bool
play_file(const char *path)
{
	const char *code = code_of(path);
	struct script script;
	bool ok;

	if (code == NULL)
		printf("# %s: lib/finding has no such code\n", path);
	ok = script_read(path, &script) && play(&script, TN_DIALECT_CURRENT) &&
	    code != NULL && expects(&script, code);
	script_done(&script);
	return ok;
}

/* "CODE PATH" of a test that has the code in it as a word. */
static bool
is_tested_elsewhere(const char *elsewhere, const char *code)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str line = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const char *at;

	tn_str_addf(&line, "\n%s ", code);
	at = strstr(elsewhere, tn_str_text(&line));
	if (at == NULL)
		return false;
	at += line.len;
	tn_str_add_bytes(&path, at, strcspn(at, "\n"));
	if (tn_file_read(tn_str_text(&path), SIZE_LIMIT, &text, &err) == 0 &&
	    has_word(tn_str_text(&text), code))
		return true;
	printf("# %s does not speak of %s\n", tn_str_text(&path), code);
	return false;
}

static bool
all_codes_have_cases(const glob_t *all)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str elsewhere = TN_STR_INIT;
	bool ok = tn_file_read(ELSEWHERE, SIZE_LIMIT, &elsewhere, &err) == 0;

	for (size_t i = 0; i < n_codes; i++) {
		const char *code = codes[i];
		bool found = false;

		for (size_t k = 0; k < all->gl_pathc && !found; k++)
			found = strcmp(code_of(all->gl_pathv[k]), code) == 0;
		if (found || is_tested_elsewhere(tn_str_text(&elsewhere), code))
			continue;
		printf("# %s has no case: write tests/findings/%s.case\n", code, code);
		ok = false;
	}
	return ok;
}

static int
play_some(char **paths, size_t n)
{
	int status = 0;

	for (size_t i = 0; i < n; i++) {
		bool ok = play_file(paths[i]);

		printf("%s %zu - %s\n", ok ? "ok" : "not ok", i + 1, paths[i]);
		if (!ok)
			status = 1;
	}
	return status;
}

int
main(int argc, char **argv)
{
	glob_t all = { 0 };
	int status;

	list_codes();
	if (argc > 1) {
		printf("1..%d\n", argc - 1);
		status = play_some(argv + 1, (size_t)argc - 1);
		tn_free(codes);
		return status;
	}
	if (glob("tests/findings/*.case", 0, NULL, &all) != 0) {
		printf("Bail out! there are no cases\n");
		return 1;
	}
	printf("1..%zu\n", all.gl_pathc + 1);
	status = play_some(all.gl_pathv, all.gl_pathc);
	if (status == 0 && !all_codes_have_cases(&all))
		status = 1;
	printf("%s %zu - every code has a case\n", status == 0 ? "ok" : "not ok",
	    all.gl_pathc + 1);
	globfree(&all);
	tn_free(codes);
	return status;
}
