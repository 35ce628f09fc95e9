/* A file of the disk in memory against a model that is too simple to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sqlite/memfile.h"

#define SPACE 4096

/* What readers see and what was synced, each as an array with a length. */
struct model {
	unsigned char now[SPACE];
	size_t size;
	unsigned char kept[SPACE];
	size_t kept_size;
};

static void
model_truncate(struct model *model, size_t size)
{
	if (size < model->size)
		memset(model->now + size, 0, model->size - size);
	model->size = size;
}

static void
model_write(struct model *model, size_t offset, const void *bytes, size_t len)
{
	memcpy(model->now + offset, bytes, len);
	if (len > 0 && offset + len > model->size)
		model->size = offset + len;
}

static void
model_sync(struct model *model)
{
	memcpy(model->kept, model->now, sizeof(model->kept));
	model->kept_size = model->size;
}

static void
assert_holds(const struct tn_memfile *file, const unsigned char *bytes, size_t size)
{
	unsigned char got[SPACE];

	assert_int_equal(file->size, size);
	assert_int_equal(tn_memfile_read(file, 0, got, SPACE), size);
	assert_memory_equal(got, bytes, size);
}

/* Each sector is the old or the new one, or the new one up to a byte and then the old
 * one. */
static void
assert_may_survive(const struct tn_memfile *left, const struct model *model)
{
	size_t low = model->size < model->kept_size ? model->size : model->kept_size;
	size_t high = model->size < model->kept_size ? model->kept_size : model->size;

	assert_in_range(left->size, low, high);
	for (size_t at = 0; at < left->size; at += TN_MEMFILE_SECTOR) {
		size_t len = left->size - at < TN_MEMFILE_SECTOR ? left->size - at
								 : TN_MEMFILE_SECTOR;
		size_t i = 0;

		while (i < len && left->bytes[at + i] == model->now[at + i])
			i++;
		while (i < len && left->bytes[at + i] == model->kept[at + i])
			i++;
		assert_int_equal(i, len);
	}
}

static void
act_on_both(struct tn_memfile *file, struct model *model, struct tn_rand *rand)
{
	unsigned char bytes[1500];
	size_t len = tn_rand_below(rand, sizeof(bytes));
	size_t offset = tn_rand_below(rand, SPACE - len);

	memset(bytes, (int)(1 + tn_rand_below(rand, 255)), sizeof(bytes));
	switch (tn_rand_below(rand, 6)) {
	case 0:
		tn_memfile_sync(file);
		model_sync(model);
		break;
	case 1:
		tn_memfile_truncate(file, offset);
		model_truncate(model, offset);
		break;
	default:
		tn_memfile_write(file, offset, bytes, len);
		model_write(model, offset, bytes, len);
	}
}

static void
follows_the_model_through_random_work(void **state TN_UNUSED)
{
	struct tn_rand rand;

	tn_rand_init(&rand, 7);
	for (int round = 0; round < 200; round++) {
		struct tn_memfile *file = tn_memfile_new();
		struct model model = { .size = 0 };

		for (int i = 0; i < 40; i++) {
			struct tn_memfile *nothing, *some;

			act_on_both(file, &model, &rand);
			assert_holds(file, model.now, model.size);
			nothing = tn_memfile_survivor(file, NULL);
			assert_holds(nothing, model.kept, model.kept_size);
			tn_memfile_unref(nothing);
			some = tn_memfile_survivor(file, &rand);
			assert_may_survive(some, &model);
			tn_memfile_unref(some);
		}
		tn_memfile_unref(file);
	}
}

