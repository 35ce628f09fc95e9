#include "options.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "finding/finding.h"
#include "look.h"

#define ALL                                                                           \
	(1u << TN_COMMAND_VALIDATE | 1u << TN_COMMAND_PLAN | 1u << TN_COMMAND_APPLY | \
	    1u << TN_COMMAND_DRIFT | ROLLBACK | HISTORY | SHOW | UNLOCK)
#define ONLINE   (ALL & ~(1u << TN_COMMAND_VALIDATE))
#define PLAN     (1u << TN_COMMAND_PLAN)
#define APPLY    (1u << TN_COMMAND_APPLY | ROLLBACK)
#define ROLLBACK (1u << TN_COMMAND_ROLLBACK)
#define GET      (1u << TN_COMMAND_GET)
#define TEST     (1u << TN_COMMAND_TEST)
#define LOOK     (GET | TEST)
#define HISTORY  (1u << TN_COMMAND_HISTORY)
#define SHOW     (1u << TN_COMMAND_SHOW)
#define UNLOCK   (1u << TN_COMMAND_UNLOCK)
/* Of the commands that are no run: beyond all that are. */
#define CONTROL  (1u << 31)
#define CONTROLS (-1)

static const struct command {
	const char *name;
	int command; /* an enum tn_command, or CONTROLS: a running tenond carries it out
		      */
	const char *summary;
} commands[] = {
	{ "validate", TN_COMMAND_VALIDATE, "checks the files; no tenant, no secrets" },
	{ "plan", TN_COMMAND_PLAN, "shows what apply would do; only reads" },
	{ "apply", TN_COMMAND_APPLY,
	    "makes the tenant what the files say, or leaves it as it was" },
	{ "drift", TN_COMMAND_DRIFT, "shows what is off in the tenant; only reads" },
	{ "rollback", TN_COMMAND_ROLLBACK,
	    "goes back to a run, a commit, or an action's version" },
	{ "get", TN_COMMAND_GET, "shows what is in the tenant, whatever the files say" },
	{ "test", TN_COMMAND_TEST, "runs the draft of an action with a payload" },
	{ "history", TN_COMMAND_HISTORY,
	    "lists the runs of the past; no tenant is asked" },
	{ "show", TN_COMMAND_SHOW,
	    "shows what a run has changed, or where an action comes from" },
	{ "unlock", TN_COMMAND_UNLOCK, "tells who has the lock of a tenant" },
	{ "status", CONTROLS, "shows what a running tenond looks after" },
	{ "sync", CONTROLS, "lets tenond look at a sync now" },
	{ "suspend", CONTROLS, "lets tenond leave a sync alone" },
	{ "resume", CONTROLS, "lets tenond go on with a suspended sync" },
};

/* The words that a command may have besides its options, in this order. */
static const struct operand {
	unsigned commands;
	const char *name;
	size_t offset;
	const char *help;
} operands[] = {
	{ 1u << TN_COMMAND_APPLY, "PLAN", offsetof(struct options, plan_file),
	    "a file of plan --out: does what it says, without a question, or\n"
	    "nothing when anything of it has moved" },
	{ ROLLBACK, "RUN", offsetof(struct options, run),
	    "back to what this run has left behind; the beginning of its id is\n"
	    "enough" },
	{ GET, "KIND", offsetof(struct options, kind),
	    "actions, versions, bindings, triggers, executions or modules" },
	{ GET, "NAME", offsetof(struct options, object),
	    "one action or module by name or id, the action whose versions are\n"
	    "shown, the trigger of bindings, or the id of an execution" },
	{ TEST, "ACTION", offsetof(struct options, object),
	    "by name or id; its draft has to be built" },
	{ SHOW, "RUN|ACTION", offsetof(struct options, run),
	    "a run by its id or the beginning of it, or the name of an action" },
	{ CONTROL, "SYNC", offsetof(struct options, sync),
	    "which one; status shows all of them without" },
};

enum kind { FLAG, TEXT, NAMES };

