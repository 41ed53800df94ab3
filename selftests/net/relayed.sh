#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Clients behind a relay agent, or behind routers: c0 is the relay, 203.0.113.1 and 198.51.100.1 its clients' links.
. "$(dirname "$0")/lib.sh"

MAC=02:00:00:00:00:01
SID=192.0.2.1
G=203.0.113.1
G2=198.51.100.1
# Option 82: circuit-id "port7", remote-id 010203, an unknown sub-option 200 with ff00ff
AGENT=52110105706f7274370203010203c803ff00ff
ECHOED=0105706f7274370203010203c803ff00ff

# The relay's word; further keys stand before these
relay() { cli dhcpc c0 "$@" giaddr="$G" ipsrc="$G" ipdst=$SID sport=67 l2dst="$SMAC" src="$CMAC" hops=1 mac="$MAC"; }
# A client that has its address, through routers
routed() { cli dhcpc c0 "$@" ipdst=$SID l2dst="$SMAC" src="$CMAC" mac="$MAC"; }
far() { # a pool without an interface; further words are added
	ctl pool add far subnet 203.0.113.0/24 range 203.0.113.10-203.0.113.19 router $G lease 1h "$@" || fail "no pool"
}
bind() { # [KEY...]: prints the address
	local ip
	ip=$(field yiaddr "$(relay "$@" type=discover)")
	relay "$@" type=request req="$ip" sid=$SID >/dev/null
	echo "$ip"
}
# to_relay WHAT REPLY TYPE: it went to the giaddr, once on its way through the relay's router
to_relay() {
	same "$1" "$(field type "$2") $(field ipdst "$2") $(field dport "$2") $(field l2dst "$2") $(field csum "$2")" \
		"$3 $G 67 ${CMAC//:/} ok"
}

test_C02_H03_pool_of_the_giaddr() {
	local r
	far
	r=$(relay type=discover)
	to_relay offer "$r" offer
	same giaddr "$(field giaddr "$r") $(field hops "$r") $(field sid "$r") $(field ipsrc "$r")" "$G 0 $SID $SID"
	has "its own subnet" "$(field yiaddr "$r")" 203.0.113.1
	same router "$(field o3 "$r")" cb007101
	r=$(relay type=request req="$(field yiaddr "$r")" sid=$SID)
	to_relay ack "$r" ack
	same "flag B goes to the relay just the same" "$(field ipdst "$(relay type=discover flags=0x8000)")" $G
}

test_C16_one_client_two_subnets() {
	local near remote
	far
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	remote=$(bind cid=00aabb)
	near=$(field yiaddr "$(cli dhcpc c0 type=discover cid=00aabb)")
	cli dhcpc c0 type=request cid=00aabb req="$near" sid=$SID >/dev/null
	same both "$(state_of "$near") $(state_of "$remote")" "bound bound"
}

test_Q04_Q06_wrong_network_by_giaddr() {
	far
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	to_relay "an address of the server's link" "$(relay type=request req=192.0.2.10)" nak
}

test_Q08_nak_by_the_relay_with_flag_B() {
	local r
	far
	r=$(relay type=request req=10.1.1.1 flags=0)
	to_relay nak "$r" nak
	same "flag, yiaddr" "$(field flags "$r") $(field yiaddr "$r")" "8000 0.0.0.0"
}

test_I02_inform_by_a_relay() {
	local r
	far
	r=$(relay type=inform ciaddr=203.0.113.99)
	to_relay "to the relay" "$r" ack
	same "ciaddr and lease" "$(field ciaddr "$r") $(field lease "$r")" "203.0.113.99 0"
	to_relay "without an address" "$(relay type=inform)" ack
	r=$(routed type=inform ciaddr=203.0.113.99)
	same "to itself" "$(field type "$r") $(field ipdst "$r") $(field dport "$r")" "ack 203.0.113.99 68"
}

