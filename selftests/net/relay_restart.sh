#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent over restarts of the daemon and of the module.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

relay_id() {
	relay relay-id auto
	forget
	say type=discover
	subs "$(agents "$(heard)")"
}

test_R29_relay_id_is_stable_and_unique() {
	local id
	serve reply=none
	id=$(relay_id)
	[ ${#id} -ge 11 ] || fail "not unique: \"$id\"" # "12=" and four bytes
	same "again" "$(relay_id)" "$id"
	ctl config save "$TMP/saved" || fail "not saved"
	has "shown" "$(ctl -j relay show | tr -d ' :\n')" "${id#12=}"
	stop_daemon
	start_daemon "$TMP/saved"
	same "after a restart of the daemon" "$(relay_id)" "$id"
	stop_daemon -KILL
	rmmod dhcpk || fail "rmmod"
	insmod "$DHCPK_KO" || fail "insmod"
	# shellcheck disable=SC2119
	start_daemon
	same "and of all" "$(relay_id)" "$id"
	stop_daemon
	mkdir "$TMP/other"
	start_daemon /dev/null "$TMP/other"
	[ "$(relay_id)" != "$id" ] || fail "another machine has the same one"
}

test_R13_relay_goes_on_without_a_daemon() {
	relay circuit-id %i
	serve
	stop_daemon -KILL
	delivered "no daemon" offer
	same "option 82" "$(agents "$(heard)")" 01027330
	# shellcheck disable=SC2119
	start_daemon
	delivered "a new one, which has no file" offer
}

# Nobody would notice that the first one has fallen silent.
test_R06_priority_is_all_without_a_daemon() {
	TO=$SERVER,$SERVER2 relay mode priority
	one_server "$HEARD" bind=$SERVER
	one_server "$TMP/second" bind=$SERVER2
	only_the_first 1
	stop_daemon -KILL
	say type=discover xid=2
	wait_for 5 grep -q 'xid=2 ' "$HEARD" || fail "without a daemon: not the first"
	wait_for 5 grep -q 'xid=2 ' "$TMP/second" || fail "without a daemon: not the second"
	# shellcheck disable=SC2119
	start_daemon
	only_the_first 3
}

# Once the second one hears what is for it alone, it has all that was before.
only_the_first() { # XID
	say type=discover xid="$1"
	say type=request req=$CLIENT sid=$SERVER2 xid="${1}0"
	wait_for 5 grep -q "xid=${1}0 " "$TMP/second" || fail "the second hears nothing"
	wait_for 5 grep -q "xid=$1 " "$HEARD" || fail "xid $1: not the first"
	! grep -q "xid=$1 " "$TMP/second" || fail "xid $1: the second, too"
}

test_R01_saved_and_started_again() {
	serve
	relay circuit-id "a%%%i" policy append trusted secs 0
	ctl config save "$TMP/saved" || fail "not saved"
	stop_daemon
	rmmod dhcpk || fail "rmmod"
	insmod "$DHCPK_KO" || fail "insmod"
	start_daemon "$TMP/saved"
	delivered "on" offer
	same "as it was" "$(agents "$(heard)")" "$(option 1 "$(hex_text a%s0)")"
}

# The daemon is each test's own.
each_test() {
	wire_to_the_server
	trap 'end_servers; ip netns del far; teardown' EXIT
	HEARD=$TMP/heard
}

# shellcheck disable=SC2034 # lib.sh reads it
FRESH=1
run_tests
