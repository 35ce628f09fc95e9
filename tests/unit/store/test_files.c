/* The machine's own files: rights, directories, damage, and locks of other processes. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static char scratch[PATH_MAX];
static char path[PATH_MAX + 64]; /* of the state, in directories that are not there */

static int
up(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)umask(0);
	(void)snprintf(scratch, sizeof(scratch), "%s/tn-store-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(scratch) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/share/tenon/state.db", scratch);
	return world_up(state);
}

static int
remove_one(const char *name, const struct stat *st TN_UNUSED, int type TN_UNUSED,
    struct FTW *ftw TN_UNUSED)
{
	return remove(name);
}

static int
down(void **state)
{
	(void)world_down(state);
	return nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct tn_store *
file_store(const struct tn_store_scope *scope)
{
	return tn_store_sqlite(loop, path, NULL, scope);
}

static struct tn_store *
file_locked(void)
{
	struct tn_store *store = file_store(&shop);

	fine(load(store, true));
	return store;
}

/* --- Rights and directories --- */

static unsigned n_files;

static int
check_rights(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	if (ftw->level == 0)
		return 0;
	n_files += type == FTW_F;
	if ((st->st_mode & 0777) != (type == FTW_D ? 0700 : 0600))
		fail_msg("%s has mode %o", name, (unsigned)st->st_mode);
	return 0;
}

static void
everything_is_for_its_owner_alone(void **state TN_UNUSED)
{
	struct tn_store *store = file_locked();

	fine(append_one(store, "r", 0, "begin", "{}"));
	n_files = 0;
	assert_int_equal(nftw(scratch, check_rights, 8, FTW_PHYS), 0);
	assert_int_equal(n_files, 4); /* database, log, index of the log, lock */
	tn_store_free(store);
	n_files = 0;
	assert_int_equal(nftw(scratch, check_rights, 8, FTW_PHYS), 0);
	assert_int_equal(n_files, 2);
}

static void
the_state_is_there_the_next_time(void **state TN_UNUSED)
{
	const struct tn_owned own = { "a", "1" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };
	struct tn_store *store = file_locked();
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *key = tn_secret_ref(store->key);

	fine(append_one(store, "r", 0, "begin", "{}"));
	fine(end(store, "r", "applied", &settlement));
	fine(append_one(store, "r2", 0, "begin", "{}"));
	tn_store_free(store);
	store = file_store(&shop);
	fine(load(store, false));
	known_is(store, "own 1=a | others | secrets");
	open_run_is(store, "r2: begin{}");
	assert_true(tn_secret_equal(store->key, key));
	tn_store_free(store);
}

static void
a_name_without_a_directory_is_in_this_one(void **state TN_UNUSED)
{
	char before[PATH_MAX];
	struct stat st;
	struct tn_store *store;

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(scratch), 0);
	store = tn_store_sqlite(loop, "plain.db", NULL, &shop);
	fine(load(store, true));
	tn_store_free(store);
	assert_int_equal(stat("plain.db", &st), 0);
	assert_int_equal(chdir(before), 0);
}

static void
a_directory_that_cannot_be_made_is_an_error_with_its_cure(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);
	char name[PATH_MAX + 16];
	FILE *file;

	(void)snprintf(name, sizeof(name), "%s/share", scratch);
	file = fopen(name, "w");
	assert_non_null(file);
	(void)fclose(file);
	refused(load(store, true), TN_E_SYSTEM, path, "make its directory");
	assert_int_equal(remove(name), 0);
	fine(load(store, true));
}

static void
a_link_in_place_of_the_state_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);
	struct tn_store *maker = file_locked();
	char away[PATH_MAX + 16];

	tn_store_free(maker);
	(void)snprintf(away, sizeof(away), "%s/away.db", scratch);
	assert_int_equal(rename(path, away), 0);
	assert_int_equal(symlink(away, path), 0);
	refused(load(store, true), TN_E_SYSTEM, path, "name the file itself");
}

static void
a_state_that_everybody_can_open_is_refused(void **state TN_UNUSED)
{
	static const mode_t open_to_all[] = { 0604, 0602, 0666, 0601 };
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);

	tn_store_free(file_locked());
	for (size_t i = 0; i < TN_ARRAY_LEN(open_to_all); i++) {
		assert_int_equal(chmod(path, open_to_all[i]), 0);
		refused(load(store, true), TN_E_SYSTEM, path, "chmod o-rwx");
		refused(load(store, false), TN_E_SYSTEM, "every user", "TENON_KEY");
	}
	/* A group that works together may share it. */
	assert_int_equal(chmod(path, 0660), 0);
	fine(load(store, true));
}

