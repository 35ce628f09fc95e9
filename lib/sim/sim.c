#include "sim/sim.h"

#include "base/mem.h"
#include "sim/core.h"

static void
copy_options(struct tn_sim *sim, const struct tn_sim_options *from)
{
	struct tn_sim_client *clients = tn_arena_array(sim->arena, from->n_clients + 1,
	    struct tn_sim_client);

	sim->options = *from;
	sim->options.domain = tn_arena_text(sim->arena, from->domain);
	sim->options.clients = clients;
	for (size_t i = 0; i < from->n_clients; i++) {
		const struct tn_sim_client *client = &from->clients[i];

		clients[i].id = tn_arena_text(sim->arena, client->id);
		clients[i].secret = tn_arena_text(sim->arena, client->secret);
		clients[i].public_key = tn_arena_text(sim->arena, client->public_key);
		clients[i].scopes = tn_arena_text(sim->arena,
		    client->scopes == NULL ? TN_SIM_ALL_SCOPES : client->scopes);
	}
}

/* Known to nobody outside, and the same whenever the seed is. */
static struct tn_secret *
make_key(uint64_t seed)
{
	struct tn_rand rand;
	uint64_t words[4];

	tn_rand_init(&rand, seed ^ UINT64_C(0x746f6b656e73));
	for (size_t i = 0; i < TN_ARRAY_LEN(words); i++)
		words[i] = tn_rand_next(&rand);
	return tn_secret_new((const char *)words, sizeof words);
}

static struct tn_sim *
new_with_options(const struct tn_sim_options *options)
{
	struct tn_sim *sim = tn_new(struct tn_sim);
	const char *token;

	sim->arena = tn_arena_new();
	copy_options(sim, options);
	sim->key = make_key(options->seed);
	token = tn_sim_token(sim, sim->arena, TN_SIM_ADMIN, "", TN_SIM_ALL_SCOPES, 0,
	    INT64_MAX);
	sim->admin = tn_arena_printf(sim->arena, "Bearer %s", token);
	return sim;
}

struct tn_sim *
tn_sim_new(const struct tn_sim_options *options)
{
	static const struct tn_sim_options initial = TN_SIM_OPTIONS_INIT;
	struct tn_sim *sim = new_with_options(options == NULL ? &initial : options);

	tn_rand_init(&sim->rand, sim->options.seed);
	sim->rate_level = (int64_t)sim->options.rate_burst * TN_SEC;
	return sim;
}

void
tn_sim_free(struct tn_sim *sim)
{
	if (sim == NULL)
		return;
	while (sim->watches != NULL)
		tn_sim_unwatch(sim->watches);
	tn_sim_faults_clear(sim);
	tn_free(sim->faults);
	tn_free(sim->past);
	tn_sim_log_clear(sim);
	tn_free(sim->log);
	tn_free(sim->counts);
	tn_sim_quotas_clear(sim);
	tn_free(sim->quotas);
	tn_sim_world_done(&sim->world);
	tn_free(sim->used);
	tn_secret_unref(sim->key);
	tn_arena_free(sim->arena);
	tn_free(sim);
}

static void
copy_faults(struct tn_sim *to, const struct tn_sim *from)
{
	to->last_fault = from->last_fault;
	for (size_t i = 0; i < from->n_faults; i++) {
		to->faults = tn_grow(to->faults, to->n_faults, &to->cap_faults,
		    sizeof to->faults[0]);
		tn_sim_fault_copy(&to->faults[to->n_faults++], &from->faults[i]);
	}
	for (size_t i = 0; i < from->n_past; i++) {
		to->past = tn_grow(to->past, to->n_past, &to->cap_past,
		    sizeof to->past[0]);
		to->past[to->n_past].until = from->past[i].until;
		tn_sim_world_copy(&to->past[to->n_past++].world, &from->past[i].world);
	}
}

static void
copy_used(struct tn_sim *to, const struct tn_sim *from)
{
	for (size_t i = 0; i < from->n_used; i++) {
		to->used = tn_grow(to->used, to->n_used, &to->cap_used,
		    sizeof(*to->used));
		to->used[to->n_used++] = from->used[i];
	}
}

