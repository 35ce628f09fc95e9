#include <signal.h>
#include <stdio.h>

#include "base/secret.h"
#include "base/version.h"
#include "daemon.h"
#include "run/result.h"

static int
print_help(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	options_help(&text);
	return fputs(tn_str_text(&text), stdout) < 0 ? TN_EXIT_ERROR : TN_EXIT_DONE;
}

int
main(int argc, char **argv)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct options options;

	tn_secret_harden_process();
	/* A reader of events that goes away stops no sync. */
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&options, argc, argv, &err) < 0) {
		fprintf(stderr, "tenond: %s\n  → %s\n", err.message, err.hint);
		return TN_EXIT_ERROR;
	}
	if (options.help)
		return print_help();
	if (options.version)
		return puts("tenond " TN_VERSION) < 0 ? TN_EXIT_ERROR : TN_EXIT_DONE;
	return daemon_run(&options);
}
