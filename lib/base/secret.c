#include "base/secret.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "base/secret_mem.h"
#include "base/text.h"

struct tn_secret {
	unsigned refs;
	size_t len;
	struct tn_secret_mem mem;
};

struct tn_secret *
tn_secret_new(const char *bytes, size_t len)
{
	struct tn_secret *secret = tn_new(struct tn_secret);

	if (len == SIZE_MAX)
		tn_memory_exhausted();
	secret->refs = 1;
	secret->len = len;
	/* A NUL behind the bytes, for walls whose library wants a terminated string. */
	secret->mem = tn_secret_mem_get(len + 1);
	if (len > 0)
		memcpy(secret->mem.ptr, bytes, len);
	secret->mem.ptr[len] = '\0';
	return secret;
}

struct tn_secret *
tn_secret_ref(const struct tn_secret *secret)
{
	struct tn_secret *mine;

	/* The count is not part of what const promises: the bytes never change. */
	memcpy(&mine, &secret, sizeof(mine));
	if (mine != NULL)
		mine->refs++;
	return mine;
}

void
tn_secret_unref(struct tn_secret *secret)
{
	if (secret == NULL || --secret->refs > 0)
		return;
	tn_secret_mem_put(&secret->mem);
	tn_free(secret);
}

struct tn_span
tn_secret_reveal(const struct tn_secret *secret)
{
	return tn_span_of(secret->mem.ptr, secret->len);
}

size_t
tn_secret_len(const struct tn_secret *secret)
{
	return secret->len;
}

bool
tn_secret_is_text(const struct tn_secret *secret)
{
	struct tn_span bytes = tn_secret_reveal(secret);

	return memchr(bytes.ptr, '\0', bytes.len) == NULL && tn_utf8_valid(bytes);
}

bool
tn_secret_equal(const struct tn_secret *a, const struct tn_secret *b)
{
	unsigned char difference = 0;

	if (a == NULL || b == NULL)
		return a == b;
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		difference |= (unsigned char)(a->mem.ptr[i] ^ b->mem.ptr[i]);
	return difference == 0;
}

void
tn_wipe(void *bytes, size_t len)
{
	if (len > 0)
		explicit_bzero(bytes, len);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(UNDER_ASAN)
#define UNDER_ASAN 1
#endif

void
tn_secret_harden_process(void)
{
	static const struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };

	/* Neither can fail for a process that asks for less than it has. */
	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef UNDER_ASAN
	/* Not under ASan: its leak check attaches to the process, which this forbids. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
