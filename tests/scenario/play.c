#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/crypto.h"
#include "finding/finding.h"
#include "older.h"
#include "unit/run/desk.h"

/* What a run must be compared with before the next one. */
enum { EXIT = 1, TEXT = 2, CALLS = 4, TENANT = 8, ALL = 15, FINDINGS = 16 };

#define RUNS_MOST 32

struct playing {
	const struct script *script;
	enum tn_dialect dialect;
	const struct section *section;
	struct desk desk;
	bool ready; /* the desk is there */
	struct desk_run run;
	bool ran;
	char *saved;              /* the plan that was kept last */
	const char *entity_bound; /* the one that --delete-entity-bound names */
	struct tn_diags *refused; /* of connections that cannot be used */
	unsigned compared, runs;
	const char *commit; /* of the files; NULL: they are in no repository */
	bool dirty;
	struct tn_arena *arena;
	const char *run_ids[RUNS_MOST]; /* of all runs */
	size_t n_run_ids;
	bool failed;
};

static void complain(struct playing *p, const char *format, ...) TN_PRINTF(2, 3);

static void
complain(struct playing *p, const char *format, ...)
{
	va_list args;

	p->failed = true;
	printf("# %s:%u: ", p->script->path, p->section->line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static const char *
word(const struct playing *p, size_t i)
{
	return i < p->section->n_words ? p->section->words[i] : "";
}

static void
print_lines(const char *title, const char *text)
{
	printf("# %s:\n", title);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		printf("#   %.*s\n", (int)len, text);
		text += len;
		if (*text == '\n')
			text++;
	}
}

static void
must_be(struct playing *p, const char *what, const char *got, const char *expected)
{
	if (strcmp(got, expected) == 0)
		return;
	complain(p, "%s", what);
	print_lines("expected", expected);
	print_lines("got", got);
}

static void
must_equal(struct playing *p, const char *what, const char *got)
{
	must_be(p, what, got, p->section->text);
}

static void
add_in_dialect(const struct playing *p, const char *text, struct tn_str *out)
{
	if (p->dialect == TN_DIALECT_OLDER)
		older_text(text, out);
	else
		tn_str_add(out, text);
}

/* --- what is there before --- */

static void
set_up(struct playing *p)
{
	struct tn_sim_client client = { "client", "the-client-secret", NULL, NULL };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	TN_CLEANUP(tn_freep)
	char *rights = tn_strndup(p->section->text, strcspn(p->section->text, "\n"));

	if (p->ready)
		return;
	if (strcmp(word(p, 0), "rights") == 0) {
		client.scopes = rights;
		options.clients = &client;
		options.n_clients = 1;
	}
	options.older = p->dialect == TN_DIALECT_OLDER;
	options.modules = strcmp(word(p, 1), "without-modules") != 0;
	desk_init(&p->desk, NULL, &options);
	p->ready = true;
}

static const char *
module_id(struct playing *p, const char *name)
{
	struct tn_sim_module_view module;

	for (size_t i = 0; tn_sim_view_module(p->desk.sim, i, &module); i++)
		if (strcmp(module.name, name) == 0)
			return module.id;
	return NULL;
}

/* The id of an action, or else of a module, where "{NAME}" stands. */
static void
fill_in(struct playing *p, const char *text, struct tn_str *out)
{
	while (*text != '\0') {
		size_t len = *text == '{' ? strcspn(text, "}\" :") : 0;
		TN_CLEANUP(tn_freep) char *name = NULL;
		struct tn_sim_action_view action;

		if (len < 2 || text[len] != '}') {
			tn_str_add_char(out, *text++);
			continue;
		}
		name = tn_strndup(text + 1, len - 1);
		if (desk_action(&p->desk, name, &action))
			tn_str_add(out, action.id);
		else if (module_id(p, name) != NULL)
			tn_str_add(out, module_id(p, name));
		else
			complain(p, "the tenant has no action \"%s\"", name);
		text += len + 1;
	}
}

/* Somebody else at the tenant. */
static void
play_other(struct playing *p)
{
	TN_CLEANUP(tn_str_done) struct tn_str template = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	int status;

	add_in_dialect(p, word(p, 2), &template);
	fill_in(p, tn_str_text(&template), &path);
	fill_in(p, p->section->text, &body);
	status = desk_other(&p->desk, word(p, 1), tn_str_text(&path), tn_str_text(&body));
	if (status < 200 || status > 299)
		complain(p, "somebody's call ended with %d", status);
	/* Their builds are done and shown. */
	desk_wait(&p->desk, 10 * TN_SEC);
}

/* Connections that cannot be used are what it is about: nothing runs then. */
static void
play_connections(struct playing *p)
{
	struct tn_connections *connections = NULL;

	tn_diags_free(p->refused);
	p->refused = tn_diags_new();
	if (tn_connections_load("connections.yaml", tn_span(p->section->text),
		p->desk.schemas, &connections, p->refused) < 0) {
		tn_diags_sort(p->refused);
		p->runs++;
		return;
	}
	tn_connections_free(p->desk.connections);
	p->desk.connections = connections;
}

static void
play_install(struct playing *p)
{
	char id[37];

	tn_sim_install(p->desk.sim, tn_loop_unix(p->desk.loop), word(p, 1), word(p, 2),
	    id);
}

/* In the plan that was kept: the first line of the text becomes the second. */
static void
play_edit(struct playing *p)
{
	const char *text = p->section->text;
	size_t len = strcspn(text, "\n");
	TN_CLEANUP(tn_freep) char *from = tn_strndup(text, len);
	TN_CLEANUP(tn_freep)
	char *to = tn_strndup(text + len + 1, strcspn(text + len + 1, "\n"));
	struct tn_str edited = TN_STR_INIT;
	char *at = p->saved == NULL ? NULL : strstr(p->saved, from);

	if (at == NULL) {
		complain(p, "the plan has no \"%s\"", from);
		return;
	}
	tn_str_addf(&edited, "%.*s%s%s", (int)(at - p->saved), p->saved, to, at + len);
	tn_free(p->saved);
	p->saved = tn_str_take(&edited);
}

/* --- the run --- */

static void
end_run(struct playing *p)
{
	if (!p->ran)
		return;
	if (p->compared != ALL && (p->compared & FINDINGS) == 0)
		complain(p,
		    "a run is compared by exit, text, calls and tenant, or by "
		    "findings");
	desk_end(&p->run);
	p->ran = false;
	/* What was laid in its way is over with it. */
	for (uint64_t id = 1; id < DESK_MOST; id++)
		tn_sim_fault_remove(p->desk.sim, id);
}

static bool
find_command(const char *name, enum tn_command *out)
{
	static const char *const names[] = { "validate", "plan", "apply", "drift",
		"rollback", "get", "test", "history", "show" };

	for (unsigned i = 0; i < TN_ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum tn_command)i;
			return true;
		}
	return false;
}

