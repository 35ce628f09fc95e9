/*
 * Deterministic simulation: lives from seeds.
 *
 *	dst                    the seeds of `make test`, as TAP
 *	dst --seed N           one seed again, with everything it does
 *	dst --seeds N [FIRST]  that many seeds; the first broken promise ends it
 *	dst --until P N        at most N seeds, until one breaks the promise P
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"

#define TEST_SEEDS 2000
#define LONG_SEEDS 5000

struct totals {
	struct trouble_table table;
	uint64_t seeds, calls, runs, kills, rollbacks, troubles, exits[8];
};

static void
add(struct totals *totals, const struct life *life)
{
	totals->seeds++;
	totals->calls += life->calls;
	totals->runs += life->runs;
	totals->kills += life->kills;
	totals->rollbacks += life->rollbacks;
	totals->troubles += life->troubles;
	for (unsigned i = 0; i < 8; i++)
		totals->exits[i] += life->exits[i];
}

/* False when a promise was broken: it is told, with the words that play it again. */
static bool
play_seeds(uint64_t first, uint64_t n, struct totals *totals)
{
	for (uint64_t seed = first; seed < first + n; seed++) {
		struct life life = { .seed = seed, .table = &totals->table };
		bool broken;

		life_play(&life);
		add(totals, &life);
		broken = life.broken != NULL;
		if (broken)
			printf(
			    "# seed %llu broke %s; again with: dst --seed %llu\n# violated: %s\n%s\n",
			    (unsigned long long)seed, life.broken,
			    (unsigned long long)seed, life.broken, life.message);
		life_done(&life);
		if (broken)
			return false;
	}
	return true;
}

static void
print_totals(const struct totals *t)
{
	printf(
	    "# %llu seeds, %llu runs, %llu calls, %llu kills, %llu rollbacks, %llu troubles met; exits:",
	    (unsigned long long)t->seeds, (unsigned long long)t->runs,
	    (unsigned long long)t->calls, (unsigned long long)t->kills,
	    (unsigned long long)t->rollbacks, (unsigned long long)t->troubles);
	for (unsigned i = 0; i < 8; i++)
		if (t->exits[i] > 0)
			printf(" %u: %llu", i, (unsigned long long)t->exits[i]);
	printf("\n");
}

static int
one_seed(uint64_t seed)
{
	struct life life = { .seed = seed, .verbose = true };
	int status;

	life_play(&life);
	printf("# trace %016llx\n", (unsigned long long)life.trace);
	if (life.broken != NULL)
		printf("# violated: %s\n%s\n", life.broken, life.message);
	status = life.broken == NULL ? 0 : 1;
	life_done(&life);
	return status;
}

/* The same seed twice is the same life, to the last byte of output. */
static bool
replays_exactly(uint64_t seed)
{
	struct life first = { .seed = seed }, second = { .seed = seed };
	bool same;

	life_play(&first);
	life_play(&second);
	same = first.trace == second.trace && first.calls == second.calls;
	life_done(&first);
	life_done(&second);
	return same;
}

static int
tap(void)
{
	const char *is_long = getenv("TN_LONG");
	uint64_t n = is_long != NULL && strcmp(is_long, "1") == 0 ? LONG_SEEDS
								  : TEST_SEEDS;
	struct totals totals = { 0 };
	bool replays = true, everywhere;
	bool held = play_seeds(1, n, &totals);
	bool met = totals.kills > 0 && totals.troubles > 0 && totals.exits[0] > 0 &&
	    totals.exits[3] > 0 && totals.rollbacks > 0;

	printf("1..4\n%s 1 - every promise held in every life\n", held ? "ok" : "not ok");
	print_totals(&totals);
	printf(
	    "%s 2 - kills, troubles, rollbacks and applies that were put back did occur\n",
	    met ? "ok" : "not ok");
	for (uint64_t seed = 1; seed <= 10; seed++)
		replays = replays && replays_exactly(seed);
	printf("%s 3 - a seed replays exactly\n", replays ? "ok" : "not ok");
	everywhere = trouble_print(&totals.table) == 0;
	printf("%s 4 - every trouble met every kind of call that it can meet\n",
	    everywhere ? "ok" : "not ok");
	return held && met && replays && everywhere ? 0 : 1;
}

/* For a bug that was planted: 0 when a seed showed what it breaks. */
static int
until(const char *promise, uint64_t n)
{
	for (uint64_t seed = 1; seed <= n; seed++) {
		struct life life = { .seed = seed };
		bool seen;

		life_play(&life);
		seen = life.broken != NULL && strcmp(life.broken, promise) == 0;
		life_done(&life);
		if (seen) {
			printf("seed %llu broke %s\n", (unsigned long long)seed, promise);
			return 0;
		}
	}
	printf("%llu seeds did not break %s\n", (unsigned long long)n, promise);
	return 1;
}

int
main(int argc, char **argv)
{
	struct totals totals = { 0 };

	if (argc == 3 && strcmp(argv[1], "--seed") == 0)
		return one_seed(strtoull(argv[2], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "--until") == 0)
		return until(argv[2], strtoull(argv[3], NULL, 10));
	if (argc >= 3 && strcmp(argv[1], "--seeds") == 0) {
		uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
		bool held = play_seeds(first, strtoull(argv[2], NULL, 10), &totals);

		print_totals(&totals);
		trouble_print(&totals.table);
		return held ? 0 : 1;
	}
	return tap();
}