test_L01_L02_agent_echoed_in_every_reply_and_last() {
	local r ip what
	far
	ip=$(bind opt=$AGENT)
	for what in "type=discover" "type=request req=$ip sid=$SID" "type=request req=10.1.1.1" "type=inform ciaddr=$ip" \
		"type=request ciaddr=$ip"; do
		# shellcheck disable=SC2086 # words
		r=$(relay $what opt=$AGENT)
		same "$what" "$(field o82 "$r")" $ECHOED
		has "$what: last" "$r$" "o82=$ECHOED$"
	done
	same "none, if there was none" "$(field o82 "$(relay type=discover)")" ""
}

test_L03_agent_is_shown() {
	local ip
	far
	ip=$(bind opt=$AGENT)
	has circuit "$(ctl -j lease show ip "$ip")" '"circuit-id":"port7"'
	has remote "$(ctl -j lease show ip "$ip")" '"remote-id":"01:02:03"'
	has "found by it" "$(ctl -j lease show circuit-id '"port7"')" "\"ip\":\"$ip\""
	same "nobody has another" "$(ctl -j lease show circuit-id '"port8"' | tr -d ' \n')" "[]"
}

test_L04_unicast_renewal_without_agent_keeps_it() {
	local ip r
	far
	ip=$(bind opt=$AGENT)
	r=$(routed type=request ciaddr="$ip")
	same ack "$(field type "$r") $(field ipdst "$r") $(field dport "$r") $(field yiaddr "$r")" "ack $ip 68 $ip"
	same "nothing to echo" "$(field o82 "$r")" ""
	has "still known" "$(ctl -j lease show ip "$ip")" '"circuit-id":"port7"'
	relay type=request ciaddr="$ip" opt=520701057468657265 >/dev/null
	has "what is said last counts" "$(ctl -j lease show ip "$ip")" '"circuit-id":"there"'
}

test_L06_link_selection_beats_all() {
	local r
	far subnet-selection on
	ctl pool add other subnet 198.51.100.0/24 range 198.51.100.10-198.51.100.19 subnet-selection on || fail "no pool"
	r=$(relay type=discover opt=52060504c6336405)
	to_relay "to the giaddr" "$r" offer
	has "of the link selected" "$(field yiaddr "$r")" 198.51.100.1
	r=$(relay type=discover opt=7604c6336400)
	has "118 alone" "$(field yiaddr "$r") $(field o118 "$r")" 198.51.100.1
	has "118 is returned" "$(field o118 "$r")" c6336400
	r=$(relay type=discover opt=7604c633640052060504cb007105)
	has "both" "$(field yiaddr "$r")" 203.0.113.1
	same "a link that is none of ours" "$(relay type=discover opt=520605040a000001 wait=300)" silence
}

test_L07_server_identifier_override() {
	local ip r
	far
	r=$(relay type=discover opt=52060b04cb007101)
	ip=$(field yiaddr "$r")
	same "offer" "$(field sid "$r") $(field ipsrc "$r")" "$G $SID"
	r=$(relay type=request req="$ip" sid=$G opt=52060b04cb007101)
	same "ack" "$(field type "$r") $(field sid "$r")" "ack $G"
	r=$(routed type=request ciaddr="$ip")
	same "a renewal without it" "$(field type "$r") $(field sid "$r")" "ack $G"
	same "released in its name" "$(routed type=release ciaddr="$ip" sid=$G wait=100)" silence
	same "state" "$(state_of "$ip")" released
	same "not taken from a client" "$(field sid "$(cli dhcpc c0 type=request ciaddr="$ip" opt=52060b04cb007101 wait=200)")" ""
}

# A relay's word that somebody has forged does not send a client of this link to another server.
test_P6_server_identifier_override_of_a_forger() {
	local ip
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	ip=$(field yiaddr "$(cli dhcpc c0 type=discover mac=$MAC)")
	cli dhcpc c0 type=request req="$ip" sid=$SID mac=$MAC >/dev/null
	cli dhcpc c0 type=request ciaddr="$ip" giaddr=192.0.2.66 ipsrc=192.0.2.66 ipdst=$SID sport=67 l2dst="$SMAC" src="$CMAC" \
		hops=1 mac=$MAC opt=52060b04c0000242 wait=300 >/dev/null
	same "renewal" "$(field sid "$(cli dhcpc c0 type=request ciaddr="$ip" mac=$MAC)")" $SID
	same "offer" "$(field sid "$(cli dhcpc c0 type=discover mac=$MAC)")" $SID
}

