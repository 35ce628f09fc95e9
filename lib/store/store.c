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
tn_store_free(struct tn_store *store)
{
	if (store != NULL)
		store->ops->free(store);
}
