#include "sim/tables.h"

#include "base/str.h"

/*
 * How surely the behaviour of this simulator is that of the platform.
 *
 * Recorded: seen in real traffic, recorded by the test suites of Auth0's own tools
 * between 2023 and 2026. Documented: Auth0's OpenAPI document of June 2026, product
 * pages, official SDKs. Reported: a real body quoted in a public issue. Assumed: not
 * established; a choice that makes clients careful. Nothing may be built on an
 * assumption.
 *
 *   behaviour                                                          certainty
 *   ---------                                                          ---------
 *   shapes, key order and omitted keys of all objects and envelopes    recorded
 *   the 20 trigger rows below; their order within an id varies         recorded
 *   POST and PATCH answer "pending"; without dependencies the next     recorded
 *     read shows "built", with dependencies "building" comes between
 *   a failing build: building and retrying in turns, then failed,      recorded
 *     and no reason anywhere
 *   times of the draft and of the entity differ by milliseconds        recorded
 *   deploy answers deployed:false without built_at, is live soon after recorded
 *   deploying an unchanged draft makes another version                 recorded
 *   a version deploy makes a new version with the next number          recorded
 *   a create with deploy:true shows a pending, deployed version and    recorded
 *     all_changes_deployed:true at once; updated_at moves when built
 *   nested all_changes_deployed is always false                        recorded
 *   all_changes_deployed compares content; names do not count          recorded
 *   PATCH keeps what is left out, replaces arrays, empties on []       recorded
 *   a secret sent by name alone keeps value and time; kept names stay  recorded
 *     in place, new ones are appended; other keys of it are ignored
 *   registry_url is shown until the build is done, then forgotten      recorded
 *   setting bindings replaces the list; every binding gets a new id    recorded
 *   the same action may be bound twice                                 recorded
 *   list answers leave out page 0 and total 0; past the end no total   recorded
 *   default page sizes: actions 100, bindings 20                       recorded
 *   unknown action or execution: 404, without errorCode                recorded
 *   modules: shapes, their own envelopes with zeros, versions newest   recorded
 *     first, publishing answers 200, times in microseconds; an update
 *     answers stale times; only deployed actions count as users
 *   modules of a tenant without the feature: 403 feature_not_enabled   recorded
 *   a test run answers 200 with integer milliseconds                   recorded
 *   the bindings of an entity-bound trigger read empty (400 in 2024)   recorded
 *   403 insufficient_scope, 429, invalid_body in their wording         recorded
 *   scopes of each endpoint (deploying needs create:actions)           documented
 *   default page size of versions 20, per_page at most 100             documented
 *   unknown keys in bodies are refused                                 documented
 *   modules: limits of texts, 409 for a taken name, for a rollback to  documented
 *     the draft itself and for nothing to publish, 412 while used and
 *     when no version can make place; latest_version_number in lists
 *   executions: shape, ten days                                        documented
 *   the quota of tokens: 429 in the OAuth shape, its headers           documented
 *   limits: 100 actions, 20 bindings, 50 versions, 10 dependencies,    documented
 *     30 secrets, 128 and 4096 characters, 100 kB of code, 100 modules,
 *     3 of them in an action
 *   force=true detaches bindings and deletes                           documented
 *   update_draft copies a version into the draft                       documented
 *   a reference by binding_id                                          documented
 *   undeployed draft, binding of an undeployed, unfit or unknown       reported
 *     action, delete of a bound action, another trigger, a runtime
 *     that is not offered: status and words
 *   wrong credentials and tokens: status and words                     reported
 *   a global limit at the token endpoint: 500 (only as a fault)        reported
 *   400 for an unknown query key, such as include_totals               reported
 *   an empty or overlong secret name: words                            reported
 *   the runtime that is the trigger's default is accepted by name      assumed
 *   a taken name: 409                                                  assumed
 *   a trigger without version: the current one; more than one: 400     assumed
 *   an unknown trigger: 400                                            assumed
 *   a limit that is reached: 403 for actions, 400 for all others       assumed
 *   100 kB are 102400 bytes; counted in bytes                          assumed
 *   two dependencies or two secrets of one name: 400                   assumed
 *   a new secret without a value: 400                                  assumed
 *   all_changes_deployed turns false when only a secret was written    assumed
 *   versions newest first; an unknown version: 404                     assumed
 *   a PATCH drops the build under way                                  assumed
 *   update_draft leaves the draft "built", as its content is           assumed
 *   binding_id keeps the display name unless another is given          assumed
 *   the bindings of an entity-bound trigger cannot be set              assumed
 *   secrets of a binding are ignored                                   assumed
 *   which dependency fails: one whose version is no exact version      assumed
 *     (MAJOR.MINOR.PATCH, with a suffix if any) and not "latest"
 *   a build that fails after deploy:true: the version shows "failed"   assumed
 *     and counts as not deployed when it is to be bound
 *   marketplace actions cannot be changed or deleted: 403              assumed
 *   an HTTP body that is neither JSON nor absent: 415                  assumed
 *   "packaged" near the end of a build (only when asked for)           assumed
 *   a test run of a draft that is not built: 400; a run that succeeds  assumed
 *     answers nothing but its times
 *   the error of an execution's result is absent when all went well    assumed
 *   an hour of a token quota begins with its first token               assumed
 *   the older dialect: creation at /actions, which errors have which   assumed
 *     names, what stands in the results of a test run
 *   modules: 50 on a page of versions or actions, words of all         assumed
 *     refusals, an unknown module or version in an action: 400, kept
 *     secrets are as stale as new ones in the answer to an update, a
 *     creation with publish:true shows the version, a draft counts as
 *     a use when the module is deleted
 *   order of refusals: path, limit of rate, token, scope, query, body, assumed
 *     then what the service knows
 */

