/*
 * A repository of auth0-deploy-cli: a tree of files, each behind a line "%% PATH"
 * (without one the input is tenant.yaml). Whatever it says, it is loaded or refused with
 * findings, with and without an operator; and what stands for keywords while a document
 * is parsed gets into nothing that is wanted.
 */
#include "fuzz.h"

#include <string.h>

#include "auth0/auth0.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/tree.h"
#include "deploycli/deploycli.h"
#include "lint/lint.h"
#include "schema/schema.h"

#define MARKER "\xee\x83\x9c"

/* Text of what is wanted; NULL where there is none. */
static void
must_be_text(const char *text, bool marked)
{
	if (text == NULL)
		return;
	must(tn_utf8_valid(tn_span(text)));
	must(marked || strstr(text, MARKER) == NULL);
}

static void
must_be_action(const struct tn_want_action *action, bool marked)
{
	const struct tn_content *content = &action->content;

	must_be_words(action->name);
	must_be_text(action->name, marked);
	must_be_text(action->trigger.id, marked);
	must_be_text(content->runtime, marked);
	must_be_text(content->code, marked);
	must((content->code == NULL) == ((action->unstated & TN_PART_CODE) != 0));
	for (size_t i = 0; i < content->n_dependencies; i++) {
		must_be_text(content->dependencies[i].name, marked);
		must_be_text(content->dependencies[i].version, marked);
	}
	for (size_t i = 0; i < content->n_secrets; i++) {
		must_be_text(content->secrets[i].name, marked);
		must_be_text(content->secrets[i].source, marked);
		must(content->secrets[i].fingerprint == NULL);
	}
}

static void
must_be_wanted(const struct tn_want *want, bool marked, struct tn_diags *diags)
{
	for (size_t i = 0; i < want->n_actions; i++) {
		must_be_action(&want->actions[i], marked);
		tn_lint_action(&want->actions[i], tn_auth0_provider.capabilities, diags);
	}
	for (size_t i = 0; i < want->n_flows; i++)
		for (size_t k = 0; k < want->flows[i].n_entries; k++)
			must_be_text(want->flows[i].entries[k].name, marked);
	tn_lint_want(want, tn_auth0_provider.capabilities, diags);
}

static void
load(struct tn_tree *tree, const struct tn_deploycli_options *options, bool marked,
    size_t longest)
{
	static struct tn_schemas *schemas;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_deploycli_freep) struct tn_deploycli *loaded = NULL;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	int r;

	if (schemas == NULL)
		schemas = tn_schemas_new();
	r = tn_deploycli_load(tree, schemas, options, &loaded, diags, &err);
	if (tn_diags_errors(diags) == 0)
		must_be_told(r, &err);
	else
		must(r == -TN_E_INPUT && !tn_error_is_set(&err));
	if (r == 0)
		must_be_wanted(loaded->want, marked, diags);
	must_be_findings(diags, longest);
	must_be_shown(diags, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct tn_placeholder placeholders[] = { { "STAGE", "a: [b\"" },
		{ "UNSET", NULL } };
	static const char *const secrets[] = { "KEY" };
	const struct tn_deploycli_options open = { .open = true };
	const struct tn_deploycli_options allowed = {
		.placeholders = placeholders,
		.n_placeholders = TN_ARRAY_LEN(placeholders),
		.secrets = secrets,
		.n_secrets = TN_ARRAY_LEN(secrets),
	};
	TN_CLEANUP(tn_tree_freep) struct tn_tree *tree = tn_memtree_new();
	size_t longest = put_files(tree, TN_DEPLOYCLI_FILE,
	    tn_span_of((const char *)bytes, len));
	/* As it is, or written with an escape. */
	bool marked = memmem(bytes, len, MARKER, strlen(MARKER)) != NULL ||
	    memmem(bytes, len, "\\", 1) != NULL;

	load(tree, &open, marked, longest);
	load(tree, &allowed, marked, longest);
	return 0;
}
