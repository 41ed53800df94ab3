#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent on interfaces of every kind: replies go back the way that the request came, with its tags, in its VRF, and
# also where giaddr is an address of none of the clients' interfaces.
# shellcheck source=selftests/links_lib.sh
. "$(dirname "$0")/links_lib.sh"
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

LOOPBACK=203.0.113.1

# got DEV KEY...: each frame that comes into cli: TYPE/INTERFACE/TAGS/IPDST/, or "silence"
got() {
	forget
	cli dhcpc "$1" "${@:2}" type=discover any=1 all=1 more=50 wait="${WAIT:-1000}" mac="$MAC" src="$FROM" |
		pick type if tags ipdst
}
heard_once() { same "$1: heard once" "$(theirs | wc -l)" 1; }

# untouched WHAT DEV KEY...: no relay takes it for its own
untouched() {
	same "$1" "$(WAIT=100 got "${@:2}")" silence
	same "$1: up" "$(theirs)" ""
}

one_wire() { # [WORD...]: for the relay
	wire 0
	serve_at s0
	up srv s0
	relay "$@"
}

each_test() {
	nothing_left
	printf 'link del %s\n' s0 s1 s2 br0 red blue | ip -n srv -force -batch - 2>/dev/null
	ip -n srv addr del $LOOPBACK/32 dev lo 2>/dev/null
	serve
}

test_R31_vlans() {
	local vid
	wire 0
	for vid in 10 20 30; do
		vlan srv s0 $vid
		serve_at s0.$vid 192.0.$vid.1
	done
	up srv s0 s0.10 s0.20 s0.30
	relay_on s0.10 circuit-id "%i:%v:%s"
	relay_on s0.20 circuit-id "%i:%v:%s"
	for vid in 10 20; do
		same "VLAN $vid" "$(got c0 tags=8100.$vid)" "offer/c0/8100.$vid/$CLIENT/"
		same "VLAN $vid: up" "$(field giaddr "$(heard)") $(agents "$(heard)")" \
			"192.0.$vid.1 $(option 1 "$(hex_text s0.$vid:$vid:0)")"
		same "VLAN $vid, for all" "$(got c0 tags=8100.$vid flags=0x8000)" "offer/c0/8100.$vid/$ALL/"
	done
	same "a priority" "$(got c0 tags=8100.57354)" "offer/c0/8100.10/$CLIENT/"
	untouched "no tag" c0
	untouched "VLAN 30 has no relay" c0 tags=8100.30
	untouched "VLAN 40 is not there" c0 tags=8100.40
}

test_R31_qinq() {
	wire 0
	vlan srv s0 100 802.1ad
	vlan srv s0.100 200
	serve_at s0.100.200
	up srv s0.100 s0.100.200
	relay_on s0.100.200 circuit-id "%s.%v"
	same "both tags" "$(got c0 tags=88a8.100/8100.200)" "offer/c0/88a8.100/8100.200/$CLIENT/"
	same "and in this order" "$(agents "$(heard)")" "$(option 1 "$(hex_text 100.200)")"
	untouched "the outer one" c0 tags=88a8.100
	untouched "the inner one" c0 tags=8100.200
}

relay_on_bridge() { # MODE of br_netfilter
	local port
	br_netfilter "$1"
	wire 0
	wire 1
	bridge s0 s1
	relay_on br0 circuit-id "%i/%p"
	for port in 0 1; do
		same "by s$port" "$(got c$port flags=0x8000 | sort)" "offer/c0/none/$ALL/"$'\n'"offer/c1/none/$ALL/"
		heard_once "by s$port"
		same "the port" "$(agents "$(heard)")" "$(option 1 "$(hex_text br0/s$port)")"
	done
	same "to the one" "$(C=c1 ask src="$MAC" | pick type ipdst l2dst)" "offer/$CLIENT/${MAC//:/}/"
	same "to our address" "$(got c0 type=request ciaddr=$CLIENT ipdst=$RELAY l2dst="$(mac_of srv br0)" | grep -c ^ack)" 1
	heard_once "to our address"
}
test_R31_bridge_absent_br_netfilter() { relay_on_bridge absent; }
test_R31_bridge_call_iptables_0() { relay_on_bridge 0; }
test_R31_bridge_call_iptables_1() { relay_on_bridge 1; }

