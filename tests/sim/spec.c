#include "spec.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define CODE_BEGINS "// action "

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

static unsigned
some_secrets(struct tn_rand *rand)
{
	return below(rand, 1u << SPEC_SECRETS) & below(rand, 1u << SPEC_SECRETS);
}

/* --- changes ----------------------------------------------------------------------- */

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

static unsigned
wanted_modules(const struct spec *spec)
{
	unsigned bits = 0;

	for (unsigned m = 0; m < SPEC_MODULES; m++)
		bits |= spec->modules[m].wanted ? 1u << m : 0;
	return bits;
}

void
spec_add(struct spec *spec, unsigned i, struct tn_rand *rand)
{
	struct spec_action *action = &spec->actions[i];
	struct spec_flow *flow;

	/* One that comes again keeps its trigger: it may still be there. */
	if (action->code == 0)
		action->trigger = below(rand, SPEC_TRIGGERS);
	action->wanted = true;
	action->code++;
	action->packages = tn_rand_one_in(rand, 3);
	action->secrets = some_secrets(rand);
	action->modules = tn_rand_one_in(rand, 2)
	    ? wanted_modules(spec) & below(rand, 1u << SPEC_MODULES)
	    : 0;
	action->tested = tn_rand_one_in(rand, 4);
	action->protect = tn_rand_one_in(rand, 8) && !action->moved;
	flow = &spec->flows[action->trigger];
	flow->named = true;
	if (!tn_rand_one_in(rand, 4))
		list(flow, i, below(rand, (unsigned)flow->n + 1));
}

void
spec_add_module(struct spec *spec, unsigned m, struct tn_rand *rand)
{
	struct spec_module *module = &spec->modules[m];

	module->wanted = true;
	module->life++;
	module->code++;
	module->packages = tn_rand_one_in(rand, 4);
	module->secrets = tn_rand_one_in(rand, 2) ? some_secrets(rand) : 0;
}

void
spec_empty(struct spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->names = SPEC_ACTIONS;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		spec->actions[i].name = i;
}

