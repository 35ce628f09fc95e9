/*
 * Internal to run: values of secrets from the operator's sources, and their
 * fingerprints. Values live here; what is wanted holds fingerprints only.
 */
#ifndef TN_RUN_SECRETS_H
#define TN_RUN_SECRETS_H

#include "config/config.h"
#include "run/run.h"

struct tn_secret_box {
	struct tn_secret_value *items; /* by name; the names are the want's */
	size_t n, cap;
};

void tn_secret_box_done(struct tn_secret_box *box);
const struct tn_secret *tn_secret_box_find(const struct tn_secret_box *box,
    const char *name);

/*
 * One value from one source. *out stays NULL and 0 is returned when the source has
 * none (a variable that is not set); a file that cannot be read is an error.
 */
int tn_secret_resolve(const struct tn_run_options *options,
    const struct tn_secret_source *source, struct tn_secret **out,
    struct tn_error *err) TN_MUST_USE;

/*
 * The values of every secret that is wanted: from the connection's `secrets`, else from
 * the variable TENON_SECRET_NAME. What has no value is left out.
 */
int tn_secret_box_fill(struct tn_secret_box *box, const struct tn_run_options *options,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_error *err) TN_MUST_USE;

/* An error finding for each secret without a value. */
void tn_secret_box_demand(const struct tn_secret_box *box,
    const struct tn_connection_entry *entry, const struct tn_want *want,
    struct tn_diags *diags);

/* Puts fingerprints into the want: HMACs under the key. */
void tn_secret_box_fingerprint(const struct tn_secret_box *box,
    const struct tn_secret *key, struct tn_want *want);

#endif
