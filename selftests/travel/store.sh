#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The store over hours, where waiting takes no time (scripts/vm --time-travel): how seldom it is needed.
. "$(dirname "$0")/lib.sh"
require_time_travel

SID=192.0.2.1
from() { cli dhcpc c0 mac=02:00:00:00:00:"$1" "${@:2}"; }	# CLIENT KEY...
bind() { # CLIENT: prints the address
	local ip
	ip=$(field yiaddr "$(from "$1" type=discover)")
	from "$1" type=request req="$ip" sid=$SID >/dev/null
	echo "$ip"
}
pool() { # LEASE
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 lease "$1" min-lease 1s || fail "no pool"
}
is() { [ "$(state_of "$1")" = "$2" ]; } # IP STATE
# renewed CLIENT IP N: at once
renewed() { same "renewal $3 of $1" "$(field type "$(from "$1" type=request ciaddr="$2" xid=$((1000 + $3)) wait=50)")" ack; }

# three_bound LEASE: clients with what is then in the caller's list "ip", all of it stored; three_renewed N: each at once
three_bound() {
	local i
	pool "$1"
	for i in 01 02 03; do
		ip+=("$(bind $i)")
	done
	wait_for 30 all_stored || fail "backlog"
}
three_renewed() {
	local i
	for i in 1 2 3; do
		renewed 0$i "${ip[i - 1]}" "$1"
	done
}

# Clients that renew at T1 for ten lease times: one write in two lease times for each, and nobody waits for it.
test_steady_state_writes_seldom() {
	local ip=() n before parked
	three_bound 10m
	before=$(counter committed)
	parked=$(counter parked)
	for n in $(seq 20); do
		sleep 300
		three_renewed "$n"
	done
	wait_for 30 all_stored || fail "backlog"
	note "$(($(counter committed) - before)) writes for 60 renewals"
	[ $(($(counter committed) - before)) -le 15 ] || fail "more than one write for each client in two lease times"
	same "nobody waited" "$(counter parked)" "$parked"
}

# A daemon that is stopped for a minute: every renewal inside the horizon is answered as always.
test_P5_a_minute_without_the_daemon() {
	local ip=() n
	three_bound 1m
	kill -STOP "$DAEMON"
	for n in $(seq 12); do
		sleep 5
		three_renewed "$n"
	done
	kill -CONT "$DAEMON"
	wait_for 30 all_stored || fail "backlog"
	renewed 01 "${ip[0]}" 99
}

# What was bound when the module went is in use until its horizon, three lease times and an eighth after it was written.
test_P1_in_use_until_the_horizon() {
	local ip
	pool 10m
	ip=$(bind 01)
	wait_for 30 all_stored || fail "backlog"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 is "$ip" bound || fail "not back"
	sleep 25m
	same "not before" "$(field yiaddr "$(from 02 type=discover req="$ip" wait=50)" | grep -c "^$ip\$")" 0
	sleep 7m
	same "then" "$(state_of "$ip")" expired
	same "and its own client's" "$(field yiaddr "$(from 01 type=discover)")" "$ip"
}

# asleep SECONDS: the machine is suspended, and woken by its clock
asleep() {
	local before after
	before=$(date +%s)
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo "+$1" >/sys/class/rtc/rtc0/wakealarm
	echo freeze >/sys/power/state || fail "it does not go to sleep"
	after=$(date +%s)
	[ $((after - before)) -ge "$1" ] || fail "it slept for $((after - before)) s, not $1"
}
expires() { date +%s -d "$(ctl -j lease show ip "$1" | grep -oP '"expires":"\K[^"]+')"; }

# Leases go on while the machine sleeps, and the store knows of it.
test_P1_suspended() {
	local ip expires
	pool 1h
	ip=$(bind 01)
	wait_for 30 all_stored || fail "backlog"
	expires=$(expires "$ip")
	asleep 3000
	same "bound" "$(state_of "$ip")" bound
	same "it ends when it did" "$(expires "$ip")" "$expires"
	asleep 700
	wait_for 5 is "$ip" expired || fail "not over: $(ctl -j lease show)"
	same "its own again" "$(bind 01)" "$ip"
	wait_for 30 all_stored || fail "the store was not told: $(ctl)"
	asleep 1000
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 is "$ip" bound || fail "not back"
	# The second lease was inside the first one's horizon, and needed no writing.
	same "until the horizon, two leases and an eighth after the first" "$(($(expires "$ip") - expires))" 7650
}

each_test() { no_pools; }

setup
run_tests
