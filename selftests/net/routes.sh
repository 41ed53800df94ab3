#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The way back to a relay: by the routing table, once, whatever the request came in by, and never to the client.
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"

# relay DEV KEY...: what a relay's DISCOVER is answered with: TYPE/SOURCE/DESTINATION/PORT/INTERFACE/TAGS/L2DST/
relay() {
	cli dhcpc "$1" "${@:2}" type=discover giaddr=$GIADDR ipsrc=$GIADDR sport=67 any=1 all=1 more=10 wait="${WAIT:-1000}" \
		mac="$MAC" src="$FROM" | pick type ipsrc ipdst dport if tags l2dst
}
quiet_relay() { same "$1" "$(WAIT=100 relay "${@:2}")" silence; } # WHAT DEV KEY...

by() { echo "offer/${2:-$SID}/$GIADDR/67/$1/${3:-none}/${NEXT_HOP//:/}/"; } # INTERFACE [SOURCE [TAGS]]

# Two links, the way to the relay by the second; further words are the pool's
two_links() {
	wire 0
	wire 1
	serve_at s0
	serve_at s1 198.51.100.1
	up srv s0 s1
	route_far s1 198.51.100.3
	far "$@"
}

test_H03_reply_to_a_relay_leaves_by_the_route() {
	local to_s0 to_s1
	two_links via s0 via s1
	mark
	to_s0=l2dst=$(mac_of srv s0) to_s1=l2dst=$(mac_of srv s1)
	same "to all" "$(relay c0)" "$(by c1)"
	same "to us" "$(relay c0 ipdst=$SID "$to_s0")" "$(by c1)"
	same "to our other address" "$(relay c0 ipdst=198.51.100.1 "$to_s0")" "$(by c1 198.51.100.1)"
	same "to all, by the other link" "$(relay c1)" "$(by c1 198.51.100.1)"
	same "to us, by the other link" "$(relay c1 ipdst=$SID "$to_s1")" "$(by c1)"
	pool s0
	same "where there is another pool" "$(relay c0)" "$(by c1)"
	same "the pool's own clients" "$(who c0)" "offer/$SID/c0/none/"
	same "counted once each" "$(counted rx-discover tx-offer)" "rx-discover:7 tx-offer:7 "
}

test_H03_relay_is_asked_for_its_hardware_address() {
	two_links via s0 via s1
	ip -n srv neigh del 198.51.100.3 dev s1
	ip -n cli addr add 198.51.100.3/24 dev c1
	NEXT_HOP=$(mac_of cli c1)
	same "answered by ARP" "$(relay c0)" "$(by c1)"
}

test_H03_no_way_to_the_relay() {
	two_links via s0 via s1
	mark
	ip -n srv route del 203.0.113.0/24
	quiet_relay "no route" c0
	ip -n srv route add blackhole 203.0.113.0/24
	quiet_relay "a black hole" c0
	same "counted" "$(counted drop-tx-failed)" "drop-tx-failed:2 "
	ip -n srv route del blackhole 203.0.113.0/24
	route_far s1 198.51.100.3
	ip -n srv link set s1 down
	quiet_relay "the link is down" c0
	ip -n srv link set s1 up
	up srv s1
	route_far s1 198.51.100.3
	same "afterwards" "$(relay c0)" "$(by c1)"
}

# Else whoever can send to any interface could have us write to whomever he likes.
test_X06_no_relay_is_where_its_way_back_does_not_lead() {
	two_links
	mark
	quiet_relay "by another link" c0
	same "by the way back" "$(relay c1)" "$(by c1 198.51.100.1)"
	same "counted" "$(counted drop-wrong-way rx-discover)" "drop-wrong-way:1 rx-discover:1 "
	quiet_relay "nor by another link with option 82" c0 opt=52080504cb0071001300
	ctl pool set far via s0
	same "an interface that it names" "$(relay c0)" "$(by c1)"
	quiet_relay "none but that" c1
	ctl pool set far no via
	ip -n srv neigh replace 192.0.2.3 lladdr $NEXT_HOP dev s0 nud permanent
	if ip -n srv route replace 203.0.113.0/24 nexthop via 192.0.2.3 dev s0 nexthop via 198.51.100.3 dev s1 2>/dev/null; then
		has "one of two ways" "$(relay c0)" "offer/"
		has "the other one" "$(relay c1)" "offer/"
	else
		echo "# this kernel knows no two ways to one net"
	fi
	ip -n srv route del 203.0.113.0/24
	quiet_relay "no way" c1
}

