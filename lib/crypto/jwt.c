#include "crypto/crypto.h"

#include <string.h>

#include "base/text.h"

/* The middle one of exactly three parts between dots. */
static bool
middle_part(struct tn_span token, struct tn_span *out)
{
	const char *end = token.ptr + token.len;
	const char *first = memchr(token.ptr, '.', token.len);
	const char *second;

	if (first == NULL)
		return false;
	first++;
	second = memchr(first, '.', (size_t)(end - first));
	if (second == NULL || memchr(second + 1, '.', (size_t)(end - second) - 1) != NULL)
		return false;
	*out = tn_span_of(first, (size_t)(second - first));
	return true;
}

bool
tn_jwt_claims(const struct tn_secret *token, struct tn_str *out)
{
	struct tn_span bytes = tn_secret_reveal(token);
	struct tn_span payload;

	if (bytes.len == 0 || bytes.len > TN_JWT_MAX || !middle_part(bytes, &payload))
		return false;
	return tn_base64_decode(payload, out);
}
