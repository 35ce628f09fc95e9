#include "planfile.h"

#include <sys/stat.h>

#include "base/file.h"
#include "plan/saved.h"

/* A device or a link such as /dev/stdout must not be replaced by a file. */
static int
check_place(const char *path, struct tn_error *err)
{
	struct stat st;
	int r;

	if (lstat(path, &st) < 0 || S_ISREG(st.st_mode))
		return 0;
	r = tn_error_set(err, TN_E_INPUT,
	    "the plan is not written to \"%s\": it is there, and is no regular file",
	    path);
	tn_error_hint(err, "name a new file, or one that may be replaced, with --out");
	return r;
}

int
planfile_write(const char *path, struct tn_span bytes, struct tn_error *err)
{
	int r = check_place(path, err);

	if (r < 0)
		return r;
	r = tn_file_write(path, 0600, bytes, err);
	if (r < 0)
		tn_error_context(err, "the plan");
	return r;
}

int
planfile_read(const char *path, struct tn_str *out, struct tn_error *err)
{
	struct tn_file_facts facts;
	int r = tn_file_read_regular(path, TN_SAVED_PLAN_MAX, out, &facts, err);

	if (r < 0) {
		tn_error_context(err, "the plan");
		tn_error_hint(err, "make one with tenon plan --out FILE");
	}
	return r;
}

int
planfile_show(const char *path, bool json, const struct tn_report_options *style,
    struct tn_str *out, struct tn_error *err)
{
	TN_CLEANUP(tn_saved_plan_freep) struct tn_saved_plan *saved = NULL;
	TN_CLEANUP(tn_str_done) struct tn_str bytes = TN_STR_INIT;
	int r = planfile_read(path, &bytes, err);

	if (r == 0)
		r = tn_saved_plan_read(tn_str_span(&bytes), &saved, err);
	if (r < 0)
		return r;
	if (json)
		tn_str_add(out, tn_str_text(&bytes));
	else
		tn_report_saved(saved, style, out);
	return 0;
}
