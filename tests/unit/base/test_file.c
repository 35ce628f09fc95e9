/* Files of this machine: bounded reads, whole writes, directories, locks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

struct place {
	char directory[64];
	char path[128];
};

static int
setup(void **state)
{
	static struct place place;

	snprintf(place.directory, sizeof(place.directory), "/tmp/tenon-test.XXXXXX");
	*state = &place;
	return mkdtemp(place.directory) != NULL ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *ftw TN_UNUSED)
{
	return remove(path);
}

static int
teardown(void **state)
{
	struct place *place = *state;

	return nftw(place->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Borrowed until the next call. */
static const char *
in(struct place *place, const char *name)
{
	snprintf(place->path, sizeof(place->path), "%s/%s", place->directory, name);
	return place->path;
}

/* What a crash would leave: the file under its name when a descriptor was synced. Ours
 * comes before that of the C library. */
static struct {
	const char *path;       /* NULL: nobody asks */
	unsigned before, after; /* times that the file was old, and new */
} synced;

/* The n-th call from now that changes a file or makes it last fails; 0: none. */
static unsigned failing;

static bool
fails(void)
{
	if (failing == 0 || --failing > 0)
		return false;
	errno = EIO;
	return true;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	return fails() ? -1 : syscall(SYS_write, fd, bytes, n);
}

int
rename(const char *from, const char *to)
{
	return fails() ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int
fsync(int fd)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (fails())
		return -1;
	if (synced.path != NULL) {
		assert_int_equal(tn_file_read(synced.path, 100, &text, NULL), 0);
		if (tn_text_equal(tn_str_text(&text), "old"))
			synced.before++;
		else
			synced.after++;
	}
	return fdatasync(fd);
}

static void
put(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void
a_file_is_read_whole_and_appended(void **state)
{
	const char *path = in(*state, "a");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	put(path, "one\0two", 7);
	tn_str_add(&out, "zero ");
	assert_int_equal(tn_file_read(path, 7, &out, NULL), 0);
	assert_int_equal(out.len, 12);
	assert_memory_equal(out.ptr, "zero one\0two", 13);
}

static void
an_empty_file_is_empty_text(void **state)
{
	const char *path = in(*state, "empty");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	put(path, "", 0);
	assert_int_equal(tn_file_read(path, 0, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "");
}

static void
a_large_file_is_read_in_pieces(void **state)
{
	const char *path = in(*state, "large");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	static char bytes[100001];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i % 251);
	put(path, bytes, sizeof(bytes));
	assert_int_equal(tn_file_read(path, sizeof(bytes), &out, NULL), 0);
	assert_int_equal(out.len, sizeof(bytes));
	assert_memory_equal(out.ptr, bytes, sizeof(bytes));
}

static void
too_large_leaves_the_output_as_it_was(void **state)
{
	const char *path = in(*state, "a");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	put(path, "12345", 5);
	tn_str_add(&out, "before");
	assert_int_equal(tn_file_read(path, 4, &out, &err), -TN_E_LIMIT);
	assert_string_equal(tn_str_text(&out), "before");
	assert_non_null(strstr(err.message, "is larger than the 4 bytes allowed"));
}

static void
the_bound_of_the_buffer_counts_too(void **state)
{
	const char *path = in(*state, "a");
	TN_CLEANUP(tn_str_done) struct tn_str out;

	put(path, "12345", 5);
	tn_str_init(&out, 6);
	tn_str_add(&out, "ab");
	assert_int_equal(tn_file_read(path, 100, &out, NULL), -TN_E_LIMIT);
	assert_string_equal(tn_str_text(&out), "ab");
	assert_false(tn_str_overflowed(&out));
}

static void
a_source_without_end_is_cut(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	assert_int_equal(tn_file_read("/dev/zero", 100000, &out, NULL), -TN_E_LIMIT);
	assert_int_equal(out.len, 0);
	assert_int_equal(tn_file_read("/dev/zero", 0, &out, NULL), -TN_E_LIMIT);
	assert_int_equal(tn_file_read("/dev/null", 0, &out, NULL), 0);
	assert_int_equal(out.len, 0);
}

static void
what_cannot_be_read_is_told_apart(void **state)
{
	struct place *place = *state;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_file_read(in(place, "none"), 9, &out, &err), -TN_E_NOT_FOUND);
	assert_non_null(strstr(err.message, "there is no file \"/tmp/tenon-test."));
	tn_error_done(&err);
	put(in(place, "a"), "", 0);
	assert_int_equal(tn_file_read(in(place, "a/b"), 9, &out, NULL), -TN_E_NOT_FOUND);
	assert_int_equal(tn_file_read(place->directory, 9, &out, &err), -TN_E_INPUT);
	assert_non_null(strstr(err.message, "is a directory, not a file"));
	tn_error_done(&err);
	assert_int_equal(symlink("loop", in(place, "loop")), 0);
	assert_int_equal(tn_file_read(in(place, "loop"), 9, &out, &err), -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, ELOOP);
	tn_error_done(&err);
	assert_int_equal(out.len, 0);
}

