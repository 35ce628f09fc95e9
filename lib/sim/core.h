/*
 * The parts of the core that the files of this room share: the simulator itself, and one
 * call while it is answered.
 */
#ifndef TN_SIM_CORE_H
#define TN_SIM_CORE_H

#include "base/secret.h"
#include "sim/state.h"

enum tn_sim_do {
	TN_SIM_DO_STATUS,
	TN_SIM_DO_DROP,
	TN_SIM_DO_CUT,
	TN_SIM_DO_DELAY,
	TN_SIM_DO_HOLD,
	TN_SIM_DO_FAIL_BUILD,
	TN_SIM_DO_RETRY_BUILD,
	TN_SIM_DO_LAG,
};

struct tn_sim_fault {
	uint64_t id;
	char *method; /* NULL: any */
	char *path;   /* NULL: any */
	uint64_t nth; /* 0: every */
	enum tn_sim_do what;
	bool before;
	int status;
	char *body; /* bytes to answer; NULL: a plain error */
	int64_t ns;
	uint64_t seen, hits;
	int64_t since;
};

/* The world as it was until, but not at, that time; kept while a fault lags. */
struct tn_sim_past {
	int64_t until;
	struct tn_sim_world world;
};

/* A call in the log, with the texts that the shown one points to. */
struct tn_sim_entry {
	struct tn_sim_logged shown;
	char *path, *who;
};

/* The tokens that a client has had in the hour that began then. */
struct tn_sim_quota {
	char *client;
	int64_t since;
	unsigned used;
};

struct tn_sim_count {
	const char *method, *resource;
	uint64_t n;
};

/* The id of an assertion that was taken, as SHA-256. */
struct tn_sim_used {
	char hex[65];
};

struct tn_sim {
	struct tn_arena *arena; /* options and the administrator's token */
	struct tn_sim_options options;
	struct tn_secret *key;
	const char *admin;
	struct tn_rand rand;
	int64_t clock; /* the last time that was printed */
	struct tn_sim_world world;

	struct tn_sim_fault *faults;
	size_t n_faults, cap_faults;
	uint64_t last_fault;
	struct tn_sim_past *past; /* oldest first */
	size_t n_past, cap_past;
	struct tn_sim_watch *watches;

	struct tn_sim_entry *log;
	size_t n_log, cap_log;
	uint64_t calls, counted, writes;
	uint64_t changes; /* of the world */
	struct tn_sim_count *counts;
	size_t n_counts, cap_counts;

	struct tn_sim_quota *quotas;
	size_t n_quotas, cap_quotas;
	int64_t rate_level; /* in billionths of a call */
	int64_t rate_at;

	struct tn_sim_used *used; /* assertions */
	size_t n_used, cap_used;
};

/*
 * A time to print that is later than any before, by low_ns to high_ns, and not before
 * now. Under a burst it runs ahead of now by some milliseconds.
 */
int64_t tn_sim_stamp(struct tn_sim *sim, int64_t now, int64_t low_ns, int64_t high_ns);
/* Of modules, whose times have microseconds. */
int64_t tn_sim_stamp_module(struct tn_sim *sim, int64_t now);
/* Of the entity of an action, and of its draft a little later. */
int64_t tn_sim_stamp_entity(struct tn_sim *sim, int64_t now);
int64_t tn_sim_stamp_draft(struct tn_sim *sim, int64_t now);

/* What the faults do to one call. */
struct tn_sim_strike {
	uint64_t last; /* id of the last fault that struck; 0: none */
	const struct tn_sim_fault *status, *drop, *cut, *hold;
	int64_t delay_before, delay_after;
	bool fail_build, retry_build;
	int64_t lag;
	int64_t lag_since;
};

void tn_sim_strike(struct tn_sim *sim, const char *method, const char *path,
    const char *resource, struct tn_sim_strike *strike);