static const struct option {
	const char *name;
	enum kind kind;
	size_t offset;
	unsigned commands;
	const char *value; /* what stands for the value in the manual */
	const char *help;
} table[] = {
	{ "--source", TEXT, offsetof(struct options, source), ALL, "PATH|URL",
	    "the project's directory or git repository (default: .)" },
	{ "--ref", TEXT, offsetof(struct options, ref), ALL & ~ROLLBACK, "REV",
	    "read the files from this branch, tag or commit of the repository\n"
	    "(default: a directory as it is, HEAD of a URL)" },
	{ "--commit", TEXT, offsetof(struct options, commit), ROLLBACK, "REV",
	    "back to the files of this commit, tag or branch of the source" },
	{ "--action", TEXT, offsetof(struct options, action), ROLLBACK, "NAME",
	    "back to an earlier version of this action alone" },
	{ "--version", TEXT, offsetof(struct options, number), ROLLBACK, "N",
	    "which one (default: the newest before the one that runs that is\n"
	    "another)" },
	{ "--path", TEXT, offsetof(struct options, path), ALL, "DIR",
	    "the project's directory in the source (default: its top)" },
	{ "--fetch-timeout", TEXT, offsetof(struct options, fetch_timeout), ALL,
	    "DURATION", "how long git may take to fetch a URL (default: 2m)" },
	{ "--timeout", TEXT, offsetof(struct options, timeout), ONLINE | LOOK, "DURATION",
	    "how long the whole run may take; then no new step begins, and what\n"
	    "was begun is put back (default: no bound)" },
	{ "--tenant", TEXT, offsetof(struct options, tenant), ONLINE | LOOK, "NAME",
	    "the tenant, when the project names several" },
	{ "--project", TEXT, offsetof(struct options, project), ALL, "NAME",
	    "the name that ownership is recorded under, for a repository of\n"
	    "auth0-deploy-cli (default: auth0-deploy-cli); history, show and a\n"
	    "rollback to a run or a version read no files then" },
	{ "--config", TEXT, offsetof(struct options, config), ALL, "FILE",
	    "the settings of such a repository, in the source\n"
	    "(default: config.json, where there is one)" },
	{ "--connections", TEXT, offsetof(struct options, connections), ONLINE | LOOK,
	    "FILE",
	    "where tenants are and who we are (default: $TENON_CONNECTIONS,\n"
	    "~/.config/tenon/connections.yaml, /etc/tenon/connections.yaml,\n"
	    "else the variables AUTH0_DOMAIN and those that go with it)" },
	{ "--state", TEXT, offsetof(struct options, state), ONLINE, "FILE|none",
	    "what tenon remembers (default: $XDG_STATE_HOME/tenon/state.db);\n"
	    "none: nothing, and then ownership goes by name, and nothing is\n"
	    "deleted or mended" },
	{ "--write-secrets", FLAG, offsetof(struct options, write_secrets),
	    1u << TN_COMMAND_PLAN | 1u << TN_COMMAND_APPLY, NULL,
	    "with --state none: write all secrets, as nobody knows which value\n"
	    "they have (default: those that are missing)" },
	{ "--lock-timeout", TEXT, offsetof(struct options, lock_timeout), APPLY,
	    "DURATION",
	    "how long to wait for another run on the tenant (30s, 5m;\n"
	    "default: 0, not at all)" },
	{ "--ca-file", TEXT, offsetof(struct options, ca_file), ONLINE | LOOK, "FILE",
	    "trust the certificates in FILE instead of the system's" },
	{ "--format", TEXT, offsetof(struct options, format), ALL | LOOK, "FORMAT",
	    "text, json, or github: annotations of a workflow" },
	{ "--control", TEXT, offsetof(struct options, socket), CONTROL, "FILE",
	    "the socket of tenond (default: $XDG_RUNTIME_DIR/tenond/control.sock,\n"
	    "else /run/tenond/control.sock)" },
	{ "--json", FLAG, offsetof(struct options, json), ALL | LOOK | CONTROL, NULL,
	    "the same as --format json" },
	{ "--no-color", FLAG, offsetof(struct options, no_color), ALL | LOOK, NULL,
	    "plain text" },
	{ "--node-check", FLAG, offsetof(struct options, node_check),
	    1u << TN_COMMAND_VALIDATE, NULL,
	    "ask Node about the syntax of the code (runs `node --check`)" },
	{ "--out", TEXT, offsetof(struct options, out), PLAN, "FILE",
	    "save the plan there, to be applied as it is: tenon apply FILE" },
	{ "--plan", TEXT, offsetof(struct options, plan_file), SHOW, "FILE",
	    "what is in this saved plan, instead of a run or an action" },
	{ "--no-secrets", FLAG, offsetof(struct options, no_secrets), PLAN, NULL,
	    "ask for no secret value; secrets read \"checked at apply\"" },
	{ "--detailed-exitcode", FLAG, offsetof(struct options, detailed_exitcode), PLAN,
	    NULL, "exit 2 when there are changes" },
	{ "--trigger", TEXT, offsetof(struct options, trigger), GET, "TRIGGER",
	    "of actions: those of this trigger" },
	{ "--name", TEXT, offsetof(struct options, name), GET, "NAME",
	    "of actions: the one that is called exactly so" },
	{ "--deployed", TEXT, offsetof(struct options, deployed), GET, "yes|no",
	    "of actions: those that run, or those that do not" },
	{ "--installed", TEXT, offsetof(struct options, installed), GET, "yes|no",
	    "of actions: those of the marketplace, or the others" },
	{ "--page", TEXT, offsetof(struct options, page), GET, "N",
	    "of actions: this page of 100 alone, counted from 0" },
	{ "--payload", TEXT, offsetof(struct options, payload), TEST, "FILE",
	    "what the draft is run with, a JSON object such as {\"event\": {…}}" },
	{ "--overwrite-drafts", FLAG, offsetof(struct options, overwrite_drafts),
	    PLAN | APPLY, NULL, "overwrite drafts that somebody else wrote" },
	{ "--flip", FLAG, offsetof(struct options, flip), PLAN | APPLY, NULL,
	    "switch each flow at once: make actions of it that change anew,\n"
	    "and delete the old ones at the end" },
	{ "--on-failure", TEXT, offsetof(struct options, on_failure), APPLY, "undo|stop",
	    "what becomes of what was done when a step fails: it is put back\n"
	    "(undo, the default), or stays (stop)" },
	{ "--lift-hold", FLAG, offsetof(struct options, lift_hold), APPLY, NULL,
	    "apply a commit that a rollback has put on hold, and take it off" },
	{ "--limit", TEXT, offsetof(struct options, limit), HISTORY, "N",
	    "at most so many runs (default: 20)" },
	{ "--allow-empty", FLAG, offsetof(struct options, allow_empty), PLAN | APPLY,
	    NULL, "delete even when nothing of ours is left" },
	{ "--delete-entity-bound", NAMES, offsetof(struct options, entity_bound),
	    PLAN | APPLY, "NAME",
	    "delete this action though another resource may use it; may be\n"
	    "given again" },
	{ "--yes", FLAG, offsetof(struct options, yes), APPLY, NULL, "do not ask" },
	{ "--no-input", FLAG, offsetof(struct options, no_input), APPLY, NULL,
	    "never ask: without --yes this refuses" },
	{ "--help", FLAG, offsetof(struct options, help), ALL | LOOK | CONTROL, NULL,
	    "this text" },
};

