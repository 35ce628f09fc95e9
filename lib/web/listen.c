#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int
fill_address(const char *address, uint16_t port, struct sockaddr_storage *storage,
    socklen_t *len_out, struct tn_error *err)
{
	struct sockaddr_in *four = (struct sockaddr_in *)storage;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)storage;

	*storage = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		*len_out = sizeof *four;
		return 0;
	}
	if (inet_pton(AF_INET6, address, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		*len_out = sizeof *six;
		return 0;
	}
	tn_error_set(err, TN_E_INPUT, "cannot listen on \"%s\": this is no IP address",
	    address);
	tn_error_hint(err, "write an address of this machine, such as 127.0.0.1 or ::1");
	return -TN_E_INPUT;
}

static int
listen_error(const char *address, uint16_t port, int sys_errno, struct tn_error *err)
{
	int r = tn_error_errno(err, sys_errno, "cannot listen on %s port %u", address,
	    port);

	if (sys_errno == EADDRINUSE)
		tn_error_hint(err, "choose another port, or 0 for a free one");
	return r;
}

static int
read_port(int fd, uint16_t *port_out)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} bound = { .v6 = { 0 } };
	socklen_t len = sizeof bound;

	if (getsockname(fd, &bound.any, &len) < 0)
		return -1;
	*port_out = ntohs(
	    bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
	return 0;
}

int
tn_listen_open(const char *address, uint16_t port, int *fd_out, uint16_t *port_out,
    struct tn_error *err)
{
	const int on = 1;
	struct sockaddr_storage storage;
	socklen_t len;
	int r = fill_address(address, port, &storage, &len, err);
	int fd;

	if (r < 0)
		return r;
	fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return listen_error(address, port, errno, err);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, (const struct sockaddr *)&storage, len) < 0 ||
	    listen(fd, SOMAXCONN) < 0 || read_port(fd, port_out) < 0) {
		r = listen_error(address, port, errno, err);
		close(fd);
		return r;
	}
	*fd_out = fd;
	return 0;
}

void
tn_peer_address(int fd, char out[TN_PEER_SIZE])
{
	struct sockaddr_storage storage = { 0 };
	const struct sockaddr_in *four = (const struct sockaddr_in *)&storage;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&storage;
	socklen_t len = sizeof(storage);
	const void *address = &six->sin6_addr;

	out[0] = '\0';
	if (getpeername(fd, (struct sockaddr *)&storage, &len) < 0)
		return;
	if (storage.ss_family == AF_INET)
		address = &four->sin_addr;
	if (inet_ntop(storage.ss_family, address, out, TN_PEER_SIZE) == NULL)
		out[0] = '\0';
}
