/* URLs and domains: what is accepted goes where it says, and nothing else of it is kept.
 */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "config/config.h"
#include "http/message.h"

static void
must_be_url(const struct tn_url *url)
{
	must(tn_span_is(url->scheme, "https") || tn_span_is(url->scheme, "http"));
	must(url->host.len > 0 && url->host.len <= 253);
	must(url->path.len > 0 && url->path.ptr[0] == '/');
	must(memmem(url->path.ptr, url->path.len, "/../", 4) == NULL);
	for (size_t i = 0; i < url->host.len; i++)
		must(strchr("@/\\?# \t\r\n%", url->host.ptr[i]) == NULL);
}

/* The same place when it is put together again. */
static void
must_come_back(const struct tn_url *url)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
	bool six = memchr(url->host.ptr, ':', url->host.len) != NULL;
	struct tn_url again;

	tn_str_addf(&text, "%.*s://%s%.*s%s", (int)url->scheme.len, url->scheme.ptr,
	    six ? "[" : "", (int)url->host.len, url->host.ptr, six ? "]" : "");
	if (url->port.len > 0)
		tn_str_addf(&text, ":%.*s", (int)url->port.len, url->port.ptr);
	tn_str_add_bytes(&text, url->path.ptr, url->path.len);
	if (url->query.len > 0)
		tn_str_addf(&text, "?%.*s", (int)url->query.len, url->query.ptr);
	if (text.len > 8192)
		return; /* the "/" that was left out made it too long */
	must(tn_url_parse(tn_str_text(&text), &again, NULL) == 0);
	must(tn_span_equal(url->scheme, again.scheme));
	must(tn_span_equal(url->host, again.host));
	must(tn_span_equal(url->port, again.port));
	must(tn_span_equal(url->path, again.path));
	must(tn_span_equal(url->query, again.query));
	must(tn_url_is_loopback(url) == tn_url_is_loopback(&again));
}

/* What stands somewhere before "@" may be a password, which no message repeats. */
#define PASSWORD "pAssw0rd"

static char *
with_password(const char *text)
{
	struct tn_str changed = TN_STR_INIT;
	const char *slashes = strstr(text, "//");
	size_t before = slashes != NULL ? (size_t)(slashes - text) + 2 : 0;

	tn_str_add_bytes(&changed, text, before);
	tn_str_add(&changed, strchr(text + before, '@') != NULL ? PASSWORD : "");
	tn_str_add(&changed, text + before);
	return tn_str_take(&changed);
}

static void
must_not_repeat(const struct tn_error *err, const char *text)
{
	const char *password = strstr(text, PASSWORD);

	must(password == NULL || strchr(password, '@') == NULL ||
	    strstr(err->message, PASSWORD) == NULL);
}

static void
read_url(const char *text)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_url url;
	int r = tn_url_parse(text, &url, &err);

	must_be_told(r, &err);
	if (r < 0) {
		must_not_repeat(&err, text);
		return;
	}
	must_be_url(&url);
	must_come_back(&url);
}

static void
read_domain(const char *text)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	const char *base;
	struct tn_url url;
	int r = tn_domain_to_url(text, arena, &base, &err);

	must_be_told(r, &err);
	if (r < 0) {
		must_not_repeat(&err, text);
		return;
	}
	must(tn_url_parse(base, &url, NULL) == 0);
	must(tn_span_is(url.path, "/") && url.query.len == 0);
	must(!tn_text_ends(base, "/"));
	if (tn_span_is(url.scheme, "http"))
		must(tn_url_is_loopback(&url) && strcmp(base, text) == 0);
	else
		must(url.port.len == 0 && !tn_url_is_loopback(&url) &&
		    strcasecmp(base + strlen("https://"), text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	TN_CLEANUP(tn_freep) char *given = tn_strndup((const char *)bytes, len);
	TN_CLEANUP(tn_freep) char *text = with_password(given);

	read_url(text);
	read_domain(text);
	return 0;
}
