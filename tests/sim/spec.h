/*
 * What a made-up project wants: a small structure from which its files are
 * written, and against which a checker compares the simulator's state, without
 * tenon having any part in it.
 *
 * An action is known by its number, which stands in its code and never changes; its name
 * may.
 */
#ifndef TESTS_SIM_SPEC_H
#define TESTS_SIM_SPEC_H

#include "base/rand.h"
#include "base/str.h"
#include "base/tree.h"

#define SPEC_ACTIONS  8
#define SPEC_TRIGGERS 3
#define SPEC_SECRETS  3
#define SPEC_MODULES  3
#define SPEC_FLOW     8

/* Every secret value of a world, so that all can be looked for at once. */
#define SPEC_SECRET_BEGINS "s3cret \""

extern const char *const spec_triggers[SPEC_TRIGGERS]; /* ids */
extern const char *const spec_versions[SPEC_TRIGGERS];
extern const char *const spec_secrets[SPEC_SECRETS];

/* What is not named is kept and listed, deleted when it is ours, deleted. */
enum spec_delete { SPEC_DELETE_NONE, SPEC_DELETE_MANAGED, SPEC_DELETE_ALL };

struct spec_action {
	bool wanted;
	unsigned name; /* "action-NAME" */
	/* One more than the name that it had before, as `renamedFrom` says; 0: none. */
	unsigned was;
	unsigned trigger;
	unsigned code; /* which text; 0 is none yet */
	bool packages;
	unsigned secrets; /* bits */
	unsigned modules; /* bits */
	/* The text of the module that it runs with; 0: that of the module now. */
	unsigned module_codes[SPEC_MODULES];
	bool tested; /* its draft is run before it goes live */
	bool protect;
	bool moved; /* has had another trigger, which the tenant may still know it with */
};

/* Called "module-N". */
struct spec_module {
	bool wanted;
	unsigned life; /* how often it was made */
	unsigned code;
	bool packages;
	unsigned secrets; /* bits */
	bool stays;       /* as it is: a rollback does nothing to it */
};

struct spec_flow {
	bool named;
	bool others;                 /* ends with `others` */
	unsigned entries[SPEC_FLOW]; /* actions, each at most once */
	size_t n;
};

struct spec {
	struct spec_action actions[SPEC_ACTIONS];
	struct spec_module modules[SPEC_MODULES];
	struct spec_flow flows[SPEC_TRIGGERS];
	unsigned values[SPEC_SECRETS]; /* which value each secret has */
	unsigned names;                /* how many were ever given */
	enum spec_delete delete;
	bool no_modules; /* the tenant has none */
	bool backwards;  /* what has no order is written from the last to the first */
};

/* Nothing is wanted yet. */
void spec_empty(struct spec *spec);
void spec_init(struct spec *spec, struct tn_rand *rand);
/* One change that a person might make; at least one action stays. */
void spec_mutate(struct spec *spec, struct tn_rand *rand);

/* One that is not wanted comes, or comes again. */
void spec_add(struct spec *spec, unsigned action, struct tn_rand *rand);
void spec_add_module(struct spec *spec, unsigned module, struct tn_rand *rand);
/* The changes that have a step of their own in a plan. */
void spec_rename(struct spec *spec, unsigned action);
void spec_swap_names(struct spec *spec, unsigned action, unsigned other);
/* Another trigger, or none of ours any more: it leaves its flow. */
void spec_move(struct spec *spec, unsigned action, unsigned trigger);
void spec_drop(struct spec *spec, unsigned action);
void spec_drop_module(struct spec *spec, unsigned module);

void spec_name(const struct spec *spec, unsigned action, struct tn_str *out);
void spec_module_name(unsigned module, struct tn_str *out);
void spec_code(const struct spec *spec, unsigned action, struct tn_str *out);
/* The number of the action whose code it is; false for other people's code. */
bool spec_of_code(const char *code, unsigned *action_out);
void spec_module_code(unsigned module, unsigned code, struct tn_str *out);
/* Which text of it an action runs with. */
unsigned spec_module_used(const struct spec *spec, unsigned action, unsigned module);
/* The value of a secret; begins with SPEC_SECRET_BEGINS. */
void spec_secret(const struct spec *spec, unsigned secret, struct tn_str *out);

/* Writes tenon.yaml, the code and the tests' payload into the tree. */
void spec_write(const struct spec *spec, struct tn_tree *memtree);

#endif
