/*
 * Lines by the greedy algorithm of Myers ("An O(ND) difference algorithm and its
 * variations", 1986) over what lies between the common beginning and end.
 */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_LINES ((size_t)100000) /* of both texts together; more are not compared */
#define MAX_EDITS 1000
#define MAX_WORK  ((size_t)10 << 20) /* comparisons of lines */

struct line {
	struct tn_span text; /* without its newline */
	bool ended;          /* by a newline */
	bool edited;         /* removed from before, or added in after */
	size_t id;           /* equal for equal lines of both texts */
};

struct text {
	struct line *lines;
	size_t n;
};

struct sink {
	unsigned context;
	void (*fn)(void *arg, char mark, struct tn_span line);
	void *arg;
};

/* The next line of rest; false at the end. */
static bool
next_line(struct tn_span *rest, struct line *out)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->ptr, '\n', rest->len);
	*out = (struct line){ .text = *rest, .ended = end != NULL };
	if (end != NULL)
		out->text.len = (size_t)(end - rest->ptr);
	rest->ptr += out->text.len + out->ended;
	rest->len -= out->text.len + out->ended;
	return true;
}

static size_t
count_lines(const char *bytes)
{
	struct tn_span rest = tn_span(bytes);
	struct line line;
	size_t n = 0;

	while (n <= MAX_LINES && next_line(&rest, &line))
		n++;
	return n;
}

static void
split(const char *bytes, struct line *lines, struct text *out)
{
	struct tn_span rest = tn_span(bytes);

	*out = (struct text){ .lines = lines };
	while (next_line(&rest, &lines[out->n]))
		out->n++;
}

static int
compare_lines(const void *a, const void *b)
{
	const struct line *x = *(struct line *const *)a, *y = *(struct line *const *)b;
	size_t shorter = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order = memcmp(x->text.ptr, y->text.ptr, shorter);

	if (order == 0)
		order = (x->text.len > y->text.len) - (x->text.len < y->text.len);
	return order != 0 ? order : x->ended - y->ended;
}

/* Numbers the lines, so that comparing two of them costs the same however long they are.
 */
static void
number_lines(struct line *lines, size_t n)
{
	TN_CLEANUP(tn_freep)
	struct line **sorted = tn_alloc(n + 1, sizeof(struct line *));

	for (size_t i = 0; i < n; i++)
		sorted[i] = &lines[i];
	qsort(sorted, n, sizeof(*sorted), compare_lines);
	for (size_t i = 1; i < n; i++) {
		bool same = compare_lines(&sorted[i - 1], &sorted[i]) == 0;

		sorted[i]->id = sorted[i - 1]->id + !same;
	}
}

/*
 * The search. furthest[k] is how far in `before` a path on diagonal k (lines of before
 * minus lines of after) comes with d edits; trace keeps it for each d, to walk back.
 */
struct search {
	const struct text *before, *after;
	int *furthest; /* its middle: from -MAX_EDITS - 1 to MAX_EDITS + 1 */
	int **trace;
	size_t work;
};

static bool
comes_from_above(const int *furthest, int k, int d)
{
	return k == -d || (k != d && furthest[k - 1] < furthest[k + 1]);
}

/* One more edit on every diagonal; true when the end of both texts is reached. */
static bool
search_step(struct search *search, int d)
{
	int n = (int)search->before->n, m = (int)search->after->n;
	int *furthest = search->furthest;

	for (int k = -d; k <= d; k += 2) {
		int x = comes_from_above(furthest, k, d) ? furthest[k + 1]
							 : furthest[k - 1] + 1;
		int y = x - k;

		while (x < n && y < m &&
		    search->before->lines[x].id == search->after->lines[y].id) {
			x++;
			y++;
			search->work++;
		}
		search->work++;
		furthest[k] = x;
		if (x >= n && y >= m)
			return true;
	}
	return false;
}

static void
walk_back(const struct search *search, int d)
{
	int x = (int)search->before->n, y = (int)search->after->n;

	for (; d > 0; d--) {
		const int *furthest = search->trace[d - 1] + d;
		int k = x - y;

		if (comes_from_above(furthest, k, d)) {
			x = furthest[k + 1];
			y = x - (k + 1);
			search->after->lines[y].edited = true;
		} else {
			x = furthest[k - 1];
			y = x - (k - 1);
			search->before->lines[x].edited = true;
		}
	}
}

static void
keep_trace(struct search *search, int d)
{
	size_t size = 2 * (size_t)d + 3;

	search->trace[d] = tn_alloc(size, sizeof(int));
	memcpy(search->trace[d], search->furthest - d - 1, size * sizeof(int));
}

