#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where replies go, over every kind of interface: one answer, by the interface that the request came in by, to where
# RFC 2131 section 4.1 says; to a relay by the routing table; none where there is no pool.
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"

# ---- every kind of message ----

# The matrix is message type × giaddr × ciaddr × flags × chaddr, and whether it comes to all or to us. Each case is a line
# of input for dhcpc in ASKED; WANT has what is to be seen of it, once at each place in SEEN. An xid is a case's number.
ALL=255.255.255.255
FF=ffffffffffff

wanted=(xid if tags type ipsrc l2src ipdst l2dst dport giaddr flags csum)

# ask TYPE IPDST L2DST PORT GIADDR FLAGS KEY...: and this is to be the answer
ask() {
	local at
	n=$((n + 1))
	ASKED+="xid=$n ${*:7}"$'\n'
	for at in "${SEEN[@]}"; do
		WANT+="$n/$at/$1/$SID/$OURS/$2/${3//:/}/$4/$5/$6/ok/"$'\n'
	done
}

ask_in_vain() { # KEY...
	n=$((n + 1))
	ASKED+="xid=$n wait=0 $*"$'\n'
}

# direct CHADDR USABLE ADDRESS [KEY...]: a client on the link
direct() {
	local flags keys to l2 at
	for flags in 0000 8000 7fff; do
		keys="mac=$1 cid=00${3//./} flags=0x$flags ${*:4}"
		to=$3 l2=$1 at="68 0.0.0.0 $flags"
		if [ $flags = 8000 ] || [ "$2" = no ]; then to=$ALL l2=$FF; fi
		# shellcheck disable=SC2086 # words
		{
			ask offer "$to" "$l2" $at type=discover req="$3" $keys
			ask offer 192.0.2.200 $FROM $at type=discover req="$3" ciaddr=192.0.2.200 $keys
			ask ack "$to" "$l2" $at type=request req="$3" sid=$SID $keys
			ask ack "$to" "$l2" $at type=request req="$3" $keys
			ask ack "$3" $FROM $at type=request ciaddr="$3" $keys
			ask ack 192.0.2.201 $FROM $at type=inform ciaddr=192.0.2.201 $keys
			ask nak $ALL $FF $at type=request req=198.51.100.7 $keys
			ask nak $ALL $FF $at type=request ciaddr=198.51.100.7 $keys
		}
	done
}

# relayed CHADDR ADDRESS [KEY...]: a client behind a relay, whatever it says of itself
relayed() {
	local flags keys at to_us="ipdst=$SID l2dst=$OURS"
	for flags in 0000 8000; do
		for keys in "$to_us" ""; do
			keys+=" mac=$1 cid=00${2//./} flags=0x$flags sport=67 ipsrc=$GIADDR ${*:3}"
			at="$GIADDR $NEXT_HOP 67 $GIADDR"
			# shellcheck disable=SC2086
			{
				ask offer $at $flags giaddr=$GIADDR type=discover req="$2" $keys
				ask offer $at $flags giaddr=$GIADDR type=discover req="$2" ciaddr=203.0.113.200 $keys
				ask ack $at $flags giaddr=$GIADDR type=request req="$2" sid=$SID $keys
				ask ack $at $flags giaddr=$GIADDR type=request req="$2" $keys
				ask ack $at $flags giaddr=$GIADDR type=request ciaddr="$2" $keys
				ask ack $at $flags giaddr=$GIADDR type=inform ciaddr=203.0.113.201 $keys
				ask nak $at 8000 giaddr=$GIADDR type=request req=192.0.2.21 $keys
				ask nak $at 8000 giaddr=$GIADDR type=request ciaddr=192.0.2.21 $keys
				ask_in_vain giaddr=198.51.100.1 type=discover req="$2" $keys
				ask_in_vain giaddr=198.51.100.1 type=request req="$2" sid=$SID $keys
				ask_in_vain giaddr=198.51.100.1 type=request req="$2" $keys
				ask_in_vain giaddr=198.51.100.1 type=request ciaddr="$2" $keys
				ask_in_vain giaddr=198.51.100.1 type=inform ciaddr="$2" $keys
			}
		done
		# The client itself, through routers
		keys="mac=$1 cid=00${2//./} flags=0x$flags $to_us ${*:3}"
		# shellcheck disable=SC2086
		{
			ask ack "$2" $NEXT_HOP 68 0.0.0.0 $flags type=request ciaddr="$2" $keys
			ask ack 203.0.113.201 $NEXT_HOP 68 0.0.0.0 $flags type=inform ciaddr=203.0.113.201 $keys
		}
	done
}

