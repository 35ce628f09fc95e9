/*
 * Tokens that outlive a remote, for a process that begins many runs: platforms count how
 * many they give out. A token is kept for exactly the credential that it was given for,
 * at that place, and as long as it lives; one whose life was not told is not kept. In
 * memory alone.
 */
#ifndef TN_REMOTE_TOKENS_H
#define TN_REMOTE_TOKENS_H

#include "model/provider.h"

struct tn_tokens;

struct tn_tokens *tn_tokens_new(void);
void tn_tokens_free(struct tn_tokens *tokens);
TN_DEFINE_FREEP(tn_tokens, tn_tokens_free)

/* Both are copied; the one of before is forgotten. until is loop time. */
void tn_tokens_keep(struct tn_tokens *tokens, const struct tn_connection *connection,
    const struct tn_token *token, int64_t until);
/* Borrowed until the next call that changes something; NULL: there is none that lives. */
const struct tn_token *tn_tokens_find(const struct tn_tokens *tokens,
    const struct tn_connection *connection, int64_t now, int64_t *until);
/* It was refused, or lacks a right that somebody may give meanwhile. */
void tn_tokens_forget(struct tn_tokens *tokens, const struct tn_connection *connection);

#endif