static int
usage_error(struct tn_error *err, const char *what, const char *word, const char *nearest)
{
	int r = tn_error_set(err, TN_E_INPUT, "%s %s", what, word);

	if (nearest != NULL)
		tn_error_hint(err, "did you mean %s?", nearest);
	else
		tn_error_hint(err, "tenon --help shows what there is");
	return r;
}

static unsigned
bit_of(const struct options *options)
{
	return options->control != NULL ? CONTROL : 1u << options->command;
}

static bool
take_command(struct options *options, const char *word)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++) {
		if (tn_text_equal(word, commands[i].name)) {
			if (commands[i].command == CONTROLS)
				options->control = commands[i].name;
			else
				options->command = (enum tn_command)commands[i].command;
			return true;
		}
	}
	return false;
}

static const char *
nearest_command(const char *word)
{
	const char *names[TN_ARRAY_LEN(commands)];

	for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++)
		names[i] = commands[i].name;
	return tn_text_nearest(word, names, TN_ARRAY_LEN(names));
}

static int
find_command(struct options *options, const char *word, struct tn_error *err)
{
	if (take_command(options, word))
		return 0;
	return usage_error(err, "unknown command", word, nearest_command(word));
}

/* What `help` is asked about: a command, "codes", or the code of a finding. */
static int
find_topic(struct options *options, const char *word, struct tn_error *err)
{
	const char *nearest = nearest_command(word);

	if (take_command(options, word))
		return 0;
	if (tn_text_equal(word, "codes") || tn_finding_find(word) != NULL) {
		options->topic = word;
		return 0;
	}
	if (nearest == NULL)
		nearest = tn_finding_nearest(word);
	return usage_error(err, "unknown command or code", word, nearest);
}

