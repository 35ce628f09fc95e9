/* Trees to bytes: compact, for people, canonical, in pieces; and back again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/rand.h"
#include "base/secret.h"
#include "json/json.h"

static int
setup(void **state)
{
	*state = tn_arena_new();
	return 0;
}

static int
teardown(void **state)
{
	tn_arena_free(*state);
	return 0;
}

typedef void write_fn(const struct tn_value *value, struct tn_str *out);

static void
expect(write_fn *write, const struct tn_value *value, const char *text)
{
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;

	write(value, &out);
	assert_string_equal(tn_str_text(&out), text);
}

/* {"b": [1, {}], "a": {"z": null, "Z": true}, "": [], "ä": "x"} */
static struct tn_value *
sample(struct tn_arena *arena)
{
	struct tn_value *top = tn_value_object(arena), *list = tn_value_array(arena);
	struct tn_value *inner = tn_value_object(arena);

	tn_value_push(arena, list, tn_value_int(arena, 1));
	tn_value_push(arena, list, tn_value_object(arena));
	tn_value_set(arena, inner, "z", tn_value_null(arena));
	tn_value_set(arena, inner, "Z", tn_value_bool(arena, true));
	tn_value_set(arena, top, "b", list);
	tn_value_set(arena, top, "a", inner);
	tn_value_set(arena, top, "", tn_value_array(arena));
	tn_value_set(arena, top, "ä", tn_value_string(arena, "x"));
	return top;
}

static void
compact_text_keeps_the_order_of_the_tree(void **state)
{
	expect(tn_json_write, sample(*state),
	    "{\"b\":[1,{}],\"a\":{\"z\":null,\"Z\":true},\"\":[],\"ä\":\"x\"}");
}

static void
canonical_text_sorts_keys_by_their_bytes(void **state)
{
	expect(tn_json_write_canonical, sample(*state),
	    "{\"\":[],\"a\":{\"Z\":true,\"z\":null},\"b\":[1,{}],\"ä\":\"x\"}");
}

static void
text_for_people_is_indented_and_ends_with_a_newline(void **state)
{
	expect(tn_json_write_pretty, sample(*state),
	    "{\n"
	    "  \"b\": [\n"
	    "    1,\n"
	    "    {}\n"
	    "  ],\n"
	    "  \"a\": {\n"
	    "    \"z\": null,\n"
	    "    \"Z\": true\n"
	    "  },\n"
	    "  \"\": [],\n"
	    "  \"ä\": \"x\"\n"
	    "}\n");
	expect(tn_json_write_pretty, tn_value_array(*state), "[]\n");
	expect(tn_json_write_pretty, tn_value_int(*state, 7), "7\n");
}

static void
canonical_text_does_not_depend_on_the_order_of_members(void **state)
{
	static const char *const keys[] = { "b", "a", "c", "B", "aa", "é", "z", "~", "",
		"0" };
	TN_CLEANUP(tn_str_done) struct tn_str first = TN_STR_INIT;
	struct tn_rand rand;

	tn_rand_init(&rand, 1);
	for (int round = 0; round < 50; round++) {
		TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
		struct tn_value *object = tn_value_object(*state);
		size_t order[TN_ARRAY_LEN(keys)];

		for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++) {
			size_t at = tn_rand_below(&rand, i + 1);

			order[i] = order[at];
			order[at] = i;
		}
		for (size_t i = 0; i < TN_ARRAY_LEN(keys); i++)
			tn_value_set_int(*state, object, keys[order[i]],
			    (int64_t)order[i]);
		tn_json_write_canonical(object, round == 0 ? &first : &out);
		if (round > 0)
			assert_string_equal(tn_str_text(&out), tn_str_text(&first));
	}
	assert_string_equal(tn_str_text(&first),
	    "{\"\":8,\"0\":9,\"B\":3,\"a\":1,\"aa\":4,\"b\":0,\"c\":2,\"z\":6,\"~\":7,\"é\":5}");
}

static void
strings_are_escaped_where_json_demands_it(void **state)
{
	expect(tn_json_write,
	    tn_value_string(*state, "\"\\/\b\f\n\r\t\x01\x1f\x7f é\xe2\x80\xa8"),
	    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f é\xe2\x80\xa8\"");
}

