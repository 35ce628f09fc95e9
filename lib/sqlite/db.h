/* An open database and its compiled statements. Inside the room only. */
#ifndef TN_SQLITE_DB_H
#define TN_SQLITE_DB_H

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;
struct tn_memdisk;

struct tn_stmt {
	struct tn_sqlite *db;
	const char *sql;
	struct sqlite3_stmt *compiled;
	int bound; /* SQLite's code of the first bind that failed; 0 when none did */
	bool used;
};

struct tn_sqlite {
	struct sqlite3 *sqlite;
	struct tn_memdisk *disk; /* NULL: the machine's files */
	char *path;
	struct tn_stmt **stmts;
	size_t n_stmts, cap_stmts;
};

/* What SQLite's code means to a person: kind, place and cure. Gives the negative kind. */
int tn_db_error(const struct tn_sqlite *db, int code, struct tn_error *err);

void tn_db_free_stmts(struct tn_sqlite *db);

#endif
