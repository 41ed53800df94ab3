#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent beside what else the machine does: it routes, and it serves pools.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

# ---- beside routing ----

routing() {
	srv sysctl -qw net.ipv4.ip_forward=1
	ip -n srv neigh replace "$CLIENT" lladdr $MAC dev s0 nud permanent
	ip -n srv neigh replace 192.0.2.77 lladdr "$CMAC" dev s0 nud permanent
}

# The server's own replies have no checksum yet that tshark could read, and no device on the way that would make it: they
# have the transaction id that is left out.

# through KEY...: keys of a message that we are the router of
through() { say "$@" l2dst="$SMAC" src="$CMAC"; }

test_R22_renewal_through_us_is_not_touched() {
	local r raw keys=(type=request "ciaddr=$CLIENT" "ipdst=$SERVER" csum=good "xid=$FLOOD")
	routing
	relay circuit-id %i trusted policy append
	serve
	mark_relay
	raw=$(bytes "${keys[@]}")
	r=$(ask "${keys[@]}" l2dst="$SMAC")
	same "up: every byte" "$(field raw "$(heard)")" "$raw"
	same "up: source and port" "$(field saddr "$(heard)") $(field sport "$(heard)") $(field giaddr "$(heard)")" \
		"$CLIENT 68 0.0.0.0"
	same "down: every byte" "$(field raw "$r")" "$(field reply "$(heard)")"
	same "down: source and port" "$(field type "$r") $(field ipsrc "$r") $(field ipdst "$r") $(field dport "$r")" \
		"ack $SERVER $CLIENT 68"
	same "nothing counted" "$(relay_counted up-request down-ack)" "up-request:0 down-ack:0 "
}

# Another relay's way to the server leads through us; so does the server's to it.
test_R22_another_relay_behind_us() {
	local raw keys=(type=discover giaddr=192.0.2.77 ipsrc=192.0.2.77 sport=67 hops=16 "opt=$(option 82 01047878787a)" csum=good
		"xid=$FLOOD")
	routing
	ip -n cli addr add 192.0.2.77/24 dev c0
	ip -n cli route add default via $RELAY
	relay circuit-id %i
	serve
	AT=cli one_server "$TMP/other" reply=none
	mark_relay
	raw=$(bytes "${keys[@]}")
	through "${keys[@]}" ipdst=$SERVER
	same "up" "$(field raw "$(heard)")" "$raw"
	same "down" "$(field raw "$(line_heard 1 "$TMP/other")")" "$(field reply "$(heard)")"
	same "nothing counted" "$(relay_counted up-discover down-offer drop-hops)" "up-discover:0 down-offer:0 drop-hops:0 "
	ip -n cli addr flush dev c0 scope global
}

# RFC 3046 section 2.1: what IPsec has a hand in is not ours to change. 51 is AH, 50 is ESP; behind the IP header here is
# what would be a DHCP message if it were 17.
test_R23_ipsec_is_not_touched() {
	local proto raw
	routing
	relay circuit-id %i
	ip -n cli addr add 192.0.2.77/24 dev c0
	mark_relay
	for proto in 51 50; do
		serve proto=$proto
		AT=cli one_server "$TMP/other" proto=$proto
		raw=$(bytes type=discover)
		through type=discover ipsrc=192.0.2.77 ipdst=$SERVER proto=$proto
		wait_for 5 grep -q proto= "$HEARD" || fail "$proto: the server gets nothing"
		same "$proto, up" "$(field raw "$(grep proto= "$HEARD")")" "00440043$(printf %04x $((8 + ${#raw} / 2)))0000$raw"
		from_server proto=$proto ipdst=192.0.2.77
		wait_for 5 grep -q proto= "$TMP/other" || fail "$proto: the client gets nothing"
		raw=$(bytes type=offer op=2 giaddr=$RELAY yiaddr="$CLIENT")
		same "$proto, down" "$(field raw "$(grep proto= "$TMP/other")")" "00430043$(printf %04x $((8 + ${#raw} / 2)))0000$raw"
		say type=discover proto=$proto
		from_server proto=$proto
		serve
		delivered "$proto: the next one" offer
		same "$proto: for all, and to us" "$(theirs | wc -l)" 1
	done
	same "only those counted" "$(relay_counted up-discover down-offer)" "up-discover:2 down-offer:2 "
	ip -n cli addr flush dev c0 scope global
}

