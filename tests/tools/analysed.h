/*
 * Stands before each source that clang-tidy reads. It sees one file at a time: that these
 * return less than 0, so that `return tn_error_set(…)` never looks like a success, is
 * told to it here.
 */
#ifndef TESTS_TOOLS_ANALYSED_H
#define TESTS_TOOLS_ANALYSED_H

#include "base/error.h"

#define tn_error_set(...)   (tn_error_set(__VA_ARGS__), -1)
#define tn_error_errno(...) (tn_error_errno(__VA_ARGS__), -1)

#endif
