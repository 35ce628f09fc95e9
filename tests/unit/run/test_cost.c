/*
 * What a plan foresees against what applying it took, at tenants of different rates: the
 * calls, the time, and that no call is refused for the rate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "desk.h"

/* As many as the platform lets run in one. */
#define FLOW 20

static struct desk desk;

struct row {
	const char *share; /* "" for all */
	unsigned burst, per_second;
	unsigned actions;
	bool packages;
	double factor; /* between the times */
};

/* Actions, the first of them in one flow; text stands in their code. */
static void
write_project(const struct row *row, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str project = TN_STR_INIT;

	tn_str_add(&project, "tenon: 1\nproject: acme\ntenants:\n  dev:\nactions:\n");
	for (unsigned i = 0; i < row->actions; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

		tn_str_addf(&project,
		    "  a%u: {trigger: post-login@v3, runtime: node22%s}\n", i,
		    row->packages ? ", dependencies: {axios: 1.7.2}" : "");
		tn_str_addf(&path, "a%u.js", i);
		tn_str_addf(&code, "%sexports.onExecutePostLogin = '%s'\n",
		    row->packages ? "require('axios');\n" : "", text);
		desk_put(&desk, tn_str_text(&path), tn_str_text(&code));
	}
	tn_str_add(&project, "bindings:\n  post-login: [");
	for (unsigned i = 0; i < row->actions && i < FLOW; i++)
		tn_str_addf(&project, "%sa%u", i == 0 ? "" : ", ", i);
	tn_str_add(&project, "]\n");
	desk_put(&desk, "tenon.yaml", tn_str_text(&project));
}

static void
begin(const struct row *row)
{
	TN_CLEANUP(tn_str_done) struct tn_str connection = TN_STR_INIT;
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;

	options.rate_burst = row->burst;
	options.rate_per_second = row->per_second;
	desk_init(&desk, NULL, &options);
	desk.latency_ns = 100 * TN_MSEC;
	tn_str_addf(&connection,
	    "connections:\n"
	    "  dev:\n"
	    "    provider: auth0\n"
	    "    domain: other.example.com\n"
	    "    clientId: client\n"
	    "    clientSecret: {env: CLIENT_SECRET}\n%s",
	    row->share);
	desk_connect(&desk, tn_str_text(&connection));
}

static unsigned
refused_for_the_rate(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < tn_sim_log_count(desk.sim); i++)
		n += tn_sim_log_at(desk.sim, i)->status == 429;
	return n;
}

/* Within a factor, and a little more for what is short. */
static void
near(const char *what, double foreseen, double taken, double factor, double more)
{
	print_message("  %s: %.1f foreseen, %.1f taken\n", what, foreseen, taken);
	if (foreseen > taken * factor + more || taken > foreseen * factor + more)
		fail_msg("%s: %.1f foreseen, %.1f taken", what, foreseen, taken);
}

static void
apply(double factor)
{
	struct desk_run run;

	desk_run(&desk, TN_COMMAND_APPLY, &run);
	assert_int_equal(run.result->exit, TN_EXIT_DONE);
	near("calls", run.result->plan->calls, run.result->applied_calls, 1.15, 2);
	near("seconds", (double)run.result->plan->time_ns / 1e9,
	    (double)run.result->applied_ns / 1e9, factor, 2);
	assert_non_null(strstr(run.text, "; the plan foresaw "));
	assert_int_equal(refused_for_the_rate(), 0);
	desk_end(&run);
}

static void
what_is_foreseen_comes_about(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		/* Without a limit; then the platform's plans, all and a part of them. */
		{ "", 0, 0, 2, false, 1.5 },
		{ "", 0, 0, 20, false, 1.5 },
		{ "", 0, 0, 10, true, 1.5 },
		{ "", 50, 16, 20, false, 1.5 },
		{ "", 10, 2, 15, true, 1.5 },
		{ "", 2, 2, 10, false, 1.5 },
		{ "    rate: {share: 50%}\n", 50, 16, 20, false, 1.5 },
		{ "    rate: {share: 25%}\n", 50, 16, 15, true, 1.5 },
		{ "    rate: {share: 50%}\n", 10, 2, 10, false, 1.5 },
		/* Nothing that anybody publishes: it is taken for slow until it is
		   measured. */
		{ "", 5, 4, 15, false, 1.5 },
		{ "    rate: {share: 50%}\n", 30, 10, 15, false, 2 },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		print_message("%u actions%s at %u:%u%s\n", rows[i].actions,
		    rows[i].packages ? " with packages" : "", rows[i].burst,
		    rows[i].per_second, rows[i].share[0] != '\0' ? " shared" : "");
		begin(&rows[i]);
		write_project(&rows[i], "one");
		apply(rows[i].factor);
		write_project(&rows[i], "two");
		desk_wait(&desk, 60 * TN_SEC);
		apply(rows[i].factor);
		desk_done(&desk);
	}
}

/* Looks give way to creations that wait for the rate, but not for ever: whoever is not
 * built is seen before all the others are made for nothing. */
static void
a_failed_build_is_seen_while_others_wait(void **state TN_UNUSED)
{
	const struct row row = { "", 10, 2, 60, false, 0 };
	struct desk_run run;
	unsigned made;

	begin(&row);
	write_project(&row, "one");
	desk_fault(&desk,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"nth\":1,"
	    "\"do\":\"fail-build\"}");
	desk_run(&desk, TN_COMMAND_APPLY, &run);
	assert_int_equal(run.result->exit, TN_EXIT_PUT_BACK);
	made = (unsigned)tn_sim_calls(desk.sim, "POST", "/actions/actions");
	print_message("  %u made of 60\n", made);
	/* Ten at once, and two a second for as long as looks give way. */
	assert_true(made < 40);
	assert_int_equal(refused_for_the_rate(), 0);
	desk_end(&run);
	desk_done(&desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_foreseen_comes_about),
		cmocka_unit_test(a_failed_build_is_seen_while_others_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
