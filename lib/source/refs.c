#include "source/refs.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define SHA1_DIGITS   40
#define SHA256_DIGITS 64
#define SHORT_ID_MIN  7
#define NAMES_MAX     5000

static const char *const places[] = { "refs/heads/", "refs/tags/" };
/* Behind the name of a tag that is an object of its own: the commit that it is of. */
static const char peeled[] = "^{}";

/* --- Reading the list --- */

static size_t
count_hex(struct tn_span text)
{
	size_t n = 0;

	while (n < text.len && memchr("0123456789abcdef", text.ptr[n], 16) != NULL)
		n++;
	return n;
}

static int
add_line(struct tn_refs *refs, struct tn_span line, struct tn_error *err)
{
	size_t digits = count_hex(line);
	int r;

	if (digits == SHA256_DIGITS) {
		r = tn_error_set(err, TN_E_INPUT,
		    "the repository has SHA-256 ids, which libgit2 cannot read");
		tn_error_hint(err,
		    "clone it with git, and use its files as a directory, without a "
		    "revision");
		return r;
	}
	if (digits != SHA1_DIGITS || line.len < digits + 2 || line.ptr[digits] != '\t')
		return tn_error_set(err, TN_E_SYSTEM,
		    "git listed the branches in a form that is not known");
	refs->items = tn_grow(refs->items, refs->n, &refs->cap, sizeof(*refs->items));
	refs->items[refs->n++] = (struct tn_ref){
		.id = tn_span_of(line.ptr, digits),
		.name = tn_span_of(line.ptr + digits + 1, line.len - digits - 1),
	};
	return 0;
}

int
tn_refs_parse(struct tn_span listing, struct tn_refs *out, struct tn_error *err)
{
	size_t from = 0;
	int r = 0;

	*out = (struct tn_refs){ .n = 0 };
	while (from < listing.len && r == 0) {
		const char *start = listing.ptr + from;
		const char *end = memchr(start, '\n', listing.len - from);
		size_t len = end != NULL ? (size_t)(end - start) : listing.len - from;

		r = add_line(out, tn_span_of(start, len), err);
		from += len + 1;
	}
	if (r < 0)
		tn_refs_done(out);
	return r;
}

void
tn_refs_done(struct tn_refs *refs)
{
	tn_free(refs->items);
	*refs = (struct tn_refs){ .n = 0 };
}

/* --- Choosing --- */

/* The id of the commit behind a name; empty when there is no such name. */
static struct tn_span
id_of(const struct tn_refs *refs, const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str behind = TN_STR_INIT;
	struct tn_span id = tn_span(NULL);

	tn_str_addf(&behind, "%s%s", name, peeled);
	for (size_t i = 0; i < refs->n; i++) {
		if (tn_span_is(refs->items[i].name, tn_str_text(&behind)))
			return refs->items[i].id;
		if (tn_span_is(refs->items[i].name, name))
			id = refs->items[i].id;
	}
	return id;
}

static void
hint_at_nearest(const struct tn_refs *refs, const char *rev, struct tn_error *err)
{
	size_t max = refs->n < NAMES_MAX ? refs->n : NAMES_MAX;
	char **names = tn_alloc(max + 1, sizeof(*names));
	const char *nearest;
	size_t n = 0;

	for (size_t i = 0; i < max; i++) {
		char *name = tn_span_dup(refs->items[i].name);

		for (size_t k = 0; k < TN_ARRAY_LEN(places); k++)
			if (tn_text_starts(name, places[k]) &&
			    !tn_text_ends(name, peeled))
				names[n++] = tn_strdup(name + strlen(places[k]));
		tn_free(name);
	}
	nearest = tn_text_nearest(rev, (const char *const *)names, n);
	if (nearest != NULL)
		tn_error_hint(err, "did you mean \"%s\"?", nearest);
	for (size_t i = 0; i < n; i++)
		tn_free(names[i]);
	tn_free(names);
}

static int
no_such(const struct tn_refs *refs, const char *rev, struct tn_error *err)
{
	size_t digits = count_hex(tn_span(rev));
	int r;

	if (refs->n == 0) {
		r = tn_error_set(err, TN_E_INPUT, "the repository has no branch yet");
		tn_error_hint(err, "push a commit to it first");
		return r;
	}
	r = tn_error_set(err, TN_E_INPUT, "there is no branch or tag \"%s\"", rev);
	if (rev[digits] == '\0' && digits >= SHORT_ID_MIN)
		tn_error_hint(err, "of a commit's id, all 40 digits are needed here");
	hint_at_nearest(refs, rev, err);
	tn_error_hint(err, "\"git ls-remote\" lists what there is");
	return r;
}

static int
choose_whole(const struct tn_refs *refs, const char *name, char **name_out,
    struct tn_span *commit_out, struct tn_error *err)
{
	*commit_out = id_of(refs, name);
	if (commit_out->len == 0)
		return no_such(refs, name, err);
	*name_out = tn_strdup(name);
	return 0;
}

int
tn_refs_choose(const struct tn_refs *refs, const char *rev, char **name_out,
    struct tn_span *commit_out, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str branch = TN_STR_INIT, tag = TN_STR_INIT;
	struct tn_span branch_id, tag_id;
	int r;

	if (tn_text_starts(rev, "refs/"))
		return choose_whole(refs, rev, name_out, commit_out, err);
	tn_str_addf(&branch, "%s%s", places[0], rev);
	tn_str_addf(&tag, "%s%s", places[1], rev);
	branch_id = id_of(refs, tn_str_text(&branch));
	tag_id = id_of(refs, tn_str_text(&tag));
	if (branch_id.len > 0 && tag_id.len > 0 && !tn_span_equal(branch_id, tag_id)) {
		r = tn_error_set(err, TN_E_INPUT,
		    "revision \"%s\" means two different commits: a branch and a tag",
		    rev);
		tn_error_hint(err, "give its whole name: refs/heads/%s or refs/tags/%s",
		    rev, rev);
		return r;
	}
	if (branch_id.len == 0 && tag_id.len == 0)
		return no_such(refs, rev, err);
	*commit_out = branch_id.len > 0 ? branch_id : tag_id;
	*name_out = tn_str_take(branch_id.len > 0 ? &branch : &tag);
	return 0;
}

char *
tn_refs_id(const char *rev)
{
	char *id;

	if (strlen(rev) != SHA1_DIGITS ||
	    strspn(rev, "0123456789abcdefABCDEF") != SHA1_DIGITS)
		return NULL;
	id = tn_strdup(rev);
	for (char *at = id; *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'F')
			*at = (char)(*at - 'A' + 'a');
	return id;
}
