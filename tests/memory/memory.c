/*
 * An apply of two actions for which memory runs out at the n-th allocation, as TAP: it
 *ends at once with a message, like a run that is killed, and the next apply mends it and
 *comes to what is wanted.
 *
 *	memory        each STRIDE-th allocation; with TN_LONG=1 all of them
 *	memory N      the n-th
 *
 * Each n is played by a process of its own. Memory of the tenant does not run out: what
 *the simulator allocates while it answers a call does not count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sim/check.h"
#include "../sim/people.h"
#include "base/mem.h"

#define STRIDE 17
#define SEED   6 /* of a tenant of today's dialect, without a slow rate limit */
#define WORDS  "tenon: out of memory\n"

/* How a process ends. */
#define HELD    0
#define BROKEN  1
#define NOT_MET 2

static struct {
	bool counting;
	uint64_t count;
	uint64_t fails; /* at that allocation; 0: at none */
	struct world *world;
	struct checker *checker; /* takes no part while it is counted */
} memory;

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *ptr, size_t size);
void __real__exit(int status) TN_NORETURN;
struct tn_run *__real_tn_run_start(const struct tn_run_options *options,
    tn_run_done_fn *done, void *arg);
void __real_tn_sim_call(struct tn_sim *sim, int64_t unix_ns,
    const struct tn_sim_request *req, struct tn_sim_reply *reply);
/* In the place of the functions of these names, as the linker is told. */
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
void __wrap__exit(int status) TN_NORETURN;
struct tn_run *__wrap_tn_run_start(const struct tn_run_options *options,
    tn_run_done_fn *done, void *arg);
void __wrap_tn_sim_call(struct tn_sim *sim, int64_t unix_ns,
    const struct tn_sim_request *req, struct tn_sim_reply *reply);

static bool
runs_out(void)
{
	return memory.counting && ++memory.count == memory.fails;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return runs_out() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *ptr, size_t size)
{
	return runs_out() ? NULL : __real_realloc(ptr, size);
}

/* Before it only the test itself is at work. */
struct tn_run *
__wrap_tn_run_start(const struct tn_run_options *options, tn_run_done_fn *done, void *arg)
{
	memory.counting = memory.world != NULL;
	return __real_tn_run_start(options, done, arg);
}

void
__wrap_tn_sim_call(struct tn_sim *sim, int64_t unix_ns, const struct tn_sim_request *req,
    struct tn_sim_reply *reply)
{
	bool counting = memory.counting;

	memory.counting = false;
	__real_tn_sim_call(sim, unix_ns, req, reply);
	memory.counting = counting;
}

/* The program is dead: what has it left? */
void
__wrap__exit(int status)
{
	const struct ran killed = { .killed = true };
	struct world *world = memory.world;
	char *broken;

	memory.counting = false;
	if (status != 1 || world == NULL)
		__real__exit(BROKEN);
	memory.world = NULL;
	world_outlive(world);
	world->checker = memory.checker;
	checker_end(world->checker, &killed);
	checker_expect_done(world, false, "the apply after it");
	checker_expect_done(world, true, "the apply after that");
	broken = checker_what_broke(world->checker);
	if (broken != NULL)
		printf("%s\n", broken);
	fflush(stdout);
	__real__exit(broken == NULL ? HELD : BROKEN);
}

/* --- the apply --------------------------------------------------------------------- */

static void
want(struct spec *spec, unsigned code)
{
	spec->actions[0].wanted = true;
	spec->actions[0].code = code;
	spec->actions[0].secrets = 1;
	spec->flows[0] = (struct spec_flow){ .named = true, .entries = { 0 }, .n = 1 };
}

/* One is there, and has another draft then; the other comes before it. */
static void
prepare(struct world *world)
{
	struct ran ran;

	world_init(world, SEED);
	spec_empty(&world->spec);
	want(&world->spec, 1);
	world_run(world, TN_COMMAND_APPLY, NULL, 0, &ran);
	if (ran.exit != TN_EXIT_DONE) {
		printf("Bail out! the first apply: exit %d\n%s\n", ran.exit, ran.text);
		exit(1);
	}
	ran_done(&ran);
	want(&world->spec, 2);
	world->spec.actions[1].wanted = true;
	world->spec.actions[1].code = 1;
	world->spec.actions[1].packages = true;
	world->spec.flows[0].entries[0] = 1;
	world->spec.flows[0].entries[1] = 0;
	world->spec.flows[0].n = 2;
}

static enum tn_exit
apply(struct world *world, uint64_t fails)
{
	struct ran ran;
	int exit;

	memory.fails = fails;
	memory.count = 0;
	memory.world = world;
	world_run(world, TN_COMMAND_APPLY, NULL, 0, &ran);
	memory.counting = false;
	memory.world = NULL;
	exit = ran.exit;
	ran_done(&ran);
	return (enum tn_exit)exit;
}

/* How many allocations it has. */
static uint64_t
count(const struct world *base)
{
	struct world world;

	world_copy(base, &world);
	if (apply(&world, 0) != TN_EXIT_DONE)
		memory.count = 0;
	world_done(&world);
	return memory.count;
}

/* --- one death --------------------------------------------------------------------- */

static void die_at(const struct world *base, uint64_t n, int words) TN_NORETURN;

static void
die_at(const struct world *base, uint64_t n, int words)
{
	struct world world;

	dup2(words, STDERR_FILENO);
	world_copy(base, &world);
	memory.checker = checker_new(&world);
	checker_begin(memory.checker, TN_COMMAND_APPLY, false);
	apply(&world, n);
	__real__exit(NOT_MET);
}

static bool
has_said(FILE *words)
{
	char text[4096];
	size_t len;

	rewind(words);
	len = fread(text, 1, sizeof(text), words);
	if (len == strlen(WORDS) && memcmp(text, WORDS, len) == 0)
		return true;
	printf("# it said: %.*s\n", (int)len, text);
	return false;
}

static bool
play(const struct world *base, uint64_t n)
{
	FILE *words = tmpfile();
	int status = -1;
	pid_t child;
	bool held;

	fflush(stdout);
	child = words == NULL ? -1 : fork();
	if (child == 0)
		die_at(base, n, fileno(words));
	held = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	    WEXITSTATUS(status) == HELD;
	if (!held)
		printf("# n = %llu: status %d\n", (unsigned long long)n, status);
	held = words != NULL && has_said(words) && held;
	if (words != NULL)
		fclose(words);
	return held;
}

static bool
play_each(const struct world *base, uint64_t n, uint64_t stride, unsigned *played)
{
	bool held = true;

	for (uint64_t i = 1; held && i <= n; i += stride, ++*played)
		held = play(base, i);
	return held;
}

int
main(int argc, char **argv)
{
	const char *is_long = getenv("TN_LONG");
	bool all = is_long != NULL && strcmp(is_long, "1") == 0;
	unsigned played = 0;
	struct world base;
	uint64_t n;
	bool held;

	prepare(&base);
	if (argc == 2) {
		held = play(&base, strtoull(argv[1], NULL, 10));
		printf("1..1\n%s 1 - memory runs out at allocation %s\n",
		    held ? "ok" : "not ok", argv[1]);
		world_done(&base);
		return held ? 0 : 1;
	}
	n = count(&base);
	held = n > 0 && play_each(&base, n, all ? 1 : STRIDE, &played);
	printf("1..1\n%s 1 - memory runs out at %u of %llu allocations\n",
	    held ? "ok" : "not ok", played, (unsigned long long)n);
	world_done(&base);
	return held ? 0 : 1;
}
