/*
 * What a service manager is told: systemd's notification protocol, a datagram to the
 * socket that $NOTIFY_SOCKET names. Without the variable nobody is told and nothing
 * happens. The variables are the process's; children do not inherit them.
 *
 * Source: sd_notify(3), sd_watchdog_enabled(3), systemd.exec(5) for the directories.
 */
#ifndef TN_OPERATOR_SERVICE_H
#define TN_OPERATOR_SERVICE_H

#include "base/loop.h"

struct tn_service;

/* Begins to feed the watchdog from the loop, at half of its time, when one is asked for:
 * a loop that no longer turns is then noticed. */
struct tn_service *tn_service_new(struct tn_loop *loop, struct tn_error *err);
void tn_service_free(struct tn_service *service);
TN_DEFINE_FREEP(tn_service, tn_service_free)

enum tn_service_state { TN_SERVICE_READY, TN_SERVICE_RELOADING, TN_SERVICE_STOPPING };

/* status is a line for people. Nobody waits for the answer: what cannot be told is not.
 */
void tn_service_tell(struct tn_service *service, enum tn_service_state state,
    const char *status);

/*
 * The first directory of a variable such as $STATE_DIRECTORY, which holds several with
 * colons between them; on the heap, NULL when it is not set or not absolute.
 */
char *tn_service_directory(const char *variable);

#endif