static void
numbers_are_written_as_their_text(void **state)
{
	static const char *const texts[] = { "-0", "1.10", "1e999",
		"123456789012345678901234567890" };

	for (size_t i = 0; i < TN_ARRAY_LEN(texts); i++)
		expect(tn_json_write_canonical,
		    tn_value_number(*state, texts[i], strlen(texts[i])), texts[i]);
	expect(tn_json_write, tn_value_int(*state, INT64_MIN), "-9223372036854775808");
}

static void
a_scalar_that_nobody_typed_is_text(void **state)
{
	expect(tn_json_write, tn_value_scalar(*state, "1.10", 4), "\"1.10\"");
}

static void
a_secret_is_never_written_by_the_writers_for_people(void **state)
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new("hunter2!", 8);
	struct tn_value *object = tn_value_object(*state);

	tn_value_set(*state, object, "value", tn_value_secret(*state, secret));
	expect(tn_json_write, object, "{\"value\":\"(secret)\"}");
	expect(tn_json_write_canonical, object, "{\"value\":\"(secret)\"}");
	expect(tn_json_write_pretty, object, "{\n  \"value\": \"(secret)\"\n}\n");
}

struct pieces {
	struct tn_str text;
	const struct tn_secret *secrets[4];
	size_t secret_count;
	size_t longest;
};

static void
on_text(void *arg, struct tn_span text)
{
	struct pieces *pieces = arg;

	tn_str_add_bytes(&pieces->text, text.ptr, text.len);
	pieces->longest = text.len > pieces->longest ? text.len : pieces->longest;
}

static void
on_secret(void *arg, const struct tn_secret *secret)
{
	struct pieces *pieces = arg;

	tn_str_addf(&pieces->text, "<%zu>", pieces->secret_count);
	pieces->secrets[pieces->secret_count++] = secret;
}

static void
a_sink_gets_secrets_between_their_quotes(void **state)
{
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *one = tn_secret_new("hunter2!", 8);
	TN_CLEANUP(tn_secret_unrefp) struct tn_secret *two = tn_secret_new("", 0);
	struct pieces pieces = { .text = TN_STR_INIT };
	const struct tn_json_sink sink = { on_text, on_secret, &pieces };
	struct tn_value *top = tn_value_array(*state);

	tn_value_push(*state, top, tn_value_secret(*state, one));
	tn_value_push(*state, top, tn_value_string(*state, "\n"));
	tn_value_push(*state, top, tn_value_secret(*state, two));
	tn_value_push(*state, top, tn_value_secret(*state, one));
	tn_json_write_to(top, &sink);
	assert_string_equal(tn_str_text(&pieces.text),
	    "[\"<0>\",\"\\n\",\"<1>\",\"<2>\"]");
	assert_int_equal(pieces.secret_count, 3);
	assert_ptr_equal(pieces.secrets[0], one);
	assert_ptr_equal(pieces.secrets[1], two);
	assert_ptr_equal(pieces.secrets[2], one);
	tn_str_done(&pieces.text);
}

static void
a_sink_gets_a_lone_secret(void **state)
{
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new("hunter2!", 8);
	struct pieces pieces = { .text = TN_STR_INIT };
	const struct tn_json_sink sink = { on_text, on_secret, &pieces };

	tn_json_write_to(tn_value_secret(*state, secret), &sink);
	assert_string_equal(tn_str_text(&pieces.text), "\"<0>\"");
	tn_str_done(&pieces.text);
}

static void
a_sink_gets_a_large_document_in_pieces(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str whole = TN_STR_INIT;
	struct pieces pieces = { .text = TN_STR_INIT };
	const struct tn_json_sink sink = { on_text, on_secret, &pieces };
	struct tn_value *top = tn_value_array(*state);

	for (int i = 0; i < 100000; i++)
		tn_value_push(*state, top, tn_value_int(*state, i));
	tn_json_write_to(top, &sink);
	tn_json_write(top, &whole);
	assert_int_equal(whole.len, 588891);
	assert_true(tn_span_equal(tn_str_span(&pieces.text), tn_str_span(&whole)));
	assert_true(pieces.longest < 20000);
	tn_str_done(&pieces.text);
}

/* --- There and back ---------------------------------------------------------------- */