static void
only_a_regular_file_is_one(void **state)
{
	struct place *place = *state;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_file_facts facts = { 0 };
	struct tn_error err = TN_ERROR_INIT;

	put(in(place, "a"), "one", 3);
	assert_int_equal(chmod(in(place, "a"), 0640), 0);
	assert_int_equal(tn_file_read_regular(in(place, "a"), 3, &out, &facts, NULL), 0);
	assert_string_equal(tn_str_text(&out), "one");
	assert_int_equal(facts.mode, 0640);
	assert_int_equal(facts.owner, getuid());
	assert_int_equal(tn_file_read_regular(in(place, "a"), 2, &out, &facts, NULL),
	    -TN_E_LIMIT);
	/* Nobody writes to it, and nobody is waited for. */
	assert_int_equal(mkfifo(in(place, "fifo"), 0600), 0);
	assert_int_equal(tn_file_read_regular(in(place, "fifo"), 9, &out, &facts, &err),
	    -TN_E_INPUT);
	assert_non_null(strstr(err.message, "is no regular file"));
	tn_error_done(&err);
	assert_int_equal(tn_file_read_regular("/dev/zero", 9, &out, &facts, NULL),
	    -TN_E_INPUT);
	assert_int_equal(tn_file_read_regular(place->directory, 9, &out, &facts, NULL),
	    -TN_E_INPUT);
	assert_int_equal(tn_file_read_regular(in(place, "none"), 9, &out, &facts, NULL),
	    -TN_E_NOT_FOUND);
	assert_string_equal(tn_str_text(&out), "one");
}

static void
a_failing_read_is_told(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	/* Address 0 of a process is never mapped. */
	assert_int_equal(tn_file_read("/proc/self/mem", 100, &out, &err), -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EIO);
	assert_int_equal(out.len, 0);
}

/* Lets fn run on a disk that takes no more bytes. */
static void
with_a_full_disk(void (*fn)(struct place *place), struct place *place)
{
	struct rlimit before, none;

	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	fn(place);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
}

static void
write_and_fail(struct place *place)
{
	struct tn_error err = TN_ERROR_INIT;
	struct tn_file_lock *lock = NULL;

	assert_int_equal(tn_file_write(in(place, "w"), 0600, tn_span("new"), &err),
	    -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EFBIG);
	tn_error_done(&err);
	assert_int_equal(tn_file_lock(in(place, "lock"), "note", &lock, &err),
	    -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EFBIG);
	tn_error_done(&err);
	assert_null(lock);
}

static void
a_full_disk_leaves_the_old_file(void **state)
{
	struct place *place = *state;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_file_lock *lock = NULL;

	assert_int_equal(tn_file_write(in(place, "w"), 0600, tn_span("old"), NULL), 0);
	with_a_full_disk(write_and_fail, place);
	assert_int_equal(tn_file_read(in(place, "w"), 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "old");
	/* The lock that could not be written was let go. */
	assert_int_equal(tn_file_lock(in(place, "lock"), "note", &lock, NULL), 0);
	tn_file_unlock(lock);
}

static void
a_directory_where_none_can_be(void **state TN_UNUSED)
{
	assert_int_equal(tn_file_mkdirs("/proc/tenon", NULL), -TN_E_SYSTEM);
}

static void
a_pipe_is_read_to_its_end(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	char path[40];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "key", 3), 3);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(tn_file_read(path, 10, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "key");
	close(ends[0]);
}

