#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where replies go, over every kind of interface: one answer, by the interface that the request came in by, to where
# RFC 2131 section 4.1 says; none where there is no pool.
#
#   srv                                    cli
#   s0, or what stands on it ─────────── c0, or what stands on it
#   s1 (a second port) ───────────────── c1, in cli or in a third namespace, oth
. "$(dirname "$0")/../lib.sh"

SID=192.0.2.1
FROM=02:00:00:00:00:5c # the frames' source; not the hardware address in the messages
MAC=02:00:00:00:00:01

oth() { ip netns exec oth "$@"; }

# ---- networks ----

wire() { # N [NAMESPACE]: sN in srv, cN in the other
	ip link add "s$1" netns srv type veth peer name "c$1" netns "${2:-cli}"
	ip -n srv link set "s$1" up
	ip -n "${2:-cli}" link set "c$1" up
}

serve_at() { ip -n srv addr add "${2:-$SID}/24" dev "$1"; } # DEV [ADDRESS]

up() { # NAMESPACE DEV...
	local ns=$1 dev
	shift
	for dev in "$@"; do
		ip -n "$ns" link set "$dev" up
	done
	wait_for 5 all_ready || fail "not all links come up"
}

# A link whose carrier has come may still be without its queue, and then it loses what is sent.
all_ready() {
	local ns
	for ns in srv cli oth; do
		! ip -n "$ns" -o link show up | grep -qE 'qdisc noop |NO-CARRIER|LOWERLAYERDOWN' || return
	done
}

vlan() { # NAMESPACE PARENT VID [PROTOCOL]: the interface PARENT.VID
	ip -n "$1" link add "$2.$3" link "$2" type vlan protocol "${4:-802.1q}" id "$3"
	ip -n "$1" link set "$2.$3" up
}

bridge() { # DEV... : br0 over them
	local dev
	ip -n srv link add br0 type bridge
	for dev in "$@"; do
		ip -n srv link set "$dev" master br0
	done
	serve_at br0
	up srv br0
}

# br_netfilter MODE [SETTING...]: absent (as far as the kernel has it as a module), 0 or 1
br_netfilter() {
	local setting
	if [ "$1" = absent ]; then
		modprobe -qr br_netfilter || [ ! -e /proc/sys/net/bridge ] || br_netfilter 0
		return
	fi
	modprobe -q br_netfilter
	for setting in "call-iptables=$1" filter-vlan-tagged=0 pass-vlan-input-dev=0 "${@:2}"; do
		srv sysctl -qw "net.bridge.bridge-nf-$setting" || fail "no br_netfilter"
	done
}

# pool DEV [NET]: a pool named after its interface and that serves NET.10 to NET.99
pool() {
	local net=${2:-192.0.2}
	ctl pool add "${1//./-}" subnet "$net.0/24" dev "$1" range "$net.10-$net.99" lease 1h || fail "no pool"
}

mac_of() { # NAMESPACE DEV
	set -- "$(ip -n "$1" -br link show dev "$2")"
	read -r _ _ mac _ <<<"$1"
	echo "$mac"
}

# ---- questions ----

# who DEV KEY...: who answers the client, as TYPE/SERVER/INTERFACE/TAGS of each frame that comes into cli, or "silence"
who() {
	local line words=()
	while read -r line; do
		if [ "$line" = silence ]; then
			words=(silence)
		else
			words+=("$(field type "$line")/$(field sid "$line")/$(field if "$line")/$(field tags "$line")")
		fi
	done < <(cli dhcpc "$1" type=discover any=1 all=1 more=30 wait="$WAIT" mac=$MAC src=$FROM "${@:2}")
	echo "${words[*]}"
}
WAIT=1000

quiet() { # WHAT DEV KEY...
	WAIT=200
	same "$1" "$(who "${@:2}")" silence
	WAIT=1000
}

