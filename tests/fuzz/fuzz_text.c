/* Encodings and paths: what is encoded comes back, what is shown can be shown. */
#include "fuzz.h"

#include <string.h>

#include "auth0/auth0.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/time.h"
#include "base/tree.h"

static void
must_come_back(struct tn_span span)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str again = TN_STR_INIT;

	for (int url = 0; url < 2; url++) {
		tn_str_clear(&text);
		tn_str_clear(&again);
		tn_base64_encode(span, url != 0, &text);
		must(tn_base64_decode(tn_str_span(&text), &again));
		must(tn_span_equal(span, tn_str_span(&again)));
	}
	if (memchr(span.ptr, '\0', span.len) != NULL)
		return;
	tn_str_clear(&text);
	tn_str_clear(&again);
	tn_percent_encode(span, &text);
	must(tn_percent_decode(tn_str_span(&text), true, &again));
	must(tn_span_equal(span, tn_str_span(&again)));
}

static void
must_be_decoded(struct tn_span span)
{
	TN_CLEANUP(tn_str_done) struct tn_str plain = TN_STR_INIT;

	if (tn_base64_decode(span, &plain))
		must(plain.len <= span.len / 4 * 3 + 2);
	tn_str_clear(&plain);
	if (tn_percent_decode(span, false, &plain))
		must(plain.len <= span.len);
}

static void
must_be_printable(struct tn_span span)
{
	TN_CLEANUP(tn_str_done) struct tn_str shown = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str again = TN_STR_INIT;

	tn_text_printable(span, false, &shown);
	must(tn_utf8_valid(tn_str_span(&shown)));
	for (size_t i = 0; i < shown.len; i++)
		must((unsigned char)shown.ptr[i] >= ' ' && shown.ptr[i] != 0x7f);
	tn_text_printable(tn_str_span(&shown), false, &again);
	must(tn_span_equal(tn_str_span(&shown), tn_str_span(&again)));
}

static void
must_stay_inside(const char *written)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_freep) char *path = NULL;
	int r = tn_tree_resolve("actions/all/here.yaml", written, &path, &err);

	/* The words repeat what was written, as it is. */
	if (r < 0 && tn_utf8_valid(tn_span(written)))
		must_be_told(r, &err);
	if (r < 0)
		return;
	must(tn_tree_path_check(path, NULL) == 0);
	must(path[0] != '/' && path[0] != '\0');
	must(strcmp(path, "..") != 0 && strncmp(path, "../", 3) != 0);
	must(strstr(path, "/../") == NULL && !tn_text_ends(path, "/.."));
}

/* A ready token is an operator's text; what it claims is read. */
static void
read_claims(const char *text, size_t len)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *secret = tn_secret_new(text, len);
	struct tn_token token = { 0 };

	tn_auth0_provider.token_rights(secret, arena, &token);
	must(token.has_rights || token.n_rights == 0);
	for (size_t i = 0; i < token.n_rights; i++)
		must_be_words(token.rights[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	/* The text ends at the first NUL, the bytes do not. */
	TN_CLEANUP(tn_freep) char *text = tn_strndup((const char *)bytes, len);
	struct tn_span span = tn_span_of((const char *)bytes, len);

	must_come_back(span);
	must_be_decoded(span);
	must_be_printable(span);
	must_stay_inside(text);
	read_claims((const char *)bytes, len);
	return 0;
}
