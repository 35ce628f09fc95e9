/*
 * Validation of many tenants by the real program: 25, 50 and 100 tenants of 100 actions
 * each, which are 20 MB of files in the end; in a directory, and in a git work tree,
 * where it is also found out whether anything is not committed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "measure.h"

#define ACTIONS 100
#define BOUND   10
#define ROUNDS  3

/* With the comments two kilobytes, of which the linter sees all. */
#define CODE                                                                 \
	"exports.onExecutePostLogin = async (event, api) => {\n"             \
	"\tconst axios = require('axios');\n"                                \
	"\tconst url = `https://api.example/users/${event.user.user_id}`;\n" \
	"\tconst headers = {key: event.secrets.API_KEY};\n"                  \
	"\tconst {data} = await axios.get(url, {headers});\n"                \
	"\tif (/^(gold|silver)$/.test(data.plan))\n"                         \
	"\t\tapi.idToken.setCustomClaim('plan', data.plan);\n"               \
	"};\n"
#define COMMENT       "// What this does and why is told here, in lines of a usual length.\n"
#define COMMENT_LINES 23

static void
put(const char *directory, const char *path, const struct tn_str *text)
{
	measure_put(directory, path,
	    &(struct measure_text){ tn_str_text(text), "", 0, "" });
}

static void
put_tenant(const char *directory, unsigned tenant)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	tn_str_add(&yaml, "actions:\n");
	for (unsigned a = 0; a < ACTIONS; a++) {
		tn_str_addf(&yaml,
		    "  t%03u-a%02u:\n"
		    "    only: [t%03u]\n"
		    "    trigger: post-login@v3\n"
		    "    runtime: node22\n"
		    "    dependencies: {axios: 1.7.2}\n"
		    "    secrets: [API_KEY]\n",
		    tenant, a, tenant);
		tn_str_clear(&path);
		tn_str_addf(&path, "t%03u/t%03u-a%02u.js", tenant, tenant, a);
		measure_put(directory, tn_str_text(&path),
		    &(struct measure_text){ CODE, COMMENT, COMMENT_LINES, "" });
	}
	tn_str_clear(&path);
	tn_str_addf(&path, "t%03u/actions.yaml", tenant);
	put(directory, tn_str_text(&path), &yaml);
}

static void
put_project(const char *directory, unsigned tenants)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;

	tn_str_add(&yaml,
	    "tenon: 1\nproject: many\ninclude: [\"*/actions.yaml\"]\ntenants:\n");
	for (unsigned t = 0; t < tenants; t++) {
		tn_str_addf(&yaml, "  t%03u:\n", t);
		put_tenant(directory, t);
	}
	tn_str_add(&yaml, "bindings:\n  post-login:\n");
	for (unsigned i = 0; i < tenants * BOUND; i++)
		tn_str_addf(&yaml, "    - t%03u-a%02u\n", i / BOUND, i % BOUND);
	put(directory, "tenon.yaml", &yaml);
}

static void
commit(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str command = TN_STR_INIT;

	tn_str_addf(&command,
	    "cd '%s' && git init -q && git add . && git -c user.name=A "
	    "-c user.email=a@example.com commit -qm one",
	    directory);
	measure_must(system(tn_str_text(&command)) == 0, "git");
}

static void
keep_least(double *least, double value)
{
	if (*least == 0 || value < *least)
		*least = value;
}

static void
validate(const char *directory, unsigned tenants)
{
	double clock = 0, cpu = 0, megabytes = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct measured run;

		measure_tenon((const char *const[]){ "validate", "--source", directory,
				  NULL },
		    &run);
		if (run.status != 0)
			fprintf(stderr, "%s\n", tn_str_text(&run.out));
		measure_must(run.status == 0, "the project is not valid");
		keep_least(&clock, run.seconds);
		keep_least(&cpu, run.cpu);
		keep_least(&megabytes, run.megabytes);
		measured_done(&run);
	}
	printf("  %7u %8.0f ms %8.0f ms %8.2f ms %8.0f MB\n", tenants, clock * 1e3,
	    cpu * 1e3, cpu * 1e3 / tenants, megabytes);
}

int
main(void)
{
	static const unsigned counts[] = { 25, 50, 100 };

	for (int git = 0; git < 2; git++) {
		printf("validation of tenants of %d actions in a %s; aim: 100 tenants, "
		       "20 MB of files, below 500 ms, growing linearly\n"
		       "  tenants       clock   processor  for a tenant  memory\n",
		    ACTIONS, git ? "git work tree" : "directory");
		for (size_t i = 0; i < TN_ARRAY_LEN(counts); i++) {
			TN_CLEANUP(tn_str_done) struct tn_str directory = TN_STR_INIT;

			measure_scratch(&directory);
			put_project(tn_str_text(&directory), counts[i]);
			if (git)
				commit(tn_str_text(&directory));
			validate(tn_str_text(&directory), counts[i]);
			measure_remove(tn_str_text(&directory));
		}
	}
	return 0;
}
