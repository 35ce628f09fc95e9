#include "world.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"

/* Getting, keeping and renewing the token. */

#define TOKENS(world) ((int)tn_sim_calls((world)->sim, "POST", "/oauth/token"))

static void
one_token_serves_many_operations(void **state)
{
	struct outcome outcomes[20] = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 50 * TN_MSEC);
	for (size_t i = 0; i < 20; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	world_drain(&w);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].n_triggers, tn_sim_n_triggers);
		outcome_done(&outcomes[i]);
	}
	assert_int_equal(TOKENS(&w), 1);
	assert_int_equal(tn_remote_counts(w.remote).tokens, 1);
	assert_int_equal(tn_remote_counts(w.remote).calls, 20);
	assert_int_equal(tn_remote_counts(w.remote).writes, 0);
	assert_int_equal(tn_remote_counts(w.remote).retries, 0);
	world_done(&w);
}

static void
nothing_is_sent_without_need(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	world_drain(&w);
	world_sleep(&w, 3600 * TN_SEC);
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	world_done(&w);
}

static void
a_token_is_renewed_a_minute_before_its_end(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct world w;

	(void)state;
	options.token_life_ns = 300 * TN_SEC;
	world_init(&w, &options, 0);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(TOKENS(&w), 1);
	world_sleep(&w, 239 * TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(TOKENS(&w), 1);
	world_sleep(&w, 2 * TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(TOKENS(&w), 2);
	/* Nobody was refused for it. */
	assert_int_equal(tn_remote_counts(w.remote).calls, 3);
	world_done(&w);
}

static void
a_short_lived_token_serves_half_of_its_life(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct world w;

	(void)state;
	options.token_life_ns = 20 * TN_SEC;
	world_init(&w, &options, 0);
	for (unsigned i = 0; i < 3; i++)
		world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(TOKENS(&w), 1);
	world_sleep(&w, 11 * TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(TOKENS(&w), 2);
	world_done(&w);
}

static void
a_refused_token_is_renewed_once(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
	    "\"status\":401}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(TOKENS(&w), 2);
	assert_int_equal(tn_remote_counts(w.remote).calls, 2);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"do\":\"status\","
	    "\"status\":401}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_AUTH);
	assert_int_equal(outcome.err.status, 401);
	assert_int_equal(outcome.err.attempts, 2);
	assert_int_equal(TOKENS(&w), 3);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_write_that_is_refused_for_its_token_is_sent_again(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 0);
	world_fault(&w,
	    "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"nth\":1,"
	    "\"do\":\"status\",\"status\":401}");
	world_op(&w, &world_create_op, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(tn_sim_view_actions(w.sim), 1);
	outcome_done(&outcome);
	world_done(&w);
}

static void
many_refusals_of_one_token_cost_one_renewal(void **state)
{
	struct outcome outcomes[4] = { 0 };
	struct world w;

	(void)state;
	world_init(&w, NULL, 50 * TN_MSEC);
	world_meet(&w);
	for (unsigned i = 1; i <= 4; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str fault = TN_STR_INIT;

		tn_str_addf(&fault,
		    "{\"path\":\"/actions/triggers\",\"nth\":%u,\"do\":\"status\","
		    "\"status\":401}",
		    i);
		world_fault(&w, tn_str_text(&fault));
	}
	for (size_t i = 0; i < 4; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	world_drain(&w);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_false(tn_error_is_set(&outcomes[i].err));
	}
	assert_int_equal(TOKENS(&w), 2);
	assert_int_equal(tn_remote_counts(w.remote).calls, 9);
	world_done(&w);
}

/* The second call is refused when the first one has got a new token already. */
static void
a_late_refusal_of_the_old_token_does_not_cost_the_new_one(void **state)
{
	struct outcome outcomes[2] = { 0 };
	struct outcome later;
	struct world w;

	(void)state;
	world_init(&w, NULL, 50 * TN_MSEC);
	world_meet(&w);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
	    "\"status\":401}");
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":2,\"do\":\"status\","
	    "\"status\":401,\"when\":\"after\"}");
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":2,\"do\":\"delay\","
	    "\"ms\":2000}");
	for (size_t i = 0; i < 2; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	world_drain(&w);
	assert_true(outcomes[0].order < outcomes[1].order);
	for (size_t i = 0; i < 2; i++)
		assert_false(tn_error_is_set(&outcomes[i].err));
	world_op(&w, &world_list_triggers, &later);
	assert_int_equal(TOKENS(&w), 2);
	assert_int_equal(tn_remote_counts(w.remote).calls, 6);
	world_done(&w);
}

static const struct tn_sim_client clients[] = {
	{ "client", "right-secret", "read:actions create:actions", NULL },
};

static void
wrong_credentials_end_all_who_wait_with_the_cure(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcomes[5] = { 0 };
	struct world w;

	(void)state;
	options.clients = clients;
	options.n_clients = 1;
	world_open(&w, &options, 10 * TN_MSEC);
	w.connection.client_id = "stranger";
	world_connect(&w);
	for (size_t i = 0; i < 5; i++)
		tn_remote_op(w.remote, &world_list_triggers, outcome_take, &outcomes[i]);
	world_drain(&w);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(outcomes[i].times, 1);
		assert_int_equal(outcomes[i].err.kind, TN_E_AUTH);
		assert_int_equal(outcomes[i].err.status, 401);
		assert_string_equal(outcomes[i].err.message,
		    "list the triggers: get a token for tenant \"dev\": the tenant "
		    "answers 401: Unauthorized");
		assert_non_null(strstr(outcomes[i].err.hint, "client secret"));
		outcome_done(&outcomes[i]);
	}
	assert_int_equal(TOKENS(&w), 1);
	assert_int_equal(tn_remote_counts(w.remote).calls, 0);
	world_done(&w);
}

static char *
data(const char *path)
{
	struct tn_str bytes = TN_STR_INIT;

	assert_int_equal(tn_file_read(path, 10000, &bytes, NULL), 0);
	return tn_str_take(&bytes);
}

/* What was signed for a try whose answer was lost is used up. */
static void
a_key_signs_anew_for_each_try(void **state)
{
	TN_CLEANUP(tn_freep) char *public_key = data("tests/data/jwt/key.pub");
	TN_CLEANUP(tn_freep) char *pem = data("tests/data/jwt/key.pem");
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *key = tn_secret_new(pem, strlen(pem));
	const struct tn_sim_client signers[] = { { "client", NULL, NULL, public_key } };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct world w;

	(void)state;
	options.clients = signers;
	options.n_clients = 1;
	options.token_life_ns = 300 * TN_SEC;
	world_open(&w, &options, 10 * TN_MSEC);
	w.connection.client_secret = NULL;
	w.connection.private_key = key;
	w.connection.algorithm = "RS256";
	world_connect(&w);
	world_fault(&w,
	    "{\"path\":\"/oauth/token\",\"nth\":1,\"do\":\"cut\",\"when\":\"after\"}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_NONE);
	assert_int_equal(TOKENS(&w), 2);
	outcome_done(&outcome);
	world_sleep(&w, 301 * TN_SEC);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_NONE);
	assert_int_equal(TOKENS(&w), 3);
	outcome_done(&outcome);
	world_done(&w);
}

static void
the_token_endpoint_is_tried_again_when_it_is_busy(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_fault(&w,
	    "{\"path\":\"/oauth/token\",\"nth\":1,\"do\":\"status\","
	    "\"status\":503}");
	world_fault(&w, "{\"path\":\"/oauth/token\",\"nth\":2,\"do\":\"drop\"}");
	world_fault(&w,
	    "{\"path\":\"/oauth/token\",\"nth\":3,\"do\":\"status\","
	    "\"status\":429}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(tn_remote_counts(w.remote).tokens, 4);
	assert_int_equal(tn_remote_counts(w.remote).calls, 1);
	assert_int_equal(tn_remote_counts(w.remote).retries, 3);
	world_done(&w);
}

static void
a_token_endpoint_that_stays_away_ends_the_operation(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_init(&w, NULL, 10 * TN_MSEC);
	world_fault(&w, "{\"path\":\"/oauth/token\",\"do\":\"drop\"}");
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_TRANSIENT);
	assert_int_equal(outcome.err.attempts, 5);
	assert_int_equal(TOKENS(&w), 5);
	outcome_done(&outcome);
	/* The next operation tries anew. */
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(TOKENS(&w), 10);
	outcome_done(&outcome);
	world_done(&w);
}

static void
a_login_gets_a_token_and_tells_missing_rights(void **state)
{
	static const enum tn_op_kind reads[] = { TN_OP_LIST_ACTIONS, TN_OP_GET_FLOW };
	static const enum tn_op_kind all[] = { TN_OP_LIST_ACTIONS, TN_OP_DEPLOY_ACTION,
		TN_OP_SET_FLOW, TN_OP_DELETE_ACTION, TN_OP_UPDATE_ACTION };
	struct tn_rights missing;
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	options.clients = clients;
	options.n_clients = 1;
	world_init(&w, &options, 0);
	assert_int_equal(tn_remote_missing_rights(w.remote, all, 4).n, 0);
	tn_remote_login(w.remote, outcome_take, &outcome);
	assert_false(outcome.done);
	world_until(&w, &outcome.done);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(tn_remote_missing_rights(w.remote, reads, 2).n, 0);
	missing = tn_remote_missing_rights(w.remote, all, 5);
	assert_int_equal(missing.n, 2);
	assert_string_equal(missing.items[0], "update:actions");
	assert_string_equal(missing.items[1], "delete:actions");
	missing = tn_remote_missing_rights(w.remote, all + 3, 1);
	assert_int_equal(missing.n, 1);
	assert_string_equal(missing.items[0], "delete:actions");
	assert_int_equal(tn_remote_missing_rights(w.remote, NULL, 0).n, 0);
	outcome = (struct outcome){ 0 };
	tn_remote_login(w.remote, outcome_take, &outcome);
	assert_false(outcome.done);
	world_until(&w, &outcome.done);
	assert_int_equal(TOKENS(&w), 1);
	assert_int_equal(tn_remote_counts(w.remote).calls, 0);
	world_done(&w);
}

static void
a_missing_right_is_named_when_it_is_refused(void **state)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct tn_op op = { .kind = TN_OP_DELETE_ACTION, .id = "x" };
	struct outcome outcome;
	struct world w;

	(void)state;
	options.clients = clients;
	options.n_clients = 1;
	world_init(&w, &options, 0);
	world_op(&w, &op, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_PERMISSION);
	assert_non_null(strstr(outcome.err.message, "right delete:actions is missing"));
	assert_int_equal(outcome.err.attempts, 1);
	outcome_done(&outcome);
	world_done(&w);
}

