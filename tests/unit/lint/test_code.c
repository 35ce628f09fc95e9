/*
 * Checks of code: each row is a text, and the findings in it as they must be, one after
 * the other: a letter for the severity, the code and the place, "E missing-handler 1:1".
 * A place of the declaration is "=".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "lint/code.h"

static const struct tn_secret_ref secrets[] = { { .name = "KEY" }, { .name = "TOKEN" } };
static const struct tn_dependency dependencies[] = { { "axios", "1.7.2", NULL },
	{ "@scope/pkg", "1.0.0", NULL } };
static const struct tn_want_use modules[] = { { .name = "greeter" } };

/* The handler of post-login around a text. */
#define LOGIN(body) "exports.onExecutePostLogin = async (event, api) => {" body "}"

struct declared {
	const char *trigger; /* NULL: a module */
	size_t n_secrets, n_dependencies, n_modules;
	unsigned unstated;
	bool whatever_unused; /* findings about what is not used are left out */
};

static void
findings(struct tn_span text, const struct declared *declared, struct tn_str *out)
{
	const struct tn_trigger trigger = { declared->trigger, "v2" };
	const struct tn_content content = {
		.secrets = secrets,
		.n_secrets = declared->n_secrets,
		.dependencies = dependencies,
		.n_dependencies = declared->n_dependencies,
	};
	const struct tn_code_subject subject = {
		.kind = declared->trigger != NULL ? "action" : "module",
		.name = "x",
		.mark = { "tenon.yaml", 7, 3 },
		.text = text,
		.file = "x.js",
		.trigger = declared->trigger != NULL ? &trigger : NULL,
		.content = &content,
		.modules = modules,
		.n_modules = declared->n_modules,
		.unstated = declared->unstated,
	};
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	tn_code_lint(&subject, diags);
	for (size_t i = 0; i < tn_diags_count(diags); i++) {
		const struct tn_diag *diag = tn_diags_at(diags, i);

		if (declared->whatever_unused && tn_text_starts(diag->code, "unused-"))
			continue;
		tn_str_addf(out, "%s%s %s ", out->len > 0 ? ", " : "",
		    diag->severity == TN_SEVERITY_ERROR ? "E" : "W", diag->code);
		if (tn_text_equal(diag->mark.file, "tenon.yaml"))
			tn_str_add(out, "=");
		else
			tn_str_addf(out, "%u:%u", diag->mark.line, diag->mark.col);
		if (i < TN_DIAGS_MAX) {
			assert_non_null(diag->hint);
			assert_non_null(diag->resource);
		}
	}
}

static void
expect(const char *text, const struct declared *declared, const char *expected)
{
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;

	findings(tn_span(text), declared, &found);
	if (!tn_span_is(tn_str_span(&found), expected))
		fail_msg("%s\n  gives    %s\n  expected %s", text, tn_str_text(&found),
		    expected);
}

struct row {
	const char *text;
	const char *expected;
};

static void
check(const struct row *rows, size_t n, const struct declared *declared)
{
	for (size_t i = 0; i < n; i++)
		expect(rows[i].text, declared, rows[i].expected);
}

#define CHECK(rows, ...) \
	check(rows, TN_ARRAY_LEN(rows), &(const struct declared){ __VA_ARGS__ })
#define NOTHING ""

static void
forms_of_exporting(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "exports.onExecutePostLogin = async (event, api) => {}", NOTHING },
		{ "exports.onContinuePostLogin = f", NOTHING },
		{ "exports['onExecutePostLogin'] = f", NOTHING },
		{ "module.exports.onExecutePostLogin = f", NOTHING },
		{ "module.exports['onExecutePostLogin'] = f", NOTHING },
		{ "module.exports = { onExecutePostLogin }", NOTHING },
		{ "module.exports = { a: {b, c}, onExecutePostLogin: f }", NOTHING },
		{ "module.exports = { async onExecutePostLogin(event, api) {} }",
		    NOTHING },
		{ "module.exports = { 'onExecutePostLogin': f }", NOTHING },
		{ "module.exports = exports = { onExecutePostLogin }", NOTHING },
		{ "exports = module.exports = { onExecutePostLogin }", NOTHING },
		{ "Object.defineProperty(exports, 'onExecutePostLogin', {value: f})",
		    NOTHING },
		{ "this.onExecutePostLogin = f", NOTHING },
		{ "0 && (module.exports = {onExecutePostLogin})", NOTHING },
	};

	CHECK(rows, .trigger = "post-login");
}

