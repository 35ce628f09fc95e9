/*
 * The socket that a server listens on: our own, as the library does not say why
 * it cannot listen.
 */
#ifndef TN_WEB_LISTEN_H
#define TN_WEB_LISTEN_H

#include "base/error.h"

/*
 * Binds to an IP address of this machine; port 0 takes a free one. The descriptor does
 * not block, is not inherited and is the caller's; the port is the real one.
 */
int tn_listen_open(const char *address, uint16_t port, int *fd_out, uint16_t *port_out,
    struct tn_error *err) TN_MUST_USE;

/* The address at the other end of a connection; "" when it cannot be told. */
#define TN_PEER_SIZE 46
void tn_peer_address(int fd, char out[TN_PEER_SIZE]);

#endif
