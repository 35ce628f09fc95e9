#include "run/command.h"

#include <string.h>

#include "base/mem.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/text.h"

#define DEADLINE (60 * TN_SEC)
#define OUT_MAX  ((size_t)64 << 10)
#define ERR_MAX  ((size_t)256 << 10)
/* Of what it wrote to its standard error the end is shown. */
#define SHOWN ((size_t)400)

/* What nearly every program needs to find its way; the README lists the same. */
static const char *const passed[] = { "PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR",
	"XDG_CONFIG_HOME", "XDG_RUNTIME_DIR" };

struct tn_secret_command {
	const struct tn_run_options *options;
	const struct tn_secret_source *source;
	struct tn_process *process;
	tn_secret_command_fn *done;
	void *arg;
	struct tn_timer timer; /* when there is nobody to run it */
};

/* The last lines, safe to be shown, on one line. */
static void
add_words(const struct tn_secret_command *command, struct tn_span words,
    struct tn_str *out)
{
	TN_CLEANUP(tn_str_done) struct tn_str clean = TN_STR_INIT;
	size_t len, from = 0;

	/* Before it is cut and escaped: a value is only known in one piece. */
	tn_redactor_apply(command->options->redactor, words, &clean);
	len = clean.len;
	while (len > 0 && strchr(" \t\r\n", clean.ptr[len - 1]) != NULL)
		len--;
	if (len > SHOWN) {
		from = len - SHOWN;
		while (from < len && ((unsigned char)clean.ptr[from] & 0xc0) == 0x80)
			from++;
		tn_str_add(out, "…");
	}
	for (size_t i = from; i < len; i++)
		if (clean.ptr[i] == '\n' || clean.ptr[i] == '\t' || clean.ptr[i] == '\r')
			clean.ptr[i] = ' ';
	tn_text_printable(tn_span_of(tn_str_text(&clean) + from, len - from), false, out);
}

/* Ended, but not as it should. */
static void
explain(const struct tn_secret_command *command, const struct tn_process_result *result,
    const struct tn_error *err, struct tn_error *why)
{
	TN_CLEANUP(tn_str_done) struct tn_str end = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str words = TN_STR_INIT;

	if (err != NULL) {
		tn_error_copy(why, err);
	} else {
		tn_process_describe(result, &end);
		tn_error_set(why, TN_E_SYSTEM, "it %s", tn_str_text(&end));
	}
	tn_error_context(why, "the command \"%s\"", command->source->name);
	if (result == NULL)
		return;
	if (result->secret != NULL && command->options->redactor != NULL)
		tn_redactor_add(command->options->redactor, result->secret);
	add_words(command, result->err, &words);
	if (words.len > 0)
		tn_error_hint(why, "it says: %s", tn_str_text(&words));
}

static void
on_end(void *arg, const struct tn_process_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	struct tn_secret_command *command = arg;

	command->process = NULL;
	if (err == NULL && result->status == 0 && result->signal == 0) {
		command->done(command->arg, result->secret, NULL);
		return;
	}
	explain(command, result, err, &why);
	command->done(command->arg, NULL, &why);
}

static void
add_variable(const struct tn_environment *environment, struct tn_arena *arena,
    const char *name, const char **list, size_t *n)
{
	const char *value = environment->get(environment->arg, name);

	if (value != NULL)
		list[(*n)++] = tn_arena_printf(arena, "%s=%s", name, value);
}

/* "NAME=value" …; what is not set is left out. */
static const char *const *
environment_of(const struct tn_secret_command *command, struct tn_arena *arena)
{
	const struct tn_environment *environment = &command->options->environment;
	const struct tn_secret_source *source = command->source;
	size_t most = TN_ARRAY_LEN(passed) + source->n_pass_env + 1, n = 0;
	const char **list = tn_arena_array(arena, most, const char *);

	for (size_t i = 0; i < TN_ARRAY_LEN(passed); i++)
		add_variable(environment, arena, passed[i], list, &n);
	for (size_t i = 0; i < source->n_pass_env; i++)
		add_variable(environment, arena, source->pass_env[i], list, &n);
	return list;
}

static void
on_no_runner(void *arg)
{
	struct tn_error err = TN_ERROR_INIT;

	tn_error_set(&err, TN_E_BUG, "no program can be run here");
	on_end(arg, NULL, &err);
	tn_error_done(&err);
}

struct tn_secret_command *
tn_secret_command_start(const struct tn_run_options *options,
    const struct tn_secret_source *source, tn_secret_command_fn *done, void *arg)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_secret_command *command = tn_new(struct tn_secret_command);
	struct tn_process_order order = {
		.argv = source->argv,
		.search_path = options->environment.get(options->environment.arg, "PATH"),
		.directory = source->directory,
		.out_max = OUT_MAX,
		.err_max = ERR_MAX,
		.secret_out = true,
		.deadline_ns = DEADLINE,
	};

	command->options = options;
	command->source = source;
	command->done = done;
	command->arg = arg;
	order.env = environment_of(command, arena);
	if (options->runner == NULL)
		tn_timer_start(&command->timer, options->loop, 0, on_no_runner, command);
	else
		command->process = tn_runner_start(options->runner, &order, on_end,
		    command);
	return command;
}

void
tn_secret_command_free(struct tn_secret_command *command)
{
	if (command == NULL)
		return;
	tn_timer_stop(&command->timer);
	if (command->process != NULL)
		tn_runner_stop(command->options->runner, command->process);
	tn_free(command);
}
