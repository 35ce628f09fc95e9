#include "trouble.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
	const char *name;
	const char *head; /* of its column */
	const char *fault;
	bool refuses;
} kinds[TROUBLE__COUNT] = {
	[TROUBLE_RATE] = { "429", "429", "\"do\":\"status\",\"status\":429", false },
	[TROUBLE_500_BEFORE] = { "500 before the effect", "500-",
	    "\"do\":\"status\",\"status\":500,\"when\":\"before\"", false },
	[TROUBLE_500_AFTER] = { "500 after the effect", "500+",
	    "\"do\":\"status\",\"status\":500,\"when\":\"after\"", false },
	[TROUBLE_503] = { "503", "503",
	    "\"do\":\"status\",\"status\":503,\"when\":\"before\"", false },
	[TROUBLE_DROP_BEFORE] = { "a connection lost before the effect", "drop-",
	    "\"do\":\"drop\",\"when\":\"before\"", false },
	[TROUBLE_DROP_AFTER] = { "a connection lost after the effect", "drop+",
	    "\"do\":\"drop\",\"when\":\"after\"", false },
	[TROUBLE_CUT] = { "an answer that is cut off", "cut",
	    "\"do\":\"cut\",\"when\":\"after\"", false },
	[TROUBLE_SLOW] = { "a slow answer", "slow", "\"do\":\"delay\",\"ms\":4000",
	    false },
	[TROUBLE_TIMEOUT] = { "a time-out", "time", "\"do\":\"delay\",\"ms\":30000",
	    false },
	[TROUBLE_LAG] = { "a view of the past", "lag", "\"do\":\"lag\",\"ms\":3000",
	    false },
	[TROUBLE_REFUSED] = { "a refusal", "400", "\"do\":\"status\",\"status\":400",
	    true },
	[TROUBLE_FAIL_BUILD] = { "a build that fails", "build", "\"do\":\"fail-build\"",
	    true },
	[TROUBLE_LOST_RIGHT] = { "a right that is lost", "403", NULL, true },
	[TROUBLE_EDIT] = { "somebody else's edit", "edit", NULL, true },
	[TROUBLE_KILL_BEFORE] = { "a kill before the call", "kill-", NULL, false },
	[TROUBLE_KILL_AFTER] = { "a kill after the call", "kill+", NULL, false },
	[TROUBLE_KILL_RECORD] = { "a kill after a record", "killr", NULL, false },
	[TROUBLE_STOP] = { "a person who stops it", "stop", NULL, false },
	[TROUBLE_KILL_SYNC] = { "a kill at a record", "killn", NULL, false },
	[TROUBLE_KILL_STEP] = { "a kill at a callback", "kills", NULL, false },
	[TROUBLE_STOP_STEP] = { "a stop at a callback", "stops", NULL, false },
	[TROUBLE_POWER] = { "a power cut", "power", NULL, false },
	[TROUBLE_FAIL_WRITE] = { "a write that fails", "write", NULL, false },
	[TROUBLE_FAIL_SYNC] = { "a sync that fails", "sync", NULL, false },
};

const char *
trouble_name(enum trouble_kind kind)
{
	return kinds[kind].name;
}

bool
trouble_of_call(enum trouble_kind kind)
{
	return kind != TROUBLE_NONE && kind < TROUBLE_KILL_SYNC;
}

bool
trouble_of_disk(enum trouble_kind kind)
{
	return kind == TROUBLE_FAIL_WRITE || kind == TROUBLE_FAIL_SYNC;
}

bool
trouble_refuses(enum trouble_kind kind)
{
	return kinds[kind].refuses;
}

const char *
trouble_fault(enum trouble_kind kind)
{
	return kinds[kind].fault;
}

const char *
trouble_row_name(enum trouble_row row)
{
	switch ((unsigned)row) {
	case ROW_READ:
		return "read";
	case ROW_UNDO:
		return "undo";
	case ROW_MEND:
		return "mend";
	case ROW_TOKEN:
	case ROW_ANY:
	case ROW__COUNT:
		return "other";
	default:
		return tn_step_kind_name((enum tn_step_kind)row);
	}
}

/* --- what a call is for ------------------------------------------------------------ */

static bool
has(const struct tn_sim_request *req, const char *needle)
{
	return req->body.len > 0 &&
	    memmem(req->body.ptr, req->body.len, needle, strlen(needle)) != NULL;
}

static enum trouble_row
of_module(const struct tn_sim_request *req)
{
	if (strcmp(req->method, "DELETE") == 0)
		return (enum trouble_row)TN_STEP_MODULE_DELETE;
	if (strcmp(req->method, "PATCH") == 0)
		return (enum trouble_row)TN_STEP_MODULE_UPDATE;
	return (enum trouble_row)(tn_text_ends(req->path, "/modules")
		? TN_STEP_MODULE_CREATE
		: TN_STEP_MODULE_PUBLISH);
}

