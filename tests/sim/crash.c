/* The crash matrix, as TAP. */
#include <stdio.h>

#include "matrix.h"

int
main(void)
{
	int status = 0;

	printf("1..%d\n", TALLIES);
	for (size_t i = 0; i < TALLIES; i++) {
		bool held = matrix_play(&tallies[i]);

		printf("%s %zu - a kill at %s: %llu deaths\n", held ? "ok" : "not ok",
		    i + 1, tallies[i].name, (unsigned long long)tallies[i].deaths);
		fflush(stdout);
		status |= !held;
	}
	return status;
}
