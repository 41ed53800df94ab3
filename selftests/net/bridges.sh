#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bridges, with and without br_netfilter, which has frames pass the hook that are none of ours, or that pass it again.
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"

# Others on the LAN hear a client's broadcast, and what they say to one another is none of our business.
bridge_goes_on() { # MODE
	local mac
	br_netfilter "$1"
	wire 0
	wire 1 oth
	bridge s0 s1
	pool br0
	mark
	listen_in_oth
	same "broadcast" "$(who c0)" "offer/$SID/c0/none/"
	same "heard by others" "$(heard_in_oth)" 1
	mac=$(mac_of oth c1)
	quiet "to a neighbour" c0 l2dst="$mac"
	same "heard by the neighbour" "$(heard_in_oth)" 2
	quiet "to a neighbour, our IP address" c0 l2dst="$mac" type=inform ciaddr=192.0.2.200 ipdst=$SID
	same "heard by the neighbour" "$(heard_in_oth)" 3
	ip -n srv link set br0 promisc on
	quiet "to a neighbour, and we listen" c0 l2dst="$mac"
	same "heard by the neighbour" "$(heard_in_oth)" 4
	ip -n srv link set br0 promisc off
	same "to us" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv br0)")" "ack/$SID/c0/none/"
	same "to our IP address in a broadcast" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID)" "ack/$SID/c0/none/"
	same "heard by others" "$(heard_in_oth)" 5
	same "counted once each" "$(counted rx-discover rx-inform tx-offer tx-ack)" \
		"rx-discover:1 rx-inform:2 tx-offer:1 tx-ack:2 "
}
test_H17_bridge_goes_on_absent_br_netfilter() { bridge_goes_on absent; }
test_H17_bridge_goes_on_call_iptables_0() { bridge_goes_on 0; }
test_H17_bridge_goes_on_call_iptables_1() { bridge_goes_on 1; }

test_H17_bridge_without_a_pool_is_left_alone() {
	br_netfilter 1
	wire 0
	wire 1 oth
	wire 2
	bridge s0 s1
	serve_at s2 198.51.100.1
	up srv s2
	pool s2 198.51.100
	listen_in_oth
	quiet "no pool" c0
	same "heard by others" "$(heard_in_oth)" 1
	same "the other link" "$(who c2)" offer/198.51.100.1/c2/none/
}

# What comes by a port is the bridge's; the port itself has no clients.
test_H17_bridge_port_as_pool_dev() {
	local mode
	wire 0
	bridge s0
	serve_at s0 198.51.100.1
	pool s0 198.51.100
	for mode in 1 0; do
		br_netfilter $mode
		quiet "a pool on the port, call-iptables $mode" c0
	done
	pool br0
	for mode in 1 0; do
		br_netfilter $mode
		same "a pool on both, call-iptables $mode" "$(who c0)" "offer/$SID/c0/none/"
	done
}

test_H17_port_leaves_its_bridge_and_comes_back() {
	wire 0
	bridge s0
	serve_at s0 198.51.100.1
	pool s0 198.51.100
	pool br0
	same "in the bridge" "$(who c0)" "offer/$SID/c0/none/"
	ip -n srv link set s0 nomaster
	same "by itself" "$(who c0)" offer/198.51.100.1/c0/none/
	ip -n srv link set s0 master br0
	up srv s0
	same "back" "$(who c0)" "offer/$SID/c0/none/"
}

# br_netfilter MODE and SETTING: with the latter it looks into tagged frames as well.
for_each_br_netfilter() { # COMMAND
	br_netfilter 0 && "$1" "call-iptables 0"
	br_netfilter 1 && "$1" "call-iptables 1"
	br_netfilter 1 filter-vlan-tagged=1 && "$1" "filter-vlan-tagged"
	br_netfilter 1 filter-vlan-tagged=1 pass-vlan-input-dev=1 && "$1" "pass-vlan-input-dev"
}

test_H17_vlan_on_bridge() {
	wire 0
	bridge s0
	vlan srv br0 10
	vlan srv br0 20
	serve_at br0.10 198.51.100.1
	serve_at br0.20 203.0.113.1
	up srv br0.10 br0.20
	pool br0
	pool br0.10 198.51.100
	for_each_br_netfilter ask_vlan_on_bridge
}
ask_vlan_on_bridge() {
	same "$1: no tag" "$(who c0)" "offer/$SID/c0/none/"
	same "$1: VLAN 10" "$(who c0 tags=8100.10)" offer/198.51.100.1/c0/8100.10/
	same "$1: VID 0" "$(who c0 tags=8100.0)" "offer/$SID/c0/none/"
	quiet "$1: VLAN 20 has no pool" c0 tags=8100.20
	quiet "$1: VLAN 30 is not there" c0 tags=8100.30
}

test_H17_bridge_on_vlan() {
	wire 0
	vlan srv s0 10
	bridge s0.10
	serve_at s0 198.51.100.1
	pool br0
	for_each_br_netfilter ask_bridge_on_vlan
}
ask_bridge_on_vlan() {
	same "$1: VLAN 10" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10/"
	quiet "$1: no tag" c0
}

# A port's VLAN is known to the bridge alone: its clients may not get the address of another VLAN.
test_H17_bridge_vlan_filtering() {
	wire 0
	wire 1
	bridge s0 s1
	ip -n srv link set br0 type bridge vlan_filtering 1
	bridge_vlan del dev s0 vid 1
	bridge_vlan add dev s0 vid 10 pvid untagged
	bridge_vlan add dev s1 vid 20
	bridge_vlan add dev br0 vid 10 self
	vlan srv br0 10
	vlan srv br0 20
	serve_at br0.10 198.51.100.1
	serve_at br0.20 203.0.113.1
	up srv br0.10 br0.20
	pool br0
	for_each_br_netfilter ask_filtering_bridge_untagged
	pool br0.10 198.51.100
	pool br0.20 203.0.113
	for_each_br_netfilter ask_filtering_bridge_tagged
}
bridge_vlan() { ip netns exec srv bridge vlan "$@" || fail "bridge vlan $*"; }
ask_filtering_bridge_untagged() {
	quiet "$1: VLAN 10 by its port, no pool" c0
	same "$1: VLAN 1 by its port" "$(who c1)" "offer/$SID/c1/none/"
}
ask_filtering_bridge_tagged() {
	same "$1: VLAN 10 by its port" "$(who c0)" offer/198.51.100.1/c0/none/
	same "$1: VLAN 1 by its port" "$(who c1)" "offer/$SID/c1/none/"
	quiet "$1: VLAN 10 by a port that has not got it" c1 tags=8100.10
	quiet "$1: VLAN 20, which the bridge itself has not got" c1 tags=8100.20
}

test_H17_macvlan_on_bridge() {
	wire 0
	bridge s0
	ip -n srv link add m0 link br0 type macvlan mode bridge || skip "this kernel has no macvlan"
	serve_at m0 198.51.100.1
	up srv m0
	pool m0 198.51.100
	for_each_br_netfilter ask_macvlan_on_bridge
}
ask_macvlan_on_bridge() { same "$1" "$(who c0)" offer/198.51.100.1/c0/none/; }

test_H17_bridge_in_vrf() {
	local mode
	wire 0
	bridge s0
	vrf br0
	pool br0
	mark
	for mode in 1 0; do
		br_netfilter $mode
		same "call-iptables $mode" "$(who c0)" "offer/$SID/c0/none/"
	done
	same "once" "$(counted rx-discover)" "rx-discover:2 "
}

run_link_tests
