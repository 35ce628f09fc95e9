/* Figures, printed with their aims and not judged: they depend on the machine. */
#include <stdio.h>
#include <time.h>

#include "hundred.h"
#include "life.h"
#include "matrix.h"

#define SEEDS 400

/* Of this processor: others may be busy on the machine. */
static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
bench_seeds(void)
{
	double start = seconds(), took;
	uint64_t calls = 0, runs = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct life life = { .seed = seed };
		bool broken;

		life_play(&life);
		calls += life.calls;
		runs += life.runs;
		broken = life.broken != NULL;
		life_done(&life);
		if (broken)
			return 1;
	}
	took = seconds() - start;
	printf(
	    "whole runs in the deterministic simulation, on one core; aim: 200 seeds of "
	    "30 calls a second, which are 6000 calls\n"
	    "  %.0f calls a second: %.0f seeds of %.0f calls in %.1f runs\n",
	    (double)calls / took, SEEDS / took, (double)calls / SEEDS,
	    (double)runs / SEEDS);
	return 0;
}

static int
bench_matrix(void)
{
	double start = seconds();
	uint64_t met = 0;

	for (size_t i = 0; i < KILLS; i++) {
		struct tally tally = kills[i];

		if (!matrix_play(&tally))
			return 1;
		met += tally.met;
	}
	matrix_done();
	printf("one apply, killed wherever it can be; aim: below 10 seconds\n"
	       "  %.1f seconds for %llu kills\n",
	    seconds() - start, (unsigned long long)met);
	return 0;
}

static int
bench_hundred(void)
{
	struct hundred hundred = { 0 };

	hundred_play(&hundred);
	printf(
	    "plan of 100 unchanged actions, bound at six triggers; aim: at most 8 calls "
	    "after the token\n"
	    "  %llu calls\n",
	    (unsigned long long)(hundred.plan.calls - hundred.token_calls));
	hundred_done(&hundred);
	return 0;
}

int
main(void)
{
	return bench_seeds() + bench_matrix() + bench_hundred();
}