test_L08_L10_L11_L12_other_suboptions_are_echoed() {
	# 10 relay flags (two bytes), 12 relay-id, 8 authentication, 7 RADIUS, 9 vendor, 151 and 152 VSS
	local all=0a0180070319036108220100000000000000000000000000abababababababababababababababababababab0906000000ab01ff0c03414243970100 r
	far
	r=$(relay type=discover opt="52$(printf %02x $((${#all} / 2)))$all")
	same "as they came" "$(field o82 "$r")" "$all"
	# What tshark knows nothing of is left out of what it reads.
	same "VSS control" "$(field o82 "$(relay type=discover xid="$FLOOD" opt=52059701009800)")" 9701009800
}

test_L09_relay_source_port() {
	far
	same "without sub-option 19" "$(field dport "$(relay type=discover sport=1067)")" 67
	same "with it" "$(field dport "$(relay type=discover sport=1067 opt=52021300)")" 1067
	same "in a NAK too" "$(field dport "$(relay type=request req=10.1.1.1 sport=1067 opt=52021300)")" 1067
}

test_L13_L14_leasequery_is_not_answered() {
	far
	same "LEASEQUERY" "$(relay type=10 ciaddr="$(bind)" wait=300)" silence
	same "nobody listens" "$(srv ss -Hltn | wc -l)" 0
}

test_O17_subnet_selection_is_a_switch() {
	local r
	far subnet-selection on
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	r=$(cli dhcpc c0 type=discover opt=7604cb007100)
	has "on" "$(field yiaddr "$r")" 203.0.113.1
	same "echoed, to where it came from" "$(field o118 "$r") $(field dport "$r")" "cb007100 68"
	ctl pool set far subnet-selection off
	r=$(cli dhcpc c0 type=discover opt=7604cb007100)
	has "off" "$(field yiaddr "$r")" 192.0.2.1
	same "off: not echoed" "$(field o118 "$r")" ""
}

# What via keeps out, option 118 does not let in; and a pool that does not heed it is not reached by its neighbour's switch.
test_O17_subnet_selection_opens_no_other_pool() {
	local ip victim=02:00:00:00:00:99
	far
	ip=$(MAC=$victim bind)
	ctl pool set far subnet-selection on via none
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	same "DISCOVER" "$(cli dhcpc c0 type=discover opt=7604cb007100 wait=300)" silence
	cli dhcpc c0 type=release ciaddr="$ip" sid=$SID opt=7604cb007100 mac=$victim wait=100 >/dev/null
	same "RELEASE" "$(state_of "$ip")" bound
	ctl pool set far no via relay-link 10.0.0.0/24
	ctl pool add next subnet 198.51.100.0/24 range 198.51.100.10-198.51.100.19 relay-link 10.0.0.0/24 || fail "no second pool"
	has "a neighbour without it" "$(field yiaddr "$(cli dhcpc c0 type=discover opt=76040a000000)")" 192.0.2.1
	ctl pool set lan subnet-selection on
	same "not echoed, then" "$(field o118 "$(cli dhcpc c0 type=discover opt=76040a000000)")" ""
	same "its own is" "$(field o118 "$(cli dhcpc c0 type=discover opt=7604c0000200)")" c0000200
	ctl pool set next subnet-selection on
	has "both have it" "$(field yiaddr "$(cli dhcpc c0 type=discover opt=76040a000000)")" 203.0.113.1
}