static void
a_name_that_is_a_directory_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);

	assert_int_equal(tn_file_mkdirs(path, NULL), 0);
	refused(load(store, true), TN_E_SYSTEM, path, "name the file itself");
}

/* --- Damage --- */

static void
read_state(struct tn_str *out)
{
	assert_int_equal(tn_file_read(path, 1 << 24, out, NULL), 0);
}

static void
write_state(struct tn_span bytes)
{
	assert_int_equal(tn_file_write(path, 0600, bytes, NULL), 0);
}

static void
bytes_that_are_no_database_are_refused_and_kept(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT, after = TN_STR_INIT;
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);

	for (int i = 0; i < 5000; i++)
		tn_str_add(&text, "This is a letter to my aunt.\n");
	tn_store_free(file_locked());
	write_state(tn_str_span(&text));
	refused(load(store, true), TN_E_SYSTEM, path, "nothing in the tenant is lost");
	read_state(&after);
	assert_true(tn_span_equal(tn_str_span(&after), tn_str_span(&text)));
	/* With the damage away, the same store goes on. */
	assert_int_equal(remove(path), 0);
	fine(load(store, true));
}

static void
a_state_cut_short_is_refused(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);

	tn_store_free(file_locked());
	read_state(&bytes);
	assert_true(bytes.len > 8192);
	write_state(tn_span_of(bytes.ptr, 8192));
	refused(load(store, true), TN_E_SYSTEM, path, "nothing in the tenant is lost");
	write_state(tn_str_span(&bytes));
	fine(load(store, true));
}

static void
an_empty_file_is_a_new_state(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);

	tn_store_free(file_locked());
	write_state(tn_span(""));
	fine(load(store, true));
	known_is(store, "own | others | secrets");
}

/* Other bytes at any place: an error or an answer, and never more than that. */
static void
other_bytes_anywhere_never_crash(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str good = TN_STR_INIT;
	const struct tn_owned own = { "a", "1" };
	const struct tn_settlement settlement = { .own = &own, .n_own = 1 };
	struct tn_store *store = file_locked();
	unsigned refusals = 0;
	struct tn_rand rand;

	fine(end(store, "r1", "applied", &settlement));
	fine(append_one(store, "r2", 0, "begin", "{\"plan\":1}"));
	tn_store_free(store);
	read_state(&good);
	tn_rand_init(&rand, 31);
	for (int i = 0; i < 100; i++) {
		TN_CLEANUP(tn_str_done) struct tn_str bad = TN_STR_INIT;
		/* The first bytes of each page say what the page is. */
		size_t at = tn_rand_below(&rand, good.len / 4096) * 4096 +
		    tn_rand_below(&rand, i % 2 == 0 ? 64 : 4096);

		tn_str_add_bytes(&bad, good.ptr, good.len);
		for (size_t k = at; k < at + 16 && k < bad.len; k++)
			bad.ptr[k] = (char)tn_rand_below(&rand, 256);
		write_state(tn_str_span(&bad));
		store = file_store(&shop);
		if (load(store, true).kind == TN_E_NONE)
			(void)append_one(store, "r2", 1, "intended", NULL);
		else
			refusals++;
		tn_store_free(store);
	}
	assert_in_range(refusals, 10, 90);
}

/* --- Other processes --- */

/* A process that begins a run under the lock and stays until it is killed. */
static pid_t
start_holder(void)
{
	int told[2];
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct tn_lock_holder holder = { "alice@build7", "apply", "r" };
		struct tn_store *store = file_store(&shop);

		tn_store_sign(store, &holder);
		if (load(store, true).kind != TN_E_NONE ||
		    append_one(store, "r", 0, "begin", "{}").kind != TN_E_NONE)
			_exit(1);
		(void)alarm(60);
		if (write(told[1], "x", 1) == 1)
			(void)pause();
		_exit(1);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	close(told[0]);
	return pid;
}

