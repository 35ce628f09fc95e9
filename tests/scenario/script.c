#include "script.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"

#define SIZE_LIMIT ((size_t)1 << 20)
#define OPEN       "--- "

static void
split_words(struct script *script, struct section *section, const char *line, size_t len)
{
	while (len > 0) {
		size_t end = 0;

		while (end < len && line[end] != ' ')
			end++;
		if (section->n_words == SCRIPT_WORDS - 1)
			end = len;
		section->words[section->n_words++] = tn_arena_bytes(script->arena, line,
		    end);
		while (end < len && line[end] == ' ')
			end++;
		line += end;
		len -= end;
	}
}

/* One newline at its end, if there is anything. */
static const char *
trimmed(struct script *script, const char *text, size_t len)
{
	while (len > 1 && text[len - 1] == '\n' && text[len - 2] == '\n')
		len--;
	if (len == 1 && text[0] == '\n')
		len = 0;
	return tn_arena_bytes(script->arena, text, len);
}

static size_t
line_length(const char *at)
{
	return strcspn(at, "\n");
}

static const char *
next_line(const char *at)
{
	at += line_length(at);
	return *at == '\n' ? at + 1 : at;
}

static void
split(struct script *script, const char *at)
{
	size_t cap = 0;
	unsigned number = 1;

	for (; *at != '\0' && !tn_text_starts(at, OPEN); at = next_line(at))
		number++;
	while (*at != '\0') {
		struct section *section;
		const char *text = next_line(at);
		const char *end = text;

		script->sections = tn_arena_grow(script->arena, script->sections,
		    script->n_sections, &cap, sizeof(*script->sections));
		section = &script->sections[script->n_sections++];
		*section = (struct section){ .line = number };
		split_words(script, section, at + strlen(OPEN),
		    line_length(at) - strlen(OPEN));
		number++;
		for (; *end != '\0' && !tn_text_starts(end, OPEN); end = next_line(end))
			number++;
		section->text = trimmed(script, text, (size_t)(end - text));
		at = end;
	}
}

bool
script_read(const char *path, struct script *out)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	*out = (struct script){ .arena = tn_arena_new() };
	out->path = tn_arena_text(out->arena, path);
	if (tn_file_read(path, SIZE_LIMIT, &text, &err) < 0) {
		printf("# %s: %s\n", path, err.message);
		return false;
	}
	split(out, tn_str_text(&text));
	if (out->n_sections == 0)
		printf("# %s: nothing happens in it\n", path);
	return out->n_sections > 0;
}

void
script_done(struct script *script)
{
	tn_arena_free(script->arena);
}
