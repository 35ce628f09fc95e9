#include "store/store.h"

void
tn_store_load(struct tn_store *store, bool lock, tn_store_done_fn *done, void *arg)
{
	store->ops->load(store, lock, done, arg);
}

void
tn_store_append(struct tn_store *store, const char *run_id,
    const struct tn_record *records, size_t n, tn_store_done_fn *done, void *arg)
{
	store->ops->append(store, run_id, records, n, done, arg);
}

void
tn_store_end(struct tn_store *store, const char *run_id, const struct tn_record *last,
    const struct tn_settlement *settlement, tn_store_done_fn *done, void *arg)
{
	store->ops->end(store, run_id, last, settlement, done, arg);
}

void
tn_store_sign(struct tn_store *store, const struct tn_lock_holder *holder)
{
	store->ops->sign(store, holder);
}

void
tn_store_introduce(struct tn_store *store, const struct tn_run_facts *facts)
{
	store->ops->introduce(store, facts);
}

void
tn_store_note_applied(struct tn_store *store, const char *run_id, tn_store_done_fn *done,
    void *arg)
{
	store->ops->note_applied(store, run_id, done, arg);
}

void
tn_store_hold(struct tn_store *store, const char *commit, const char *run_id,
    tn_store_done_fn *done, void *arg)
{
	store->ops->hold(store, commit, run_id, done, arg);
}

void
tn_store_lift(struct tn_store *store, const char *commit, tn_store_done_fn *done,
    void *arg)
{
	store->ops->lift(store, commit, done, arg);
}

const struct tn_hold *
tn_store_held(const struct tn_store *store, const char *commit)
{
	for (size_t i = 0; i < store->n_holds; i++)
		if (tn_text_equal(store->holds[i].commit, commit))
			return &store->holds[i];
	return NULL;
}

void
tn_store_history(struct tn_store *store, const struct tn_history_query *query,
    tn_store_history_fn *done, void *arg)
{
	store->ops->history(store, query, done, arg);
}

void
tn_store_free(struct tn_store *store)
{
	if (store != NULL)
		store->ops->free(store);
}