#define CURRENT    "CURRENT"
#define DEPRECATED "DEPRECATED"

const struct tn_sim_trigger tn_sim_triggers[] = {
	{ "post-login", "v3", CURRENT, { "node18-actions", "node22" }, "node22", false,
	    1 },
	{ "post-login", "v2", DEPRECATED, { "node18", "node22" }, "node16", false, -1 },
	{ "post-login", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "credentials-exchange", "v2", CURRENT, { "node18-actions", "node22" }, "node22",
	    false, -1 },
	{ "credentials-exchange", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "pre-user-registration", "v2", CURRENT, { "node18-actions", "node22" },
	    "node22", false, -1 },
	{ "pre-user-registration", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "post-user-registration", "v2", CURRENT, { "node18-actions", "node22" },
	    "node22", false, -1 },
	{ "post-user-registration", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "post-change-password", "v2", CURRENT, { "node18-actions", "node22" }, "node22",
	    false, -1 },
	{ "post-change-password", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "send-phone-message", "v2", CURRENT, { "node18-actions", "node22" }, "node22",
	    false, -1 },
	{ "send-phone-message", "v1", DEPRECATED, { "node22" }, "node12", false, -1 },
	{ "password-reset-post-challenge", "v1", CURRENT, { "node18-actions", "node22" },
	    "node22", false, -1 },
	{ "custom-phone-provider", "v1", CURRENT, { "node18-actions", "node22" },
	    "node22", false, -1 },
	{ "custom-email-provider", "v1", CURRENT, { "node18-actions", "node22" },
	    "node22", false, -1 },
	{ "custom-token-exchange", "v1", CURRENT, { "node18", "node22" }, "node22", true,
	    -1 },
	{ "event-stream", "v1", CURRENT, { "node22" }, "node22", true, -1 },
	{ "password-hash-migration", "v1", CURRENT, { "node22" }, "node22", true, -1 },
	{ "mcp-tool", "v1", CURRENT, { "node22" }, "node22", true, -1 },
};

const size_t tn_sim_n_triggers = TN_ARRAY_LEN(tn_sim_triggers);

const struct tn_sim_trigger *
tn_sim_trigger_find(const char *id, const char *version)
{
	for (size_t i = 0; i < tn_sim_n_triggers; i++) {
		const struct tn_sim_trigger *t = &tn_sim_triggers[i];

		if (!tn_text_equal(t->id, id))
			continue;
		if (version == NULL ? tn_text_equal(t->status, CURRENT)
				    : tn_text_equal(t->version, version))
			return t;
	}
	return NULL;
}

const struct tn_sim_trigger *
tn_sim_trigger_any(const char *id)
{
	for (size_t i = 0; i < tn_sim_n_triggers; i++)
		if (tn_text_equal(tn_sim_triggers[i].id, id))
			return &tn_sim_triggers[i];
	return NULL;
}

bool
tn_sim_trigger_runs(const struct tn_sim_trigger *trigger, const char *runtime)
{
	for (size_t i = 0; i < TN_SIM_MAX_RUNTIMES && trigger->runtimes[i] != NULL; i++)
		if (tn_text_equal(trigger->runtimes[i], runtime))
			return true;
	return tn_text_equal(trigger->default_runtime, runtime);
}

bool
tn_sim_trigger_may_move(const struct tn_sim_trigger *from,
    const struct tn_sim_trigger *to)
{
	return from == to ||
	    (to->compatible >= 0 && &tn_sim_triggers[to->compatible] == from);
}

const char *
tn_sim_status_name(enum tn_sim_status status)
{
	static const char *const names[] = {
		[TN_SIM_PENDING] = "pending",
		[TN_SIM_BUILDING] = "building",
		[TN_SIM_PACKAGED] = "packaged",
		[TN_SIM_RETRYING] = "retrying",
		[TN_SIM_BUILT] = "built",
		[TN_SIM_FAILED] = "failed",
	};

	return names[status];
}

const char *
tn_sim_status_upper(enum tn_sim_status status)
{
	static const char *const names[] = {
		[TN_SIM_PENDING] = "PENDING",
		[TN_SIM_BUILDING] = "BUILDING",
		[TN_SIM_PACKAGED] = "PACKAGED",
		[TN_SIM_RETRYING] = "RETRYING",
		[TN_SIM_BUILT] = "BUILT",
		[TN_SIM_FAILED] = "FAILED",
	};

	return names[status];
}