# One line for each message of the matrix on stdout; what is to become of it in WANT, by xid.
declare -A WANT
case_line() { # TYPE IPDST L2DST KEY...
	n=$((n + 1))
	WANT[$n]="$1 $2 ${3//:/}"
	LINES+="xid=$n ${*:4}"$'\n'
}

# The fields by which RFC 2131 section 4.1 sends a reply: message type, ciaddr, flag, and whether chaddr is of any use.
cases_of_client() { # CHADDR USABLE ADDRESS COMMON...
	local flags common="mac=$1 cid=00${3//./}" all=255.255.255.255 ff=ffffffffffff to l2
	for flags in 0 0x8000 0x7fff; do
		to=$3 l2=$1
		if [ "$flags" = 0x8000 ] || [ "$2" = no ]; then to=$all l2=$ff; fi
		local c="$common flags=$flags ${*:4}"
		case_line offer "$to" "$l2" type=discover req="$3" "$c"
		case_line offer 192.0.2.200 $FROM type=discover req="$3" ciaddr=192.0.2.200 "$c"
		case_line ack "$to" "$l2" type=request req="$3" sid=$SID "$c"
		case_line ack "$to" "$l2" type=request req="$3" "$c"
		case_line ack "$3" $FROM type=request ciaddr="$3" "$c"
		case_line ack 192.0.2.201 $FROM type=inform ciaddr=192.0.2.201 "$c"
		case_line nak "$all" "$ff" type=request req=198.51.100.7 "$c"
		case_line nak "$all" "$ff" type=request ciaddr=198.51.100.7 "$c"
	done
}

