#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent of RFC 1542: which requests go to the servers, what is changed in them, and how replies come to the client.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

# ---- up: which requests are relayed ----

test_R01_off_by_default() {
	local before to_us="ipsrc=192.0.2.77 ipdst=$RELAY l2dst=$SMAC"
	serve
	before=$(no_ports)
	say type=discover
	# shellcheck disable=SC2086 # words
	say $to_us
	same "goes on to the machine's own sockets" "$(($(no_ports) - before))" 1
	relay_on up0
	say type=discover
	# shellcheck disable=SC2086
	say $to_us
	same "a relay elsewhere" "$(($(no_ports) - before))" 2
	relay
	delivered "on" offer
	same "heard once" "$(theirs | wc -l)" 1
	ctl relay del dev s0 || fail "the relay does not go"
	before=$(no_ports)
	forget
	say type=discover
	# shellcheck disable=SC2086
	say $to_us
	same "off again" "$(($(no_ports) - before))" 1
	relay
	probe "on again"
	same "not heard" "$(theirs)" ""
}

test_R02_source_and_port() {
	local source
	relay
	serve
	delivered "no source" offer
	delivered "a legal one" offer ipsrc=192.0.2.77
	delivered "to our own address" offer ipsrc=192.0.2.77 ipdst=$RELAY l2dst="$SMAC"
	same "from another port" "$(field type "$(ask sport=1068)")" offer
	unheard "for the client's port" type=discover dport=68
	unheard "a reply" type=offer op=2
	mark_relay
	for source in 255.255.255.255 127.0.0.1 224.0.0.1; do
		unheard "from $source" type=discover ipsrc=$source
	done
	same "counted" "$(relay_counted drop-rfc-violation)" "drop-rfc-violation:3 "
}

test_R03_hops() {
	relay
	serve
	mark_relay
	delivered "four" offer hops=4
	same "one more" "$(field hops "$(heard)")" 5
	unheard "five" type=discover hops=5
	same "counted" "$(relay_counted drop-hops up-discover)" "drop-hops:1 up-discover:2 "
	relay hops 16
	mark_relay
	delivered "sixteen, if we want" offer hops=16
	same "one more" "$(field hops "$(heard)")" 17
	unheard "seventeen" type=discover hops=17
	unheard "so many that one more is none" type=discover hops=255
	same "counted" "$(relay_counted drop-hops)" "drop-hops:2 "
	relay hops 1
	delivered "one" offer hops=1
	unheard "two" type=discover hops=2
	refused hops 17
	refused hops 0
}

test_R04_giaddr() {
	relay
	serve
	ip -n srv addr add 192.0.2.2/24 dev s0
	ip -n srv addr add 198.18.0.1/24 dev s0
	# The kernel lists this one first.
	ip -n srv addr add 169.254.7.7/16 dev s0 scope link
	for _ in 1 2; do
		delivered "the first" offer
		same "the first address" "$(field giaddr "$(heard)")" $RELAY
	done
	relay giaddr 198.18.0.1
	delivered "another" offer
	same "the one that is wanted, as source too" "$(field giaddr "$(heard)") $(field saddr "$(heard)")" \
		"198.18.0.1 198.18.0.1"
	refused giaddr 255.255.255.255
	refused giaddr 224.0.0.1
}

test_R04_no_address_no_relay() {
	relay
	serve
	mark_relay
	ip -n srv addr flush dev s0
	say type=discover
	same "counted" "$(relay_counted drop-no-address up-discover)" "drop-no-address:1 up-discover:0 "
	ip -n srv addr add 192.0.2.5/24 dev s0
	probe "an address"
	same "not heard" "$(theirs)" ""
	delivered "another address" offer
	same "that is giaddr" "$(field giaddr "$(heard)")" 192.0.2.5
}

# It may come later; until then no server is to blame.
test_R04_giaddr_that_is_not_there() {
	relay giaddr 198.18.0.1 2>/dev/null
	serve
	mark_relay
	say type=discover
	same "counted" "$(relay_counted drop-no-address drop-no-route)" "drop-no-address:1 drop-no-route:0 "
	[[ $(relay_shows) != *'"silent"'* ]] || fail "a server owes an answer: $(relay_shows)"
	ip -n srv addr add 198.18.0.1/32 dev s0
	probe "it is there"
	same "nothing is said in another's name" "$(theirs)" ""
	delivered "it is there" offer
}

