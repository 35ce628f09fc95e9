/* What a service manager hears, at a socket of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "operator/service.h"

/* An abstract name that the kernel chooses, so that nothing is left behind. */
static int
listen_as_manager(char name[32])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);
	const struct timeval patience = { .tv_sec = 20 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(sa_family_t)),
	    0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			     sizeof(patience)),
	    0);
	len -= (socklen_t)offsetof(struct sockaddr_un, sun_path);
	assert_in_range(len, 2, 30);
	name[0] = '@';
	memcpy(name + 1, address.sun_path + 1, len - 1);
	name[len] = '\0';
	return fd;
}

static void
assert_hears(int fd, const char *wanted)
{
	char text[256];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, wanted);
}

static int
forget(void **state TN_UNUSED)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return 0;
}

static void
states_are_told(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new(&err);
	struct tn_service *service;
	char name[32];
	int fd = listen_as_manager(name);

	setenv("NOTIFY_SOCKET", name, 1);
	service = tn_service_new(loop, &err);
	assert_non_null(service);
	tn_service_tell(service, TN_SERVICE_READY, "all is\nwell");
	assert_hears(fd, "READY=1\nSTATUS=all is\\x0awell");
	tn_service_tell(service, TN_SERVICE_RELOADING, "reading");
	assert_hears(fd, "RELOADING=1\nSTATUS=reading");
	tn_service_tell(service, TN_SERVICE_STOPPING, "stopping");
	assert_hears(fd, "STOPPING=1\nSTATUS=stopping");
	tn_service_free(service);
	close(fd);
}

static void
stop(void *arg)
{
	tn_loop_stop(arg);
}

static void
run_for(struct tn_loop *loop, int64_t ns)
{
	struct tn_timer timer = { 0 };
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	tn_timer_start(&timer, loop, ns, stop, loop);
	assert_int_equal(tn_loop_run(loop, &err), 0);
}

static bool
hears_nothing(int fd)
{
	char text[16];

	return recv(fd, text, sizeof(text), MSG_DONTWAIT) < 0;
}

static void
a_watchdog_is_fed_from_the_loop(void **state TN_UNUSED)
{
	static const struct {
		const char *time, *pid;
		bool fed;
	} cases[] = {
		{ "40000", NULL, true },
		{ "40000", "1", false }, /* another process's */
		{ "0", NULL, false },
		{ "soon", NULL, false },
		{ NULL, NULL, false },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new(&err);
		struct tn_service *service;
		char name[32];
		int fd = listen_as_manager(name);

		forget(NULL);
		setenv("NOTIFY_SOCKET", name, 1);
		if (cases[i].time != NULL)
			setenv("WATCHDOG_USEC", cases[i].time, 1);
		if (cases[i].pid != NULL)
			setenv("WATCHDOG_PID", cases[i].pid, 1);
		service = tn_service_new(loop, &err);
		assert_non_null(service);
		run_for(loop, 100 * TN_MSEC);
		if (cases[i].fed) {
			assert_hears(fd, "WATCHDOG=1");
			assert_hears(fd, "WATCHDOG=1");
		} else {
			assert_true(hears_nothing(fd));
		}
		tn_service_free(service);
		close(fd);
	}
}

static void
without_a_manager_nobody_is_told(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new(&err);
	TN_CLEANUP(tn_service_freep)
	struct tn_service *service = tn_service_new(loop, &err);

	assert_non_null(service);
	tn_service_tell(service, TN_SERVICE_READY, "nobody hears it");
}

static void
what_is_no_socket_is_refused(void **state TN_UNUSED)
{
	static const char *const names[] = { "vsock:2:1234", "run/notify", "@", "/" };
	char longer[200];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	for (size_t i = 0; i <= TN_ARRAY_LEN(names); i++) {
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_loop_freep) struct tn_loop *loop = tn_loop_new(&err);

		setenv("NOTIFY_SOCKET", i < TN_ARRAY_LEN(names) ? names[i] : longer, 1);
		assert_null(tn_service_new(loop, &err));
		assert_int_equal(err.kind, TN_E_INPUT);
	}
}

static void
the_first_directory_counts(void **state TN_UNUSED)
{
	static const struct {
		const char *value, *wanted;
	} cases[] = {
		{ "/var/lib/tenond", "/var/lib/tenond" },
		{ "/var/lib/a:/var/lib/b", "/var/lib/a" },
		{ "relative", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < TN_ARRAY_LEN(cases); i++) {
		TN_CLEANUP(tn_freep) char *found = NULL;

		setenv("TN_TEST_DIRECTORY", cases[i].value, 1);
		found = tn_service_directory("TN_TEST_DIRECTORY");
		if (cases[i].wanted == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].wanted);
	}
	unsetenv("TN_TEST_DIRECTORY");
	assert_null(tn_service_directory("TN_TEST_DIRECTORY"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(states_are_told, forget),
		cmocka_unit_test_teardown(a_watchdog_is_fed_from_the_loop, forget),
		cmocka_unit_test_teardown(without_a_manager_nobody_is_told, forget),
		cmocka_unit_test_teardown(what_is_no_socket_is_refused, forget),
		cmocka_unit_test(the_first_directory_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