# matrix SERVER-DEV CLIENT-DEV SEEN...: every case is answered once, and the frame is seen at SEEN (INTERFACE/TAGS), only
matrix() {
	local n=0 LINES='' mac line got xid ours
	declare -A SEEN=()
	ours=$(mac_of srv "$1")
	WANT=()
	cases_of_client $MAC yes 192.0.2.21
	cases_of_client 00:00:00:00:00:00 no 192.0.2.22
	cases_of_client 03:00:00:00:00:01 no 192.0.2.23
	cases_of_client ff:ff:ff:ff:ff:ff no 192.0.2.24
	cases_of_client "$ours" no 192.0.2.25
	cases_of_client $MAC no 192.0.2.26 hlen=0
	cases_of_client $MAC no 192.0.2.27 htype=32
	while read -r line; do
		[ "$line" != silence ] || continue
		xid=$(value xid)
		SEEN[$xid]+=" $(value if)/$(value tags)"
		got="$(value type) $(value ipdst) $(value l2dst)"
		same "to [$xid] $(sed -n "${xid}p" <<<"$LINES")" "$got" "${WANT[$xid]}"
		same "from [$xid]" "$(value ipsrc) $(value l2src) $(value dport) $(value csum)" "$SID ${ours//:/} 68 ok"
	done < <({ printf %s "$LINES"; settle; } | cli dhcpc "$2" - any=1 all=1 more=4 src=$FROM)
	shift 2
	for xid in $(seq $n); do
		same "seen [$xid] $(sed -n "${xid}p" <<<"$LINES")" "${SEEN[$xid]:-}" " $*"
	done
	same "cases" "$n ${#SEEN[@]}" "168 168"
}
# What comes late is heard while this waits, and counts for the message that it answers.
settle() { echo type=none wait=200; }
value() { # NAME: out of $line, without another process
	local v=${line#*"$1="}
	echo "${v%% *}"
}

# How many messages for a server have come to the other hosts' namespace
listen_in_oth() {
	oth nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; udp dport 67 counter; }; }'
}
heard_in_oth() { oth nft list chain ip t c | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# ---- where replies go ----

test_H01_H02_H09_plain() {
	wire 0
	serve_at s0
	up srv s0
	pool s0
	matrix s0 c0 c0/none
}

test_H01_H02_H09_vlan() {
	wire 0
	vlan srv s0 10
	vlan cli c0 10
	ip -n srv link set s0.10 address 02:00:00:00:0a:10
	serve_at s0.10
	up srv s0.10
	pool s0.10
	matrix s0.10 c0.10 c0/8100.10 c0.10/none
}

test_H01_H02_H09_qinq() {
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
test_H01_H02_H09_bridge_absent_br_netfilter() { bridge_matrix absent; }
test_H01_H02_H09_bridge_call_iptables_0() { bridge_matrix 0; }
test_H01_H02_H09_bridge_call_iptables_1() { bridge_matrix 1; }

bond() { # MODE
	modprobe -q bonding max_bonds=0
	wire 0
	wire 1
	ip -n srv link add bond0 type bond mode "$1" miimon 50 || fail "no bond"
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

test_H01_H02_H09_bond() {
	bond active-backup
	srv sh -c 'echo s0 >/sys/class/net/bond0/bonding/active_slave'
	matrix bond0 c0 c0/none
	# A switch floods a broadcast into both ports: what comes by the port at rest is the bond's to drop.
	quiet "the port at rest" c1
	ip -n cli link set c0 down
	wait_for 5 failed_over || fail "the other port does not take over"
}
failed_over() { [ "$(who c1)" = "offer/$SID/c1/none" ]; }

test_H17_bond_balance_one_answer() {
	bond balance-xor
	has "by one port" " offer/$SID/c0/none offer/$SID/c1/none " " $(who c0) "
	has "by the other" " offer/$SID/c0/none offer/$SID/c1/none " " $(who c1) "
}

test_H01_H02_H09_macvlan() {
	wire 0
	ip -n srv link add m0 link s0 type macvlan mode bridge
	ip -n srv link add m1 link s0 type macvlan mode bridge
	serve_at m0
	serve_at m1 198.51.100.1
	up srv m0 m1
	pool m0
	matrix m0 c0 c0/none
}

test_H01_H02_H09_vxlan() {
	wire 0
	serve_at s0 198.18.0.1
	ip -n cli addr add 198.18.0.2/24 dev c0
	ip -n srv link add vx0 type vxlan id 5 remote 198.18.0.2 dstport 4789 dev s0
	ip -n cli link add vx1 type vxlan id 5 remote 198.18.0.1 dstport 4789 dev c0
	serve_at vx0
	up cli vx1
	up srv s0 vx0
	pool vx0
	matrix vx0 vx1 vx1/none
	quiet "outside of the tunnel" c0
}

vrf() { # DEV...
	local dev
	modprobe -q vrf
	ip -n srv link add red type vrf table 10 || fail "no VRF"
	for dev in "$@"; do
		ip -n srv link set "$dev" master red
	done
	up srv red
}

test_H01_H02_H09_vrf_slave() {
	wire 0
	vrf s0
	serve_at s0
	pool s0
	matrix s0 c0 c0/none
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
	pool red
	quiet "a slave" c0
	quiet "a stranger" c1
	has "untouched, not refused" "$(ctl -j stats)" '"rx-discover":0'
	ctl pool del red
	pool s0
	ctl pool add red subnet 203.0.113.0/24 dev red lease 1h
	same "both have a pool" "$(who c0)" "offer/$SID/c0/none"
}

test_H17_bridge_in_vrf() {
	local mode
	wire 0
	bridge s0
	vrf br0
	pool br0
	for mode in 1 0; do
		br_netfilter $mode
		same "call-iptables $mode" "$(who c0)" "offer/$SID/c0/none"
	done
	has "once" "$(ctl -j stats)" '"rx-discover":2'
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
	same "VLAN 10" "$(who c0 tags=8100.10)" offer/198.51.100.1/c0/8100.10
	same "VLAN 20, with VLAN 10's address" "$(who c0 tags=8100.20 req=198.51.100.20)" offer/203.0.113.1/c0/8100.20
	same "VLAN 10's own address in VLAN 20" "$(who c0 type=request tags=8100.20 req=198.51.100.10)" \
		nak/203.0.113.1/c0/8100.20
	quiet "no tag, no pool" c0
	quiet "VLAN 30 has no pool" c0 tags=8100.30
	quiet "VLAN 40 is not there" c0 tags=8100.40
	quiet "another kind of tag" c0 tags=88a8.10
	quiet "a tag in the tag" c0 tags=8100.10/8100.20
	pool s0
	same "no tag" "$(who c0)" "offer/$SID/c0/none"
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
	same "VLAN 10 in VID 0" "$(who c0 tags=8100.0/8100.10)" offer/198.51.100.1/c0/8100.10
	pool s0
	same "VID 0" "$(who c0 tags=8100.0)" "offer/$SID/c0/none"
	same "priority 7" "$(who c0 tags=8100.57344)" "offer/$SID/c0/none"
	same "VLAN 10 with a priority" "$(who c0 tags=8100.57354)" offer/198.51.100.1/c0/8100.10
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
	same "both tags" "$(who c0 tags=88a8.100/8100.200)" "offer/$SID/c0/88a8.100/8100.200"
	quiet "the outer one" c0 tags=88a8.100
	quiet "the inner one" c0 tags=8100.200
	quiet "of the other kind" c0 tags=8100.100/8100.200
	pool s0.100 198.51.100
	same "the outer one's pool" "$(who c0 tags=88a8.100)" offer/198.51.100.1/c0/88a8.100
}

test_H17_macvlan_only_the_one_with_a_pool() {
	wire 0
	ip -n srv link add m0 link s0 type macvlan mode bridge
	ip -n srv link add m1 link s0 type macvlan mode bridge
	ip -n srv link set m1 netns cli
	serve_at s0 198.51.100.1
	serve_at m0
	up srv s0 m0
	up cli m1
	pool m0
	same "from the wire" "$(who c0)" "offer/$SID/c0/none"
	# The neighbour's reply to everybody leaves by the wire too.
	same "from a neighbour" "$(who m1 flags=0x8000 | tr ' ' '\n' | sort | tr '\n' ' ')" \
		"offer/$SID/c0/none offer/$SID/m1/none "
	same "to m0 itself" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv m0)")" \
		"ack/$SID/c0/none"
	quiet "to the device below" c0 type=inform ciaddr=192.0.2.200 l2dst="$(mac_of srv s0)"
	ctl pool del m0
	pool s0 198.51.100
	same "the device below" "$(who c0)" offer/198.51.100.1/c0/none
}

# ---- bridges ----

# Others on the LAN hear a client's broadcast, and what they say to one another is none of our business.
bridge_goes_on() { # MODE
	local mac
	br_netfilter "$1"
	wire 0
	wire 1 oth
	bridge s0 s1
	pool br0
	listen_in_oth
	same "broadcast" "$(who c0)" "offer/$SID/c0/none"
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
	same "to us" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv br0)")" "ack/$SID/c0/none"
	same "to our IP address in a broadcast" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID)" "ack/$SID/c0/none"
	same "heard by others" "$(heard_in_oth)" 5
	same "counted once each" "$(ctl -j stats | grep -oE '"(rx|tx)-[a-z]*":[1-9]+' | tr -d '"' | tr '\n' ' ')" \
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
	same "the other link" "$(who c2)" offer/198.51.100.1/c2/none
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
		same "a pool on both, call-iptables $mode" "$(who c0)" "offer/$SID/c0/none"
	done
}