# What a policy wants in IPsec, or not at all, we do not send as it is, nor take.
test_R23_ipsec_policies_hold() {
	local policy
	serve
	relay
	mark_relay
	for policy in "out src 0.0.0.0/0 dst $SERVER" "in src $SERVER dst $RELAY"; do
		# shellcheck disable=SC2086 # words
		srv ip xfrm policy add dir $policy proto udp action block
		same "$policy" "$(ask)" silence
		srv ip xfrm policy flush
	done
	same "counted" "$(relay_counted drop-no-route drop-spoofed)" "drop-no-route:1 drop-spoofed:1 "
	delivered "without one" offer
}

# ---- beside a server ----

# offers REPLIES: who has made them
offers() { echo "$1" | sed -n 's/^type=\([a-z]*\).* sid=\([0-9.]*\).*/\1 \2/p' | paste -sd,; }

test_R32_pool_on_another_interface() {
	local r
	ctl pool add near subnet 198.51.100.0/24 dev up0 range 198.51.100.100-198.51.100.110 || fail "no pool"
	relay circuit-id %i
	serve
	r=$(ask all=1 more=200)
	same "the relay's clients" "$(offers "$r")" "offer $SERVER"
	r=$(far dhcpc f0 type=discover all=1 more=200 mac=02:00:00:00:00:07)
	same "the pool's" "$(offers "$r")" "offer 198.51.100.1"
	same "are not relayed" "$(theirs | wc -l)" 1
	same "nor the pool asked by the relay" "$(ctl -j lease show | grep -o '"ip":' | wc -l)" 1
}

# The relay's own messages have a giaddr that a pool is for: they are the server's that they go to.
test_R32_pool_for_our_own_giaddr() {
	local r
	ctl pool add mine subnet 192.0.2.0/24 range 192.0.2.30-192.0.2.39 || fail "no pool"
	relay
	serve
	same "only the server" "$(offers "$(ask all=1 more=200)")" "offer $SERVER"
	same "a relayed client of the pool" "$(ctl -j lease show | grep -o '"ip":' | wc -l)" 0
}

# Other relays come to our pools as if there were none here.
test_R32_pool_for_other_relays() {
	local r
	ctl pool add away subnet 203.0.113.0/24 range 203.0.113.10-203.0.113.19 || fail "no pool"
	relay
	r=$(far dhcpc f0 type=discover giaddr=203.0.113.1 ipsrc=$SERVER ipdst=198.51.100.1 sport=67 l2dst="$UPMAC" src="$FMAC" \
		mac=02:00:00:00:00:07 wait=100)
	same "the way to that relay is the routing table's" "$r" silence
	ip -n srv route add 203.0.113.0/24 via $SERVER
	ip -n srv neigh replace $SERVER lladdr "$FMAC" dev up0 nud permanent
	r=$(far dhcpc f0 type=discover giaddr=203.0.113.1 ipsrc=$SERVER ipdst=198.51.100.1 sport=67 l2dst="$UPMAC" src="$FMAC" \
		mac=02:00:00:00:00:07)
	same "answered" "$(field type "$r") $(field ipdst "$r")" "offer 203.0.113.1"
	ip -n srv route del 203.0.113.0/24
	ip -n srv neigh del $SERVER dev up0
}