# Every byte that is not hops or giaddr, whatever the message looks like
test_R05_everything_else_as_it_came() {
	local keys raw len
	relay hops 16
	serve reply=none
	keys=(type=request hops=3 secs=258 flags=0x8001 xid=0xfedcba98 ciaddr=192.0.2.66 yiaddr=192.0.2.67 siaddr=192.0.2.68
		sname="$(repeated 64 a5)" file="$(repeated 128 5a)" chaddr="$(repeated 8 02c3)" cid=00112233
		opt="$(option 12 61)$(option 12 62)0000$(option 43 "$(repeated 255 e1)")$(option 224 "")")
	for len in 593 594 600 999 1472; do
		raw=$(bytes "${keys[@]}" len=$len)
		forget
		say "${keys[@]}" len=$len
		same "$len bytes" "$(field raw "$(heard)")" "$(as_relayed "$raw" $RELAY)"
	done
	for keys in "type=discover" "type=discover len=244" "type=discover end=0" "type=discover end=0 len=243" \
		"type=none" "type=discover opt=ff520101370103" "type=discover opt=3501033501ff"; do
		# shellcheck disable=SC2086 # words
		raw=$(bytes $keys)
		forget
		# shellcheck disable=SC2086
		say $keys
		same "$keys" "$(field raw "$(heard)")" "$(as_relayed "$raw" $RELAY)"
	done
}

test_R05_giaddr_of_another_relay_stays() {
	local raw
	relay
	serve reply=none
	raw=$(bytes type=discover hops=2 giaddr=203.0.113.9)
	forget
	say type=discover hops=2 giaddr=203.0.113.9 ipsrc=192.0.2.77 sport=67
	same "but for hops" "$(field raw "$(heard)")" "$(as_relayed "$raw")"
	forget
	say type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77 ipdst=$RELAY l2dst="$SMAC" sport=67
	same "sent to us" "$(field giaddr "$(heard)") $(field hops "$(heard)")" "203.0.113.9 1"
	relay giaddr $RELAY
	forget
	say type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77 sport=67
	same "whatever ours is" "$(field giaddr "$(heard)")" 203.0.113.9
}

test_R05_ports_and_source() {
	relay
	serve
	delivered "offer" offer sport=1068
	same "67 to 67, from where the route begins" "$(field sport "$(heard)") $(field saddr "$(heard)")" "67 198.51.100.1"
	same "to the server" "$(field daddr "$(heard)")" $SERVER
}

# ---- up: where they go ----

two_servers() {
	end_servers
	one_server "$HEARD" bind=$SERVER
	one_server "$TMP/heard2" bind=$SERVER2
}

test_R06_each_server_gets_a_copy() {
	local what first
	two_servers
	TO=$SERVER,$SERVER2 relay
	mark_relay
	for what in discover "request req=192.0.2.9 sid=$SERVER" release 13; do
		forget
		: >"$TMP/heard2"
		# shellcheck disable=SC2086 # words
		say type=$what
		first=$(heard)
		same "$what: the same" "$(field raw "$(line_heard 1 "$TMP/heard2")")" "$(field raw "$first")"
		same "$what: once" "$(theirs | wc -l) $(theirs "$TMP/heard2" | wc -l)" "1 1"
	done
	same "sent" "$(server_counted sent $SERVER $SERVER2)" "$SERVER:4 $SERVER2:4 "
	same "both answer" "$(ask all=1 more=300 | grep -o 'sid=[0-9.]*' | sort | paste -sd' ')" "sid=$SERVER sid=$SERVER2"
	same "answered" "$(server_counted replies $SERVER $SERVER2)" "$SERVER:3 $SERVER2:3 "
}

test_R06_priority() {
	two_servers
	TO=$SERVER2,$SERVER relay mode priority
	mark_relay
	for _ in 1 2 3; do
		: >"$TMP/heard2"
		same "the first in the list" "$(field sid "$(ask all=1 more=100)")" $SERVER2
		same "the other" "$(theirs)" ""
	done
	same "sent" "$(server_counted sent $SERVER $SERVER2)" "$SERVER:0 $SERVER2:3 "
}

# Servers are told apart by option 54; one that the relay does not know gets nothing.
test_R06_priority_and_a_server_that_is_named() {
	two_servers
	TO=$SERVER,$SERVER2 relay mode priority
	mark_relay
	: >"$TMP/heard2"
	unheard "the second one's" type=request req=$CLIENT sid=$SERVER2
	same "to the second" "$(field xid "$(line_heard 1 "$TMP/heard2")")" $((0x12345678))
	delivered "the first one's" ack type=request req=$CLIENT sid=$SERVER
	delivered "a stranger's" ack type=request req=$CLIENT sid=$NOBODY
	same "the second gets no more of it" "$(theirs "$TMP/heard2" | wc -l)" 1
	same "sent" "$(server_counted sent $SERVER2)" "$SERVER2:1 "
}

