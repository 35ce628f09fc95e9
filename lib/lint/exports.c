/* Whether the code exports what its trigger calls. */
#include "lint/code.h"

#include <string.h>

#include "base/text.h"

/*
 * The names that the platform looks for among the exports: the documentation of each
 * trigger at auth0.com/docs/customize/actions/explore-triggers, and for custom-*,
 * event-stream and the onContinue… ones the type declarations that Auth0 publishes for
 * actions (@auth0/actions/TRIGGER/VERSION). login-post-identifier is known from published
 * actions only. Of other triggers nothing is known, and nothing checked. Before v2 the
 * first triggers called module.exports itself.
 */
static const struct trigger {
	const char *id;
	bool since_v2;
	const char *handlers[2];
} triggers[] = {
	{ "post-login", true, { "onExecutePostLogin", "onContinuePostLogin" } },
	{ "credentials-exchange", true, { "onExecuteCredentialsExchange" } },
	{ "pre-user-registration", true,
	    { "onExecutePreUserRegistration", "onContinuePreUserRegistration" } },
	{ "post-user-registration", true, { "onExecutePostUserRegistration" } },
	{ "post-change-password", true, { "onExecutePostChangePassword" } },
	{ "send-phone-message", true, { "onExecuteSendPhoneMessage" } },
	{ "password-reset-post-challenge", false,
	    { "onExecutePostChallenge", "onContinuePostChallenge" } },
	{ "login-post-identifier", false, { "onExecutePostIdentifier" } },
	{ "custom-phone-provider", false, { "onExecuteCustomPhoneProvider" } },
	{ "custom-email-provider", false, { "onExecuteCustomEmailProvider" } },
	{ "custom-token-exchange", false, { "onExecuteCustomTokenExchange" } },
	{ "event-stream", false, { "onExecuteEventStream" } },
};

static const struct trigger *
find_trigger(const struct tn_trigger *trigger)
{
	for (size_t i = 0; trigger != NULL && i < TN_ARRAY_LEN(triggers); i++) {
		if (tn_text_equal(triggers[i].id, trigger->id))
			return triggers[i].since_v2 &&
				tn_text_equal(trigger->version, "v1")
			    ? NULL
			    : &triggers[i];
	}
	return NULL;
}

static bool
is_handler(const struct tn_code *code, struct tn_span name)
{
	const struct trigger *trigger = find_trigger(code->about->trigger);

	for (size_t i = 0; trigger != NULL && i < 2; i++) {
		if (trigger->handlers[i] != NULL &&
		    tn_span_is(name, trigger->handlers[i]))
			return true;
	}
	return false;
}

void
tn_code_see_handler(struct tn_code *code, struct tn_span name)
{
	if (name.len > 2 && memcmp(name.ptr, "on", 2) == 0 && is_handler(code, name))
		code->mentions_handler = true;
}

/* The first parameter of a function that begins here is what it calls its event. */
static void
learn_root(struct tn_code *code, size_t i)
{
	if (tn_code_is_name(code, i, "async"))
		i++;
	if (tn_code_at(code, i)->id == TN_JS_FUNCTION) {
		i++;
		if (tn_code_at(code, i)->kind == TN_JS_NAME)
			i++;
		if (tn_code_at(code, i)->id != TN_JS_PAREN_OPEN)
			return;
	}
	if (tn_code_at(code, i)->id == TN_JS_PAREN_OPEN)
		i++;
	else if (tn_code_at(code, i + 1)->id != TN_JS_ARROW)
		return;
	if (tn_code_at(code, i)->kind == TN_JS_NAME)
		tn_code_add_name(&code->roots, tn_code_text(code, i));
}

/* value: where what is exported begins. */
static void
add_export(struct tn_code *code, struct tn_span name, size_t value)
{
	if (is_handler(code, name)) {
		code->exports_handler = true;
		learn_root(code, value);
	} else if (name.len > 2 && memcmp(name.ptr, "on", 2) == 0) {
		code->exported = name;
	}
}

static void
add_key(struct tn_code *code, size_t key, void *arg TN_UNUSED)
{
	struct tn_span name;

	if (key == SIZE_MAX) {
		code->exports_unclear = true;
		return;
	}
	if (!tn_code_literal(code, key, &name))
		name = tn_code_text(code, key);
	/* A method's parameters follow at once, a value behind its colon. */
	add_export(code, name,
	    tn_code_at(code, key + 1)->id == TN_JS_COLON ? key + 2 : key + 1);
}

/* Behind `module.exports =`. */
static void
assign_all(struct tn_code *code, size_t value)
{
	if (tn_code_is_name(code, value, "exports") &&
	    tn_code_at(code, value + 1)->id == TN_JS_EQUALS)
		value += 2;
	if (tn_code_at(code, value)->id == TN_JS_BRACE_OPEN)
		tn_code_keys(code, value, add_key, NULL);
	else
		code->exports_unclear = true;
}

/* `exports =` alone says something only together with module.exports. */
static bool
is_chained(const struct tn_code *code, size_t i)
{
	return (tn_code_is_name(code, i + 2, "module") && tn_code_is_dot(code, i + 3)) ||
	    (tn_code_at(code, i - 1)->id == TN_JS_EQUALS &&
		tn_code_is_name(code, i - 2, "exports"));
}

/* Object.defineProperty(exports, "name", …) */
static bool
is_definition(const struct tn_code *code, size_t i, struct tn_span *name)
{
	return tn_code_is_name(code, i - 2, "defineProperty") &&
	    tn_code_at(code, i - 1)->id == TN_JS_PAREN_OPEN &&
	    tn_code_at(code, i + 1)->id == TN_JS_COMMA &&
	    tn_code_literal(code, i + 2, name);
}

void
tn_code_see_export(struct tn_code *code, size_t i)
{
	bool this = tn_code_at(code, i)->id == TN_JS_THIS;
	bool module = tn_code_is_name(code, i, "module");
	size_t next = i + 1;
	struct tn_span name;

	if (module) {
		if (tn_code_is_dot(code, next) &&
		    !tn_code_is_name(code, next + 1, "exports"))
			return;
		if (!tn_code_is_dot(code, next)) {
			code->exports_unclear = true;
			return;
		}
		next += 2;
	}
	if (tn_code_is_dot(code, next))
		add_export(code, tn_code_text(code, next + 1), next + 3);
	else if (this)
		return;
	else if (tn_code_at(code, next)->id == TN_JS_BRACKET_OPEN &&
	    tn_code_literal(code, next + 1, &name))
		add_export(code, name, next + 4);
	else if (tn_code_at(code, next)->id == TN_JS_EQUALS && module)
		assign_all(code, next + 1);
	else if (!module && is_definition(code, i, &name))
		add_export(code, name, code->n);
	else if (tn_code_at(code, next)->id != TN_JS_EQUALS || !is_chained(code, i))
		code->exports_unclear = true;
}

void
tn_code_judge_exports(struct tn_code *code)
{
	const struct trigger *trigger = find_trigger(code->about->trigger);

	if (trigger == NULL || code->exports_handler || code->module_syntax)
		return;
	if (!code->exports_unclear)
		tn_code_find(code, TN_CODE_MISSING_HANDLER, 0,
		    tn_span(trigger->handlers[0]));
	else if (!code->mentions_handler)
		tn_code_find(code, TN_CODE_UNCLEAR_HANDLER, 0,
		    tn_span(trigger->handlers[0]));
}