/* The simulator's own token of the administrator, as an operator would hand one over. */
static struct tn_secret *
ready_token(const struct world *w)
{
	const char *bearer = tn_sim_admin_authorization(w->sim) + strlen("Bearer ");

	return tn_secret_new(bearer, strlen(bearer));
}

static void
a_ready_token_is_used_as_it_is(void **state)
{
	static const enum tn_op_kind all[] = { TN_OP_LIST_ACTIONS, TN_OP_DEPLOY_ACTION,
		TN_OP_SET_FLOW, TN_OP_DELETE_ACTION };
	struct outcome outcome = { 0 };
	struct tn_secret *token;
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	token = ready_token(&w);
	w.connection.token = token;
	w.connection.client_secret = NULL;
	world_connect(&w);
	assert_int_equal(tn_remote_missing_rights(w.remote, all, 4).n, 0);
	tn_remote_login(w.remote, outcome_take, &outcome);
	world_until(&w, &outcome.done);
	assert_false(tn_error_is_set(&outcome.err));
	world_op(&w, &world_list_triggers, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(TOKENS(&w), 0);
	world_done(&w);
	tn_secret_unref(token);
}

static void
a_ready_token_tells_missing_rights_before_any_call(void **state)
{
	static const enum tn_op_kind all[] = { TN_OP_LIST_ACTIONS, TN_OP_CREATE_ACTION };
	/* {"scope":"read:actions"} */
	static const char text[] = "e30.eyJzY29wZSI6InJlYWQ6YWN0aW9ucyJ9.c2ln";
	struct tn_secret *token = tn_secret_new(text, strlen(text));
	struct tn_rights missing;
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	w.connection.token = token;
	world_connect(&w);
	missing = tn_remote_missing_rights(w.remote, all, 2);
	assert_int_equal(missing.n, 1);
	assert_string_equal(missing.items[0], "create:actions");
	assert_int_equal(tn_remote_missing_rights(w.remote, all, 1).n, 0);
	world_done(&w);
	tn_secret_unref(token);
}

static void
a_ready_token_that_is_refused_cannot_be_renewed(void **state)
{
	struct tn_secret *token = tn_secret_new("a.b.c", 5);
	struct outcome outcome;
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	w.connection.token = token;
	world_connect(&w);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_AUTH);
	assert_int_equal(outcome.err.attempts, 1);
	assert_non_null(outcome.err.hint);
	assert_int_equal(TOKENS(&w), 0);
	outcome_done(&outcome);
	world_done(&w);
	tn_secret_unref(token);
}