test_R06_a_server_without_a_route() {
	serve
	TO=203.0.113.250,$SERVER relay
	mark_relay
	delivered "the other one's" offer
	same "counted" "$(relay_counted drop-no-route)" "drop-no-route:1 "
	ip -n srv route add 203.0.113.250 via $SERVER
	one_server "$TMP/heard2" dev=lo reply=none # it has the port, but not the way
	delivered "a route, found at once" offer
	same "nothing more to count" "$(relay_counted drop-no-route)" "drop-no-route:1 "
	ip -n srv route del 203.0.113.250
	TO=$(seq -s, -f 198.51.100.%g 10 26) refused
}

test_R06_no_server_has_a_route() {
	TO=203.0.113.250,203.0.113.251 relay
	mark_relay
	say type=discover
	same "it has not gone up" "$(relay_counted drop-no-route up-discover)" "drop-no-route:2 up-discover:0 "
}

# What is broadcast where it came from would come again.
test_R07_never_back_to_the_clients() {
	local to
	serve
	require_prog nft
	cli nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; udp dport 67 counter; }; }'
	relay
	delivered "relayed" offer
	delivered "relayed, with flag B" offer flags=0x8000
	for to in 255.255.255.255 0.0.0.0 224.0.0.1; do
		TO=$to refused
	done
	# That this one is a broadcast address depends on an interface.
	if ctl relay add dev s0 server 192.0.2.255 2>/dev/null; then
		say type=discover
		ctl relay del dev s0
	fi
	relay
	forget
	probe "afterwards"
	has "nothing came" "$(cli nft list chain ip t c)" "packets 0 "
	cli nft delete table ip t
}

test_R08_secs() {
	relay secs 5
	serve
	mark_relay
	unheard "no time at all" type=discover
	unheard "four seconds" type=discover secs=4
	delivered "five" offer secs=5
	delivered "many" offer secs=65535
	same "counted" "$(relay_counted drop-secs)" "drop-secs:2 "
	relay
	delivered "at once" offer secs=0
}

test_R08_secs_not_of_what_is_said_once() {
	local type
	relay secs 3
	serve
	mark_relay
	for type in release decline; do
		forget
		say type=$type ciaddr=192.0.2.66 sid=$SERVER
		same "$type" "$(field type "$(heard)") $(field secs "$(heard)")" "$type 0"
	done
	unheard "one who will ask again" type=discover
	same "counted" "$(relay_counted drop-secs up-release up-decline)" "drop-secs:1 up-release:1 up-decline:1 "
}

# ---- down: which replies are passed on ----

test_R09_giaddr_that_is_not_ours() {
	local giaddr before
	relay
	before=$(no_ports)
	for giaddr in 203.0.113.9 192.0.2.255 192.0.2.2 0.0.0.0 255.255.255.255; do
		serve giaddr=$giaddr to=198.51.100.1:67
		undelivered "giaddr $giaddr" type=discover
		undelivered "giaddr $giaddr, for all" type=discover flags=0x8000
	done
	same "and they end here" "$(no_ports)" "$before"
	serve to=198.51.100.1:67
	delivered "ours, by another address" offer
	ctl relay del dev s0
	before=$(no_ports)
	from_server xid=1
	same "without a relay: untouched" "$(($(no_ports) - before))" 1
}

test_R21_reply_of_somebody_else() {
	relay
	serve from=$NOBODY
	mark_relay
	undelivered "not one of the servers" type=discover
	same "counted" "$(relay_counted drop-not-a-server)" "drop-not-a-server:1 "
	relay replies any
	same "if we want" "$(field sid "$(ask)")" $SERVER
	TO=$SERVER,$NOBODY relay
	delivered "another server's" offer
	relay replies configured
	undelivered "said in so many words" type=discover
}

# ---- down: how they come to the client ----

# It is as long as its server thought fit, and what is ours does not count.
test_R11_reply_larger_than_the_link() {
	relay circuit-id %i
	ip -n srv link set s0 mtu 576
	mark_relay
	serve pad=554
	delivered "it fits without option 82" offer
	serve pad=555
	undelivered "one byte more" type=discover
	# The probe's is delivered, too.
	same "counted" "$(relay_counted drop-tx-failed down-offer)" "drop-tx-failed:1 down-offer:2 "
}

# came REPLY: to whom, and from whom
came() { echo "$(field ipdst "$1") $(field l2dst "$1") $(field dport "$1") $(field ipsrc "$1") $(field csum "$1")"; }
TO_ALL="$ALL $FF 68 $RELAY ok"

test_R10_by_the_broadcast_flag() {
	local r
	relay
	serve
	r=$(ask flags=0)
	same "clear" "$(came "$r")" "$CLIENT ${MAC//:/} 68 $RELAY ok"
	same "from our interface" "$(field l2src "$r")" "${SMAC//:/}"
	same "and every other flag set" "$(came "$(ask flags=0x7fff)")" "$CLIENT ${MAC//:/} 68 $RELAY ok"
	same "set" "$(came "$(ask flags=0x8000)")" "$TO_ALL"
	same "the frame's source is not asked" "$(came "$(ask src="$CMAC")")" "$CLIENT ${MAC//:/} 68 $RELAY ok"
	same "nobody was asked for by ARP" "$(ip -n srv neigh show to $CLIENT dev s0)" ""
}

