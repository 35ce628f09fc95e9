#include "run/machine.h"

#include "base/mem.h"
#include "crypto/crypto.h"
#include "lint/lint.h"

/* Files, connection, credentials. */

static void
collect_of(struct tn_run *run, const char *name, const struct tn_content *content,
    bool of_module)
{
	for (size_t k = 0; k < content->n_secrets; k++) {
		const struct tn_secret_ref *ref = &content->secrets[k];

		run->apply_secrets = tn_grow(run->apply_secrets, run->n_apply_secrets,
		    &run->cap_apply_secrets, sizeof(*run->apply_secrets));
		run->apply_secrets[run->n_apply_secrets++] = (struct tn_apply_secret){
			.action = name,
			.name = ref->name,
			.value = tn_secret_box_find(&run->secrets, ref),
			.of_module = of_module,
		};
	}
}

void
tn_run_collect_secrets(struct tn_run *run)
{
	const struct tn_want *want = run->want;

	for (size_t i = 0; i < want->n_actions; i++)
		collect_of(run, want->actions[i].name, &want->actions[i].content, false);
	for (size_t i = 0; i < want->n_modules; i++)
		collect_of(run, want->modules[i].name, &want->modules[i].content, true);
}

static const struct tn_secret_source fingerprint_key = { .kind = TN_SECRET_ENV,
	.name = "TENON_KEY" };

/* What proves who we are: one of the three. */
static const struct tn_secret_source *
credential_of(const struct tn_connection_entry *entry)
{
	if (entry->token.kind != TN_SECRET_NONE)
		return &entry->token;
	if (entry->private_key.kind != TN_SECRET_NONE)
		return &entry->private_key;
	return &entry->client_secret;
}

static void
describe_credential(const struct tn_connection_entry *entry, struct tn_str *out)
{
	const struct tn_secret_source *source = credential_of(entry);
	const char *what = "client secret";

	if (source == &entry->token)
		what = "token";
	else if (source == &entry->private_key)
		what = "private key";
	tn_str_addf(out, "the %s of tenant %s", what, entry->tenant);
}

static void
check_private_key(struct tn_run *run)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str what = TN_STR_INIT;
	const struct tn_secret *key = tn_resolve_value(run->resolve, run->credential);
	struct tn_diag *diag;

	if (credential_of(run->entry) != &run->entry->private_key || key == NULL ||
	    tn_jwt_key_check(key, &why) == 0)
		return;
	describe_credential(run->entry, &what);
	diag = tn_diags_error(run->diags, "bad-private-key", run->entry->private_key.mark,
	    "%s: %s", tn_str_text(&what), why.message);
	if (why.hint != NULL)
		tn_diags_hint(run->diags, diag, "%s", why.hint);
}

/* Only of a variable it is not known before whether it has a value. */
static void
demand_credential(struct tn_run *run)
{
	const struct tn_secret_source *source = credential_of(run->entry);
	TN_CLEANUP(tn_str_done) struct tn_str what = TN_STR_INIT;
	struct tn_diag *diag;

	if (tn_resolve_value(run->resolve, run->credential) != NULL ||
	    tn_resolve_failed(run->resolve, run->credential))
		return;
	describe_credential(run->entry, &what);
	diag = tn_diags_error(run->diags, "missing-credential", source->mark,
	    "%s has no value: the variable %s is not set", tn_str_text(&what),
	    source->name);
	tn_diags_hint(run->diags, diag, "set %s", source->name);
}

static void
connect_run(struct tn_run *run)
{
	const struct tn_connection_entry *entry = run->entry;
	const struct tn_secret_source *source = credential_of(entry);
	const struct tn_secret *credential = tn_resolve_value(run->resolve,
	    run->credential);

	run->connection = (struct tn_connection){
		.tenant = entry->tenant,
		.provider = entry->provider,
		.base_url = entry->base_url,
		.dialect = entry->dialect,
		.audience = entry->audience,
		.client_id = entry->client_id,
		.algorithm = entry->algorithm,
	};
	if (source == &entry->token)
		run->connection.token = credential;
	else if (source == &entry->private_key)
		run->connection.private_key = credential;
	else
		run->connection.client_secret = credential;
}