static void
writing_makes_and_replaces(void **state)
{
	struct place *place = *state;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct stat st;

	assert_int_equal(tn_file_write(in(place, "w"), 0600, tn_span("first"), NULL), 0);
	assert_int_equal(stat(in(place, "w"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(tn_file_write(in(place, "w"), 0644, tn_span(""), NULL), 0);
	assert_int_equal(tn_file_write(in(place, "w"), 0644, tn_span("second"), NULL), 0);
	assert_int_equal(stat(in(place, "w"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(tn_file_read(in(place, "w"), 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "second");
}

static size_t
entries(const char *directory)
{
	DIR *dir = opendir(directory);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static void
a_failed_write_leaves_nothing_behind(void **state)
{
	struct place *place = *state;
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(mkdir(in(place, "d"), 0700), 0);
	assert_int_equal(tn_file_write(in(place, "d"), 0600, tn_span("x"), &err),
	    -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, EISDIR);
	tn_error_done(&err);
	assert_int_equal(entries(place->directory), 1);
	assert_int_equal(tn_file_write(in(place, "none/x"), 0600, tn_span("x"), &err),
	    -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOENT);
	tn_error_done(&err);
}

static void
a_link_is_replaced_and_not_followed(void **state)
{
	struct place *place = *state;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct stat st;

	put(in(place, "target"), "kept", 4);
	assert_int_equal(symlink("target", in(place, "link")), 0);
	assert_int_equal(tn_file_write(in(place, "link"), 0600, tn_span("new"), NULL), 0);
	assert_int_equal(lstat(in(place, "link"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(tn_file_read(in(place, "target"), 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "kept");
}

static void
a_name_without_directory_is_written_here(void **state)
{
	struct place *place = *state;
	char before[512];
	int r;

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(place->directory), 0);
	r = tn_file_write("here", 0600, tn_span("x"), NULL);
	assert_int_equal(chdir(before), 0);
	assert_int_equal(r, 0);
	assert_int_equal(access(in(place, "here"), F_OK), 0);
}

static void
directories_are_made_with_their_parents(void **state)
{
	struct place *place = *state;
	struct stat st;

	assert_int_equal(tn_file_mkdirs(in(place, "a/b/c"), NULL), 0);
	assert_int_equal(tn_file_mkdirs(in(place, "a/b/c"), NULL), 0);
	assert_int_equal(tn_file_mkdirs(in(place, "a//b/d/"), NULL), 0);
	assert_int_equal(stat(in(place, "a/b/d"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(stat(in(place, "a/b/c"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(tn_file_mkdirs("/", NULL), 0);
	assert_int_equal(tn_file_mkdirs("", NULL), -TN_E_INPUT);
}

static void
a_file_in_the_way_of_a_directory(void **state)
{
	struct place *place = *state;
	struct tn_error err = TN_ERROR_INIT;

	put(in(place, "f"), "", 0);
	assert_int_equal(tn_file_mkdirs(in(place, "f"), &err), -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOTDIR);
	tn_error_done(&err);
	assert_int_equal(tn_file_mkdirs(in(place, "f/g"), &err), -TN_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOTDIR);
	tn_error_done(&err);
}

static void
a_link_to_nothing_in_the_way_of_a_directory(void **state)
{
	struct place *place = *state;

	assert_int_equal(symlink("nowhere", in(place, "l")), 0);
	assert_int_equal(tn_file_mkdirs(in(place, "l"), NULL), -TN_E_SYSTEM);
}

static void
a_lock_has_one_holder_who_is_named(void **state)
{
	const char *path = in(*state, "lock");
	struct tn_file_lock *first, *second = NULL;
	struct tn_error err = TN_ERROR_INIT;
	struct stat st;

	assert_int_equal(tn_file_lock(path, "pid 17", &first, NULL), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(tn_file_lock(path, "pid 18", &second, &err), -TN_E_LOCKED);
	assert_null(second);
	assert_non_null(strstr(err.message, "is locked by pid 17"));
	assert_string_equal(err.hint, "wait until pid 17 ends, or end it");
	tn_error_done(&err);
	tn_file_unlock(first);
	assert_int_equal(tn_file_lock(path, "pid 18", &second, &err), 0);
	tn_file_unlock(second);
	tn_file_unlock(NULL);
}

static void
a_longer_note_of_before_is_gone(void **state)
{
	const char *path = in(*state, "lock");
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	struct tn_file_lock *lock;

	put(path, "a note of a process that was killed", 35);
	assert_int_equal(tn_file_lock(path, "pid 1", &lock, NULL), 0);
	assert_int_equal(tn_file_read(path, 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "pid 1");
	tn_file_unlock(lock);
	tn_str_clear(&out);
	assert_int_equal(tn_file_read(path, 100, &out, NULL), 0);
	assert_string_equal(tn_str_text(&out), "");
}

/* Whoever can write to the file must not command our terminal or fill our memory. */
static void
a_hostile_note_is_bounded_and_printable(void **state)
{
	const char *path = in(*state, "lock");
	static char bytes[100000];
	struct tn_file_lock *first, *second;
	struct tn_error err = TN_ERROR_INIT;

	assert_int_equal(tn_file_lock(path, "", &first, NULL), 0);
	assert_int_equal(tn_file_lock(path, "", &second, &err), -TN_E_LOCKED);
	assert_non_null(strstr(err.message, "is locked by another process"));
	tn_error_done(&err);
	memset(bytes, 0x1b, sizeof(bytes));
	put(path, bytes, sizeof(bytes));
	assert_int_equal(tn_file_lock(path, "", &second, &err), -TN_E_LOCKED);
	assert_null(strchr(err.message, 0x1b));
	assert_non_null(strstr(err.message, "\\x1b\\x1b"));
	assert_true(strlen(err.message) < 1000);
	tn_error_done(&err);
	tn_file_unlock(first);
}

static void
a_lock_dies_with_its_holder(void **state)
{
	const char *path = in(*state, "lock");
	struct tn_file_lock *lock = NULL;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(tn_file_lock(path, "the child", &lock, NULL) == 0 ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(tn_file_lock(path, "the parent", &lock, NULL), 0);
	tn_file_unlock(lock);
}

static void
what_is_no_lock_file(void **state)
{
	struct place *place = *state;
	struct tn_file_lock *lock = NULL;
	struct tn_error err = TN_ERROR_INIT;

	put(in(place, "target"), "kept", 4);
	assert_int_equal(symlink("target", in(place, "link")), 0);
	assert_int_equal(tn_file_lock(in(place, "link"), "x", &lock, &err), -TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "is a symbolic link"));
	tn_error_done(&err);
	assert_int_equal(mkfifo(in(place, "fifo"), 0600), 0);
	assert_int_equal(tn_file_lock(in(place, "fifo"), "x", &lock, &err), -TN_E_SYSTEM);
	assert_non_null(strstr(err.message, "is no regular file"));
	tn_error_done(&err);
	assert_int_equal(tn_file_lock(place->directory, "x", &lock, NULL), -TN_E_SYSTEM);
	assert_int_equal(tn_file_lock(in(place, "none/x"), "x", &lock, NULL),
	    -TN_E_SYSTEM);
	assert_null(lock);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* Its bytes before it takes its name, and the name after. */
static void
what_is_written_is_on_the_disk_before_it_has_its_name(void **state)
{
	const char *path = in(*state, "w");

	assert_int_equal(tn_file_write(path, 0600, tn_span("old"), NULL), 0);
	synced.path = path;
	assert_int_equal(tn_file_write(path, 0600, tn_span("new"), NULL), 0);
	synced.path = NULL;
	assert_int_equal(synced.before, 1);
	assert_int_equal(synced.after, 1);
}

/* The write, the sync of the bytes, the new name, and the sync of that: the file is the
 * old one or the new one, and nothing is left beside it. */
static void
whichever_step_fails_the_file_is_the_old_or_the_new_one(void **state)
{
	struct place *place = *state;
	unsigned n = 0;
	bool failed;

	do {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		struct tn_error err = TN_ERROR_INIT;

		assert_int_equal(tn_file_write(in(place, "w"), 0600, tn_span("old"),
				     NULL),
		    0);
		failing = ++n;
		failed = tn_file_write(in(place, "w"), 0600, tn_span("new"), &err) < 0;
		failing = 0;
		assert_int_equal(err.sys_errno, failed ? EIO : 0);
		assert_int_equal(tn_file_read(in(place, "w"), 100, &out, NULL), 0);
		assert_string_equal(tn_str_text(&out), n <= 3 ? "old" : "new");
		assert_int_equal(entries(place->directory), 1);
		tn_error_done(&err);
	} while (failed);
	assert_int_equal(n, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_on_the_disk_before_it_has_its_name),
		TEST(a_file_is_read_whole_and_appended),
		TEST(an_empty_file_is_empty_text),
		TEST(a_large_file_is_read_in_pieces),
		TEST(too_large_leaves_the_output_as_it_was),
		TEST(the_bound_of_the_buffer_counts_too),
		TEST(a_source_without_end_is_cut),
		TEST(what_cannot_be_read_is_told_apart),
		TEST(only_a_regular_file_is_one),
		TEST(a_failing_read_is_told),
		TEST(a_full_disk_leaves_the_old_file),
		TEST(a_directory_where_none_can_be),
		TEST(a_pipe_is_read_to_its_end),
		TEST(writing_makes_and_replaces),
		TEST(whichever_step_fails_the_file_is_the_old_or_the_new_one),
		TEST(a_failed_write_leaves_nothing_behind),
		TEST(a_link_is_replaced_and_not_followed),
		TEST(a_name_without_directory_is_written_here),
		TEST(directories_are_made_with_their_parents),
		TEST(a_file_in_the_way_of_a_directory),
		TEST(a_link_to_nothing_in_the_way_of_a_directory),
		TEST(a_lock_has_one_holder_who_is_named),
		TEST(a_longer_note_of_before_is_gone),
		TEST(a_hostile_note_is_bounded_and_printable),
		TEST(a_lock_dies_with_its_holder),
		TEST(what_is_no_lock_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
