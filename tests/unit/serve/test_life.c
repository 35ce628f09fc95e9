/*
 * Lives of a daemon from seeds: days of virtual time with commits, drift, faults, kills,
 * changes of the clock and of the settings. What is promised is looked at all the time,
 * and in the end, when nothing is wrong any more, everything is as the last commit says.
 *
 *	dev    enforce, with a cap of corrections
 *	stage  apply
 *	prod   apply, after dev
 *	watch  report
 *
 * TENOND_SEEDS says how many lives there are, TENOND_SEED from which seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rand.h"
#include "base/text.h"
#include "farm.h"

#define MINUTE (60 * TN_SEC)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define SEEDS       40
#define SEEDS_LONG  1000
#define HAPPENINGS  40
#define CORRECTIONS 4
/* So no valid code looks. */
#define NONSENSE "; ; };)"

enum { DEV, STAGE, PROD, WATCH, SYNCS };
static const char *const names[SYNCS] = { "dev", "stage", "prod", "watch" };

/* What is known of a sync, as far as it was told. */
struct told {
	bool trouble;
	char *words;   /* of it */
	size_t commit; /* that it is about */
	int64_t corrected[256];
	size_t n_corrected;
};

struct life {
	struct farm farm;
	struct tn_rand rand;
	struct told told[SYNCS];
	bool down[SYNCS], suspended[SYNCS];
	uint64_t at_rest[SYNCS]; /* writes when it was suspended and had come to rest */
	bool good[FARM_COMMITS]; /* at dev, at some time */
	bool corrections_unsure; /* kept in vain, or counted by another clock */
	unsigned codes;          /* so far: each is another */
	const char *stage_mode;
	struct tn_str log;
	char *broken; /* the first promise that was */
};

static void breaks(struct life *life, const char *format, ...) TN_PRINTF(2, 3);

static void
breaks(struct life *life, const char *format, ...)
{
	struct tn_str text = TN_STR_INIT;
	va_list args;

	if (life->broken != NULL)
		return;
	va_start(args, format);
	tn_str_addv(&text, format, args);
	va_end(args);
	life->broken = tn_str_take(&text);
}

static size_t
index_of(const char *name)
{
	size_t i = 0;

	while (i < SYNCS && strcmp(names[i], name) != 0)
		i++;
	assert_true(i < SYNCS);
	return i;
}

/* --- What is promised ----------------------------------------------------------------
 */

static size_t
commit_index(const struct life *life, const char *id)
{
	for (size_t i = 0; id != NULL && i < life->farm.n_commits; i++)
		if (strcmp(life->farm.commits[i].id, id) == 0)
			return i;
	return FARM_COMMITS;
}

static void
note_good(struct life *life)
{
	size_t i = commit_index(life, farm_view(&life->farm, "dev").commit);

	if (i < FARM_COMMITS)
		life->good[i] = true;
}

static void
check_correction(struct life *life, struct told *told, int64_t now)
{
	size_t within = 0;

	assert_true(told->n_corrected < TN_ARRAY_LEN(told->corrected));
	told->corrected[told->n_corrected++] = now;
	for (size_t i = 0; i < told->n_corrected; i++)
		within += now - told->corrected[i] < DAY;
	if (within > CORRECTIONS && !life->corrections_unsure)
		breaks(life, "%zu corrections within a day", within);
}

static void
on_event(void *arg, const struct tn_serve_event *event)
{
	struct life *life = arg;
	size_t i = index_of(event->entry->name);
	struct told *told = &life->told[i];
	size_t commit = commit_index(life, event->commit);

	tn_str_addf(&life->log, "    %s %s: %s\n", tn_notice_name(event->notice),
	    names[i], event->summary);
	note_good(life);
	switch (event->notice) {
	case TN_NOTICE_TROUBLE:
		if (told->trouble && told->commit == commit &&
		    tn_text_equal(told->words, event->summary))
			breaks(life, "the trouble of %s is told twice", names[i]);
		told->trouble = true;
		tn_free(told->words);
		told->words = tn_strdup(event->summary);
		told->commit = commit;
		return;
	case TN_NOTICE_RECOVERED:
		if (!told->trouble)
			breaks(life, "%s recovers from nothing", names[i]);
		told->trouble = false;
		return;
	case TN_NOTICE_APPLIED:
		if (i == WATCH)
			breaks(life, "a sync that reports has applied");
		if (i == PROD && (commit == FARM_COMMITS || !life->good[commit]))
			breaks(life, "prod has applied what dev had not");
		return;
	case TN_NOTICE_CORRECTED:
		if (i != DEV)
			breaks(life, "%s has corrected", names[i]);
		check_correction(life, told, event->unix_ns);
		return;
	case TN_NOTICE_DRIFT:
	case TN_NOTICE__COUNT:
		return;
	}
}