static void
code_that_surely_exports_no_handler(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "", "E missing-handler 1:1" },
		{ "hello()", "E missing-handler 1:1" },
		{ "async function onExecutePostLogin(event, api) {}",
		    "E missing-handler 1:1" },
		{ "exports.onExecutePostlogin = f", "E missing-handler 1:1" },
		{ "exports.onExecuteCredentialsExchange = f", "E missing-handler 1:1" },
		{ "module.exports = { a: { onExecutePostLogin } }",
		    "E missing-handler 1:1" },
		{ "// exports.onExecutePostLogin = f", "E missing-handler 1:1" },
		{ "x.exports.onExecutePostLogin = f", "E missing-handler 1:1" },
	};

	CHECK(rows, .trigger = "post-login");
}

static void
code_that_may_export_a_handler(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "module.exports = make()", "W unclear-handler 1:1" },
		{ "module.exports = async (event) => {}", "W unclear-handler 1:1" },
		{ "module.exports = { ...rest }", "W unclear-handler 1:1" },
		{ "exports[name] = f", "W unclear-handler 1:1" },
		{ "Object.assign(exports, all)", "W unclear-handler 1:1" },
		{ "eval(code)", "W unclear-handler 1:1" },
		/* Named at least: enough for silence. */
		{ "Object.assign(exports, { onExecutePostLogin })", NOTHING },
		{ "module.exports = make('onExecutePostLogin')", NOTHING },
	};

	CHECK(rows, .trigger = "post-login");
}

static void
handlers_of_triggers(void **state TN_UNUSED)
{
	static const struct {
		const char *trigger, *handler;
	} rows[] = {
		{ "credentials-exchange", "onExecuteCredentialsExchange" },
		{ "pre-user-registration", "onExecutePreUserRegistration" },
		{ "post-user-registration", "onExecutePostUserRegistration" },
		{ "post-change-password", "onExecutePostChangePassword" },
		{ "send-phone-message", "onExecuteSendPhoneMessage" },
		{ "password-reset-post-challenge", "onContinuePostChallenge" },
		{ "login-post-identifier", "onExecutePostIdentifier" },
		{ "custom-phone-provider", "onExecuteCustomPhoneProvider" },
		{ "custom-email-provider", "onExecuteCustomEmailProvider" },
		{ "custom-token-exchange", "onExecuteCustomTokenExchange" },
		{ "event-stream", "onExecuteEventStream" },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(rows); i++) {
		const struct declared declared = { .trigger = rows[i].trigger };
		TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

		tn_str_addf(&code, "exports.%s = f", rows[i].handler);
		expect(tn_str_text(&code), &declared, NOTHING);
		expect("exports.x = f", &declared, "E missing-handler 1:1");
	}
	expect("x()", &(const struct declared){ .trigger = "a-new-trigger" }, NOTHING);
	expect("x()", &(const struct declared){ .trigger = NULL }, NOTHING);
}

static void
secrets_that_are_not_declared(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ LOGIN("f(event.secrets.NEW)"), "E undeclared-secret 1:69" },
		{ LOGIN("\n  f(event.secrets.NEW)"), "E undeclared-secret 2:19" },
		{ LOGIN("f(event.secrets['NEW'])"), "E undeclared-secret 1:69" },
		{ LOGIN("f(event.secrets[`NEW`])"), "E undeclared-secret 1:69" },
		{ LOGIN("f(event.secrets?.NEW)"), "E undeclared-secret 1:70" },
		{ LOGIN("f(event?.secrets?.['NEW'])"), "E undeclared-secret 1:72" },
		{ LOGIN("f(`${event.secrets.NEW}`)"), "E undeclared-secret 1:72" },
		{ LOGIN("const {NEW, KEY: k} = event.secrets"),
		    "E undeclared-secret 1:60" },
		{ LOGIN("({NEW} = event.secrets)"), "E undeclared-secret 1:55" },
		{ LOGIN("f(event.secrets.NEW); g(event.secrets.NEW)"),
		    "E undeclared-secret 1:69" },
		{ LOGIN("f(event.secrets.B); f(event.secrets.A)"),
		    "E undeclared-secret 1:69, E undeclared-secret 1:89" },
		{ "exports.onExecutePostLogin = async (e) => { f(e.secrets.NEW) }",
		    "E undeclared-secret 1:57" },
		{ "exports.onExecutePostLogin = async e => { f(e.secrets.NEW) }",
		    "E undeclared-secret 1:55" },
		{ "exports.onExecutePostLogin = async function (e) { f(e.secrets.NEW) }",
		    "E undeclared-secret 1:63" },
		{ "module.exports = { onExecutePostLogin(e) { f(e.secrets.NEW) } }",
		    "E undeclared-secret 1:56" },
		{ LOGIN("f(event.secrets.KEY, event.secrets.TOKEN)"), NOTHING },
	};

	CHECK(rows, .trigger = "post-login", .n_secrets = 2, .whatever_unused = true);
}

