/*
 * Answers as the library wants them, with a body that can be cut off.
 */
#ifndef TN_WEB_REPLY_H
#define TN_WEB_REPLY_H

#include "web/web.h"

struct MHD_Response;

/*
 * Copies headers and body. The head promises the whole body; after sent_bytes of it the
 * connection ends. NULL when a header is none (a line break in it, say).
 */
struct MHD_Response *tn_reply_new(const struct tn_web_field *headers, size_t n_headers,
    struct tn_span body, size_t sent_bytes);

#endif