# Replies come in by a bridge that has neither relay nor pool.
server_behind_bridge() { # MODE of br_netfilter
	br_netfilter "$1"
	one_wire circuit-id %i
	wire 1 far
	SID=198.18.0.1 bridge s1
	ip -n far addr add 198.18.0.2/24 dev c1
	ip -n far route add 192.0.2.0/24 via 198.18.0.1
	TO=198.18.0.2 relay circuit-id %i
	mark_relay
	same "to the client" "$(got c0)" "offer/c0/none/$CLIENT/"
	heard_once "up"
	same "for all" "$(got c0 flags=0x8000)" "offer/c0/none/$ALL/"
	same "counted" "$(relay_counted up-discover down-offer)" "up-discover:2 down-offer:2 "
}
test_R31_server_behind_bridge_absent_br_netfilter() { server_behind_bridge absent; }
test_R31_server_behind_bridge_call_iptables_0() { server_behind_bridge 0; }
test_R31_server_behind_bridge_call_iptables_1() { server_behind_bridge 1; }

# The frame's source is what the bridge knows, and a reply does not show it.
test_R17_R13_bridge_port_of_a_client_with_another_address() {
	local port words
	wire 0
	wire 1
	bridge s0 s1
	for words in "validate on" "trusted" "trusted validate on"; do
		ctl relay del dev br0 2>/dev/null
		# shellcheck disable=SC2086 # words
		relay_on br0 circuit-id %i remote-id %p $words
		for port in 0 1; do
			same "$words, by s$port" "$(C=c$port ask src="$FROM" flags=0x8000 | offer_and_agents)" "offer "
			same "$words, by s$port: up" "$(agents "$(heard)")" \
				"$(option 1 "$(hex_text br0)")$(option 2 "$(hex_text s$port)")"
		done
	done
	relay_on_again br0 circuit-id %p validate on
	serve agent=020178
	ON=br0
	mark_relay
	undelivered "no circuit-id" type=discover src="$FROM"
	same "counted" "$(relay_counted drop-foreign-agent)" "drop-foreign-agent:1 "
}
offer_and_agents() { local r; r=$(cat); echo "$(field type "$r") $(agents "$r")"; }

test_R31_vlan_on_bridge() {
	wire 0
	bridge s0
	vlan srv br0 10
	serve_at br0.10 198.18.0.1
	up srv br0.10
	relay_on br0.10 circuit-id "%v/%p"
	same "VLAN 10" "$(got c0 tags=8100.10)" "offer/c0/8100.10/$CLIENT/"
	same "up" "$(field giaddr "$(heard)") $(agents "$(heard)")" "198.18.0.1 $(option 1 "$(hex_text 10/s0)")"
	untouched "no tag" c0
}

test_R31_macvlan() {
	wire 0
	ip -n srv link add m0 link s0 type macvlan mode bridge || skip "this kernel has no macvlan"
	serve_at m0
	up srv m0
	relay_on m0
	same "m0" "$(got c0)" "offer/c0/none/$CLIENT/"
	heard_once "m0"
}

# Everything in one VRF; the same address outside of it is another one.
test_R31_vrf() {
	wire 0
	wire 1
	vrf s0 up0
	serve_at s0
	serve_at s1
	up srv s0 s1 up0
	relay
	same "in the VRF" "$(got c0)" "offer/c0/none/$CLIENT/"
	same "up" "$(field giaddr "$(heard)") $(field saddr "$(heard)")" "$RELAY 198.51.100.1"
	relay_on s1
	same "both have a relay" "$(got c0 flags=0x8000)" "offer/c0/none/$ALL/"
	ON=s1
	mark_relay
	untouched "no route outside" c1
	same "counted" "$(relay_counted drop-no-route)" "drop-no-route:1 "
	ip -n srv link set up0 nomaster
}

