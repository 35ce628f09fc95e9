#include "apply/machine.h"

#include <string.h>

#include "base/mem.h"
#include "base/value.h"
#include "json/json.h"

/* A disk that is full for a moment must not turn an undo into a remainder. */
#define TRIES 3
#define PAUSE (500 * TN_MSEC)

void
tn_journal_init(struct tn_journal *journal, struct tn_apply *apply)
{
	journal->apply = apply;
}

static void
free_entries(struct tn_journal_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tn_free(entries[i].payload);
	tn_free(entries);
}

void
tn_journal_drop(struct tn_journal *journal)
{
	tn_timer_stop(&journal->timer);
	free_entries(journal->queued, journal->n_queued);
	journal->queued = NULL;
	journal->n_queued = 0;
	journal->cap_queued = 0;
}

void
tn_journal_done(struct tn_journal *journal)
{
	tn_journal_drop(journal);
	free_entries(journal->writing, journal->n_writing);
}

static void write_queue(void *arg);

static void
start_soon(struct tn_journal *journal)
{
	if (journal->writing != NULL || tn_timer_active(&journal->timer))
		return;
	tn_timer_start(&journal->timer, journal->apply->options.loop, 0, write_queue,
	    journal);
}

static void submit(void *arg);

static void
on_written(void *arg, const struct tn_error *err)
{
	struct tn_journal *journal = arg;
	struct tn_journal_entry *entries = journal->writing;
	size_t n = journal->n_writing;

	if (err != NULL && err->kind == TN_E_SYSTEM && ++journal->tries < TRIES) {
		tn_timer_start(&journal->timer, journal->apply->options.loop, PAUSE,
		    submit, journal);
		return;
	}
	journal->writing = NULL;
	journal->n_writing = 0;
	if (journal->n_queued > 0)
		start_soon(journal);
	for (size_t i = 0; i < n; i++)
		if (entries[i].done != NULL)
			entries[i].done(entries[i].arg, err);
	free_entries(entries, n);
}

static void
submit(void *arg)
{
	struct tn_journal *journal = arg;
	struct tn_apply *apply = journal->apply;
	TN_CLEANUP(tn_freep)
	struct tn_record *records = tn_alloc(journal->n_writing,
	    sizeof(struct tn_record));

	for (size_t i = 0; i < journal->n_writing; i++)
		records[i] = journal->writing[i].record;
	tn_store_append(apply->options.store, apply->options.run_id, records,
	    journal->n_writing, on_written, journal);
}

/* What came together is committed together. */
static void
write_queue(void *arg)
{
	struct tn_journal *journal = arg;

	journal->writing = journal->queued;
	journal->n_writing = journal->n_queued;
	journal->queued = NULL;
	journal->n_queued = 0;
	journal->cap_queued = 0;
	journal->tries = 0;
	submit(journal);
}

void
tn_journal_add(struct tn_journal *journal, unsigned step, const char *event,
    char *payload, tn_store_done_fn *done, void *arg)
{
	struct tn_journal_entry *entry;

	journal->queued = tn_grow(journal->queued, journal->n_queued,
	    &journal->cap_queued, sizeof(*journal->queued));
	entry = &journal->queued[journal->n_queued++];
	memset(entry, 0, sizeof(*entry));
	entry->payload = payload;
	entry->record.step = step;
	entry->record.event = event;
	entry->record.payload = payload;
	entry->record.unix_ns = tn_loop_unix(journal->apply->options.loop);
	entry->done = done;
	entry->arg = arg;
	/* A record that nobody waits for goes with the next one that somebody does. */
	if (done != NULL)
		start_soon(journal);
}

static struct tn_value *
secrets_to_value(struct tn_arena *arena, const struct tn_running *run)
{
	struct tn_value *list = tn_value_array(arena);

	for (size_t i = 0; i < run->n_secrets; i++) {
		struct tn_value *item = tn_value_object(arena);

		tn_value_set_text(arena, item, "name", run->secrets[i].name);
		tn_value_set_text(arena, item, "updated_at", run->secrets[i].updated_at);
		tn_value_push(arena, list, item);
	}
	return list;
}

char *
tn_journal_payload(const struct tn_running *run)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	struct tn_value *payload = tn_value_object(arena);
	struct tn_str text = TN_STR_INIT;

	tn_value_set_text(arena, payload, "action_id", run->action_id);
	tn_value_set_text(arena, payload, "version_id", run->version_id);
	tn_value_set_int(arena, payload, "version", run->version);
	tn_value_set_text(arena, payload, "draft_updated_at", run->draft_updated_at);
	if (run->n_secrets > 0)
		tn_value_set(arena, payload, "secrets", secrets_to_value(arena, run));
	tn_json_write(payload, &text);
	return tn_str_take(&text);
}
