#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whom a frame is for and what it looks like inside: checksums, fragments, pages, tags, several datagrams in one, and taps.
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"

# ---- whom a frame is for ----

test_H17_frame_for_another_host() {
	plain
	ip -n srv link set s0 promisc on
	quiet "a broadcast datagram" c0 l2dst=02:00:00:00:99:99
	quiet "our IP address" c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst=02:00:00:00:99:99
	same "ours" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv s0)")" "ack/$SID/c0/none/"
}

test_H17_our_address_in_a_broadcast_frame() {
	plain
	same "our address" "$(who c0 ipdst=$SID)" "offer/$SID/c0/none/"
	same "our subnet" "$(who c0 ipdst=192.0.2.255)" "offer/$SID/c0/none/"
	same "in a group's frame" "$(who c0 l2dst=01:00:5e:00:00:01)" "offer/$SID/c0/none/"
	quiet "another's address" c0 ipdst=192.0.2.200
	quiet "another network" c0 ipdst=198.51.100.255
}

test_X07_our_own_mac_is_not_answered() {
	plain
	quiet "our MAC" c0 src="$(mac_of srv s0)"
}

test_Q14_without_an_address_silence() {
	plain
	mark
	ip -n srv addr flush dev s0
	quiet "no address" c0
	same "counted" "$(counted drop-no-address)" "drop-no-address:1 "
	serve_at s0 192.0.2.2
	same "another address" "$(who c0)" offer/192.0.2.2/c0/none/
}

# ---- what a request may look like inside ----

test_H12_checksums() {
	plain
	same "none" "$(who c0)" "offer/$SID/c0/none/"
	same "right" "$(who c0 csum=good)" "offer/$SID/c0/none/"
	quiet "wrong" c0 csum=bad
	same "left to the device" "$(who c0 send=udp)" "offer/$SID/c0/none/"
}

test_H12_checksum_left_to_the_device_elsewhere() {
	br_netfilter 1
	wire 0
	bridge s0
	vlan srv br0 10
	vlan cli c0 10
	serve_at br0.10 198.51.100.1
	up srv br0.10
	pool br0
	pool br0.10 198.51.100
	same "bridge" "$(who c0 send=udp)" "offer/$SID/c0/none/"
	has "VLAN" "$(who c0.10 send=udp)" "offer/198.51.100.1/c0.10/none/"
}

# An skb that holds several datagrams is not taken apart here, and whatever it holds does no harm.
test_H16_gso_is_passed_by() {
	plain
	quiet "two in one" c0 send=udp gso=1
	same "afterwards" "$(who c0)" "offer/$SID/c0/none/"
}

test_H16_fragments() {
	local at
	plain
	mark
	for at in 8 16 240 256 296; do
		same "in pieces, $at bytes first" "$(who c0 frag=$at xid=$at csum=good)" "offer/$SID/c0/none/"
	done
	same "each counts once" "$(counted rx-discover drop-parse-failed)" "rx-discover:5 drop-parse-failed:0 "
	same "whole" "$(who c0)" "offer/$SID/c0/none/"
	# Connection tracking puts them together before they come to us.
	require_prog nft
	srv nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; ct state new accept; }; }'
	for at in 8 16 240 256 296; do
		same "put together, $at bytes first" "$(who c0 frag=$at xid=$at csum=good)" "offer/$SID/c0/none/"
	done
	srv nft delete table ip t
}

# The messages of a relay, which come in pieces where its option 82 is long.
test_S22_fragments_of_a_relay() {
	local at
	plain
	ctl pool add far subnet 203.0.113.0/24 || fail "no pool"
	ip -n srv route add 203.0.113.0/24 via 192.0.2.3 dev s0
	ip -n srv neigh replace 192.0.2.3 lladdr "$(mac_of cli c0)" dev s0 nud permanent
	for at in 8 240 296; do
		has "$at bytes first" "$(cli dhcpc c0 any=1 giaddr=203.0.113.1 ipsrc=203.0.113.1 ipdst=$SID l2dst="$(mac_of srv s0)" sport=67 \
			frag=$at xid=$at csum=good)" "giaddr=203.0.113.1"
	done
	ip -n srv route del 203.0.113.0/24
	ip -n srv neigh del 192.0.2.3 dev s0
}

# What a program has looked at (an intrusion detection, say) comes to us in that program's system call.
test_H16_after_a_queue() {
	local i
	plain
	modprobe -q nft_queue nfnetlink_queue
	within srv queue 7 >"$TMP/queue" 2>&1 &
	PIDS+=($!)
	wait_for 10 grep -q listening "$TMP/queue" || fail "$(cat "$TMP/queue")"
	same "without it" "$(who c0)" "offer/$SID/c0/none/"
	require_prog nft
	srv nft -f - <<<'table ip t { chain c { type filter hook prerouting priority raw; udp dport 67 counter queue to 7; }; }'
	for i in 1 2 3; do
		same "round $i" "$(who c0 xid="$i")" "offer/$SID/c0/none/"
	done
	has "all by the queue" "$(srv nft list chain ip t c)" "packets 3 "
	srv nft delete table ip t
}

test_X02_nonlinear() {
	plain
	same "all in pages" "$(who c0 send=ring)" "offer/$SID/c0/none/"
	same "with a checksum" "$(who c0 send=ring csum=good)" "offer/$SID/c0/none/"
	quiet "with a wrong one" c0 send=ring csum=bad
	quiet "cut off" c0 send=ring len=239
	same "tagged, with VID 0" "$(who c0 send=ring tags=8100.0)" "offer/$SID/c0/none/"
}

# ---- taps ----

tap() { # DEV: tcpdump's lines go to $TMP/tap
	srv tcpdump -Z root --immediate-mode -lnei "$1" udp port 67 or udp port 68 >"$TMP/tap" 2>"$TMP/tap.err" &
	TAP=$!
	wait_for 20 grep -q 'listening on' "$TMP/tap.err" || fail "tcpdump: $(cat "$TMP/tap.err")"
}
# A message that nobody answers comes last: by then the tap has all that were before it.
tap_ends() { # REQUESTS REPLIES
	cli dhcpc c0 type=none mac=02:00:00:00:00:99 wait=0
	wait_for 5 grep -q 'Request from 02:00:00:00:00:99' "$TMP/tap" || fail "the tap has: $(cat "$TMP/tap")"
	kill "$TAP"
	wait "$TAP" 2>/dev/null
	same "requests" "$(grep -c 'BOOTP/DHCP, Request from 02:00:00:00:00:01' "$TMP/tap")" "$1"
	same "replies" "$(grep -c 'BOOTP/DHCP, Reply' "$TMP/tap")" "$2"
}

test_H17_taps_see_both_ways() {
	plain
	tap s0
	same "with a clone in a tap" "$(who c0)" "offer/$SID/c0/none/"
	same "with a clone in a tap" "$(who c0 flags=0x8000)" "offer/$SID/c0/none/"
	same "with a clone of pages in a tap" "$(who c0 send=ring)" "offer/$SID/c0/none/"
	tap_ends 3 3
}

test_H17_taps_of_a_bridge_see_both_ways() {
	br_netfilter 1
	wire 0
	bridge s0
	pool br0
	tap br0
	same "with a clone in a tap" "$(who c0)" "offer/$SID/c0/none/"
	same "to us" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv br0)")" "ack/$SID/c0/none/"
	tap_ends 2 2
}

run_link_tests