# Through another VRF goes a reply to somebody who has the relay's address there: that is not ours.
test_R31_R22_reply_through_another_vrf() {
	local n=0 from raw keys=("giaddr=$RELAY" "yiaddr=$CLIENT" type=offer op=2)
	wire 0
	wire 1
	vrf s0
	serve_at s0
	ip -n srv link add blue up type vrf table 20
	ip -n srv link set up0 master blue
	ip -n srv link set s1 master blue
	serve_at s1 198.18.0.1
	up srv s0 s1 up0
	ip -n srv route add $RELAY/32 via 198.18.0.2 table 20
	ip -n cli addr add 198.18.0.2/24 dev c1
	ip -n cli addr add $RELAY/32 dev c1
	srv sysctl -qw net.ipv4.ip_forward=1
	AT=cli one_server "$TMP/other" reply=none
	relay
	mark_relay
	raw=$(bytes "${keys[@]}")
	for from in $NOBODY $SERVER; do
		n=$((n + 1))
		from_server ipsrc="$from"
		same "from $from" "$(field raw "$(line_heard $n "$TMP/other")")" "$raw"
		same "from $from: source" "$(field saddr "$(line_heard $n "$TMP/other")")" "$from"
	done
	same "nothing counted" "$(relay_counted down-offer drop-not-a-server drop-spoofed)" \
		"down-offer:0 drop-not-a-server:0 drop-spoofed:0 "
}

# Nor is one to somebody in this VRF who has the same address.
test_R31_R22_reply_to_the_same_address_in_another_vrf() {
	local from before
	wire 0
	wire 1
	vrf s0
	serve_at s0
	ip -n srv link add blue up type vrf table 20
	ip -n srv link set up0 master blue
	ip -n srv link set s1 master blue
	serve_at s1
	up srv s0 s1 up0
	relay
	mark_relay
	for from in $NOBODY $SERVER; do
		before=$(no_ports)
		from_server ipsrc="$from"
		wait_for 5 more_no_ports "$before" || fail "from $from: it does not go on to the machine's own"
	done
	same "nothing counted" "$(relay_counted down-offer drop-not-a-server drop-spoofed drop-ambiguous)" \
		"down-offer:0 drop-not-a-server:0 drop-spoofed:0 drop-ambiguous:0 "
}
more_no_ports() { [ "$(no_ports)" -gt "$1" ]; }

# The clients' VRF has the server's subnet by the other table's interface.
test_R31_server_outside_of_the_vrf() {
	wire 0
	vrf s0
	serve_at s0
	up srv s0
	ip -n srv route add 198.51.100.0/24 dev up0 table 10
	relay circuit-id %i
	same "and back into it" "$(got c0)" "offer/c0/none/$CLIENT/"
	same "up" "$(field giaddr "$(heard)")" $RELAY
	same "for all" "$(got c0 flags=0x8000)" "offer/c0/none/$ALL/"
}

# One giaddr for all interfaces; what the server echoes says which one it was.
test_R31_giaddr_on_the_loopback() {
	local dev
	wire 0
	wire 1
	serve_at s0
	serve_at s1 198.18.0.1
	ip -n srv addr add $LOOPBACK/32 dev lo
	up srv s0 s1
	for dev in 0 1; do
		relay_on s$dev giaddr $LOOPBACK circuit-id %i
	done
	for dev in 0 1; do
		same "by s$dev" "$(got c$dev)" "offer/c$dev/none/$CLIENT/"
		same "up" "$(field giaddr "$(heard)") $(field saddr "$(heard)")" "$LOOPBACK $LOOPBACK"
		same "for all" "$(got c$dev flags=0x8000)" "offer/c$dev/none/$ALL/"
	done
	same "an address that the client can reach" "$(C=c1 ask | pick ipsrc)" 198.18.0.1/
	for dev in 0 1; do
		relay_on_again s$dev giaddr $LOOPBACK link-selection on
	done
	for dev in 0 1; do
		same "by the link, s$dev" "$(got c$dev)" "offer/c$dev/none/$CLIENT/"
	done
}
relay_on_again() { ctl relay del dev "$1" && relay_on "$@"; }