/* Keeps the world as it is before a write, while a fault lags. */
void tn_sim_past_keep(struct tn_sim *sim, int64_t now);
/* The world as reads that lag until `at` see it. */
const struct tn_sim_world *tn_sim_past_at(const struct tn_sim *sim, int64_t at);
void tn_sim_faults_clear(struct tn_sim *sim);
void tn_sim_fault_done(struct tn_sim_fault *fault);
void tn_sim_fault_copy(struct tn_sim_fault *to, const struct tn_sim_fault *from);
const char *tn_sim_do_name(enum tn_sim_do what);

struct tn_sim_logged *tn_sim_log_add(struct tn_sim *sim,
    const struct tn_sim_logged *entry, bool counted);
/* NULL when the entry is no longer kept. */
struct tn_sim_logged *tn_sim_log_number(struct tn_sim *sim, uint64_t number);
void tn_sim_log_copy(struct tn_sim *to, const struct tn_sim *from);

#define TN_SIM_MAX_PARAMS 2
#define TN_SIM_MAX_QUERY  16

struct tn_sim_query {
	const char *key, *value; /* decoded */
};

enum tn_sim_token {
	TN_SIM_TOKEN_ABSENT,
	TN_SIM_TOKEN_NO_JWT,
	TN_SIM_TOKEN_GARBLED,
	TN_SIM_TOKEN_SIGNATURE,
	TN_SIM_TOKEN_EXPIRED,
	TN_SIM_TOKEN_AUDIENCE,
	TN_SIM_TOKEN_GOOD,
};

struct tn_sim_bearer {
	enum tn_sim_token token;
	const char *client, *scope, *audience;
};

/* One call while it is answered. */
struct tn_sim_ctx {
	struct tn_sim *sim;
	int64_t now;
	const struct tn_sim_request *req;
	struct tn_sim_reply *reply;
	struct tn_arena *arena;
	const char *params[TN_SIM_MAX_PARAMS]; /* decoded parts of the path */
	struct tn_sim_query query[TN_SIM_MAX_QUERY];
	size_t n_query;
	const struct tn_value *body; /* NULL when none was sent */
	struct tn_sim_bearer bearer;
	/* Reads look at this world and this time, writes at sim->world and now. */
	const struct tn_sim_world *world;
	int64_t at;
	bool fail_build, retry_build;
	int64_t lag; /* of builds and deploys that the call starts */
};

/* --- reply.c: answers. Refusals return false, so that a check can return them. --- */

void tn_sim_answer(struct tn_sim_ctx *ctx, int status, const struct tn_value *body);
void tn_sim_answer_empty(struct tn_sim_ctx *ctx, int status);
/* error_code NULL: none, as the service behind the gateway has it. */
bool tn_sim_refuse(struct tn_sim_ctx *ctx, int status, const char *error_code,
    const char *format, ...) TN_PRINTF(4, 5);
bool tn_sim_refuse_missing(struct tn_sim_ctx *ctx); /* 404 That action does not exist. */
/* 403 feature_not_enabled */
bool tn_sim_refuse_feature(struct tn_sim_ctx *ctx);
const char *tn_sim_reason(int status);
void tn_sim_reply_json(struct tn_sim_reply *reply, int status,
    const struct tn_value *body);
void tn_sim_reply_header(struct tn_sim_reply *reply, const char *name, const char *format,
    ...) TN_PRINTF(3, 4);

/* --- query.c --- */

/* Decodes into ctx->query; false after a refusal. keys ends with NULL; NULL: any key. */
bool tn_sim_query_parse(struct tn_sim_ctx *ctx, struct tn_span text,
    const char *const *keys);
const char *tn_sim_query_get(const struct tn_sim_ctx *ctx, const char *key);
enum tn_sim_choice { TN_SIM_ANY, TN_SIM_YES, TN_SIM_NO };
bool tn_sim_query_bool(struct tn_sim_ctx *ctx, const char *key, enum tn_sim_choice *out);

