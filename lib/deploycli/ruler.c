#include "deploycli/ruler.h"

#include "base/mem.h"

/* The first byte of a character, whatever the text is otherwise. */
static bool
begins(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

void
tn_ruler_init(struct tn_ruler *ruler, struct tn_span text)
{
	size_t cap = 0, chars = 0;

	*ruler = (struct tn_ruler){ .text = text };
	ruler->chars = tn_alloc(text.len / TN_RULER_STEP + 1, sizeof(*ruler->chars));
	ruler->lines = tn_grow(NULL, 0, &cap, sizeof(*ruler->lines));
	ruler->lines[ruler->n_lines++] = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (i % TN_RULER_STEP == 0)
			ruler->chars[i / TN_RULER_STEP] = chars;
		chars += begins(text.ptr[i]);
		if (text.ptr[i] != '\n')
			continue;
		ruler->lines = tn_grow(ruler->lines, ruler->n_lines, &cap,
		    sizeof(*ruler->lines));
		ruler->lines[ruler->n_lines++] = i + 1;
	}
	if (text.len % TN_RULER_STEP == 0)
		ruler->chars[text.len / TN_RULER_STEP] = chars;
}

void
tn_ruler_done(struct tn_ruler *ruler)
{
	tn_free(ruler->lines);
	tn_free(ruler->chars);
	*ruler = (struct tn_ruler){ 0 };
}

static size_t
chars_before(const struct tn_ruler *ruler, size_t byte)
{
	size_t step = byte / TN_RULER_STEP;
	size_t chars = ruler->chars[step];

	for (size_t i = step * TN_RULER_STEP; i < byte; i++)
		chars += begins(ruler->text.ptr[i]);
	return chars;
}

/* The last of the sorted n numbers that is not above what is looked for. */
static size_t
last_within(const size_t *numbers, size_t n, size_t wanted)
{
	size_t low = 0, high = n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (numbers[middle] <= wanted)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static size_t
byte_of_char(const struct tn_ruler *ruler, size_t wanted)
{
	size_t steps = ruler->text.len / TN_RULER_STEP + 1;
	size_t step = last_within(ruler->chars, steps, wanted);
	size_t byte = step * TN_RULER_STEP, chars = ruler->chars[step];

	while (byte < ruler->text.len) {
		bool first = begins(ruler->text.ptr[byte]);

		if (first && chars == wanted)
			break;
		chars += first;
		byte++;
	}
	return byte;
}

size_t
tn_ruler_byte(const struct tn_ruler *ruler, unsigned line, unsigned col)
{
	size_t start;

	if (line == 0 || col == 0)
		return 0;
	if (line > ruler->n_lines)
		return ruler->text.len;
	start = ruler->lines[line - 1];
	return byte_of_char(ruler, chars_before(ruler, start) + col - 1);
}

void
tn_ruler_mark(const struct tn_ruler *ruler, size_t byte, struct tn_mark *mark)
{
	size_t line;

	if (byte > ruler->text.len)
		byte = ruler->text.len;
	line = last_within(ruler->lines, ruler->n_lines, byte);
	mark->line = (unsigned)line + 1;
	mark->col = (unsigned)(chars_before(ruler, byte) -
			chars_before(ruler, ruler->lines[line])) +
	    1;
}