/* Code that asks whether a secret is there can do without; other objects have secrets
 * too. */
static void
secrets_that_may_be_left_out(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ LOGIN("if (event.secrets.NEW) f()"), "W doubtful-secret 1:71" },
		{ LOGIN("f(event.secrets.NEW || 'x')"), "W doubtful-secret 1:69" },
		{ LOGIN("f(event.secrets.NEW ?? 'x')"), "W doubtful-secret 1:69" },
		{ LOGIN("f(!event.secrets.NEW)"), "W doubtful-secret 1:70" },
		{ LOGIN("f(event.secrets.NEW ? 1 : 2)"), "W doubtful-secret 1:69" },
		{ LOGIN("f(event.secrets.NEW === undefined)"), "W doubtful-secret 1:69" },
		{ LOGIN("f(event.secrets.NEW?.length)"), "W doubtful-secret 1:69" },
		{ LOGIN("if (event.secrets.NEW) f(event.secrets.NEW)"),
		    "W doubtful-secret 1:71" },
		{ LOGIN("const {NEW = 'x'} = event.secrets"), "W doubtful-secret 1:60" },
		{ LOGIN("const s = event.secrets; f(s.NEW)"), "W doubtful-secret 1:82" },
		{ LOGIN("const {secrets} = event; f(secrets.NEW)"),
		    "W doubtful-secret 1:88" },
		{ LOGIN("const {secrets: {NEW}} = event"), "W doubtful-secret 1:70" },
		{ LOGIN("if ('NEW' in event.secrets) f()"), NOTHING },
		{ LOGIN("f(vault.secrets.NEW)"), NOTHING },
		{ LOGIN("const {secrets} = vault; f(secrets.NEW)"), NOTHING },
		{ LOGIN("f(secrets.NEW)"), NOTHING },
		{ LOGIN("f(event.secrets.hasOwnProperty('NEW'))"), NOTHING },
		{ LOGIN("f(event.secrets[name])"), NOTHING },
		{ LOGIN("f(event.secrets.N\\u0045W)"), NOTHING },
		{ LOGIN("/* event.secrets.NEW */ f('event.secrets.NEW')"), NOTHING },
	};

	CHECK(rows, .trigger = "post-login");
}

static void
secrets_that_are_not_used(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ LOGIN("f(event.user)"), "W unused-secret =, W unused-secret =" },
		{ LOGIN("f(event.secrets.KEY)"), "W unused-secret =" },
		{ LOGIN("f(event.secrets.KEY, event.secrets['TOKEN'])"), NOTHING },
		{ LOGIN("const {KEY, TOKEN} = event.secrets"), NOTHING },
		{ LOGIN("const {KEY, ...rest} = event.secrets"), NOTHING },
		{ LOGIN("const s = event.secrets; f(s.KEY, s.TOKEN)"), NOTHING },
		/* Nobody sees what becomes of them. */
		{ LOGIN("f(event.secrets)"), NOTHING },
		{ LOGIN("f(event)"), NOTHING },
		{ LOGIN("f({event})"), NOTHING },
		{ LOGIN("f(event.secrets[name])"), NOTHING },
		{ LOGIN("f(Object.keys(event.secrets))"), NOTHING },
		{ LOGIN("const s = event.secrets; f(s)"), NOTHING },
		{ "exports.onExecutePostLogin = async ({ secrets }) => { f(secrets) }",
		    NOTHING },
		{ "exports.onExecutePostLogin = handler", NOTHING },
		{ "exports.onExecutePostLogin = async (e) => { help(e) }", NOTHING },
	};

	CHECK(rows, .trigger = "post-login", .n_secrets = 2);
	expect(LOGIN("f(event.user)"),
	    &(const struct declared){ .trigger = "post-login",
		.n_secrets = 2,
		.unstated = TN_PART_SECRETS },
	    NOTHING);
}

