/*
 * Calls of git hosts after a push: whether one is theirs, and which repository it is
 * about. Pure. Internal to serve.
 *
 * Sources: GitHub, "Validating webhook deliveries" (X-Hub-Signature-256: "sha256=" and
 * the HMAC-SHA-256 of the body in hex); GitLab, "Webhooks" (X-Gitlab-Token: the secret
 * token itself); Gitea, "Webhooks" (X-Gitea-Signature: the HMAC-SHA-256 of the body in
 * hex). Payloads name the repository as repository.full_name, GitLab as
 * project.path_with_namespace.
 */
#ifndef TN_SERVE_HOOK_H
#define TN_SERVE_HOOK_H

#include "config/daemon.h"

struct tn_secret;

/* The header that carries the proof. */
const char *tn_hook_header(enum tn_git_host host);
/* Nothing is parsed before this is true. proof NULL: the header was not there. */
bool tn_hook_is_theirs(enum tn_git_host host, const struct tn_secret *secret,
    const char *proof, struct tn_span body);
/*
 * Appends the repository's path, "acme/login". TN_E_INPUT when the body is no JSON or
 * names none.
 */
int tn_hook_repository(enum tn_git_host host, struct tn_span body, struct tn_str *path,
    struct tn_error *err) TN_MUST_USE;

#endif