static void
mark_all(const struct text *text)
{
	for (size_t i = 0; i < text->n; i++)
		text->lines[i].edited = true;
}

/* Marks the edited lines of both. */
static void
find_edits(const struct text *before, const struct text *after)
{
	TN_CLEANUP(tn_freep) int *furthest = tn_alloc(2 * MAX_EDITS + 3, sizeof(int));
	TN_CLEANUP(tn_freep) int **trace = tn_alloc(MAX_EDITS + 1, sizeof(int *));
	struct search search = {
		.before = before,
		.after = after,
		.furthest = furthest + MAX_EDITS + 1,
		.trace = trace,
	};
	bool found = false;
	int d;

	for (d = 0; d <= MAX_EDITS && search.work < MAX_WORK; d++) {
		found = search_step(&search, d);
		if (found)
			break;
		keep_trace(&search, d);
	}
	if (found) {
		walk_back(&search, d);
	} else {
		mark_all(before);
		mark_all(after);
	}
	for (d = 0; d <= MAX_EDITS; d++)
		tn_free(trace[d]);
}

/* Leaves the common beginning and end out of the search. */
static void
find_edits_between(const struct text *before, const struct text *after)
{
	struct text a = *before, b = *after;

	while (a.n > 0 && b.n > 0 && a.lines[0].id == b.lines[0].id) {
		a = (struct text){ .lines = a.lines + 1, .n = a.n - 1 };
		b = (struct text){ .lines = b.lines + 1, .n = b.n - 1 };
	}
	while (a.n > 0 && b.n > 0 && a.lines[a.n - 1].id == b.lines[b.n - 1].id) {
		a.n--;
		b.n--;
	}
	find_edits(&a, &b);
}

static void
tell_line(const struct sink *sink, char mark, const struct line *line)
{
	sink->fn(sink->arg, mark, line->text);
	if (!line->ended)
		sink->fn(sink->arg, '\\', tn_span("No newline at end of file"));
}

static void
tell_gap(const struct sink *sink, size_t before_at, size_t after_at)
{
	char where[64];
	int len = snprintf(where, sizeof(where), "-%zu +%zu", before_at + 1,
	    after_at + 1);

	sink->fn(sink->arg, '@', tn_span_of(where, (size_t)len));
}

/*
 * A run of equal lines before[from] … before[to - 1], whose twin in after begins at
 * twin: what is near a change is told.
 */
static void
tell_equal(const struct sink *sink, const struct text *before, size_t from, size_t to,
    size_t twin, bool changes_follow)
{
	size_t len = to - from;
	size_t head = from + twin > 0 ? sink->context : 0;
	size_t tail = changes_follow ? sink->context : 0;

	for (size_t i = 0; i < len; i++) {
		bool near = i < head || len - i <= tail;

		if (near)
			tell_line(sink, ' ', &before->lines[from + i]);
		else if (changes_follow && len - i == tail + 1)
			tell_gap(sink, from + i + 1, twin + i + 1);
	}
}

static void
tell(const struct sink *sink, const struct text *before, const struct text *after)
{
	size_t i = 0, j = 0;

	while (i < before->n || j < after->n) {
		size_t from = i, twin = j;

		while (i < before->n && j < after->n && !before->lines[i].edited &&
		    !after->lines[j].edited) {
			i++;
			j++;
		}
		tell_equal(sink, before, from, i, twin, i < before->n || j < after->n);
		for (; i < before->n && before->lines[i].edited; i++)
			tell_line(sink, '-', &before->lines[i]);
		for (; j < after->n && after->lines[j].edited; j++)
			tell_line(sink, '+', &after->lines[j]);
	}
}

static void
tell_whole(const struct sink *sink, char mark, const char *bytes)
{
	struct tn_span rest = tn_span(bytes);
	struct line line;

	while (next_line(&rest, &line))
		tell_line(sink, mark, &line);
}

void
tn_line_diff(const char *before, const char *after, unsigned context,
    void (*fn)(void *arg, char mark, struct tn_span line), void *arg)
{
	const struct sink sink = { .context = context, .fn = fn, .arg = arg };
	size_t n = count_lines(before), m = count_lines(after);
	TN_CLEANUP(tn_freep) struct line *lines = NULL;
	struct text a, b;

	if (strcmp(before, after) == 0)
		return;
	if (n + m > MAX_LINES) {
		tell_whole(&sink, '-', before);
		tell_whole(&sink, '+', after);
		return;
	}
	lines = tn_alloc(n + m + 1, sizeof(*lines));
	split(before, lines, &a);
	split(after, lines + n, &b);
	number_lines(lines, n + m);
	find_edits_between(&a, &b);
	tell(&sink, &a, &b);
}
