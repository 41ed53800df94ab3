-- SPDX-License-Identifier: GPL-2.0-or-later
-- A store of layout 4 for a dhcpkd that knows layout 3 only, to which an address that rests was declined; keep a copy. While no
-- dhcpkd runs:
--
--   sqlite3 -bail leases.db <layout-3.sql
BEGIN IMMEDIATE;
CREATE TEMP TABLE from_layout_4(n CHECK(n = 4));
INSERT INTO from_layout_4 SELECT user_version FROM pragma_user_version;
UPDATE leases SET state = 6 WHERE state = 7;
PRAGMA user_version = 3;
COMMIT;
