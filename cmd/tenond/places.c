#include "places.h"

#include "base/mem.h"
#include "base/str.h"
#include "operator/operator.h"
#include "operator/service.h"

/* How one place is found when the file does not name it. */
struct usual {
	const char *given; /* variable of systemd, and the file in there */
	const char *name;
	const char *variable; /* as for tn_operator_home */
	const char *fallback;
	const char *rest;
};

static char *
find(const struct tn_daemon *daemon, const char *written, const struct usual *usual)
{
	TN_CLEANUP(tn_freep) char *directory = NULL;
	struct tn_str path = TN_STR_INIT;

	if (written != NULL)
		return tn_daemon_path(daemon, written);
	directory = tn_service_directory(usual->given);
	if (directory == NULL)
		return tn_operator_home(usual->variable, usual->fallback, usual->rest);
	tn_str_addf(&path, "%s/%s", directory, usual->name);
	return tn_str_take(&path);
}

static char *
beside(const char *path, const char *ending)
{
	struct tn_str out = TN_STR_INIT;

	tn_str_addf(&out, "%s%s", path, ending);
	return tn_str_take(&out);
}

/* A cache's directory is made by whoever fetches into it. */
static int
make_directories(const struct places *places, struct tn_error *err)
{
	int r = tn_operator_make_place(places->state, err);

	if (r == 0 && places->control != NULL)
		r = tn_operator_make_place(places->control, err);
	return r;
}

int
places_find(const struct tn_daemon *daemon, struct places *places, struct tn_error *err)
{
	static const struct usual state = { "STATE_DIRECTORY", "state.db",
		"XDG_STATE_HOME", ".local/state", "tenon/state.db" };
	static const struct usual cache = { "CACHE_DIRECTORY", "git", "XDG_CACHE_HOME",
		".cache", "tenon/git" };
	static const struct usual control = { "RUNTIME_DIRECTORY", "control.sock",
		"XDG_RUNTIME_DIR", NULL, "tenond/control.sock" };
	int r;

	*places = (struct places){
		.state = find(daemon, daemon->state, &state),
		.cache = find(daemon, daemon->cache, &cache),
		.control = find(daemon, daemon->control, &control),
	};
	if (places->state == NULL) {
		r = tn_error_set(err, TN_E_INPUT,
		    "there is no place for the state: none of STATE_DIRECTORY, "
		    "XDG_STATE_HOME and HOME is set");
		tn_error_hint(err, "name a file with `state` in the settings");
		return r;
	}
	places->kept = beside(places->state, ".tenond");
	places->lock = beside(places->state, ".tenond.lock");
	return make_directories(places, err);
}

bool
places_equal(const struct places *a, const struct places *b)
{
	return tn_text_equal(a->state, b->state) && tn_text_equal(a->cache, b->cache) &&
	    tn_text_equal(a->control, b->control);
}

void
places_done(struct places *places)
{
	tn_free(places->state);
	tn_free(places->cache);
	tn_free(places->control);
	tn_free(places->kept);
	tn_free(places->lock);
}
