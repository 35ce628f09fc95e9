#include "remote/tokens.h"

#include "base/mem.h"
#include "base/secret.h"

/* Whom it was given to, where, and what it is. */
struct kept {
	struct tn_arena *arena;
	const char *base_url, *audience, *client_id;
	struct tn_secret *credential;
	struct tn_token token;
	int64_t until;
};

struct tn_tokens {
	struct kept *items;
	size_t n, cap;
};

struct tn_tokens *
tn_tokens_new(void)
{
	return tn_new(struct tn_tokens);
}

static void
kept_done(struct kept *kept)
{
	tn_secret_unref(kept->credential);
	tn_secret_unref(kept->token.secret);
	tn_arena_free(kept->arena);
}

void
tn_tokens_free(struct tn_tokens *tokens)
{
	if (tokens == NULL)
		return;
	for (size_t i = 0; i < tokens->n; i++)
		kept_done(&tokens->items[i]);
	tn_free(tokens->items);
	tn_free(tokens);
}

static const struct tn_secret *
credential_of(const struct tn_connection *connection)
{
	return connection->private_key != NULL ? connection->private_key
					       : connection->client_secret;
}

static bool
is_for(const struct kept *kept, const struct tn_connection *connection)
{
	const struct tn_secret *credential = credential_of(connection);

	return credential != NULL &&
	    tn_text_equal(kept->base_url, connection->base_url) &&
	    tn_text_equal(kept->audience, connection->audience) &&
	    tn_text_equal(kept->client_id, connection->client_id) &&
	    tn_secret_equal(kept->credential, credential);
}

/* n when there is none. */
static size_t
index_of(const struct tn_tokens *tokens, const struct tn_connection *connection)
{
	size_t i = 0;

	while (i < tokens->n && !is_for(&tokens->items[i], connection))
		i++;
	return i;
}

void
tn_tokens_forget(struct tn_tokens *tokens, const struct tn_connection *connection)
{
	size_t i = index_of(tokens, connection);

	if (i == tokens->n)
		return;
	kept_done(&tokens->items[i]);
	tokens->items[i] = tokens->items[--tokens->n];
}

void
tn_tokens_keep(struct tn_tokens *tokens, const struct tn_connection *connection,
    const struct tn_token *token, int64_t until)
{
	struct tn_arena *arena = tn_arena_new();
	const char **rights = tn_arena_array(arena, token->n_rights, const char *);

	for (size_t i = 0; i < token->n_rights; i++)
		rights[i] = tn_arena_text(arena, token->rights[i]);
	tn_tokens_forget(tokens, connection);
	tokens->items = tn_grow(tokens->items, tokens->n, &tokens->cap,
	    sizeof(*tokens->items));
	tokens->items[tokens->n++] = (struct kept){
		.arena = arena,
		.base_url = tn_arena_text(arena, connection->base_url),
		.audience = tn_arena_text(arena, connection->audience),
		.client_id = tn_arena_text(arena, connection->client_id),
		.credential = tn_secret_ref(credential_of(connection)),
		.token = { tn_secret_ref(token->secret), 0, rights, token->n_rights,
		    token->has_rights },
		.until = until,
	};
}

const struct tn_token *
tn_tokens_find(const struct tn_tokens *tokens, const struct tn_connection *connection,
    int64_t now, int64_t *until)
{
	size_t i = index_of(tokens, connection);

	if (i == tokens->n || tokens->items[i].until <= now)
		return NULL;
	*until = tokens->items[i].until;
	return &tokens->items[i].token;
}