static void
kill_holder(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
another_process_has_the_lock_until_it_dies(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *store = file_store(&shop);
	TN_CLEANUP(tn_store_freep) struct tn_store *elsewhere = file_store(&other_tenant);
	pid_t pid = start_holder();
	char who[120];

	(void)snprintf(who, sizeof(who),
	    "process %ld of alice@build7, tenon apply, run r, since 2023-11-14T22:13:20Z",
	    (long)pid);
	refused(load(store, true), TN_E_LOCKED, who, who);
	refused(load(store, true), TN_E_LOCKED, "tenant prod", "wait until");
	/* Reading and other tenants are free meanwhile. */
	fine(load(store, false));
	open_run_is(store, "r: begin{}");
	fine(load(elsewhere, true));
	open_run_is(elsewhere, "none");
	kill_holder(pid);
	fine(load(store, true));
	open_run_is(store, "r: begin{}");
	fine(append_one(store, "r", 0, "undo", NULL));
}

static void
two_stores_of_one_process_exclude_each_other(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_store_freep) struct tn_store *second = file_store(&crm);
	struct tn_store *first = file_locked();

	refused(load(second, true), TN_E_LOCKED, "process ", "wait until");
	tn_store_free(first);
	fine(load(second, true));
}

/* All begin with nothing at the same moment: one state, one key. */
static void
processes_that_make_the_state_together_agree(void **state TN_UNUSED)
{
	enum { N = 12 };
	pid_t pids[N];
	struct tn_sqlite *db;

	for (int i = 0; i < N; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			struct tn_store_scope scope = shop;
			char name[2] = { (char)('a' + i), '\0' };

			scope.project = name;
			_exit(load(file_store(&scope), false).kind == TN_E_NONE ? 0 : 1);
		}
	}
	for (int i = 0; i < N; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	db = database(path, NULL);
	rows_are(db, "SELECT count(*) FROM state_key", 1, "1");
	rows_are(db, "SELECT count(*) FROM tenant", 1, "1");
	rows_are(db, "SELECT count(*) FROM pin", 1, "12");
	tn_sqlite_close(db);
}

/* --- The real loop --- */

static void
stop_loop(void *arg, const struct tn_error *err)
{
	assert_null(err);
	tn_loop_stop(arg);
}

static void
the_real_loop_tells_as_well(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_loop_freep) struct tn_loop *real = tn_loop_new(NULL);
	const struct tn_record begin = { 0, "begin", "{}", NOW };
	struct tn_store *store = tn_store_sqlite(real, path, NULL, &shop);

	tn_store_load(store, true, stop_loop, real);
	assert_int_equal(tn_loop_run(real, NULL), 0);
	tn_store_append(store, "r", &begin, 1, stop_loop, real);
	assert_int_equal(tn_loop_run(real, NULL), 0);
	tn_store_load(store, true, stop_loop, real);
	assert_int_equal(tn_loop_run(real, NULL), 0);
	open_run_is(store, "r: begin{}");
	tn_store_free(store);
}

/* A file that the version before wrote, with a run that was interrupted. */
static void
a_state_of_before_is_taken_along(void **state TN_UNUSED)
{
	static const struct tn_store_scope scope = { "auth0", "http://127.0.0.1:8471",
		"dev", "acme-login" };
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	struct tn_store *store;
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/state.db", scratch);
	assert_int_equal(tn_file_read("tests/data/state/version1.db", 1 << 20, &bytes,
			     &err),
	    0);
	file = fopen(path, "w");
	assert_int_equal(fwrite(tn_str_text(&bytes), 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
	store = file_store(&scope);
	fine(load(store, true));
	assert_int_equal(store->known->n_owned, 5);
	assert_int_equal(store->known->n_secrets, 1);
	assert_string_equal(store->open_run->run_id, "2026-11-25T04:58:58Z-12b2e1");
	assert_int_equal(store->open_run->n_records, 6);
	assert_null(store->applied);
	assert_int_equal(store->n_holds, 0);
	tn_store_free(store);
	store = file_store(&scope);
	fine(load(store, false));
	assert_int_equal(store->known->n_owned, 5);
	tn_store_free(store);
}

#define T(name) cmocka_unit_test_setup_teardown(name, up, down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(everything_is_for_its_owner_alone),
		T(the_state_is_there_the_next_time),
		T(a_name_without_a_directory_is_in_this_one),
		T(a_directory_that_cannot_be_made_is_an_error_with_its_cure),
		T(a_link_in_place_of_the_state_is_refused),
		T(a_state_that_everybody_can_open_is_refused),
		T(a_name_that_is_a_directory_is_refused),
		T(bytes_that_are_no_database_are_refused_and_kept),
		T(a_state_cut_short_is_refused),
		T(an_empty_file_is_a_new_state),
		T(other_bytes_anywhere_never_crash),
		T(another_process_has_the_lock_until_it_dies),
		T(two_stores_of_one_process_exclude_each_other),
		T(processes_that_make_the_state_together_agree),
		T(the_real_loop_tells_as_well),
		T(a_state_of_before_is_taken_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
