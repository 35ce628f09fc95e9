#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "bad-domain",
	    .title = "a domain that is no host name",
	    .why =
		"Credentials go to this host, so it has to be said exactly: a host name "
		"without scheme, path, port or user. Plain http goes to this machine only, "
		"for a local tenant.",
	    .cure = "Write the host alone.",
	    .wrong = "domain: https://acme.eu.auth0.com/\n",
	    .right = "domain: acme.eu.auth0.com\n",
	},
	{
	    .code = "internal",
	    .title = "a mistake in tenon itself",
	    .why = "Something that is built into the program is broken.",
	    .cure = "Please report it with the message and the version.",
	},
};

const struct tn_finding_table tn_finding_connections = TN_FINDING_TABLE(entries);
