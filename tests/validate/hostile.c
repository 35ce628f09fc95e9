/*
 * Projects that are made to be slow, large or misleading, given to the real program: each
 * is refused, by the finding or the error that it should be, in bounded time and memory.
 * Prints TAP with what each took; `make bench` shows the figures of the release build.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "json/json.h"
#include "measure.h"

/* More than any case needs, with the overhead of the sanitizers; far less than a bomb
 * would take. */
#define MEGABYTES_MAX 600
#define OUTPUT_MAX    ((size_t)2 << 20)

#define HEAD    "tenon: 1\nproject: p\n"
#define ACTIONS HEAD "actions:\n"
#define ACTION  HEAD "actions: {a: {trigger: post-login@v3}}\n"

struct hostile {
	const char *name;
	const char *path; /* of the file that text is put into */
	struct measure_text text;
	void (*make)(const char *directory); /* and besides, or instead */
	const char *code; /* of a finding, or "error:KIND" for what ends the run */
};

/* --- What is no text --- */

static void
put_bytes(const char *directory, const char *name, const char *bytes, size_t len)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	FILE *file;

	tn_str_addf(&path, "%s/%s", directory, name);
	file = fopen(tn_str_text(&path), "w");
	measure_must(file != NULL, name);
	measure_must(fwrite(bytes, 1, len, file) == len, name);
	measure_must(fclose(file) == 0, name);
}

#define PUT(name, bytes) put_bytes(directory, name, bytes, sizeof(bytes) - 1)

static void
utf16_little_endian(const char *directory)
{
	PUT("tenon.yaml", "\xff\xfet\0e\0n\0o\0n\0:\0 \0001\0\n\0");
}

static void
utf16_big_endian(const char *directory)
{
	PUT("tenon.yaml", "\xfe\xff\0t\0e\0n\0o\0n\0:\0 \0001\0\n");
}

static void
utf16_unmarked(const char *directory)
{
	PUT("tenon.yaml", "t\0e\0n\0o\0n\0:\0 \0001\0\n\0");
}

static void
utf16_unmarked_big_endian(const char *directory)
{
	PUT("tenon.yaml", "\0t\0e\0n\0o\0n\0:\0 \0001\0\n");
}

static void
utf32(const char *directory)
{
	PUT("tenon.yaml", "\xff\xfe\0\0t\0\0\0e\0\0\0");
}

static void
nul_in_yaml(const char *directory)
{
	PUT("tenon.yaml", "tenon: 1\nproject: p\0q\n");
}

static void
nul_in_code(const char *directory)
{
	PUT("a.js", "exports.onExecutePostLogin = 1;\0");
}

static void
invalid_utf8(const char *directory)
{
	PUT("tenon.yaml", "tenon: 1\nproject: \xed\xa0\x80\n");
}

static void
invalid_utf8_in_code(const char *directory)
{
	PUT("a.js", "// caf\xe9\n");
}

/* --- Sizes --- */

static void
hundred_megabytes(const char *directory, const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	PUT("tenon.yaml", ACTION);
	tn_str_addf(&path, "%s/%s", directory, name);
	put_bytes(directory, name, "a: b\n", 5);
	measure_must(truncate(tn_str_text(&path), 100 << 20) == 0, name);
}

static void
large_project_file(const char *directory)
{
	hundred_megabytes(directory, "tenon.yaml");
}

static void
large_code_file(const char *directory)
{
	hundred_megabytes(directory, "a.js");
}

/* Nine of the one before, nine times: ten lines that stand for a billion values. */
static void
laughs(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, HEAD "a: &a [x,x,x,x,x,x,x,x,x]\n");
	for (char c = 'b'; c <= 'j'; c++) {
		tn_str_addf(&text, "%c: &%c [", c, c);
		for (int i = 0; i < 9; i++)
			tn_str_addf(&text, "*%c,", c - 1);
		tn_str_add(&text, "]\n");
	}
	put_bytes(directory, "tenon.yaml", tn_str_text(&text), text.len);
}