# A machine that is bound on two links. Behind a relay they would be one.
test_P1_a_message_that_via_refuses_ends_no_binding() {
	local one two
	second_link 10.1.0.1/24
	ctl -batch - <<-END || fail "no pools"
		pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 relay-link 10.0.0.0/24 via none
		pool add lan2 subnet 10.1.0.0/24 dev s1 range 10.1.0.10-10.1.0.19 relay-link 10.0.0.0/24 via none
	END
	one=$(bind_on c0 192.0.2.1)
	two=$(bind_on c1 10.1.0.1)
	same "two bindings" "$(state_of "$one") $(state_of "$two")" "bound bound"
	same "what is said in its name" "$(cli dhcpc c0 type=discover giaddr=10.0.0.9 mac=$MAC wait=300)" silence
	same "two bindings still" "$(state_of "$one") $(state_of "$two")" "bound bound"
	ctl pool set lan no via || fail "set"
	cli dhcpc c0 type=discover giaddr=10.0.0.9 mac=$MAC wait=300 >/dev/null
	cli dhcpc c1 type=discover giaddr=10.0.0.9 mac=$MAC wait=300 >/dev/null
	same "where one pool hears it" "$(state_of "$one") $(state_of "$two")" "bound bound"
	ip -n srv link del s1
}
bind_on() { # DEV SERVER: prints the address
	local ip
	ip=$(field yiaddr "$(cli dhcpc "$1" type=discover mac=$MAC)")
	cli dhcpc "$1" type=request req="$ip" sid="$2" mac=$MAC >/dev/null
	echo "$ip"
}

# RFC 4390: on InfiniBand.
test_P1_a_client_without_hardware_when_the_identity_changes() {
	local ip words=(hlen=0 flags=0x8000 cid=00aabb "opt=$AGENT")
	far
	ip=$(bind "${words[@]}")
	ctl pool set far identity circuit-id || fail "set"
	same "rebinds" "$(field type "$(relay type=request ciaddr="$ip" "${words[@]}")")" ack
}

test_X08_giaddr_that_is_no_hosts() {
	local bad before
	far
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	for bad in 255.255.255.255 127.0.0.1 224.0.0.1 0.1.2.3 239.255.255.255; do
		before=$(counter drop-rfc-violation)
		same "$bad" "$(cli dhcpc c0 type=discover giaddr=$bad wait=200)" silence
		same "$bad counted" "$(($(counter drop-rfc-violation) - before))" 1
	done
}

test_C02_giaddr_without_pool_is_anothers() {
	far
	same "no answer" "$(relay type=discover giaddr=10.9.9.9 wait=200)" silence
	[ "$(counter drop-no-pool)" -ge 1 ] || fail "not counted"
}

test_B03_bootp_by_a_relay() {
	local r
	far bootp on
	r=$(relay type=none)
	to_relay "to the relay" "$r" bootp
	has address "$(field yiaddr "$r")" 203.0.113.1
	r=$(relay type=none ciaddr="$(field yiaddr "$r")")
	same "to itself" "$(field ipdst "$r") $(field dport "$r")" "$(field ciaddr "$r") 68"
	same "with option 82" "$(field o82 "$(relay type=none opt=$AGENT)")" $ECHOED
}

# Whoever says that he is a relay might have us write to anybody, or to everybody.
test_X06_bootp_for_a_foreign_address_is_not_answered() {
	local ip
	far bootp on
	for ip in 198.51.100.9 255.255.255.255 203.0.113.255 224.0.0.1 127.0.0.1; do
		same "$ip" "$(relay type=none ciaddr=$ip wait=200)" silence
	done
}

test_relay_links_beside_the_subnet() {
	far relay-link 198.51.100.0/24
	has "giaddr outside of the subnet" "$(field yiaddr "$(relay type=discover giaddr=$G2 ipsrc=$G2)")" 203.0.113.1
}

# What is none of ours goes on to the machine's own sockets, also if it could not be read.
no_ports() { srv grep '^Udp: [0-9]' /proc/net/snmp | cut -d ' ' -f 3; }
test_C02_untouched_where_nothing_is_served() {
	local before failed
	far
	before=$(no_ports)
	failed=$(counter drop-parse-failed)
	relay type=discover giaddr=192.0.2.77 wait=50 >/dev/null
	relay type=discover giaddr=192.0.2.77 opt=3203c00002 wait=50 >/dev/null
	relay type=discover giaddr=224.0.0.1 wait=50 >/dev/null
	same "all three" "$(($(no_ports) - before)) $(($(counter drop-parse-failed) - failed))" "3 0"
}

