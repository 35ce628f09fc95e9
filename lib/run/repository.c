#include "run/machine.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"
#include "lint/lint.h"

#define NAMES_TOLD 10
#define HTTPS      "https://"

/* A file of that name at the top, or anything else. */
static int
is_there(struct tn_run *run, const char *name, bool *out)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int r = tn_tree_read(run->options.tree, name, TN_TREE_FILE_MAX, &bytes, &why);
	enum tn_error_kind kind = tn_result_kind(r);

	*out = r == 0 || kind == TN_E_LIMIT || kind == TN_E_INPUT;
	if (*out || kind == TN_E_NOT_FOUND)
		return 0;
	tn_error_move(&run->error, &why);
	tn_error_context(&run->error, "cannot read %s", name);
	return r;
}

/* Where there is a tenon.yaml, or anything of its name, it is a project. */
int
tn_run_is_repository(struct tn_run *run, bool *out)
{
	enum tn_deploycli_form form = TN_DEPLOYCLI_NONE;
	bool project;
	int r = is_there(run, TN_PROJECT_FILE, &project);

	if (r == 0 && !project)
		r = tn_deploycli_detect(run->options.tree, &form, &run->error);
	*out = form != TN_DEPLOYCLI_NONE;
	return r;
}

static int
refuse_option(struct tn_run *run, const char *option)
{
	int r = tn_error_set(&run->error, TN_E_INPUT,
	    "%s is for repositories of auth0-deploy-cli", option);

	tn_error_hint(&run->error, "a project says in %s what it is called",
	    TN_PROJECT_FILE);
	return r;
}

int
tn_run_check_project_alone(struct tn_run *run)
{
	struct tn_diag *diag;
	bool both;
	int r;

	if (run->options.project_name != NULL)
		return refuse_option(run, "--project");
	if (run->options.config != NULL)
		return refuse_option(run, "--config");
	r = is_there(run, TN_DEPLOYCLI_FILE, &both);
	if (r < 0 || !both)
		return r;
	diag = tn_diags_warning(run->diags, "two-layouts",
	    (struct tn_mark){ .file = TN_DEPLOYCLI_FILE },
	    "not read: there is a %s, and this directory is a project of tenon",
	    TN_PROJECT_FILE);
	tn_diags_hint(run->diags, diag, "keep one of the two");
	return 0;
}

static int
refuse_tenant(struct tn_run *run, const struct tn_connections *connections)
{
	TN_CLEANUP(tn_str_done) struct tn_str names = TN_STR_INIT;
	int r;

	for (size_t i = 0; i < connections->n_entries && i < NAMES_TOLD; i++)
		tn_str_addf(&names, "%s%s", i > 0 ? ", " : "",
		    connections->entries[i].tenant);
	r = tn_error_set(&run->error, TN_E_INPUT,
	    "there are %zu connections, and nothing says which one is meant",
	    connections->n_entries);
	tn_error_hint(&run->error, "say which one with --tenant: %s%s",
	    tn_str_text(&names), connections->n_entries > NAMES_TOLD ? ", …" : "");
	return r;
}

/* Variables give a connection no name: it is known by its host. */
static const char *
host_of(const char *base_url)
{
	return tn_text_starts(base_url, HTTPS) ? base_url + strlen(HTTPS) : base_url;
}

int
tn_run_choose_connection(struct tn_run *run)
{
	const struct tn_connections *connections = run->options.connections;
	const char *tenant = run->options.tenant;

	if (tenant == NULL && connections->n_entries == 1) {
		const struct tn_connection_entry *only = &connections->entries[0];

		tenant = only->tenant != NULL ? only->tenant : host_of(only->base_url);
	}
	return tenant == NULL ? refuse_tenant(run, connections)
			      : tn_run_connect(run, tenant);
}

/* What the connection lets the files use; on the run's heap. */
struct allowed {
	struct tn_placeholder *placeholders;
	const char **secrets;
};

