// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of the file. A released layout is never changed: a new step is added. */
#include "dhcpkd/store/sqlite_schema.h"

/*
 * Layout 1. A lease's key is its pool's number and its address, pool << 32 | address: the only
 * index. Times are CLOCK_BOOTTIME ns of boot number "boot"; NULL is never. See clock.h for boots.
 */
#define LAYOUT_1 \
	"CREATE TABLE store(id BLOB NOT NULL);" \
	"INSERT INTO store VALUES(randomblob(16));" \
	"CREATE TABLE boots(n INTEGER PRIMARY KEY, boot_id TEXT NOT NULL, " \
		"boot_ns INTEGER NOT NULL, wall_ns INTEGER NOT NULL, ahead_ns INTEGER NOT NULL, " \
		"floor_ns INTEGER NOT NULL, age_ns INTEGER NOT NULL);" \
	"CREATE TABLE pools(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);" \
	"CREATE TABLE leases(key INTEGER PRIMARY KEY, state INTEGER NOT NULL, " \
		"htype INTEGER NOT NULL, chaddr BLOB NOT NULL, id_kind INTEGER NOT NULL, " \
		"id BLOB NOT NULL, server_id INTEGER NOT NULL, hostname BLOB NOT NULL, " \
		"agent BLOB NOT NULL, boot INTEGER NOT NULL, starts INTEGER, expires INTEGER, " \
		"horizon INTEGER);" \
	VIEW_1

#define DOTTED(x) \
	"((" x ") >> 24 & 255) || '.' || ((" x ") >> 16 & 255) || '.' || " \
	"((" x ") >> 8 & 255) || '.' || ((" x ") & 255)"
#define WALL(x) \
	"ifnull(strftime('%Y-%m-%dT%H:%M:%SZ', " \
	"(now.began + " x " - b.age_ns) / 1000000000, 'unixepoch'), 'never')"
#define COLONS(x) \
	"CASE length(" x ") WHEN 6 THEN lower(substr(hex(" x "), 1, 2) || ':' || " \
	"substr(hex(" x "), 3, 2) || ':' || substr(hex(" x "), 5, 2) || ':' || " \
	"substr(hex(" x "), 7, 2) || ':' || substr(hex(" x "), 9, 2) || ':' || " \
	"substr(hex(" x "), 11, 2)) ELSE lower(hex(" x ")) END"
/* A client's text is shown as text only if a terminal displays it as it is. */
#define PRINTABLE(x) \
	"CASE WHEN length(CAST(" x " AS TEXT)) = length(" x ") " \
	"AND CAST(" x " AS TEXT) NOT GLOB '*[^ -~]*' " \
	"THEN CAST(" x " AS TEXT) ELSE '0x' || lower(hex(" x ")) END"

/* For people. Wall clock times are by the last readings of the clocks. */
#define VIEW_1 \
	"CREATE VIEW bindings AS SELECT p.name AS pool, " DOTTED("l.key") " AS address, " \
		"CASE l.state WHEN 3 THEN 'bound' WHEN 5 THEN 'released' WHEN 6 THEN 'declined' " \
			"ELSE l.state END AS state, " \
		"l.htype AS htype, " COLONS("l.chaddr") " AS chaddr, l.id_kind AS client_kind, " \
		"lower(hex(l.id)) AS client, " DOTTED("l.server_id") " AS server, " \
		PRINTABLE("l.hostname") " AS hostname, lower(hex(l.agent)) AS agent, " \
		WALL("l.starts") " AS starts, " WALL("l.expires") " AS expires, " \
		WALL("l.horizon") " AS horizon " \
	"FROM leases l JOIN pools p ON p.n = l.key >> 32 JOIN boots b ON b.n = l.boot " \
	"JOIN (SELECT wall_ns - boot_ns AS began FROM boots ORDER BY n DESC LIMIT 1) now;"

/*
 * Layout 2. A lease belongs to an address: its key is place << 32 | address, where place 0 is the
 * network namespace that the daemon serves. (A key of two columns, with the address as bytes, takes
 * 50 % longer to write.) Later versions use "more" for data that this one does not know; NULL is
 * none. An invalid row goes to "rejected" unchanged, with time and reason. The running boot has the
 * number of the kernel's last change that the file has.
 */
