/*
 * A saved plan: whatever the file says, it is refused with words, or it is one that can
 * be compared with any other. An input may leave the digest to us, or it would never get
 * far.
 */
#include "fuzz.h"

#include "json/json.h"
#include "plan/digest.h"
#include "plan/saved.h"
#include "report/report.h"

/* A tenant with one of everything, to compare with. */
static void
compare(const struct tn_saved_plan *saved)
{
	static const struct tn_secret_change secret = { .kind = TN_SECRET_CHANGE,
		.name = "KEY",
		.fingerprint = "f1" };
	static const struct tn_secret_ref refs[] = { { .name = "KEY" } };
	static const struct tn_want_action wanted = { .name = "greet",
		.trigger = { "post-login", "v3" },
		.content = { .code = "a", .secrets = refs, .n_secrets = 1 } };
	static const struct tn_live_action live = { .id = "1",
		.name = "greet",
		.draft = { .code = "b" },
		.has_live = true,
		.live = { .id = "v", .number = 1, .content = { .code = "b" } } };
	struct tn_change change = { .kind = TN_CHANGE_UPDATE,
		.want = &wanted,
		.live = &live,
		.secrets = &secret,
		.n_secrets = 1 };
	struct tn_flow_change flow = { .trigger = "post-login", .differs = true };
	const struct tn_diff diff = { .changes = &change,
		.n_changes = 1,
		.flows = &flow,
		.n_flows = 1 };
	const struct tn_plan_input input = { .tenant = "dev",
		.provider = "auth0",
		.base_url = "https://acme.example",
		.project = "acme",
		.diff = &diff };
	TN_CLEANUP(tn_plan_freep) struct tn_plan *plan = tn_plan_build(&input);
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	size_t n;
	const struct tn_moved *moved = tn_saved_plan_moved(saved, plan, &diff, arena, &n);

	must(n > 0 || tn_text_equal(saved->digest, plan->digest));
	for (size_t i = 0; i < n; i++) {
		must_be_words(tn_moved_kind_name(moved[i].kind));
		must_be_words(moved[i].message);
		must(moved[i].resource != NULL);
	}
}

static void
show(const struct tn_saved_plan *saved)
{
	const struct tn_report_options options = { .colour = false };
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_report_saved(saved, &options, &text);
	must_be_words(tn_str_text(&text));
}

static void
read_plan(struct tn_span bytes)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_saved_plan_freep) struct tn_saved_plan *saved = NULL;
	char digest[65];
	int r = tn_saved_plan_read(bytes, &saved, &err);

	must_be_told(r, &err);
	must((r == 0) == (saved != NULL));
	if (r < 0)
		return;
	tn_core_digest(saved->core, digest);
	must(tn_text_equal(digest, saved->digest));
	must(saved->tenant != NULL && saved->base_url != NULL && saved->project != NULL);
	compare(saved);
	show(saved);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_str_done) struct tn_str mended = TN_STR_INIT;
	struct tn_span span = tn_span_of((const char *)bytes, len);
	struct tn_value *file;
	char digest[65];

	read_plan(span);
	if (tn_json_parse(arena, span, NULL, &file, NULL) < 0 ||
	    !tn_value_is(file, TN_VALUE_OBJECT) || tn_value_get(file, "plan") == NULL ||
	    tn_value_get(file, "digest") != NULL)
		return 0;
	tn_core_digest(tn_value_get(file, "plan"), digest);
	tn_value_set_text(arena, file, "digest", digest);
	tn_json_write(file, &mended);
	read_plan(tn_str_span(&mended));
	return 0;
}