void
spec_init(struct spec *spec, struct tn_rand *rand)
{
	unsigned n = 1 + below(rand, 5);
	bool no_modules = spec->no_modules;

	spec_empty(spec);
	spec->no_modules = no_modules;
	spec->delete = (enum spec_delete)(
	    tn_rand_one_in(rand, 8) ? SPEC_DELETE_ALL : below(rand, 2));
	for (unsigned m = 0; m < SPEC_MODULES && !no_modules; m++)
		if (tn_rand_one_in(rand, 3))
			spec_add_module(spec, m, rand);
	for (unsigned i = 0; i < n; i++)
		spec_add(spec, i, rand);
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

/* A name has gone to one action, or to none: nobody else can say that it was his. */
static void
forget_name(struct spec *spec, unsigned name)
{
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (spec->actions[i].was == 1 + name)
			spec->actions[i].was = 0;
}

void
spec_rename(struct spec *spec, unsigned action)
{
	forget_name(spec, spec->actions[action].name);
	spec->actions[action].was = 1 + spec->actions[action].name;
	spec->actions[action].name = spec->names++;
}

void
spec_swap_names(struct spec *spec, unsigned action, unsigned other)
{
	struct spec_action *a = &spec->actions[action], *b = &spec->actions[other];
	unsigned name = a->name;

	forget_name(spec, a->name);
	forget_name(spec, b->name);
	a->was = 1 + a->name;
	b->was = 1 + b->name;
	a->name = b->name;
	b->name = name;
}

void
spec_drop(struct spec *spec, unsigned action)
{
	if (spec->actions[action].was != 0)
		forget_name(spec, spec->actions[action].was - 1);
	forget_name(spec, spec->actions[action].name);
	spec->actions[action].wanted = false;
	spec->actions[action].was = 0;
	spec->actions[action].protect = false;
	unlist(&spec->flows[spec->actions[action].trigger], action);
}

void
spec_move(struct spec *spec, unsigned action, unsigned trigger)
{
	unlist(&spec->flows[spec->actions[action].trigger], action);
	spec->actions[action].trigger = trigger;
	spec->actions[action].moved = true;
	spec->actions[action].code++;
	spec->flows[trigger].named = true;
	list(&spec->flows[trigger], action, spec->flows[trigger].n);
}

void
spec_drop_module(struct spec *spec, unsigned module)
{
	spec->modules[module].wanted = false;
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		spec->actions[i].modules &= ~(1u << module);
}

static void
mutate_module(struct spec *spec, struct tn_rand *rand)
{
	unsigned m = below(rand, SPEC_MODULES);
	struct spec_module *module = &spec->modules[m];

	if (spec->no_modules)
		return;
	if (!module->wanted) {
		spec_add_module(spec, m, rand);
		return;
	}
	switch (below(rand, 5)) {
	case 0:
		spec_drop_module(spec, m);
		return;
	case 1:
		module->secrets ^= 1u << below(rand, SPEC_SECRETS);
		return;
	case 2:
		module->packages = !module->packages;
		return;
	case 3:
		module->code = module->code > 1 ? module->code - 1 : module->code + 1;
		return;
	default:
		module->code++;
		return;
	}
}

static void
mutate_name(struct spec *spec, unsigned i, struct tn_rand *rand)
{
	unsigned other = below(rand, SPEC_ACTIONS);

	/* Another trigger could not go with the name. */
	if (other != i && spec->actions[other].wanted &&
	    spec->actions[other].trigger == spec->actions[i].trigger)
		spec_swap_names(spec, i, other);
	else
		spec_rename(spec, i);
}

/* What needs another action in its place, which deletes the one that is there. */
static void
mutate_trigger(struct spec *spec, unsigned i, struct tn_rand *rand)
{
	if (spec->delete != SPEC_DELETE_NONE && !spec->actions[i].protect)
		spec_move(spec, i, below(rand, SPEC_TRIGGERS));
}

static void
mutate_action(struct spec *spec, unsigned i, struct tn_rand *rand)
{
	struct spec_action *action = &spec->actions[i];

	switch (below(rand, 12)) {
	case 0:
		if (count_wanted(spec) > 1)
			spec_drop(spec, i);
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
	case 7:
		mutate_name(spec, i, rand);
		return;
	case 8:
		mutate_trigger(spec, i, rand);
		return;
	case 9:
		action->modules = wanted_modules(spec) & below(rand, 1u << SPEC_MODULES);
		return;
	case 10:
		action->tested = !action->tested;
		action->code++;
		return;
	default:
		action->code++;
		return;
	}
}

void
spec_mutate(struct spec *spec, struct tn_rand *rand)
{
	unsigned i = below(rand, SPEC_ACTIONS);

	if (tn_rand_one_in(rand, 6))
		mutate_module(spec, rand);
	else if (!spec->actions[i].wanted)
		spec_add(spec, i, rand);
	else
		mutate_action(spec, i, rand);
}

/* --- as text ----------------------------------------------------------------------- */

void
spec_name(const struct spec *spec, unsigned action, struct tn_str *out)
{
	tn_str_addf(out, "action-%u", spec->actions[action].name);
}

void
spec_module_name(unsigned module, struct tn_str *out)
{
	tn_str_addf(out, "module-%u", module);
}

void
spec_code(const struct spec *spec, unsigned action, struct tn_str *out)
{
	const struct spec_action *a = &spec->actions[action];

	tn_str_addf(out,
	    CODE_BEGINS "%u, text %u\nexports.%s = async (event, api) => {\n", action,
	    a->code, handlers[a->trigger]);
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		if ((a->modules & 1u << m) != 0)
			tn_str_addf(out, "  require('actions:module-%u')(api);\n", m);
	tn_str_addf(out, "  api.step(%u);\n};\n", a->code);
}

bool
spec_of_code(const char *code, unsigned *action_out)
{
	if (code == NULL || !tn_text_starts(code, CODE_BEGINS))
		return false;
	*action_out = (unsigned)strtoul(code + strlen(CODE_BEGINS), NULL, 10);
	return *action_out < SPEC_ACTIONS;
}

void
spec_module_code(unsigned module, unsigned code, struct tn_str *out)
{
	tn_str_addf(out, "// module %u\nmodule.exports = (api) => api.step(%u);\n",
	    module, code);
}

unsigned
spec_module_used(const struct spec *spec, unsigned action, unsigned module)
{
	unsigned then = spec->actions[action].module_codes[module];

	return then != 0 ? then : spec->modules[module].code;
}

void
spec_secret(const struct spec *spec, unsigned secret, struct tn_str *out)
{
	/* With characters that every encoding writes in another way. */
	tn_str_addf(out, SPEC_SECRET_BEGINS "%s\"/%u+&?%%", spec_secrets[secret],
	    spec->values[secret]);
}

/* --- as files ---------------------------------------------------------------------- */

static void
write_file(const char *name, const struct tn_str *text, struct tn_tree *memtree)
{
	TN_CLEANUP(tn_str_done) struct tn_str path = TN_STR_INIT;

	tn_str_addf(&path, "%s.js", name);
	tn_memtree_put(memtree, tn_str_text(&path), tn_str_text(text), text->len);
}

/* Where the i-th of n that have no order stands. */
static unsigned
place(const struct spec *spec, unsigned i, unsigned n)
{
	return spec->backwards ? n - 1 - i : i;
}

static void
write_content(const struct spec *spec, bool packages, unsigned secrets,
    struct tn_str *yaml)
{
	if (packages)
		tn_str_add(yaml,
		    spec->backwards
			? "    dependencies: {lodash: 4.17.21, axios: 1.7.2}\n"
			: "    dependencies: {axios: 1.7.2, lodash: 4.17.21}\n");
	if (secrets == 0)
		return;
	tn_str_add(yaml, "    secrets:\n");
	for (unsigned i = 0; i < SPEC_SECRETS; i++) {
		unsigned s = place(spec, i, SPEC_SECRETS);

		if ((secrets & 1u << s) != 0)
			tn_str_addf(yaml, "      - %s\n", spec_secrets[s]);
	}
}

static void
write_action(const struct spec *spec, unsigned i, struct tn_str *yaml,
    struct tn_tree *memtree)
{
	const struct spec_action *action = &spec->actions[i];
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	spec_name(spec, i, &name);
	tn_str_addf(yaml, "  %s:\n    trigger: %s@%s\n    runtime: node22\n",
	    tn_str_text(&name), spec_triggers[action->trigger],
	    spec_versions[action->trigger]);
	write_content(spec, action->packages, action->secrets, yaml);
	if (action->modules != 0)
		tn_str_add(yaml, "    modules:\n");
	for (unsigned k = 0; k < SPEC_MODULES; k++) {
		unsigned m = place(spec, k, SPEC_MODULES);

		if ((action->modules & 1u << m) != 0)
			tn_str_addf(yaml, "      - module-%u\n", m);
	}
	if (action->was != 0)
		tn_str_addf(yaml, "    renamedFrom: action-%u\n", action->was - 1);
	if (action->tested)
		tn_str_add(yaml, "    tests: [{payload: login.json}]\n");
	if (action->protect)
		tn_str_add(yaml, "    protect: true\n");
	spec_code(spec, i, &code);
	write_file(tn_str_text(&name), &code, memtree);
}

static void
write_module(const struct spec *spec, unsigned m, struct tn_str *yaml,
    struct tn_tree *memtree)
{
	const struct spec_module *module = &spec->modules[m];
	TN_CLEANUP(tn_str_done) struct tn_str name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str code = TN_STR_INIT;

	spec_module_name(m, &name);
	tn_str_addf(yaml, "  %s:\n    code: %s.js\n", tn_str_text(&name),
	    tn_str_text(&name));
	write_content(spec, module->packages, module->secrets, yaml);
	spec_module_code(m, module->code, &code);
	write_file(tn_str_text(&name), &code, memtree);
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
		spec_name(spec, flow->entries[i], yaml);
		tn_str_add(yaml, "\n");
	}
	if (flow->others)
		tn_str_add(yaml, "    - others\n");
}