static void
a_connection_without_credentials_fails_from_the_loop(void **state)
{
	struct outcome outcome;
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	w.connection.client_secret = NULL;
	world_connect(&w);
	world_op(&w, &world_list_triggers, &outcome);
	assert_int_equal(outcome.err.kind, TN_E_INPUT);
	assert_non_null(strstr(outcome.err.message, "client secret"));
	assert_int_equal(tn_sim_calls(w.sim, NULL, NULL), 0);
	outcome_done(&outcome);
	world_done(&w);
}

static void
the_redactor_learns_every_token(void **state)
{
	TN_CLEANUP(tn_redactor_freep) struct tn_redactor *redactor = tn_redactor_new();
	TN_CLEANUP(tn_str_done) struct tn_str got = TN_STR_INIT;
	/* The only thing the answer to the token request is: a token that we know. */
	static const char fault[] =
	    "{\"path\":\"/oauth/token\",\"do\":\"status\",\"status\":200,"
	    "\"body\":{\"access_token\":\"aaaa.bbbb.cccc\"}}";
	struct outcome outcome = { 0 };
	struct world w;

	(void)state;
	world_open(&w, NULL, 0);
	w.options.redactor = redactor;
	world_connect(&w);
	world_fault(&w, fault);
	tn_remote_login(w.remote, outcome_take, &outcome);
	world_until(&w, &outcome.done);
	tn_redactor_apply(redactor, tn_span("token aaaa.bbbb.cccc!"), &got);
	assert_string_equal(tn_str_text(&got), "token (secret)!");
	world_done(&w);
}

