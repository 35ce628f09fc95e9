/*
 * Trouble at every place of one apply, as TAP: kills, and then faults, lost rights and
 * other people. Kills at callbacks are played at every fifth place, these at every tenth,
 * each kind at others, unless TN_LONG says otherwise.
 *
 *	crash              the matrix
 *	crash NAME N       one kind of trouble from one place on, as its line names it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

#define STRIDE 10

/* All kinds that are faults, or that somebody else does. */
#define FIRST_FAULT TROUBLE_RATE
#define LAST_FAULT  TROUBLE_EDIT
#define FAULTS      (LAST_FAULT - FIRST_FAULT + 1)

static bool
play_row(unsigned number, struct tally tally)
{
	bool held = matrix_play(&tally);

	printf("%s %u - %s%s: %llu met; exits:", held ? "ok" : "not ok", number,
	    trouble_name(tally.kind), tally.deliver ? ", calls on their way arrive" : "",
	    (unsigned long long)tally.met);
	for (unsigned i = 0; i < 8; i++)
		if (tally.exits[i] > 0)
			printf(" %u: %llu", i, (unsigned long long)tally.exits[i]);
	printf("\n");
	fflush(stdout);
	return held;
}

static bool
play_kinds(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str missing = TN_STR_INIT;
	bool all = matrix_has_all_kinds(&missing);

	printf("%s 1 - the plan has a step of every kind\n", all ? "ok" : "not ok");
	if (!all)
		printf("# it lacks:%s\n", tn_str_text(&missing));
	return all;
}

static int
play_named(const char *name, uint64_t first)
{
	for (unsigned kind = 1; kind < TROUBLE__COUNT; kind++) {
		struct tally tally = { .kind = (enum trouble_kind)kind,
			.first = first,
			.step = 1 };

		if (strcmp(trouble_name(tally.kind), name) == 0)
			return play_row(1, tally) ? 0 : 1;
	}
	fprintf(stderr, "crash: there is no trouble \"%s\"\n", name);
	return 1;
}

/* A row of kills as it is to be played: at every place, or as the table says. */
static struct tally
kill_row(unsigned i, bool everywhere)
{
	struct tally tally = kills[i];

	if (everywhere)
		tally.first = tally.step = 1;
	return tally;
}

static int
play_all(bool everywhere)
{
	uint64_t stride = everywhere ? 1 : STRIDE;
	bool held;

	printf("1..%d\n", 1 + KILLS + FAULTS);
	held = play_kinds();
	for (unsigned i = 0; i < KILLS; i++)
		held &= play_row(2 + i, kill_row(i, everywhere));
	for (unsigned i = 0; i < FAULTS; i++)
		held &= play_row(2 + KILLS + i,
		    (struct tally){ .kind = (enum trouble_kind)(FIRST_FAULT + i),
			.first = 1 + i % stride,
			.step = stride });
	return held ? 0 : 1;
}

int
main(int argc, char **argv)
{
	const char *is_long = getenv("TN_LONG");
	int status;

	if (argc == 3)
		status = play_named(argv[1], strtoull(argv[2], NULL, 10));
	else
		status = play_all(is_long != NULL && strcmp(is_long, "1") == 0);
	matrix_done();
	return status;
}