test_H17_port_leaves_its_bridge_and_comes_back() {
	wire 0
	bridge s0
	serve_at s0 198.51.100.1
	pool s0 198.51.100
	pool br0
	same "in the bridge" "$(who c0)" "offer/$SID/c0/none"
	ip -n srv link set s0 nomaster
	same "by itself" "$(who c0)" offer/198.51.100.1/c0/none
	ip -n srv link set s0 master br0
	up srv s0
	same "back" "$(who c0)" "offer/$SID/c0/none"
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
	same "$1: no tag" "$(who c0)" "offer/$SID/c0/none"
	same "$1: VLAN 10" "$(who c0 tags=8100.10)" offer/198.51.100.1/c0/8100.10
	same "$1: VID 0" "$(who c0 tags=8100.0)" "offer/$SID/c0/none"
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
	same "$1: VLAN 10" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10"
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
	same "$1: VLAN 1 by its port" "$(who c1)" "offer/$SID/c1/none"
}
ask_filtering_bridge_tagged() {
	same "$1: VLAN 10 by its port" "$(who c0)" offer/198.51.100.1/c0/none
	same "$1: VLAN 1 by its port" "$(who c1)" "offer/$SID/c1/none"
	quiet "$1: VLAN 10 by a port that has not got it" c1 tags=8100.10
	quiet "$1: VLAN 20, which the bridge itself has not got" c1 tags=8100.20
}

