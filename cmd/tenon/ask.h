/*
 * The question before an apply, asked on the terminal without stopping the
 * loop.
 */
#ifndef TENON_ASK_H
#define TENON_ASK_H

#include "base/loop.h"

struct ask {
	struct tn_watch watch;
	void (*answer)(void *arg, bool yes);
	void *arg;
};

/* Calls answer once a line was typed; only "yes" is yes. An end of input is no. */
int ask_start(struct ask *ask, struct tn_loop *loop, void (*answer)(void *arg, bool yes),
    void *arg, struct tn_error *err) TN_MUST_USE;
void ask_stop(struct ask *ask);

#endif
