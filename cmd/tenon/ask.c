#include "ask.h"

#include <string.h>
#include <unistd.h>

/* A terminal hands over whole lines; what is longer than any answer is no. */
static void
on_typed(void *arg, unsigned events TN_UNUSED)
{
	struct ask *ask = arg;
	char line[64];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line));
	bool yes = n == 4 && memcmp(line, "yes\n", 4) == 0;

	tn_watch_stop(&ask->watch);
	ask->answer(ask->arg, yes);
}

int
ask_start(struct ask *ask, struct tn_loop *loop, void (*answer)(void *arg, bool yes),
    void *arg, struct tn_error *err)
{
	ask->answer = answer;
	ask->arg = arg;
	return tn_watch_start(&ask->watch, loop, STDIN_FILENO, TN_WATCH_READ, on_typed,
	    ask, err);
}

void
ask_stop(struct ask *ask)
{
	tn_watch_stop(&ask->watch);
}
