/*
 * Replays the corpus of the target that it is linked with: every file of
 * tests/fuzz/corpus/NAME, for the program fuzz_NAME, or the files named. Prints TAP.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"

#define INPUT_MAX ((size_t)1 << 20)

/* From a block of their own, so that the sanitizers see a read behind the last byte. */
static void
run(const char *bytes, size_t len)
{
	uint8_t *block = malloc(len > 0 ? len : 1);

	if (block == NULL)
		abort();
	memcpy(block, bytes, len);
	(void)LLVMFuzzerTestOneInput(block, len);
	free(block);
}

static bool
replay(unsigned n, const char *path)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;

	printf("# %s\n", path);
	fflush(stdout);
	if (tn_file_read(path, INPUT_MAX, &bytes, &err) < 0) {
		printf("not ok %u - %s: %s\n", n, path, err.message);
		return false;
	}
	run(tn_str_text(&bytes), bytes.len);
	printf("ok %u - %s\n", n, path);
	return true;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
replay_corpus(const char *name)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	struct dirent **entries = NULL;
	bool good = true;
	size_t len;
	int count;

	tn_str_addf(&path, "tests/fuzz/corpus/%s", name);
	count = scandir(tn_str_text(&path), &entries, is_input, alphasort);
	if (count <= 0) {
		printf("not ok 1 - %s has inputs\n1..1\n", tn_str_text(&path));
		return false;
	}
	printf("1..%d\n", count);
	len = path.len;
	for (int i = 0; i < count; i++) {
		path.len = len;
		tn_str_addf(&path, "/%s", entries[i]->d_name);
		good = replay((unsigned)i + 1, tn_str_text(&path)) && good;
		free(entries[i]);
	}
	free(entries);
	return good;
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash != NULL ? slash + 1 : argv[0];
	bool good = true;

	if (argc < 2)
		return replay_corpus(name + strlen("fuzz_")) ? 0 : 1;
	for (int i = 1; i < argc; i++)
		good = replay((unsigned)i, argv[i]) && good;
	printf("1..%d\n", argc - 1);
	return good ? 0 : 1;
}
