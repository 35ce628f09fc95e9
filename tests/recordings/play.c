#include "recordings/play.h"

#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"
#include "recordings/compare.h"
#include "sim/sim.h"
#include <string.h>

const char *const play_not_compared[] = {
	"ids: they differ from run to run; compared through a map that is one to one",
	"times: they differ likewise; compared by shape, by order within an object, and by the "
	"same recorded time being the same time throughout",
	"the number of polls: it is the client's; compared is the sequence of states",
	"response headers but content-type: the recordings have no others",
	"what is bound, when read before the file itself set it: the test tenant is shared "
	"(terraform-TestAccAction, one pair in part)",
	"the trigger list of January 2023 (go-auth0-TestActionManager_Triggers, one pair in "
	"part): the simulator has the list of 2026, with seven more rows, binding_policy, and "
	"the runtimes that Node's releases have brought and taken since; compared are the 13 "
	"rows recorded, their other values and the order of keys",
	"packages that cannot be built: data of the recording, told to the simulator as a fault "
	"(terraform-TestAccAction, terraform-TestAccAction_FailedBuild)",
	NULL,
};

/* A client's round trip, and its pause between two polls. */
#define STEP  (150 * TN_MSEC)
#define PAUSE (100 * TN_MSEC)
#define POLLS 1000
/* Any moment will do: times are compared by order. */
#define START (INT64_C(1700000000) * TN_SEC)

struct player {
	const struct recording *recording;
	struct compare compare;
	struct tn_arena *arena;
	struct tn_sim *sim;
	int64_t now;
	char *authorization;
	struct play_result *out;
	/* The answer to the call just made. */
	int status;
	const char *content_type;
	const struct tn_value *answer;
};

static void
fail(struct player *player, size_t i, const char *what)
{
	player->out->failed = true;
	player->out->pair = i;
	player->out->what = tn_strdup(what);
}

/* --- one call --- */

/* The same tree with recorded ids replaced by their twins. */
static struct tn_value *
translate(struct player *player, const struct tn_value *value)
{
	struct tn_arena *arena = player->arena;
	struct tn_value *copy;

	if (tn_value_is(value, TN_VALUE_STRING))
		return tn_value_string(arena,
		    compare_translate(&player->compare, tn_value_text(value)));
	if (tn_value_is(value, TN_VALUE_ARRAY)) {
		copy = tn_value_array(arena);
		for (size_t i = 0; i < value->count; i++)
			tn_value_push(arena, copy, translate(player, value->as.items[i]));
		return copy;
	}
	if (tn_value_is(value, TN_VALUE_OBJECT)) {
		copy = tn_value_object(arena);
		for (size_t i = 0; i < value->count; i++)
			tn_value_set(arena, copy, value->as.members[i].key,
			    translate(player, value->as.members[i].value));
		return copy;
	}
	return tn_value_clone(arena, value);
}

static void
translate_path(const struct player *player, const char *path, struct tn_str *out)
{
	while (*path != '\0') {
		size_t n = strcspn(path, "/");
		char *part = tn_strndup(path, n);

		tn_str_add(out, compare_translate(&player->compare, part));
		tn_free(part);
		path += n;
		if (*path == '/')
			tn_str_add_char(out, *path++);
	}
}

static void
encode_query(const struct tn_value *query, struct tn_str *out)
{
	for (size_t i = 0; i < tn_value_count(query); i++) {
		const struct tn_member *member = &query->as.members[i];

		if (i > 0)
			tn_str_add_char(out, '&');
		tn_percent_encode(tn_span(member->key), out);
		tn_str_add_char(out, '=');
		tn_percent_encode(tn_span(tn_value_text(member->value)), out);
	}
}

static void
take_reply(struct player *player, const struct tn_sim_reply *reply)
{
	struct tn_value *answer = NULL;

	player->status = reply->status;
	player->content_type = tn_arena_text(player->arena,
	    tn_sim_reply_field(reply, "content-type"));
	if (reply->body.len > 0 &&
	    tn_json_parse(player->arena, tn_str_span(&reply->body), NULL, &answer, NULL) <
		0)
		answer = tn_value_string(player->arena, "(no JSON)");
	player->answer = answer;
}

