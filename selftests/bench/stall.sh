#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The longest that a DISCOVER, or an echo request as an example of other traffic, waits for its answer while the module and
# the daemon are busy with all bindings of a large pool: 10 ms more than on the quiet machine at most. With scripts/vm
# --icount a millisecond is a million instructions, and a busy host has no part in it. TEST_LEASES and TEST_PARKED say how
# many bindings there are, and replies that wait. The tests follow one another, each with what the one before has left.
. "$(dirname "$0")/lib.sh"
require_icount

LEASES=${TEST_LEASES:-32768}
PARKED=${TEST_PARKED:-16384}
# us. What is done in one go takes longer with each binding: with fewer of them it is allowed less.
LIMIT=$((LEASES < 32768 ? 10000 * LEASES / 32768 : 10000))
SID=10.0.0.1

# pools [street]: what a file says that has these
pools() {
	echo "pool near { subnet = 10.0.0.0/16  dev = s0  range = 10.0.0.10-10.0.0.19  lease = 1h }"
	[ -z "${1:-}" ] || echo "pool street { subnet = 10.1.0.0/16  dev = s0  range = 10.1.0.1-10.1.255.254  lease = 1h }"
}
apply() {
	pools "$@" >"$TMP/conf"
	ctl config apply "$TMP/conf"
}

crowd() { cli crowd c0 first=10.1.0.1 server=$SID xid="$FLOOD" "$@" >"$TMP/crowd" || fail "the crowd: $(cat "$TMP/crowd")"; }
in_street() { ctl -j pool show street | grep -oP '"bound":\K[0-9]+'; }
street_has() { [ "$(in_street)" = "$1" ]; }
stored() { wait_for 120 all_stored || fail "not stored: $(ctl)"; }

# Each test has a shell of its own: what the daemon is called by, the next one has to find.
end_daemon() {
	kill "$(cat "$TMP/daemon")"
	wait_for 60 gone || fail "the daemon does not end"
}
gone() { ! kill -0 "$(cat "$TMP/daemon")"; }
start_with_street() { # DIRECTORY-OF-THE-STORE
	pools street >"$TMP/conf"
	start_daemon "$TMP/conf" "$1"
	echo "$DAEMON" >"$TMP/daemon"
}

# waits COMMAND...: while that runs, the longest waits for an OFFER and for an echo: into N, OFFER, ECHO, MOST of both, in us
waits() {
	local probe
	within cli stall c0 $SID mac=02:00:00:00:aa:01 >"$TMP/waits" 2>&1 &
	probe=$!
	wait_for 10 file_has ready "$TMP/waits" || fail "no answer: $(cat "$TMP/waits")"
	"$@" >"$TMP/done" 2>&1 || fail "$*: $(cat "$TMP/done")"
	kill $probe
	wait $probe || fail "no answer: $(cat "$TMP/waits")"
	{ read -r; read -r N OFFER ECHO; } <"$TMP/waits"
	MOST=$((OFFER > ECHO ? OFFER : ECHO))
}

# nobody_waits WHAT COMMAND...
nobody_waits() {
	local quiet
	waits "${@:2}"
	[ "$N" -ge 4 ] || fail "$1: over before it was measured"
	note "$1: an OFFER $OFFER us, an echo $ECHO us at most, of $N"
	read -r quiet <"$TMP/quiet"
	[ $MOST -le $((quiet + LIMIT)) ] || fail "$1: more than $quiet us and $LIMIT us"
}

test_P4_1_quiet() {
	cli sysctl -qw net.ipv4.ping_group_range="0 0"
	ip -n cli addr add 10.255.255.254/8 dev c0
	apply || fail "no pool"
	MAC=02:00:00:00:aa:01 bind >/dev/null
	waits nap 0.1 # The first exchange fills the neighbour tables and the caches.
	waits nap 0.5
	[ "$N" -gt 100 ] || fail "no measurement"
	note "quiet: an OFFER $OFFER us, an echo $ECHO us at most, of $N"
	echo $MOST >"$TMP/quiet"
}