test_via_says_where_relays_are() {
	local ip
	far via lo via s0
	to_relay "by one of them" "$(relay type=discover)" offer
	ip=$(bind)
	ctl pool set far via lo
	same "a relay elsewhere" "$(relay type=discover wait=200)" silence
	same "a client behind routers" "$(routed type=request ciaddr="$ip" wait=200)" silence
	ctl pool set far via none
	same "nowhere" "$(relay type=discover wait=200)" silence
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 via none verify-chaddr on || fail "no pool"
	same "a forger who says that he is a relay" "$(relay type=discover giaddr=192.0.2.66 wait=200)" silence
	same "whoever is there" "$(field type "$(cli dhcpc c0 type=discover mac=$MAC src=$MAC)")" offer
}

# Two subnets on one link: the second when the first is full, and everybody stays where they are.
test_shared_network() {
	local first second r
	ctl pool add one subnet 203.0.113.0/24 range 203.0.113.10-203.0.113.10 router $G || fail "no pool"
	ctl pool add two subnet 198.51.100.0/24 relay-link 203.0.113.0/24 range 198.51.100.10-198.51.100.19 || fail "no pool"
	first=$(bind)
	same "the giaddr's own first" "$first" 203.0.113.10
	MAC=02:00:00:00:00:02
	second=$(bind)
	has "then the other" "$second" 198.51.100.1
	r=$(relay type=request ciaddr="$second")
	same "stays" "$(field type "$r") $(field yiaddr "$r")" "ack $second"
	relay type=release ciaddr="$first" mac=02:00:00:00:00:01 sid=$SID wait=100 >/dev/null
	same "comes back to what it had" "$(field yiaddr "$(relay type=discover)")" "$second"
	same "reboots with it" "$(field type "$(relay type=request req="$second")")" ack
}

# RFC 3046 section 2.1: who is behind no relay may say what he likes about one.
test_L01_option_82_of_a_client_is_not_heeded() {
	local r before
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.18 lease 1h identity circuit-id || fail "no pool"
	ctl host add port circuit-id '"port7"' ip 192.0.2.19 || fail "no host"
	before=$(counter agent-unheeded)
	r=$(cli dhcpc c0 type=discover mac=$MAC opt=$AGENT)
	same "an offer, and it comes back" "$(field type "$r") $(field o82 "$r")" "offer $ECHOED"
	r=$(field yiaddr "$r")
	[ "$r" != 192.0.2.19 ] || fail "the port's address by somebody who says so"
	r=$(cli dhcpc c0 type=request req="$r" sid=$SID mac=$MAC opt=$AGENT)
	same "an ACK, too" "$(field type "$r") $(field o82 "$r")" "ack $ECHOED"
	same "nor is it stored" "$(ctl -j lease show | grep -c 706f727437)" 0
	same "counted" "$(($(counter agent-unheeded) - before))" 2
	ctl pool set lan trusted on || fail "not trusted"
	r=$(cli dhcpc c0 type=discover mac=02:00:00:00:00:07 opt=$AGENT)
	same "a switch that is trusted" "$(field yiaddr "$r") $(field o82 "$r")" "192.0.2.19 $ECHOED"
}

# What a pool does not heed is the relay's to judge.
test_L01_R15_option_82_of_a_client_of_pool_and_relay() {
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.18 lease 1h || fail "no pool"
	ctl relay add dev s0 server 198.18.0.9 || fail "no relay"
	cli dhcpc c0 type=request req=192.0.2.10 sid=192.0.2.200 mac=$MAC opt=$AGENT wait=50 >/dev/null
	has "not relayed" "$(ctl -j -s relay show)" '"drop-untrusted":1'
	ctl relay del s0
}

test_identity_by_circuit() {
	local ip r
	far identity circuit-id
	ip=$(bind opt=$AGENT)
	same "another device on the port" "$(field yiaddr "$(relay type=discover opt=$AGENT mac=02:00:00:00:00:09 cid=0101)")" "$ip"
	same "another port" "$(field yiaddr "$(relay type=discover opt=520601047878787a)" | grep -c "^$ip\$")" 0
	r=$(routed type=request ciaddr="$ip")
	same "renewal without its relay" "$(field type "$r") $(field yiaddr "$r")" "ack $ip"
	same "not by another device" "$(routed type=request ciaddr="$ip" mac=02:00:00:00:00:0a wait=300)" silence
}

