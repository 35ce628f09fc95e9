/*
 * Builds the tree from what the parser reads, with every bound and every rule of ours,
 * internal to the room. Knows nothing of libyaml.
 */
#ifndef TN_YAML_BUILD_H
#define TN_YAML_BUILD_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/value.h"
#include "yaml/yaml.h"

struct tn_yaml_build;

enum tn_yaml_style { TN_YAML_PLAIN, TN_YAML_QUOTED, TN_YAML_BLOCK };

struct tn_yaml_build *tn_yaml_build_new(struct tn_arena *arena,
    const struct tn_yaml_limits *limits, struct tn_diags *diags);
void tn_yaml_build_free(struct tn_yaml_build *build);
TN_DEFINE_FREEP(tn_yaml_build, tn_yaml_build_free)

/*
 * What was read, in the order of the document. anchor is NULL when there is none. Each
 * says what is wrong as findings and goes on, false is for a bound that was passed: stop
 * reading then.
 */
bool tn_yaml_build_scalar(struct tn_yaml_build *build, struct tn_mark mark,
    const char *anchor, enum tn_yaml_style style, struct tn_span text) TN_MUST_USE;
bool tn_yaml_build_alias(struct tn_yaml_build *build, struct tn_mark mark,
    const char *name) TN_MUST_USE;
bool tn_yaml_build_open(struct tn_yaml_build *build, struct tn_mark mark,
    const char *anchor, enum tn_value_kind kind) TN_MUST_USE;
void tn_yaml_build_close(struct tn_yaml_build *build);

/* The document, or NULL while there is none. */
struct tn_value *tn_yaml_build_root(const struct tn_yaml_build *build);

#endif
