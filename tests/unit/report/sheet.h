/*
 * Results of runs, made by hand: what tn_report_… is given. Everything lives in the
 * sheet.
 */
#ifndef TESTS_UNIT_REPORT_SHEET_H
#define TESTS_UNIT_REPORT_SHEET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/value.h"
#include "report/report.h"

#define SHEET_MOST 12

struct sheet {
	struct tn_arena *arena;
	struct tn_run_result result;
	struct tn_diags *diags;
	struct tn_diff diff;
	struct tn_change changes[SHEET_MOST];
	struct tn_flow_change flows[SHEET_MOST];
	const struct tn_live_action *gone[SHEET_MOST], *strangers[SHEET_MOST];
	struct tn_plan *plan;
	struct tn_apply_report applied;
	struct tn_step_report steps[SHEET_MOST];
	struct tn_error error, stuck;
	struct tn_str text, json;
	bool colour, plan_shown;
};

void sheet_init(struct sheet *sheet, enum tn_command command);
void sheet_done(struct sheet *sheet);

/* One more change; live NULL: there is none. Both codes end with a newline. */
struct tn_change *sheet_change(struct sheet *sheet, enum tn_change_kind kind,
    const char *name, const char *want, const char *live);
/* One more secret of a change. */
void sheet_secret(struct sheet *sheet, struct tn_change *change,
    enum tn_secret_change_kind kind, const char *name);
/* A flow, from names to names, separated by spaces. */
struct tn_flow_change *sheet_flow(struct sheet *sheet, const char *before,
    const char *after);
/* Makes the plan out of the changes. */
void sheet_plan(struct sheet *sheet);
/* An apply of the plan that came out so; every step is in that state. */
void sheet_apply(struct sheet *sheet, enum tn_apply_outcome outcome,
    enum tn_step_state state);
/* What ended the run. */
void sheet_fail(struct sheet *sheet, enum tn_exit status, enum tn_error_kind kind,
    const char *message, const char *hint);

/* What is printed; the JSON is parsed and must fit its schema. */
const char *sheet_text(struct sheet *sheet);
const struct tn_value *sheet_json(struct sheet *sheet);

void text_is(struct sheet *sheet, const char *text);
void text_has(struct sheet *sheet, const char *words);

#endif