test_H17_macvlan_on_bridge() {
	wire 0
	bridge s0
	ip -n srv link add m0 link br0 type macvlan mode bridge
	serve_at m0 198.51.100.1
	up srv m0
	pool m0 198.51.100
	for_each_br_netfilter ask_macvlan_on_bridge
}
ask_macvlan_on_bridge() { same "$1" "$(who c0)" offer/198.51.100.1/c0/none; }

# ---- whom a frame is for ----

plain() {
	wire 0
	serve_at s0
	up srv s0
	pool s0
}

test_H17_frame_for_another_host() {
	plain
	ip -n srv link set s0 promisc on
	quiet "a broadcast datagram" c0 l2dst=02:00:00:00:99:99
	quiet "our IP address" c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst=02:00:00:00:99:99
	same "ours" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv s0)")" "ack/$SID/c0/none"
}

test_H17_our_address_in_a_broadcast_frame() {
	plain
	same "our address" "$(who c0 ipdst=$SID)" "offer/$SID/c0/none"
	same "our subnet" "$(who c0 ipdst=192.0.2.255)" "offer/$SID/c0/none"
	same "in a group's frame" "$(who c0 l2dst=01:00:5e:00:00:01)" "offer/$SID/c0/none"
	quiet "another's address" c0 ipdst=192.0.2.200
	quiet "another network" c0 ipdst=198.51.100.255
}

test_X07_our_own_mac_is_not_answered() {
	plain
	quiet "our MAC" c0 src="$(mac_of srv s0)"
}

test_Q14_without_an_address_silence() {
	plain
	ip -n srv addr flush dev s0
	quiet "no address" c0
	has "counted" "$(ctl -j stats)" '"drop-no-address":1'
	serve_at s0 192.0.2.2
	same "another address" "$(who c0)" offer/192.0.2.2/c0/none
}

test_H17_renamed_deleted_recreated() {
	local i
	wire 0
	vlan srv s0 10
	serve_at s0.10
	up srv s0.10
	pool s0.10
	for i in 1 2; do
		same "round $i" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10"
		ip -n srv link set s0.10 name other
		quiet "renamed away" c0 tags=8100.10
		ip -n srv link set other name s0.10
		same "renamed back" "$(who c0 tags=8100.10)" "offer/$SID/c0/8100.10"
		ip -n srv link del s0.10
		quiet "deleted" c0 tags=8100.10
		vlan srv s0 10
		serve_at s0.10
		up srv s0.10
	done
	# A name that another interface takes over
	ip -n srv link set s0.10 name old
	vlan srv s0 20
	ip -n srv link set s0.20 name s0.10
	serve_at s0.10
	quiet "the old one" c0 tags=8100.10
	same "the new one" "$(who c0 tags=8100.20)" "offer/$SID/c0/8100.20"
}

# ---- what a request may look like inside ----

test_H12_checksums() {
	plain
	same "none" "$(who c0)" "offer/$SID/c0/none"
	same "right" "$(who c0 csum=good)" "offer/$SID/c0/none"
	quiet "wrong" c0 csum=bad
	same "left to the device" "$(who c0 send=udp)" "offer/$SID/c0/none"
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
	same "bridge" "$(who c0 send=udp)" "offer/$SID/c0/none"
	has "VLAN" "$(who c0.10 send=udp)" "offer/198.51.100.1/c0.10/none"
}