static void
modules_name_their_secrets_otherwise(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "exports.f = () => actions.secrets.NEW",
		    "E undeclared-secret 1:35, W unused-secret =" },
		{ "exports.f = () => actions.secrets.KEY", NOTHING },
		{ "exports.f = (event) => event.secrets.NEW", NOTHING },
	};

	CHECK(rows, .trigger = NULL, .n_secrets = 1);
}

static void
packages(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "const a = require('axios'); const b = require('@scope/pkg/sub')",
		    NOTHING },
		{ "const a = require('axios')", "W unused-dependency =" },
		{ "", "W unused-dependency =, W unused-dependency =" },
		{ "const a = await import('axios'), b = require(`@scope/pkg`)", NOTHING },
		{ "const r = require(name)", NOTHING },
		{ "const p = require.resolve('axios')", NOTHING },
		{ "const a = import(name)", NOTHING },
	};

	CHECK(rows, .trigger = "a-new-trigger", .n_dependencies = 2);
	expect("",
	    &(const struct declared){ .trigger = "a-new-trigger",
		.n_dependencies = 2,
		.unstated = TN_PART_DEPENDENCIES },
	    NOTHING);
}

static void
packages_that_are_not_declared(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "const a = require('new')", "E undeclared-dependency 1:19" },
		{ "const {a, b} = require('new/sub')", "E undeclared-dependency 1:24" },
		{ "let a = require('@new/x').y", "E undeclared-dependency 1:17" },
		{ "function f() { require('new') }\nconst a = require('new')",
		    "E undeclared-dependency 2:19" },
		/* Whether these are reached is not seen. */
		{ "f(() => { const a = require('new') })", "W doubtful-dependency 1:29" },
		{ "try { a = require('new') } catch {}", "W doubtful-dependency 1:19" },
		{ "if (x) var a = require('new')", "W doubtful-dependency 1:24" },
		{ "const a = x && require('new')", "W doubtful-dependency 1:24" },
		{ "const a = await import('new')", "W doubtful-dependency 1:24" },
		{ "const a = require('axios-retry'), b = require('axios/lib')",
		    "E undeclared-dependency 1:19" },
		/* Nothing that could be declared. */
		{ "const a = require('fs'), b = require('node:test'), c = "
		  "require('fs/promises')",
		    NOTHING },
		{ "const a = require('./x'), b = require('../x'), c = require('/x')",
		    NOTHING },
		{ "const a = require('')", NOTHING },
		{ "x.require('new')", NOTHING },
		{ "// require('new')\n'require(\"new\")'", NOTHING },
		{ "const a = require('n\\u0065w')", NOTHING },
		{ "function require(x) {} const a = require('new')", NOTHING },
		{ "(function (require) {})(x); const a = require('new')", NOTHING },
	};

	CHECK(rows, .trigger = "a-new-trigger", .n_dependencies = 1,
	    .whatever_unused = true);
}

static void
modules_of_the_platform(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "const g = require('actions:greeter')", NOTHING },
		{ "const {greet} = require('actions:greeter').x", NOTHING },
		{ "", "W unused-module =" },
		{ "const g = require('actions:new')",
		    "E undeclared-module 1:19, W unused-module =" },
		{ "f(() => require('actions:new'), require('actions:greeter'))",
		    "W doubtful-module 1:17" },
	};
	static const struct row in_module[] = { { "require('actions:new')", NOTHING } };

	CHECK(rows, .trigger = "a-new-trigger", .n_modules = 1);
	CHECK(in_module, .trigger = NULL);
}