/* One that is not of all commands, and has a word behind it. */
static bool
take_option(struct playing *p, const char *name, const char *value)
{
	struct tn_run_options *options = &p->run.options;

	if (strcmp(name, "--tenant") == 0) {
		options->tenant = value;
	} else if (strcmp(name, "--action") == 0) {
		options->to_action = value;
		options->show = value;
	} else if (strcmp(name, "--version") == 0) {
		options->to_version = atoi(value);
	} else if (strcmp(name, "--run") == 0) {
		size_t number = (size_t)atoi(value);

		if (number < 1 || number > p->n_run_ids)
			complain(p, "there is no run %s", value);
		else
			options->to_run = options->show = p->run_ids[number - 1];
	} else if (strcmp(name, "--limit") == 0) {
		options->limit = (size_t)atoi(value);
	} else if (strcmp(name, "--delete-entity-bound") == 0) {
		p->entity_bound = value;
		options->delete_entity_bound = &p->entity_bound;
		options->n_delete_entity_bound = 1;
	} else if (strcmp(name, "--project") == 0) {
		options->project_name = value;
		options->tree = NULL;
	} else {
		return false;
	}
	return true;
}

static void
play_run(struct playing *p, size_t at)
{
	enum tn_command command;

	if (!find_command(word(p, at), &command)) {
		complain(p, "there is no command \"%s\"", word(p, at));
		return;
	}
	tn_sim_log_clear(p->desk.sim);
	desk_prepare(&p->desk, command, &p->run);
	p->run.options.commit = p->commit;
	p->run.options.dirty = p->dirty;
	for (size_t i = at + 1; i < p->section->n_words; i++) {
		if (strcmp(word(p, i), "--overwrite-drafts") == 0)
			p->run.options.overwrite_drafts = true;
		else if (strcmp(word(p, i), "--flip") == 0)
			p->run.options.flip = true;
		else if (strcmp(word(p, i), "--allow-empty") == 0)
			p->run.options.allow_empty = true;
		else if (strcmp(word(p, i), "--no-secrets") == 0)
			p->run.options.no_secrets = true;
		else if (strcmp(word(p, i), "--on-failure=stop") == 0)
			p->run.options.stop_on_failure = true;
		else if (strcmp(word(p, i), "--out") == 0)
			desk_keep(&p->run);
		else if (strcmp(word(p, i), "PLAN") == 0)
			desk_approve(&p->run, p->saved);
		else if (strcmp(word(p, i), "--lift-hold") == 0)
			p->run.options.lift_hold = true;
		else if (take_option(p, word(p, i), word(p, i + 1)))
			i++;
		else
			complain(p, "there is no option \"%s\"", word(p, i));
	}
	desk_start(&p->run);
	desk_finish(&p->run);
	if (p->run.saved != NULL) {
		tn_free(p->saved);
		p->saved = tn_take(p->run.saved);
	}
	if (p->n_run_ids < RUNS_MOST)
		p->run_ids[p->n_run_ids++] = tn_arena_text(p->arena,
		    p->run.result->run_id);
	p->ran = true;
	p->compared = 0;
	p->runs++;
}

