#include "store/state.h"

/* "tnon": what tells a state file from another program's database. */
#define APPLICATION_ID 0x746e6f6e

/*
 * The n-th leads from version n to n + 1 and is never changed once it has been released.
 *
 * Times are nanoseconds since 1970. A run that has not ended is open, and there is one at
 * most for a tenant, whichever project began it.
 */
static const char *const migrations[] = {
	"PRAGMA application_id = 0x746e6f6e;"
	"CREATE TABLE state_key ("
	"	id INTEGER PRIMARY KEY CHECK (id = 1),"
	"	key TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE tenant ("
	"	id INTEGER PRIMARY KEY,"
	"	provider TEXT NOT NULL,"
	"	base_url TEXT NOT NULL,"
	"	UNIQUE (provider, base_url)"
	") STRICT;"
	"CREATE TABLE pin ("
	"	project TEXT NOT NULL,"
	"	name TEXT NOT NULL,"
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	PRIMARY KEY (project, name)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE run ("
	"	id INTEGER PRIMARY KEY,"
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	name TEXT NOT NULL,"
	"	project TEXT NOT NULL,"
	"	begun INTEGER NOT NULL,"
	"	ended INTEGER,"
	"	event TEXT," /* the last one */
	"	UNIQUE (tenant, name)"
	") STRICT;"
	"CREATE UNIQUE INDEX run_open ON run (tenant) WHERE ended IS NULL;"
	"CREATE TABLE journal ("
	"	run INTEGER NOT NULL REFERENCES run,"
	"	seq INTEGER NOT NULL,"
	"	step INTEGER NOT NULL,"
	"	event TEXT NOT NULL,"
	"	payload TEXT,"
	"	unix_ns INTEGER NOT NULL,"
	"	PRIMARY KEY (run, seq)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE owned ("
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	action_id TEXT NOT NULL,"
	"	project TEXT NOT NULL,"
	"	name TEXT NOT NULL,"
	"	run INTEGER NOT NULL REFERENCES run,"
	"	PRIMARY KEY (tenant, action_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE secret ("
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	project TEXT NOT NULL,"
	"	action_id TEXT NOT NULL,"
	"	name TEXT NOT NULL,"
	"	fingerprint TEXT NOT NULL,"
	"	updated_at TEXT,"
	"	run INTEGER NOT NULL REFERENCES run,"
	"	PRIMARY KEY (tenant, project, action_id, name)"
	") STRICT, WITHOUT ROWID;",

	/* Drafts that a run has left: the platform's time of its write. */
	"CREATE TABLE draft ("
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	project TEXT NOT NULL,"
	"	action_id TEXT NOT NULL,"
	"	updated_at TEXT NOT NULL,"
	"	run INTEGER NOT NULL REFERENCES run,"
	"	PRIMARY KEY (tenant, project, action_id)"
	") STRICT, WITHOUT ROWID;",

	/* History. A run's objects and what they were; equal texts are there once. */
	"ALTER TABLE run ADD COLUMN tenant_name TEXT;"
	"ALTER TABLE run ADD COLUMN command TEXT;"
	"ALTER TABLE run ADD COLUMN who TEXT;"
	"ALTER TABLE run ADD COLUMN source TEXT;"
	"ALTER TABLE run ADD COLUMN commit_id TEXT;"
	"ALTER TABLE run ADD COLUMN dirty INTEGER;"
	"ALTER TABLE run ADD COLUMN digest TEXT;"
	"ALTER TABLE run ADD COLUMN target TEXT;"
	"ALTER TABLE run ADD COLUMN hold TEXT;" /* when it ends well */
	"ALTER TABLE run ADD COLUMN lift TEXT;"
	/* Its journal and objects are gone; what it made ours still names it. */
	"ALTER TABLE run ADD COLUMN pruned INTEGER;"
	"CREATE TABLE code ("
	"	id INTEGER PRIMARY KEY,"
	"	digest TEXT NOT NULL UNIQUE,"
	"	text TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE content ("
	"	id INTEGER PRIMARY KEY,"
	"	digest TEXT NOT NULL UNIQUE,"
	"	document TEXT NOT NULL," /* with the digest of the code in its place */
	"	code INTEGER REFERENCES code"
	") STRICT;"
	"CREATE INDEX content_code ON content (code);"
	"CREATE TABLE object ("
	"	run INTEGER NOT NULL REFERENCES run,"
	"	seq INTEGER NOT NULL,"
	"	kind TEXT NOT NULL,"
	"	name TEXT NOT NULL,"
	"	platform_id TEXT,"
	"	what TEXT NOT NULL,"
	"	state TEXT NOT NULL,"
	"	before INTEGER REFERENCES content,"
	"	after INTEGER REFERENCES content,"
	"	draft INTEGER REFERENCES content,"
	"	version_before INTEGER NOT NULL,"
	"	version_after INTEGER NOT NULL,"
	"	version_before_id TEXT,"
	"	version_after_id TEXT,"
	"	PRIMARY KEY (run, seq)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX object_before ON object (before);"
	"CREATE INDEX object_after ON object (after);"
	"CREATE INDEX object_draft ON object (draft);"
	/* A run by its name: its row may be pruned, or there never was one. */
	"CREATE TABLE hold ("
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	project TEXT NOT NULL,"
	"	commit_id TEXT NOT NULL,"
	"	run_name TEXT NOT NULL,"
	"	since INTEGER NOT NULL,"
	"	PRIMARY KEY (tenant, project, commit_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE applied ("
	"	tenant INTEGER NOT NULL REFERENCES tenant,"
	"	project TEXT NOT NULL,"
	"	commit_id TEXT,"
	"	dirty INTEGER NOT NULL,"
	"	run_name TEXT NOT NULL,"
	"	since INTEGER NOT NULL,"
	"	PRIMARY KEY (tenant, project)"
	") STRICT, WITHOUT ROWID;",

	/* What is owned may be a module; action_id is its id then, and so it is in
	 * secret. */
	"ALTER TABLE owned ADD COLUMN kind TEXT NOT NULL DEFAULT 'action';",
};

#define CURRENT ((int)TN_ARRAY_LEN(migrations))

/* The first column of the first row; 0 without one. */
static int
number(struct tn_sqlite *db, const char *sql, int64_t *out, struct tn_error *err)
{
	TN_CLEANUP(tn_stmt_finishp) struct tn_stmt *stmt = NULL;
	int r = tn_stmt_prepare(db, sql, &stmt, err);

	if (r < 0)
		return r;
	r = tn_stmt_step(stmt, err);
	if (r < 0)
		return r;
	*out = r > 0 ? tn_stmt_int(stmt, 0) : 0;
	return 0;
}

static int
not_ours(const char *path, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_SYSTEM,
	    "the file \"%s\" is a database of another program", path);

	tn_error_hint(err, "name another file for the state");
	return r;
}