sent() { [[ $(srv dhcpkctl -S "$TMP/none" -j) == *"\"parked\":$PARKED,"* ]]; }
goes_on() {
	kill -CONT "$(cat "$TMP/daemon")"
	wait_for 60 test -s "$TMP/crowd"
}
test_P4_2_replies_that_wait_for_the_store() {
	local crowd
	apply street || fail "no pool"
	kill -STOP "$(cat "$TMP/daemon")"
	crowd n="$PARKED" window="$PARKED" &
	crowd=$!
	wait_for 60 sent || fail "they do not ask"
	nobody_waits "$PARKED ACKs at once" goes_on
	wait $crowd || fail "the crowd fails"
	note "$(cat "$TMP/crowd")"
	ctl lease flush pool street || fail "not flushed"
}

listed() { same "listed" "$(ctl -j lease show pool street | grep -o '"ip":"10\.1\.' | wc -l)" "$LEASES"; }
test_P4_3_a_listing() {
	crowd n="$LEASES" window=256
	stored
	nobody_waits "$LEASES bindings listed" listed
}

test_P4_4_other_ranges() {
	nobody_waits "half of the range goes" ctl pool set street range 10.1.0.1-10.1.127.255
	nobody_waits "and comes back" ctl pool set street range 10.1.0.1-10.1.255.254
	street_has "$LEASES" || fail "bindings are gone: $(ctl)"
}

# The module knows nothing of the street: its bindings are promises, which it would keep without a pool.
only_near_is_served() {
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 60 serves near || fail "not restored: $(ctl)"
}
serves() { [[ $(ctl -j pool show "$1") == *'"serving"'* ]]; }
comes_back() {
	local begin=$SECONDS
	apply street || return
	wait_for 120 street_has "$LEASES" || return
	echo $((SECONDS - begin)) >"$TMP/took"
}
test_P4_5_a_pool_goes_and_comes_back() {
	nobody_waits "a pool of $LEASES bindings goes" apply
	only_near_is_served
	nobody_waits "$LEASES bindings are read back" comes_back
}

has_another_store() {
	start_with_street "$TMP/other"
	wait_for 120 all_stored
}
test_P4_6_another_store() {
	mkdir "$TMP/other"
	end_daemon
	nobody_waits "another store is told of $LEASES bindings" has_another_store
	street_has "$LEASES" || fail "bindings are gone: $(ctl)"
}

all_end() {
	street_has "$LEASES" || fail "they have ended already"
	wait_for 60 street_has 0
}
# In the store all leases are made to end at the same time; the kernel hears of it when the pool is read back.
test_P4_7_all_leases_end_in_the_same_second() {
	local end took
	apply || fail "the pool stays"
	end_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	read -r took <"$TMP/took"
	read -r end _ </proc/uptime
	end=$((${end%.*} + 3 + 2 * took))
	sql "$TMP/other/leases.db" "SELECT count(*) FROM leases;
		UPDATE leases SET expires = ${end}000000000, horizon = ${end}000000000
		WHERE key >> 16 = 2561; SELECT changes()" >"$TMP/rows" || fail "sql"
	same "rows" "$(paste -sd' ' "$TMP/rows")" "$((LEASES + 1)) $LEASES"
	start_with_street "$TMP/other"
	wait_for 120 street_has "$LEASES" || fail "not read back: $(ctl)"
	nobody_waits "$LEASES leases end" all_end
}

flush() { ctl lease flush pool street; }
test_P4_8_what_is_remembered_goes() {
	nobody_waits "what was remembered is listed" ctl -j lease show pool street
	nobody_waits "and is forgotten" flush
}

export NO_CAPTURE=1 NO_REPLIES=0
setup
echo "$DAEMON" >"$TMP/daemon"
ip -n srv addr add $SID/8 dev s0
run_tests