# The pool comes first; the relay is for whom it has no room.
test_R32_pool_and_relay_on_one_interface() {
	local ip r other=02:00:00:00:00:02
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.10 || fail "no pool"
	relay circuit-id %i
	serve
	r=$(ask type=discover all=1 more=200)
	same "room" "$(offers "$r")" "offer $RELAY"
	ip=$(field yiaddr "$r")
	same "bound" "$(field type "$(ask type=request req="$ip" sid=$RELAY)") $ip" "ack 192.0.2.10"
	same "not relayed" "$(theirs)" ""
	MAC=$other
	r=$(ask type=discover all=1 more=200)
	same "no room" "$(offers "$r")" "offer $SERVER"
	same "relayed" "$(field giaddr "$(heard)") $(agents "$(heard)")" "$RELAY 01027330"
	ip=$(field yiaddr "$r")
	same "takes it" "$(field sid "$(ask type=request req="$ip" sid=$SERVER)")" $SERVER
	same "relayed too" "$(theirs | wc -l)" 1
	MAC=02:00:00:00:00:01
	same "a known client" "$(offers "$(ask type=discover all=1 more=200)")" "offer $RELAY"
	same "renews" "$(field sid "$(ask type=request ciaddr=192.0.2.10)")" $RELAY
	same "reboots" "$(field sid "$(ask type=request req=192.0.2.10)")" $RELAY
	same "wants what we have not offered" "$(field type "$(ask type=request req=192.0.2.77 sid=$RELAY flags=0x8000)")" nak
	same "not relayed" "$(theirs)" ""
	mark_relay
	say type=discover hlen=0
	wait_for 5 counted_once || fail "who names no hardware address is not relayed: $(relay_counted up-discover)"
}
counted_once() { same "" "$(relay_counted up-discover)" "up-discover:1 "; }

# The pool remembers which address a client had, and does not give that any more. Another server has given the client an address
# since. The pool does not refuse that one.
test_R32_a_client_that_is_only_remembered() {
	local ip
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.11 || fail "no pool"
	relay circuit-id %i
	serve
	same "the pool's" "$(field type "$(ask type=request req=192.0.2.10 sid=$RELAY)")" ack
	ask type=release ciaddr=192.0.2.10 sid=$RELAY wait=0 >/dev/null
	ctl pool set lan range 192.0.2.11-192.0.2.11 || fail "the range stays"
	same "no room" "$(field type "$(MAC=02:00:00:00:00:02 ask type=request req=192.0.2.11 sid=$RELAY)")" ack
	ip=$(field yiaddr "$(ask type=discover)")
	same "elsewhere" "$(field sid "$(ask type=request req="$ip" sid=$SERVER)")" $SERVER
	same "reboots" "$(field type "$(ask type=request req="$ip")")" ack
	same "renews" "$(field type "$(ask type=request ciaddr="$ip")")" ack
}

# Nor one that somebody has bound here in its name: the address that it has is none that the pool gives.
test_R32_a_client_that_a_forger_has_bound_here() {
	local ip
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.11 || fail "no pool"
	relay circuit-id %i
	serve
	same "no room" "$(field type "$(MAC=02:00:00:00:00:02 ask type=request req=192.0.2.10 sid=$RELAY)")" ack
	same "none at all" "$(field type "$(MAC=02:00:00:00:00:03 ask type=request req=192.0.2.11 sid=$RELAY)")" ack
	ip=$(field yiaddr "$(ask type=discover)")
	same "elsewhere" "$(field sid "$(ask type=request req="$ip" sid=$SERVER)")" $SERVER
	MAC=02:00:00:00:00:03 ask type=release ciaddr=192.0.2.11 sid=$RELAY wait=0 >/dev/null
	same "the forger" "$(field type "$(ask type=request req=192.0.2.11 sid=$RELAY)")" ack
	same "reboots" "$(field type "$(ask type=request req="$ip")")" ack
	same "renews" "$(field type "$(ask type=request ciaddr="$ip")")" ack
	same "an address of the pool that is not its own" "$(field type "$(ask type=request req=192.0.2.10 flags=0x8000)")" nak
}