/* --- tokens that outlive a remote --- */

/* A remote of its own for one operation, with these rights needed. */
static void
one_run(struct world *w, struct outcome *outcome)
{
	world_connect(w);
	world_op(w, &world_list_triggers, outcome);
	tn_remote_free(tn_take(w->remote));
}

static void
a_kept_token_serves_the_next_remote(void **state TN_UNUSED)
{
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct world w;

	options.token_life_ns = 300 * TN_SEC;
	world_open(&w, &options, 0);
	w.options.tokens = tn_tokens_new();
	for (unsigned i = 0; i < 3; i++) {
		one_run(&w, &outcome);
		assert_false(tn_error_is_set(&outcome.err));
	}
	assert_int_equal(TOKENS(&w), 1);
	world_sleep(&w, 241 * TN_SEC);
	one_run(&w, &outcome);
	assert_int_equal(TOKENS(&w), 2);
	tn_tokens_free(w.options.tokens);
	world_done(&w);
}

static void
a_kept_token_that_is_refused_is_forgotten(void **state TN_UNUSED)
{
	struct outcome outcome;
	struct world w;

	world_open(&w, NULL, 0);
	w.options.tokens = tn_tokens_new();
	one_run(&w, &outcome);
	world_fault(&w,
	    "{\"path\":\"/actions/triggers\",\"nth\":1,\"do\":\"status\","
	    "\"status\":401}");
	one_run(&w, &outcome);
	assert_false(tn_error_is_set(&outcome.err));
	assert_int_equal(TOKENS(&w), 2);
	one_run(&w, &outcome);
	assert_int_equal(TOKENS(&w), 2);
	tn_tokens_free(w.options.tokens);
	world_done(&w);
}