test_host_by_circuit() {
	local r
	far
	ctl host add circuit-id '"port7"' ip 203.0.113.77 option 6 203.0.113.53 || fail "no host"
	r=$(relay type=discover opt=$AGENT)
	same "reserved" "$(field yiaddr "$r") $(field o6 "$r")" "203.0.113.77 cb007135"
	same "bound" "$(bind opt=$AGENT)" 203.0.113.77
	routed type=release ciaddr=203.0.113.77 sid="$SID" wait=100 >/dev/null
	same "by whomever" "$(state_of 203.0.113.77)" released
	same "its own renewal" "$(field type "$(routed type=request ciaddr=203.0.113.77)")" ack
	nap 1.1 # A RELEASE is obeyed once a second.
	routed type=release ciaddr=203.0.113.77 sid="$SID" wait=100 >/dev/null
	same "released once more" "$(state_of 203.0.113.77)" released
	same "elsewhere it is not its address" "$(field yiaddr "$(relay type=discover)" | grep -c '^203\.0\.113\.77$')" 0
}

# The port's address is for whatever is plugged into it: one machine with three systems, and the machine that replaces it.
test_C15_a_host_known_by_its_circuit_is_one_client() {
	local who ip=203.0.113.77 other=02:00:00:00:00:09
	far
	ctl host add circuit-id '"port7"' ip $ip || fail "no host"
	for who in wait=1000 cid=0149 cid=0012aabb; do
		same "$who" "$(bind opt=$AGENT $who)" $ip
		same "$who starts again" "$(field type "$(relay type=request req=$ip opt=$AGENT $who)")" ack
		same "$who renews without its relay" "$(field type "$(routed type=request ciaddr=$ip $who)")" ack
	done
	same "another machine" "$(MAC=$other bind opt=$AGENT)" $ip
	same "renews" "$(field type "$(MAC=$other routed type=request ciaddr=$ip)")" ack
	same "the first one, which has gone" "$(field type "$(routed type=request ciaddr=$ip cid=0012aabb wait=300)")" ""
	MAC=02:00:00:00:00:0b relay type=decline req=$ip sid=$SID opt=$AGENT wait=50 >/dev/null
	same "declined by a third one" "$(state_of $ip)" bound
	same "bindings" "$(ctl -j lease show | grep -o '"state":"bound"' | wc -l)" 1
}

# What the store says is the last machine's, though the next one has been offered the address by now.
test_C15_P2_the_next_machine_behind_a_circuit_waits_for_the_store() {
	local ip=203.0.113.77 other=02:00:00:00:00:09
	far
	ctl host add circuit-id '"port7"' ip $ip || fail "no host"
	same "one machine" "$(bind opt=$AGENT)" $ip
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	kill -STOP "$DAEMON"
	routed type=release ciaddr=$ip sid="$SID" wait=100 >/dev/null
	same "offered" "$(field yiaddr "$(relay type=discover opt=$AGENT)")" $ip
	same "the next one is offered it" "$(field yiaddr "$(MAC=$other relay type=discover opt=$AGENT)")" $ip
	same "nothing before it is stored" "$(MAC=$other relay type=request req=$ip sid=$SID opt=$AGENT wait=500)" silence
	kill -CONT "$DAEMON"
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	same "then" "$(field type "$(MAC=$other relay type=request req=$ip sid=$SID opt=$AGENT xid=9)")" ack
}

test_P1_clients_of_circuits_stay_bound_when_the_identity_changes() {
	local identity ip
	far identity circuit-id
	ip=$(bind opt=$AGENT cid=0101)
	for identity in client-id mac circuit-id mac; do
		ctl pool set far identity "$identity" || fail "set"
		same "$identity: renews" "$(field type "$(routed type=request ciaddr="$ip" cid=0101)")" ack
		same "$identity: rebinds" "$(field type "$(relay type=request ciaddr="$ip" cid=0101 opt=$AGENT)")" ack
		same "$identity: starts again" "$(field type "$(relay type=request req="$ip" cid=0101 opt=$AGENT)")" ack
	done
}

