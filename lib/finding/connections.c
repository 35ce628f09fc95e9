#include "finding/table.h"

static const struct tn_finding entries[] = {
	{
	    .code = "bad-domain",
	    .title = "a domain that is no host name",
	    .why = "Credentials go to this host, so it has to be said exactly: a host "
		   "name without scheme, path, port or user. Plain http goes to this "
		   "machine only, for a local tenant.",
	    .cure = "Write the host alone.",
	    .wrong = "domain: https://acme.eu.auth0.com/\n",
	    .right = "domain: acme.eu.auth0.com\n",
	},
	{
	    .code = "conflicting-variables",
	    .title = "two ways to log in at once",
	    .why = "Without a connections file, variables say how to log in, and two "
		   "of them say it differently. Which one would win is not guessed.",
	    .cure = "Unset the one that is not meant.",
	},
	{
	    .code = "missing-variable",
	    .title = "a variable that the others need",
	    .why = "Without a connections file, the variables have to say where the "
		   "tenant is and how to log in: AUTH0_DOMAIN with AUTH0_CLIENT_ID and "
		   "AUTH0_CLIENT_SECRET, or with AUTH0_API_TOKEN.",
	    .cure = "Set the variable that the message names.",
	},
	{
	    .code = "not-there-yet",
	    .title = "something that this version cannot do",
	    .why = "The operator asks for something that tenon is to have and has not "
		   "yet.",
	    .cure = "Use what the message names instead.",
	},
	{
	    .code = "missing-credential",
	    .title = "a credential without a value",
	    .why = "The connections file takes the credential from a variable that is "
		   "not set.",
	    .cure = "Set the variable in the environment that tenon is started in.",
	},
	{
	    .code = "bad-secret-value",
	    .title = "a value that no secret can have",
	    .why = "A secret is text: not empty, valid UTF-8, without the character "
		   "NUL. Anything else would reach the code changed.",
	    .cure = "Look at where the value comes from: the wrong file, or a program "
		    "that printed nothing.",
	},
	{
	    .code = "open-secret-file",
	    .severity = TN_SEVERITY_WARNING,
	    .title = "a secret that others can read",
	    .why = "The file of a secret can be read or changed by other users of this "
		   "machine.",
	    .cure = "chmod 600 it.",
	},
	{
	    .code = "bad-private-key",
	    .title = "a private key that cannot sign",
	    .why = "The tenant takes requests for a token that are signed with an RSA "
		   "key of 2048 bits or more. The key comes in PEM form and without a "
		   "passphrase, as nobody is there to type one.",
	    .cure =
		"Give the private key of the application's credential. It begins with "
		"-----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----.",
	},
	{
	    .code = "secret-file",
	    .title = "a file of a secret that cannot be read",
	    .why = "The connections file takes a secret from this file, and it is not "
		   "there, too large, or no regular file.",
	    .cure = "Correct the path; it is relative to the connections file.",
	},
	{
	    .code = "secret-command",
	    .title = "a program that gave no secret",
	    .why = "The connections file takes a secret from a program, and that one "
		   "could not be started, ended with an error, took too long or "
		   "printed too much. What it printed is not shown.",
	    .cure =
		"Run the program by hand. It is started without a shell, in the "
		"directory of the connections file, and gets PATH, HOME and few other "
		"variables: more are named under `passEnv`.",
	    .wrong =
		"clientSecret: {command: [vault, kv, get, -field=key, secret/acme]}\n",
	    .right = "clientSecret:\n"
		     "  command: [vault, kv, get, -field=key, secret/acme]\n"
		     "  passEnv: [VAULT_ADDR, VAULT_TOKEN]\n",
	},
};

const struct tn_finding_table tn_finding_connections = TN_FINDING_TABLE(entries);
