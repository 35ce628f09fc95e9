#include "http/message.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define MAX_URL  8192
#define MAX_HOST 253
#define SHOWN    200

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * Says what is wrong, with as much of the URL as cannot hold a password or a token. A
 * password with "?" or "#" in it, not written as %XX, stands before a later "@".
 */
static int
refuse(const char *text, const char *why, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str shown = TN_STR_INIT;
	size_t len = strcspn(text, "?#");

	if (strchr(text, '@') != NULL)
		return tn_error_set(err, TN_E_INPUT, "the URL %s", why);
	tn_text_printable(tn_span_of(text, len < SHOWN ? len : SHOWN), false, &shown);
	return tn_error_set(err, TN_E_INPUT, "the URL \"%s\" %s", tn_str_text(&shown),
	    why);
}

/* NULL, or what is wrong with the path or the query. */
static const char *
check_characters(struct tn_span part)
{
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i];

		if (c == '%') {
			if (part.len - i < 3 || !is_hex(part.ptr[i + 1]) ||
			    !is_hex(part.ptr[i + 2]))
				return "has a % that is not followed by two hexadecimal "
				       "digits";
		} else if (!is_alnum(c) && strchr("-._~:/?@!$&'()*+,;=", c) == NULL) {
			return "has a character that must be written as %XX";
		}
	}
	return NULL;
}

/* How many bytes a dot takes here, plain or escaped; 0 when there is none. */
static size_t
dot_at(struct tn_span part, size_t i)
{
	if (i < part.len && part.ptr[i] == '.')
		return 1;
	if (part.len - i >= 3 && strncasecmp(part.ptr + i, "%2e", 3) == 0)
		return 3;
	return 0;
}

/* A server would take "/actions/.." for another resource than the one that was meant. */
static bool
has_dot_part(struct tn_span path)
{
	for (size_t i = 0; i < path.len; i++) {
		size_t at = i + 1;

		if (path.ptr[i] != '/')
			continue;
		if (dot_at(path, at) == 0)
			continue;
		at += dot_at(path, at);
		at += dot_at(path, at);
		if (at == path.len || path.ptr[at] == '/')
			return true;
	}
	return false;
}

static const char *
check_name(struct tn_span host)
{
	if (host.len == 0 || host.ptr[0] == '.' || host.ptr[0] == '-')
		return "has no host";
	if (host.len > MAX_HOST)
		return "has a host of more than 253 characters";
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];

		if (!is_alnum(c) && c != '-' && c != '.' && c != '_')
			return "has a host with a character that hosts do not have";
		if (c == '.' && i > 0 && host.ptr[i - 1] == '.')
			return "has a host with an empty part";
	}
	return NULL;
}

static bool
parse_address(struct tn_span host, int family, void *address_out)
{
	char text[INET6_ADDRSTRLEN];

	if (host.len >= sizeof text)
		return false;
	memcpy(text, host.ptr, host.len);
	text[host.len] = '\0';
	return inet_pton(family, text, address_out) == 1;
}

static const char *
check_port(struct tn_span port)
{
	unsigned value = 0;

	if (port.len == 0 || port.len > 5)
		return "has a port that is no number from 1 to 65535";
	for (size_t i = 0; i < port.len; i++) {
		if (!is_digit(port.ptr[i]))
			return "has a port that is no number from 1 to 65535";
		value = value * 10 + (unsigned)(port.ptr[i] - '0');
	}
	if (value == 0 || value > 65535)
		return "has a port that is no number from 1 to 65535";
	return NULL;
}

static const char *
split_authority(struct tn_span authority, struct tn_url *out)
{
	const char *end = authority.ptr + authority.len;
	const char *after;
	const char *wrong;

	if (authority.len > 0 && authority.ptr[0] == '[') {
		struct in6_addr ignored;

		after = memchr(authority.ptr, ']', authority.len);
		if (after == NULL)
			return "has a \"[\" without \"]\"";
		out->host = tn_span_of(authority.ptr + 1,
		    (size_t)(after - authority.ptr) - 1);
		if (!parse_address(out->host, AF_INET6, &ignored))
			return "has no IPv6 address between \"[\" and \"]\"";
		after++;
	} else {
		after = memchr(authority.ptr, ':', authority.len);
		if (after == NULL)
			after = end;
		out->host = tn_span_of(authority.ptr, (size_t)(after - authority.ptr));
		wrong = check_name(out->host);
		if (wrong != NULL)
			return wrong;
	}
	if (after == end)
		return NULL;
	if (*after != ':')
		return "has something else than a port after its host";
	out->port = tn_span_of(after + 1, (size_t)(end - after) - 1);
	return check_port(out->port);
}

static const char *
split(const char *text, struct tn_url *out)
{
	const char *rest;
	const char *wrong;
	size_t len;

	if (strlen(text) > MAX_URL)
		return "is longer than 8192 characters";
	if (strncasecmp(text, "https://", 8) == 0)
		out->scheme = tn_span("https");
	else if (strncasecmp(text, "http://", 7) == 0)
		out->scheme = tn_span("http");
	else
		return "does not begin with https:// (or http://)";
	if (strchr(text, '#') != NULL)
		return "has a fragment (#)";
	rest = text + out->scheme.len + strlen("://");
	len = strcspn(rest, "/?");
	if (memchr(rest, '@', len) != NULL)
		return "has a user name before its host";
	wrong = split_authority(tn_span_of(rest, len), out);
	if (wrong != NULL)
		return wrong;
	rest += len;
	len = strcspn(rest, "?");
	out->path = len > 0 ? tn_span_of(rest, len) : tn_span("/");
	out->query = rest[len] == '?' ? tn_span(rest + len + 1) : tn_span("");
	wrong = check_characters(out->path);
	if (wrong == NULL && has_dot_part(out->path))
		wrong = "has a path with . or .. in it";
	return wrong != NULL ? wrong : check_characters(out->query);
}

int
tn_url_parse(const char *text, struct tn_url *out, struct tn_error *err)
{
	struct tn_url url = { 0 };
	const char *wrong = split(text, &url);

	if (wrong != NULL)
		return refuse(text, wrong, err);
	*out = url;
	return 0;
}

/* Names and ways of writing numbers that only a resolver understands are not loopback. */
bool
tn_url_is_loopback(const struct tn_url *url)
{
	struct in_addr four;
	struct in6_addr six;

	if (url->host.len == 9 && strncasecmp(url->host.ptr, "localhost", 9) == 0)
		return true;
	if (parse_address(url->host, AF_INET, &four))
		return ntohl(four.s_addr) >> 24 == 127;
	return parse_address(url->host, AF_INET6, &six) && IN6_IS_ADDR_LOOPBACK(&six);
}
