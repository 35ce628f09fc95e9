/*
 * Replays recorded traffic of the real API through the simulator, and then recordings
 * with one thing changed each, which have to be found. Prints TAP.
 *
 *   replay [FILE.jsonl...]
 *
 * Without files: all of tests/recordings/auth0, and the changed ones.
 */
#include "recordings/play.h"

#include "base/file.h"
#include "base/mem.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER   "tests/recordings/auth0"
#define MAX_FILE ((size_t)8 << 20)

static unsigned tests, failures;

static void
report(bool good, const char *name, const char *why)
{
	tests++;
	failures += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", tests, name);
	if (why != NULL)
		printf("# %s\n", why);
}

/* --- recordings as they are --- */

static bool
load(const char *path, struct tn_str *text)
{
	struct tn_error err = TN_ERROR_INIT;
	bool good = tn_file_read(path, MAX_FILE, text, &err) == 0;

	if (!good)
		report(false, path, err.message);
	tn_error_done(&err);
	return good;
}

/* True when all pairs are equal; otherwise *why_out, on the heap, says what differs. */
static bool
replay_text(struct tn_span text, struct play_result *result, char **why_out)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_str why = TN_STR_INIT;
	struct recording recording;

	*result = (struct play_result){ .failed = true };
	if (recording_parse(text, &recording, &err) < 0) {
		tn_str_add(&why, err.message);
	} else if (recording.count == 0) {
		tn_str_add(&why, "nothing is recorded here");
	} else {
		play(&recording, result);
		if (result->failed)
			tn_str_addf(&why, "pair %zu, %s %s: %s", result->pair,
			    recording.pairs[result->pair].method,
			    recording.pairs[result->pair].path, result->what);
	}
	tn_free(result->what);
	result->what = NULL;
	recording_done(&recording);
	tn_error_done(&err);
	*why_out = tn_str_take(&why);
	return !result->failed;
}

static void
replay_file(const char *path)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	struct tn_str name = TN_STR_INIT;
	struct play_result result;
	char *why;
	bool good;

	if (!load(path, &text))
		return;
	good = replay_text(tn_str_span(&text), &result, &why);
	tn_str_addf(&name, "%s: %zu pairs as recorded", path, result.compared);
	if (result.partly > 0)
		tn_str_addf(&name, ", %zu of them in part", result.partly);
	report(good, tn_str_text(&name), good ? NULL : why);
	tn_str_done(&name);
	tn_free(why);
}

static int
is_recording(const struct dirent *entry)
{
	return tn_text_ends(entry->d_name, ".jsonl");
}

static void
replay_folder(void)
{
	struct dirent **entries = NULL;
	int n = scandir(FOLDER, &entries, is_recording, alphasort);

	if (n <= 0)
		report(false, "recordings are found in " FOLDER, NULL);
	for (int i = 0; i < n; i++) {
		struct tn_str path = TN_STR_INIT;

		tn_str_addf(&path, FOLDER "/%s", entries[i]->d_name);
		replay_file(tn_str_text(&path));
		tn_str_done(&path);
		free(entries[i]);
	}
	free(entries);
}

/* --- recordings with one thing changed --- */

struct change {
	const char *what;
	const char *file;
	size_t line; /* from 0 */
	const char *from, *to;
};

