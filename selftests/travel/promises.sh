#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Promises over hours (scripts/vm --time-travel): outages, stores that fall silent, leases that are shortened, and
# configurations that change all the time.
export FRESH=1
. "$(dirname "$0")/lib.sh"
require_time_travel

SID=192.0.2.1
A=02:00:00:00:00:0a
B=02:00:00:00:00:0b
C=02:00:00:00:00:0c
from() { cli dhcpc c0 mac="$1" "${@:2}"; }	# MAC KEY...
bind_to() { # MAC [KEY...]: prints the address
	local ip
	ip=$(field yiaddr "$(from "$1" type=discover "${@:2}")")
	from "$1" type=request req="$ip" sid=$SID "${@:2}" >/dev/null
	echo "$ip"
}
stored() { wait_for 30 all_stored || fail "backlog: $(ctl -j)"; }
serves() { [[ $(ctl -j pool show) == *'"name"'* ]]; }
small() { ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.12 lease 1m min-lease 1s max-lease infinite "$@" ||
	fail "no pool"; }

in_file() { # the pool is in a file, for daemons that come later
	echo "pool lan { subnet = 192.0.2.0/24  dev = s0  range = {192.0.2.10-192.0.2.12}  lease = 10m }" >"$TMP/conf"
	ctl config apply "$TMP/conf" || fail "no pool"
}

# The street's power comes back after longer than any horizon, and other clients come than were there.
test_C13_a_full_pool_after_a_long_outage() {
	local i
	in_file
	for i in 1 2 3; do bind_to 02:00:00:00:01:0$i >/dev/null; done
	same "full" "$(from $A type=discover wait=100)" silence
	stored
	stop_daemon
	rmmod dhcpk
	sleep 2h
	insmod "$DHCPK_KO"
	start_daemon "$TMP/conf"
	has "a new client gets an address at once" "$(from $A type=discover)" type=offer
	same "the others are remembered" "$(field yiaddr "$(from 02:00:00:00:01:02 type=discover)" | cut -d. -f1-3)" 192.0.2
	same "free" "$(ctl -j pool show lan | grep -o '"free":[0-9]*')" '"free":1'
}

# durability async: one second of new bindings may be lost, however often a client renews meanwhile.
test_P2_async_waits_for_a_store_that_is_silent() {
	local a i
	small durability async
	a=$(bind_to $A req=192.0.2.10)
	stored
	kill -STOP "$DAEMON"
	from $A type=request ciaddr="$a" lease=2000 >/dev/null
	for i in 1 2 3 4 5 6 7 8; do
		sleep 0.4
		from $A type=request ciaddr="$a" lease=$((2000 + 10 * i)) xid=$i >/dev/null
	done
	same "a new client waits" "$(from $B type=request req=192.0.2.12 sid=$SID wait=2000)" silence
	kill -CONT "$DAEMON"
	wait_for 30 all_stored || fail "backlog"
	same "until the store is back" "$(field type "$(from $B type=request req=192.0.2.12 sid=$SID xid=2)")" ack
}

# Model, row 6: what is oldest counts, though it is only offered by now.
test_S39_P2_async_waits_for_what_is_only_offered_by_now() {
	local a
	small durability async
	a=$(bind_to $A req=192.0.2.10)
	stored
	kill -STOP "$DAEMON"
	from $A type=release ciaddr="$a" sid=$SID wait=100 >/dev/null
	same "offered" "$(field yiaddr "$(from $A type=discover req="$a")") $(state_of "$a")" "$a offered"
	sleep 1.2
	same "a new client waits" "$(from $B type=request req=192.0.2.12 sid=$SID wait=2000)" silence
	kill -CONT "$DAEMON"
	wait_for 30 all_stored || fail "backlog"
	same "until the store is back" "$(field type "$(from $B type=request req=192.0.2.12 sid=$SID xid=2)")" ack
}

# However irregular a client has been, the horizon covers its next renewal, half a lease on.
test_P5_the_next_renewal_needs_no_daemon() {
	local ip pause
	small
	ip=$(bind_to $A lease=1000)
	for pause in 500 500 700; do
		stored
		sleep $pause
		same "after $pause s" "$(field type "$(from $A type=request ciaddr="$ip" lease=1000)")" ack
	done
	stored
	stop_daemon -KILL
	sleep 500
	same "without a daemon" "$(field type "$(from $A type=request ciaddr="$ip" lease=1000)")" ack
}