static void
call(struct player *player, const struct pair *pair)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str query = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str body = TN_STR_INIT;
	TN_CLEANUP(tn_sim_reply_done) struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	struct tn_sim_request req = {
		.method = pair->method,
		.authorization = player->authorization,
		.content_type = "application/json",
	};

	translate_path(player, pair->path, &path);
	encode_query(pair->query, &query);
	if (pair->request != NULL)
		tn_json_write(translate(player, pair->request), &body);
	req.path = tn_str_text(&path);
	req.query = tn_str_text(&query);
	req.body = tn_str_span(&body);
	tn_sim_call(player->sim, player->now, &req, &reply);
	take_reply(player, &reply);
}

/* --- polls --- */

static bool
is_action_path(const char *path)
{
	static const char prefix[] = "/api/v2/actions/actions/";

	return tn_text_starts(path, prefix) && strchr(path + strlen(prefix), '/') == NULL;
}

static bool
is_poll(const struct pair *pair)
{
	return tn_text_equal(pair->method, "GET") && is_action_path(pair->path);
}

/* What a client polls for: the build, and what is live. */
static const char *
state_of(struct player *player, const struct tn_value *action)
{
	const struct tn_value *deployed = tn_value_get(action, "deployed_version");
	int64_t number = 0;

	(void)tn_value_to_int(tn_value_get(deployed, "number"), &number);
	return tn_arena_printf(player->arena, "%s, version %lld %s",
	    tn_value_get_text(action, "status"), (long long)number,
	    tn_value_get_bool(action, "all_changes_deployed", false) ? "in step"
								     : "behind");
}

/* The state that the same action was last recorded in, since it was last written. */
static const char *
state_before(struct player *player, size_t i)
{
	const struct pair *pairs = player->recording->pairs;

	for (size_t k = i; k > 0; k--) {
		const struct pair *pair = &pairs[k - 1];

		if (tn_text_equal(pair->path, pairs[i].path) && pair->answer != NULL)
			return state_of(player, pair->answer);
	}
	return NULL;
}

/* A state may last: only one that the recording does not have must not come between. */
static bool
may_wait(struct player *player, size_t i, const char *state)
{
	const char *before = state_before(player, i);

	return before == NULL || tn_text_equal(state, before) ||
	    tn_text_starts(state, "pending");
}

static void
poll(struct player *player, size_t i)
{
	const struct pair *pair = &player->recording->pairs[i];
	const char *wanted = state_of(player, pair->answer);
	const char *state = "";

	for (unsigned n = 0; n < POLLS; n++) {
		call(player, pair);
		state = state_of(player, player->answer);
		if (player->status != 200 || tn_text_equal(state, wanted))
			return;
		if (!may_wait(player, i, state))
			break;
		player->now += PAUSE;
	}
	fail(player, i,
	    tn_arena_printf(player->arena, "recorded as %s, simulated as %s", wanted,
		state));
}

/* --- what the simulator cannot know --- */

/*
 * The packages that cannot be built are data of the recording: when its polls end in
 * `failed`, the write before them is told to fail.
 */
static bool
ends_failed(const struct recording *recording, size_t i)
{
	const struct pair *write = &recording->pairs[i];
	const char *id = tn_value_get_text(write->answer, "id");

	if (id == NULL || tn_text_equal(write->method, "GET"))
		return false;
	for (size_t k = i + 1; k < recording->count; k++) {
		const struct pair *pair = &recording->pairs[k];

		if (!is_action_path(pair->path) || !tn_text_ends(pair->path, id))
			continue;
		if (!is_poll(pair))
			return false;
		if (tn_text_equal(tn_value_get_text(pair->answer, "status"), "failed"))
			return true;
	}
	return false;
}