/* A run that only leads to where the scenario begins. */
static void
play_given(struct playing *p)
{
	play_run(p, 1);
	if (!p->ran)
		return;
	if (p->run.result->exit != TN_EXIT_DONE) {
		complain(p, "it ended with %d", (int)p->run.result->exit);
		print_lines("and said", p->run.text);
	}
	p->compared = ALL;
	p->runs--;
	end_run(p);
	desk_wait(&p->desk, 10 * TN_SEC);
}

/* --- what it must be compared with --- */

static void
compare_exit(struct playing *p)
{
	if ((int)p->run.result->exit == atoi(word(p, 1)))
		return;
	complain(p, "it ended with %d", (int)p->run.result->exit);
	print_lines("and said", p->run.text);
}

/* The lines that are asked for stand in it, in this order, as they are or as a part of
 * one; a line that begins with "! " must not. */
static void
compare_text(struct playing *p)
{
	const char *at = p->run.text;
	const char *wanted = p->section->text;

	while (*wanted != '\0') {
		size_t len = strcspn(wanted, "\n");
		TN_CLEANUP(tn_freep) char *line = tn_strndup(wanted, len);
		const char *found;

		if (tn_text_starts(line, "! "))
			found = strstr(p->run.text, line + 2) == NULL ? at : NULL;
		else
			found = strstr(at, line);
		if (found == NULL) {
			complain(p, "in the text: %s", line);
			print_lines("it said", p->run.text);
			return;
		}
		if (!tn_text_starts(line, "! "))
			at = found + len;
		wanted += len + (wanted[len] == '\n');
	}
}

static void
compare_calls(struct playing *p)
{
	TN_CLEANUP(tn_str_done) struct tn_str expected = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str calls = TN_STR_INIT;

	add_in_dialect(p, p->section->text, &expected);
	for (size_t i = 0; i < tn_sim_log_count(p->desk.sim); i++) {
		const struct tn_sim_logged *call = tn_sim_log_at(p->desk.sim, i);

		if (call->who != NULL && strcmp(call->who, TN_SIM_ADMIN) == 0)
			continue;
		tn_str_addf(&calls, "%s %s\n", call->method, call->resource);
	}
	must_be(p, "the calls", tn_str_text(&calls), tn_str_text(&expected));
}