# Nor a client that asks once more, and is offered the pool's address; anybody can ask in its name.
test_R32_a_client_that_is_only_offered_something() {
	local ip other=02:00:00:00:00:02
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.10 || fail "no pool"
	relay circuit-id %i
	serve
	same "no room" "$(field type "$(MAC=$other ask type=request req=192.0.2.10 sid=$RELAY)")" ack
	ip=$(field yiaddr "$(ask type=discover)")
	same "elsewhere" "$(field sid "$(ask type=request req="$ip" sid=$SERVER)")" $SERVER
	MAC=$other ask type=release ciaddr=192.0.2.10 sid=$RELAY wait=0 >/dev/null
	same "the pool's" "$(field yiaddr "$(ask type=discover)") $(state_of 192.0.2.10)" "192.0.2.10 offered"
	same "reboots" "$(field type "$(ask type=request req="$ip")")" ack
	same "renews" "$(field type "$(ask type=request ciaddr="$ip")")" ack
}

# Both call themselves by the same name.
test_R32_R25_pool_and_override_on_one_interface() {
	local ip
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.10 || fail "no pool"
	relay server-id-override on
	serve
	ip=$(offered)
	same "the pool's" "$(field type "$(ask type=request req="$ip" sid=$RELAY)") $ip $(theirs)" "ack 192.0.2.10 "
	MAC=02:00:00:00:00:02
	ip=$(field yiaddr "$(ask type=discover)")
	same "the server's" "$(field type "$(ask type=request req="$ip" sid=$RELAY)")" ack
	same "relayed" "$(theirs | wc -l)" 1
	same "another's" "$(field type "$(ask type=request req=192.0.2.10 sid=$RELAY flags=0x8000)")" nak
	same "refused here" "$(theirs)" ""
}

test_R32_server_on_this_machine() {
	local ip
	for ip in 198.51.100.1 $RELAY; do
		end_servers
		AT=srv one_server "$HEARD" bind="$ip"
		TO=$ip relay circuit-id %i
		same "$ip" "$(ask all=1 more=100 | pick_offer)" "offer $ip $CLIENT"
		same "$ip: up" "$(field giaddr "$(heard)") $(agents "$(heard)")" "$RELAY 01027330"
		same "$ip: once" "$(theirs | grep -c " op=1 ")" 1
		same "$ip: for all" "$(ask all=1 more=100 flags=0x8000 | pick_offer)" "offer $ip $ALL"
	done
}
pick_offer() { sed -n 's/^type=\([a-z]*\).* sid=\([0-9.]*\).* ipdst=\([0-9.]*\).*/\1 \2 \3/p'; }

# ---- its users ----

# user_says ADDRESS HEX...: a user without rights sends messages to port 67 of an address of ours. No program has a socket there:
# the kernel counts each message that has arrived and that dhcpk has not taken. No message may have a byte 0a, at which printf
# would cut it in two.
user_says() {
	local message before
	before=$(no_ports)
	for message in "${@:2}"; do
		srv setpriv --reuid 65534 --regid 65534 --clear-groups \
			bash -c "printf '${message//??/\\x&}' >/dev/udp/$1/67" || fail "it is not sent"
	done
	wait_for 5 grown_by $(($# - 1)) || fail "$(($(no_ports) - before)) of $(($# - 1)) messages have arrived and are not taken"
}
grown_by() { [ $(($(no_ports) - before)) = "$1" ]; }

test_P7_a_user_is_no_client_by_a_relay() {
	local ip before
	lan
	ip=$(SID=$RELAY bind req=192.0.2.15)
	same "bound" "$(state_of "$ip")" bound
	before=$(counter tx-offer)
	user_says $RELAY "$(bytes type=discover giaddr=$RELAY xid=7)" "$(bytes type=release ciaddr="$ip" giaddr=$RELAY xid=8)"
	same "offers" "$(counter tx-offer)" "$before"
	same "the client's" "$(state_of "$ip")" bound
}

test_P7_a_user_is_no_server_behind_a_relay() {
	relay replies any
	mark_relay
	user_says $RELAY "$(bytes type=ack op=2 giaddr=$RELAY yiaddr=$CLIENT sid=$RELAY xid=9)"
	same "passed on" "$(relay_counted down-ack)" "down-ack:0 "
}

run_relay_tests
