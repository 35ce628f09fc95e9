#include "source/command.h"

#include <string.h>

#include "base/mem.h"
#include "source/location.h"

/*
 * What git, ssh and the credential helpers need of the environment. Nothing else is
 * handed on: neither GIT_DIR and its kin, nor any value that is a secret of ours.
 */
static const char *const kept[] = {
	/* who we are and where our settings are */
	"HOME", "PATH", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
	"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
	/* ssh and credentials */
	"SSH_AUTH_SOCK", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS",
	"DBUS_SESSION_BUS_ADDRESS", "KRB5CCNAME",
	/* the way through the network */
	"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
	"NO_PROXY", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"GIT_PROXY_SSL_CAINFO"
};

/*
 * Nothing may ask: there is nobody. Whatever the settings rewrite a URL to, it is one of
 * these transports.
 */
static const char *const given[] = { "LC_ALL=C", "GIT_TERMINAL_PROMPT=0",
	"SSH_ASKPASS_REQUIRE=never" };
/* http only when it was asked for, so that nothing is redirected to it. */
static const char protocols[] = "GIT_ALLOW_PROTOCOL=https:ssh:file";
static const char protocols_here[] = "GIT_ALLOW_PROTOCOL=http:https:ssh:file";

/*
 * Over whatever the user's settings say: no program of a repository is run, nothing goes
 * on in the background, and what comes in is checked.
 */
static const char *const settings[] = { "core.hooksPath=/dev/null",
	"core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
	"protocol.version=2", "transfer.fsckObjects=true", "fetch.fsckObjects=true",
	"fetch.unpackLimit=1", "fetch.writeCommitGraph=false", "init.defaultBranch=main",
	"credential.interactive=never" };

/* ssh and git need five to say that a repository is not there. */
#define LINES_SHOWN 6

static const char *const init[] = { "init", "--quiet", "--bare",
	"--template=", "--object-format=sha1", "--", NULL };
static const char *const list[] = { "ls-remote", "--quiet", "--heads", "--tags", "--",
	NULL };
static const char *const fetch[] = { "fetch", "--quiet", "--no-tags",
	"--no-recurse-submodules", "--no-write-fetch-head", "--force", "--depth=1", "--",
	NULL };
/* The number is git's own word for "all"; without it, what is shallow stays shallow. */
static const char *const fetch_all[] = { "fetch", "--quiet", "--no-tags",
	"--no-recurse-submodules", "--no-write-fetch-head", "--force", "--prune",
	"--depth=2147483647", "--", NULL };
static const char *const check[] = { "fsck", "--no-progress", "--no-dangling", NULL };

/* Twice the settings, and "git", the directory, and the longest verb with its objects. */
_Static_assert(2 * TN_ARRAY_LEN(settings) + TN_ARRAY_LEN(fetch_all) + 6 <=
	TN_COMMAND_ARGS,
    "the arguments have no room");
_Static_assert(TN_ARRAY_LEN(kept) + TN_ARRAY_LEN(given) + 2 <= TN_COMMAND_ENV,
    "the environment has no room");

/* --- Arguments --- */

static void
add(struct tn_command *command, size_t *n, const char *arg)
{
	command->argv[(*n)++] = arg;
}

static void
add_all(struct tn_command *command, size_t *n, const char *const *args)
{
	for (; *args != NULL; args++)
		add(command, n, *args);
}

static void
add_verb(struct tn_command *command, size_t *n, enum tn_git_verb verb,
    const struct tn_git_subject *subject)
{
	switch (verb) {
	case TN_GIT_INIT:
		add_all(command, n, init);
		add(command, n, subject->cache);
		return;
	case TN_GIT_LIST:
		add_all(command, n, list);
		add(command, n, subject->location->address);
		return;
	case TN_GIT_FETCH:
		add_all(command, n, fetch);
		add(command, n, subject->location->address);
		tn_str_addf(&command->refspec, "+%s:%s", subject->wanted, subject->ref);
		add(command, n, tn_str_text(&command->refspec));
		return;
	case TN_GIT_FETCH_ALL:
		add_all(command, n, fetch_all);
		add(command, n, subject->location->address);
		add(command, n, "+refs/heads/*:refs/all/heads/*");
		add(command, n, "+refs/tags/*:refs/all/tags/*");
		return;
	case TN_GIT_CHECK:
		add_all(command, n, check);
		return;
	}
}

/* --- Environment --- */

static void
add_variables(struct tn_command *command, const struct tn_location *location,
    const struct tn_source_means *means)
{
	size_t n = 0;

	for (size_t i = 0; i < TN_ARRAY_LEN(kept); i++) {
		const char *value = means->get(means->arg, kept[i]);
		struct tn_str pair = TN_STR_INIT;

		if (value == NULL)
			continue;
		tn_str_addf(&pair, "%s=%s", kept[i], value);
		command->env[n++] = tn_str_take(&pair);
	}
	for (size_t i = 0; i < TN_ARRAY_LEN(given); i++)
		command->env[n++] = tn_strdup(given[i]);
	command->env[n] = tn_strdup(location->plain_http ? protocols_here : protocols);
	command->search_path = means->get(means->arg, "PATH");
}

void
tn_command_build(struct tn_command *command, enum tn_git_verb verb,
    const struct tn_git_subject *subject, const struct tn_source_means *means)
{
	size_t n = 0;

	*command = (struct tn_command){ .argv = { NULL } };
	add(command, &n, "git");
	for (size_t i = 0; i < TN_ARRAY_LEN(settings); i++) {
		add(command, &n, "-c");
		add(command, &n, settings[i]);
	}
	if (verb != TN_GIT_INIT) {
		tn_str_addf(&command->git_dir, "--git-dir=%s", subject->cache);
		add(command, &n, tn_str_text(&command->git_dir));
	}
	add_verb(command, &n, verb, subject);
	add_variables(command, subject->location, means);
}

void
tn_command_done(struct tn_command *command)
{
	for (size_t i = 0; command->env[i] != NULL; i++)
		tn_free(command->env[i]);
	tn_str_done(&command->git_dir);
	tn_str_done(&command->refspec);
}

/* --- What it said --- */

static struct tn_span
last_lines(struct tn_span text)
{
	size_t from, lines = 0;

	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	for (from = text.len; from > 0; from--) {
		if (text.ptr[from - 1] == '\n' && ++lines == LINES_SHOWN)
			break;
	}
	return tn_span_of(text.ptr + from, text.len - from);
}

static void
show_lines(struct tn_span words, struct tn_str *out)
{
	while (words.len > 0) {
		const char *end = memchr(words.ptr, '\n', words.len);
		size_t len = end != NULL ? (size_t)(end - words.ptr) : words.len;

		if (out->len > 0 && len > 0)
			tn_str_add(out, "; ");
		tn_location_show(tn_span_of(words.ptr, len), out);
		len += end != NULL ? 1 : 0;
		words = tn_span_of(words.ptr + len, words.len - len);
	}
}

void
tn_command_words(const struct tn_process_result *result, struct tn_str *out)
{
	struct tn_span last = last_lines(result->err);

	if (last.len > 0) {
		show_lines(last, out);
		return;
	}
	tn_str_add(out, "git ");
	tn_process_describe(result, out);
}
