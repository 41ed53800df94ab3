-- SPDX-License-Identifier: GPL-2.0-or-later
-- A store of layout 3 for a dhcpkd that knows layout 2 only; keep a copy. While no dhcpkd runs:
--
--   sqlite3 -bail leases.db <layout-2.sql
BEGIN IMMEDIATE;
CREATE TEMP TABLE from_layout_3(n CHECK(n = 3));
INSERT INTO from_layout_3 SELECT user_version FROM pragma_user_version;
ALTER TABLE store DROP COLUMN log;
ALTER TABLE store DROP COLUMN log_before;
PRAGMA user_version = 2;
COMMIT;
