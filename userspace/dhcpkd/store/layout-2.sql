-- SPDX-License-Identifier: GPL-2.0-or-later
-- Converts a store from layout 3 to layout 2, for an older dhcpkd. Keep a copy. Run it while no
-- dhcpkd runs:
--
--   sqlite3 -bail leases.db <layout-2.sql
BEGIN IMMEDIATE;
CREATE TEMP TABLE from_layout_3(n CHECK(n = 3));
INSERT INTO from_layout_3 SELECT user_version FROM pragma_user_version;
ALTER TABLE store DROP COLUMN log;
ALTER TABLE store DROP COLUMN log_before;
PRAGMA user_version = 2;
COMMIT;
