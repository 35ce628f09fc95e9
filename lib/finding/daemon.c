#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "sync-circle",
	    .title = "syncs that wait for each other",
	    .why = "A sync with `after` applies a commit only when the named one has "
		   "applied it. In a circle none would ever begin.",
	    .cure = "Take `after` from the sync that is to be first.",
	},
	{
	    .code = "sync-elsewhere",
	    .title = "a sync that cannot go before this one",
	    .why = "A sync with `after` waits until the named one has applied the same "
		   "commit. That never happens when the two follow different sources or "
		   "revisions, or when the named one only reports.",
	    .cure = "Give both the same source and revision, and the first one mode "
		    "apply or enforce.",
	},
	{
	    .code = "unknown-connection",
	    .title = "a connection that does not exist",
	    .why = "A sync names the connection of its tenant, and the connections file "
		   "has none of that name.",
	    .cure = "Name one of the connections file, or put it there.",
	},
	{
	    .code = "unknown-field",
	    .title = "a field that notifications do not have",
	    .why = "The text of a notification names in ${…} what is put there, and "
		   "there is nothing of this name.",
	    .cure = "Use ${sync}, ${tenant}, ${event}, ${summary}, ${commit} or ${run}.",
	    .wrong = "text: \"${name} failed\"\n",
	    .right = "text: \"${sync} failed\"\n",
	},
	{
	    .code = "unknown-sync",
	    .title = "a sync that does not exist",
	    .why = "A sync waits for another one, and the file has none of that name.",
	    .cure = "Name a sync of the same file.",
	},
};

const struct tn_finding_table tn_finding_daemon = TN_FINDING_TABLE(entries);
