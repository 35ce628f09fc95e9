/*
 * Trouble at every place of one apply, as TAP: kills, faults, other people. What takes
 * long is played at some places only, unless TN_LONG says otherwise: each row at others.
 *
 *	crash              the matrix of `make test`
 *	crash NAME N       one row from one place on, as its line names them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

static bool
play_row(struct tally *tally, unsigned number, uint64_t first)
{
	bool held = matrix_play(tally, first);

	printf("%s %u - %s: %llu met; exits:", held ? "ok" : "not ok", number,
	    tally->name, (unsigned long long)tally->met);
	for (unsigned i = 0; i < 8; i++)
		if (tally->exits[i] > 0)
			printf(" %u: %llu", i, (unsigned long long)tally->exits[i]);
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

static struct tally *
row_named(const char *name)
{
	for (size_t i = 0; i < KILLS; i++)
		if (strcmp(kills[i].name, name) == 0)
			return &kills[i];
	for (size_t i = 0; i < FAULTS; i++)
		if (strcmp(faults[i].name, name) == 0)
			return &faults[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const char *is_long = getenv("TN_LONG");
	uint64_t stride = is_long != NULL && strcmp(is_long, "1") == 0 ? 1 : 6;
	bool held;

	if (argc == 3 && row_named(argv[1]) != NULL) {
		held = play_row(row_named(argv[1]), 1, strtoull(argv[2], NULL, 10));
		return held ? 0 : 1;
	}
	printf("1..%d\n", 1 + KILLS + FAULTS);
	held = play_kinds();
	for (unsigned i = 0; i < KILLS; i++) {
		kills[i].step = kills[i].step * (stride == 1 ? 1 : 3);
		held &= play_row(&kills[i], 2 + i, 1 + i % kills[i].step);
	}
	for (unsigned i = 0; i < FAULTS; i++) {
		faults[i].step = stride;
		held &= play_row(&faults[i], 2 + KILLS + i, 1 + i % stride);
	}
	matrix_done();
	return held ? 0 : 1;
}