static void
write_flows(const struct spec *spec, struct tn_str *yaml)
{
	bool any = false;

	for (unsigned i = 0; i < SPEC_TRIGGERS; i++) {
		unsigned t = place(spec, i, SPEC_TRIGGERS);

		if (!spec->flows[t].named)
			continue;
		if (!any)
			tn_str_add(yaml, "bindings:\n");
		any = true;
		write_flow(spec, t, yaml);
	}
}

void
spec_write(const struct spec *spec, struct tn_tree *memtree)
{
	static const char *const modes[] = { "none", "managed", "all" };
	static const char payload[] = "{\"event\": {\"user\": {\"name\": \"Ann\"}}}";
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;

	tn_str_addf(&yaml,
	    "tenon: 1\nproject: made-up\ntenants:\n  dev: {delete: %s}\nactions:\n",
	    modes[spec->delete]);
	for (unsigned i = 0; i < SPEC_ACTIONS; i++)
		if (spec->actions[place(spec, i, SPEC_ACTIONS)].wanted)
			write_action(spec, place(spec, i, SPEC_ACTIONS), &yaml, memtree);
	if (wanted_modules(spec) != 0)
		tn_str_add(&yaml, "modules:\n");
	for (unsigned m = 0; m < SPEC_MODULES; m++)
		if (spec->modules[place(spec, m, SPEC_MODULES)].wanted)
			write_module(spec, place(spec, m, SPEC_MODULES), &yaml, memtree);
	write_flows(spec, &yaml);
	tn_memtree_put(memtree, "login.json", payload, strlen(payload));
	tn_memtree_put(memtree, "tenon.yaml", tn_str_text(&yaml), yaml.len);
}
