/*
 * Patterns of regular expressions, by 22.2.1 and annex B.1.2: with the flag u or v
 * strictly, else with all that annex B tolerates. Names of groups and properties are only
 * looked at for their form, classes under the flag v for their brackets. pattern.c knows
 * terms and groups, escape.c what a backslash may begin and what stands in a class.
 * Internal to the room.
 *
 * Functions that return text return NULL, or what is wrong at the place where they
 * stopped.
 */
#ifndef TN_JS_PATTERN_H
#define TN_JS_PATTERN_H

#include "js/lexer.h"

struct tn_js_checker {
	const char *at;
	const char *end;
	bool unicode;
	bool sets;
	bool named; /* \k is a reference */
	uint64_t groups;
	uint8_t *open; /* kinds of the groups that are open */
	size_t depth;
	size_t cap;
	uint32_t
	    low; /* half of a character that is two in a class without flag u; or 0 */
};

static inline unsigned char
tn_js_pattern_peek(const struct tn_js_checker *c, size_t n)
{
	return n < (size_t)(c->end - c->at) ? (unsigned char)c->at[n] : 0;
}

static inline bool
tn_js_pattern_eat(struct tn_js_checker *c, char byte)
{
	if (c->at == c->end || *c->at != byte)
		return false;
	c->at++;
	return true;
}

/* Whether the byte is one of these, and not the end. */
static inline bool
tn_js_one_of(unsigned char byte, const char *set)
{
	return byte != 0 && strchr(set, byte) != NULL;
}

/* "name>", as a group or reference has it. */
const char *tn_js_skip_group_name(struct tn_js_checker *c);
/* Behind a backslash. *value is the character, or -1 for what stands for several. */
const char *tn_js_skip_escape(struct tn_js_checker *c, bool class, int64_t *value);
/* Behind the bracket that opens a class: over the one that closes it. */
const char *tn_js_check_class(struct tn_js_checker *c);

#endif