static const struct change changes[] = {
	{ "another status", "go-auth0-TestActionManager_Create.jsonl", 0,
	    "\"status\":201", "\"status\":200" },
	{ "a key that is missing in the answer",
	    "go-auth0-TestActionManager_Deploy.jsonl", 3,
	    ",\"all_changes_deployed\":false", "" },
	{ "a key that is too many", "go-auth0-TestActionManager_Deploy.jsonl", 4,
	    "\"deployed\":false,", "\"deployed\":false,\"undeployed\":true," },
	{ "a number that is text", "go-auth0-TestActionManager_Deploy.jsonl", 4,
	    "\"number\":1", "\"number\":\"1\"" },
	{ "a flag that is null", "go-auth0-TestActionManager_Read.jsonl", 1,
	    "\"all_changes_deployed\":false", "\"all_changes_deployed\":null" },
	{ "keys in another order", "go-auth0-TestActionManager_Deploy.jsonl", 4,
	    "\"deployed\":false,\"number\":1", "\"number\":1,\"deployed\":false" },
	{ "another value", "go-auth0-TestActionManager_Deploy.jsonl", 3,
	    "\"runtime\":\"node16\"", "\"runtime\":\"node18\"" },
	{ "a state that does not come", "go-auth0-TestActionManager_Read.jsonl", 1,
	    "\"status\":\"building\"", "\"status\":\"retrying\"" },
	{ "an id that is another's", "go-auth0-TestActionManager_Read.jsonl", 1,
	    "\"response_body\":{\"id\":\"b6099674-",
	    "\"response_body\":{\"id\":\"b6099675-" },
	{ "a time that is another", "go-auth0-TestActionManager_Update.jsonl", 1,
	    "\"created_at\":\"2023-01-25T17:41:52.321704976Z\"",
	    "\"created_at\":\"2023-01-25T17:41:52.545631044Z\"" },
	{ "times in another order", "go-auth0-TestActionManager_Create.jsonl", 0,
	    "\"created_at\":\"2023-", "\"created_at\":\"2024-" },
	{ "an item that is missing", "go-auth0-TestActionManager_Update.jsonl", 1,
	    "\"status\":\"pending\",\"secrets\":[{\"name\":\"mySecretName\",\"updated_at\":"
	    "\"2023-01-25T17:41:52.545631044Z\"}]",
	    "\"status\":\"pending\",\"secrets\":[]" },
	{ "another content type", "go-auth0-TestActionManager_Create.jsonl", 1,
	    "application/json; charset=utf-8", "application/json" },
	{ "a body where there was none", "go-auth0-TestActionManager_Create.jsonl", 1,
	    "\"response_body\":null", "\"response_body\":{}" },
	{ "a total that was left out", "terraform-TestAccTriggerActions.jsonl", 12,
	    "\"bindings\":[],", "\"bindings\":[],\"total\":1," },
	{ "a trigger that is missing", "go-auth0-TestActionManager_Triggers.jsonl", 0,
	    "{\"id\":\"post-login\",\"version\":\"v2\",\"status\"",
	    "{\"id\":\"post-login\",\"version\":\"v9\",\"status\"" },
	{ "a trigger with another status", "go-auth0-TestActionManager_Triggers.jsonl", 0,
	    "\"version\":\"v3\",\"status\":\"CURRENT\"",
	    "\"version\":\"v3\",\"status\":\"DEPRECATED\"" },
	{ "a trigger with keys in another order",
	    "go-auth0-TestActionManager_Triggers.jsonl", 0,
	    "{\"id\":\"post-login\",\"version\":\"v3\",",
	    "{\"version\":\"v3\",\"id\":\"post-login\"," },
	{ "a module's time that is no longer stale",
	    "terraform-TestAccActionModule.jsonl", 4,
	    "\"updated_at\":\"2026-02-16T16:36:00.438971Z\"",
	    "\"updated_at\":\"2026-02-16T16:36:04.476390Z\"" },
	{ "a total of a page past the end",
	    "terraform-TestAccActionModuleMultipleVersions.jsonl", 4, "\"total\":0",
	    "\"total\":1" },
	{ "an action that is not listed with its module",
	    "terraform-TestAccActionModuleActionsDataSource.jsonl", 10,
	    "\"module_version_number\":1", "\"module_version_number\":2" },
	{ "a request that binds in another order",
	    "terraform-TestAccTriggerActions.jsonl", 21,
	    "\"value\":\"f1312ec8-765e-4409-8046-30c9e2a85320\"}},{\"display_name\":\"Test "
	    "Trigger Binding Bar TestAccTriggerActions\",\"ref\":{\"type\":\"action_id\","
	    "\"value\":\"5f357212-ac1e-4fc1-8b67-052248aaa40d\"}}",
	    "\"value\":\"5f357212-ac1e-4fc1-8b67-052248aaa40d\"}},{\"display_name\":\"Test "
	    "Trigger Binding Bar TestAccTriggerActions\",\"ref\":{\"type\":\"action_id\","
	    "\"value\":\"f1312ec8-765e-4409-8046-30c9e2a85320\"}}" },
};

/* The file with the change made once, in that line; false when there is nothing to
 * change. */
static bool
make_change(const struct change *change, struct tn_span text, struct tn_str *out)
{
	const char *line = text.ptr, *end = text.ptr + text.len, *stop, *at;

	for (size_t i = 0; i < change->line && line != NULL; i++) {
		line = memchr(line, '\n', (size_t)(end - line));
		line = line == NULL ? NULL : line + 1;
	}
	if (line == NULL)
		return false;
	stop = memchr(line, '\n', (size_t)(end - line));
	if (stop == NULL)
		stop = end;
	at = memmem(line, (size_t)(stop - line), change->from, strlen(change->from));
	if (at == NULL)
		return false;
	tn_str_add_bytes(out, text.ptr, (size_t)(at - text.ptr));
	tn_str_add(out, change->to);
	at += strlen(change->from);
	tn_str_add_bytes(out, at, (size_t)(end - at));
	return true;
}

static void
find_change(const struct change *change)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str changed = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	struct play_result result;
	char *why;

	tn_str_addf(&path, FOLDER "/%s", change->file);
	tn_str_addf(&name, "the replay finds %s", change->what);
	if (!load(tn_str_text(&path), &text))
		return;
	if (!make_change(change, tn_str_span(&text), &changed)) {
		report(false, tn_str_text(&name), "there is nothing to change");
		return;
	}
	(void)replay_text(tn_str_span(&changed), &result, &why);
	report(result.failed && result.pair == change->line, tn_str_text(&name), why);
	tn_free(why);
}

int
main(int argc, char **argv)
{
	puts("# not compared:");
	for (size_t i = 0; play_not_compared[i] != NULL; i++)
		printf("#   %s\n", play_not_compared[i]);
	for (int i = 1; i < argc; i++)
		replay_file(argv[i]);
	if (argc == 1) {
		replay_folder();
		for (size_t i = 0; i < TN_ARRAY_LEN(changes); i++)
			find_change(&changes[i]);
	}
	printf("1..%u\n", tests);
	return failures > 0;
}