# A short lease, for which anybody can have asked, takes nothing from what is on the disk for the next renewal.
# The daemon dies, and a client renews again and again: with what the store covers, as long as that is a lease.
test_P5_a_dead_daemon_and_what_is_left_of_the_horizon() {
	local ip said left before=99999
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.12 lease 1h || fail "no pool"
	ip=$(bind_to $A)
	stored
	stop_daemon -KILL
	while said=$(from $A type=request ciaddr="$ip" wait=500 xid=$before) && [ "$said" != silence ]; do
		left=$((16#$(field o51 "$said")))
		[ $left -le 3600 ] || fail "more than the lease: $said"
		[ $left -ge 60 ] || fail "less than the pool's least: $said"
		[ $left -le $before ] || fail "longer again: $said"
		before=$left
		sleep $((left / 2))
	done
	[ $before -lt 240 ] || fail "no answer after a lease of $before seconds"
	same "another client" "$(field type "$(from $B type=request req="$ip" sid=$SID wait=500)")" nak
	sleep $before
	same "the kernel waits for a whole lease to be stored" "$(state_of "$ip")" bound
	start_daemon
	stored
	same "then the whole lease" "$(field o51 "$(from $A type=request ciaddr="$ip" xid=7)")" 00000e10
}

test_P5_a_short_lease_leaves_the_horizon() {
	local ip
	small
	ip=$(bind_to $A lease=1000)
	stored
	same "for a short time" "$(field type "$(from $A type=request ciaddr="$ip" lease=10)")" ack
	stored
	same "one that is written" "$(field type "$(from $A type=request ciaddr="$ip" lease=10 cid=01"${A//:/}")")" ack
	stored
	stop_daemon -KILL
	sleep 500
	same "without a daemon" "$(field type "$(from $A type=request ciaddr="$ip" lease=1000)")" ack
}

# Model, row 2: the ACK that shortens a lease may be lost, and the client believes the one before.
test_P1_a_shorter_lease_takes_nothing_back() {
	local ip
	small
	ip=$(bind_to $A lease=200)
	from $A type=request ciaddr="$ip" lease=20 wait=0 >/dev/null
	sleep 2m
	same "still its own" "$(state_of "$ip")" bound
	sleep 2m
	same "over in the end" "$(state_of "$ip")" expired
}

# A client with an infinite lease has no reason to renew: one that renews has been told an end.
test_Q18_an_infinite_lease_that_is_shortened_ends() {
	local ip
	small
	ip=$(bind_to $A lease=0xffffffff)
	from $A type=request req="$ip" lease=20 >/dev/null
	sleep 40
	same "it may not have heard" "$(state_of "$ip")" bound
	from $A type=request ciaddr="$ip" lease=20 >/dev/null
	sleep 40
	same "it has renewed" "$(state_of "$ip")" expired
}

# The horizon of a binding that comes out of the store is the store's, and not three times that.
test_P1_the_horizon_of_what_was_restored() {
	local ip before
	in_file
	ip=$(bind_to $A)
	stored
	before=$(horizon_of "$ip")
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 serves || fail "no pool"
	stop_daemon
	mkdir "$TMP/other"
	start_daemon "$TMP/conf" "$TMP/other"
	stored
	[ "$(horizon_of "$ip")" -le "$((before + 2))" ] || fail "horizon $(horizon_of "$ip"), not $before"
}
horizon_of() { [[ $(ctl -j lease show ip "$1") =~ \"horizon\":\"([^\"]*) ]] && date -d "${BASH_REMATCH[1]}" +%s; }

# What ends every second does, though the configuration changes faster than that.
test_P8_changes_do_not_put_off_what_ends() {
	local ip declined i
	small decline-time 5
	ip=$(bind_to $A lease=5)
	declined=$(bind_to $C)
	from $C type=decline req="$declined" sid=$SID wait=0 >/dev/null
	from $B type=discover >/dev/null
	for ((i = 0; i < 60; i++)); do
		ctl pool set lan lease $((60 + i)) || fail "not changed"
		sleep 0.6
	done
	same "the lease" "$(state_of "$ip")" expired
	same "what was declined" "$(state_of "$declined")" free
	same "the offer" "$(ctl -j pool show lan | grep -o '"offered":[0-9]*')" '"offered":0'
}

run_tests
