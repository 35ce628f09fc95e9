/*
 * The few words that every room shares: scope cleanup, ownership transfer and
 * compiler attributes.
 */
#ifndef TN_BASE_DEFS_H
#define TN_BASE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs fn(&variable) when the variable goes out of scope. */
#define TN_CLEANUP(fn) __attribute__((cleanup(fn)))

/* Hands the pointer over: gives its value and leaves NULL behind. */
#define tn_take(p)                         \
	({                                 \
		__typeof__(p) *at_ = &(p); \
		__typeof__(p) was_ = *at_; \
		*at_ = NULL;               \
		was_;                      \
	})

/* Defines fnp(struct type **), for TN_CLEANUP, from fn(struct type *). */
#define TN_DEFINE_FREEP(type, fn)                 \
	static inline void fn##p(struct type **p) \
	{                                         \
		fn(*p);                           \
	}

#define TN_MUST_USE                __attribute__((warn_unused_result))
#define TN_PRINTF(template, first) __attribute__((format(printf, template, first)))
#define TN_NORETURN                __attribute__((noreturn))
#define TN_UNUSED                  __attribute__((unused))
#define TN_ARRAY_LEN(a)            (sizeof(a) / sizeof((a)[0]))

#define TN_MSEC INT64_C(1000000)
#define TN_SEC  INT64_C(1000000000)

#endif
