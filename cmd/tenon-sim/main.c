#include <stdio.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/version.h"
#include "keep.h"
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
announce(uint16_t port, bool tls, struct tn_error *err)
{
	if (printf("%s://127.0.0.1:%u\n", tls ? "https" : "http", port) < 0 ||
	    fflush(stdout) != 0)
		return tn_error_set(err, TN_E_SYSTEM,
		    "standard output cannot be written");
	return 0;
}

/* A tenant and where it is. */
struct place {
	struct tn_sim *sim;
	struct server *server;
};

/* Ids are others in each of them. */
static int
open_places(struct place *places, struct tn_loop *loop, const struct options *options,
    const struct server_options *how, struct tn_error *err)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < options->tenants; i++) {
		struct tn_sim_options sim = options->sim;

		sim.seed += i;
		if (places[i].sim == NULL)
			places[i].sim = tn_sim_new(&sim);
		places[i].server = server_open(loop, places[i].sim, how, err);
		r = places[i].server == NULL ? -TN_E_SYSTEM
					     : announce(server_port(places[i].server),
						   how->certificate != NULL, err);
	}
	return r;
}

static void
close_places(struct place *places, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		server_close(places[i].server);
		tn_sim_free(places[i].sim);
	}
	tn_free(places);
}

static int
serve(struct tn_loop *loop, struct place *places, const struct options *options,
    const struct server_options *how, struct tn_error *err)
{
	struct tn_signals *signals = tn_signals_new(loop, on_signal, loop, err);
	int r = signals == NULL ? -TN_E_SYSTEM
				: open_places(places, loop, options, how, err);

	if (r == 0)
		r = tn_loop_run(loop, err);
	for (unsigned i = 0; r == 0 && i < options->tenants; i++)
		r = server_result(places[i].server, err);
	tn_signals_free(signals);
	return r;
}

/* PEM. The copy in the arena lives as long as the server. */
static int
read_pem(const char *path, struct tn_arena *arena, const char **out, struct tn_error *err)
{
	struct tn_str text = TN_STR_INIT;
	int r;

	if (path == NULL)
		return 0;
	r = tn_file_read(path, (size_t)1 << 20, &text, err);
	if (r == 0)
		*out = tn_arena_bytes(arena, tn_str_text(&text), text.len);
	tn_wipe(text.ptr, text.len);
	tn_str_done(&text);
	return r;
}

static int
prepare_and_serve(const struct options *options, struct tn_arena *arena,
    struct tn_error *err)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new(err);
	struct server_options how = { .port = options->port,
		.latency_ns = options->latency_ns };
	struct place *places = tn_alloc(options->tenants, sizeof(*places));
	int r = loop == NULL ? -TN_E_SYSTEM : 0;

	if (r == 0)
		r = read_pem(options->tls_cert, arena, &how.certificate, err);
	if (r == 0)
		r = read_pem(options->tls_key, arena, &how.private_key, err);
	places[0].sim = tn_sim_new(&options->sim);
	if (r == 0 && options->state != NULL)
		r = keep_open(options->state, places[0].sim, &how.keep, err);
	if (r == 0)
		r = serve(loop, places, options, &how, err);
	keep_close(how.keep);
	close_places(places, options->tenants);
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
	struct options options;

	if (options_parse(&options, arena, argc, argv, &err) < 0)
		return complain(&err);
	if (options.help)
		return print_help();
	if (options.version)
		return puts("tenon-sim " TN_VERSION) < 0;
	if (prepare_and_serve(&options, arena, &err) < 0)
		return complain(&err);
	return 0;
}