static void
syntax_of_modules(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "import a from 'b'", "E module-syntax 1:1" },
		{ "\nexport const onExecutePostLogin = f", "E module-syntax 2:1" },
		{ "import a from 'b'; export default a", "E module-syntax 1:1" },
		{ LOGIN("const a = await import('fs')"), NOTHING },
		{ LOGIN("x.import = x.export"), NOTHING },
	};

	CHECK(rows, .trigger = "post-login");
}

static void
text_that_is_no_javascript(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ LOGIN("f(event.secrets.NEW"), "E invalid-javascript 1:72" },
		{ "f('\xc3\xa4', 'x\n)", "E invalid-javascript 1:8" },
		{ "{\n\t(]\n}", "E invalid-javascript 2:3" },
	};
	const struct declared declared = { .trigger = "post-login" };

	check(rows, TN_ARRAY_LEN(rows), &declared);
}

/* What everybody wrote: each text is of an action that runs. */
static void
usual_code_is_in_order(void **state TN_UNUSED)
{
	static const struct row rows[] = {
		{ "/**\n * @param {Event} event\n */\n"
		  "const axios = require('axios');\n"
		  "const { createHmac } = require('node:crypto');\n"
		  "const pkg = require('@scope/pkg');\n"
		  "exports.onExecutePostLogin = async (event, api) => {\n"
		  "  const { KEY, TOKEN } = event.secrets;\n"
		  "  if (/^[a-z]+\\/x$/i.test(event.user.name)) return;\n"
		  "  const { data } = await axios.get(`https://x/${event.user.user_id}`, {\n"
		  "    headers: { authorization: `Bearer ${KEY}` },\n  });\n"
		  "  api.idToken.setCustomClaim('x', pkg(data, TOKEN));\n};\n"
		  "exports.onContinuePostLogin = async (event, api) => {};\n",
		    NOTHING },
		{ "\"use strict\";\n"
		  "Object.defineProperty(exports, \"__esModule\", { value: true });\n"
		  "exports.onExecutePostLogin = void 0;\n"
		  "const axios_1 = require(\"axios\");\n"
		  "const pkg = __importStar(require(\"@scope/pkg\"));\n"
		  "const onExecutePostLogin = async (event, api) => {\n"
		  "  await axios_1.default.get(event.secrets.KEY, event.secrets.TOKEN, pkg);\n};\n"
		  "exports.onExecutePostLogin = onExecutePostLogin;\n",
		    NOTHING },
		{ "var __toCommonJS = (mod) => __copyProps(__defProp({}, \"x\", { value: true }), "
		  "mod);\nvar src = {};\n"
		  "__export(src, { onExecutePostLogin: () => onExecutePostLogin });\n"
		  "module.exports = __toCommonJS(src);\nvar a = require(\"axios\"), b = "
		  "require(\"@scope/pkg\");\n"
		  "var onExecutePostLogin = async (event, api) => { use(event); };\n"
		  "0 && (module.exports = {\n  onExecutePostLogin\n});\n",
		    NOTHING },
	};

	CHECK(rows, .trigger = "post-login", .n_secrets = 2, .n_dependencies = 2);
}

/* Many names, each wrong and each another: every one has a place, found in one walk. */
static void
hostile_code_has_an_answer_soon(void **state TN_UNUSED)
{
	const struct declared declared = { .trigger = "post-login" };
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str found = TN_STR_INIT;
	clock_t start = clock();

	for (int i = 0; i < 30000; i++)
		tn_str_addf(&code, "f(event.secrets.S%d,require('p%d'));", i, i);
	findings(tn_str_span(&code), &declared, &found);
	assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_exporting),
		cmocka_unit_test(code_that_surely_exports_no_handler),
		cmocka_unit_test(code_that_may_export_a_handler),
		cmocka_unit_test(handlers_of_triggers),
		cmocka_unit_test(secrets_that_are_not_declared),
		cmocka_unit_test(secrets_that_may_be_left_out),
		cmocka_unit_test(secrets_that_are_not_used),
		cmocka_unit_test(modules_name_their_secrets_otherwise),
		cmocka_unit_test(packages),
		cmocka_unit_test(packages_that_are_not_declared),
		cmocka_unit_test(modules_of_the_platform),
		cmocka_unit_test(syntax_of_modules),
		cmocka_unit_test(text_that_is_no_javascript),
		cmocka_unit_test(usual_code_is_in_order),
		cmocka_unit_test(hostile_code_has_an_answer_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