static void
on_asked(void *arg)
{
	struct tn_run *run = arg;
	bool writes = tn_command_writes(run->options.command);

	demand_credential(run);
	check_private_key(run);
	tn_secret_box_measure(&run->secrets, run->want,
	    &run->provider->capabilities->limits, run->diags);
	if (writes && !run->want->no_state)
		tn_secret_box_demand(&run->secrets, run->entry, run->want, run->diags);
	if (tn_diags_errors(run->diags) > 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	run->key = tn_resolve_value(run->resolve, run->key_number);
	connect_run(run);
	if (writes)
		tn_run_collect_secrets(run);
	if (tn_run_looks_back(run))
		tn_run_show_tenant(run);
	else
		tn_run_open(run);
}

static void
name_credential(struct tn_run *run)
{
	TN_CLEANUP(tn_str_done) struct tn_str what = TN_STR_INIT;

	run->resolve = tn_resolve_new(&run->options, run->diags);
	describe_credential(run->entry, &what);
	run->credential = tn_resolve_add(run->resolve, credential_of(run->entry),
	    tn_str_text(&what));
}

void
tn_run_ask_sources(struct tn_run *run)
{
	name_credential(run);
	run->key_number = tn_resolve_add(run->resolve, &fingerprint_key,
	    "the key of fingerprints");
	if (!run->options.no_secrets && run->files == NULL)
		tn_secret_box_ask(&run->secrets, run->resolve, run->entry, run->want);
	tn_resolve_start(run->resolve, on_asked, run);
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

int
tn_run_connect(struct tn_run *run, const char *tenant)
{
	const struct tn_connection_entry *entry =
	    tn_connections_find(run->options.connections, tenant);
	int r;

	run->result.tenant = tenant;
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
	    tn_command_writes(run->options.command))
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
	return r < 0 ? r : tn_run_connect(run, tenant);
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

/* Without files: whose things they are is all that is known. */
static int
take_project_name(struct tn_run *run)
{
	int r = tn_run_check_project_name(run);

	if (r == 0)
		r = tn_run_choose_connection(run);
	if (r < 0)
		return r;
	run->want = tn_want_new();
	run->want->project = run->options.project_name;
	run->result.project = run->options.project_name;
	return 0;
}

int
tn_run_load_project(struct tn_run *run)
{
	bool repository;
	int r;

	if (run->options.tree == NULL)
		return take_project_name(run);
	r = tn_run_is_repository(run, &repository);
	if (r == 0 && repository)
		return tn_run_load_repository(run);
	if (r == 0)
		r = tn_run_check_project_alone(run);
	if (r == 0)
		r = tn_project_load(run->options.tree, run->options.schemas,
		    &run->project, run->diags, &run->error);
	if (r < 0)
		return r;
	run->result.project = run->project->name;
	run->result.counts = run->project->counts;
	if (tn_run_uses_files(run))
		check_project(run);
	return tn_diags_errors(run->diags) > 0 ? -TN_E_INPUT : 0;
}

int
tn_run_prepare(struct tn_run *run)
{
	int r = run->want == NULL ? choose_tenant(run) : 0;

	if (r == 0)
		r = tn_run_check_origin(run);
	if (r < 0)
		return r;
	/* Other people's things are not what is gone back from. */
	if (run->options.command == TN_COMMAND_ROLLBACK &&
	    run->want->delete_mode == TN_DELETE_ALL)
		run->want->delete_mode = TN_DELETE_MANAGED;
	tn_run_do_without_state(run);
	if (!tn_run_uses_files(run))
		tn_run_begin_past(run);
	if (tn_run_looks_back(run)) {
		tn_run_look_back(run);
		return 0;
	}
	tn_run_ask_sources(run);
	return 0;
}

static void
on_credential(void *arg)
{
	struct tn_run *run = arg;

	demand_credential(run);
	check_private_key(run);
	if (tn_diags_errors(run->diags) > 0) {
		tn_run_finish_error(run, NULL);
		return;
	}
	connect_run(run);
	tn_run_open_remote(run);
	tn_run_look(run);
}

int
tn_run_prepare_look(struct tn_run *run)
{
	int r = tn_run_choose_connection(run);

	if (r < 0)
		return r;
	name_credential(run);
	tn_resolve_start(run->resolve, on_credential, run);
	return 0;
}
