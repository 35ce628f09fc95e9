#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#define OUTPUT_MAX   ((size_t)16 << 20)
#define SECONDS_MAX  120
#define ARGUMENT_MAX 16

void
measure_must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "the test is broken: %s: %s\n", what, strerror(errno));
	abort();
}

/* --- Files --- */

void
measure_scratch(struct tn_str *path)
{
	const char *tmp = getenv("TMPDIR");

	tn_str_addf(path, "%s/tn-validate-XXXXXX", tmp != NULL ? tmp : "/tmp");
	measure_must(mkdtemp(path->ptr) != NULL, "a scratch directory");
}

static int
remove_one(const char *path, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *ftw TN_UNUSED)
{
	return remove(path);
}

void
measure_remove(const char *directory)
{
	measure_must(nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0,
	    "removing the scratch directory");
}

static void
make_parents(struct tn_str *path, size_t from)
{
	for (size_t i = from; i < path->len; i++) {
		if (path->ptr[i] != '/')
			continue;
		path->ptr[i] = '\0';
		measure_must(mkdir(path->ptr, 0777) == 0 || errno == EEXIST, "mkdir");
		path->ptr[i] = '/';
	}
}

void
measure_put(const char *directory, const char *path, const struct measure_text *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str full = TN_STR_INIT;
	FILE *file;

	tn_str_addf(&full, "%s/%s", directory, path);
	make_parents(&full, strlen(directory) + 1);
	file = fopen(tn_str_text(&full), "w");
	measure_must(file != NULL, tn_str_text(&full));
	fputs(text->head, file);
	for (size_t i = 0; i < text->times; i++)
		fputs(text->piece, file);
	fputs(text->tail, file);
	measure_must(fclose(file) == 0, tn_str_text(&full));
}

/* --- Runs --- */

static void
find_program(struct tn_str *path)
{
	const char *build = getenv("TN_BUILD");

	measure_must(build != NULL, "TN_BUILD is not set");
	tn_str_addf(path, "%s/bin/tenon", build);
}

_Noreturn static void
become_tenon(const char *const *arguments, int fd)
{
	TN_CLEANUP(tn_str_done) struct tn_str program = TN_STR_INIT;
	char *argv[ARGUMENT_MAX + 1] = { NULL };

	find_program(&program);
	argv[0] = program.ptr;
	for (size_t i = 0; arguments[i] != NULL && i + 1 < ARGUMENT_MAX; i++)
		argv[i + 1] = tn_strdup(arguments[i]);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	/* What is freed is used again soon: memory is what is measured. */
	setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 1);
	alarm(SECONDS_MAX);
	execv(argv[0], argv);
	_exit(127);
}

static double
seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void
take_output(FILE *file, struct tn_str *out)
{
	char chunk[4096];
	size_t n;

	rewind(file);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0 && out->len < OUTPUT_MAX)
		tn_str_add_bytes(out, chunk, n);
}

void
measure_tenon(const char *const *arguments, struct measured *out)
{
	FILE *file = tmpfile();
	double start = now();
	struct rusage usage;
	int status;
	pid_t pid;

	measure_must(file != NULL, "a file for the output");
	*out = (struct measured){ .status = 0 };
	pid = fork();
	measure_must(pid >= 0, "fork");
	if (pid == 0)
		become_tenon(arguments, fileno(file));
	while (wait4(pid, &status, 0, &usage) < 0)
		measure_must(errno == EINTR, "waiting for tenon");
	out->seconds = now() - start;
	out->cpu = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
	out->megabytes = (double)usage.ru_maxrss / 1024;
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	take_output(file, &out->out);
	fclose(file);
}

void
measured_done(struct measured *measured)
{
	tn_str_done(&measured->out);
}