test_R10_broadcast_where_there_is_no_other_way() {
	local keys ip
	relay
	serve
	for keys in hlen=0 hlen=16 hlen=8 htype=6 htype=32 htype=0 chaddr=030000000001 chaddr=000000000000 chaddr=$FF; do
		same "$keys" "$(came "$(ask "$keys" src="$CMAC")")" "$TO_ALL"
	done
	serve yiaddr=0.0.0.0
	same "no address" "$(came "$(ask)")" "$TO_ALL"
	for ip in 224.0.0.1 127.0.0.1 $ALL; do
		serve yiaddr="$ip"
		same "$ip" "$(came "$(ask)")" "$TO_ALL"
		serve yiaddr=0.0.0.0 ciaddr="$ip"
		same "ciaddr $ip" "$(came "$(ask type=inform ciaddr=192.0.2.66)")" "$TO_ALL"
	done
}

test_R11_reply_as_it_came() {
	local pad r keys
	keys=(sname="$(repeated 64 a5)" file="$(repeated 128 5a)" siaddr=198.51.100.77 hops=7 secs=513 agent=none
		opt="$(option 43 "$(repeated 200 e1)")0000$(option 12 61)$(option 12 62)$(option 224 "")")
	relay
	for pad in 300 548 1472; do
		serve "${keys[@]}" pad=$pad
		r=$(ask)
		same "$pad bytes" "$(field raw "$r")" "$(field reply "$(heard)")"
		same "its port" "$(field dport "$r")" 68
	done
	serve "${keys[@]}" end=0
	same "no END" "$(field raw "$(ask xid="$FLOOD")")" "$(field reply "$(heard)")"
}

test_R12_nak_and_inform() {
	relay
	serve reply=nak
	same "a NAK is for all" "$(came "$(ask type=request req=10.1.1.1 flags=0)")" "$TO_ALL"
	same "with flag B too" "$(came "$(ask type=request req=10.1.1.1 flags=0x8000)")" "$TO_ALL"
	serve reply=nak yiaddr=$CLIENT
	same "whatever else it says" "$(came "$(ask type=request ciaddr=192.0.2.66)")" "$TO_ALL"
	serve
	same "to ciaddr" "$(came "$(ask type=inform ciaddr=192.0.2.66)")" "192.0.2.66 ${MAC//:/} 68 $RELAY ok"
	same "to ciaddr, with flag B" "$(came "$(ask type=inform ciaddr=192.0.2.66 flags=0x8000)")" "$TO_ALL"
	serve yiaddr=0.0.0.0 ciaddr=0.0.0.0
	same "nobody's" "$(came "$(ask type=inform ciaddr=192.0.2.66)")" "$TO_ALL"
}

# ---- both ways ----

test_R30_messages_we_do_not_know() {
	local type
	relay
	mark_relay
	for type in 10 13 18 200; do
		serve reply=$type
		same "type $type, down" "$(field type "$(ask type=$type)")" $type
		same "type $type, up" "$(field type "$(heard)")" $type
	done
	serve
	for type in decline release; do
		forget
		say type=$type ciaddr=192.0.2.66
		same "$type" "$(field type "$(heard)")" $type
	done
	same "counted" "$(relay_counted up-other down-other up-decline up-release)" \
		"up-other:4 down-other:4 up-decline:1 up-release:1 "
}

test_R30_bootp() {
	local raw cookie
	relay
	serve
	mark_relay
	for cookie in 0x63825363 0; do
		raw=$(bytes type=none cookie=$cookie)
		same "cookie $cookie" "$(came "$(ask type=none cookie=$cookie)")" "$CLIENT ${MAC//:/} 68 $RELAY ok"
		same "cookie $cookie, up" "$(field raw "$(heard)")" "$(as_relayed "$raw" $RELAY)"
	done
	same "the reply" "$(field raw "$(ask type=none cookie=0)")" "$(field reply "$(heard)")"
	same "counted" "$(relay_counted up-bootp down-bootp)" "up-bootp:3 down-bootp:3 "
}

test_R30_every_message_is_counted() {
	relay
	serve
	mark_relay
	delivered discover offer
	delivered request ack type=request req=$CLIENT
	delivered inform ack type=inform ciaddr=192.0.2.66
	serve reply=nak
	delivered nak nak type=request req=$CLIENT
	same "counted" "$(relay_counted up-discover up-request up-inform down-offer down-ack down-nak)" \
		"up-discover:1 up-request:2 up-inform:1 down-offer:1 down-ack:2 down-nak:1 "
}

run_relay_tests
