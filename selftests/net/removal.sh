#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# P8: module, namespace and interface go away under traffic; the kernel's log, which the machine watches, stays clean.
. "$(dirname "$0")/lib.sh"

ROUNDS=${TEST_ROUNDS:-4}

# Traffic until the file goes: new clients, and one that renews.
traffic() {
	touch "$TMP/traffic"
	while [ -e "$TMP/traffic" ]; do
		cli dhcpc c0 type=discover flood=200 xid="$FLOOD" 2>/dev/null
		cli dhcpc c0 type=discover wait=1 >/dev/null 2>&1
	done
}

start_traffic() {
	traffic &
	TRAFFIC=$!
	wait_for 5 answered
}

stop_traffic() {
	rm -f "$TMP/traffic"
	wait "$TRAFFIC" 2>/dev/null
}

# Room for every client that the flood invents while a test lasts
big_pool() { ctl pool add lan subnet 192.0.0.0/16 dev s0 || fail "no pool"; }

answered() { [[ $(ctl -j stats) =~ \"tx-offer\":[1-9] ]]; }

test_P8_interface_deleted_and_back() {
	local i
	big_pool
	start_traffic
	for i in $(seq "$ROUNDS"); do
		ip -n srv link del s0
		has "waits" "$(ctl -j pool show)" "waiting for interface"
		link_up
		wait_for 5 serving || fail "round $i: does not serve again"
	done
	stop_traffic
}

serving() { [ "$(field type "$(cli dhcpc c0 type=discover wait=300)")" = offer ]; }

test_P8_rmmod_and_back() {
	local i
	big_pool
	for i in $(seq "$ROUNDS"); do
		start_traffic
		rmmod dhcpk || fail "rmmod"
		insmod "$DHCPK_KO" || fail "insmod"
		wait_for 5 serving || fail "round $i: the daemon did not configure the new module"
		stop_traffic
	done
}

test_P8_reconfigured_under_traffic() {
	local i
	big_pool
	start_traffic
	for i in $(seq "$ROUNDS"); do
		ctl pool set lan range "192.0.2.$((10 + i))-192.0.$((100 + i)).9" || fail "set"
		ctl lease show >/dev/null
		ctl host add mac "02:00:00:00:09:0$i" ip "192.0.2.$((10 + i))" || fail "host"
		ctl pool show >/dev/null
	done
	serving || wait_for 5 serving || fail "does not serve"
	stop_traffic
}

test_P8_namespace_deleted() {
	local i
	for i in 1 2 3; do
		big_pool
		start_traffic
		stop_daemon
		ip netns del srv
		wait_for 5 c0_gone || fail "round $i: the namespace's interface stays"
		stop_traffic
		end_capture
		ip netns del cli
		network
		start_daemon
	done
}

# The peer of a veth goes with the namespace that it was in, and that happens after a grace period.
c0_gone() { ! ip -n cli link show c0; }

test_P5_daemon_killed_kernel_goes_on() {
	big_pool
	stop_daemon -KILL
	serving || fail "silent without the daemon"
	has "reads go on" "$(ctl -j pool show 2>/dev/null)" '"name":"lan"'
	case $(ctl pool add x subnet 198.51.100.0/24 2>&1) in *"dhcpkd does not answer"*) ;; *) fail "no word" ;; esac
	start_daemon
	serving || fail "a new daemon without a file silences the kernel"
	has "says so" "$(ctl)" "the kernel still runs the configuration of an earlier daemon (pools: lan)"
}

# shellcheck disable=SC2034 # lib.sh reads it
FRESH=1
run_tests