/* "--name" or "--name=value". */
static bool
is_option(const struct option *option, const char *word)
{
	size_t len = strlen(option->name);

	return strncmp(word, option->name, len) == 0 &&
	    (word[len] == '\0' || word[len] == '=');
}

static const struct option *
find_option(const char *word, struct tn_error *err)
{
	const char *names[TN_ARRAY_LEN(table)];

	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++) {
		names[i] = table[i].name;
		if (is_option(&table[i], word))
			return &table[i];
	}
	usage_error(err, word[0] == '-' ? "unknown option" : "a word too many:", word,
	    tn_text_nearest(word, names, TN_ARRAY_LEN(names)));
	return NULL;
}

static bool
add_name(struct names *names, const char *name)
{
	if (names->n == TN_ARRAY_LEN(names->items))
		return false;
	names->items[names->n++] = name;
	return true;
}

/* Gives the number of words used, or a negative error. */
static int
take_option(struct options *options, const struct option *option, const char *word,
    const char *next, struct tn_error *err)
{
	char *field = (char *)options + option->offset;
	const char *equals = strchr(word, '=');
	const char *value = equals != NULL ? equals + 1 : next;

	if (option->kind == FLAG) {
		if (equals != NULL)
			return usage_error(err, "no value is taken by", option->name,
			    NULL);
		*(bool *)(void *)field = true;
		return 1;
	}
	if (equals == NULL && next == NULL)
		return usage_error(err, "a value is missing after", option->name, NULL);
	if (value[0] == '\0')
		return usage_error(err, "an empty value was given to", option->name,
		    NULL);
	if (option->kind == TEXT)
		*(const char **)(void *)field = value;
	else if (!add_name((struct names *)(void *)field, value))
		return usage_error(err, "too many values were given to", option->name,
		    NULL);
	return equals != NULL ? 1 : 2;
}

static bool
take_operand(struct options *options, const char *word)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(operands); i++) {
		char *field = (char *)options + operands[i].offset;

		if ((operands[i].commands & bit_of(options)) == 0 || word[0] == '-' ||
		    *(const char **)(void *)field != NULL)
			continue;
		*(const char **)(void *)field = word;
		return true;
	}
	return false;
}

static int
choose_format(struct options *options, struct tn_error *err)
{
	static const char *const formats[] = { "text", "json", "github" };
	const char *format = options->format;

	if (format == NULL)
		return 0;
	if (options->json && !tn_text_equal(format, "json"))
		return usage_error(err, "--json contradicts --format", format, NULL);
	for (size_t i = 0; i < TN_ARRAY_LEN(formats); i++) {
		if (!tn_text_equal(format, formats[i]))
			continue;
		options->json = tn_text_equal(format, "json");
		options->github = tn_text_equal(format, "github");
		return 0;
	}
	return usage_error(err, "--format is text, json or github, and not", format,
	    tn_text_nearest(format, formats, TN_ARRAY_LEN(formats)));
}