struct tn_sim *
tn_sim_clone(const struct tn_sim *sim)
{
	struct tn_sim *clone = new_with_options(&sim->options);

	clone->rand = sim->rand;
	clone->clock = sim->clock;
	tn_sim_quotas_copy(clone, sim);
	clone->rate_level = sim->rate_level;
	clone->rate_at = sim->rate_at;
	tn_sim_world_copy(&clone->world, &sim->world);
	copy_faults(clone, sim);
	copy_used(clone, sim);
	tn_sim_log_copy(clone, sim);
	return clone;
}

void
tn_sim_reset(struct tn_sim *sim)
{
	sim->changes++;
	tn_sim_faults_clear(sim);
	tn_sim_world_done(&sim->world);
	tn_sim_log_clear(sim);
	tn_sim_quotas_clear(sim);
	tn_rand_init(&sim->rand, sim->options.seed);
	sim->rate_level = (int64_t)sim->options.rate_burst * TN_SEC;
}

uint64_t
tn_sim_changes(const struct tn_sim *sim)
{
	return sim->changes;
}

int64_t
tn_sim_stamp(struct tn_sim *sim, int64_t now, int64_t low_ns, int64_t high_ns)
{
	uint64_t width = (uint64_t)(high_ns - low_ns);
	int64_t from = sim->clock > now ? sim->clock : now;

	sim->clock = from + low_ns + (int64_t)tn_rand_below(&sim->rand, width);
	return sim->clock;
}

int64_t
tn_sim_stamp_module(struct tn_sim *sim, int64_t now)
{
	int64_t stamp = tn_sim_stamp(sim, now, 1, TN_MSEC);

	sim->clock = stamp + 1000 - stamp % 1000;
	return sim->clock;
}

int64_t
tn_sim_stamp_entity(struct tn_sim *sim, int64_t now)
{
	return tn_sim_stamp(sim, now, 1, TN_MSEC);
}

int64_t
tn_sim_stamp_draft(struct tn_sim *sim, int64_t now)
{
	return tn_sim_stamp(sim, now, 5 * TN_MSEC, 30 * TN_MSEC);
}

void
tn_sim_watch(struct tn_sim *sim, struct tn_sim_watch *watch,
    void (*fn)(void *arg, uint64_t fault_id), void *arg)
{
	*watch = (struct tn_sim_watch){ .sim = sim,
		.next = sim->watches,
		.fn = fn,
		.arg = arg };
	sim->watches = watch;
}

void
tn_sim_unwatch(struct tn_sim_watch *watch)
{
	struct tn_sim_watch **at;

	if (watch->sim == NULL)
		return;
	at = &watch->sim->watches;
	while (*at != watch)
		at = &(*at)->next;
	*at = watch->next;
	*watch = (struct tn_sim_watch){ 0 };
}

const char *
tn_sim_admin_authorization(const struct tn_sim *sim)
{
	return sim->admin;
}

/* As on the platform, where marketplace ids are the upper-case ones. */
static void
upper_uuid(struct tn_rand *rand, char out[TN_UUID_SIZE])
{
	tn_rand_uuid(rand, out);
	for (char *c = out; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
}

void
tn_sim_install(struct tn_sim *sim, int64_t unix_ns, const char *trigger, const char *name,
    char id_out[37])
{
	struct tn_sim_action *action = tn_new(struct tn_sim_action);
	struct tn_sim_integration *integration = tn_new(struct tn_sim_integration);

	tn_sim_past_keep(sim, unix_ns);
	sim->changes++;
	upper_uuid(&sim->rand, action->id);
	tn_rand_uuid(&sim->rand, integration->id);
	tn_rand_uuid(&sim->rand, integration->catalog_id);
	tn_rand_uuid(&sim->rand, integration->partner_id);
	tn_rand_uuid(&sim->rand, integration->version_id);
	action->name = tn_strdup(name);
	action->trigger = tn_sim_trigger_find(trigger, NULL);
	action->created_at = action->entity_at = tn_sim_stamp_entity(sim, unix_ns);
	action->draft_at = action->entity_at;
	action->integration = integration;
	tn_sim_world_add(&sim->world, action);
	for (size_t i = 0; i < TN_UUID_SIZE; i++)
		id_out[i] = action->id[i];
}
