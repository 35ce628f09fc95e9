/*
 * Encodings and words: UTF-8, base64, percent, JSON escapes, hex, foreign text made safe
 * for a terminal, and the nearest right word.
 */
#ifndef TN_BASE_TEXT_H
#define TN_BASE_TEXT_H

#include "base/defs.h"
#include "base/str.h"

/* True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool tn_utf8_valid(struct tn_span bytes);
/* The offset of the first byte that is not; len when all are. */
size_t tn_utf8_check(struct tn_span bytes);
/*
 * What keeps bytes from being a text, as "is not valid UTF-8", and where; NULL when
 * nothing does. Up to there they are valid.
 */
const char *tn_text_flaw(struct tn_span bytes, size_t *at);
/* Characters (code points) in valid UTF-8. */
size_t tn_utf8_length(struct tn_span text);

/* Text as it is, with U+FFFD for each byte that is not part of well-formed UTF-8. */
void tn_utf8_mend(struct tn_span text, struct tn_str *out);

/* The URL alphabet comes without padding. */
void tn_base64_encode(struct tn_span bytes, bool url_alphabet, struct tn_str *out);
/* Both alphabets, with or without padding. False on a wrong character or length. */
bool tn_base64_decode(struct tn_span text, struct tn_str *out);

/* All but A-Z a-z 0-9 - . _ ~ becomes %XX. */
void tn_percent_encode(struct tn_span bytes, struct tn_str *out);
/* False on a malformed escape or %00. plus_is_space for form bodies and queries. */
bool tn_percent_decode(struct tn_span text, bool plus_is_space, struct tn_str *out);

/*
 * The inside of a JSON string, without quotes: \" \\ \b \f \n \r \t, other control
 * characters as \u00XX.
 */
void tn_json_escape(struct tn_span text, struct tn_str *out);

/*
 * Foreign text for a terminal: control characters (but \n and \t when
 * keep_lines), bidirectional marks, zero-width characters and invalid bytes appear as
 * \xNN or \u{…}.
 */
void tn_text_printable(struct tn_span text, bool keep_lines, struct tn_str *out);

/*
 * The columns that printable text takes on a terminal: two for wide characters of East
 * Asia and emoji, none for combining marks, one for others and for invalid bytes.
 */
size_t tn_text_columns(struct tn_span text);

/*
 * The candidate nearest to word, whatever its case, or NULL when none is near: over a
 * third of the word's letters would change. Words of more than 64 bytes are near to
 * nothing.
 */
const char *tn_text_nearest(const char *word, const char *const *candidates, size_t n);

/* A whole number from 1, of at most 18 digits and nothing else. */
bool tn_text_number(const char *text, int64_t *out);

#endif