/* Rights go with it; one that lacks a right is not kept, as somebody may give it. */
static void
a_kept_token_knows_its_rights(void **state TN_UNUSED)
{
	static const enum tn_op_kind reads = TN_OP_LIST_ACTIONS;
	static const enum tn_op_kind writes = TN_OP_CREATE_ACTION;
	static const struct tn_sim_client reader = { .id = "reader",
		.secret = "reader-secret",
		.scopes = "read:actions" };
	struct tn_sim_options options = TN_SIM_OPTIONS_INIT;
	struct outcome outcome;
	struct world w;

	options.clients = &reader;
	options.n_clients = 1;
	world_open(&w, &options, 0);
	w.connection.client_id = "reader";
	tn_secret_unref(w.secret);
	w.secret = tn_secret_new("reader-secret", 13);
	w.connection.client_secret = w.secret;
	w.options.tokens = tn_tokens_new();
	one_run(&w, &outcome);
	world_connect(&w);
	assert_int_equal(tn_remote_missing_rights(w.remote, &reads, 1).n, 0);
	tn_remote_free(tn_take(w.remote));
	world_connect(&w);
	assert_int_equal(tn_remote_missing_rights(w.remote, &writes, 1).n, 1);
	tn_remote_free(tn_take(w.remote));
	assert_int_equal(TOKENS(&w), 1);
	one_run(&w, &outcome);
	assert_int_equal(TOKENS(&w), 2);
	tn_tokens_free(w.options.tokens);
	world_done(&w);
}

/* Another client, another audience, another place, another secret: another token. */
static void
a_token_is_for_what_it_was_given_for(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_tokens_freep) struct tn_tokens *tokens = tn_tokens_new();
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new("one", 3);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *other = tn_secret_new("two", 3);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *given = tn_secret_new("token", 5);
	const struct tn_token token = { .secret = given };
	const struct tn_connection connection = { .base_url = "https://a.example",
		.client_id = "id",
		.client_secret = secret };
	struct tn_connection others[] = { connection, connection, connection, connection,
		connection };
	int64_t until;

	others[0].base_url = "https://b.example";
	others[1].client_id = "another";
	others[2].audience = "https://a.example/other/";
	others[3].client_secret = other;
	others[4].private_key = secret;
	others[4].client_secret = NULL;
	others[4].client_id = "another";
	tn_tokens_keep(tokens, &connection, &token, 100);
	for (size_t i = 0; i < TN_ARRAY_LEN(others); i++)
		assert_null(tn_tokens_find(tokens, &others[i], 0, &until));
	assert_ptr_equal(tn_tokens_find(tokens, &connection, 99, &until)->secret, given);
	assert_int_equal(until, 100);
	assert_null(tn_tokens_find(tokens, &connection, 100, &until));
	tn_tokens_forget(tokens, &connection);
	assert_null(tn_tokens_find(tokens, &connection, 0, &until));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_token_serves_many_operations),
		cmocka_unit_test(nothing_is_sent_without_need),
		cmocka_unit_test(a_token_is_renewed_a_minute_before_its_end),
		cmocka_unit_test(a_short_lived_token_serves_half_of_its_life),
		cmocka_unit_test(a_refused_token_is_renewed_once),
		cmocka_unit_test(a_write_that_is_refused_for_its_token_is_sent_again),
		cmocka_unit_test(many_refusals_of_one_token_cost_one_renewal),
		cmocka_unit_test(
		    a_late_refusal_of_the_old_token_does_not_cost_the_new_one),
		cmocka_unit_test(wrong_credentials_end_all_who_wait_with_the_cure),
		cmocka_unit_test(a_key_signs_anew_for_each_try),
		cmocka_unit_test(the_token_endpoint_is_tried_again_when_it_is_busy),
		cmocka_unit_test(a_token_endpoint_that_stays_away_ends_the_operation),
		cmocka_unit_test(a_login_gets_a_token_and_tells_missing_rights),
		cmocka_unit_test(a_missing_right_is_named_when_it_is_refused),
		cmocka_unit_test(a_ready_token_is_used_as_it_is),
		cmocka_unit_test(a_ready_token_tells_missing_rights_before_any_call),
		cmocka_unit_test(a_ready_token_that_is_refused_cannot_be_renewed),
		cmocka_unit_test(a_connection_without_credentials_fails_from_the_loop),
		cmocka_unit_test(the_redactor_learns_every_token),
		cmocka_unit_test(a_kept_token_serves_the_next_remote),
		cmocka_unit_test(a_kept_token_that_is_refused_is_forgotten),
		cmocka_unit_test(a_kept_token_knows_its_rights),
		cmocka_unit_test(a_token_is_for_what_it_was_given_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