# An skb that holds several datagrams is not taken apart here, and whatever it holds does no harm.
test_H16_gso_is_passed_by() {
	plain
	quiet "two in one" c0 send=udp gso=1
	same "afterwards" "$(who c0)" "offer/$SID/c0/none"
}

test_H16_fragments() {
	local at
	plain
	for at in 8 16 240 256 296; do
		quiet "in pieces, $at bytes first" c0 frag=$at
	done
	has "not ours" "$(ctl -j stats)" '"rx-discover":0'
	same "whole" "$(who c0)" "offer/$SID/c0/none"
	# Connection tracking puts them together before they come to us.
	srv nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; ct state new accept; }; }'
	for at in 8 16 240 256 296; do
		same "put together, $at bytes first" "$(who c0 frag=$at xid=$at csum=good)" "offer/$SID/c0/none"
	done
	srv nft delete table ip t
}

test_X02_nonlinear() {
	plain
	same "all in pages" "$(who c0 send=ring)" "offer/$SID/c0/none"
	same "with a checksum" "$(who c0 send=ring csum=good)" "offer/$SID/c0/none"
	quiet "with a wrong one" c0 send=ring csum=bad
	quiet "cut off" c0 send=ring len=239
	same "tagged, with VID 0" "$(who c0 send=ring tags=8100.0)" "offer/$SID/c0/none"
}

# ---- taps ----

tap() { # DEV: tcpdump's lines go to $TMP/tap
	srv tcpdump -Z root --immediate-mode -lnei "$1" udp port 67 or udp port 68 >"$TMP/tap" 2>"$TMP/tap.err" &
	TAP=$!
	wait_for 20 grep -q 'listening on' "$TMP/tap.err" || fail "tcpdump: $(cat "$TMP/tap.err")"
}
tapped() { # REQUESTS REPLIES
	[ "$(grep -c 'BOOTP/DHCP, Request from 02:00:00:00:00:01' "$TMP/tap") $(grep -c 'BOOTP/DHCP, Reply' "$TMP/tap")" = "$1 $2" ]
}
tap_ends() { # REQUESTS REPLIES
	wait_for 5 tapped "$1" "$2" || fail "the tap has: $(cat "$TMP/tap")"
	sleep 0.1
	kill "$TAP"
	wait "$TAP" 2>/dev/null
	tapped "$1" "$2" || fail "then the tap has: $(cat "$TMP/tap")"
}

test_H17_taps_see_both_ways() {
	plain
	tap s0
	same "with a clone in a tap" "$(who c0)" "offer/$SID/c0/none"
	same "with a clone in a tap" "$(who c0 flags=0x8000)" "offer/$SID/c0/none"
	same "with a clone of pages in a tap" "$(who c0 send=ring)" "offer/$SID/c0/none"
	tap_ends 3 3
}

test_H17_taps_of_a_bridge_see_both_ways() {
	br_netfilter 1
	wire 0
	bridge s0
	pool br0
	tap br0
	same "with a clone in a tap" "$(who c0)" "offer/$SID/c0/none"
	same "to us" "$(who c0 type=inform ciaddr=192.0.2.200 ipdst=$SID l2dst="$(mac_of srv br0)")" "ack/$SID/c0/none"
	tap_ends 2 2
}

# Every test has interfaces of its own. Some go with others, so that not all that are listed are there to be deleted.
each_test() {
	local ns
	no_pools
	for ns in srv cli oth; do
		ip -n "$ns" -br link | sed -n '/^lo /d; s/^\([^ @]*\).*/link del \1/p' | ip -n "$ns" -force -batch - 2>/dev/null
	done
	oth nft flush ruleset
}

setup
ip netns add oth
run_tests