static int
check_together(const struct options *options, struct tn_error *err)
{
	if ((options->json || options->github) && tn_command_writes(options->command) &&
	    !options->yes && options->plan_file == NULL)
		return usage_error(err, "in this format nothing can be asked: it needs",
		    "--yes", NULL);
	return 0;
}

/* Exactly one of the three. */
static int
check_rollback(struct options *options, struct tn_error *err)
{
	int n = (options->run != NULL) + (options->commit != NULL) +
	    (options->action != NULL);
	int r;

	if (options->command != TN_COMMAND_ROLLBACK || options->help)
		return 0;
	if (n != 1) {
		r = tn_error_set(err, TN_E_INPUT,
		    "rollback goes back to one of these: %s",
		    "a RUN, --commit REV, --action NAME");
		tn_error_hint(err, "tenon history lists the runs");
		return r;
	}
	if (options->number == NULL)
		return 0;
	if (options->action == NULL)
		return usage_error(err, "--version needs", "--action NAME", NULL);
	if (!tn_text_number(options->number, &options->version_number))
		return usage_error(err, "a number from 1 is taken by", "--version", NULL);
	return 0;
}

static int
check_control(const struct options *options, struct tn_error *err)
{
	if (options->control == NULL || options->sync != NULL || options->help ||
	    tn_text_equal(options->control, "status"))
		return 0;
	return usage_error(err,
	    "this command needs the name of a sync:", options->control, NULL);
}

/* What is looked at. */
static int
check_look(struct options *options, struct tn_error *err)
{
	options->most = 20;
	if (options->limit != NULL && !tn_text_number(options->limit, &options->most))
		return usage_error(err, "a number from 1 is taken by", "--limit", NULL);
	if (options->command != TN_COMMAND_SHOW || options->help)
		return 0;
	if (options->run != NULL && options->plan_file != NULL)
		return usage_error(err, "--plan is shown alone, without", options->run,
		    NULL);
	if (options->run == NULL && options->plan_file == NULL)
		return usage_error(err, "show needs",
		    "a RUN, the name of an ACTION, or --plan FILE", NULL);
	return 0;
}

static int
check_on_failure(const struct options *options, struct tn_error *err)
{
	static const char *const words[] = { "undo", "stop" };
	const char *word = options->on_failure;

	if (word == NULL || tn_text_equal(word, words[0]) ||
	    tn_text_equal(word, words[1]))
		return 0;
	return usage_error(err, "--on-failure is undo or stop, and not", word,
	    tn_text_nearest(word, words, TN_ARRAY_LEN(words)));
}

bool
options_no_state(const struct options *options)
{
	return tn_text_equal(options->state, "none");
}

static int
check_state(const struct options *options, struct tn_error *err)
{
	if (options->write_secrets && !options_no_state(options))
		return usage_error(err, "--write-secrets needs", "--state none", NULL);
	if (options->lock_timeout != NULL && options_no_state(options))
		return usage_error(err, "there is no lock to wait for with",
		    "--state none", NULL);
	return 0;
}

static int
check_duration(const char *text, int64_t least, int64_t *out, const char *option,
    struct tn_error *err)
{
	if (text == NULL || (tn_duration_parse(text, out) && *out >= least))
		return 0;
	return usage_error(err, "a duration such as 30s or 5m is taken by", option, NULL);
}

static int
check_timeouts(struct options *options, struct tn_error *err)
{
	int r = check_duration(options->fetch_timeout, 1, &options->fetch_timeout_ns,
	    "--fetch-timeout", err);

	if (r == 0)
		r = check_duration(options->timeout, 1, &options->timeout_ns, "--timeout",
		    err);
	if (r == 0)
		r = check_duration(options->lock_timeout, 0, &options->lock_timeout_ns,
		    "--lock-timeout", err);
	return r;
}

