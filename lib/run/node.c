#include "run/node.h"

#include <string.h>

#include "base/mem.h"
#include "base/process.h"

#define AT_ONCE  4
#define DEADLINE (30 * TN_SEC)
#define OUT_MAX  ((size_t)64 << 10)
/* Node repeats the wrong line, and code may be one. */
#define ERR_MAX ((size_t)4 << 20)

/* What stands in front of a line number when the code came by standard input. */
#define PLACE "[stdin]:"
/* More than any code has. */
#define LINES_MAX 100000000

struct job {
	struct tn_node_check *check;
	struct tn_process *process; /* NULL: free for the next code */
	const struct tn_node_code *code;
};

struct tn_node_check {
	const struct tn_run_options *options;
	struct tn_node_code *codes;
	size_t n, next;
	struct tn_diags *diags;
	tn_node_check_fn *done;
	void *arg;
	struct job jobs[AT_ONCE];
	struct tn_timer timer; /* when there is nothing to check, or nobody to do it */
};

/* --- What Node says -------------------------------------------------------------------
 */

static struct tn_span
take_line(struct tn_span *rest)
{
	const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
	struct tn_span line = tn_span_of(rest->ptr, len);

	len += end != NULL;
	*rest = tn_span_of(rest->ptr + len, rest->len - len);
	return line;
}

static bool
begins(struct tn_span text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && memcmp(text.ptr, prefix, len) == 0;
}

/* "[stdin]:12", and two lines below it ^ under the wrong character. */
static void
read_place(struct tn_span line, struct tn_span rest, struct tn_mark *mark)
{
	const char *caret;
	unsigned number = 0;

	for (size_t i = strlen(PLACE); i < line.len; i++) {
		if (line.ptr[i] < '0' || line.ptr[i] > '9' || number > LINES_MAX)
			return;
		number = number * 10 + (unsigned)(line.ptr[i] - '0');
	}
	if (number == 0)
		return;
	mark->line = number;
	(void)take_line(&rest);
	line = take_line(&rest);
	caret = line.len > 0 ? memchr(line.ptr, '^', line.len) : NULL;
	if (caret != NULL)
		mark->col = (unsigned)(caret - line.ptr) + 1;
}

/* The words of "SyntaxError: words". */
static bool
read_words(struct tn_span line, struct tn_span *words)
{
	static const char *const kinds[] = { "SyntaxError: ", "EarlyError: " };

	for (size_t i = 0; i < TN_ARRAY_LEN(kinds); i++) {
		size_t len = strlen(kinds[i]);

		if (begins(line, kinds[i])) {
			*words = tn_span_of(line.ptr + len, line.len - len);
			return true;
		}
	}
	return false;
}

/* False when Node did not say what is wrong with the code. */
static bool
tell(const struct job *job, struct tn_span said)
{
	struct tn_mark mark = { job->code->file, 1, 1 };
	struct tn_span words;
	struct tn_diag *diag;
	bool placed = false, found = false;

	while (said.len > 0 && !found) {
		struct tn_span line = take_line(&said);

		if (!placed && begins(line, PLACE)) {
			read_place(line, said, &mark);
			placed = true;
		}
		found = read_words(line, &words);
	}
	if (!found)
		return false;
	diag = tn_diags_error(job->check->diags, "node-check", mark, "%.*s",
	    (int)words.len, words.ptr);
	tn_diags_resource(job->check->diags, diag, "%s/%s", job->code->kind,
	    job->code->name);
	tn_diags_hint(job->check->diags, diag, "Node does not take this as JavaScript");
	return true;
}

/* --- Asking it
 * -------------------------------------------------------------------------- */

static void start_jobs(struct tn_node_check *check);

static void
stop(struct tn_node_check *check)
{
	tn_timer_stop(&check->timer);
	for (size_t i = 0; i < AT_ONCE; i++) {
		if (check->jobs[i].process != NULL)
			tn_runner_stop(check->options->runner, check->jobs[i].process);
		check->jobs[i].process = NULL;
	}
}

static void
fail(struct tn_node_check *check, const struct tn_error *err)
{
	stop(check);
	check->done(check->arg, err);
}

static void
on_end(void *arg, const struct tn_process_result *result, const struct tn_error *err)
{
	TN_CLEANUP(tn_error_done) struct tn_error why = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str end = TN_STR_INIT;
	struct job *job = arg;

	job->process = NULL;
	if (err == NULL &&
	    ((result->status == 0 && result->signal == 0) || tell(job, result->err))) {
		start_jobs(job->check);
		return;
	}
	if (err != NULL && err->kind == TN_E_NOT_FOUND) {
		tn_error_set(&why, TN_E_NOT_FOUND,
		    "--node-check needs Node, and PATH has no program \"node\"");
		tn_error_hint(&why, "install Node, or leave out --node-check");
		fail(job->check, &why);
		return;
	}
	if (err != NULL) {
		tn_error_copy(&why, err);
	} else {
		tn_process_describe(result, &end);
		tn_error_set(&why, TN_E_SYSTEM, "it %s and did not say why",
		    tn_str_text(&end));
	}
	tn_error_context(&why, "node --check of \"%s\"", job->code->file);
	fail(job->check, &why);
}

/* The next code, given to the job; false when all was. */
static bool
start_next(struct job *job)
{
	static const char *const argv[] = { "node", "--check", "-", NULL };
	struct tn_node_check *check = job->check;
	const struct tn_environment *environment = &check->options->environment;
	struct tn_process_order order = {
		.argv = argv,
		.search_path = environment->get(environment->arg, "PATH"),
		.out_max = OUT_MAX,
		.err_max = ERR_MAX,
		.deadline_ns = DEADLINE,
		.cancel = check->options->cancel,
	};

	if (check->next == check->n)
		return false;
	job->code = &check->codes[check->next++];
	order.input = tn_span(job->code->code);
	job->process = tn_runner_start(check->options->runner, &order, on_end, job);
	return true;
}

static void
start_jobs(struct tn_node_check *check)
{
	bool busy = false;

	for (size_t i = 0; i < AT_ONCE; i++) {
		struct job *job = &check->jobs[i];

		if (job->process != NULL || start_next(job))
			busy = true;
	}
	if (!busy)
		check->done(check->arg, NULL);
}

static void
begin(void *arg)
{
	struct tn_node_check *check = arg;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (check->options->runner != NULL) {
		start_jobs(check);
		return;
	}
	tn_error_set(&err, TN_E_BUG, "no program can be run here");
	fail(check, &err);
}

struct tn_node_check *
tn_node_check_start(const struct tn_run_options *options,
    const struct tn_node_code *codes, size_t n, struct tn_diags *diags,
    tn_node_check_fn *done, void *arg)
{
	struct tn_node_check *check = tn_new(struct tn_node_check);

	check->options = options;
	check->codes = tn_alloc(n + 1, sizeof(*codes));
	memcpy(check->codes, codes, n * sizeof(*codes));
	check->n = n;
	check->diags = diags;
	check->done = done;
	check->arg = arg;
	for (size_t i = 0; i < AT_ONCE; i++)
		check->jobs[i].check = check;
	tn_timer_start(&check->timer, options->loop, 0, begin, check);
	return check;
}

void
tn_node_check_free(struct tn_node_check *check)
{
	if (check == NULL)
		return;
	stop(check);
	tn_free(check->codes);
	tn_free(check);
}
