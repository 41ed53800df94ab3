#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Option 82: what the relay puts into requests, when it does not, and what it takes out of replies.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

OURS=01027330 # circuit-id "s0", as "circuit-id %i" has it
THEIRS=01047878787a020101 # what another relay, or a client, says

# added KEY...: the sub-options of the option 82 that the server sees; all of them, with commas, if there are several
added() {
	forget
	say "$@"
	subs "$(agents "$(heard)")"
}

# What a relay passes on, and what it drops, can be watched, with the reason.
test_tracepoints_say_what_a_relay_does() {
	serve
	relay
	trace_begin
	same "relayed" "$(field type "$(dhcpc type=discover)")" offer
	dhcpc type=discover hops=16 wait=300 >/dev/null
	trace_has 'relay: relay=s0 up type=discover .*to=198.51.100.2' 'relay: relay=s0 down type=offer ' \
		'relay_drop: relay=s0 reason=hops'
}

# ---- up ----

test_R13_off_by_default_and_each_by_itself() {
	serve reply=none
	relay
	same "none" "$(added type=discover)" ""
	relay link-selection off server-id-override off agent-flags off
	same "none of them" "$(added type=discover) $(agents "$(heard)")" " "
	relay circuit-id %i
	same "circuit-id" "$(added type=discover)" "1=7330"
	relay remote-id x
	same "remote-id" "$(added type=discover)" "2=78"
	relay agent-flags on
	same "flags" "$(added type=discover)" "10=00"
	relay relay-id 0102030405
	same "relay-id" "$(added type=discover)" "12=0102030405"
	relay source-port 1067
	same "source port" "$(added type=discover)" "19="
	relay vss global
	same "VSS" "$(added type=discover)" "151=ff 152="
	relay circuit-id %i remote-id x agent-flags on relay-id 010203 vss global
	same "all at once" "$(added type=discover)" "1=7330 2=78 10=00 12=010203 151=ff 152="
}

test_R13_formats() {
	local format
	serve reply=none
	relay circuit-id "a%%b:%i" remote-id "%m"
	same "text and the client" "$(added type=discover mac=02:00:00:0a:bc:de)" \
		"1=$(hex_text a%b:s0) 2=$(hex_text 02:00:00:0a:bc:de)"
	relay circuit-id "%s.%v" remote-id %p
	same "no VLAN, no bridge" "$(added type=discover)" "1=$(hex_text 0.0) 2=7330"
	relay remote-id "%h/%i"
	same "host name" "$(added type=discover)" "2=$(hex_text "$(uname -n)/s0")"
	for format in %q % a%; do
		refused circuit-id "$format"
	done
}