# Without an answer to which of them it is for, a reply is for none.
test_R31_giaddr_on_the_loopback_and_nothing_echoed() {
	local dev words before
	wire 0
	wire 1
	serve_at s0
	serve_at s1 198.18.0.1
	ip -n srv addr add $LOOPBACK/32 dev lo
	up srv s0 s1
	for words in "" "circuit-id %i" "circuit-id %i trusted"; do
		ctl config apply /dev/null
		for dev in 0 1; do
			# shellcheck disable=SC2086 # words
			relay_on s$dev giaddr $LOOPBACK link-selection off $words
		done
		serve agent=none
		if [ -z "$words" ]; then
			by_exchange "no option 82"
			continue
		fi
		before=$(ambiguous)
		for dev in 0 1; do
			same "$words, s$dev: nobody gets it" "$(WAIT=100 got c$dev)" silence
			same "$words, s$dev: counted" "$(ambiguous)" $((before + dev + 1))
		done
		serve
		for dev in 0 1; do
			same "$words, s$dev: echoed" "$(got c$dev)" "offer/c$dev/none/$CLIENT/"
			same "$words, s$dev: for all" "$(got c$dev flags=0x8000)" "offer/c$dev/none/$ALL/"
		done
		same "$words: no more" "$(ambiguous)" 2
	done
}
# By whichever of the relays it is counted
ambiguous() { echo $(($(ctl -j -s relay show | grep -oP '"drop-ambiguous":\K[0-9]+' | paste -sd+))); }

# As where each client has an interface, and all of them the same router.
test_R31_interfaces_that_share_an_address() {
	local dev
	wire 0
	wire 1
	for dev in 0 1; do ip -n srv addr add $RELAY/32 dev s$dev; done
	up srv s0 s1
	for dev in 0 1; do relay_on s$dev; done
	by_exchange "no option 82"
	for dev in 0 1; do relay_on_again s$dev circuit-id %i; done
	serve agent=none
	for dev in 0 1; do
		same "s$dev: nobody gets it" "$(WAIT=100 got c$dev flags=0x8000)" silence
	done
	same "counted" "$(ambiguous)" 2
	serve
	for dev in 0 1; do
		same "s$dev: by its name" "$(got c$dev flags=0x8000)" "offer/c$dev/none/$ALL/"
	done
}

# One has the address with its subnet, the other one borrows it, or is told to say it. Neither says option 82.
test_R31_an_address_that_another_interface_borrows() {
	local dev words before
	wire 0
	wire 1
	ip -n srv addr add $RELAY/32 dev s1
	serve_at s0
	up srv s0 s1
	for dev in 0 1; do relay_on s$dev; done
	by_exchange "borrowed"
	for words in "circuit-id %i" ""; do
		# shellcheck disable=SC2086 # words
		relay_on_again s0 $words
		relay_on_again s1 circuit-id %i
		serve agent=none
		same "s0 with \"$words\": without the option 82 that s1 adds it is for nobody" "$(WAIT=100 got c1 flags=0x8000)" silence
		serve
	done
	relay_on_again s1
	ip -n srv addr del $RELAY/32 dev s1
	relay_on_again s1 giaddr $RELAY link-selection off
	by_exchange "said"
	before=$(ambiguous)
	from_server xid=0x7777 flags=0x8000
	wait_for 5 counted_ambiguous $((before + 1)) || fail "nobody has asked: drop-ambiguous is $(ambiguous), $before before"
}

# In replies nothing differs then but the exchange that they belong to.
test_R31_interfaces_that_share_an_address_and_option_82() {
	local dev
	wire 0
	wire 1
	serve_at s0
	ip -n srv addr add $RELAY/32 dev s1
	up srv s0 s1
	for dev in 0 1; do relay_on s$dev remote-id box; done
	by_exchange "the same address"
	from_server xid=0x7777 flags=0x8000 opt="$(option 82 "$(option 2 "$(hex_text box)")")"
	wait_for 5 counted_ambiguous 1 || fail "nobody has asked: drop-ambiguous is $(ambiguous)"
	ip -n srv addr del $RELAY/32 dev s1
	relay_on_again s1 giaddr $RELAY remote-id box
	by_exchange "one has none"
	ip -n srv addr del $RELAY/24 dev s0
	ip -n srv addr add $LOOPBACK/32 dev lo
	for dev in 0 1; do relay_on_again s$dev giaddr $LOOPBACK remote-id box; done
	by_exchange "none has one"
}