int
options_parse(struct options *options, int argc, char **argv, struct tn_error *err)
{
	int i = 2, r;

	memset(options, 0, sizeof(*options));
	if (argc < 2)
		return usage_error(err, "no command:", "say what to do", NULL);
	if (tn_text_equal(argv[1], "--help") || tn_text_equal(argv[1], "help")) {
		options->help = true;
		return argc > 2 ? find_topic(options, argv[2], err) : 0;
	}
	if (tn_text_equal(argv[1], "--version") || tn_text_equal(argv[1], "version")) {
		options->version = true;
		return 0;
	}
	r = find_command(options, argv[1], err);
	if (r < 0)
		return r;
	while (i < argc) {
		const struct option *option;

		if (take_operand(options, argv[i])) {
			i++;
			continue;
		}
		option = find_option(argv[i], err);
		if (option == NULL)
			return -TN_E_INPUT;
		if ((option->commands & bit_of(options)) == 0)
			return usage_error(err, "this command does not take",
			    option->name, NULL);
		r = take_option(options, option, argv[i],
		    i + 1 < argc ? argv[i + 1] : NULL, err);
		if (r < 0)
			return r;
		i += r;
	}
	r = check_timeouts(options, err);
	if (r == 0)
		r = check_state(options, err);
	if (r == 0)
		r = check_on_failure(options, err);
	if (r == 0)
		r = check_rollback(options, err);
	if (r == 0 && !options->help)
		r = look_parse(options, err);
	if (r == 0)
		r = check_look(options, err);
	if (r == 0)
		r = check_control(options, err);
	if (r == 0)
		r = choose_format(options, err);
	return r < 0 ? r : check_together(options, err);
}

static void
help_line(const char *name, const char *value, const char *help, struct tn_str *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str left = TN_STR_INIT;
	const char *line = help;

	tn_str_addf(&left, "%s%s%s", name, value == NULL ? "" : " ",
	    value == NULL ? "" : value);
	tn_str_addf(out, "  %-25s ", tn_str_text(&left));
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		tn_str_addf(out, "%.*s\n%28s", (int)(end - line), line, "");
	tn_str_addf(out, "%s\n", line);
}

static bool
is_command(const struct options *options, const struct command *command)
{
	if (options->control != NULL)
		return tn_text_equal(options->control, command->name);
	return command->command == (int)options->command;
}

static void
help_command(const struct options *options, struct tn_str *out)
{
	for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++)
		if (is_command(options, &commands[i]))
			tn_str_addf(out, "tenon %s: %s\n", commands[i].name,
			    commands[i].summary);
	for (size_t i = 0; i < TN_ARRAY_LEN(operands); i++)
		if ((operands[i].commands & bit_of(options)) != 0)
			help_line(operands[i].name, NULL, operands[i].help, out);
	tn_str_add(out, "\nOptions:\n");
	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++)
		if ((table[i].commands & bit_of(options)) != 0)
			help_line(table[i].name, table[i].value, table[i].help, out);
}

void
options_help(const struct options *options, bool of_command, struct tn_str *out)
{
	if (of_command) {
		help_command(options, out);
	} else {
		tn_str_add(out,
		    "tenon keeps the Actions of an identity tenant equal to what a git "
		    "repository says.\n\nUsage: tenon COMMAND [OPTION…]\n\n");
		for (size_t i = 0; i < TN_ARRAY_LEN(commands); i++)
			tn_str_addf(out, "  %-10s %s\n", commands[i].name,
			    commands[i].summary);
		tn_str_add(out,
		    "  version    says which tenon this is\n"
		    "\ntenon COMMAND --help shows the options of a command, tenon help CODE "
		    "explains a\nfinding, tenon help codes lists them.\n");
	}
	tn_str_add(out,
	    "\nExit status: 0 done or nothing to do, 1 error, 2 changes or drift,\n"
	    "3 apply failed and everything was put back, 4 apply failed and something\n"
	    "could not be put back, 5 the saved plan is stale, 6 somebody else holds the\n"
	    "lock.\n");
}
