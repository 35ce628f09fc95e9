#include "config/config.h"

#include <string.h>

#include "base/text.h"
#include "http/message.h"

#define MAX_HOST  253
#define MAX_LABEL 63
#define SHOWN     100

static const char cure[] = "write a host name alone, like acme.eu.auth0.com; or, for a "
			   "tenant on this machine, http://127.0.0.1:PORT, "
			   "http://[::1]:PORT or http://localhost:PORT";

/* What was written, as far as it can be shown: a password may stand before an "@". */
static int
refuse(const char *domain, const char *why, struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str shown = TN_STR_INIT;
	size_t len = strlen(domain);

	if (strchr(domain, '@') != NULL) {
		tn_error_set(err, TN_E_INPUT, "the domain %s", why);
	} else {
		tn_text_printable(tn_span_of(domain, len < SHOWN ? len : SHOWN), false,
		    &shown);
		tn_error_set(err, TN_E_INPUT, "the domain \"%s\" %s", tn_str_text(&shown),
		    why);
	}
	tn_error_hint(err, "%s", cure);
	return -TN_E_INPUT;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *
check_label(struct tn_span label)
{
	if (label.len == 0)
		return "has an empty part: a dot too many";
	if (label.len > MAX_LABEL)
		return "has a part of more than 63 characters";
	if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return "has a part that begins or ends with a hyphen";
	for (size_t i = 0; i < label.len; i++) {
		char c = label.ptr[i];

		if (!is_digit(c) && !is_letter(c) && c != '-')
			return "has a character that host names do not have";
	}
	return NULL;
}

/* NULL, or what is wrong with a host name of letters, digits, hyphens and dots. */
static const char *
check_host(const char *domain)
{
	const char *at = domain;

	if (*domain == '\0')
		return "is empty";
	if (strlen(domain) > MAX_HOST)
		return "has more than 253 characters";
	for (;;) {
		struct tn_span label = tn_span_of(at, strcspn(at, "."));
		const char *wrong = check_label(label);

		if (wrong != NULL)
			return wrong;
		if (at[label.len] == '\0')
			break;
		at += label.len + 1;
	}
	if (at == domain)
		return "has no dot: it is no full host name";
	if (strspn(at, "0123456789") == strlen(at))
		return "is an address, not a host name";
	return NULL;
}

/* Lower case: the state knows a tenant by it. */
static const char *
https_url(const char *domain, struct tn_arena *arena)
{
	char host[MAX_HOST + 1];
	size_t i;

	for (i = 0; domain[i] != '\0'; i++) {
		char c = domain[i];

		host[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	host[i] = '\0';
	return tn_arena_printf(arena, "https://%s", host);
}

/* What is left of the URL when only its loopback host and its port are kept. */
static const char *
loopback_url(const struct tn_url *url, struct tn_arena *arena)
{
	bool six = tn_span_is(url->host, "::1");

	if (!six && !tn_span_is(url->host, "127.0.0.1") &&
	    !tn_span_is(url->host, "localhost"))
		return NULL;
	return tn_arena_printf(arena, six ? "http://[%.*s]:%.*s" : "http://%.*s:%.*s",
	    (int)url->host.len, url->host.ptr, (int)url->port.len, url->port.ptr);
}

static int
url_of_loopback(const char *domain, struct tn_arena *arena, const char **out,
    struct tn_error *err)
{
	struct tn_url url;
	const char *plain;

	if (tn_url_parse(domain, &url, NULL) < 0 || !tn_url_is_loopback(&url))
		return refuse(domain, "uses plain http, which goes to this machine only",
		    err);
	plain = loopback_url(&url, arena);
	if (plain == NULL || strcmp(plain, domain) != 0 || url.port.ptr[0] == '0')
		return refuse(domain,
		    "has more or less than http://, a loopback address and a port", err);
	*out = plain;
	return 0;
}

int
tn_domain_to_url(const char *domain, struct tn_arena *arena, const char **out,
    struct tn_error *err)
{
	const char *wrong;

	if (tn_text_starts(domain, "http://"))
		return url_of_loopback(domain, arena, out, err);
	if (strchr(domain, '/') != NULL)
		wrong = "is more than a host name";
	else if (strchr(domain, '@') != NULL)
		wrong = "has a user name";
	else if (strchr(domain, ':') != NULL)
		wrong = "has a port";
	else
		wrong = check_host(domain);
	if (wrong != NULL)
		return refuse(domain, wrong, err);
	*out = https_url(domain, arena);
	return 0;
}