static void
put_doubled_mappings(const char *directory, const char *name, const char *head)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "%sa: &a {p: x, q: x}\n", head);
	for (char c = 'b'; c <= 'z'; c++)
		tn_str_addf(&text, "%c: &%c {p: *%c, q: *%c}\n", c, c, c - 1, c - 1);
	put_bytes(directory, name, tn_str_text(&text), text.len);
}

static void
doubled_mappings(const char *directory)
{
	put_doubled_mappings(directory, "tenon.yaml", HEAD);
}

/* Each is refused, and what it held until then stays in memory. */
static void
included_bombs(const char *directory)
{
	PUT("tenon.yaml", HEAD "include: [bomb*.yaml]\n");
	for (int i = 0; i < 20; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

		tn_str_addf(&name, "bomb%d.yaml", i);
		put_doubled_mappings(directory, tn_str_text(&name), "");
	}
}

/* 20 MB of numbers that take eighty bytes each. */
static void
large_payloads(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, ACTIONS);
	for (int i = 0; i < 100; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;

		tn_str_addf(&name, "p%d.json", i);
		measure_put(directory, tn_str_text(&name),
		    &(struct measure_text){ "{\"event\": [0", ",0", 99990, "]}" });
		tn_str_addf(&text,
		    "  a%d: {trigger: post-login@v3, tests: [{payload: p%d.json}]}\n", i,
		    i);
	}
	put_bytes(directory, "tenon.yaml", tn_str_text(&text), text.len);
}

static void
anchors_in_anchors(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, HEAD "a: ");
	for (int i = 0; i < 10000; i++)
		tn_str_addf(&text, "&a%d [", i);
	put_bytes(directory, "tenon.yaml", tn_str_text(&text), text.len);
}

static void
many_actions(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, ACTIONS);
	for (int i = 0; i < 100000; i++)
		tn_str_addf(&text, "  a%d: {trigger: post-login@v3}\n", i);
	put_bytes(directory, "tenon.yaml", tn_str_text(&text), text.len);
}

static void
long_name_in_many_findings(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, ACTIONS "  ? \"");
	for (int i = 0; i < 8 << 20; i++)
		tn_str_add_char(&text, 'x');
	tn_str_add(&text, "\"\n  : trigger: post-login@v3\n    dependencies:\n");
	for (int i = 0; i < 900; i++)
		tn_str_addf(&text, "      p%d: ^1\n", i);
	put_bytes(directory, "tenon.yaml", tn_str_text(&text), text.len);
}

/* --- What is no file --- */

static void
path_of(const char *directory, const char *name, struct tn_str *path)
{
	tn_str_addf(path, "%s/%s", directory, name);
}

static void
fifo_as(const char *directory, const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	path_of(directory, name, &path);
	measure_must(mkfifo(tn_str_text(&path), 0600) == 0, name);
}

static void
fifo_as_project(const char *directory)
{
	fifo_as(directory, "tenon.yaml");
}

static void
fifo_as_code(const char *directory)
{
	fifo_as(directory, "a.js");
}

static void
link_to(const char *directory, const char *name, const char *target)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	path_of(directory, name, &path);
	measure_must(symlink(target, tn_str_text(&path)) == 0, name);
}

static void
device_as_project(const char *directory)
{
	link_to(directory, "tenon.yaml", "/dev/zero");
}

static void
device_as_code(const char *directory)
{
	link_to(directory, "a.js", "/dev/zero");
}

static void
link_in_a_circle(const char *directory)
{
	link_to(directory, "a.js", "a.js");
}

static void
directory_as_code(const char *directory)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	path_of(directory, "a.js", &path);
	measure_must(mkdir(tn_str_text(&path), 0700) == 0, "a.js");
}

static void
socket_as_code(const char *directory)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* The address has little room: it is bound from within. */
	measure_must(fd >= 0 && here >= 0 && chdir(directory) == 0, "a socket");
	memcpy(address.sun_path, "a.js", sizeof("a.js"));
	measure_must(bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0,
	    "a.js");
	measure_must(fchdir(here) == 0, "back");
	close(here);
	close(fd);
}

