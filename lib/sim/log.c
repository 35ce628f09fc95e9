#include "sim/core.h"

#include "base/mem.h"
#include "base/time.h"
#include <string.h>

static void
entry_done(struct tn_sim_entry *entry)
{
	tn_free(entry->path);
	tn_free(entry->who);
}

/* The texts of the shown entry become copies of its own; the rest are literals. */
static void
entry_init(struct tn_sim_entry *entry, const struct tn_sim_logged *shown)
{
	entry->shown = *shown;
	entry->path = tn_strdup(shown->path);
	entry->who = shown->who == NULL ? NULL : tn_strdup(shown->who);
	entry->shown.path = entry->path;
	entry->shown.who = entry->who;
}

/* Half of the log goes at once, so that the cost of moving the rest is spread thin. */
static void
make_room(struct tn_sim *sim)
{
	size_t n = TN_SIM_LOG_MAX / 2;

	if (sim->n_log < TN_SIM_LOG_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		entry_done(&sim->log[i]);
	memmove(sim->log, sim->log + n, (sim->n_log - n) * sizeof sim->log[0]);
	sim->n_log -= n;
}

static void
count(struct tn_sim *sim, const char *method, const char *resource)
{
	size_t i = 0;

	while (i < sim->n_counts &&
	    !(tn_text_equal(sim->counts[i].method, method) &&
		tn_text_equal(sim->counts[i].resource, resource)))
		i++;
	if (i == sim->n_counts) {
		sim->counts = tn_grow(sim->counts, sim->n_counts, &sim->cap_counts,
		    sizeof sim->counts[0]);
		sim->counts[sim->n_counts++] = (struct tn_sim_count){ .method = method,
			.resource = resource };
	}
	sim->counts[i].n++;
	sim->counted++;
	if (!tn_text_equal(method, "GET") && !tn_text_equal(resource, "/oauth/token"))
		sim->writes++;
}

struct tn_sim_logged *
tn_sim_log_add(struct tn_sim *sim, const struct tn_sim_logged *entry, bool counted)
{
	struct tn_sim_entry *added;

	make_room(sim);
	sim->log = tn_grow(sim->log, sim->n_log, &sim->cap_log, sizeof sim->log[0]);
	added = &sim->log[sim->n_log++];
	entry_init(added, entry);
	added->shown.number = ++sim->calls;
	if (counted)
		count(sim, entry->method, entry->resource);
	return &added->shown;
}

/* Numbers in the log have no gaps. */
struct tn_sim_logged *
tn_sim_log_number(struct tn_sim *sim, uint64_t number)
{
	uint64_t first = sim->n_log == 0 ? number + 1 : sim->log[0].shown.number;

	if (number < first || number - first >= sim->n_log)
		return NULL;
	return &sim->log[number - first].shown;
}

void
tn_sim_log_copy(struct tn_sim *to, const struct tn_sim *from)
{
	to->calls = from->calls;
	to->counted = from->counted;
	to->writes = from->writes;
	if (from->n_log > 0) {
		to->log = tn_alloc(from->n_log, sizeof to->log[0]);
		to->n_log = to->cap_log = from->n_log;
		for (size_t i = 0; i < to->n_log; i++)
			entry_init(&to->log[i], &from->log[i].shown);
	}
	if (from->n_counts > 0) {
		to->counts = tn_alloc(from->n_counts, sizeof to->counts[0]);
		to->n_counts = to->cap_counts = from->n_counts;
		memcpy(to->counts, from->counts, from->n_counts * sizeof to->counts[0]);
	}
}

size_t
tn_sim_log_count(const struct tn_sim *sim)
{
	return sim->n_log;
}

const struct tn_sim_logged *
tn_sim_log_at(const struct tn_sim *sim, size_t i)
{
	return i < sim->n_log ? &sim->log[i].shown : NULL;
}

uint64_t
tn_sim_calls(const struct tn_sim *sim, const char *method, const char *resource)
{
	uint64_t n = 0;

	for (size_t i = 0; i < sim->n_counts; i++)
		if ((method == NULL || tn_text_equal(sim->counts[i].method, method)) &&
		    (resource == NULL ||
			tn_text_equal(sim->counts[i].resource, resource)))
			n += sim->counts[i].n;
	return n;
}

uint64_t
tn_sim_writes(const struct tn_sim *sim)
{
	return sim->writes;
}

void
tn_sim_log_clear(struct tn_sim *sim)
{
	for (size_t i = 0; i < sim->n_log; i++)
		entry_done(&sim->log[i]);
	sim->n_log = 0;
	sim->n_counts = 0;
	sim->counted = 0;
	sim->writes = 0;
}

static const char *
fate_name(enum tn_sim_fate fate)
{
	switch (fate) {
	case TN_SIM_ANSWER:
		return "answer";
	case TN_SIM_DROP:
		return "drop";
	case TN_SIM_CUT:
		return "cut";
	}
	return "";
}

static struct tn_value *
show_entry(struct tn_arena *arena, const struct tn_sim_logged *entry)
{
	struct tn_value *object = tn_value_object(arena);
	char at[TN_TIME_SIZE];

	tn_time_format(entry->at, at);
	tn_value_set_int(arena, object, "number", (int64_t)entry->number);
	tn_value_set_text(arena, object, "at", at);
	tn_value_set_text(arena, object, "method", entry->method);
	tn_value_set_text(arena, object, "path", entry->path);
	tn_value_set_text(arena, object, "resource", entry->resource);
	tn_value_set_text(arena, object, "who", entry->who);
	tn_value_set_int(arena, object, "status", entry->status);
	tn_value_set_text(arena, object, "fate", fate_name(entry->fate));
	if (entry->fault != 0)
		tn_value_set_int(arena, object, "fault", (int64_t)entry->fault);
	return object;
}

struct tn_value *
tn_sim_calls_json(const struct tn_sim *sim, struct tn_arena *arena)
{
	struct tn_value *object = tn_value_object(arena);
	struct tn_value *calls = tn_value_array(arena);
	struct tn_value *counts = tn_value_object(arena);

	for (size_t i = 0; i < sim->n_log; i++)
		tn_value_push(arena, calls, show_entry(arena, &sim->log[i].shown));
	for (size_t i = 0; i < sim->n_counts; i++)
		tn_value_set_int(arena, counts,
		    tn_arena_printf(arena, "%s %s", sim->counts[i].method,
			sim->counts[i].resource),
		    (int64_t)sim->counts[i].n);
	tn_value_set(arena, object, "calls", calls);
	tn_value_set(arena, object, "counts", counts);
	tn_value_set_int(arena, object, "total", (int64_t)sim->counted);
	tn_value_set_int(arena, object, "writes", (int64_t)sim->writes);
	return object;
}
