#include <signal.h>
#include <stdio.h>

#include "base/secret.h"
#include "base/version.h"
#include "control.h"
#include "options.h"
#include "perform.h"
#include "report/report.h"

static int
usage(const struct tn_error *err)
{
	fprintf(stderr, "tenon: %s\n", err->message);
	if (err->hint != NULL)
		fprintf(stderr, "  → %s\n", err->hint);
	return TN_EXIT_ERROR;
}

static int
print_help(const struct options *options, int argc)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	const struct tn_report_options plain = { .colour = false };

	if (options->topic == NULL)
		options_help(options, argc > 2, &text);
	else if (tn_text_equal(options->topic, "codes"))
		tn_report_codes(&text);
	else
		tn_report_explain(tn_finding_find(options->topic), &plain, &text);
	fputs(tn_str_text(&text), stdout);
	return TN_EXIT_DONE;
}

int
main(int argc, char **argv)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct options options;

	tn_secret_harden_process();
	/* A reader that goes away (`| head`) must not kill an apply in the middle. */
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&options, argc, argv, &err) < 0)
		return usage(&err);
	if (options.version) {
		puts("tenon " TN_VERSION);
		return TN_EXIT_DONE;
	}
	if (options.help)
		return print_help(&options, argc);
	return options.control != NULL ? control_perform(&options) : perform(&options);
}