#define YAML "tenon.yaml"
#define WHOLE(text)             \
	{                       \
		text, "", 0, "" \
	}
#define NO_TEXT               \
	{                     \
		"", "", 0, "" \
	}

static const struct hostile cases[] = {
	{ "an alias cycle", YAML, WHOLE(HEAD "a: &a [*a]\n"), NULL, "alias-cycle" },
	{ "a list that holds a billion", NULL, NO_TEXT, laughs, "too-large" },
	{ "mappings doubled 25 times", NULL, NO_TEXT, doubled_mappings, "too-large" },
	{ "20 included files of mappings doubled", NULL, NO_TEXT, included_bombs,
	    "too-large" },
	{ "a file that includes itself", YAML, WHOLE(HEAD "include: [tenon.yaml]\n"),
	    NULL, "include-cycle" },
	{ "100 payloads of 100,000 numbers", NULL, NO_TEXT, large_payloads,
	    "invalid-payload" },
	{ "10,000 anchors inside of each other", NULL, NO_TEXT, anchors_in_anchors,
	    "too-deep" },
	{ "1,000,000 uses of an alias", YAML,
	    { HEAD "a: &a [x, y]\nb: [", "*a,", 1000000, "]\n" }, NULL, "too-large" },
	{ "64 KB of [", YAML, { "", "[", 65536, "" }, NULL, "too-deep" },
	{ "64 KB of {", YAML, { "", "{", 65536, "" }, NULL, "too-deep" },
	{ "64 KB of list in list", YAML, { "", "- ", 32768, "" }, NULL, "too-deep" },
	{ "64 KB of ?", YAML, { "", "? ", 32768, "" }, NULL, "too-deep" },
	{ "1,000,000 empty documents", YAML, { "", "---\n", 1000000, "" }, NULL,
	    "several-documents" },
	{ "1,000,000 ends of a document", YAML, { HEAD, "...\n", 1000000, "--- a\n" },
	    NULL, "several-documents" },
	{ "a key twice", YAML, WHOLE(HEAD "project: q\n"), NULL, "duplicate-key" },
	{ "a key 100,000 times", YAML, { HEAD, "project: q\n", 100000, "" }, NULL,
	    "too-many-findings" },
	{ "a key a million times", YAML, { HEAD, "project: q\n", 1000000, "" }, NULL,
	    "too-large" },
	{ "a tag", YAML, WHOLE(HEAD "actions: !!python/object:os.system {}\n"), NULL,
	    "tag" },
	{ "a merge key", YAML, WHOLE(HEAD "a: &a {b: c}\nd:\n  <<: *a\n"), NULL,
	    "merge-key" },
	{ "a key that is a list", YAML, WHOLE(HEAD "? [a]\n: b\n"), NULL, "bad-key" },
	{ "a key of 2 MB", YAML, { HEAD "? \"", "x", 2 << 20, "\"\n: 1\n" }, NULL,
	    "unknown-key" },
	{ "a name of 1 MB", YAML, { "tenon: 1\nproject: ", "x", 1 << 20, "\n" }, NULL,
	    "too-long" },
	{ "a name of 8 MB in 900 findings", NULL, NO_TEXT, long_name_in_many_findings,
	    "bad-format" },
	{ "a list of 1 MB where a name should be", YAML,
	    { "tenon: 1\nproject: [", "x,", 500000, "]\n" }, NULL, "wrong-type" },
	{ "a line of 4 MB with a mistake at its end", YAML,
	    { HEAD "actions: {", "\"a\": 1, ", 500000, "]\n" }, NULL, "syntax" },
	{ "UTF-16, little-endian", NULL, NO_TEXT, utf16_little_endian, "bad-encoding" },
	{ "UTF-16, big-endian", NULL, NO_TEXT, utf16_big_endian, "bad-encoding" },
	{ "UTF-16 without a mark, little-endian", NULL, NO_TEXT, utf16_unmarked,
	    "bad-encoding" },
	{ "UTF-16 without a mark, big-endian", NULL, NO_TEXT, utf16_unmarked_big_endian,
	    "bad-encoding" },
	{ "UTF-32", NULL, NO_TEXT, utf32, "bad-encoding" },
	{ "a NUL", NULL, NO_TEXT, nul_in_yaml, "bad-encoding" },
	{ "bytes that are no UTF-8", NULL, NO_TEXT, invalid_utf8, "bad-encoding" },
	{ "a NUL in code", YAML, WHOLE(ACTION), nul_in_code, "invalid-code" },
	{ "bytes that are no UTF-8 in code", YAML, WHOLE(ACTION), invalid_utf8_in_code,
	    "invalid-code" },
	{ "a project file of 100 MB", NULL, NO_TEXT, large_project_file, "error:limit" },
	{ "a code file of 100 MB", NULL, NO_TEXT, large_code_file, "file-too-large" },
	{ "100,000 actions without code", NULL, NO_TEXT, many_actions,
	    "too-many-findings" },
	{ "a named pipe as project file", NULL, NO_TEXT, fifo_as_project, "error:input" },
	{ "a named pipe as code", YAML, WHOLE(ACTION), fifo_as_code, "unreadable-file" },
	{ "a device as project file", NULL, NO_TEXT, device_as_project, "error:input" },
	{ "a device as code", YAML, WHOLE(ACTION), device_as_code, "unreadable-file" },
	{ "a link to itself as code", YAML, WHOLE(ACTION), link_in_a_circle,
	    "unreadable-file" },
	{ "a directory as code", YAML, WHOLE(ACTION), directory_as_code,
	    "unreadable-file" },
	{ "a socket as code", YAML, WHOLE(ACTION), socket_as_code, "unreadable-file" },
};

