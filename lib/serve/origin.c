#include "serve/origin.h"

#include "base/mem.h"

struct git {
	struct tn_origin base;
	struct tn_source_means means;
};

/* The opening itself: there is nothing to add to it. */
static struct tn_origin_call *
git_open(struct tn_origin *origin, const struct tn_source_request *request,
    struct tn_cancel *cancel, tn_opened_fn *done, void *arg)
{
	struct git *git = (struct git *)origin;
	struct tn_source_means means = git->means;

	means.cancel = cancel;
	return (struct tn_origin_call *)tn_opening_start(request, &means, done, arg);
}

static void
git_stop(struct tn_origin *origin TN_UNUSED, struct tn_origin_call *call)
{
	tn_opening_free((struct tn_opening *)call);
}

static void
git_free(struct tn_origin *origin)
{
	tn_free(origin);
}

struct tn_origin *
tn_origin_git(const struct tn_source_means *means)
{
	static const struct tn_origin_ops ops = { git_open, git_stop, git_free };
	struct git *git = tn_new(struct git);

	git->base.ops = &ops;
	git->means = *means;
	return &git->base;
}

struct tn_origin_call *
tn_origin_open(struct tn_origin *origin, const struct tn_source_request *request,
    struct tn_cancel *cancel, tn_opened_fn *done, void *arg)
{
	return origin->ops->open(origin, request, cancel, done, arg);
}

void
tn_origin_stop(struct tn_origin *origin, struct tn_origin_call *call)
{
	if (call != NULL)
		origin->ops->stop(origin, call);
}

void
tn_origin_free(struct tn_origin *origin)
{
	if (origin != NULL)
		origin->ops->free(origin);
}