# A client behind routers: what it has said comes by the way to it, or by an interface that "via" names.
test_X06_no_client_is_where_its_way_back_does_not_lead() {
	local ip
	two_links
	ip=$(field yiaddr "$(cli dhcpc c1 type=discover giaddr=$GIADDR ipsrc=$GIADDR sport=67 any=1 mac="$MAC" src="$FROM")")
	cli dhcpc c1 type=request req="$ip" sid=198.51.100.1 giaddr=$GIADDR ipsrc=$GIADDR sport=67 any=1 mac="$MAC" src="$FROM" >/dev/null
	same "bound" "$(state_of "$ip")" bound
	mark
	quiet "a RELEASE by another link" c0 type=release ciaddr="$ip" ipdst=$SID sid=198.51.100.1 l2dst="$(mac_of srv s0)"
	same "still bound" "$(state_of "$ip") $(counted drop-wrong-way)" "bound drop-wrong-way:1 "
	has "a renewal by the way back" "$(cli dhcpc c1 type=request ciaddr="$ip" ipdst=198.51.100.1 any=1 mac="$MAC" \
		l2dst="$(mac_of srv s1)" src="$FROM")" "ack"
	quiet "a RELEASE by the way back" c1 type=release ciaddr="$ip" ipdst=198.51.100.1 sid=198.51.100.1 l2dst="$(mac_of srv s1)"
	same "given back" "$(state_of "$ip")" released
}

# Such a giaddr would make of one frame one for every host.
test_X08_giaddr_of_many() {
	local giaddr
	two_links via s0 via s1
	pool s0
	pool s1 198.51.100
	for giaddr in 192.0.2.255 198.51.100.255 192.0.2.0; do
		quiet "giaddr $giaddr" c0 giaddr=$giaddr
	done
	quiet "a client that says it is everybody" c0 type=inform ciaddr=198.51.100.255 ipdst=$SID \
		l2dst="$(mac_of srv s0)"
	same "afterwards" "$(relay c0)" "$(by c1)"
}

test_H03_giaddr_of_ours() {
	two_links via s0 via s1
	pool s0
	mark
	quiet "our own address" c0 giaddr=$SID
	same "no loop" "$(counted rx-discover tx-offer drop-wrong-way)" "rx-discover:0 tx-offer:0 drop-wrong-way:1 "
}

# What another server is to answer, or another relay to pass on, goes on its way.
test_H03_another_giaddr_is_left_alone() {
	two_links via s0 via s1
	pool s0
	srv nft -f - <<<'table ip t { chain c { type filter hook input priority 0; udp dport 67 counter; }; }'
	quiet "another link's" c0 giaddr=198.18.0.7
	has "heard" "$(srv nft list chain ip t c)" "packets 1 "
	same "a link of ours" "$(relay c0)" "$(by c1)"
	has "not heard" "$(srv nft list chain ip t c)" "packets 1 "
	srv nft delete table ip t
}

test_H03_vlan() {
	wire 0
	vlan srv s0 10
	vlan srv s0 20
	serve_at s0.10
	serve_at s0.20 198.51.100.1
	up srv s0.10 s0.20
	route_far s0.20 198.51.100.3
	far via s0.10
	same "by another VLAN" "$(relay c0 tags=8100.10)" "$(by c0 $SID 8100.20)"
	route_far s0.10
	ip -n srv route del 203.0.113.0/24 dev s0.20 2>/dev/null
	same "by the same" "$(relay c0 tags=8100.10)" "$(by c0 $SID 8100.10)"
}

# Each of the two tables has a way to the same address.
test_H03_vrf() {
	wire 0
	wire 1
	wire 2
	vrf s0 s2
	serve_at s0
	serve_at s1 198.51.100.1
	serve_at s2 198.18.0.1
	up srv s0 s1 s2
	TABLE=10 route_far s2 198.18.0.3
	route_far s1 198.51.100.3
	far via s0 via s1
	same "in the VRF" "$(relay c0)" "$(by c2)"
	same "in the VRF, to us" "$(relay c0 ipdst=$SID l2dst="$(mac_of srv s0)")" "$(by c2)"
	same "outside" "$(relay c1)" "$(by c1 198.51.100.1)"
	quiet_relay "an address of the other's" c0 ipdst=198.51.100.1 l2dst="$(mac_of srv s0)"
	ip -n srv route del 203.0.113.0/24 table 10
	mark
	quiet_relay "the VRF has no route" c0
	same "counted" "$(counted drop-tx-failed)" "drop-tx-failed:1 "
}

# Each interface of a VRF is one by itself.
test_X06_in_a_vrf_the_way_back_is_by_one_interface() {
	wire 0
	wire 2
	vrf s0 s2
	serve_at s0
	serve_at s2 198.18.0.1
	up srv s0 s2
	TABLE=10 route_far s2 198.18.0.3
	far
	mark
	quiet_relay "by another one" c0
	same "counted" "$(counted drop-wrong-way)" "drop-wrong-way:1 "
	same "by that one" "$(relay c2)" "$(by c2 198.18.0.1)"
}

run_link_tests
