#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# P8: module, namespace and interface go away under traffic; the kernel's log, which the machine watches, stays clean.
. "$(dirname "$0")/../lib.sh"

ROUNDS=${TEST_ROUNDS:-8}

# Traffic until the file goes: new clients, and one that renews.
traffic() {
	touch "$TMP/traffic"
	while [ -e "$TMP/traffic" ]; do
		cli dhcpc c0 type=discover flood=200 2>/dev/null
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

answered() { ctl -j stats | grep -q '"tx-offer":[1-9]'; }

test_P8_interface_deleted_and_back() {
	local i
	lan
	start_traffic
	for i in $(seq "$ROUNDS"); do
		ip -n srv link del s0
		has "waits" "$(ctl -j pool show)" "waiting for interface"
		link_up
		wait_for 5 serving || fail "round $i: does not serve again"
	done
	stop_traffic
	no_pools
}

serving() { [ "$(field type "$(cli dhcpc c0 type=discover wait=300)")" = offer ]; }

test_P8_rmmod_and_back() {
	local i
	lan
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
	no_pools
	lan
	start_traffic
	for i in $(seq "$ROUNDS"); do
		ctl pool set lan range "192.0.2.$((10 + i))-192.0.2.$((100 + i))" || fail "set"
		ctl lease show >/dev/null
		ctl host add mac "02:00:00:00:09:0$i" ip "192.0.2.$((10 + i))" || fail "host"
		ctl pool show >/dev/null
	done
	serving || wait_for 5 serving || fail "does not serve"
	stop_traffic
}

test_P8_namespace_deleted() {
	local i pid
	pid=${PIDS[0]}
	start_traffic
	for i in 1 2 3; do
		kill "$pid"
		wait "$pid" 2>/dev/null
		ip netns del srv
		wait_for 5 srv_gone || fail "srv stays"
		stop_traffic
		ip netns del cli
		ip netns add srv
		ip netns add cli
		link_up
		srv dhcpkd -c /dev/null -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
		pid=$!
		wait_for 5 ctl config show || fail "no daemon"
		lan
		start_traffic
	done
	stop_traffic
	kill "$pid"
}

srv_gone() { ! [ -e /run/netns/srv ]; }

test_P5_daemon_killed_kernel_goes_on() {
	local pid
	ip netns del srv 2>/dev/null
	ip netns del cli 2>/dev/null
	ip netns add srv
	ip netns add cli
	link_up
	srv dhcpkd -c /dev/null -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	pid=$!
	wait_for 5 ctl config show || fail "no daemon"
	lan
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	serving || fail "silent without the daemon"
	has "reads go on" "$(ctl -j pool show 2>/dev/null)" '"name":"lan"'
}

setup
run_tests
