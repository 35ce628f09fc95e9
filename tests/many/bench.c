/*
 * How long it takes to load and check a project of a hundred tenants: figures, printed
 * and not judged, as they depend on the machine.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "auth0/auth0.h"
#include "base/mem.h"
#include "config/config.h"
#include "lint/lint.h"
#include "schema/schema.h"

#define TENANTS 100

enum shape {
	SHARED,  /* the same in every tenant */
	DIFFERS, /* a runtime of its own for each tenant */
	EXPANDS, /* variables in the code */
	OWN,     /* a file of its own for each tenant */
};

struct size {
	enum shape shape;
	unsigned actions;
	size_t code; /* bytes in a file */
	const char *words;
};

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
put_code(struct tn_tree *tree, const char *path, const struct size *size)
{
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	tn_str_add(&code, "const axios = require('axios');\n");
	tn_str_add(&code, "exports.onExecutePostLogin = async (event, api) => {\n");
	tn_str_add(&code, "  await axios.get(event.secrets.API_KEY);\n");
	if (size->shape == EXPANDS)
		tn_str_add(&code, "  const issuer = '${vars.issuer}';\n");
	while (code.len + 60 < size->code)
		tn_str_add(&code, "  console.log(event.user.user_id, `a ${1 + 1} b`);\n");
	tn_str_add(&code, "};\n");
	tn_memtree_put(tree, path, tn_str_text(&code), code.len);
}

static void
write_action(struct tn_tree *tree, struct tn_str *yaml, const struct size *size,
    unsigned action)
{
	char path[64];

	tn_str_addf(yaml, "  action-%u:\n    trigger: post-login@v3\n", action);
	tn_str_add(yaml, "    dependencies: {axios: 1.7.2}\n    secrets: [API_KEY]\n");
	if (size->shape == EXPANDS)
		tn_str_add(yaml, "    substitute: true\n");
	if (size->shape != OWN) {
		snprintf(path, sizeof(path), "action-%u.js", action);
		put_code(tree, path, size);
	}
	if (size->shape != DIFFERS && size->shape != OWN)
		return;
	tn_str_add(yaml, "    per:\n");
	for (unsigned i = 0; i < TENANTS; i++) {
		if (size->shape == DIFFERS) {
			tn_str_addf(yaml, "      tenant-%u: {runtime: node22}\n", i);
			continue;
		}
		snprintf(path, sizeof(path), "tenant-%u/action-%u.js", i, action);
		put_code(tree, path, size);
		tn_str_addf(yaml, "      tenant-%u: {code: %s}\n", i, path);
	}
}

static struct tn_tree *
make(const struct size *size)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
	struct tn_tree *tree = tn_memtree_new();

	tn_str_add(&yaml, "tenon: 1\nproject: many\ntenants:\n");
	for (unsigned i = 0; i < TENANTS; i++)
		tn_str_addf(&yaml,
		    "  tenant-%u: {vars: {issuer: 'https://t%u.acme.example'}}\n", i, i);
	tn_str_add(&yaml, "actions:\n");
	for (unsigned i = 0; i < size->actions; i++)
		write_action(tree, &yaml, size, i);
	tn_str_add(&yaml, "bindings: {post-login: [");
	for (unsigned i = 0; i < 20 && i < size->actions; i++)
		tn_str_addf(&yaml, "%saction-%u", i > 0 ? ", " : "", i);
	tn_str_add(&yaml, "]}\n");
	tn_memtree_put(tree, "tenon.yaml", tn_str_text(&yaml), yaml.len);
	return tree;
}

static void
check(const struct tn_project *project, struct tn_diags *diags)
{
	const struct tn_capabilities *can = tn_auth0_provider.capabilities;

	for (size_t i = 0; i < project->n_actions; i++)
		tn_lint_action(project->actions[i], can, diags);
	for (size_t i = 0; i < project->n_wants; i++)
		tn_lint_want(project->wants[i], can, diags);
}

static int
bench(struct tn_schemas *schemas, const struct size *size)
{
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = make(size);
	TN_CLEANUP(tn_project_freep) struct tn_project *project = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	double start = seconds(), loaded;

	if (tn_project_load(tree, schemas, &project, diags, &err) < 0)
		return 1;
	loaded = seconds() - start;
	check(project, diags);
	if (tn_diags_count(diags) > 0)
		return 1;
	printf("validate: %u tenants of %3u actions, %s (%.1f MB): %3.0f ms to load, "
	       "%3.0f ms to check, %.1f MB of memory\n",
	    TENANTS, size->actions, size->words,
	    (double)size->code * size->actions * (size->shape == OWN ? TENANTS : 1) / 1e6,
	    loaded * 1e3, (seconds() - start - loaded) * 1e3,
	    (double)tn_arena_size(project->arena) / 1e6);
	return 0;
}

int
main(void)
{
	static const struct size sizes[] = {
		{ SHARED, 100, 2000, "the same in each" },
		{ DIFFERS, 100, 2000, "a runtime of its own in each" },
		{ EXPANDS, 100, 2000, "variables in the code" },
		{ OWN, 25, 2000, "a file of its own in each" },
		{ OWN, 50, 2000, "a file of its own in each" },
		{ OWN, 100, 2000, "a file of its own in each" },
	};
	TN_CLEANUP(tn_schemas_freep) struct tn_schemas *schemas = tn_schemas_new();

	for (size_t i = 0; i < TN_ARRAY_LEN(sizes); i++) {
		if (bench(schemas, &sizes[i]) != 0) {
			fprintf(stderr, "the project is not valid\n");
			return 1;
		}
	}
	return 0;
}