# matrix SERVER-DEV CLIENT-DEV SEEN...: each frame is seen at SEEN (INTERFACE/TAGS), and there is no other
matrix() {
	local n=0 ASKED='' WANT='' SEEN=("${@:3}") OURS xid
	OURS=$(mac_of srv "$1")
	OURS=${OURS//:/}
	far
	route_far "$1"
	direct $MAC yes 192.0.2.21
	direct 00:00:00:00:00:00 no 192.0.2.22
	direct 03:00:00:00:00:01 no 192.0.2.23
	direct ff:ff:ff:ff:ff:ff no 192.0.2.24
	direct "$OURS" no 192.0.2.25
	direct $MAC no 192.0.2.26 hlen=0
	direct $MAC no 192.0.2.27 htype=32
	relayed $MAC 203.0.113.21
	relayed 00:00:00:00:00:00 203.0.113.22
	relayed ff:ff:ff:ff:ff:ff 203.0.113.23
	relayed "$OURS" 203.0.113.24
	relayed $MAC 203.0.113.25 htype=32
	# What comes late is heard by the last one.
	ASKED+="xid=0 type=none wait=200 more=200"
	cli dhcpc "$2" - any=1 all=1 more=0 src=$FROM <<<"$ASKED" >"$TMP/heard"
	pick "${wanted[@]}" <"$TMP/heard" | grep -v silence | sort >"$TMP/got"
	sort <<<"${WANT%$'\n'}" | diff - "$TMP/got" >"$TMP/diff" && return
	note "$(IFS=/; echo "${wanted[*]}")"
	note "$(grep '^[<>]' "$TMP/diff" | sort -snk1.3 | head -n 10)"
	xid=$(sed -n 's|^[<>] \([0-9]*\)/.*|\1|p' "$TMP/diff" | sort -n | head -n 1)
	fail "the first was: $(grep "^xid=$xid " <<<"$ASKED")"
}

# ---- where replies go ----

test_H01_H02_H03_plain() {
	plain
	matrix s0 c0 c0/none
}

test_H01_H02_H03_vlan() {
	wire 0
	vlan srv s0 10
	vlan cli c0 10
	ip -n srv link set s0.10 address 02:00:00:00:0a:10
	serve_at s0.10
	up srv s0.10
	pool s0.10
	matrix s0.10 c0.10 c0/8100.10 c0.10/none
}

test_H01_H02_H03_qinq() {
	wire 0
	vlan srv s0 100 802.1ad
	vlan srv s0.100 200
	vlan cli c0 100 802.1ad
	vlan cli c0.100 200
	serve_at s0.100.200
	up srv s0.100.200
	pool s0.100.200
	matrix s0.100.200 c0.100.200 c0/88a8.100/8100.200 c0.100/8100.200 c0.100.200/none
}

bridge_matrix() { # MODE
	br_netfilter "$1"
	wire 0
	wire 1 oth
	bridge s0 s1
	pool br0
	matrix br0 c0 c0/none
}
test_H01_H02_H03_bridge_absent_br_netfilter() { bridge_matrix absent; }
test_H01_H02_H03_bridge_call_iptables_0() { bridge_matrix 0; }
test_H01_H02_H03_bridge_call_iptables_1() { bridge_matrix 1; }

bond() { # MODE
	modprobe -q bonding max_bonds=0
	wire 0
	wire 1
	ip -n srv link add bond0 type bond mode "$1" miimon 50 || skip "this kernel has no bonding"
	ip -n srv link set s0 down
	ip -n srv link set s1 down
	ip -n srv link set s0 master bond0
	ip -n srv link set s1 master bond0
	serve_at bond0
	up srv bond0 s0 s1
	wait_for 5 bond_has_ports || fail "bond0 does not see its ports"
	pool bond0
}
bond_has_ports() { [ "$(srv grep -c 'MII Status: up' /proc/net/bonding/bond0)" = 3 ]; }

test_H01_H02_H03_bond() {
	bond active-backup
	ip netns exec srv sh -c 'echo s0 >/sys/class/net/bond0/bonding/active_slave'
	matrix bond0 c0 c0/none
	# A switch floods a broadcast into both ports: what comes by the port at rest is the bond's to drop.
	quiet "the port at rest" c1
	ip -n cli link set c0 down
	wait_for 5 failed_over || fail "the other port does not take over"
}
failed_over() { [ "$(who c1)" = "offer/$SID/c1/none/" ]; }

# By whichever port the bond chooses
test_H17_bond_balance_one_answer() {
	local port got
	bond balance-xor
	for port in c0 c1; do
		got=$(who $port)
		same "by $port" "${got/c1/c0}" "offer/$SID/c0/none/"
	done
}

test_H01_H02_H03_macvlan() {
	wire 0
	ip -n srv link add m0 link s0 type macvlan mode bridge || skip "this kernel has no macvlan"
	ip -n srv link add m1 link s0 type macvlan mode bridge
	serve_at m0
	up srv m0 m1
	pool m0
	matrix m0 c0 c0/none
}

test_H01_H02_H03_vxlan() {
	wire 0
	serve_at s0 198.18.0.1
	ip -n cli addr add 198.18.0.2/24 dev c0
	ip -n srv link add vx0 type vxlan id 5 remote 198.18.0.2 dstport 4789 dev s0 || skip "this kernel has no VXLAN"
	ip -n cli link add vx1 type vxlan id 5 remote 198.18.0.1 dstport 4789 dev c0
	serve_at vx0
	up cli vx1
	up srv s0 vx0
	pool vx0
	matrix vx0 vx1 vx1/none
	quiet "outside of the tunnel" c0
}

test_H01_H02_H03_vrf_slave() {
	wire 0
	vrf s0
	serve_at s0
	pool s0
	TABLE=10 matrix s0 c0 c0/none
}

# ---- which link a request is from ----

test_H17_vrf_master_serves_nobody() {
	wire 0
	wire 1
	vrf s0
	serve_at s0
	serve_at s1 198.51.100.1
	ip -n srv addr add 203.0.113.1/24 dev red
	up srv s0 s1
	has "said when it is typed" "$(ctl pool add red subnet 203.0.113.0/24 dev red lease 1h 2>&1)" \
		"pool red: red is a VRF, and nothing arrives by that: name an interface in it"
	has "and shown" "$(ctl -j pool show red)" '"state":"is a VRF"'
	mark
	quiet "a slave" c0
	quiet "a stranger" c1
	same "untouched, not refused" "$(counted rx-discover)" "rx-discover:0 "
	ctl pool del red
	pool s0
	ctl pool add red subnet 203.0.113.0/24 dev red lease 1h
	same "both have a pool" "$(who c0)" "offer/$SID/c0/none/"
}

test_H17_vlan_trunk_each_its_own_pool() {
	wire 0
	vlan srv s0 10
	vlan srv s0 20
	vlan srv s0 30
	serve_at s0
	serve_at s0.10 198.51.100.1
	serve_at s0.20 203.0.113.1
	serve_at s0.30 198.18.0.1
	up srv s0 s0.10 s0.20 s0.30
	pool s0.10 198.51.100
	pool s0.20 203.0.113
	same "VLAN 10" "$(who c0 tags=8100.10)" offer/198.51.100.1/c0/8100.10/
	same "VLAN 20, with VLAN 10's address" "$(who c0 tags=8100.20 req=198.51.100.20)" offer/203.0.113.1/c0/8100.20/
	same "VLAN 10's own address in VLAN 20" "$(who c0 type=request tags=8100.20 req=198.51.100.10)" \
		nak/203.0.113.1/c0/8100.20/
	quiet "no tag, no pool" c0
	quiet "VLAN 30 has no pool" c0 tags=8100.30
	quiet "VLAN 40 is not there" c0 tags=8100.40
	quiet "another kind of tag" c0 tags=88a8.10
	quiet "a tag in the tag" c0 tags=8100.10/8100.20
	pool s0
	same "no tag" "$(who c0)" "offer/$SID/c0/none/"
	quiet "VLAN 40 is still not there" c0 tags=8100.40
}

test_H17_priority_tag() {
	wire 0
	vlan srv s0 10
	serve_at s0
	serve_at s0.10 198.51.100.1
	up srv s0 s0.10
	pool s0.10 198.51.100
	quiet "VID 0 is no VLAN" c0 tags=8100.0
	same "VLAN 10 in VID 0" "$(who c0 tags=8100.0/8100.10)" offer/198.51.100.1/c0/8100.10/
	pool s0
	same "VID 0" "$(who c0 tags=8100.0)" "offer/$SID/c0/none/"
	same "priority 7" "$(who c0 tags=8100.57344)" "offer/$SID/c0/none/"
	same "VLAN 10 with a priority" "$(who c0 tags=8100.57354)" offer/198.51.100.1/c0/8100.10/
}

test_H17_qinq_outer_and_inner() {
	wire 0
	vlan srv s0 100 802.1ad
	vlan srv s0.100 200
	vlan srv s0 200
	serve_at s0.100 198.51.100.1
	serve_at s0.100.200
	serve_at s0.200 203.0.113.1
	up srv s0.100 s0.100.200 s0.200
	pool s0.100.200
	same "both tags" "$(who c0 tags=88a8.100/8100.200)" "offer/$SID/c0/88a8.100/8100.200/"
	quiet "the outer one" c0 tags=88a8.100
	quiet "the inner one" c0 tags=8100.200
	quiet "of the other kind" c0 tags=8100.100/8100.200
	pool s0.100 198.51.100
	same "the outer one's pool" "$(who c0 tags=88a8.100)" offer/198.51.100.1/c0/88a8.100/
}

test_H17_macvlan_only_the_one_with_a_pool() {
	wire 0
	ip -n srv link add m0 link s0 type macvlan mode bridge || skip "this kernel has no macvlan"
	ip -n srv link add m1 link s0 type macvlan mode bridge
	ip -n srv link set m1 netns cli
	serve_at s0 198.51.100.1
	serve_at m0
	up srv s0 m0
	up cli m1
	pool m0
	same "from the wire" "$(who c0)" "offer/$SID/c0/none/"
	# The neighbour's reply to everybody leaves by the wire too.
	same "from a neighbour" "$(who m1 flags=0x8000 | sort)" "offer/$SID/c0/none/"$'\n'"offer/$SID/m1/none/"
	same "to m0 itself" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv m0)")" \
		"ack/$SID/c0/none/"
	quiet "to the device below" c0 type=inform ciaddr=192.0.2.200 l2dst="$(mac_of srv s0)"
	ctl pool del m0
	pool s0 198.51.100
	same "the device below" "$(who c0)" offer/198.51.100.1/c0/none/
}

test_H17_renamed_deleted_recreated() {
	local i
	wire 0
	vlan srv s0 10
	serve_at s0.10
	up srv s0.10
	pool s0.10
	for i in 1 2; do
		same "round $i" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10/"
		rename s0.10 other
		quiet "renamed away" c0 tags=8100.10
		rename other s0.10
		same "renamed back" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10/"
		ip -n srv link del s0.10
		quiet "deleted" c0 tags=8100.10
		vlan srv s0 10
		serve_at s0.10
		up srv s0.10
	done
	# A name that another interface takes over
	rename s0.10 old
	vlan srv s0 20
	rename s0.20 s0.10
	serve_at s0.10
	quiet "the old one" c0 tags=8100.10
	same "the new one" "$(who c0 tags=8100.20)" "offer/$SID/c0/8100.20/"
}

rename() { ip -n srv -batch - <<<"link set $1 down"$'\n'"link set $1 name $2 up" || fail "no $2"; }

run_link_tests
