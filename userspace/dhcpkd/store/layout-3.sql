-- SPDX-License-Identifier: GPL-2.0-or-later
-- Converts a store from layout 4 to layout 3, for an older dhcpkd: there, a resting address is
-- stored as declined. Keep a copy. Run it while no dhcpkd runs:
--
--   sqlite3 -bail leases.db <layout-3.sql
BEGIN IMMEDIATE;
CREATE TEMP TABLE from_layout_4(n CHECK(n = 4));
INSERT INTO from_layout_4 SELECT user_version FROM pragma_user_version;
UPDATE leases SET state = 6 WHERE state = 7;
PRAGMA user_version = 3;
COMMIT;