/* --- Running --- */

static bool
has_code(const struct tn_value *report, const char *code)
{
	const struct tn_value *findings = tn_value_get(report, "findings");

	if (tn_text_starts(code, "error:"))
		return tn_text_equal(tn_value_get_text(tn_value_get(report, "error"),
					 "kind"),
		    code + strlen("error:"));
	for (size_t i = 0; i < tn_value_count(findings); i++)
		if (tn_text_equal(tn_value_get_text(tn_value_at(findings, i), "code"),
			code))
			return true;
	return false;
}

/* NULL, or what is not as it should be. */
static const char *
judge(const struct hostile *hostile, const struct measured *run)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *report;

	if (run->status != 1)
		return "the exit status is not 1";
	if (run->out.len > OUTPUT_MAX)
		return "the output is too long";
	if (tn_json_parse(arena, tn_str_span(&run->out), NULL, &report, NULL) < 0)
		return "the report is no JSON";
	if (!has_code(report, hostile->code))
		return "the report does not have that code";
	if (run->megabytes > MEGABYTES_MAX)
		return "it took too much memory";
	return NULL;
}

static bool
play(unsigned n, const struct hostile *hostile)
{
	TN_CLEANUP(tn_str_done) struct tn_str directory = TN_STR_INIT;
	struct measured run;
	const char *wrong;

	measure_scratch(&directory);
	if (hostile->path != NULL)
		measure_put(tn_str_text(&directory), hostile->path, &hostile->text);
	if (hostile->make != NULL)
		hostile->make(tn_str_text(&directory));
	measure_tenon((const char *const[]){ "validate", "--json", "--source",
			  tn_str_text(&directory), NULL },
	    &run);
	wrong = judge(hostile, &run);
	printf("%s %u - %s: %s (%.0f ms, %.0f MB)\n", wrong == NULL ? "ok" : "not ok", n,
	    hostile->name, hostile->code, run.cpu * 1e3, run.megabytes);
	if (wrong != NULL)
		printf("# %s; status %d\n# %.300s\n", wrong, run.status,
		    tn_str_text(&run.out));
	measured_done(&run);
	measure_remove(tn_str_text(&directory));
	return wrong == NULL;
}

int
main(void)
{
	bool good = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%zu\n", TN_ARRAY_LEN(cases));
	for (unsigned i = 0; i < TN_ARRAY_LEN(cases); i++)
		good = play(i + 1, &cases[i]) && good;
	return good ? 0 : 1;
}
