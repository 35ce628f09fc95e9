#include "source/location.h"

#include <string.h>

#include "base/text.h"
#include "http/message.h"

#define SCHEME_LETTERS                                         \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789+-."
#define USER_LETTERS                                           \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789-._~+"

/* --- Showing --- */

/* A part of a text that may be the user information of a URL. */
static bool
ends_userinfo(char c)
{
	return c == '/' || c == '"' || c == '\'' || c == '<' || c == '>' ||
	    (unsigned char)c <= ' ';
}

/* The bytes before the last "@" that belongs to the URL's host; 0 when there is none. */
static size_t
userinfo_length(struct tn_span rest)
{
	size_t found = 0;

	for (size_t i = 0; i < rest.len && !ends_userinfo(rest.ptr[i]); i++)
		if (rest.ptr[i] == '@')
			found = i;
	return found;
}

/* The name alone that ssh wants: everybody's is "git". */
static bool
is_harmless(struct tn_span before, struct tn_span user)
{
	return before.len >= 3 && memcmp(before.ptr + before.len - 3, "ssh", 3) == 0 &&
	    memchr(user.ptr, ':', user.len) == NULL;
}

void
tn_location_show(struct tn_span text, struct tn_str *out)
{
	static const char mark[] = "://";
	size_t from = 0;

	while (from < text.len) {
		const char *found = memmem(text.ptr + from, text.len - from, mark, 3);
		size_t at = found != NULL ? (size_t)(found - text.ptr) : text.len;
		size_t after = found != NULL ? at + 3 : text.len;
		size_t len = userinfo_length(
		    tn_span_of(text.ptr + after, text.len - after));

		tn_text_printable(tn_span_of(text.ptr + from, after - from), false, out);
		if (len > 0 &&
		    !is_harmless(tn_span_of(text.ptr, at),
			tn_span_of(text.ptr + after, len)))
			tn_str_add(out, "(secret)");
		else
			tn_text_printable(tn_span_of(text.ptr + after, len), false, out);
		from = after + len;
	}
}

/* All of the text is one address: whatever stands before its last "@" may be a password.
 */
static void
show_address(const char *text, struct tn_str *out)
{
	const char *at = strrchr(text, '@');
	size_t scheme = strspn(text, SCHEME_LETTERS);

	if (at != NULL) {
		if (tn_text_starts(text + scheme, "://"))
			tn_str_addf(out, "%.*s://", (int)scheme, text);
		tn_str_add(out, "(secret)");
	}
	tn_text_printable(tn_span(at != NULL ? at : text), false, out);
}

static int
refuse(const char *text, const char *why, const char *cure, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str shown = TN_STR_INIT;
	int r;

	show_address(text, &shown);
	r = tn_error_set(err, TN_E_INPUT, "the source \"%s\" %s", tn_str_text(&shown),
	    why);
	tn_error_hint(err, "%s", cure);
	return r;
}

/* --- Parsing --- */

static const char cure_form[] =
    "give a path, https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or file:///PATH";

static int
check_text(const char *text, struct tn_error *err)
{
	if (strlen(text) > TN_LOCATION_MAX)
		return tn_error_set(err, TN_E_INPUT, "the source is longer than %d bytes",
		    TN_LOCATION_MAX);
	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return refuse(text, "has a control character", cure_form, err);
	}
	if (!tn_utf8_valid(tn_span(text)))
		return refuse(text, "is no valid UTF-8", cure_form, err);
	return 0;
}

static int
check_https(const char *text, struct tn_location *out, struct tn_error *err)
{
	struct tn_url url;
	int r;

	if (strchr(text, '@') != NULL)
		return refuse(text, "has a user name or a password in it",
		    "URLs end up in process lists and logs: leave it out, and let a credential "
		    "helper of git give it (git help credentials)",
		    err);
	r = tn_url_parse(text, &url, err);
	if (r < 0)
		return r;
	if (url.query.len > 0)
		return refuse(text, "has a query (?)", "leave it out", err);
	out->plain_http = tn_span_is(url.scheme, "http");
	if (out->plain_http && !tn_url_is_loopback(&url))
		return refuse(text, "would be fetched without encryption",
		    "use https://; http:// is for this machine (127.0.0.1) alone", err);
	return 0;
}