# What is kept in mind of an exchange on a quiet link is not for a flood on another one to put out of mind.
test_R31_a_flood_on_one_link_hides_no_exchange_on_another() {
	local dev before i
	wire 0
	wire 1
	ip -n srv addr add $LOOPBACK/32 dev lo
	up srv s0 s1
	for dev in 0 1; do relay_on s$dev giaddr $LOOPBACK remote-id box; done
	serve reply=none
	for i in 1 2 3 4 5 6 7 8; do C=c1 say type=discover flags=0x8000 xid=$i; done
	before=$(ambiguous)
	cli dhcpc c0 type=discover flood=30000
	for i in 1 2 3 4 5 6 7 8; do
		from_server giaddr=$LOOPBACK ipdst=$LOOPBACK xid=$i flags=0x8000 opt="$(option 82 "$(option 2 "$(hex_text box)")")"
	done
	wait_for 5 down_on_s1 8 || fail "of 8 answers there came: $(relay_shows s1)"
	same "nothing in vain" "$(ambiguous)" "$before"
	ip -n srv addr del $LOOPBACK/32 dev lo
}
down_on_s1() { [[ $(relay_shows s1) == *"\"down-offer\":$1,"* ]]; }

counted_ambiguous() { [ "$(ambiguous)" = "$1" ]; } # N
by_exchange() { # WHAT
	local dev before
	before=$(ambiguous)
	for dev in 0 1 0 1; do
		same "$1, s$dev" "$(got c$dev flags=0x8000)" "offer/c$dev/none/$ALL/"
	done
	same "$1: nothing in vain" "$(ambiguous)" "$before"
}

test_R31_giaddr_on_the_loopback_one_relay() {
	ip -n srv addr add $LOOPBACK/32 dev lo
	one_wire giaddr $LOOPBACK
	serve agent=none
	same "nothing echoed" "$(got c0)" "offer/c0/none/$CLIENT/"
}

# Over which way requests go, and replies come, is the routing table's business.
test_R31_replies_by_another_way() {
	one_wire circuit-id %i
	wire 1 far
	serve_at s1 198.18.0.1
	ip -n far addr add 198.18.0.2/24 dev c1
	up srv s1
	ip -n far route add 192.0.2.0/24 via 198.18.0.1
	same "by s1" "$(got c0)" "offer/c0/none/$CLIENT/"
	ip -n srv route add $SERVER/32 via 198.18.0.2
	same "both by s1" "$(got c0)" "offer/c0/none/$CLIENT/"
	same "from there" "$(field saddr "$(heard)")" 198.18.0.1
	ip -n srv route del $SERVER/32
}

# The server's address as source does not make a server, where the way to that one is another.
test_R21_reply_by_a_third_interface() {
	one_wire
	wire 1
	serve_at s1 198.18.0.1
	up srv s1
	mark_relay
	ctl pool add guests subnet 198.18.0.0/24 dev s1 range 198.18.0.10-198.18.0.19 || fail "no pool"
	same "by a pool's" "$(forged)" silence
	ctl pool del guests || fail "the pool stays"
	srv sysctl -qw net.ipv4.conf.s1.rp_filter=1
	same "by one whose reverse path is looked at" "$(forged)" silence
	same "by the clients'" "$(forged c0 s0)" silence
	same "counted" "$(relay_counted drop-spoofed down-offer)" "drop-spoofed:3 down-offer:0 "
	ip -n srv route add $SERVER/32 dev s1
	same "where it is the way" "$(forged)" offer/c0/
}
forged() { # [DEV [OUR-DEV]]
	cli dhcpc "${1:-c1}" type=offer op=2 giaddr=$RELAY yiaddr=$CLIENT flags=0x8000 ipsrc=$SERVER ipdst=$RELAY sport=67 \
		l2dst="$(mac_of srv "${2:-s1}")" mac="$MAC" any=1 wait="${WAIT:-200}" | pick type if
}

