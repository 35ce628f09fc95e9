/*
 * Scenarios: whole runs against the simulated tenant, told as stories. Each
 * *.scenario file of tests/scenario is a test in each dialect that it is of; with names
 * on the command line only those. A file says, in this order or any other that makes
 *sense:
 *
 *	--- today [without-modules]  stands first: not of a tenant of the older
 *	                         dialect; and of one that does not have that feature
 *	--- rights               what the credential may, in one line; stands first
 *	--- file PATH            a file of the project from here on
 *	--- commit [ID [dirty]]  that the files are of from here on
 *	--- secret NAME [VALUE]  the operator has that value, or none any more
 *	--- connections          the operator's file, instead of the usual one
 *	--- variable NAME [VALUE]  of the operator's environment
 *	--- operator-file PATH MODE  a file of the operator's
 *	--- other METHOD PATH    somebody else's call, with that body; {NAME} is
 *	                         the id of the action of that name
 *	--- install TRIGGER NAME an action comes from the marketplace
 *	--- edit                 the plan that was kept last: the first line of the
 *	                         text stands in it and becomes the second
 *	--- given COMMAND        a run that must end well and is not looked at
 *	--- fault                is laid in the way of the next run, as JSON
 *	--- run COMMAND          the run that it is about, and then all of
 *	--- exit STATUS          its status
 *	--- text                 lines, or parts of lines, that it says in this
 *	                         order; with "! " before them: that it does not
 *	--- calls                every call that it makes, in order
 *	--- tenant               what the tenant is like in the end, whole
 *	--- findings             instead of those four: every finding, a line with its
 *	                         place, severity, code and resource, and two lines
 *	                         behind it with its message and its hint; "-" is none
 *
 * A COMMAND may have options behind it; with --project a rollback gets no files, --run N
 * names the Nth run of the scenario, `plan --out` keeps the plan, and `apply PLAN` is
 * given it. Prints TAP.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "play.h"

static const char *const names[] = {
	[TN_DIALECT_CURRENT] = "",
	[TN_DIALECT_OLDER] = ", older dialect",
};

static bool
is_of(const struct script *script, enum tn_dialect dialect)
{
	return dialect == TN_DIALECT_CURRENT || script->n_sections == 0 ||
	    strcmp(script->sections[0].words[0], "today") != 0;
}

/* In each dialect; counts the tests that they are. */
static bool
play_file(const char *path, size_t *n)
{
	struct script script;
	bool all = script_read(path, &script);

	for (size_t i = 0; i < TN_ARRAY_LEN(names); i++) {
		bool ok;

		if (!is_of(&script, (enum tn_dialect)i))
			continue;
		ok = all && play(&script, (enum tn_dialect)i);
		printf("%s %zu - %s%s\n", ok ? "ok" : "not ok", ++*n, path, names[i]);
		all = all && ok;
	}
	script_done(&script);
	return all;
}

int
main(int argc, char **argv)
{
	glob_t all = { 0 };
	char **paths = argv + 1;
	size_t n = (size_t)argc - 1, played = 0;
	int status = 0;

	if (n == 0) {
		if (glob("tests/scenario/*.scenario", 0, NULL, &all) != 0) {
			printf("Bail out! there are no scenarios\n");
			return 1;
		}
		paths = all.gl_pathv;
		n = all.gl_pathc;
	}
	for (size_t i = 0; i < n; i++)
		if (!play_file(paths[i], &played))
			status = 1;
	printf("1..%zu\n", played);
	globfree(&all);
	return status;
}
