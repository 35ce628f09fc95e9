/*
 * How fast code is read and checked: 20 MB, as a hundred tenants of a hundred actions
 * have it, in files of the size that the platform takes at most. Judges nothing.
 */
#include <stdio.h>
#include <time.h>

#include "base/diag.h"
#include "js/js.h"
#include "lint/lint.h"

#define FILES     200
#define FILE_SIZE 100000

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
write_code(struct tn_str *code)
{
	tn_str_add(code,
	    "const axios = require('axios');\n\n"
	    "exports.onExecutePostLogin = async (event, api) => {\n");
	for (int i = 0; code->len < FILE_SIZE - 600; i++)
		tn_str_addf(code,
		    "  // Step %d: what the directory knows about this person.\n"
		    "  if (event.user.email.endsWith('@acme.example') && /^[a-z]+-%d$/i.test("
		    "event.client.name)) {\n"
		    "    const { data } = await axios.get(`https://directory.acme.example/"
		    "${event.user.user_id}/%d`, {\n"
		    "      headers: { authorization: `Bearer ${event.secrets.API_KEY}` },\n"
		    "      timeout: 2_000,\n    });\n"
		    "    api.idToken.setCustomClaim('https://acme.example/%d', data?.department "
		    "?\?= null);\n  }\n",
		    i, i, i, i);
	tn_str_add(code, "};\n");
}

static size_t
read_tokens(const struct tn_str *code)
{
	size_t n = 0;

	for (int i = 0; i < FILES; i++) {
		TN_CLEANUP(tn_js_freep)
		struct tn_js *js = tn_js_new(tn_str_span(code), TN_JS_SCRIPT);
		struct tn_js_token token;

		while (tn_js_next(js, &token))
			n++;
	}
	return n;
}

static size_t
lint(const struct tn_str *code)
{
	static const struct tn_secret_ref secret = { .name = "API_KEY" };
	static const struct tn_dependency axios = { "axios", "1.7.2", NULL };
	const struct tn_capabilities capabilities = { .secrets = true };
	const struct tn_want_action action = {
		.name = "enrich",
		.trigger = { "post-login", "v3" },
		.code_path = "enrich.js",
		.content = { .code = tn_str_text(code),
		    .secrets = &secret,
		    .n_secrets = 1,
		    .dependencies = &axios,
		    .n_dependencies = 1 },
	};
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();

	for (int i = 0; i < FILES; i++)
		tn_lint_action(&action, &capabilities, diags);
	return tn_diags_count(diags);
}

int
main(void)
{
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;
	double start, tokens_took, lint_took, mb;
	size_t tokens, findings;

	write_code(&code);
	mb = (double)code.len * FILES / 1e6;
	start = now();
	tokens = read_tokens(&code);
	tokens_took = now() - start;
	start = now();
	findings = lint(&code);
	lint_took = now() - start;
	printf(
	    "JavaScript, %.1f MB: %zu tokens in %.0f ms (%.0f MB/s); all checks of code in "
	    "%.0f ms, %zu findings\n",
	    mb, tokens, tokens_took * 1e3, mb / tokens_took, lint_took * 1e3, findings);
	return 0;
}