/* Takes "git@" off the front of rest. */
static int
skip_user(const char *text, const char **rest, struct tn_error *err)
{
	const char *at = strrchr(*rest, '@');
	size_t len;

	if (at == NULL)
		return 0;
	len = (size_t)(at - *rest);
	if (memchr(*rest, ':', len) != NULL)
		return refuse(text, "has a password in it",
		    "leave it out: ssh takes a key from the agent or from its configuration "
		    "(in a path, \"@\" is written %40 behind ssh://)",
		    err);
	if (len == 0 || **rest == '-' || strspn(*rest, USER_LETTERS) != len)
		return refuse(text, "has a user name that ssh cannot have", cure_form,
		    err);
	*rest = at + 1;
	return 0;
}

/* The same rules for host, port and path as for any other URL. */
static int
check_ssh(const char *text, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str like = TN_STR_INIT;
	const char *rest = text + strlen("ssh://");
	struct tn_url url;
	int r = skip_user(text, &rest, err);

	if (r < 0)
		return r;
	tn_str_addf(&like, "https://%s", rest);
	if (tn_url_parse(tn_str_text(&like), &url, NULL) < 0 || url.query.len > 0 ||
	    url.path.len < 2)
		return refuse(text, "has no host, port and path as URLs have them",
		    cure_form, err);
	return 0;
}

/* user@host:path; the path is the server's business, so that it may be nearly anything.
 */
static int
check_scp(const char *text, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str like = TN_STR_INIT;
	const char *rest = text;
	struct tn_url url;
	const char *path;
	int r = skip_user(text, &rest, err);

	if (r < 0)
		return r;
	path = *rest == '[' ? strchr(rest, ']') : rest;
	path = path != NULL ? strchr(path, ':') : NULL;
	if (path == NULL || path[1] == '\0' || path[1] == '-')
		return refuse(text, "has no path that ssh could be asked for", cure_form,
		    err);
	tn_str_addf(&like, "https://%.*s/", (int)(path - rest), rest);
	if (tn_url_parse(tn_str_text(&like), &url, NULL) < 0 || url.port.len > 0)
		return refuse(text, "has no host before its colon", cure_form, err);
	return 0;
}

static int
check_scheme(const char *text, size_t len, struct tn_location *out, struct tn_error *err)
{
	struct tn_span scheme = tn_span_of(text, len);

	if (tn_span_is(scheme, "https") || tn_span_is(scheme, "http"))
		return check_https(text, out, err);
	if (tn_span_is(scheme, "ssh"))
		return check_ssh(text, err);
	if (tn_span_is(scheme, "file")) {
		if (text[strlen("file://")] != '/')
			return refuse(text, "has no absolute path", "write file:///PATH",
			    err);
		return 0;
	}
	if (tn_span_is(scheme, "git"))
		return refuse(text,
		    "would be fetched without encryption, and nobody would know "
		    "from whom",
		    "use https:// or ssh://", err);
	return refuse(text, "has a transport that is not used here", cure_form, err);
}

int
tn_location_parse(const char *text, struct tn_location *out, struct tn_error *err)
{
	size_t scheme = strspn(text, SCHEME_LETTERS);
	size_t first = strcspn(text, "/");
	int r = check_text(text, err);

	*out = (struct tn_location){ .address = text };
	if (r < 0)
		return r;
	/* git would run a program of that name. */
	if (scheme > 0 && tn_text_starts(text + scheme, "::"))
		return refuse(text, "has a transport that is not used here", cure_form,
		    err);
	out->remote = memchr(text, ':', first) != NULL;
	if (!out->remote)
		return 0;
	if (scheme > 0 && tn_text_starts(text + scheme, "://"))
		return check_scheme(text, scheme, out, err);
	return check_scp(text, err);
}