# An address that the clients' VRF does not know is ours nevertheless.
test_R18_giaddr_of_another_vrf() {
	ip -n srv addr add $LOOPBACK/32 dev lo
	wire 0
	vrf s0 up0
	serve_at s0
	up srv s0 up0
	relay giaddr $LOOPBACK
	mark_relay
	say type=discover giaddr=$LOOPBACK ipsrc=192.0.2.77 sport=67
	same "our own" "$(relay_counted drop-spoofed up-discover)" "drop-spoofed:1 up-discover:0 "
	say type=discover giaddr=203.0.113.2 ipsrc=192.0.2.77 sport=67
	same "another relay's" "$(field giaddr "$(heard)")" 203.0.113.2
}

# What is in pages is shared with who has put it there, and what a tap holds, too. All get to see it as it was.
test_R05_requests_in_pages_and_in_taps() {
	local sent want
	one_wire circuit-id %i
	sent=$(bytes type=discover)
	want=$(as_relayed "$(padded 300 "${sent:0:486}$(option 82 01027330)ff")" $RELAY)
	forget
	listen srv 1 5
	many type=discover <<-END

		csum=good
		send=ring
		send=ring csum=good
		send=ring tags=8100.0
	END
	same "up" "$(all_heard 5)" "$(list_of 5 "$want")"
	same "in a tap" "$(listened srv)" "$(list_of 5 "$sent")"
}

test_R11_replies_in_pages_and_in_taps() {
	local opt answer=(type=offer op=2 "giaddr=$RELAY" "yiaddr=$CLIENT")
	opt=$(option 82 01027330)
	one_wire circuit-id %i
	listen srv 2 4
	listen cli 2 4
	from_server - opt="$opt" <<-END

		csum=good
		send=ring
		send=ring csum=good
	END
	same "down" "$(listened cli)" "$(list_of 4 "$(bytes "${answer[@]}")")"
	same "in a tap" "$(listened srv)" "$(list_of 4 "$(bytes "${answer[@]}" opt="$opt")")"
}

in_pieces() { # WHO
	local sent answer opt at
	opt=$(option 82 01027330)
	sent=$(bytes type=discover)
	answer=$(bytes type=offer op=2 giaddr=$RELAY yiaddr=$CLIENT)
	for at in 8 16 240 256 296; do
		echo "frag=$at csum=good"
	done >"$TMP/pieces"
	forget
	many type=discover <"$TMP/pieces"
	same "$1 puts them together, up" "$(all_heard 5)" \
		"$(list_of 5 "$(as_relayed "$(padded 300 "${sent:0:486}${opt}ff")" $RELAY)")"
	listen cli 2 5
	from_server - opt="$opt" <"$TMP/pieces"
	same "$1 puts them together, down" "$(listened cli)" "$(list_of 5 "$answer")"
}
test_R05_R11_in_fragments() {
	one_wire circuit-id %i
	in_pieces "the module"
	require_prog nft
	srv nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; ct state new accept; }; }'
	in_pieces "connection tracking"
	srv nft delete table ip t
}

test_R31_renamed_and_back() {
	local i
	one_wire circuit-id %i
	for i in 1 2; do
		same "round $i" "$(got c0)" "offer/c0/none/$CLIENT/"
		ip -n srv -batch - <<<"link set s0 down"$'\n'"link set s0 name other up"
		up srv other
		untouched "renamed away" c0
		ip -n srv link del other
		wire 0
		serve_at s0
		up srv s0
	done
	same "another one of that name" "$(agents "$(got c0 >/dev/null; heard)")" "$(option 1 7330)"
}

# What is none of the relay's goes on its way: in another namespace, too.
test_R31_other_namespaces() {
	one_wire
	wire 1
	mark_relay
	far dhcpc f0 type=discover wait=0 >/dev/null
	from_server giaddr=198.51.100.1 ipdst=198.51.100.1
	untouched "no relay on s1" c1
	same "nothing counted" "$(relay_counted up-discover down-offer drop-spoofed)" "up-discover:0 down-offer:0 drop-spoofed:0 "
	same "afterwards" "$(got c0)" "offer/c0/none/$CLIENT/"
}

run_relay_tests
