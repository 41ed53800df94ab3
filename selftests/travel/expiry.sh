#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Time, where waiting takes none and working takes none either (scripts/vm --time-travel): what ends ends when it should.
. "$(dirname "$0")/lib.sh"
require_time_travel

SID=192.0.2.1
A=02:00:00:00:00:0a
B=02:00:00:00:00:0b
C=02:00:00:00:00:0c
from() { cli dhcpc c0 mac="$1" "${@:2}"; }	# MAC KEY...
bind() { # MAC [KEY...]: prints the address
	local ip
	ip=$(field yiaddr "$(from "$1" type=discover "${@:2}")")
	from "$1" type=request req="$ip" sid=$SID "${@:2}" >/dev/null
	echo "$ip"
}
one() { # a pool with one address; further words are added
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.10 min-lease 1s max-lease infinite "$@" ||
		fail "no pool"
}
uptime_cs() { tr -d . </proc/uptime | cut -d' ' -f1; }
# at CENTISECONDS: after the moment that START was set to
at() {
	local left=$((START + $1 - $(uptime_cs)))
	[ $left -ge 0 ] || fail "$left: too late for $1"
	sleep "$((left / 100)).$(printf %02d $((left % 100)))"
}
start() { START=$(uptime_cs); }
# nobody_until CENTISECONDS: up to then the only address is refused to B, from then on it is offered
nobody_until() {
	at $(($1 - 10))
	same "a tenth of a second before" "$(from $B type=discover req=192.0.2.10 wait=50)" silence
	at $(($1 + 1))
	same "then" "$(field yiaddr "$(from $B type=discover req=192.0.2.10)")" 192.0.2.10
}

test_C04_C05_an_offer_is_held() {
	one lease 1h
	from $A type=discover >/dev/null
	start
	same "held" "$(state_of 192.0.2.10)" offered
	nobody_until 3000
}

test_C05_an_offer_that_nobody_took_is_free() {
	one lease 1h
	from $A type=discover >/dev/null
	start
	at 3200
	same "free" "$(state_of 192.0.2.10)" free
}

test_D01_a_declined_address_rests() {
	one lease 1h decline-time 90
	bind $A >/dev/null
	from $A type=decline req=192.0.2.10 sid=$SID wait=0 >/dev/null
	start
	nobody_until 9000
}

# The client has asked for another address instead: it does not need the one before for as long as that was promised.
test_P1_an_address_that_is_left_rests_for_ten_minutes() {
	one lease 1d
	bind $A >/dev/null
	ctl host add box mac $A ip 192.0.2.20 || fail "no host"
	start
	same "its new address" "$(bind $A)" 192.0.2.20
	same "the one before" "$(state_of 192.0.2.10)" resting
	same "until" "$(ctl -j lease show ip 192.0.2.10 | grep -o '"until":"[^"]*"' | wc -l)" 1
	nobody_until 60000
	same "its client" "$(state_of 192.0.2.20)" bound
}

# Of two machines with one identifier one gets a reservation: the other one may use their address until the lease is over.
test_P1_an_address_that_two_machines_use_rests_until_its_end() {
	one lease 1h
	bind $A cid=010203 >/dev/null
	start
	same "the other one renews" "$(field type "$(from $B type=request ciaddr=192.0.2.10 cid=010203)")" ack
	ctl host add box mac $B ip 192.0.2.20 || fail "no host"
	same "its new address" "$(bind $B cid=010203)" 192.0.2.20
	same "the one before" "$(state_of 192.0.2.10)" resting
	at 100000
	same "after a quarter of an hour" "$(from $C type=discover req=192.0.2.10 wait=50)" silence
	at 360100
	same "after the lease" "$(field yiaddr "$(from $C type=discover req=192.0.2.10)")" 192.0.2.10
}

test_P1_an_address_that_is_left_rests_no_longer_than_its_lease() {
	one lease 100s
	start
	bind $A >/dev/null
	ctl host add box mac $A ip 192.0.2.20 || fail "no host"
	same "its new address" "$(bind $A)" 192.0.2.20
	nobody_until 10000
}

test_Q18_an_infinite_lease_never_ends() {
	one lease infinite
	bind $A >/dev/null
	sleep 30m
	same "still bound" "$(state_of 192.0.2.10)" bound
	same "refused" "$(from $B type=discover wait=50)" silence
}

test_Q18_the_longest_lease_that_ends() {
	one lease 1h
	bind $A lease=0xfffffffe >/dev/null
	sleep 30m
	same "still bound" "$(state_of 192.0.2.10)" bound
}

test_Q19_a_lease_ends_to_the_second() {
	one lease 60
	bind $A >/dev/null
	start
	nobody_until 6000
}

# Whoever asks for it gets it at that moment; in the pool's count it is free a second later at most.
test_Q19_free_for_everybody_within_a_second() {
	one lease 60
	bind $A >/dev/null
	start
	at 6120
	same "then" "$(field yiaddr "$(from $B type=discover wait=50)")" 192.0.2.10
}

test_Q19_lease_of_one_second() {
	one lease 1s
	bind $A >/dev/null
	start
	nobody_until 100
}

test_Q19_lease_longer_than_the_wheel() {
	one lease 20m
	bind $A >/dev/null
	start
	nobody_until 120000
}

test_Q19_renewed_in_time_goes_on() {
	one lease 60
	bind $A >/dev/null
	sleep 30
	same renewed "$(field lease "$(from $A type=request ciaddr=192.0.2.10)")" 60
	start
	nobody_until 6000
}

test_Q19_comes_back_to_what_it_had() {
	local ip
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.13 lease 60 min-lease 1s || fail "no pool"
	ip=$(bind $A)
	sleep 100
	same "expired" "$(state_of "$ip")" expired
	same "given to others last" "$(for i in 1 2 3; do bind 02:00:00:00:01:0$i; done | grep -c "^$ip\$")" 0
	same "its own" "$(field yiaddr "$(from $A type=discover)")" "$ip"
	sleep 32
	same "the offer was not taken: as before" "$(state_of "$ip")" expired
	same "and nobody else's yet" "$(field type "$(from $A type=request req="$ip")")" ack
}

test_Q19_not_renewable_after_the_end_by_anothers_hand() {
	one lease 60
	bind $A >/dev/null
	sleep 61
	same "taken by another" "$(bind $B)" 192.0.2.10
	same "too late" "$(field type "$(from $A type=request ciaddr=192.0.2.10)")" nak
}

# The kernel counts from boot: what the wall clock does is for people only.
test_X13_clock_steps() {
	local step now
	now=$(date +%s)
	for step in 31536000 -31536000; do
		no_pools
		one lease 60
		bind $A >/dev/null
		start
		date -s "@$((now + step))" >/dev/null
		same "still bound" "$(state_of 192.0.2.10)" bound
		nobody_until 6000
	done
	date -s "@$now" >/dev/null
}

test_events_and_counts_follow() {
	one lease 60
	ctl monitor >"$TMP/events" &
	local pid=$!
	PIDS+=("$pid")
	wait_for 5 test -e "$TMP/events"
	sleep 1
	bind $A >/dev/null
	sleep 62
	has event "$(cat "$TMP/events")" "expired"
	has "one free again" "$(ctl -j pool show lan)" '"free":1'
	kill $pid
}

each_test() { no_pools; }

setup
run_tests
