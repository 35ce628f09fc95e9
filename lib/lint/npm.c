#include "lint/npm.h"

#include <string.h>

#define DIGITS "0123456789"
#define WORD   DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"

#define MAX_NAME 214

/* A number without leading zeros; moves *at behind it. */
static bool
number(const char **at)
{
	size_t len = strspn(*at, DIGITS);

	if (len == 0 || (len > 1 && **at == '0'))
		return false;
	*at += len;
	return true;
}

/* Words with dots between them. In a prerelease numbers have no leading zeros. */
static bool
words(const char **at, bool prerelease)
{
	for (;;) {
		size_t len = strspn(*at, WORD);

		if (len == 0)
			return false;
		if (prerelease && len > 1 && **at == '0' && strspn(*at, DIGITS) == len)
			return false;
		*at += len;
		if (**at != '.')
			return true;
		++*at;
	}
}

bool
tn_npm_version_exact(const char *version)
{
	const char *at = version;

	for (int part = 0; part < 3; part++) {
		if (part > 0 && *at++ != '.')
			return false;
		if (!number(&at))
			return false;
	}
	if (*at == '-') {
		at++;
		if (!words(&at, true))
			return false;
	}
	if (*at == '+') {
		at++;
		if (!words(&at, false))
			return false;
	}
	return *at == '\0';
}

/* One part of a name; capitals are of old packages. */
static size_t
name_part(const char *at)
{
	if (*at == '.' || *at == '_')
		return 0;
	return strspn(at, WORD "._~");
}

bool
tn_npm_name_valid(const char *name)
{
	const char *at = name;
	size_t len;

	if (strlen(name) > MAX_NAME)
		return false;
	if (*at == '@') {
		at++;
		len = name_part(at);
		if (len == 0 || at[len] != '/')
			return false;
		at += len + 1;
	}
	len = name_part(at);
	return len > 0 && at[len] == '\0';
}
