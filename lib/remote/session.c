#include "remote/job.h"

#include "base/secret.h"

/* A token is renewed so long before its end, or after half of a short life. */
#define MARGIN_S 60

static void
copy_rights(struct tn_remote *remote, const struct tn_token *token)
{
	struct tn_arena *arena = tn_arena_new();
	const char **rights = tn_arena_array(arena, token->n_rights, const char *);

	for (size_t i = 0; i < token->n_rights; i++)
		rights[i] = tn_arena_text(arena, token->rights[i]);
	tn_arena_free(remote->rights_arena);
	remote->rights_arena = arena;
	remote->rights = (struct tn_token){
		.rights = rights,
		.n_rights = token->n_rights,
		.has_rights = token->has_rights,
	};
}

/* The one place here that looks at a secret: a ready token tells its rights itself. */
static void
read_ready_token(struct tn_remote *remote)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_token token = { 0 };

	if (remote->options.provider->token_rights == NULL)
		return;
	remote->options.provider->token_rights(remote->token, arena, &token);
	copy_rights(remote, &token);
}

static void
learn(struct tn_remote *remote)
{
	if (remote->options.redactor != NULL)
		tn_redactor_add(remote->options.redactor, remote->token);
}

static void
take_kept(struct tn_remote *remote)
{
	const struct tn_remote_options *options = &remote->options;
	const struct tn_token *kept;
	int64_t until;

	if (options->tokens == NULL)
		return;
	kept = tn_tokens_find(options->tokens, options->connection,
	    tn_loop_now(options->loop), &until);
	if (kept == NULL)
		return;
	remote->token = tn_secret_ref(kept->secret);
	remote->token_until = until;
	remote->token_count = 1;
	learn(remote);
	copy_rights(remote, kept);
}

void
tn_session_init(struct tn_remote *remote)
{
	const struct tn_secret *token = remote->options.connection->token;

	if (token == NULL) {
		take_kept(remote);
		return;
	}
	remote->token = tn_secret_ref(token);
	remote->token_until = INT64_MAX;
	remote->token_count = 1;
	remote->ready_token = true;
	read_ready_token(remote);
}

void
tn_session_done(struct tn_remote *remote)
{
	tn_secret_unref(tn_take(remote->token));
	tn_arena_free(tn_take(remote->rights_arena));
}

bool
tn_session_valid(const struct tn_remote *remote)
{
	return remote->token != NULL &&
	    tn_loop_now(remote->options.loop) < remote->token_until;
}

static int64_t
usable_ns(int64_t life_s)
{
	if (life_s > 2 * MARGIN_S)
		return (life_s - MARGIN_S) * TN_SEC;
	return life_s * (TN_SEC / 2);
}

static void
keep(struct tn_remote *remote, const struct tn_token *token)
{
	const struct tn_remote_options *options = &remote->options;
	struct tn_token kept = *token;

	kept.secret = remote->token;
	if (options->tokens != NULL && token->life_s > 0)
		tn_tokens_keep(options->tokens, options->connection, &kept,
		    remote->token_until);
}

void
tn_session_set(struct tn_remote *remote, struct tn_token *token)
{
	tn_secret_unref(remote->token);
	remote->token = tn_take(token->secret);
	remote->token_count++;
	remote->token_until = INT64_MAX;
	if (token->life_s > 0)
		remote->token_until = tn_loop_now(remote->options.loop) +
		    usable_ns(token->life_s);
	learn(remote);
	copy_rights(remote, token);
	keep(remote, token);
}

void
tn_session_refused(struct tn_remote *remote, unsigned token_count)
{
	if (token_count != remote->token_count)
		return;
	tn_secret_unref(tn_take(remote->token));
	if (remote->options.tokens != NULL)
		tn_tokens_forget(remote->options.tokens, remote->options.connection);
}
