#include "serve/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

#define QUESTION_MAX ((size_t)4096)
/* For the question and for whoever does not read the answer. */
#define DEADLINE (5 * TN_SEC)
#define TALKERS  16u

struct talk {
	struct tn_control *control;
	struct talk *prev, *next;
	int fd;
	struct tn_watch watch;
	struct tn_timer timer;
	struct tn_str in, out;
	size_t sent;
};

struct tn_control {
	struct tn_loop *loop;
	struct tn_serve *serve;
	char *path;
	int fd;
	struct tn_watch watch;
	struct talk *talks;
	unsigned n_talks;
};

/* --- One question --- */

static void
hang_up(void *arg)
{
	struct talk *talk = arg;
	struct tn_control *control = talk->control;

	if (talk->prev != NULL)
		talk->prev->next = talk->next;
	else
		control->talks = talk->next;
	if (talk->next != NULL)
		talk->next->prev = talk->prev;
	control->n_talks--;
	tn_timer_stop(&talk->timer);
	tn_watch_stop(&talk->watch);
	close(talk->fd);
	tn_str_done(&talk->in);
	tn_str_done(&talk->out);
	tn_free(talk);
}

static void
write_more(struct talk *talk)
{
	ssize_t n = send(talk->fd, talk->out.ptr + talk->sent, talk->out.len - talk->sent,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		talk->sent += (size_t)n;
	if (n <= 0 || talk->sent == talk->out.len)
		hang_up(talk);
}

static void
answer(struct talk *talk, size_t len)
{
	tn_control_answer(talk->control->serve, tn_span_of(talk->in.ptr, len),
	    &talk->out);
	tn_str_add_char(&talk->out, '\n');
	if (tn_watch_change(&talk->watch, TN_WATCH_WRITE, NULL) < 0)
		hang_up(talk);
}

static void
read_more(struct talk *talk)
{
	char bytes[1024];
	ssize_t n = recv(talk->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	const char *end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || talk->in.len + (size_t)n > QUESTION_MAX) {
		hang_up(talk);
		return;
	}
	tn_str_add_bytes(&talk->in, bytes, (size_t)n);
	end = memchr(talk->in.ptr, '\n', talk->in.len);
	if (end != NULL)
		answer(talk, (size_t)(end - talk->in.ptr));
}

static void
on_talk(void *arg, unsigned events)
{
	struct talk *talk = arg;

	if ((events & TN_WATCH_WRITE) != 0)
		write_more(talk);
	else
		read_more(talk);
}

/* --- The socket --- */

static bool
may_talk(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	    (who.uid == 0 || who.uid == geteuid());
}

static void
on_caller(void *arg, unsigned events TN_UNUSED)
{
	struct tn_control *control = arg;
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct talk *talk;

	if (fd < 0)
		return;
	if (!may_talk(fd) || control->n_talks >= TALKERS) {
		close(fd);
		return;
	}
	talk = tn_new(struct talk);
	talk->control = control;
	talk->fd = fd;
	talk->next = control->talks;
	if (talk->next != NULL)
		talk->next->prev = talk;
	control->talks = talk;
	control->n_talks++;
	tn_timer_start(&talk->timer, control->loop, DEADLINE, hang_up, talk);
	if (tn_watch_start(&talk->watch, control->loop, fd, TN_WATCH_READ, on_talk, talk,
		NULL) < 0)
		hang_up(talk);
}

static int
fill_address(const char *path, struct sockaddr_un *address, struct tn_error *err)
{
	size_t len = strlen(path);
	int r;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len < sizeof(address->sun_path)) {
		memcpy(address->sun_path, path, len);
		return 0;
	}
	r = tn_error_set(err, TN_E_INPUT,
	    "the path of the control socket is too long: %s", path);
	tn_error_hint(err, "at most %zu bytes fit", sizeof(address->sun_path) - 1);
	return r;
}

/* A socket that was left behind, and nothing else, makes room. */
static int
make_room(const char *path, const struct sockaddr_un *address, struct tn_error *err)
{
	struct stat facts;
	int fd, r;

	if (lstat(path, &facts) < 0)
		return 0;
	if (!S_ISSOCK(facts.st_mode)) {
		r = tn_error_set(err, TN_E_INPUT, "\"%s\" is there and is no socket",
		    path);
		tn_error_hint(err, "name another one with `control`");
		return r;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	r = fd < 0 ? -1 : connect(fd, (const struct sockaddr *)address, sizeof(*address));
	if (fd >= 0)
		close(fd);
	if (r == 0) {
		tn_error_set(err, TN_E_LOCKED, "another daemon listens at \"%s\"", path);
		tn_error_hint(err, "stop it, or name another socket with `control`");
		return -TN_E_LOCKED;
	}
	unlink(path);
	return 0;
}

static int
listen_at(struct tn_control *control, const char *path, struct tn_error *err)
{
	struct sockaddr_un address;
	mode_t mask;
	int r = fill_address(path, &address, err);

	if (r == 0)
		r = make_room(path, &address, err);
	if (r < 0)
		return r;
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0177);
	r = control->fd < 0 ||
		bind(control->fd, (const struct sockaddr *)&address, sizeof(address)) < 0
	    ? -1
	    : 0;
	umask(mask);
	if (r == 0)
		control->path = tn_strdup(path);
	if (r < 0 || listen(control->fd, (int)TALKERS) < 0)
		return tn_error_errno(err, errno, "cannot listen at \"%s\"", path);
	return tn_watch_start(&control->watch, control->loop, control->fd, TN_WATCH_READ,
	    on_caller, control, err);
}

struct tn_control *
tn_control_open(struct tn_loop *loop, const char *path, struct tn_serve *serve,
    struct tn_error *err)
{
	TN_CLEANUP(tn_control_closep)
	struct tn_control *control = tn_new(struct tn_control);

	control->loop = loop;
	control->serve = serve;
	control->fd = -1;
	return listen_at(control, path, err) < 0 ? NULL : tn_take(control);
}

void
tn_control_close(struct tn_control *control)
{
	if (control == NULL)
		return;
	while (control->talks != NULL)
		hang_up(control->talks);
	tn_watch_stop(&control->watch);
	if (control->fd >= 0)
		close(control->fd);
	if (control->path != NULL)
		unlink(control->path);
	tn_free(control->path);
	tn_free(control);
}