#define LAYOUT_2 \
	"DROP VIEW IF EXISTS bindings;" \
	"ALTER TABLE leases RENAME TO leases_1;" \
	"CREATE TABLE leases(key INTEGER PRIMARY KEY, state INTEGER NOT NULL, " \
		"htype INTEGER NOT NULL, chaddr BLOB NOT NULL, id_kind INTEGER NOT NULL, " \
		"id BLOB NOT NULL, server_id INTEGER NOT NULL, hostname BLOB NOT NULL, " \
		"agent BLOB NOT NULL, boot INTEGER NOT NULL, starts INTEGER, expires INTEGER, " \
		"horizon INTEGER, more BLOB);" \
	"CREATE TABLE rejected(n INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, " \
		"key, state, htype, chaddr, id_kind, id, server_id, hostname, agent, boot, " \
		"starts, expires, horizon, more);" \
	"INSERT INTO leases SELECT key & 4294967295, " DATA_1 ", NULL FROM leases_1 " \
		"WHERE true ORDER BY key ON CONFLICT(key) " \
		"DO UPDATE SET (" DATA_1 ") = (" EXCLUDED_1 ") " \
		"WHERE " WRITTEN("excluded") " > " WRITTEN("leases") ";" \
	"DROP TABLE leases_1;" \
	"DROP TABLE pools;" \
	"ALTER TABLE boots ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;" \
	VIEW("")

#define DATA_1 \
	"state, htype, chaddr, id_kind, id, server_id, hostname, agent, boot, starts, expires, " \
	"horizon"
#define EXCLUDED_1 \
	"excluded.state, excluded.htype, excluded.chaddr, excluded.id_kind, excluded.id, " \
	"excluded.server_id, excluded.hostname, excluded.agent, excluded.boot, " \
	"excluded.starts, excluded.expires, excluded.horizon"
/*
 * If several pools have a row for one address, the last one written is valid. dhcpkd writes only
 * numbers here.
 */
#define WRITTEN(row) \
	"(typeof(" row ".boot) = 'integer', " row ".boot, " \
	"ifnull(" row ".starts, 9223372036854775807))"

/* @states: cases for additional states */
#define VIEW(states) \
	"CREATE VIEW bindings AS SELECT " DOTTED("l.key") " AS address, " \
		"CASE l.state WHEN 3 THEN 'bound' WHEN 5 THEN 'released' WHEN 6 THEN 'declined' " \
			states "ELSE l.state END AS state, " \
		"l.htype AS htype, " COLONS("l.chaddr") " AS chaddr, l.id_kind AS client_kind, " \
		"lower(hex(l.id)) AS client, " DOTTED("l.server_id") " AS server, " \
		PRINTABLE("l.hostname") " AS hostname, lower(hex(l.agent)) AS agent, " \
		WALL("l.starts") " AS starts, " WALL("l.expires") " AS expires, " \
		WALL("l.horizon") " AS horizon " \
	"FROM leases l JOIN boots b ON b.n = l.boot " \
	"JOIN (SELECT wall_ns - boot_ns AS began FROM boots ORDER BY n DESC LIMIT 1) now;"

/* Layout 3. The store has the number of its log, and of the previous log: see sqlite_pair.c. */
#define LAYOUT_3 \
	"ALTER TABLE store ADD COLUMN log INTEGER NOT NULL DEFAULT 0;" \
	"ALTER TABLE store ADD COLUMN log_before INTEGER NOT NULL DEFAULT 0;"

/*
 * Layout 4. RESTING addresses, which no client declined, get a state of their own; before, they
 * were stored as declined.
 */
#define LAYOUT_4 \
	"DROP VIEW IF EXISTS bindings;" \
	VIEW("WHEN 7 THEN 'resting' ")

const char *const sqlite_steps[] = {
	LAYOUT_1,
	LAYOUT_2,
	LAYOUT_3,
	LAYOUT_4,
};
const int sqlite_n_steps = sizeof(sqlite_steps) / sizeof(sqlite_steps[0]);

static int run_steps(struct sqlite *s, const char *const *steps, int from, int n_steps)
{
	char version[64];
	int i;

	if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL))
		return -1;
	for (i = from; i < n_steps; i++) {
		if (sqlite3_exec(s->db, steps[i], NULL, NULL, NULL))
			return -1;
	}
	sqlite3_snprintf(sizeof(version), version, "PRAGMA user_version = %d; COMMIT", n_steps);
	return sqlite3_exec(s->db, version, NULL, NULL, NULL) ? -1 : 0;
}

int sqlite_newer(struct sqlite *s, int64_t version, int n_steps, struct err *e)
{
	return err_set(e, NULL,
		       "%s: has layout %lld, and this dhcpkd knows 1 to %d: it was written by a "
		       "newer one. Run that, or move the file away and start without the bindings "
		       "in it",
		       s->base.name, (long long)version, n_steps);
}

int sqlite_migrate(struct sqlite *s, const char *const *steps, int n_steps, struct err *e)
{
	int64_t version;

	if (sqlite_pragma(s, "PRAGMA user_version", &version, e))
		return -1;
	if (version < 0 || version > n_steps)
		return sqlite_newer(s, version, n_steps, e);
	if (version == n_steps)
		return 0;
	if (!run_steps(s, steps, version, n_steps))
		return 0;
	sqlite_error(s, "bringing it to the present layout", e);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}
