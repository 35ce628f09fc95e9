/*
 * What a made-up project wants: a small structure from which its files are
 * written, and against which a checker compares the simulator's state, without
 * tenon having any part in it.
 */
#ifndef TESTS_SIM_SPEC_H
#define TESTS_SIM_SPEC_H

#include "base/rand.h"
#include "base/str.h"
#include "base/tree.h"

#define SPEC_ACTIONS  6
#define SPEC_TRIGGERS 3
#define SPEC_SECRETS  3
#define SPEC_FLOW     8

/* Every secret value of a world, so that all can be looked for at once. */
#define SPEC_SECRET_BEGINS "s3cret \""

extern const char *const spec_triggers[SPEC_TRIGGERS]; /* ids */
extern const char *const spec_versions[SPEC_TRIGGERS];
extern const char *const spec_secrets[SPEC_SECRETS];

struct spec_action {
	bool wanted;
	unsigned trigger;
	unsigned code; /* which text; 0 is the first */
	bool packages;
	unsigned secrets; /* bits */
};

struct spec_flow {
	bool named;
	bool others;                 /* ends with `others` */
	unsigned entries[SPEC_FLOW]; /* actions, each at most once */
	size_t n;
};

struct spec {
	struct spec_action actions[SPEC_ACTIONS]; /* number i is called "action-i" */
	struct spec_flow flows[SPEC_TRIGGERS];
	unsigned values[SPEC_SECRETS]; /* which value each secret has */
};

void spec_init(struct spec *spec, struct tn_rand *rand);
/* One change that a person might make; at least one action stays. */
void spec_mutate(struct spec *spec, struct tn_rand *rand);

void spec_name(unsigned action, struct tn_str *out);
void spec_code(const struct spec *spec, unsigned action, struct tn_str *out);
/* The value of a secret; begins with SPEC_SECRET_BEGINS. */
void spec_secret(const struct spec *spec, unsigned secret, struct tn_str *out);

/* Writes tenon.yaml and the code into the tree. */
void spec_write(const struct spec *spec, struct tn_tree *memtree);

#endif