struct tn_sim_page {
	size_t page, per_page;
};
bool tn_sim_query_page(struct tn_sim_ctx *ctx, size_t otherwise, struct tn_sim_page *out);
/*
 * {KEY: items of the page, "total", "page", "per_page"} with the keys left out as
 * recorded, or all of them; {KEY, "total", "start", "limit"} in the older dialect.
 */
struct tn_value *tn_sim_page_open(struct tn_sim_ctx *ctx, const char *key,
    struct tn_value **items);
bool tn_sim_page_holds(const struct tn_sim_page *page, size_t i);
void tn_sim_page_close(struct tn_sim_ctx *ctx, struct tn_value *envelope,
    const struct tn_value *items, size_t total, const struct tn_sim_page *page);
void tn_sim_page_close_whole(struct tn_sim_ctx *ctx, struct tn_value *envelope,
    const struct tn_value *items, size_t total, const struct tn_sim_page *page);
void tn_sim_page_close_older(struct tn_sim_ctx *ctx, struct tn_value *envelope,
    size_t total, const struct tn_sim_page *page);

/* --- check.c: what the gateway's schemas refuse --- */

struct tn_sim_key {
	const char *name; /* NULL ends the list */
	enum tn_value_kind kind;
	bool required;
};

/* where is "" for the body itself, else "secrets[0]". open: other keys are let through.
 */
bool tn_sim_check(struct tn_sim_ctx *ctx, const struct tn_value *value, const char *where,
    const struct tn_sim_key *keys, bool open);
/* Every item of the array at that key of the body, if there is one. */
bool tn_sim_check_items(struct tn_sim_ctx *ctx, const char *key,
    const struct tn_sim_key *keys, bool open);
/* Absent, empty, {} or null, else refused. */
bool tn_sim_check_no_body(struct tn_sim_ctx *ctx);
/* text of that key is no longer than that, in characters, where it is there. */
bool tn_sim_check_length(struct tn_sim_ctx *ctx, const struct tn_value *object,
    const char *where, const char *key, size_t max);
bool tn_sim_is_uuid(const char *text);

/* --- draft.c: from a checked body to content --- */

/* What is written: its words and limits. */
struct tn_sim_subject {
	const char *noun;    /* "an action" */
	const char *request; /* "CreateActionRequest" */
	size_t secret_name;  /* characters */
};

/*
 * Dependencies and secrets of the body into matter, or those of old where the body has
 * none; registry: with their registries.
 */
bool tn_sim_draft_lists(struct tn_sim_ctx *ctx, const struct tn_sim_subject *subject,
    const struct tn_sim_content *old, bool registry, int64_t stamp,
    struct tn_sim_matter *matter);
/* old NULL: a new action. *out is owned by the caller. */
bool tn_sim_draft_make(struct tn_sim_ctx *ctx, const struct tn_sim_action *old,
    const struct tn_sim_trigger *trigger, int64_t stamp, struct tn_sim_matter **out);
void tn_sim_draft_build(struct tn_sim_ctx *ctx, struct tn_sim_action *action);

/* --- show.c: objects as the API prints them --- */

struct tn_value *tn_sim_show_action(struct tn_arena *arena,
    const struct tn_sim_action *action, int64_t at);
/* answer: as the call that made it shows it, live or not. */
struct tn_value *tn_sim_show_version(struct tn_arena *arena,
    const struct tn_sim_action *action, const struct tn_sim_version *version, int64_t at,
    bool answer);
struct tn_value *tn_sim_show_binding(struct tn_arena *arena, const char *trigger,
    const struct tn_sim_binding *binding, const struct tn_sim_action *action, int64_t at);
struct tn_value *tn_sim_show_dependencies(struct tn_arena *arena,
    const struct tn_sim_content *content, bool registry);