static void
check(struct life *life)
{
	struct farm *farm = &life->farm;

	note_good(life);
	for (size_t i = 0; i < SYNCS; i++) {
		if (strstr(farm_runs(farm, names[i]), NONSENSE) != NULL)
			breaks(life, "%s runs code of an invalid commit", names[i]);
		if (life->suspended[i] && farm_writes(farm, names[i]) != life->at_rest[i])
			breaks(life, "%s was written to while it was suspended",
			    names[i]);
	}
	if (farm_writes(farm, "watch") != 0)
		breaks(life, "a sync that reports has written");
}

static void
pass(struct life *life, int64_t ns)
{
	for (; ns > 0 && life->broken == NULL; ns -= 20 * TN_SEC) {
		farm_wait(&life->farm, ns < 20 * TN_SEC ? ns : 20 * TN_SEC);
		check(life);
	}
}

/* --- What happens --------------------------------------------------------------------
 */

static void
start(struct life *life)
{
	TN_CLEANUP(tn_str_done) struct tn_str syncs = TN_STR_INIT;

	tn_str_addf(&syncs,
	    "  dev: {source: https://git.example/farm.git, revision: main, connection: dev, "
	    "mode: enforce, drift: 30m, corrections: %d}\n"
	    "  stage: {source: https://git.example/farm.git, revision: main, connection: "
	    "stage, mode: %s}\n"
	    "  prod: {source: https://git.example/farm.git, revision: main, connection: prod, "
	    "mode: apply, after: dev}\n"
	    "  watch: {source: https://git.example/farm.git, revision: main, connection: "
	    "watch}\n",
	    CORRECTIONS, life->stage_mode);
	if (life->farm.serve != NULL && tn_rand_below(&life->rand, 2) == 0) {
		farm_reload(&life->farm, tn_str_text(&syncs));
		return;
	}
	/* A new process knows nothing of what was told. */
	for (size_t i = 0; i < SYNCS; i++)
		life->told[i].trouble = false;
	farm_start(&life->farm, tn_str_text(&syncs));
}

static void
valid_commit(struct life *life)
{
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	tn_str_addf(&code, "exports.onExecutePostLogin = async () => %u;", ++life->codes);
	if (life->farm.n_commits < FARM_COMMITS - 1)
		farm_commit(&life->farm, tn_str_text(&code));
}

static void
invalid_commit(struct life *life)
{
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	tn_str_addf(&code, "exports.onExecutePostLogin = %u " NONSENSE, ++life->codes);
	if (life->farm.n_commits < FARM_COMMITS - 1)
		farm_commit(&life->farm, tn_str_text(&code));
}

static void
force_push(struct life *life)
{
	life->farm.head = tn_rand_below(&life->rand, life->farm.n_commits);
}

static void
git_server(struct life *life)
{
	life->farm.git_is_away = !life->farm.git_is_away;
}

static void
branch(struct life *life)
{
	life->farm.deleted = !life->farm.deleted;
}

static void
tenant_down(struct life *life)
{
	size_t i = tn_rand_below(&life->rand, SYNCS);

	life->down[i] = !life->down[i];
	farm_down(&life->farm, names[i], life->down[i]);
}

/* Faults hinder others as well. */
static void
drift(struct life *life)
{
	size_t i = tn_rand_below(&life->rand, SYNCS);
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	if (life->down[i] || farm_runs(&life->farm, names[i])[0] == '\0')
		return;
	tn_str_addf(&code, "exports.onExecutePostLogin = async () => 'theirs %u';",
	    ++life->codes);
	farm_try_meddle(&life->farm, names[i], tn_str_text(&code));
}

static void
killed(struct life *life)
{
	farm_end(&life->farm);
	start(life);
}

static void
other_mode(struct life *life)
{
	life->stage_mode = strcmp(life->stage_mode, "apply") == 0 ? "report" : "apply";
	start(life);
}

static void
disk(struct life *life)
{
	life->farm.disk_full = !life->farm.disk_full;
	life->corrections_unsure = true;
}

/* The tenants have the same clock: set back by an hour, what is deployed would not be
 * seen for an hour. */
static void
clock_set(struct life *life)
{
	static const int64_t jumps[] = { -MINUTE, MINUTE, HOUR, 2 * DAY };
	int64_t jump = jumps[tn_rand_below(&life->rand, TN_ARRAY_LEN(jumps))];

	tn_loop_set_unix(life->farm.loop, tn_loop_unix(life->farm.loop) + jump);
	life->corrections_unsure = true;
}

static void
suspend(struct life *life, size_t i, bool suspended)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	if (tn_serve_suspend(life->farm.serve, names[i], suspended, &err) < 0)
		breaks(life, "%s", err.message);
	life->suspended[i] = false;
	if (!suspended)
		return;
	/* What was under way has come to its end then. */
	pass(life, 30 * MINUTE);
	life->suspended[i] = true;
	life->at_rest[i] = farm_writes(&life->farm, names[i]);
}

static void
a_person(struct life *life)
{
	size_t i = tn_rand_below(&life->rand, SYNCS);

	if (life->farm.disk_full)
		return;
	suspend(life, i, !life->suspended[i]);
}