static int
too_new(const char *path, int version, struct tn_error *err)
{
	int r = tn_error_set(err, TN_E_SYSTEM,
	    "the state file \"%s\" has version %d, and this tenon knows them up to %d",
	    path, version, CURRENT);

	tn_error_hint(err, "use the newer tenon that wrote it");
	return r;
}

/* A file without a version is ours to begin with when nothing is in it. */
static int
check_empty(struct tn_sqlite *db, const char *path, struct tn_error *err)
{
	int64_t tables = 0;
	int r = number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);

	if (r < 0)
		return r;
	return tables == 0 ? 0 : not_ours(path, err);
}

static int
read_version(struct tn_sqlite *db, const char *path, int *version, struct tn_error *err)
{
	int64_t id = 0;
	int r = tn_sqlite_version(db, version, err);

	if (r < 0)
		return r;
	if (*version == 0)
		return check_empty(db, path, err);
	r = number(db, "PRAGMA application_id", &id, err);
	if (r < 0)
		return r;
	if (id != APPLICATION_ID || *version < 0)
		return not_ours(path, err);
	return *version > CURRENT ? too_new(path, *version, err) : 0;
}

int
tn_state_current(struct tn_sqlite *db, const char *path, struct tn_error *err)
{
	int version = 0;
	int r = read_version(db, path, &version, err);

	return r < 0 ? r : version == CURRENT;
}

int
tn_state_migrate(struct tn_sqlite *db, const char *path, struct tn_error *err)
{
	int version = 0;
	int r = read_version(db, path, &version, err);

	if (r < 0 || version == CURRENT)
		return r;
	for (; version < CURRENT; version++) {
		r = tn_sqlite_exec(db, migrations[version], err);
		if (r < 0)
			return r;
	}
	return tn_sqlite_set_version(db, CURRENT, err);
}