void tn_sim_show_time(struct tn_arena *arena, struct tn_value *object, const char *key,
    int64_t unix_ns);
/* stale not 0: the time that all of them show. */
struct tn_value *tn_sim_show_secrets(struct tn_arena *arena,
    const struct tn_sim_content *content, int64_t stale);

/* --- auth.c --- */

/* Reads the Authorization header into ctx->bearer; refuses nothing yet. */
void tn_sim_bearer_read(struct tn_sim_ctx *ctx);
/* scope NULL: any good token will do. */
bool tn_sim_authorize(struct tn_sim_ctx *ctx, const char *scope);
const char *tn_sim_token(const struct tn_sim *sim, struct tn_arena *arena,
    const char *client, const char *audience, const char *scope, int64_t now,
    int64_t expires);
/* The URL is of this tenant's domain (of any where it has none) and has that path. */
bool tn_sim_is_ours(const struct tn_sim *sim, const char *url, const char *path);
bool tn_sim_audience_fits(const struct tn_sim *sim, const char *audience);

/* --- assertion.c --- */

/* The assertion is signed with the client's key, for us, now, and is new. */
bool tn_sim_assertion_proves(struct tn_sim_ctx *ctx, const struct tn_sim_client *client,
    const char *type, const char *assertion);

/* --- oauth.c --- */

/* In the shape of the token endpoint; false for a status that it does not answer so. */
bool tn_sim_oauth_refuse(struct tn_sim_ctx *ctx, int status);
void tn_sim_quotas_clear(struct tn_sim *sim);
void tn_sim_quotas_copy(struct tn_sim *to, const struct tn_sim *from);
#define TN_SIM_ALL_SCOPES "read:actions create:actions update:actions delete:actions"

/* --- handlers --- */

void tn_sim_oauth_token(struct tn_sim_ctx *ctx);
void tn_sim_actions_list(struct tn_sim_ctx *ctx);
void tn_sim_actions_create(struct tn_sim_ctx *ctx);
void tn_sim_actions_get(struct tn_sim_ctx *ctx);
void tn_sim_actions_update(struct tn_sim_ctx *ctx);
void tn_sim_actions_delete(struct tn_sim_ctx *ctx);
void tn_sim_actions_deploy(struct tn_sim_ctx *ctx);
void tn_sim_actions_test(struct tn_sim_ctx *ctx);
void tn_sim_versions_list(struct tn_sim_ctx *ctx);
void tn_sim_versions_get(struct tn_sim_ctx *ctx);
void tn_sim_versions_deploy(struct tn_sim_ctx *ctx);
void tn_sim_triggers_list(struct tn_sim_ctx *ctx);
void tn_sim_executions_get(struct tn_sim_ctx *ctx);
void tn_sim_modules_list(struct tn_sim_ctx *ctx);
void tn_sim_modules_create(struct tn_sim_ctx *ctx);
void tn_sim_modules_get(struct tn_sim_ctx *ctx);
void tn_sim_modules_update(struct tn_sim_ctx *ctx);
void tn_sim_modules_delete(struct tn_sim_ctx *ctx);
void tn_sim_modules_actions(struct tn_sim_ctx *ctx);
void tn_sim_modules_rollback(struct tn_sim_ctx *ctx);
void tn_sim_module_versions_list(struct tn_sim_ctx *ctx);
void tn_sim_module_versions_get(struct tn_sim_ctx *ctx);
void tn_sim_module_versions_publish(struct tn_sim_ctx *ctx);
void tn_sim_bindings_list(struct tn_sim_ctx *ctx);
void tn_sim_bindings_set(struct tn_sim_ctx *ctx);

/*
 * A version of that content, put live; the action's lock-step of numbers and visibility
 * is kept here. Owned by the action.
 */
struct tn_sim_version *tn_sim_version_make(struct tn_sim_ctx *ctx,
    struct tn_sim_action *action, struct tn_sim_matter *matter);

#endif