static void
webhook(struct life *life)
{
	tn_serve_wake_repository(life->farm.serve, "farm");
}

static const struct happening {
	const char *name;
	unsigned weight;
	void (*fn)(struct life *life);
} happenings[] = {
	{ "commit", 6, valid_commit },
	{ "invalid commit", 2, invalid_commit },
	{ "forced push", 1, force_push },
	{ "git server", 2, git_server },
	{ "branch", 1, branch },
	{ "tenant down or up", 3, tenant_down },
	{ "drift", 6, drift },
	{ "kill", 3, killed },
	{ "settings", 1, other_mode },
	{ "disk full or free", 1, disk },
	{ "clock", 2, clock_set },
	{ "suspend or resume", 2, a_person },
	{ "webhook", 2, webhook },
};
static uint64_t happened[TN_ARRAY_LEN(happenings)];

static void
something(struct life *life)
{
	unsigned all = 0, chosen;

	for (size_t i = 0; i < TN_ARRAY_LEN(happenings); i++)
		all += happenings[i].weight;
	chosen = (unsigned)tn_rand_below(&life->rand, all);
	for (size_t i = 0; i < TN_ARRAY_LEN(happenings); i++) {
		if (chosen < happenings[i].weight) {
			tn_str_addf(&life->log, "  %s\n", happenings[i].name);
			happened[i]++;
			happenings[i].fn(life);
			return;
		}
		chosen -= happenings[i].weight;
	}
}

/* --- A life --------------------------------------------------------------------------
 */

static void
heal(struct life *life)
{
	struct farm *farm = &life->farm;

	tn_str_add(&life->log, "  everything is well again\n");
	farm->git_is_away = farm->deleted = farm->disk_full = false;
	life->stage_mode = "apply";
	start(life);
	for (size_t i = 0; i < SYNCS; i++) {
		if (life->down[i])
			farm_down(farm, names[i], false);
		life->down[i] = false;
		suspend(life, i, false);
	}
	valid_commit(life);
	/* Trouble is looked at again within an hour and a quarter, and corrections are
	 * made again after a day. */
	pass(life, 26 * HOUR);
}

static void
check_end(struct life *life)
{
	struct farm *farm = &life->farm;

	for (size_t i = DEV; i <= PROD; i++) {
		struct tn_sync_view view = farm_view(farm, names[i]);

		if (strcmp(farm_runs(farm, names[i]), farm->commits[farm->head].code) !=
		    0)
			breaks(life, "%s does not run the last commit: %s", names[i],
			    view.summary);
		else if (view.outcome != TN_SYNC_EQUAL)
			breaks(life, "%s is %s: %s", names[i],
			    tn_sync_outcome_name(view.outcome), view.summary);
	}
	if (farm_view(farm, "watch").outcome != TN_SYNC_DRIFTED)
		breaks(life, "watch is %s",
		    tn_sync_outcome_name(farm_view(farm, "watch").outcome));
}

static void
live(uint64_t seed)
{
	struct life life = { .stage_mode = "apply" };

	farm_init(&life.farm);
	tn_rand_init(&life.rand, seed);
	life.farm.listener = on_event;
	life.farm.listener_arg = &life;
	for (size_t i = 0; i < SYNCS; i++)
		farm_tenant(&life.farm, names[i]);
	valid_commit(&life);
	start(&life);
	for (unsigned i = 0; i < HAPPENINGS && life.broken == NULL; i++) {
		pass(&life, (int64_t)tn_rand_below(&life.rand, 3 * HOUR));
		something(&life);
	}
	heal(&life);
	check_end(&life);
	if (life.broken != NULL)
		fprintf(stderr, "seed %llu:\n%s", (unsigned long long)seed,
		    tn_str_text(&life.log));
	if (life.broken != NULL)
		fail_msg("seed %llu: %s", (unsigned long long)seed, life.broken);
	for (size_t i = 0; i < SYNCS; i++)
		tn_free(life.told[i].words);
	tn_str_done(&life.log);
	farm_done(&life.farm);
}

static uint64_t
number(const char *variable, uint64_t usual)
{
	const char *value = getenv(variable);
	int64_t number;

	return value != NULL && tn_text_number(value, &number) ? (uint64_t)number : usual;
}

static void
promises_hold_in_every_life(void **state TN_UNUSED)
{
	const char *is_long = getenv("TN_LONG");
	uint64_t first = number("TENOND_SEED", 1);
	uint64_t n = number("TENOND_SEEDS",
	    is_long != NULL && *is_long == '1' ? SEEDS_LONG : SEEDS);

	for (uint64_t seed = first; seed < first + n; seed++)
		live(seed);
	printf("# %llu lives", (unsigned long long)n);
	for (size_t i = 0; i < TN_ARRAY_LEN(happenings); i++) {
		printf(", %s %llu", happenings[i].name, (unsigned long long)happened[i]);
		assert_true(happened[i] > 0 || n < 10);
	}
	printf("\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(promises_hold_in_every_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