static enum trouble_row
of_action(const struct tn_sim_request *req)
{
	if (strcmp(req->method, "DELETE") == 0)
		return (enum trouble_row)TN_STEP_DELETE;
	/* A new draft has code; a new name comes alone. */
	if (strcmp(req->method, "PATCH") == 0)
		return (enum trouble_row)(
		    has(req, "\"code\"") ? TN_STEP_UPDATE : TN_STEP_RENAME);
	if (tn_text_ends(req->path, "/test"))
		return (enum trouble_row)TN_STEP_TEST;
	if (!tn_text_ends(req->path, "/deploy"))
		return (enum trouble_row)TN_STEP_CREATE;
	return (enum trouble_row)(
	    strstr(req->path, "/versions/") != NULL ? TN_STEP_ROLLBACK : TN_STEP_DEPLOY);
}

enum trouble_row
trouble_row_of(const struct tn_sim_request *req)
{
	if (strcmp(req->path, "/oauth/token") == 0)
		return ROW_TOKEN;
	if (strcmp(req->method, "GET") == 0)
		return ROW_READ;
	if (strstr(req->path, "/bindings") != NULL)
		return (enum trouble_row)TN_STEP_BIND;
	return strstr(req->path, "/modules") != NULL ? of_module(req) : of_action(req);
}

/* --- the table --------------------------------------------------------------------- */

void
trouble_note(struct trouble_table *table, enum trouble_row row, enum trouble_kind kind)
{
	if (row < ROW__COUNT)
		table->met[row][kind]++;
}

static bool
builds(enum trouble_row row)
{
	return row == (enum trouble_row)TN_STEP_RENAME ||
	    row == (enum trouble_row)TN_STEP_CREATE ||
	    row == (enum trouble_row)TN_STEP_UPDATE || row == ROW_UNDO || row == ROW_MEND;
}

const char *
trouble_impossible(enum trouble_row row, enum trouble_kind kind)
{
	bool deploys = row == (enum trouble_row)TN_STEP_DEPLOY ||
	    row == (enum trouble_row)TN_STEP_ROLLBACK;

	if (!trouble_of_call(kind))
		return "is no trouble of a call";
	if (kind == TROUBLE_FAIL_BUILD && !builds(row))
		return "starts no build";
	if (kind == TROUBLE_LAG && row != ROW_READ && !builds(row) && !deploys)
		return "shows nothing, and takes no time";
	return NULL;
}

void
trouble_pair(uint64_t i, enum trouble_row *row, enum trouble_kind *kind)
{
	/* Rows one after the other, so that neighbours differ in what they need. */
	for (uint64_t at = 0;; at++) {
		*row = (enum trouble_row)(at % ROW__COUNT);
		*kind = (enum trouble_kind)(at / ROW__COUNT % TROUBLE__COUNT);
		if (trouble_impossible(*row, *kind) == NULL && i-- == 0)
			return;
	}
}

static void
print_head(void)
{
	printf("# %-15s", "");
	for (unsigned k = 0; k < TROUBLE__COUNT; k++)
		if (trouble_impossible(ROW_READ, (enum trouble_kind)k) == NULL ||
		    k == TROUBLE_FAIL_BUILD)
			printf("%7s", kinds[k].head);
	printf("\n");
}

/* An empty cell is marked; one that is impossible is a dash. */
static unsigned
print_row(const struct trouble_table *table, enum trouble_row row)
{
	unsigned empty = 0;

	printf("# %-15s", trouble_row_name(row));
	for (unsigned k = 0; k < TROUBLE__COUNT; k++) {
		enum trouble_kind kind = (enum trouble_kind)k;
		uint64_t met = table->met[row][k];

		if (trouble_impossible(ROW_READ, kind) != NULL &&
		    kind != TROUBLE_FAIL_BUILD)
			continue;
		if (trouble_impossible(row, kind) != NULL) {
			printf("%7s", "-");
			continue;
		}
		printf("%6llu%s", (unsigned long long)met, met == 0 ? "!" : " ");
		empty += met == 0;
	}
	printf("\n");
	return empty;
}

static void
print_impossible(enum trouble_kind kind)
{
	const char *why = NULL;

	printf("# impossible, %s:", kinds[kind].name);
	for (unsigned row = 0; row < ROW__COUNT; row++) {
		if (trouble_impossible((enum trouble_row)row, kind) == NULL)
			continue;
		why = trouble_impossible((enum trouble_row)row, kind);
		printf(" %s", trouble_row_name((enum trouble_row)row));
	}
	printf(" (such a call %s)\n", why);
}

unsigned
trouble_print(const struct trouble_table *table)
{
	unsigned empty = 0;

	print_head();
	for (unsigned row = 0; row < ROW__COUNT; row++)
		empty += print_row(table, (enum trouble_row)row);
	print_impossible(TROUBLE_LAG);
	print_impossible(TROUBLE_FAIL_BUILD);
	return empty;
}
