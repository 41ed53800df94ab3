#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# P4: packets that are not the server's pass untouched. The same traffic goes through a machine without the module, with it
# idle, with pools and a relay, and under a flood of DISCOVERs; each packet, datagram and byte has to arrive as it was sent,
# once, and in order. passby.c says what there is; its ports and messages are those that a careless server would take.
#
#   cli                            srv                                        far
#   c0    192.0.2.2    ─────────── s0    192.0.2.1     a pool      f0 ─────── f0  203.0.113.2
#   c0.30              ─────────── s0.30 10.30.0.1     nothing
#   c1    198.51.100.2 ─────────── s1    198.51.100.1  nothing                oth
#   c2                 ─────────── s2 ┐ br0 10.2.0.1   a pool
#                                  s3 ┘ ───────────────────────────────────── c3
#   c4                 ─────────── s4    10.4.0.1      a relay
#   c5    10.5.0.1     ─────────────────────────────────────────────────────── c5  10.5.0.2
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"
export NO_CAPTURE=1 NO_REPLIES=0 # nothing to look at where a server answers
N=300 # packets
BYTES=2000000 # of a stream
SEED=0

topology() {
	network
	ip netns add oth
	ip netns add far
	ip -n oth link set lo up
	wire 1
	wire 2
	wire 3 oth
	wire 4
	vlan cli c0 30
	vlan srv s0 30
	ip link add c5 netns cli up type veth peer name c5 netns oth
	ip link add f0 netns srv up type veth peer name f0 netns far
	ip -n oth link set c5 up
	ip -n far link set f0 up
	bridge s2 s3
	ip -n srv addr del $SID/24 dev br0
	addresses <<-'END'
		srv 10.2.0.1 br0
		srv 198.51.100.1 s1
		srv 10.30.0.1 s0.30
		srv 10.4.0.1 s4
		srv 203.0.113.1 f0
		cli 192.0.2.2 c0
		cli 198.51.100.2 c1
		cli 10.5.0.1 c5
		oth 10.5.0.2 c5
		far 203.0.113.2 f0
	END
	up srv s0 s0.30 s1 s2 s3 s4 br0 f0
	up cli c0 c0.30 c1 c2 c4 c5
	up oth c3 c5
	up far f0
	ip -n cli route add 203.0.113.0/24 via 198.51.100.1
	ip -n far route add default via 203.0.113.1
	ip -n srv neigh replace 203.0.113.2 lladdr "$(mac_of far f0)" dev f0 nud permanent
	srv sysctl -qw net.ipv4.ip_forward=1
	# A queue that a flood fills would lose what is behind it, whoever looks at it.
	sysctl -qw net.core.netdev_max_backlog=100000
}

addresses() {
	local ns addr dev
	while read -r ns addr dev; do
		ip -n "$ns" addr add "$addr/24" dev "$dev" || fail "no $addr"
	done
}

each_test() { :; } # they all have the same network

# ---- what passes ----

# packets WHAT NAMESPACE HOW DEV VIA NEIGHBOUR IP [WORD...]: from cli by VIA; heard in NAMESPACE on DEV
packets() {
	local hearer what=$1
	SEED=$((SEED + 1))
	: >"$TMP/heard"
	within "$2" passby hear "$3" "$4" >"$TMP/heard" 2>&1 &
	hearer=$!
	PIDS+=("$hearer")
	wait_for 60 file_has ready "$TMP/heard" || fail "$what: nobody listens: $(cat "$TMP/heard")"
	cli passby send "$5" "$6" "$7" "$SEED" "$N" "${@:8}" >"$TMP/sent" || fail "$what: cannot send"
	wait "$hearer"
	sed -i 1d "$TMP/heard"
	if [ "$3" = local ]; then # a socket for each protocol: they have no order among them
		sort -o "$TMP/heard" "$TMP/heard"
		sort -o "$TMP/sent" "$TMP/sent"
	fi
	[ "$(wc -l <"$TMP/sent")" -gt "$N" ] || fail "$what: little was sent"
	diff "$TMP/sent" "$TMP/heard" >"$TMP/diff" && return
	note "$(grep -c '^<' "$TMP/diff") of $(wc -l <"$TMP/sent") missing or changed, $(grep -c '^>' "$TMP/diff") not as sent"
	note "$(grep '^[<>]' "$TMP/diff" | sort -k2,2n -k1,1 | head -n 8)"
	fail "$what: packets are not what they were"
}

