/*
 * The parts of the table, internal to the room: by what the finding is about.
 */
#ifndef TN_FINDING_TABLE_H
#define TN_FINDING_TABLE_H

#include "finding/finding.h"

struct tn_finding_table {
	const struct tn_finding *entries;
	size_t count;
};

#define TN_FINDING_TABLE(entries)                             \
	{                                                     \
		entries, sizeof(entries) / sizeof(*(entries)) \
	}

extern const struct tn_finding_table tn_finding_document;    /* what makes a file YAML */
extern const struct tn_finding_table tn_finding_form;        /* what a schema wants */
extern const struct tn_finding_table tn_finding_project;     /* a project in itself */
extern const struct tn_finding_table tn_finding_code;        /* what actions run */
extern const struct tn_finding_table tn_finding_limits;      /* what a platform takes */
extern const struct tn_finding_table tn_finding_tenant;      /* what a tenant offers */
extern const struct tn_finding_table tn_finding_connections; /* the operator's file */
extern const struct tn_finding_table tn_finding_deploycli;   /* its repositories */
extern const struct tn_finding_table tn_finding_daemon;      /* tenond.yaml */

#endif
