#include "run/machine.h"

#include "base/mem.h"
#include "lint/lint.h"

/* Files, connection, credentials. */

static void
collect_apply_secrets(struct tn_run *run)
{
	size_t cap = 0;

	for (size_t i = 0; i < run->want->n_actions; i++) {
		const struct tn_want_action *action = &run->want->actions[i];

		for (size_t k = 0; k < action->content.n_secrets; k++) {
			const char *name = action->content.secrets[k].name;

			run->apply_secrets = tn_grow(run->apply_secrets,
			    run->n_apply_secrets, &cap, sizeof(*run->apply_secrets));
			run->apply_secrets[run->n_apply_secrets++] =
			    (struct tn_apply_secret){ action->name, name,
				    tn_secret_box_find(&run->secrets, name) };
		}
	}
}

static int
resolve_secrets(struct tn_run *run)
{
	static const struct tn_secret_source key = { .kind = TN_SECRET_ENV,
		.name = "TENON_KEY" };
	int r = tn_secret_resolve(&run->options, &key, &run->key, &run->error);

	if (r < 0 || run->options.no_secrets)
		return r;
	r = tn_secret_box_fill(&run->secrets, &run->options, run->entry, run->want,
	    &run->error);
	if (r < 0 || run->options.command != TN_COMMAND_APPLY)
		return r;
	tn_secret_box_demand(&run->secrets, run->entry, run->want, run->diags);
	collect_apply_secrets(run);
	return tn_diags_errors(run->diags) > 0 ? -TN_E_INPUT : 0;
}

static int
resolve_credential(struct tn_run *run, const struct tn_secret_source *source,
    const char *what, struct tn_secret **out)
{
	int r = tn_secret_resolve(&run->options, source, out, &run->error);

	if (r < 0) {
		tn_error_context(&run->error, "the %s of tenant %s", what,
		    run->entry->tenant);
		return r;
	}
	if (source->kind != TN_SECRET_NONE && *out == NULL) {
		r = tn_error_set(&run->error, TN_E_INPUT,
		    "the %s of tenant %s has no value: the variable %s is not set", what,
		    run->entry->tenant, source->name);
		tn_error_hint(&run->error, "set %s", source->name);
	}
	return r;
}

static int
resolve_connection(struct tn_run *run)
{
	const struct tn_connection_entry *entry = run->entry;
	int r = resolve_credential(run, &entry->client_secret, "client secret",
	    &run->client_secret);

	if (r == 0)
		r = resolve_credential(run, &entry->token, "token", &run->token);
	if (r < 0)
		return r;
	run->connection = (struct tn_connection){
		.tenant = entry->tenant,
		.provider = entry->provider,
		.base_url = entry->base_url,
		.audience = entry->audience,
		.client_id = entry->client_id,
		.client_secret = run->client_secret,
		.token = run->token,
	};
	return 0;
}

/* Variables describe a connection without a name: it is of the tenant that is chosen. */
static void
take_entry(struct tn_run *run, const struct tn_connection_entry *entry,
    const char *tenant)
{
	run->entry_of_tenant = *entry;
	run->entry_of_tenant.tenant = tenant;
	run->entry = &run->entry_of_tenant;
	run->result.base_url = entry->base_url;
}

static int
choose_connection(struct tn_run *run, const char *tenant)
{
	const struct tn_connection_entry *entry =
	    tn_connections_find(run->options.connections, tenant);
	int r;

	if (entry != NULL) {
		take_entry(run, entry, tenant);
		return 0;
	}
	r = tn_error_set(&run->error, TN_E_INPUT,
	    "the connections file does not say where tenant %s is", tenant);
	tn_error_hint(&run->error, "add connections.%s to it", tenant);
	return r;
}

/*
 * The only tenant of the project needs no name; but where the operator has connections to
 * several, a change of the project must not choose which of them is written to.
 */
static int
choose_tenant(struct tn_run *run)
{
	const struct tn_project *project = run->project;
	size_t connected = run->options.connections->n_entries;
	const char *tenant = run->options.tenant;
	int r;

	if (tenant == NULL && project->n_tenants != 1)
		r = tn_error_set(&run->error, TN_E_INPUT, "the project names %zu tenants",
		    project->n_tenants);
	else if (tenant == NULL && connected > 1 &&
	    run->options.command == TN_COMMAND_APPLY)
		r = tn_error_set(&run->error, TN_E_INPUT,
		    "there are connections to %zu tenants, and the project alone does not "
		    "decide which of them is changed",
		    connected);
	else
		r = 0;
	if (r < 0) {
		tn_error_hint(&run->error, "say which one with --tenant");
		return r;
	}
	if (tenant == NULL)
		tenant = project->tenants[0];
	r = tn_project_want(project, tenant, &run->want, &run->error);
	if (r < 0)
		return r;
	run->result.tenant = tenant;
	return choose_connection(run, tenant);
}

/* Each distinct action and module once, and each tenant for what they are together. */
static void
check_project(struct tn_run *run)
{
	const struct tn_project *project = run->project;
	const struct tn_capabilities *capabilities = run->provider->capabilities;

	for (size_t i = 0; i < project->n_actions; i++)
		tn_lint_action(project->actions[i], capabilities, run->diags);
	for (size_t i = 0; i < project->n_modules; i++)
		tn_lint_module(project->modules[i], capabilities, run->diags);
	for (size_t i = 0; i < project->n_wants; i++)
		tn_lint_want(project->wants[i], capabilities, run->diags);
}

int
tn_run_load_project(struct tn_run *run)
{
	int r = tn_project_load(run->options.tree, run->options.schemas, &run->project,
	    run->diags, &run->error);

	if (r < 0)
		return r;
	run->result.project = run->project->name;
	run->result.counts = run->project->counts;
	check_project(run);
	return tn_diags_errors(run->diags) > 0 ? -TN_E_INPUT : 0;
}

int
tn_run_prepare(struct tn_run *run)
{
	int r = choose_tenant(run);

	if (r < 0)
		return r;
	tn_lint_later(run->want, run->diags);
	if (tn_diags_errors(run->diags) > 0)
		return -TN_E_INPUT;
	r = resolve_connection(run);
	return r == 0 ? resolve_secrets(run) : r;
}
