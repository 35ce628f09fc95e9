/*
 * Looks for secrets in files: plain, escaped as in JSON (once or twice), percent-encoded,
 * in base64 at any alignment, and in hexadecimal. It decodes what it reads instead of
 * encoding what it looks for, where that is possible, so that it does not matter which
 * characters somebody chose to escape.
 *
 *   find_secrets LIST PATH...   LIST has a secret in each line; a line with # is none.
 *                               A PATH is a file, or a directory with all below it
 *
 * Prints file, line of the list and form, never a secret. Exit status 1 when there was
 * one, 2 when something could not be read.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SECRETS  64
#define MAX_PATTERNS (MAX_SECRETS * 8)

struct text {
	char *ptr;
	size_t len;
};

struct pattern {
	struct text text;
	unsigned line; /* of the list */
	const char *form;
};

static struct pattern secrets[MAX_SECRETS];
static struct pattern encoded[MAX_PATTERNS]; /* base64 and hexadecimal */
static size_t n_secrets, n_encoded;
static const char *list_path;
static bool found, failed;
static unsigned seen[MAX_SECRETS]; /* lines whose secret this file holds */
static size_t n_seen;

static void *
need(void *memory)
{
	if (memory == NULL) {
		perror("find_secrets");
		exit(2);
	}
	return memory;
}

static bool
read_all(const char *path, struct text *out)
{
	FILE *file = fopen(path, "rb");
	size_t cap = 1 << 16, n;

	*out = (struct text){ .ptr = need(malloc(cap)) };
	if (file == NULL)
		return false;
	while ((n = fread(out->ptr + out->len, 1, cap - out->len, file)) > 0) {
		out->len += n;
		if (out->len == cap)
			out->ptr = need(realloc(out->ptr, cap *= 2));
	}
	fclose(file);
	return true;
}

/* --- patterns --- */

static void
add_encoded(char *text, size_t len, unsigned line, const char *form)
{
	if (n_encoded == MAX_PATTERNS) {
		fprintf(stderr, "find_secrets: too many secrets\n");
		exit(2);
	}
	encoded[n_encoded++] = (struct pattern){ { text, len }, line, form };
}

/* The characters that hold bits of the secret and of nothing else. */
static void
add_base64(struct text secret, size_t before, const char *last_two, unsigned line)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t first = (before * 8 + 5) / 6, end = (before + secret.len) * 8 / 6;
	char *out = need(malloc(end - first + 1));

	for (size_t i = first; i < end; i++) {
		unsigned value = 0;

		for (size_t bit = i * 6; bit < i * 6 + 6; bit++) {
			size_t at = bit - before * 8;

			value = value << 1 |
			    ((unsigned char)secret.ptr[at / 8] >> (7 - at % 8) & 1);
		}
		out[i - first] = value < 62 ? digits[value] : last_two[value - 62];
	}
	add_encoded(out, end - first, line, "base64");
}

static void
add_hex(struct text secret, const char *digits, unsigned line)
{
	char *out = need(malloc(secret.len * 2));

	for (size_t i = 0; i < secret.len; i++) {
		out[2 * i] = digits[(unsigned char)secret.ptr[i] >> 4];
		out[2 * i + 1] = digits[(unsigned char)secret.ptr[i] & 15];
	}
	add_encoded(out, secret.len * 2, line, "hexadecimal");
}

static void
add_secret(struct text secret, unsigned line)
{
	if (n_secrets == MAX_SECRETS || secret.len < 8) {
		fprintf(stderr, "find_secrets: %s:%u: %s\n", list_path, line,
		    secret.len < 8 ? "too short to be looked for" : "too many");
		exit(2);
	}
	secrets[n_secrets++] = (struct pattern){ secret, line, "plain" };
	for (size_t before = 0; before < 3; before++) {
		add_base64(secret, before, "+/", line);
		add_base64(secret, before, "-_", line);
	}
	add_hex(secret, "0123456789abcdef", line);
	add_hex(secret, "0123456789ABCDEF", line);
}

static void
read_list(void)
{
	struct text list;
	unsigned line = 0;

	if (!read_all(list_path, &list)) {
		perror(list_path);
		exit(2);
	}
	for (size_t at = 0; at < list.len;) {
		char *start = list.ptr + at;
		char *end = memchr(start, '\n', list.len - at);
		size_t len = end == NULL ? list.len - at : (size_t)(end - start);

		line++;
		if (len > 0 && start[0] != '#')
			add_secret((struct text){ start, len }, line);
		at += len + 1;
	}
	if (n_secrets == 0) {
		fprintf(stderr, "find_secrets: %s names no secret\n", list_path);
		exit(2);
	}
}

