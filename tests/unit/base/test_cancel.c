/* Cancellation: hooks in order, whatever they do to each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/loop.h"

struct hook {
	struct tn_cancel_hook hook;
	struct tn_cancel *cancel;
	struct tn_str *trace;
	struct hook *unhooks;
	struct hook *hooks;
	char name;
};

static void
on_cancel(void *arg)
{
	struct hook *hook = arg;

	assert_true(tn_cancel_fired(hook->cancel));
	assert_null(hook->hook.cancel);
	tn_str_add_char(hook->trace, hook->name);
	if (hook->unhooks != NULL)
		tn_cancel_unhook(&hook->unhooks->hook);
	if (hook->hooks != NULL)
		tn_cancel_hook(hook->cancel, &hook->hooks->hook, on_cancel, hook->hooks);
	tn_cancel_fire(hook->cancel);
}

static void
add(struct hook *hook, struct tn_cancel *cancel, struct tn_str *trace, char name)
{
	hook->cancel = cancel;
	hook->trace = trace;
	hook->name = name;
	tn_cancel_hook(cancel, &hook->hook, on_cancel, hook);
}

static void
hooks_run_once_in_their_order(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct tn_cancel cancel = { 0 };
	struct hook a = { 0 }, b = { 0 }, c = { 0 };

	add(&a, &cancel, &trace, 'a');
	add(&b, &cancel, &trace, 'b');
	add(&c, &cancel, &trace, 'c');
	assert_false(tn_cancel_fired(&cancel));
	tn_cancel_fire(&cancel);
	assert_true(tn_cancel_fired(&cancel));
	tn_cancel_fire(&cancel);
	assert_string_equal(tn_str_text(&trace), "abc");
	tn_cancel_unhook(&a.hook);
}

static void
nobody_is_never_cancelled(void **state TN_UNUSED)
{
	struct tn_cancel cancel = { 0 };

	assert_false(tn_cancel_fired(NULL));
	tn_cancel_fire(&cancel);
	assert_true(tn_cancel_fired(&cancel));
}

static void
an_unhooked_hook_does_not_run(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct tn_cancel cancel = { 0 };
	struct hook a = { 0 }, b = { 0 }, c = { 0 }, never = { 0 };

	add(&a, &cancel, &trace, 'a');
	add(&b, &cancel, &trace, 'b');
	add(&c, &cancel, &trace, 'c');
	tn_cancel_unhook(&b.hook);
	tn_cancel_unhook(&b.hook);
	tn_cancel_unhook(&never.hook);
	tn_cancel_unhook(&c.hook);
	add(&c, &cancel, &trace, 'C');
	tn_cancel_fire(&cancel);
	assert_string_equal(tn_str_text(&trace), "aC");
}

static void
a_hook_may_unhook_itself_and_others(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct tn_cancel cancel = { 0 };
	struct hook a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

	a.unhooks = &b;
	c.unhooks = &c;
	d.unhooks = &a;
	add(&a, &cancel, &trace, 'a');
	add(&b, &cancel, &trace, 'b');
	add(&c, &cancel, &trace, 'c');
	add(&d, &cancel, &trace, 'd');
	tn_cancel_fire(&cancel);
	assert_string_equal(tn_str_text(&trace), "acd");
}

static void
hooking_on_again_moves_to_the_end(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct tn_cancel cancel = { 0 }, other = { 0 };
	struct hook a = { 0 }, b = { 0 };

	add(&a, &other, &trace, 'a');
	add(&b, &cancel, &trace, 'b');
	add(&a, &cancel, &trace, 'a');
	tn_cancel_fire(&other);
	assert_string_equal(tn_str_text(&trace), "");
	tn_cancel_fire(&cancel);
	assert_string_equal(tn_str_text(&trace), "ba");
}

static void
hooking_on_to_a_fired_token_does_nothing(void **state TN_UNUSED)
{
	TN_CLEANUP(tn_str_done) struct tn_str trace = TN_STR_INIT;
	struct tn_cancel cancel = { 0 };
	struct hook a = { 0 }, b = { 0 }, late = { .trace = &trace, .name = 'l' };

	late.cancel = &cancel;
	a.hooks = &late;
	add(&a, &cancel, &trace, 'a');
	add(&b, &cancel, &trace, 'b');
	tn_cancel_fire(&cancel);
	assert_string_equal(tn_str_text(&trace), "ab");
	assert_null(late.hook.cancel);
	add(&late, &cancel, &trace, 'l');
	assert_null(late.hook.cancel);
	assert_string_equal(tn_str_text(&trace), "ab");
}

static void
an_error_says_why_when_there_is_a_reason(void **state)
{
	struct tn_cancel cancel = { 0 };
	struct tn_error err = TN_ERROR_INIT;

	(void)state;
	assert_int_equal(tn_cancel_error(&cancel, "stopped", &err), -TN_E_CANCELLED);
	assert_string_equal(err.message, "stopped");
	tn_error_done(&err);
	cancel.reason = "it is late";
	assert_int_equal(tn_cancel_error(&cancel, "stopped", &err), -TN_E_CANCELLED);
	assert_string_equal(err.message, "stopped: it is late");
	tn_error_done(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hooks_run_once_in_their_order),
		cmocka_unit_test(nobody_is_never_cancelled),
		cmocka_unit_test(an_unhooked_hook_does_not_run),
		cmocka_unit_test(a_hook_may_unhook_itself_and_others),
		cmocka_unit_test(hooking_on_again_moves_to_the_end),
		cmocka_unit_test(hooking_on_to_a_fired_token_does_nothing),
		cmocka_unit_test(an_error_says_why_when_there_is_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
