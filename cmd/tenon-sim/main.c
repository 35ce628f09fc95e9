#include <stdio.h>

#include "base/version.h"
#include "options.h"
#include "server.h"

static int
complain(const struct tn_error *err)
{
	fprintf(stderr, "tenon-sim: %s\n", err->message);
	if (err->hint != NULL)
		fprintf(stderr, "  → %s\n", err->hint);
	return 1;
}

static void
on_signal(void *arg, int signal)
{
	(void)signal;
	tn_loop_stop(arg);
}

/* The address goes out at once: whoever started us waits for it. */
static int
announce(uint16_t port, struct tn_error *err)
{
	if (printf("http://127.0.0.1:%u\n", port) < 0 || fflush(stdout) != 0)
		return tn_error_set(err, TN_E_SYSTEM,
		    "standard output cannot be written");
	return 0;
}

static int
serve(struct tn_loop *loop, const struct options *options, struct tn_error *err)
{
	struct tn_sim *sim = tn_sim_new(&options->sim);
	struct tn_signals *signals = tn_signals_new(loop, on_signal, loop, err);
	struct server *server = NULL;
	int r = -TN_E_SYSTEM;

	if (signals != NULL)
		server = server_open(loop, sim, options->port, options->latency_ns, err);
	if (server != NULL)
		r = announce(server_port(server), err);
	if (server != NULL && r == 0)
		r = tn_loop_run(loop, err);
	server_close(server);
	tn_signals_free(signals);
	tn_sim_free(sim);
	return r;
}

static int
print_help(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	options_help(&text);
	return fputs(tn_str_text(&text), stdout) < 0;
}

int
main(int argc, char **argv)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = NULL;
	struct options options;

	if (options_parse(&options, arena, argc, argv, &err) < 0)
		return complain(&err);
	if (options.help)
		return print_help();
	if (options.version)
		return puts("tenon-sim " TN_VERSION) < 0;
	loop = tn_loop_new(&err);
	if (loop == NULL || serve(loop, &options, &err) < 0)
		return complain(&err);
	return 0;
}
