/* Names, reserved words, private names. */
#include "js/lexer.h"

#include "base/utf8.h"
#include "js/unicode.h"

#define LONGEST_WORD 10

struct word {
	char text[LONGEST_WORD + 1];
	uint8_t len;
	uint8_t id;
};

#define WORDS_OF_A_LETTER 5
#define WORD(text, id)                     \
	{                                  \
		text, sizeof(text) - 1, id \
	}

static const struct word words['z' - 'a' + 1][WORDS_OF_A_LETTER] = {
	['a' - 'a'] = { WORD("as", TN_JS_AS), WORD("async", TN_JS_ASYNC),
	    WORD("await", TN_JS_AWAIT) },
	['b' - 'a'] = { WORD("break", TN_JS_BREAK) },
	['c' - 'a'] = { WORD("const", TN_JS_CONST), WORD("case", TN_JS_CASE),
	    WORD("catch", TN_JS_CATCH), WORD("class", TN_JS_CLASS),
	    WORD("continue", TN_JS_CONTINUE) },
	['d' - 'a'] = { WORD("default", TN_JS_DEFAULT), WORD("delete", TN_JS_DELETE),
	    WORD("do", TN_JS_DO), WORD("debugger", TN_JS_DEBUGGER) },
	['e' - 'a'] = { WORD("else", TN_JS_ELSE), WORD("export", TN_JS_EXPORT),
	    WORD("extends", TN_JS_EXTENDS), WORD("enum", TN_JS_ENUM) },
	['f' - 'a'] = { WORD("function", TN_JS_FUNCTION), WORD("for", TN_JS_FOR),
	    WORD("false", TN_JS_FALSE), WORD("from", TN_JS_FROM),
	    WORD("finally", TN_JS_FINALLY) },
	['i' - 'a'] = { WORD("if", TN_JS_IF), WORD("in", TN_JS_IN),
	    WORD("instanceof", TN_JS_INSTANCEOF), WORD("import", TN_JS_IMPORT) },
	['l' - 'a'] = { WORD("let", TN_JS_LET) },
	['n' - 'a'] = { WORD("new", TN_JS_NEW), WORD("null", TN_JS_NULL) },
	['o' - 'a'] = { WORD("of", TN_JS_OF) },
	['r' - 'a'] = { WORD("return", TN_JS_RETURN) },
	['s' - 'a'] = { WORD("switch", TN_JS_SWITCH), WORD("super", TN_JS_SUPER) },
	['t' - 'a'] = { WORD("this", TN_JS_THIS), WORD("true", TN_JS_TRUE),
	    WORD("try", TN_JS_TRY), WORD("throw", TN_JS_THROW),
	    WORD("typeof", TN_JS_TYPEOF) },
	['v' - 'a'] = { WORD("var", TN_JS_VAR), WORD("void", TN_JS_VOID) },
	['w' - 'a'] = { WORD("while", TN_JS_WHILE), WORD("with", TN_JS_WITH) },
	['y' - 'a'] = { WORD("yield", TN_JS_YIELD) },
};

static enum tn_js_id
find_word(const char *text, size_t len)
{
	const struct word *word;

	if (len > LONGEST_WORD || *text < 'a' || *text > 'z')
		return TN_JS_ID_NONE;
	word = words[*text - 'a'];
	for (size_t i = 0; i < WORDS_OF_A_LETTER; i++) {
		if (word[i].len == len && memcmp(word[i].text, text, len) == 0)
			return word[i].id;
	}
	return TN_JS_ID_NONE;
}

static bool
in_ranges(const struct tn_js_range *ranges, size_t n, uint32_t character)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (character > ranges[middle].last)
			low = middle + 1;
		else if (character < ranges[middle].first)
			n = middle;
		else
			return true;
	}
	return false;
}

bool
tn_js_name_start(uint32_t character)
{
	return in_ranges(tn_js_id_start, tn_js_id_start_count, character);
}

/* Beyond ID_Continue the language allows ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER. */
bool
tn_js_name_part(uint32_t character)
{
	return tn_js_name_start(character) || character == 0x200c ||
	    character == 0x200d ||
	    in_ranges(tn_js_id_only_continue, tn_js_id_only_continue_count, character);
}

static bool
fits_name(uint32_t character, bool first)
{
	if (character < 0x80)
		return tn_js_is((unsigned char)character, TN_JS_PART) &&
		    !(first && tn_js_is((unsigned char)character, TN_JS_DIGIT));
	return first ? tn_js_name_start(character) : tn_js_name_part(character);
}

