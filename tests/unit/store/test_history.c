/* What the state keeps of runs: their objects, which are asked for, and which go. */
#include "world.h"

#include <stdio.h>

#include "base/value.h"

static struct tn_arena *arena;
static struct tn_history *history;

static int
setup(void **state)
{
	arena = tn_arena_new();
	return world_up(state);
}

static int
teardown(void **state)
{
	tn_history_free(history);
	history = NULL;
	tn_arena_free(arena);
	return world_down(state);
}

static const struct tn_value *
document(const char *code)
{
	struct tn_value *out = tn_value_object(arena), *content = tn_value_object(arena);

	tn_value_set_text(arena, content, "code", code);
	tn_value_set_text(arena, content, "runtime", "node22");
	tn_value_set_text(arena, out, "name", "greet");
	tn_value_set(arena, out, "content", content);
	return out;
}

static struct tn_past_object
changed(const char *before, const char *after, int64_t version)
{
	return (struct tn_past_object){
		.kind = "action",
		.name = "greet",
		.id = "id-1",
		.what = before == NULL ? "create" : "update",
		.state = "done",
		.before = before == NULL ? NULL : document(before),
		.after = document(after),
		.version_before = version - 1,
		.version_after = version,
		.version_after_id = "v",
	};
}

/* A whole run of one object. */
static void
run(struct tn_store *store, const char *id, const struct tn_run_facts *facts,
    struct tn_past_object object)
{
	const struct tn_settlement settlement = { .objects = &object,
		.n_objects = 1,
		.applied = true };

	tn_store_introduce(store, facts);
	fine(append_one(store, id, 0, "begin", "{\"a\": \"plan\"}"));
	fine(end(store, id, "applied", &settlement));
}

static void
take_history(void *arg, struct tn_history *found, const struct tn_error *err)
{
	history = found;
	note_answer(arg, err);
}

static struct answer
ask(struct tn_store *store, struct tn_history_query query)
{
	struct waiting waiting = { .told = 0 };

	tn_history_free(history);
	history = NULL;
	tn_store_history(store, &query, take_history, &waiting);
	wait_for(&waiting);
	return waiting.answer;
}

/* The ids of the runs, the latest first. */
static void
runs_are(struct tn_store *store, struct tn_history_query query, const char *text)
{
	char ids[200] = "";

	fine(ask(store, query));
	for (size_t i = 0; i < history->n_runs; i++)
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s",
		    i > 0 ? " " : "", history->runs[i].run_id);
	assert_string_equal(ids, text);
}

static const char *
code_of(const struct tn_value *document)
{
	return tn_value_get_text(tn_value_get(document, "content"), "code");
}

static void
a_run_is_kept_with_what_it_did(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .command = "rollback",
		.who = "alice@build7",
		.source = "repo@v1",
		.commit = "abcd",
		.dirty = true,
		.digest = "d1",
		.target = "run x" };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_past_object *object;

	run(store, "r1", &facts, changed("one", "two", 2));
	fine(ask(store, (struct tn_history_query){ .contents = true }));
	assert_int_equal(history->n_runs, 1);
	assert_false(history->more);
	assert_string_equal(history->runs[0].outcome, "applied");
	assert_string_equal(history->runs[0].tenant, "prod");
	assert_string_equal(history->runs[0].facts.command, "rollback");
	assert_string_equal(history->runs[0].facts.who, "alice@build7");
	assert_string_equal(history->runs[0].facts.source, "repo@v1");
	assert_string_equal(history->runs[0].facts.commit, "abcd");
	assert_true(history->runs[0].facts.dirty);
	assert_string_equal(history->runs[0].facts.digest, "d1");
	assert_string_equal(history->runs[0].facts.target, "run x");
	assert_int_equal(history->runs[0].n_objects, 1);
	object = &history->runs[0].objects[0];
	assert_string_equal(object->kind, "action");
	assert_string_equal(object->what, "update");
	assert_string_equal(object->state, "done");
	assert_string_equal(code_of(object->before), "one");
	assert_string_equal(code_of(object->after), "two");
	assert_true(tn_value_equal(object->after, document("two")));
	assert_null(object->draft);
	assert_int_equal(object->version_after, 2);
	/* What is not asked for is not read. */
	fine(ask(store, (struct tn_history_query){ .run_id = "r1" }));
	assert_null(history->runs[0].objects[0].after);
	assert_non_null(history->runs[0].objects[0].after_digest);
	assert_null(history->runs[0].objects[0].draft_digest);
}

