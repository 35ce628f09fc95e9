#include "operator/service.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

/* A day, in microseconds: a longer watchdog is none. */
#define LONGEST INT64_C(86400000000)

struct tn_service {
	struct tn_loop *loop;
	int fd; /* -1: nobody is told */
	struct sockaddr_un address;
	socklen_t len;
	int64_t every; /* 0: there is no watchdog */
	struct tn_timer timer;
};

static void
send_text(const struct tn_service *service, const struct tn_str *text)
{
	if (service->fd < 0)
		return;
	(void)sendto(service->fd, text->ptr, text->len, MSG_NOSIGNAL | MSG_DONTWAIT,
	    (const struct sockaddr *)&service->address, service->len);
}

static void
feed(void *arg)
{
	struct tn_service *service = arg;
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_add(&text, "WATCHDOG=1");
	send_text(service, &text);
	tn_timer_start(&service->timer, service->loop, service->every, feed, service);
}

/* A path, or "@" and a name of the abstract kind. */
static int
fill_address(struct tn_service *service, const char *name, struct tn_error *err)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
	    len >= sizeof(service->address.sun_path))
		return tn_error_set(err, TN_E_INPUT,
		    "NOTIFY_SOCKET is no socket that can be written to: %s", name);
	service->address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(service->address.sun_path, name, len);
	if (name[0] == '@')
		service->address.sun_path[0] = '\0';
	service->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return 0;
}

/* Half of what is asked for; it may be meant for another process. */
static int64_t
watchdog_time(void)
{
	const char *time = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	int64_t usec, who;

	if (time == NULL || !tn_text_number(time, &usec) || usec > LONGEST)
		return 0;
	if (pid != NULL && (!tn_text_number(pid, &who) || who != getpid()))
		return 0;
	return usec * (TN_MSEC / 1000) / 2;
}

static int
connect_to_manager(struct tn_service *service, const char *name, struct tn_error *err)
{
	int r = fill_address(service, name, err);

	if (r < 0)
		return r;
	service->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (service->fd < 0)
		return tn_error_errno(err, errno, "cannot make a socket");
	service->every = watchdog_time();
	if (service->every > 0)
		tn_timer_start(&service->timer, service->loop, 0, feed, service);
	return 0;
}

struct tn_service *
tn_service_new(struct tn_loop *loop, struct tn_error *err)
{
	TN_CLEANUP(tn_service_freep)
	struct tn_service *service = tn_new(struct tn_service);
	const char *name = getenv("NOTIFY_SOCKET");

	service->loop = loop;
	service->fd = -1;
	if (name != NULL && name[0] != '\0' && connect_to_manager(service, name, err) < 0)
		return NULL;
	return tn_take(service);
}

void
tn_service_free(struct tn_service *service)
{
	if (service == NULL)
		return;
	tn_timer_stop(&service->timer);
	if (service->fd >= 0)
		close(service->fd);
	tn_free(service);
}

void
tn_service_tell(struct tn_service *service, enum tn_service_state state,
    const char *status)
{
	static const char *const words[] = {
		[TN_SERVICE_READY] = "READY=1",
		[TN_SERVICE_RELOADING] = "RELOADING=1",
		[TN_SERVICE_STOPPING] = "STOPPING=1",
	};
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	tn_str_addf(&text, "%s\nSTATUS=", words[state]);
	tn_text_printable(tn_span(status), false, &text);
	send_text(service, &text);
}

char *
tn_service_directory(const char *variable)
{
	const char *value = getenv(variable);

	if (value == NULL || value[0] != '/')
		return NULL;
	return tn_strndup(value, strcspn(value, ":"));
}
