/*
 * Internal to run: values of secrets from the operator's sources, and their
 * fingerprints. Values live here; what is wanted holds fingerprints only.
 */
#ifndef TN_RUN_SECRETS_H
#define TN_RUN_SECRETS_H

#include "config/config.h"
#include "plan/saved.h"
#include "run/resolve.h"

/* Of the id of a key. Versioned: another recipe gives other ids. */
#define TN_KEY_DOMAIN "tenon-key-1"

struct tn_secret_item;

struct tn_secret_box {
	const struct tn_resolve *resolve;
	struct tn_arena *arena;
	struct tn_secret_item *items;
	size_t n, cap;
};

void tn_secret_box_done(struct tn_secret_box *box);

/*
 * Names the sources of every secret that is wanted: the one in the connection's
 * `secrets` by its name, else by the name that the files ask for it with; else the
 * variable of that name, if it is one of the connection's `placeholders`; else the
 * variable TENON_SECRET_NAME. The resolve, the entry and the want must outlive the box.
 */
void tn_secret_box_ask(struct tn_secret_box *box, struct tn_resolve *resolve,
    const struct tn_connection_entry *entry, const struct tn_want *want);

/* NULL when it has no value. Once the sources were asked: */
const struct tn_secret *tn_secret_box_find(const struct tn_secret_box *box,
    const struct tn_secret_ref *ref);

/* An error finding for each secret without a value, unless there is one already. */
void tn_secret_box_demand(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_diags *diags);

/* The same of one of them, by what has it: "action" or "module". */
void tn_secret_box_demand_one(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const char *kind, const char *name,
    struct tn_mark mark, const struct tn_secret_ref *ref, struct tn_diags *diags);

/* The same of one action, for those alone that have (which may be NULL) has not. */
void tn_secret_box_demand_new(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want_action *action,
    const struct tn_content *have, struct tn_diags *diags);

/* An error finding for each value of more bytes than the platform takes. */
void tn_secret_box_measure(const struct tn_secret_box *box, const struct tn_want *want,
    const struct tn_limits *limits, struct tn_diags *diags);

/*
 * Puts fingerprints into the want: HMACs under the key, behind its id. Those that a saved
 * plan has deferred stay without; saved may be NULL.
 */
void tn_secret_box_fingerprint(const struct tn_secret_box *box,
    const struct tn_secret *key, const struct tn_saved_plan *saved, struct tn_want *want);

#endif