# It has an address for its circuit in a pool that is full otherwise, and asks for one without saying which circuit that is.
test_a_client_of_a_circuit_that_does_not_say_so() {
	local ip
	ctl pool add one subnet 203.0.113.0/24 range 203.0.113.10-203.0.113.10 router $G || fail "no pool"
	ctl pool add two subnet 198.51.100.0/24 relay-link 203.0.113.0/24 range 198.51.100.10-198.51.100.19 || fail "no pool"
	ctl host add circuit-id '"port7"' ip 203.0.113.77 || fail "no host"
	same "reserved" "$(bind opt=$AGENT)" 203.0.113.77
	same "full" "$(bind mac=02:00:00:00:00:09)" 203.0.113.10
	ip=$(field yiaddr "$(relay type=discover)")
	same "what it is offered it gets" "$ip $(field type "$(relay type=request req="$ip" sid=$SID)")" "203.0.113.77 ack"
}

ports() { ctl -j lease show circuit-id '"port7"' state "$1" | grep -o '"ip":"10\.66\.' | wc -l; } # STATE
# Every link has a "port7". When they become one, one binding stays, and the other addresses rest, a few with each message.
test_P1_a_port_of_many_links_that_become_one() {
	local n
	ip -n srv route add 10.66.0.0/16 via 192.0.2.254 dev s0
	for ((n = 1; n <= 40; n++)); do
		echo "pool add p$n subnet 10.66.$n.0/24 identity circuit-id lease 1h"
	done | ctl -batch - || fail "no pools"
	for ((n = 1; n <= 40; n++)); do
		G=10.66.$n.1 bind opt=$AGENT >/dev/null
	done
	same "each link's" "$(ports bound)" 40
	printf 'pool all {\n\tsubnet = 10.66.0.0/16\n\tidentity = circuit-id\n}\n' >"$TMP/one.conf"
	ctl config apply "$TMP/one.conf" || fail "not applied"
	G=10.66.1.1 relay type=discover opt=$AGENT >/dev/null
	same "a few" "$(ports bound)" 8
	G=10.66.1.1 relay type=discover opt=$AGENT >/dev/null
	same "the last one stays" "$(ports bound)" 1
	ip -n srv route del 10.66.0.0/16
}

test_pin_of_a_circuit() {
	local ip
	far identity circuit-id
	ip=$(bind opt=$AGENT cid=0101)
	ctl lease pin "$ip" || fail "pin"
	has "the port" "$(ctl -j host show)" '"circuit-id":"70:6f:72:74:37"'
	ctl lease del "$ip" || fail "del"
	same "any device on it" "$(field yiaddr "$(relay type=discover opt=$AGENT mac=02:00:00:00:00:09 cid=0202)")" "$ip"
	same "nobody else" "$(field yiaddr "$(relay type=discover req="$ip")" | grep -c "^$ip\$")" 0
	ip=$(bind cid=0303)
	ctl lease pin "$ip" || fail "pin without a circuit"
	has "itself" "$(ctl -j host show)" '"client-id":"03:03"'
}

# A renewal that comes through routers is nobody's business but its own pool's.
test_Q10_renewal_through_routers() {
	local ip
	far
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 || fail "no pool"
	ip=$(bind)
	same "ack" "$(field type "$(routed type=request ciaddr="$ip")")" ack
	same "a stranger's address" "$(routed type=request ciaddr="$ip" mac=02:00:00:00:00:0b wait=300)" silence
	same "a forged source" "$(routed type=request ciaddr="$ip" ipsrc=203.0.113.200 wait=300)" silence
	same "still bound" "$(state_of "$ip")" bound
	routed type=release ciaddr="$ip" sid=$SID wait=100 >/dev/null
	same "released" "$(state_of "$ip")" released
}

each_test() { no_pools; }

setup
ip -n cli addr add 192.0.2.254/24 dev c0
ip -n cli addr add $G/32 dev lo
ip -n cli addr add $G2/32 dev lo
for net in 203.0.113.0/24 198.51.100.0/24; do
	ip -n srv route add $net via 192.0.2.254 dev s0
done
SMAC=$(ip -n srv -br link show s0 | awk '{ print $3 }')
CMAC=$(ip -n cli -br link show c0 | awk '{ print $3 }')
run_tests