static void
what_a_run_left_as_it_was_is_told_when_asked_for(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_run_facts facts = { .command = "apply" };
	struct tn_past_object object = changed("1", "1", 0);

	fine(load(store, true));
	object.what = TN_PAST_KEPT;
	object.version_after_id = NULL;
	run(store, "r1", &facts, object);
	runs_are(store, (struct tn_history_query){ .object_name = "greet" }, "");
	runs_are(store, (struct tn_history_query){ .contents = true }, "r1");
	assert_int_equal(history->runs[0].n_objects, 0);
	runs_are(store, (struct tn_history_query){ .kept = true, .contents = true },
	    "r1");
	assert_int_equal(history->runs[0].n_objects, 1);
	assert_string_equal(code_of(history->runs[0].objects[0].after), "1");
}

static void
equal_contents_and_codes_are_there_once(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .command = "apply" };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	struct tn_sqlite *db;

	run(store, "r1", &facts, changed(NULL, "one", 1));
	run(store, "r2", &facts, changed("one", "two", 2));
	run(store, "r3", &facts, changed("two", "one", 3));
	db = database("state.db", disk);
	rows_are(db, "SELECT count(*), (SELECT count(*) FROM code) FROM content", 2,
	    "2,2");
	tn_sqlite_close(db);
}

static void
runs_are_found_by_what_is_asked(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_run_facts first = { .commit = "aaaa1" },
				  second = { .commit = "bbbb2" };

	run(store, "2026-a", &first, changed(NULL, "one", 1));
	run(store, "2026-b", &second, changed("one", "two", 2));
	run(store, "2027-c", &first, changed("two", "three", 3));
	runs_are(store, (struct tn_history_query){ 0 }, "2027-c 2026-b 2026-a");
	runs_are(store, (struct tn_history_query){ .run_id = "2026" }, "2026-b 2026-a");
	runs_are(store, (struct tn_history_query){ .commit = "aaaa" }, "2027-c 2026-a");
	runs_are(store, (struct tn_history_query){ .after_run = "2026-a" },
	    "2027-c 2026-b");
	runs_are(store, (struct tn_history_query){ .outcome = "put-back" }, "");
	runs_are(store, (struct tn_history_query){ .object_id = "id-1", .version = 2 },
	    "2027-c 2026-b");
	runs_are(store, (struct tn_history_query){ .object_id = "id-2" }, "");
	/* No pattern: what stands there is what is looked for. */
	runs_are(store, (struct tn_history_query){ .run_id = "%" }, "");
	runs_are(store, (struct tn_history_query){ .limit = 1 }, "2027-c");
	assert_true(history->more);
	fine(ask(store,
	    (struct tn_history_query){ .object_id = "id-1",
		.version = 2,
		.contents = true,
		.limit = 1 }));
	assert_string_equal(code_of(tn_history_version(history, "id-1", 2)), "two");
	assert_null(tn_history_version(history, "id-1", 9));
	assert_null(tn_history_version(history, "id-2", 2));
}

static void
a_project_sees_its_own_runs_unless_it_asks_for_all(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .command = "apply" };
	struct tn_store *store = locked(&shop);

	run(store, "r1", &facts, changed(NULL, "one", 1));
	tn_store_free(store);
	store = locked(&crm);
	run(store, "r2", &facts, changed(NULL, "two", 1));
	runs_are(store, (struct tn_history_query){ 0 }, "r2");
	runs_are(store, (struct tn_history_query){ .all_projects = true }, "r2 r1");
	tn_store_free(store);
	store = locked(&other_tenant);
	runs_are(store, (struct tn_history_query){ .all_projects = true }, "");
	tn_store_free(store);
}

/* --- What comes true --- */

static void
a_hold_comes_with_the_run_that_ends_well(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .commit = "good", .hold = "bad" };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	const struct tn_settlement put_back = { .applied = false };

	tn_store_introduce(store, &facts);
	fine(append_one(store, "r1", 0, "begin", "{}"));
	fine(end(store, "r1", "put-back", &put_back));
	fine(load(store, true));
	assert_null(store->applied);
	assert_int_equal(store->n_holds, 0);
	run(store, "r2", &facts, changed(NULL, "one", 1));
	fine(load(store, true));
	assert_string_equal(store->applied->commit, "good");
	assert_string_equal(store->applied->run_id, "r2");
	assert_string_equal(tn_store_held(store, "bad")->run_id, "r2");
	assert_null(tn_store_held(store, "good"));
}

