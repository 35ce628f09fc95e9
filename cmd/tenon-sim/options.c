#include "options.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "values.h"

struct parse {
	struct options *options;
	struct tn_arena *arena;
	struct tn_sim_client *clients;
	size_t n_clients, cap_clients;
};

static int
set_port(struct parse *parse, const char *option, const char *value, struct tn_error *err)
{
	uint64_t port;
	int r = value_number(option, value, UINT16_MAX, &port, err);

	if (r == 0)
		parse->options->port = (uint16_t)port;
	return r;
}

static int
set_seed(struct parse *parse, const char *option, const char *value, struct tn_error *err)
{
	return value_number(option, value, UINT64_MAX, &parse->options->sim.seed, err);
}

static int
set_latency(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_duration(option, value, &parse->options->latency_ns, err);
}

static int
set_build_time(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_duration(option, value, &parse->options->sim.build_ns, err);
}

static int
set_plain_build(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_duration(option, value, &parse->options->sim.plain_ns, err);
}

static int
set_visible(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_duration(option, value, &parse->options->sim.visible_ns, err);
}

static int
set_token_life(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	int64_t *life = &parse->options->sim.token_life_ns;
	int r = value_duration(option, value, life, err);

	if (r == 0 && *life < TN_SEC)
		return value_refuse(err, option, value,
		    "a token lives for a second at least");
	return r;
}

static int
set_packaged(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_duration(option, value, &parse->options->sim.packaged_ns, err);
}

static int
set_attempts(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_count(option, value, 1, 64, &parse->options->sim.build_attempts,
	    err);
}

static int
set_tokens(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_count(option, value, 1, 1000000,
	    &parse->options->sim.tokens_per_hour, err);
}

/* BURST, or BURST:PER_SECOND. */
static int
set_rate(struct parse *parse, const char *option, const char *value, struct tn_error *err)
{
	struct tn_sim_options *sim = &parse->options->sim;
	size_t n = strcspn(value, ":");
	const char *burst = tn_arena_bytes(parse->arena, value, n);
	int r = value_count(option, burst, 1, 1000000, &sim->rate_burst, err);

	if (r == 0 && value[n] == ':')
		r = value_count(option, value + n + 1, 1, 1000000, &sim->rate_per_second,
		    err);
	return r;
}

static int
set_retry_after(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_word(option, value, "off", "on", &parse->options->sim.retry_after,
	    err);
}

static int
set_modules(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_word(option, value, "off", "on", &parse->options->sim.modules, err);
}

static int
set_entity_bound(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_word(option, value, "empty", "refused",
	    &parse->options->sim.refuse_entity_bound, err);
}

static int
set_order(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_word(option, value, "kept", "shuffled", &parse->options->sim.shuffle,
	    err);
}

static int
set_dialect(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_word(option, value, "current", "older", &parse->options->sim.older,
	    err);
}

static int
set_limit(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	struct tn_sim_limits *limits = &parse->options->sim.limits;
	const struct {
		const char *name;
		unsigned *limit;
		uint64_t min, max;
	} known[] = {
		{ "actions", &limits->actions, 0, 10000 },
		{ "bindings", &limits->bindings, 0, 1000 },
		{ "modules", &limits->modules, 0, 10000 },
		{ "versions", &limits->versions, 2, 1000 },
	};
	size_t n = strcspn(value, "=");

	for (size_t i = 0; i < TN_ARRAY_LEN(known) && value[n] == '='; i++)
		if (tn_span_is(tn_span_of(value, n), known[i].name))
			return value_count(option, value + n + 1, known[i].min,
			    known[i].max, known[i].limit, err);
	return value_refuse(err, option, value,
	    "give actions=N, bindings=N, modules=N or versions=N");
}

static int
set_tenants(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	return value_count(option, value, 1, 10000, &parse->options->tenants, err);
}

static int
set_state(struct parse *parse, const char *option TN_UNUSED, const char *value,
    struct tn_error *err TN_UNUSED)
{
	parse->options->state = value;
	return 0;
}

static int
set_tls_cert(struct parse *parse, const char *option TN_UNUSED, const char *value,
    struct tn_error *err TN_UNUSED)
{
	parse->options->tls_cert = value;
	return 0;
}

static int
set_tls_key(struct parse *parse, const char *option TN_UNUSED, const char *value,
    struct tn_error *err TN_UNUSED)
{
	parse->options->tls_key = value;
	return 0;
}