/* On one line, as its lines are. */
static void
add_code(const char *code, struct tn_str *out)
{
	size_t len = strlen(code);

	while (len > 0 && code[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		tn_str_add(out, code[i] == '\n' ? " / " : (char[]){ code[i], '\0' });
}

/* The value when it is the one that the operator gives now, else "?". */
static void
add_secret(struct playing *p, const struct tn_sim_secret *secret, struct tn_str *out)
{
	const char *value = NULL;

	for (size_t i = 0; i < p->desk.n_variables; i++) {
		const struct desk_pair *pair = &p->desk.variables[i];
		char hex[TN_SHA256_HEX];

		if (!tn_text_starts(pair->name, "TENON_SECRET_") || pair->text == NULL ||
		    strcmp(pair->name + strlen("TENON_SECRET_"), secret->name) != 0)
			continue;
		tn_sha256_hex(tn_span(pair->text), hex);
		if (strcmp(hex, secret->sha256) == 0)
			value = pair->text;
	}
	tn_str_addf(out, " %s=%s", secret->name, value == NULL ? "?" : value);
}

static void
add_content(struct playing *p, const struct tn_sim_content *content, struct tn_str *out)
{
	add_code(content->code, out);
	if (content->runtime != NULL && strcmp(content->runtime, "node22") != 0)
		tn_str_addf(out, " on %s", content->runtime);
	for (size_t i = 0; i < content->n_dependencies; i++)
		tn_str_addf(out, " %s@%s", content->dependencies[i].name,
		    content->dependencies[i].version);
	for (size_t i = 0; i < content->n_secrets; i++)
		add_secret(p, &content->secrets[i], out);
	for (size_t i = 0; i < content->n_modules; i++)
		tn_str_addf(out, " with %s %u", content->modules[i].module_name,
		    content->modules[i].version_number);
}

static void
add_module(struct playing *p, const struct tn_sim_module_view *module, struct tn_str *out)
{
	tn_str_addf(out, "module %s: ", module->name);
	if (module->published) {
		tn_str_addf(out, "version %u ", module->latest.number);
		add_content(p, &module->latest.content, out);
	} else {
		tn_str_add(out, "not published");
	}
	if (!module->all_changes_published) {
		tn_str_add(out, "; draft ");
		add_content(p, &module->draft, out);
	}
	tn_str_add_char(out, '\n');
}

static void
add_action(struct playing *p, const struct tn_sim_action_view *action, struct tn_str *out)
{
	tn_str_addf(out, "%s: ", action->name);
	if (action->installed) {
		tn_str_add(out, "from the marketplace\n");
		return;
	}
	if (action->deployed) {
		tn_str_add(out, "runs ");
		add_content(p, &action->live.content, out);
	} else {
		tn_str_add(out, "does not run");
	}
	if (!action->deployed || !action->all_changes_deployed) {
		tn_str_add(out, "; draft ");
		add_content(p, &action->draft, out);
	}
	tn_str_add_char(out, '\n');
}

static void
add_flow(struct playing *p, const char *trigger, struct tn_str *out)
{
	struct tn_sim_binding_view binding;
	struct tn_sim_action_view action;
	size_t i = 0;

	for (; tn_sim_view_binding(p->desk.sim, trigger, i, &binding); i++) {
		if (!tn_sim_view_by_id(p->desk.sim, binding.action_id,
			tn_loop_unix(p->desk.loop), &action))
			continue;
		tn_str_addf(out, "%s%s", i == 0 ? trigger : "", i == 0 ? ": " : ", ");
		tn_str_add(out, action.name);
		if (binding.display_name != NULL &&
		    strcmp(binding.display_name, action.name) != 0)
			tn_str_addf(out, " (%s)", binding.display_name);
	}
	if (i > 0)
		tn_str_add_char(out, '\n');
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Modules in the order of their creation, actions by name, then the flows by trigger that
 * are not empty. */
static void
compare_tenant(struct playing *p)
{
	TN_CLEANUP(tn_str_done) struct tn_str tenant = TN_STR_INIT;
	struct tn_sim *sim = p->desk.sim;
	size_t n = tn_sim_view_actions(sim), n_flows = tn_sim_view_flows(sim);
	TN_CLEANUP(tn_freep) const char **names = tn_alloc(n + n_flows, sizeof(*names));
	struct tn_sim_action_view action;
	struct tn_sim_module_view module;

	desk_wait(&p->desk, 10 * TN_SEC);
	for (size_t i = 0; tn_sim_view_module(sim, i, &module); i++)
		add_module(p, &module, &tenant);
	for (size_t i = 0; i < n; i++) {
		tn_sim_view_action(sim, i, tn_loop_unix(p->desk.loop), &action);
		names[i] = action.name;
	}
	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++)
		if (desk_action(&p->desk, names[i], &action))
			add_action(p, &action, &tenant);
	for (size_t i = 0; i < n_flows; i++)
		names[i] = tn_sim_view_flow(sim, i);
	qsort(names, n_flows, sizeof(*names), by_text);
	for (size_t i = 0; i < n_flows; i++)
		add_flow(p, names[i], &tenant);
	must_equal(p, "the tenant", tn_str_text(&tenant));
}

static void
add_place(struct tn_mark mark, struct tn_str *out)
{
	tn_str_add(out, mark.file == NULL ? "-" : mark.file);
	if (mark.line > 0)
		tn_str_addf(out, ":%u:%u", mark.line, mark.col);
}

/* Each with its place, severity, code and resource, its message, and its hint. */
static void
add_findings(struct playing *p, const struct tn_diags *diags, struct tn_str *out)
{
	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);
		const struct tn_finding *finding = tn_finding_find(diag->code);

		add_place(diag->mark, out);
		tn_str_addf(out, " %s %s %s\n  %s\n  %s\n",
		    tn_severity_name(diag->severity), diag->code,
		    diag->resource == NULL ? "-" : diag->resource, diag->message,
		    diag->hint == NULL ? "-" : diag->hint);
		if (finding == NULL || finding->severity != diag->severity)
			complain(p, "lib/finding says something else about %s",
			    diag->code);
	}
}