# with_agent WHAT AT KEY...: the request is as it came up to AT, where END was; there is our option, END, and nothing else
with_agent() {
	local what=$1 at=$(($2 * 2)) sent got want
	sent=$(as_relayed "$(bytes "${@:3}")" $RELAY)
	forget
	say "${@:3}"
	got=$(field raw "$(heard)")
	want=${sent:0:at}52$(printf %02x $((${#OURS} / 2)))${OURS}ff
	same "$what" "${got:0:${#want}}" "$want"
	same "$what: behind END" "$(tr -d 0 <<<"${got:${#want}}")" ""
	same "$what: its place" "$(field place "$(heard)")" last
	[ ${#got} -ge ${#sent} ] || fail "$what: shorter than it was"
}

test_R14_last_before_end() {
	serve reply=none
	relay circuit-id %i
	with_agent "no other options" 243 type=discover
	with_agent "BOOTP" 240 type=none
	with_agent "some options" 265 type=discover name=host opt="$(option 55 010306)$(option 43 0102030405)0000$(option 224 "")"
	with_agent "no padding" 243 type=discover len=244
	with_agent "no END" 243 type=discover end=0 len=243
	with_agent "no END, odd" 246 type=discover opt="$(option 55 01)" end=0 len=246
	forget
	say type=discover end=0
	same "no END, but padding" "$(field place "$(heard)") $(field end "$(heard)") $(agents "$(heard)")" "last 1 $OURS"
}

# Neither sname nor file is ours to write, nor is option 52.
test_R14_never_in_other_fields() {
	local keys got
	serve reply=none
	relay circuit-id "$(repeated 200 x)"
	for keys in "" "opt=$(option 52 01) file=$(option 12 6162)ff" "opt=$(option 52 03) file=ff sname=$(option 12 6162)ff"; do
		forget
		# shellcheck disable=SC2086 # words
		say type=discover $keys
		# shellcheck disable=SC2086
		got=$(bytes type=discover $keys)
		same "sname and file $keys" "$(heard | grep -o ' raw=.*' | cut -c $((6 + 88))-$((6 + 471)))" "${got:88:384}"
		same "option 52 $keys" "$(field o52 "$(heard)")" "$(sed -n 's/^opt=3401\(..\).*/\1/p' <<<"$keys")"
		same "added" "$(agents "$(heard)")" "01c8$(repeated 200 78)"
	done
}

test_R15_untrusted_and_trusted_ports() {
	local opt
	serve reply=none
	relay circuit-id %i
	mark_relay
	for opt in "$(option 82 $THEIRS)" "$(option 82 "")" "$(option 82 01)" "$(option 82 $OURS)$(option 82 $OURS)"; do
		unheard "untrusted: $opt" type=discover opt="$opt"
	done
	unheard "hidden in file" type=discover opt="$(option 52 01)" file="$(option 82 $THEIRS)ff"
	same "counted" "$(relay_counted drop-untrusted up-discover)" "drop-untrusted:5 up-discover:5 "
	relay circuit-id %i trusted off
	unheard "in so many words" type=discover opt="$(option 82 $THEIRS)"
	for opt in "trusted" "trusted on" "policy keep trusted"; do
		# shellcheck disable=SC2086 # words
		relay circuit-id %i $opt
		forget
		say type=discover opt="$(option 82 $THEIRS)"
		same "$opt: as it is" "$(agents "$(heard)") $(field giaddr "$(heard)")" "$THEIRS $RELAY"
	done
	forget
	say type=discover
	same "trusted, and without" "$(agents "$(heard)")" $OURS
}

# full N: options that leave no room for END behind them in a body of N bytes but for END itself
full() {
	local left=$(($1 - 244)) opt='' n
	while [ $left -gt 0 ]; do
		n=$((left > 257 ? left == 258 ? 200 : 257 : left))
		opt+=$(option 224 "$(repeated $((n - 2)) a7)")
		left=$((left - n))
	done
	echo "$opt"
}

test_R16_without_it_if_it_does_not_fit() {
	local raw opt size
	serve reply=none
	relay circuit-id %i
	mark_relay
	for size in 1472:1500 548:576; do
		opt=$(full ${size%:*})
		ip -n srv link set up0 mtu ${size#*:}
		raw=$(bytes type=discover opt="$opt")
		same "$size: all of it" ${#raw} $((2 * ${size%:*}))
		forget
		say type=discover opt="$opt"
		same "$size: as it came" "$(field raw "$(heard)")" "$(as_relayed "$raw" $RELAY)"
		opt=$(full $((${size%:*} - 2 - ${#OURS} / 2)))
		forget
		say type=discover opt="$opt"
		same "$size: it just fits" "$(agents "$(heard)") $(field len "$(heard)")" "$OURS ${size%:*}"
	done
	same "counted" "$(relay_counted agent-left-out up-discover)" "agent-left-out:2 up-discover:4 "
}

test_R16_longer_than_an_option() {
	serve reply=none
	relay circuit-id "$(repeated 200 x)" remote-id "$(repeated 40 y)%m"
	mark_relay
	forget
	say type=discover
	same "none" "$(agents "$(heard)") $(field place "$(heard)")" " none"
	same "counted" "$(relay_counted agent-left-out)" "agent-left-out:1 "
	relay circuit-id "$(repeated 200 x)" remote-id "$(repeated 34 y)%m"
	forget
	say type=discover
	same "255 bytes" "$(agents "$(heard)" | tr -d '\n' | wc -c)" 510
}

test_R18_giaddr_of_ours_is_a_forgery() {
	local giaddr opt
	serve
	ip -n srv addr add 198.18.0.1/24 dev s0
	for opt in "" trusted; do
		relay circuit-id %i ${opt:+"$opt"}
		mark_relay
		for giaddr in $RELAY 198.51.100.1 198.18.0.1; do
			unheard "giaddr $giaddr" type=discover giaddr="$giaddr" ipsrc=192.0.2.77 sport=67
		done
		unheard "our address as source" type=discover ipsrc=$RELAY
		unheard "with option 82" type=discover giaddr=$RELAY ipsrc=192.0.2.77 opt="$(option 82 $OURS)"
		same "counted" "$(relay_counted drop-spoofed)" "drop-spoofed:5 "
	done
	mark_relay
	for giaddr in 255.255.255.255 127.0.0.1 224.0.0.1 0.1.2.3; do
		unheard "giaddr $giaddr" type=discover giaddr=$giaddr
	done
	same "counted" "$(relay_counted drop-rfc-violation)" "drop-rfc-violation:4 "
}

test_R18_another_relays_request_gets_nothing() {
	local raw
	serve reply=none
	relay circuit-id %i remote-id x agent-flags on
	raw=$(bytes type=discover giaddr=203.0.113.9)
	forget
	say type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77 sport=67
	same "as it came" "$(field raw "$(heard)")" "$(as_relayed "$raw")"
}

# passed KEY...: the options 82 that the server sees of one that has one, at the beginning of its options
passed() {
	forget
	say type=none opt="$(option 82 $THEIRS)$(option 53 01)$(option 12 6162)" "$@"
	agents "$(heard)"
}

test_R19_policies() {
	local from words
	serve reply=none
	# By a trusted port, or by another relay
	for from in "" "giaddr=203.0.113.9 ipsrc=192.0.2.77 sport=67"; do
		words=(circuit-id %i)
		[ -n "$from" ] || words+=(trusted)
		relay "${words[@]}"
		# shellcheck disable=SC2086 # words
		{
			same "the default" "$(passed $from)" "$THEIRS"
			same "its place" "$(field place "$(heard)")" inside
			relay "${words[@]}" policy keep
			same "keep" "$(passed $from)" "$THEIRS"
			relay "${words[@]}" policy append
			same "append" "$(passed $from)" "$THEIRS,$OURS"
			same "its place" "$(field place "$(heard)")" last
			relay "${words[@]}" policy replace
			same "replace" "$(passed $from)" "$OURS"
			same "its place, and the rest" "$(field place "$(heard)") $(field o53 "$(heard)") $(field o12 "$(heard)")" \
				"last 01 6162"
			relay "${words[@]}" policy drop
			mark_relay
			unheard "drop" type=discover opt="$(option 82 $THEIRS)" $from
			same "counted" "$(relay_counted drop-policy)" "drop-policy:1 "
			forget
			say type=discover $from
			same "one without is no business of the policy's" "$(field type "$(heard)")" discover
		}
	done
	refused policy whatever
}

# RFC 3046 section 2.1 leaves file and sname alone; what is in them cannot be replaced, and a server would join it with ours.
test_R19_nothing_stays_beside_what_replaces_it() {
	local field
	serve reply=none
	for field in 01:file 02:sname; do
		relay circuit-id %i trusted policy replace
		mark_relay
		unheard "in ${field#*:}" type=discover "${field#*:}=$(option 82 $THEIRS)ff" opt="$(option 52 "${field%:*}")"
		unheard "there, too" type=discover "${field#*:}=$(option 82 $THEIRS)ff" \
			opt="$(option 52 "${field%:*}")$(option 82 $THEIRS)"
		same "counted" "$(relay_counted drop-policy)" "drop-policy:2 "
		same "in pieces" "$(passed opt="$(option 82 0101)$(option 82 61)")" "$OURS"
		relay circuit-id %i trusted policy keep
		forget
		say type=discover "${field#*:}=$(option 82 $THEIRS)ff" opt="$(option 52 "${field%:*}")"
		same "kept" "$(agents "$(heard)")" ""
	done
}

test_R24_link_selection() {
	serve
	relay circuit-id %i
	same "giaddr says it" "$(added type=discover)" "1=7330"
	relay link-selection on
	has "in any case" "$(added type=discover)" 5=c00002
	ip -n srv addr add 203.0.113.1/32 dev lo
	relay giaddr 203.0.113.1
	has "giaddr is elsewhere" "$(added type=discover)" 5=c00002
	same "giaddr" "$(field giaddr "$(heard)")" 203.0.113.1
	same "the reply is not looked at for it" "$(field yiaddr "$(ask)")" $CLIENT
	serve agent=none
	same "nor if it is missing" "$(field yiaddr "$(ask)")" $CLIENT
	relay giaddr 203.0.113.1 link-selection off
	same "not wanted" "$(added type=discover)" ""
	ip -n srv addr del 203.0.113.1/32 dev lo
}

# RFC 3527 section 3: not where giaddr says it already. Another subnet's, in which the server is to look for an address, least of all.
test_R24_giaddr_on_the_clients_link() {
	serve
	ip -n srv addr add 203.0.113.1/24 dev s0
	relay giaddr 203.0.113.1
	same "the second of two subnets" "$(added type=discover)" ""
	same "giaddr" "$(field giaddr "$(heard)")" 203.0.113.1
	same "and the way back" "$(field yiaddr "$(ask)")" $CLIENT
	relay giaddr 203.0.113.1 link-selection on
	has "if it is told to" "$(added type=discover)" 5=c00002
	relay giaddr 203.0.113.1 survive 1h
	same "the client's server is the relay" "$(added type=discover)" "10=00 11=$(hex_ip $RELAY)"
	ip -n srv addr del 203.0.113.1/24 dev s0
	ip -n srv addr add 192.0.2.250/32 dev lo
	relay giaddr 192.0.2.250
	same "a virtual router's" "$(added type=discover)" ""
	same "and its way back" "$(field yiaddr "$(ask)")" $CLIENT
	ip -n srv addr del 192.0.2.250/32 dev lo
}

test_R25_server_identifier_override() {
	local keys
	end_servers
	one_server "$HEARD" bind=$SERVER
	one_server "$TMP/heard2" bind=$SERVER2
	TO=$SERVER,$SERVER2 relay server-id-override on
	same "with the flags" "$(added type=discover)" "10=00 11=$(hex_ip $RELAY)"
	# The client takes us for its server, so this is how it renews.
	keys=(type=request "ciaddr=$CLIENT" "ipdst=$RELAY" "l2dst=$SMAC")
	: >"$TMP/heard2"
	same "renewal" "$(added "${keys[@]}")" "10=80 11=$(hex_ip $RELAY)"
	same "to all servers" "$(field giaddr "$(heard)") $(field giaddr "$(line_heard 1 "$TMP/heard2")")" "$RELAY $RELAY"
	same "and the answer" "$(field type "$(ask "${keys[@]}")")" ack
	ip -n srv addr add 203.0.113.1/32 dev lo
	relay server-id-override on giaddr 203.0.113.1
	has "the address that the client sees" "$(added type=discover)" "11=$(hex_ip $RELAY)"
	ip -n srv addr flush dev s0
	has "there is no other" "$(added type=discover)" "11=$(hex_ip 203.0.113.1)"
	ip -n srv addr add $RELAY/24 dev s0
	ip -n srv addr del 203.0.113.1/32 dev lo
}

# A client that takes an offer names us. To the other server it would look as if it were its own.
test_R25_an_offer_is_taken_from_who_made_it() {
	local taken file xid=81
	end_servers
	one_server "$HEARD" bind=$SERVER
	one_server "$TMP/heard2" bind=$SERVER2 yiaddr=192.0.2.201
	TO=$SERVER,$SERVER2 relay server-id-override on
	for taken in 192.0.2.101 192.0.2.201; do
		[ $taken = 192.0.2.101 ] || xid=83 # not all clients stay with one
		same "both offer" "$(offers_of "$(ask type=discover xid=81 all=1 more=200)")" "192.0.2.101 192.0.2.201"
		forget
		: >"$TMP/heard2"
		same "$taken" "$(field yiaddr "$(ask type=request xid=$xid req=$taken sid=$RELAY)")" $taken
		probe "$taken"
		case $taken in *.101) file=$HEARD ;; *) file=$TMP/heard2 ;; esac
		has "$taken: by whom" "$(theirs "$file")" type=request
		same "$taken: by nobody else" "$({ theirs; theirs "$TMP/heard2"; } | wc -l)" 1
	done
	: >"$TMP/heard2"
	ask type=request req=192.0.2.77 sid=$RELAY >/dev/null
	same "nobody knows whose" "$({ theirs; theirs "$TMP/heard2"; } | wc -l)" 2
}
offers_of() { echo "$1" | grep -o 'yiaddr=[0-9.]*' | cut -d= -f2 | sort | paste -sd' '; }

# Who is told that we are the server does not say whose a lease is. Both get what is about one; nothing overtakes what went
# to the first only.
test_R25_all_servers_get_what_is_about_a_lease() {
	local n=0 type words=("ciaddr=$CLIENT" "ipsrc=$CLIENT" "ipdst=$RELAY" "l2dst=$SMAC")
	end_servers
	one_server "$HEARD" bind=$SERVER
	one_server "$TMP/heard2" bind=$SERVER2
	TO=$SERVER,$SERVER2 relay mode priority server-id-override on
	for type in request release decline; do
		n=$((n + 1))
		forget
		say type=discover
		say type=$type "${words[@]}"
		same "$type: the first" "$(field type "$(heard)") $(field type "$(line_heard 2 "$HEARD")")" "discover $type"
		same "$type: the second" "$(field type "$(line_heard $n "$TMP/heard2")")" $type
		words+=("sid=$RELAY")
	done
}

test_R26_how_the_request_came() {
	local policy
	serve reply=none
	relay agent-flags on
	same "broadcast" "$(added type=discover)" "10=00"
	same "in a frame for all, to our subnet" "$(added type=discover ipdst=192.0.2.255)" "10=00"
	same "unicast" "$(added type=request ciaddr=$CLIENT ipdst=$RELAY l2dst="$SMAC")" "10=80"
	for policy in append replace; do
		relay agent-flags on trusted policy $policy
		forget
		say type=request ciaddr=$CLIENT ipdst=$RELAY l2dst="$SMAC" opt="$(option 82 $THEIRS)"
		has "$policy" "$(agents "$(heard)")" 0a0180
	done
}

test_R27_source_port() {
	serve
	relay source-port 1067
	mark_relay
	same "the reply comes by it" "$(field type "$(ask)")" offer
	same "the port, and the sub-option" "$(field sport "$(heard)") $(agents "$(heard)")" "1067 1300"
	same "which the client does not see" "$(agents "$(ask)")" ""
	same "counted" "$(relay_counted down-offer)" "down-offer:2 "
	serve from=$NOBODY
	undelivered "somebody else" type=discover
	relay
	serve
	delivered "67 again" offer
	same "without it" "$(field sport "$(heard)") $(agents "$(heard)")" "67 "
}

test_R27_no_source_port_of_clients() {
	has "68" "$(ctl relay add dev s0 server $SERVER source-port 68 2>&1)" "source-port 68"
	same "no relay" "$(relay_shows)" ""
}

# What is no reply of ours is for whoever else listens there.
test_R27_source_port_is_not_ours_alone() {
	local n=0 words others=(ipsrc=192.0.2.77 "ipdst=$RELAY" "l2dst=$SMAC" sport=1068 dport=6767)
	relay source-port 6767
	serve
	AT=srv one_server "$TMP/other" port=6767 reply=none
	mark_relay
	for words in len=20 "op=171 htype=171 hlen=171 cookie=0xabababab" "op=2 giaddr=203.0.113.9" "op=2 cookie=0" type=discover; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # words
		say $words "${others[@]}"
		# shellcheck disable=SC2086
		same "$words" "$(field raw "$(line_heard $n "$TMP/other")")" "$(bytes $words)"
	done
	same "our own reply" "$(field type "$(ask)") $(field sport "$(heard)")" "offer 6767"
	same "is nobody else's" "$(theirs "$TMP/other" | wc -l)" $n
	same "counted" "$(relay_counted down-offer drop-parse-failed up-discover)" "down-offer:1 drop-parse-failed:0 up-discover:1 "
}

test_R28_virtual_subnets() {
	local vpn
	serve
	relay vss "text red"
	same "a name" "$(added type=discover)" "151=00$(hex_text red) 152="
	mark_relay
	undelivered "the server has left 152 in" type=discover
	same "counted" "$(relay_counted drop-vss)" "drop-vss:1 "
	serve strip152=1
	same "it understood" "$(field type "$(ask)")" offer
	same "the client sees nothing of it" "$(agents "$(ask)")" ""
	relay vss "vpn 00000100000002"
	same "a number" "$(added type=discover)" "151=0100000100000002 152="
	relay vss global
	same "none" "$(added type=discover)" "151=ff 152="
	delivered "none" offer
	mark_relay
	serve agent=none
	undelivered "it does not say for which" type=discover
	serve agent=9800
	undelivered "it has only left 152 in" type=discover
	serve agent=01ff9701ff
	undelivered "what it says does not add up" type=discover
	same "counted" "$(relay_counted drop-vss)" "drop-vss:3 "
	for vpn in "vpn 0102" "vpn 0000010000000203" text other; do
		refused vss "$vpn"
	done
}

# ---- down ----

unpadded() { printf %s "$1" | sed 's/\(00\)*$//'; } # BYTES

# without_agent WHAT OPTION... (in hex): the client gets what the server sent but for these options 82, and at least 300 bytes
without_agent() {
	local what=$1 r got want gone
	shift
	r=$(ask)
	got=$(field raw "$r") want=$(field reply "$(heard)")
	for gone; do
		want=${want/"$gone"/}
	done
	same "$what" "$(unpadded "$got")" "$(unpadded "$want")"
	[ ${#got} -ge 600 ] || fail "$what: $((${#got} / 2)) bytes"
}

test_R17_ours_is_taken_out() {
	local agent pad ours r
	ours=$(option 82 $OURS)
	relay circuit-id %i
	for agent in echo first middle; do
		for pad in 300 301 400; do
			serve agent=$agent pad=$pad opt="$(option 12 6162)0000$(option 43 "$(repeated 30 52)")"
			without_agent "$agent, $pad bytes" "$ours"
			same "gone" "$(agents "$(ask)")" ""
		done
	done
	serve agent=twice
	without_agent "twice" "$ours" "$ours"
	serve pad=0
	without_agent "a short one" "$ours"
	serve reply=nak
	r=$(ask type=request req=10.1.1.1)
	same "from a NAK" "$(field type "$r") $(agents "$r")" "nak "
	serve
	same "BOOTP's" "$(field type "$(ask type=none)") $(agents "$(ask type=none)")" "bootp "
}

test_R17_others_by_the_port() {
	relay circuit-id %i
	serve agent=$THEIRS
	without_agent "a client's port" "$(option 82 $THEIRS)"
	relay circuit-id %i trusted
	same "a trusted port: not ours" "$(agents "$(ask)")" $THEIRS
	serve agent=$THEIRS opt="$(option 82 $OURS)"
	same "behind ours" "$(agents "$(ask)")" $THEIRS
	serve
	same "ours" "$(agents "$(ask)")" ""
	relay
	serve agent=$THEIRS
	without_agent "we add none" "$(option 82 $THEIRS)"
}

# Whoever has appended to ours is further up, and has had its own.
test_R17_others_before_and_behind_ours() {
	local words
	# shellcheck disable=SC2086 # words
	for words in trusted "trusted validate on" "trusted policy append"; do
		relay circuit-id %i $words
		serve agent=${THEIRS}${OURS}0602abcd
		same "$words: what is before it is the client's side's" "$(agents "$(ask)")" $THEIRS
		serve agent=${OURS}0602abcd
		same "$words: nothing before it" "$(field type "$(ask)") $(agents "$(ask)")" "offer "
	done
}

# RFC 3046 section 2.1: only the options field is looked through.
test_R17_other_fields_are_left_alone() {
	local field r
	relay circuit-id %i
	for field in file sname; do
		serve agent=overload-$field
		r=$(ask xid="$FLOOD")
		same "$field" "$(field raw "$r")" "$(field reply "$(heard)")"
	done
}

test_R20_validate() {
	relay circuit-id %i validate on
	serve
	delivered "ours" offer
	mark_relay
	serve agent=none
	undelivered "none" type=discover
	serve agent=$THEIRS
	undelivered "another's" type=discover
	serve agent=010373302f
	undelivered "almost ours" type=discover
	same "counted" "$(relay_counted drop-foreign-agent)" "drop-foreign-agent:3 "
	relay circuit-id %i validate off
	delivered "not looked at" offer
	serve agent=none
	delivered "not missed" offer
}

run_relay_tests