static const char *
random_text(struct tn_arena *arena, struct tn_rand *rand)
{
	static const char *const parts[] = { "a", "b", "\"", "\\", "/", "\n", "\t",
		"\x01", "\x1f", "\x7f", "é", "€", "😀", "\xef\xbf\xbf", " ", "\\u0041",
		"{", "]", "," };
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	for (uint64_t n = tn_rand_below(rand, 6); n > 0; n--)
		tn_str_add(&text, parts[tn_rand_below(rand, TN_ARRAY_LEN(parts))]);
	return tn_arena_text(arena, tn_str_text(&text));
}

static struct tn_value *
random_number(struct tn_arena *arena, struct tn_rand *rand)
{
	TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;

	if (tn_rand_one_in(rand, 2))
		tn_str_add_char(&text, '-');
	if (tn_rand_one_in(rand, 3)) {
		tn_str_add_char(&text, '0');
	} else {
		tn_str_add_char(&text, (char)('1' + tn_rand_below(rand, 9)));
		for (uint64_t n = tn_rand_below(rand, 30); n > 0; n--)
			tn_str_add_char(&text, (char)('0' + tn_rand_below(rand, 10)));
	}
	if (tn_rand_one_in(rand, 3))
		tn_str_addf(&text, ".%03u", (unsigned)tn_rand_below(rand, 1000));
	if (tn_rand_one_in(rand, 3))
		tn_str_addf(&text, "%s%u", tn_rand_one_in(rand, 2) ? "e" : "E-",
		    (unsigned)tn_rand_below(rand, 1000));
	return tn_value_number(arena, tn_str_text(&text), text.len);
}

static struct tn_value *random_value(struct tn_arena *arena, struct tn_rand *rand,
    int depth);

static struct tn_value *
random_container(struct tn_arena *arena, struct tn_rand *rand, int depth)
{
	bool object = tn_rand_one_in(rand, 2);
	struct tn_value *value = object ? tn_value_object(arena) : tn_value_array(arena);

	for (uint64_t n = tn_rand_below(rand, depth == 0 ? 30 : 5); n > 0; n--) {
		struct tn_value *item = random_value(arena, rand, depth + 1);
		const char *key = random_text(arena, rand);

		if (!object)
			tn_value_push(arena, value, item);
		else if (tn_value_member(value, key) == NULL)
			tn_value_set(arena, value, key, item);
	}
	return value;
}

static struct tn_value *
random_value(struct tn_arena *arena, struct tn_rand *rand, int depth)
{
	switch (tn_rand_below(rand, depth < 6 ? 6 : 4)) {
	case 0:
		return tn_value_null(arena);
	case 1:
		return tn_value_bool(arena, tn_rand_one_in(rand, 2));
	case 2:
		return random_number(arena, rand);
	case 3:
		return tn_value_string(arena, random_text(arena, rand));
	default:
		return random_container(arena, rand, depth);
	}
}

static void
what_is_written_reads_back_as_the_same_tree(void **state)
{
	static write_fn *const writers[] = { tn_json_write, tn_json_write_pretty,
		tn_json_write_canonical };
	struct tn_rand rand;

	(void)state;
	tn_rand_init(&rand, 20260829);
	for (int round = 0; round < 1500; round++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str again = TN_STR_INIT;
		write_fn *write = writers[round % 3];
		struct tn_value *value = random_value(arena, &rand, 0), *back = NULL;

		write(value, &text);
		assert_int_equal(tn_json_parse(arena, tn_str_span(&text), NULL, &back,
				     NULL),
		    0);
		assert_true(tn_value_equal(value, back));
		write(back, &again);
		assert_string_equal(tn_str_text(&again), tn_str_text(&text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact_text_keeps_the_order_of_the_tree),
		cmocka_unit_test(canonical_text_sorts_keys_by_their_bytes),
		cmocka_unit_test(text_for_people_is_indented_and_ends_with_a_newline),
		cmocka_unit_test(canonical_text_does_not_depend_on_the_order_of_members),
		cmocka_unit_test(strings_are_escaped_where_json_demands_it),
		cmocka_unit_test(numbers_are_written_as_their_text),
		cmocka_unit_test(a_scalar_that_nobody_typed_is_text),
		cmocka_unit_test(a_secret_is_never_written_by_the_writers_for_people),
		cmocka_unit_test(a_sink_gets_secrets_between_their_quotes),
		cmocka_unit_test(a_sink_gets_a_lone_secret),
		cmocka_unit_test(a_sink_gets_a_large_document_in_pieces),
		cmocka_unit_test(what_is_written_reads_back_as_the_same_tree),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