static void
compare_findings(struct playing *p)
{
	TN_CLEANUP(tn_str_done) struct tn_str findings = TN_STR_INIT;

	add_findings(p, p->ran ? p->run.result->diags : p->refused, &findings);
	must_equal(p, "the findings", tn_str_text(&findings));
}

static void
play_compare(struct playing *p)
{
	static const struct {
		const char *word;
		unsigned bit;
		void (*compare)(struct playing *p);
	} kinds[] = {
		{ "exit", EXIT, compare_exit },
		{ "text", TEXT, compare_text },
		{ "calls", CALLS, compare_calls },
		{ "tenant", TENANT, compare_tenant },
		{ "findings", FINDINGS, compare_findings },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].word, word(p, 0)) != 0)
			continue;
		p->compared |= kinds[i].bit;
		if (p->ran || (p->refused != NULL && kinds[i].bit == FINDINGS))
			kinds[i].compare(p);
		else
			complain(p, "nothing has run");
		return;
	}
	complain(p, "there is no section \"%s\"", word(p, 0));
}

static void
play_section(struct playing *p)
{
	const char *kind = word(p, 0);

	if (strcmp(kind, "rights") == 0 || strcmp(kind, "today") == 0) {
		if (p->ready)
			complain(p, "%s stands first", kind);
		set_up(p);
		return;
	}
	set_up(p);
	if (strcmp(kind, "file") == 0) {
		desk_put(&p->desk, word(p, 1), p->section->text);
	} else if (strcmp(kind, "commit") == 0) {
		p->commit = word(p, 1)[0] == '\0' ? NULL : word(p, 1);
		p->dirty = strcmp(word(p, 2), "dirty") == 0;
	} else if (strcmp(kind, "secret") == 0) {
		TN_CLEANUP(tn_str_done) struct tn_str variable = TN_STR_INIT;

		tn_str_addf(&variable, "TENON_SECRET_%s", word(p, 1));
		desk_set(&p->desk, tn_str_text(&variable),
		    p->section->n_words > 2 ? word(p, 2) : NULL);
	} else if (strcmp(kind, "connections") == 0) {
		play_connections(p);
	} else if (strcmp(kind, "operator-file") == 0) {
		desk_file(&p->desk, word(p, 1), p->section->text);
		p->desk.file_mode = (unsigned)strtoul(word(p, 2), NULL, 8);
	} else if (strcmp(kind, "variable") == 0) {
		desk_set(&p->desk, word(p, 1),
		    p->section->n_words > 2 ? word(p, 2) : NULL);
	} else if (strcmp(kind, "other") == 0) {
		play_other(p);
	} else if (strcmp(kind, "edit") == 0) {
		play_edit(p);
	} else if (strcmp(kind, "install") == 0) {
		play_install(p);
	} else if (strcmp(kind, "fault") == 0) {
		TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

		end_run(p);
		add_in_dialect(p, p->section->text, &fault);
		desk_fault(&p->desk, tn_str_text(&fault));
	} else if (strcmp(kind, "given") == 0) {
		end_run(p);
		play_given(p);
	} else if (strcmp(kind, "run") == 0) {
		end_run(p);
		play_run(p, 1);
	} else {
		play_compare(p);
	}
}

bool
play(const struct script *script, enum tn_dialect dialect)
{
	struct playing p = { .script = script,
		.dialect = dialect,
		.arena = tn_arena_new() };

	for (size_t i = 0; i < script->n_sections; i++) {
		p.section = &script->sections[i];
		play_section(&p);
	}
	end_run(&p);
	if (p.runs == 0)
		complain(&p, "nothing is run");
	tn_diags_free(p.refused);
	tn_free(p.saved);
	if (p.ready)
		desk_done(&p.desk);
	tn_arena_free(p.arena);
	return !p.failed;
}