static unsigned
attempts_of(const struct recording *recording)
{
	for (size_t i = 0; i < recording->count; i++)
		if (tn_text_equal(tn_value_get_text(recording->pairs[i].answer, "status"),
			"retrying"))
			return 3;
	return 1;
}

static bool
is_foreign_list(const struct recording *recording, size_t i)
{
	const struct pair *pair = &recording->pairs[i];

	if (!tn_text_equal(pair->method, "GET") || !tn_text_ends(pair->path, "/bindings"))
		return false;
	for (size_t k = 0; k < i; k++)
		if (tn_text_equal(recording->pairs[k].method, "PATCH") &&
		    tn_text_equal(recording->pairs[k].path, pair->path))
			return false;
	return true;
}

/* --- the whole --- */

static void
make_call(struct player *player, size_t i)
{
	const struct pair *pair = &player->recording->pairs[i];
	uint64_t fault = 0;

	player->now += STEP;
	if (is_poll(pair) && pair->status == 200) {
		poll(player, i);
		return;
	}
	if (ends_failed(player->recording, i) &&
	    tn_sim_fault_add_text(player->sim, player->now, "{\"do\":\"fail-build\"}",
		&fault, NULL) < 0)
		fail(player, i, "the fault was refused");
	call(player, pair);
	if (fault != 0)
		(void)tn_sim_fault_remove(player->sim, fault);
}

static void
compare_old_triggers(struct player *player, size_t i)
{
	player->out->partly++;
	if (!compare_trigger_lists(&player->compare, player->recording->pairs[i].answer,
		player->answer))
		fail(player, i, player->compare.difference);
}

static void
play_pair(struct player *player, size_t i)
{
	const struct pair *pair = &player->recording->pairs[i];

	make_call(player, i);
	if (player->out->failed)
		return;
	if (player->status != pair->status)
		fail(player, i,
		    tn_arena_printf(player->arena, "status: recorded %d, simulated %d",
			pair->status, player->status));
	else if (!tn_text_equal(pair->content_type, player->content_type))
		fail(player, i, "the content type differs");
	else if (is_foreign_list(player->recording, i) &&
	    tn_value_get(pair->answer, "total"))
		player->out->partly++;
	else if (tn_text_ends(pair->path, "/actions/triggers"))
		compare_old_triggers(player, i);
	else if (!compare_answers(&player->compare, pair->answer, player->answer))
		fail(player, i, player->compare.difference);
	if (!player->out->failed)
		player->out->compared++;
}

static bool
log_in(struct player *player)
{
	static const char body[] =
	    "{\"grant_type\":\"client_credentials\",\"client_id\":\"replay\","
	    "\"client_secret\":\"replay\","
	    "\"audience\":\"https://tenant.example/api/v2/\"}";
	TN_CLEANUP(tn_sim_reply_done) struct tn_sim_reply reply = TN_SIM_REPLY_INIT;
	struct tn_sim_request req = { .method = "POST",
		.path = "/oauth/token",
		.content_type = "application/json",
		.body = tn_span(body) };
	struct tn_str header = TN_STR_INIT;

	tn_sim_call(player->sim, player->now, &req, &reply);
	take_reply(player, &reply);
	tn_str_addf(&header, "Bearer %s",
	    player->status == 200 ? tn_value_get_text(player->answer, "access_token")
				  : "");
	player->authorization = tn_str_take(&header);
	return player->status == 200;
}

void
play(const struct recording *recording, struct play_result *out)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct player player = { .recording = recording, .now = START, .out = out };

	*out = (struct play_result){ 0 };
	options.seed = 1;
	options.build_attempts = attempts_of(recording);
	player.sim = tn_sim_new(&options);
	player.arena = tn_arena_new();
	compare_init(&player.compare, player.arena);
	if (!log_in(&player))
		fail(&player, 0, "no token");
	for (size_t i = 0; i < recording->count && !out->failed; i++)
		play_pair(&player, i);
	tn_free(player.authorization);
	tn_arena_free(player.arena);
	tn_sim_free(player.sim);
}