# flow KIND NAMESPACE IP PORT AMOUNT: from a socket in cli to one in NAMESPACE
flow() {
	local listener sent what="$1 to $3 port $4"
	SEED=$((SEED + 1))
	: >"$TMP/heard"
	within "$2" passby "$1" listen "$4" >"$TMP/heard" 2>&1 &
	listener=$!
	PIDS+=("$listener")
	wait_for 60 file_has ready "$TMP/heard" || fail "$what: nobody listens: $(cat "$TMP/heard")"
	sent=$(cli passby "$1" "$3" "$4" "$SEED" "$5") || fail "$what: cannot send"
	wait "$listener"
	same "$what" "$(tail -n 1 "$TMP/heard")" "$sent"
}

echoes() { # IP
	local said
	SEED=$((SEED + 1))
	said=$(cli passby echoes "$1" "$SEED" 50) || fail "$1: $said"
}

bridged() { packets "bridged$1" oth bridged c3 c2 "$(mac_of oth c3)" 10.2.0.9 to67 replies many; }

# everything [REPLIES]: a relay discards replies for others (RFC 1542 section 4.1.2), so that there are none with one
everything() {
	packets "to us, by a pool's link" srv local s0 c0 "$(mac_of srv s0)" $SID many whole
	packets "to us, by another link" srv local s1 c1 "$(mac_of srv s1)" 198.51.100.1 to67 many whole "$@"
	packets "to us, by a VLAN of a pool's link" srv local s0.30 c0.30 "$(mac_of srv s0.30)" 10.30.0.1 to67 many whole "$@"
	packets "to us, by a relay's link" srv local s4 c4 "$(mac_of srv s4)" 10.4.0.1 many whole
	packets "through us, by a pool's link" far routed f0 c0 "$(mac_of srv s0)" 203.0.113.2 to67 replies
	packets "through us, by another link" far routed f0 c1 "$(mac_of srv s1)" 203.0.113.2 to67 replies
	packets "in another namespace" oth local c5 c5 "$(mac_of oth c5)" 10.5.0.2 to67 replies many whole
	bridged ""
	flow datagrams srv $SID 66 "$N"
	flow datagrams srv $SID 68 "$N"
	flow datagrams srv $SID 547 "$N"
	flow datagrams srv 198.51.100.1 67 "$N"
	flow datagrams far 203.0.113.2 67 "$N"
	flow stream srv $SID 67 "$BYTES"
	flow stream far 203.0.113.2 67 "$BYTES"
	echoes $SID
	echoes 203.0.113.2
}

# ---- what the machine is meanwhile ----

idle() {
	trap 'end_what_runs; rmmod dhcpk' EXIT
	insmod "$DHCPK_KO"
	# shellcheck disable=SC2119
	start_daemon
}

pools() {
	idle
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.250 lease 1h || fail "no pool"
	ctl pool add bridged subnet 10.2.0.0/24 dev br0 range 10.2.0.10-10.2.0.99 lease 1h || fail "no pool"
}

pools_and_a_relay() {
	pools
	ctl relay add dev s4 server 203.0.113.2 circuit-id %i trusted || fail "no relay"
}

served() { same "the pool serves" "$(field type "$(cli dhcpc c0 type=discover mac=$MAC)")" offer; }

flood() {
	while :; do
		cli dhcpc c0 type=discover flood=500
		nap 0.02
	done >/dev/null 2>&1 &
	PIDS+=($!)
	wait_for 60 flooded || fail "no flood"
}
flooded() { [ "$(counter rx-discover)" -gt 1000 ]; }

test_P4_a_without_the_module() { everything replies; }

test_P4_b_idle() {
	idle
	everything replies
}

test_P4_c_with_pools() {
	pools
	served
	everything replies
	served
}

test_P4_d_with_pools_and_a_relay() {
	pools_and_a_relay
	served
	everything
	served
}

test_P4_e_under_a_flood() {
	local before
	local N=100 BYTES=200000 # with one processor, the flood takes half of it
	pools_and_a_relay
	flood
	before=$(counter rx-discover)
	everything
	note "$(($(counter rx-discover) - before)) DISCOVERs meanwhile"
	[ "$(counter rx-discover)" -gt $((before + 1000)) ] || fail "the flood has dried up"
}

test_P4_f_bridged_with_and_without_br_netfilter() {
	pools_and_a_relay
	for_each_br_netfilter bridged
}

# br_netfilter MODE and SETTING
for_each_br_netfilter() { # COMMAND
	br_netfilter absent && "$1" ", br_netfilter absent"
	br_netfilter 0 && "$1" ", call-iptables 0"
	br_netfilter 1 && "$1" ", call-iptables 1"
}

topology
trap 'ip netns del oth; ip netns del far; teardown' EXIT
run_tests
