-- SPDX-License-Identifier: GPL-2.0-or-later
-- Converts a store from layout 2 to layout 1, for an older dhcpkd. layout-3.sql and layout-2.sql
-- make layout 2 of a later one. Layout 1 needs the names and nets of the pools: leases in none of
-- these nets are left out, and so are rejected rows. Keep a copy. Run it while no dhcpkd runs:
--
--   sqlite3 -bail -cmd "CREATE TEMP TABLE nets(pool, net, prefix)" \
--       -cmd "INSERT INTO nets VALUES('lan', '192.0.2.0', 24)" leases.db <layout-1.sql
BEGIN IMMEDIATE;
CREATE TEMP TABLE from_layout_2(n CHECK(n = 2));
INSERT INTO from_layout_2 SELECT user_version FROM pragma_user_version;
DROP VIEW IF EXISTS bindings;
ALTER TABLE leases RENAME TO leases_2;
CREATE TABLE pools(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE leases(key INTEGER PRIMARY KEY, state INTEGER NOT NULL, htype INTEGER NOT NULL,
	chaddr BLOB NOT NULL, id_kind INTEGER NOT NULL, id BLOB NOT NULL,
	server_id INTEGER NOT NULL, hostname BLOB NOT NULL, agent BLOB NOT NULL, boot INTEGER NOT NULL, starts INTEGER,
	expires INTEGER, horizon INTEGER);
INSERT INTO pools(name) SELECT DISTINCT pool FROM nets;
INSERT INTO leases SELECT p.n << 32 | l.key, l.state, l.htype, l.chaddr, l.id_kind, l.id,
	l.server_id, l.hostname, l.agent, l.boot, l.starts, l.expires, l.horizon
FROM (SELECT pool, prefix, '[' || replace(net, '.', ',') || ']' AS octets FROM nets) g
JOIN pools p ON p.name = g.pool
JOIN leases_2 l ON l.key BETWEEN 0 AND 4294967295 AND l.key >> (32 - prefix) =
	((json_extract(octets, '$[0]') << 24) + (json_extract(octets, '$[1]') << 16) +
	 (json_extract(octets, '$[2]') << 8) + json_extract(octets, '$[3]')) >> (32 - prefix)
WHERE true ORDER BY p.n, l.key;
DROP TABLE leases_2;
DROP TABLE rejected;
ALTER TABLE boots DROP COLUMN seq;
PRAGMA user_version = 1;
COMMIT;
