#include "spec.h"

#include <string.h>

const char *const spec_triggers[SPEC_TRIGGERS] = { "post-login", "credentials-exchange",
	"pre-user-registration" };
static const char *const handlers[SPEC_TRIGGERS] = { "onExecutePostLogin",
	"onExecuteCredentialsExchange", "onExecutePreUserRegistration" };
const char *const spec_versions[SPEC_TRIGGERS] = { "v3", "v2", "v2" };
const char *const spec_secrets[SPEC_SECRETS] = { "API_KEY", "TOKEN", "SALT" };

static unsigned
below(struct tn_rand *rand, unsigned n)
{
	return (unsigned)tn_rand_below(rand, n);
}

static void
unlist(struct spec_flow *flow, unsigned action)
{
	size_t n = 0;

	for (size_t i = 0; i < flow->n; i++)
		if (flow->entries[i] != action)
			flow->entries[n++] = flow->entries[i];
	flow->n = n;
}

static void
list(struct spec_flow *flow, unsigned action, size_t at)
{
	memmove(&flow->entries[at + 1], &flow->entries[at],
	    (flow->n - at) * sizeof(flow->entries[0]));
	flow->entries[at] = action;
	flow->n++;
}

static void
add_action(struct spec *spec, unsigned i, struct tn_rand *rand)
{
	struct spec_action *action = &spec->actions[i];
	struct spec_flow *flow;

	/* An action keeps its trigger for life: another one would be a replacement. */
	if (!action->wanted && action->code == 0)
		action->trigger = below(rand, SPEC_TRIGGERS);
	action->wanted = true;
	action->code++;
	action->packages = tn_rand_one_in(rand, 3);
	action->secrets = below(rand, 1u << SPEC_SECRETS) &
	    below(rand, 1u << SPEC_SECRETS);
	flow = &spec->flows[action->trigger];
	flow->named = true;
	if (!tn_rand_one_in(rand, 4))
		list(flow, i, below(rand, (unsigned)flow->n + 1));
}

void
spec_init(struct spec *spec, struct tn_rand *rand)
{
	unsigned n = 1 + below(rand, SPEC_ACTIONS - 1);

	memset(spec, 0, sizeof(*spec));
	for (unsigned i = 0; i < n; i++)
		add_action(spec, i, rand);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++)
		spec->flows[t].others = tn_rand_one_in(rand, 2);
}

static unsigned
count_wanted(const struct spec *spec)
{
	unsigned n = 0;

	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		n += spec->actions[i].wanted;
	return n;
}

static void
shuffle(struct spec_flow *flow, struct tn_rand *rand)
{
	for (size_t i = flow->n; i > 1; i--) {
		size_t k = below(rand, (unsigned)i);
		unsigned swap = flow->entries[i - 1];

		flow->entries[i - 1] = flow->entries[k];
		flow->entries[k] = swap;
	}
}

void
spec_mutate(struct spec *spec, struct tn_rand *rand)
{
	unsigned i = below(rand, SPEC_ACTIONS);
	struct spec_action *action = &spec->actions[i];

	if (!action->wanted) {
		add_action(spec, i, rand);
		return;
	}
	switch (below(rand, 8)) {
	case 0:
		if (count_wanted(spec) > 1) {
			action->wanted = false;
			unlist(&spec->flows[action->trigger], i);
		}
		return;
	case 1:
		shuffle(&spec->flows[action->trigger], rand);
		return;
	case 2:
		unlist(&spec->flows[action->trigger], i);
		return;
	case 3:
		action->packages = !action->packages;
		return;
	case 4:
		action->secrets ^= 1u << below(rand, SPEC_SECRETS);
		return;
	case 5:
		spec->values[below(rand, SPEC_SECRETS)]++;
		return;
	case 6:
		/* Back to an earlier text: a version of it may still be there. */
		action->code = action->code > 1 ? action->code - 1 : action->code + 1;
		return;
	default:
		action->code++;
		return;
	}
}

void
spec_name(unsigned action, struct tn_str *out)
{
	tn_str_addf(out, "action-%u", action);
}

void
spec_code(const struct spec *spec, unsigned action, struct tn_str *out)
{
	tn_str_addf(out,
	    "exports.%s = async (event, api) => {\n  // action %u, text %u\n"
	    "  api.step(%u);\n};\n",
	    handlers[spec->actions[action].trigger], action, spec->actions[action].code,
	    spec->actions[action].code);
}

void
spec_secret(const struct spec *spec, unsigned secret, struct tn_str *out)
{
	/* With characters that every encoding writes in another way. */
	tn_str_addf(out, SPEC_SECRET_BEGINS "%s\"/%u+&?%%", spec_secrets[secret],
	    spec->values[secret]);
}

static void
write_action(const struct spec *spec, unsigned i, struct tn_str *yaml,
    struct tn_tree *memtree)
{
	const struct spec_action *action = &spec->actions[i];
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	spec_name(i, &path);
	tn_str_addf(yaml, "  %s:\n    trigger: %s@%s\n    runtime: node22\n",
	    tn_str_text(&path), spec_triggers[action->trigger],
	    spec_versions[action->trigger]);
	if (action->packages)
		tn_str_add(yaml, "    dependencies: {axios: 1.7.2, lodash: 4.17.21}\n");
	if (action->secrets != 0) {
		tn_str_add(yaml, "    secrets:\n");
		for (unsigned s = 0; s < SPEC_SECRETS; s++)
			if ((action->secrets & 1u << s) != 0)
				tn_str_addf(yaml, "      - %s\n", spec_secrets[s]);
	}
	tn_str_add(&path, ".js");
	spec_code(spec, i, &code);
	tn_memtree_put(memtree, tn_str_text(&path), tn_str_text(&code), code.len);
}

static void
write_flow(const struct spec *spec, unsigned t, struct tn_str *yaml)
{
	const struct spec_flow *flow = &spec->flows[t];

	if (flow->n == 0 && !flow->others) {
		tn_str_addf(yaml, "  %s: []\n", spec_triggers[t]);
		return;
	}
	tn_str_addf(yaml, "  %s:\n", spec_triggers[t]);
	for (size_t i = 0; i < flow->n; i++) {
		tn_str_add(yaml, "    - ");
		spec_name(flow->entries[i], yaml);
		tn_str_add(yaml, "\n");
	}
	if (flow->others)
		tn_str_add(yaml, "    - others\n");
}

void
spec_write(const struct spec *spec, struct tn_tree *memtree)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
	bool any = false;

	tn_str_add(&yaml, "tenon: 1\nproject: made-up\ntenants:\n  dev: {}\nactions:\n");
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (spec->actions[i].wanted)
			write_action(spec, i, &yaml, memtree);
	for (unsigned t = 0; t < SPEC_TRIGGERS; t++) {
		if (!spec->flows[t].named)
			continue;
		if (!any)
			tn_str_add(&yaml, "bindings:\n");
		any = true;
		write_flow(spec, t, &yaml);
	}
	tn_memtree_put(memtree, "tenon.yaml", tn_str_text(&yaml), yaml.len);
}