/* Another process ends what a killed one began: it knows nothing of its facts. */
static void
facts_outlive_who_began_the_run(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .commit = "good", .hold = "bad" };
	const struct tn_run_facts others = { .commit = "newer" };
	const struct tn_settlement applied = { .applied = true };
	struct tn_store *store = locked(&shop);

	tn_store_introduce(store, &facts);
	fine(append_one(store, "r1", 0, "begin", "{}"));
	tn_store_free(store);
	store = locked(&shop);
	tn_store_introduce(store, &others);
	fine(end(store, "r1", "applied", &applied));
	fine(load(store, true));
	assert_string_equal(store->applied->commit, "good");
	assert_non_null(tn_store_held(store, "bad"));
	tn_store_free(store);
}

static void
note(struct tn_store *store, const char *run, const struct tn_run_facts *facts)
{
	struct waiting waiting = { .told = 0 };

	tn_store_introduce(store, facts);
	tn_store_note_applied(store, run, note_answer, &waiting);
	wait_for(&waiting);
	fine(waiting.answer);
	fine(load(store, true));
}

static void
what_needed_no_run_comes_true_as_well(void **state TN_UNUSED)
{
	const struct tn_run_facts first = { .commit = "one" },
				  back = { .commit = "one", .hold = "two" },
				  lift = { .commit = "two", .lift = "two" };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);

	note(store, "r1", &first);
	assert_string_equal(store->applied->commit, "one");
	note(store, "r2", &back);
	/* It is the first one that came to it. */
	assert_string_equal(store->applied->run_id, "r1");
	assert_string_equal(tn_store_held(store, "two")->run_id, "r2");
	note(store, "r3", &lift);
	assert_null(tn_store_held(store, "two"));
	assert_string_equal(store->applied->commit, "two");
	runs_are(store, (struct tn_history_query){ 0 }, "");
}

/* --- What goes --- */

static void
old_runs_go_with_what_they_alone_have(void **state TN_UNUSED)
{
	const struct tn_run_facts facts = { .command = "apply" };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = locked(&shop);
	struct tn_sqlite *db;
	char id[16], before[16], after[16];

	for (unsigned i = 1; i <= TN_HISTORY_KEEP_RUNS + 3; i++) {
		snprintf(id, sizeof(id), "r%03u", i);
		snprintf(before, sizeof(before), "%u", i - 1);
		snprintf(after, sizeof(after), "%u", i);
		run(store, id, &facts, changed(i == 1 ? NULL : before, after, i));
	}
	fine(ask(store, (struct tn_history_query){ 0 }));
	/* None is old yet. */
	assert_int_equal(history->n_runs, TN_HISTORY_KEEP_RUNS + 3);
	db = database("state.db", disk);
	sql(db, "UPDATE run SET ended = ended - 91 * 86400000000000");
	run(store, "last", &facts, changed("x", "y", 2));
	fine(ask(store, (struct tn_history_query){ 0 }));
	assert_int_equal(history->n_runs, TN_HISTORY_KEEP_RUNS);
	assert_string_equal(history->runs[TN_HISTORY_KEEP_RUNS - 1].run_id, "r005");
	/* 4 was found by r005, which is there. */
	rows_are(db, "SELECT min(CAST(text AS INTEGER)) FROM code WHERE text < 'a'", 1,
	    "4");
	rows_are(db,
	    "SELECT count(*) FROM journal WHERE run NOT IN"
	    " (SELECT id FROM run WHERE pruned IS NULL)",
	    1, "0");
	tn_sqlite_close(db);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_run_is_kept_with_what_it_did),
		T(what_a_run_left_as_it_was_is_told_when_asked_for),
		T(equal_contents_and_codes_are_there_once),
		T(runs_are_found_by_what_is_asked),
		T(a_project_sees_its_own_runs_unless_it_asks_for_all),
		T(a_hold_comes_with_the_run_that_ends_well),
		T(facts_outlive_who_began_the_run),
		T(what_needed_no_run_comes_true_as_well),
		T(old_runs_go_with_what_they_alone_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
