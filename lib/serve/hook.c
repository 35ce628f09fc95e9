#include "serve/hook.h"

#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/value.h"
#include "crypto/crypto.h"
#include "json/json.h"

#define PREFIX "sha256="

/* A push of many commits is large; the repository's name stands in all of them. */
static const struct tn_json_limits limits = { (size_t)8 << 20, 1000000, 32 };

static const struct {
	const char *header;
	const char *object, *path; /* where the payload names the repository */
} hosts[] = {
	[TN_HOST_GITHUB] = { "X-Hub-Signature-256", "repository", "full_name" },
	[TN_HOST_GITLAB] = { "X-Gitlab-Token", "project", "path_with_namespace" },
	[TN_HOST_GITEA] = { "X-Gitea-Signature", "repository", "full_name" },
};

const char *
tn_hook_header(enum tn_git_host host)
{
	return hosts[host].header;
}

static bool
is_token(const struct tn_secret *secret, const char *proof)
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *said = tn_secret_new(proof, strlen(proof));

	return tn_secret_equal(secret, said);
}

bool
tn_hook_is_theirs(enum tn_git_host host, const struct tn_secret *secret,
    const char *proof, struct tn_span body)
{
	if (proof == NULL || tn_secret_len(secret) == 0)
		return false;
	switch (host) {
	case TN_HOST_GITLAB:
		return is_token(secret, proof);
	case TN_HOST_GITHUB:
		return tn_text_starts(proof, PREFIX) &&
		    tn_hmac_verify(secret, body, tn_span(proof + strlen(PREFIX)));
	case TN_HOST_GITEA:
		return tn_hmac_verify(secret, body, tn_span(proof));
	}
	return false;
}

int
tn_hook_repository(enum tn_git_host host, struct tn_span body, struct tn_str *path,
    struct tn_error *err)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *root;
	const char *name;
	int r = tn_json_parse(arena, body, &limits, &root, err);

	if (r < 0)
		return r;
	name = tn_value_get_text(tn_value_get(root, hosts[host].object),
	    hosts[host].path);
	if (name == NULL || *name == '\0')
		return tn_error_set(err, TN_E_INPUT, "it names no repository in %s.%s",
		    hosts[host].object, hosts[host].path);
	tn_str_add(path, name);
	return 0;
}