bool
tn_js_name_at(const char *p, const char *end)
{
	uint32_t character;

	if (p == end)
		return false;
	if (!tn_js_is((unsigned char)*p, TN_JS_HIGH))
		return fits_name((unsigned char)*p, true);
	return tn_utf8_decode(tn_span_of(p, (size_t)(end - p)), &character) > 0 &&
	    tn_js_name_start(character);
}

static unsigned
hex_digit(char c)
{
	if (c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a') + 10;
}

bool
tn_js_read_unicode(const char **p, const char *end, uint32_t *out)
{
	bool braces = *p < end && **p == '{';
	const char *first = *p += braces;

	*out = 0;
	while (*p < end && tn_js_is((unsigned char)**p, TN_JS_HEX) &&
	    (braces || *p - first < 4)) {
		*out = *out << 4 | hex_digit(**p);
		if (*out > 0x10ffff)
			return false;
		++*p;
	}
	if (!braces)
		return *p - first == 4;
	if (*p == first || *p == end || **p != '}')
		return false;
	++*p;
	return true;
}

/* The letters of a name as it means, as far as they may be those of a reserved word. */
struct letters {
	char text[LONGEST_WORD];
	size_t len;
};

static void
add_letter(struct letters *letters, uint32_t character)
{
	if (letters->len < LONGEST_WORD && character < 0x80)
		letters->text[letters->len] = (char)character;
	letters->len += character < 0x80 ? 1 : LONGEST_WORD;
}

/* At \: over the escape. */
static bool
read_escape(struct tn_js *js, uint32_t *character)
{
	const char *backslash = js->at++;

	if (tn_js_peek(js, 0) != 'u')
		return tn_js_fail(js, backslash,
		    "a backslash in a name begins \\uXXXX or \\u{X}");
	js->at++;
	if (!tn_js_read_unicode(&js->at, js->end, character))
		return tn_js_fail(js, backslash, "this escape is none of a character");
	return true;
}

/* The rest of a name from where it is not plain ASCII any more. */
static bool
scan_odd_name(struct tn_js *js, const char *name, struct tn_js_token *token)
{
	struct letters letters = { .len = 0 };

	for (const char *p = name; p < js->at; p++)
		add_letter(&letters, (unsigned char)*p);
	while (js->at < js->end) {
		const char *at = js->at;
		uint32_t character = 0;
		size_t len;

		if (*at == '\\') {
			if (!read_escape(js, &character))
				return false;
			if (!fits_name(character, at == name))
				return tn_js_fail(js, at,
				    "the character of this escape has no place in a name");
			token->escaped = true;
		} else {
			len = tn_utf8_decode(tn_span_of(at, (size_t)(js->end - at)),
			    &character);
			if (len == 0 || !fits_name(character, at == name))
				break;
			js->at += len;
		}
		add_letter(&letters, character);
	}
	if (js->at == name)
		return tn_js_fail(js, name, "this character has no place in JavaScript");
	if (letters.len <= LONGEST_WORD)
		token->id = find_word(letters.text, letters.len);
	return true;
}

bool
tn_js_scan_name(struct tn_js *js, struct tn_js_token *token)
{
	const char *name = js->at;
	const char *p = name;

	while (p < js->end && tn_js_is((unsigned char)*p, TN_JS_PART))
		p++;
	js->at = p;
	if (p == js->end || (*p != '\\' && !tn_js_is((unsigned char)*p, TN_JS_HIGH)))
		token->id = find_word(name, (size_t)(p - name));
	else if (!scan_odd_name(js, name, token))
		return false;
	/* Only a reserved word is the same word with escapes in it. */
	if (token->escaped && token->id < TN_JS_BREAK)
		token->id = TN_JS_ID_NONE;
	token->kind = token->id < TN_JS_BREAK ? TN_JS_NAME : TN_JS_KEYWORD;
	return true;
}

bool
tn_js_scan_private_name(struct tn_js *js, struct tn_js_token *token)
{
	const char *hash = js->at++;

	if (js->at == js->end || (*js->at != '\\' && !tn_js_name_at(js->at, js->end)))
		return tn_js_fail(js, hash, "a # is the begin of a private name");
	if (!tn_js_scan_name(js, token))
		return false;
	token->kind = TN_JS_PRIVATE_NAME;
	token->id = TN_JS_ID_NONE;
	return true;
}
