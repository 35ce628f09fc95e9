/* The indexes of packs, looked at before libgit2 trusts them. Inside the room only. */
#ifndef TN_GIT_PACKS_H
#define TN_GIT_PACKS_H

#include "base/error.h"

/*
 * libgit2 1.5 takes the offsets in an index as they are and reads at them, also behind
 * the end of the pack. TN_E_INPUT with the file's name for an index that is not of the
 * size it must have, or that points out of its pack. A directory without packs is fine,
 * and so is an index without its pack: git ignores those too. `objects` ends with a
 * slash.
 */
int tn_packs_check(const char *objects, struct tn_error *err) TN_MUST_USE;

#endif