static int
add_client(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	const char *secret = strchr(value, ':');
	const char *scopes = secret == NULL ? NULL : strchr(secret + 1, ':');
	size_t secret_len;
	struct tn_sim_client *client;

	if (secret == NULL || secret == value || secret[1] == '\0' || secret[1] == ':')
		return value_refuse(err, option, value,
		    "give ID:SECRET or ID:SECRET:SCOPES");
	secret_len = scopes == NULL ? strlen(secret + 1) : (size_t)(scopes - secret - 1);
	parse->clients = tn_arena_grow(parse->arena, parse->clients, parse->n_clients,
	    &parse->cap_clients, sizeof parse->clients[0]);
	client = &parse->clients[parse->n_clients++];
	*client = (struct tn_sim_client){
		.id = tn_arena_bytes(parse->arena, value, (size_t)(secret - value)),
		.secret = tn_arena_bytes(parse->arena, secret + 1, secret_len),
	};
	if (scopes == NULL)
		return 0;
	client->scopes = value_scopes(parse->arena, scopes + 1);
	if (client->scopes == NULL)
		return value_refuse(err, option, scopes + 1,
		    "scopes are read:actions, create:actions, update:actions, "
		    "delete:actions, separated by commas");
	return 0;
}

#define KEY_MAX ((size_t)16 << 10)

/* ID:FILE, where FILE may have a colon in its name. */
static int
add_client_key(struct parse *parse, const char *option, const char *value,
    struct tn_error *err)
{
	TN_CLEANUP(tn_str_done) struct tn_str key = TN_STR_INIT;
	const char *colon = strchr(value, ':');
	int r;

	if (colon == NULL || colon == value || colon[1] == '\0')
		return value_refuse(err, option, value, "give ID:FILE");
	r = tn_file_read(colon + 1, KEY_MAX, &key, err);
	if (r < 0)
		return r;
	parse->clients = tn_arena_grow(parse->arena, parse->clients, parse->n_clients,
	    &parse->cap_clients, sizeof parse->clients[0]);
	parse->clients[parse->n_clients++] = (struct tn_sim_client){
		.id = tn_arena_bytes(parse->arena, value, (size_t)(colon - value)),
		.public_key = tn_arena_text(parse->arena, tn_str_text(&key)),
	};
	return 0;
}

static const struct option {
	const char *name, *value;
	int (*set)(struct parse *parse, const char *option, const char *value,
	    struct tn_error *err);
	const char *help;
} table[] = {
	{ "--port", "N", set_port,
	    "listen on this port of 127.0.0.1 (default: a free one)" },
	{ "--latency", "TIME", set_latency, "what each call takes (default: 0)" },
	{ "--build-time", "TIME", set_build_time,
	    "what a build with dependencies takes (default: 4s)" },
	{ "--plain-build", "TIME", set_plain_build,
	    "what a build without dependencies takes (default: 300ms)" },
	{ "--packaged", "TIME", set_packaged,
	    "how long of that it shows \"packaged\" at the end (default: 0)" },
	{ "--build-attempts", "N", set_attempts,
	    "how often a build that fails is tried (default: 3)" },
	{ "--visible", "TIME", set_visible,
	    "from the answer to a deploy until reads show it (default: 100ms)" },
	{ "--seed", "N", set_seed, "where ids come from (default: 0)" },
	{ "--client", "ID:SECRET[:SCOPES]", add_client,
	    "lets this client have a token, and no other that is not named too;\n"
	    "SCOPES with commas (default: all four; without --client anybody has them)" },
	{ "--client-key", "ID:FILE", add_client_key,
	    "lets this client have a token for an assertion that is signed with the key of\n"
	    "which FILE has the public half, in PEM form" },
	{ "--token-life", "TIME", set_token_life,
	    "how long a token is good (default: 24h)" },
	{ "--token-quota", "N", set_tokens,
	    "how many tokens a client gets in an hour (default: any number)" },
	{ "--rate", "BURST[:PER_SECOND]", set_rate,
	    "how many calls at once, and how many more each second, as many when left\n"
	    "out; what is over it is answered 429 (default: no limit)" },
	{ "--retry-after", "on|off", set_retry_after,
	    "whether a 429 says how long to wait (default: off)" },
	{ "--limit", "THING=N", set_limit,
	    "what the tenant can hold: actions (100), bindings of a trigger (20),\n"
	    "modules (100), versions of each (50); can be given several times" },
	{ "--modules", "on|off", set_modules,
	    "whether the tenant has action modules (default: on)" },
	{ "--entity-bound", "empty|refused", set_entity_bound,
	    "how lists of bindings of such triggers are answered: 200 as today, or 400\n"
	    "as in 2024 (default: empty)" },
	{ "--order", "kept|shuffled", set_order,
	    "of dependencies and secrets: as they were sent, or not (default: kept)" },
	{ "--dialect", "current|older", set_dialect,
	    "which API: older has actions at /api/v2/actions, lists with total, start\n"
	    "and limit, and errors such as not_found (default: current)" },
	{ "--tenants", "N", set_tenants,
	    "so many tenants, each at an address of its own, which are printed in order;\n"
	    "they have free ports, and none is kept (default: 1)" },
	{ "--state", "FILE", set_state,
	    "keeps the tenant in this file, from each change to the next start; secret\n"
	    "values as SHA-256 only (default: it is forgotten at the end)" },
	{ "--tls-cert", "FILE", set_tls_cert,
	    "serves https with this certificate (PEM), for clients that insist on it" },
	{ "--tls-key", "FILE", set_tls_key, "and its private key (PEM)" },
};