/* --- decoding --- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
hex_number(const char *at, size_t n, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return false;
		*out = *out << 4 | (unsigned)digit;
	}
	return true;
}

static struct text
decode_percent(struct text in, bool form)
{
	struct text out = { .ptr = need(malloc(in.len + 1)) };
	unsigned byte;

	for (size_t i = 0; i < in.len; i++) {
		char c = in.ptr[i];

		if (c == '%' && in.len - i > 2 && hex_number(in.ptr + i + 1, 2, &byte)) {
			c = (char)byte;
			i += 2;
		} else if (c == '+' && form) {
			c = ' ';
		}
		out.ptr[out.len++] = c;
	}
	return out;
}

static void
put_utf8(struct text *out, unsigned c)
{
	unsigned char bytes[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		bytes[i] = (unsigned char)(0x80 | (c & 0x3f));
	bytes[0] = (unsigned char)(n == 1 ? c : c | (0xf00u >> n & 0xff));
	memcpy(out->ptr + out->len, bytes, n);
	out->len += n;
}

/* What follows a backslash; gives the number of bytes used, 0 for no escape. */
static size_t
put_escape(struct text *out, const char *at, size_t left)
{
	static const char names[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	unsigned c, low;

	if (left == 0)
		return 0;
	if (*at == 'u' && left >= 5 && hex_number(at + 1, 4, &c)) {
		if (c >> 10 == 0x36 && left >= 11 && at[5] == '\\' && at[6] == 'u' &&
		    hex_number(at + 7, 4, &low) && low >> 10 == 0x37) {
			put_utf8(out, 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff)));
			return 11;
		}
		put_utf8(out, c);
		return 5;
	}
	for (size_t i = 0; i + 1 < sizeof(names); i += 2) {
		if (names[i] == *at) {
			out->ptr[out->len++] = names[i + 1];
			return 1;
		}
	}
	return 0;
}

static struct text
decode_json(struct text in)
{
	struct text out = { .ptr = need(malloc(in.len + 4)) };

	for (size_t i = 0; i < in.len; i++) {
		size_t used = 0;

		if (in.ptr[i] == '\\')
			used = put_escape(&out, in.ptr + i + 1, in.len - i - 1);
		if (used == 0)
			out.ptr[out.len++] = in.ptr[i];
		i += used;
	}
	return out;
}

/* --- looking --- */

/* One form for each secret of a file is enough. */
static bool
seen_before(unsigned line)
{
	for (size_t i = 0; i < n_seen; i++)
		if (seen[i] == line)
			return true;
	return false;
}

static void
look(const char *path, struct text text, const struct pattern *patterns, size_t n,
    const char *form)
{
	for (size_t i = 0; i < n; i++) {
		const struct pattern *pattern = &patterns[i];

		if (seen_before(pattern->line) ||
		    memmem(text.ptr, text.len, pattern->text.ptr, pattern->text.len) ==
			NULL)
			continue;
		printf("%s: the secret of line %u, %s\n", path, pattern->line,
		    form == NULL ? pattern->form : form);
		seen[n_seen++] = pattern->line;
		found = true;
	}
}

static void
look_everywhere(const char *path, struct text raw)
{
	struct text json = decode_json(raw);
	struct text twice = decode_json(json);
	struct text percent = decode_percent(raw, false);
	struct text form = decode_percent(raw, true);

	n_seen = 0;
	look(path, raw, secrets, n_secrets, NULL);
	look(path, raw, encoded, n_encoded, NULL);
	look(path, json, secrets, n_secrets, "escaped as in JSON");
	look(path, json, encoded, n_encoded, NULL);
	look(path, twice, secrets, n_secrets, "escaped twice as in JSON");
	look(path, percent, secrets, n_secrets, "percent-encoded");
	look(path, form, secrets, n_secrets, "encoded as a form");
	free(json.ptr);
	free(twice.ptr);
	free(percent.ptr);
	free(form.ptr);
}

static void
complain(const char *path)
{
	/* Tests that run at the same time take their files away. */
	if (errno == ENOENT)
		return;
	fprintf(stderr, "find_secrets: %s: %s\n", path, strerror(errno));
	failed = true;
}

static void
visit_file(const char *path)
{
	struct text text;

	if (read_all(path, &text))
		look_everywhere(path, text);
	else
		complain(path);
	free(text.ptr);
}

static void
visit(const char *path)
{
	struct stat status;
	struct dirent *entry;
	DIR *dir;

	if (lstat(path, &status) < 0) {
		complain(path);
		return;
	}
	if (S_ISREG(status.st_mode))
		visit_file(path);
	if (!S_ISDIR(status.st_mode))
		return;
	dir = opendir(path);
	if (dir == NULL) {
		complain(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		char *below;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0)
			exit(2);
		visit(below);
		free(below);
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: find_secrets LIST PATH...\n");
		return 2;
	}
	list_path = argv[1];
	read_list();
	for (int i = 2; i < argc; i++) {
		if (access(argv[i], F_OK) < 0) {
			fprintf(stderr, "find_secrets: %s is not there\n", argv[i]);
			failed = true;
		}
		visit(argv[i]);
	}
	return failed ? 2 : found ? 1 : 0;
}