/* Over many cuts of one write, each possible fate of a sector is met. */
static void
sectors_are_kept_lost_and_torn(void **state TN_UNUSED)
{
	struct tn_memfile *file = tn_memfile_new();
	unsigned char bytes[2 * TN_MEMFILE_SECTOR];
	unsigned kept = 0, lost = 0, torn = 0, mixed = 0;
	struct tn_rand rand;

	tn_rand_init(&rand, 1);
	memset(bytes, 'a', sizeof(bytes));
	tn_memfile_write(file, 0, bytes, sizeof(bytes));
	tn_memfile_sync(file);
	memset(bytes, 'b', sizeof(bytes));
	tn_memfile_write(file, 0, bytes, sizeof(bytes));
	for (int i = 0; i < 300; i++) {
		struct tn_memfile *left = tn_memfile_survivor(file, &rand);
		bool first = left->bytes[0] == 'b';
		bool end = left->bytes[TN_MEMFILE_SECTOR - 1] == 'b';

		kept += first && end;
		lost += !first && !end;
		torn += first && !end;
		mixed += end != (left->bytes[2 * TN_MEMFILE_SECTOR - 1] == 'b');
		assert_false(!first && end);
		tn_memfile_unref(left);
	}
	assert_true(kept > 50 && lost > 50 && torn > 5 && mixed > 50);
	tn_memfile_unref(file);
}

static void
reading_behind_the_end_gives_zeros(void **state TN_UNUSED)
{
	struct tn_memfile *file = tn_memfile_new();
	char got[8];

	memset(got, 'x', sizeof(got));
	assert_int_equal(tn_memfile_read(file, 100, got, sizeof(got)), 0);
	assert_memory_equal(got, "\0\0\0\0\0\0\0\0", 8);
	tn_memfile_write(file, 0, "abc", 3);
	assert_int_equal(tn_memfile_read(file, 1, got, sizeof(got)), 2);
	assert_memory_equal(got, "bc\0\0\0\0\0\0", 8);
	tn_memfile_unref(file);
}

static void
what_was_cut_off_does_not_come_back(void **state TN_UNUSED)
{
	struct tn_memfile *file = tn_memfile_new();
	char got[6];

	tn_memfile_write(file, 0, "secret", 6);
	tn_memfile_truncate(file, 1);
	tn_memfile_write(file, 5, "x", 1);
	assert_int_equal(tn_memfile_read(file, 0, got, 6), 6);
	assert_memory_equal(got, "s\0\0\0\0x", 6);
	tn_memfile_unref(file);
}

/* Sectors that came and went between two syncs leave nothing. */
static void
what_was_far_behind_the_end_is_forgotten(void **state TN_UNUSED)
{
	struct tn_memfile *file = tn_memfile_new(), *left;
	struct tn_rand rand;

	tn_rand_init(&rand, 2);
	tn_memfile_write(file, 0, "abc", 3);
	tn_memfile_sync(file);
	tn_memfile_write(file, 5000000, "far", 3);
	tn_memfile_truncate(file, 3);
	for (int i = 0; i < 20; i++) {
		left = tn_memfile_survivor(file, &rand);
		assert_holds(left, (const unsigned char *)"abc", 3);
		tn_memfile_unref(left);
	}
	tn_memfile_unref(file);
}

static void
shared_memory_is_made_on_demand(void **state TN_UNUSED)
{
	struct tn_memfile *file = tn_memfile_new();
	char *region;

	assert_null(tn_memfile_region(file, 1, 64, false));
	region = tn_memfile_region(file, 1, 64, true);
	assert_non_null(region);
	assert_int_equal(region[63], 0);
	assert_ptr_equal(tn_memfile_region(file, 1, 64, false), region);
	assert_non_null(tn_memfile_region(file, 0, 64, false));
	tn_memfile_drop_regions(file);
	assert_null(tn_memfile_region(file, 0, 64, false));
	tn_memfile_unref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_model_through_random_work),
		cmocka_unit_test(sectors_are_kept_lost_and_torn),
		cmocka_unit_test(reading_behind_the_end_gives_zeros),
		cmocka_unit_test(what_was_cut_off_does_not_come_back),
		cmocka_unit_test(what_was_far_behind_the_end_is_forgotten),
		cmocka_unit_test(shared_memory_is_made_on_demand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