/* The whole name, or a beginning that only one option has: --build for --build-time. */
static const struct option *
match_option(struct tn_span word)
{
	const struct option *found = NULL;

	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++) {
		const char *name = table[i].name;

		if (tn_span_is(word, name))
			return &table[i];
		if (word.len <= strlen("--") || word.len > strlen(name) ||
		    memcmp(word.ptr, name, word.len) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = &table[i];
	}
	return found;
}

static const struct option *
find_option(const char *word, struct tn_error *err)
{
	const char *names[TN_ARRAY_LEN(table)];
	const char *nearest;
	const struct option *option = match_option(tn_span_of(word, strcspn(word, "=")));

	if (option != NULL)
		return option;
	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++)
		names[i] = table[i].name;
	tn_error_set(err, TN_E_INPUT, "unknown option %s", word);
	nearest = tn_text_nearest(word, names, TN_ARRAY_LEN(names));
	if (nearest != NULL)
		tn_error_hint(err, "did you mean %s?", nearest);
	else
		tn_error_hint(err, "tenon-sim --help shows what there is");
	return NULL;
}

/* Gives the number of words used, or a negative error. */
static int
take_option(struct parse *parse, const char *word, const char *next, struct tn_error *err)
{
	const struct option *option = find_option(word, err);
	const char *equals = strchr(word, '=');
	int r;

	if (option == NULL)
		return -TN_E_INPUT;
	if (equals == NULL && next == NULL)
		return tn_error_set(err, TN_E_INPUT, "a value is missing after %s",
		    option->name);
	r = option->set(parse, option->name, equals != NULL ? equals + 1 : next, err);
	if (r < 0)
		return r;
	return equals != NULL ? 1 : 2;
}

int
options_parse(struct options *options, struct tn_arena *arena, int argc, char **argv,
    struct tn_error *err)
{
	struct parse parse = { .options = options, .arena = arena };
	int r;

	*options = (struct options){ .tenants = 1, .sim = TN_SIM_OPTIONS_INIT };
	for (int i = 1; i < argc; i += r) {
		options->help = options->help || tn_text_equal(argv[i], "--help");
		options->version = options->version ||
		    tn_text_equal(argv[i], "--version");
		if (options->help || options->version)
			return 0;
		r = take_option(&parse, argv[i], i + 1 < argc ? argv[i + 1] : NULL, err);
		if (r < 0)
			return r;
	}
	if ((options->tls_cert == NULL) != (options->tls_key == NULL))
		return tn_error_set(err, TN_E_INPUT,
		    "--tls-cert and --tls-key belong together");
	if (options->tenants > 1 && (options->state != NULL || options->port != 0))
		return tn_error_set(err, TN_E_INPUT,
		    "--tenants goes neither with --state nor with --port");
	options->sim.clients = parse.clients;
	options->sim.n_clients = parse.n_clients;
	return 0;
}

static void
help_option(const struct option *option, struct tn_str *out)
{
	const char *line = option->help;

	tn_str_addf(out, "  %s %s\n", option->name, option->value);
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		tn_str_addf(out, "      %.*s\n", (int)(end - line), line);
	tn_str_addf(out, "      %s\n", line);
}

void
options_help(struct tn_str *out)
{
	tn_str_add(out,
	    "tenon-sim serves a tenant that exists nowhere else: the Auth0 Management API\n"
	    "for actions, on 127.0.0.1. It prints its address and runs until it is stopped.\n"
	    "\n"
	    "usage: tenon-sim [OPTION...]\n"
	    "\n");
	for (size_t i = 0; i < TN_ARRAY_LEN(table); i++)
		help_option(&table[i], out);
	tn_str_add(out,
	    "  --help\n"
	    "      this text\n"
	    "  --version\n"
	    "      the version\n"
	    "\n"
	    "Besides the API it answers, at once and for anybody:\n"
	    "  GET /_sim/calls           the calls so far, and how many of each\n"
	    "  GET /_sim/state           all that the tenant holds; secrets as SHA-256\n"
	    "  POST /_sim/reset          an empty tenant\n"
	    "  POST /_sim/faults         makes it misbehave; answers an id:\n"
	    "      {\"method\", \"path\", \"nth\", \"do\", \"when\", \"status\", \"body\", "
	    "\"ms\"}\n"
	    "      do: status drop cut delay hold fail-build retry-build lag; when: before "
	    "after\n"
	    "  DELETE /_sim/faults/ID    ends that, and lets go what it held\n"
	    "  POST /_sim/executions     a login: {\"trigger_id\", \"fails\": the name of "
	    "an\n"
	    "      action}; answers the id of its record\n"
	    "  POST /_sim/installed      an action from the marketplace: {\"trigger_id\", "
	    "\"name\"}\n");
}