static void
find_allowed(const struct tn_run *run, struct allowed *allowed,
    struct tn_deploycli_options *options)
{
	const struct tn_connection_entry *entry = run->entry;
	const struct tn_environment *environment = &run->options.environment;

	allowed->placeholders = tn_alloc(entry->n_placeholders + 1,
	    sizeof(*allowed->placeholders));
	allowed->secrets = tn_alloc(entry->n_secrets + 1, sizeof(*allowed->secrets));
	for (size_t i = 0; i < entry->n_placeholders; i++)
		allowed->placeholders[i] = (struct tn_placeholder){
			.name = entry->placeholders[i],
			.value = environment->get(environment->arg,
			    entry->placeholders[i]),
		};
	for (size_t i = 0; i < entry->n_secrets; i++)
		allowed->secrets[i] = entry->secrets[i].name;
	options->placeholders = allowed->placeholders;
	options->n_placeholders = entry->n_placeholders;
	options->secrets = allowed->secrets;
	options->n_secrets = entry->n_secrets;
}

/* Values of secrets that stand in the files are printed by nobody. */
static void
hide(struct tn_run *run)
{
	const struct tn_deploycli *loaded = run->deploycli;

	for (size_t i = 0; loaded != NULL && i < loaded->n_hidden; i++) {
		struct tn_secret *secret = tn_secret_new(loaded->hidden[i],
		    strlen(loaded->hidden[i]));

		if (run->options.redactor != NULL)
			tn_redactor_add(run->options.redactor, secret);
		tn_secret_unref(secret);
	}
}

static int
load(struct tn_run *run)
{
	struct tn_deploycli_options options = {
		.config = run->options.config,
		.project = run->options.project_name,
		.open = run->entry == NULL,
	};
	struct allowed allowed = { 0 };
	int r;

	if (run->entry != NULL)
		find_allowed(run, &allowed, &options);
	r = tn_deploycli_load(run->options.tree, run->options.schemas, &options,
	    &run->deploycli, run->diags, &run->error);
	tn_free(allowed.placeholders);
	tn_free(allowed.secrets);
	hide(run);
	return r;
}

int
tn_run_check_project_name(struct tn_run *run)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *name = run->options.project_name;
	int r;

	if (name == NULL ||
	    (*name != '-' && strlen(name) <= 63 && strspn(name, letters) == strlen(name)))
		return 0;
	r = tn_error_set(&run->error, TN_E_INPUT, "\"%s\" is no name of a project", name);
	tn_error_hint(&run->error,
	    "a project name has lower-case letters, digits and \"-\", at most 63");
	return r;
}

bool
tn_run_is_open_code(const struct tn_run *run, const char *code)
{
	return run->deploycli != NULL && run->entry == NULL && code != NULL &&
	    (strstr(code, "@@") != NULL || strstr(code, "##") != NULL);
}

static void
check_action(struct tn_run *run, const struct tn_want_action *action)
{
	struct tn_want_action checked = *action;

	if (tn_run_is_open_code(run, action->content.code))
		checked.unstated |= TN_PART_CODE;
	tn_lint_action(&checked, run->provider->capabilities, run->diags);
}

int
tn_run_load_repository(struct tn_run *run)
{
	const struct tn_want *want;
	int r = tn_run_check_project_name(run);

	if (r == 0 && run->options.command != TN_COMMAND_VALIDATE)
		r = tn_run_choose_connection(run);
	if (r == 0)
		r = load(run);
	if (r < 0)
		return r;
	want = run->deploycli->want;
	run->result.project = want->project;
	run->result.counts = (struct tn_project_counts){
		.actions = want->n_actions,
		.flows = want->n_flows,
	};
	for (size_t i = 0; i < want->n_actions && tn_run_uses_files(run); i++)
		check_action(run, &want->actions[i]);
	if (tn_run_uses_files(run))
		tn_lint_want(want, run->provider->capabilities, run->diags);
	run->want = tn_want_share(want);
	return tn_diags_errors(run->diags) > 0 ? -TN_E_INPUT : 0;
}
