#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent among the hostile: replies with a broken option 82, messages of every length, loops, and what is left over
# from one packet in the next. Others have crashed, run on for ever or told too much.
# shellcheck source=selftests/relay.sh
. "$(dirname "$0")/../relay.sh"

OURS=01027330
WORD=SECRET
SECRET=534543524554 # the same in hex

# ---- option 82 in replies ----

# harmless WHAT KEY...: the client gets the reply without an option 82, or no reply; and the next one comes
harmless() {
	local r
	r=$(ask probe=1 "${@:2}")
	[ "$r" != lost ] || fail "$1: the next reply does not come"
	same "$1" "$(agents "$r")" ""
}

broken() { # WHAT: no message at all
	mark_relay
	undelivered "$1" type=discover
	undelivered "$1, for all" type=discover flags=0x8000
	same "$1: counted" "$(relay_counted drop-parse-failed)" "drop-parse-failed:2 "
}

test_R17_reply_cut_off_in_option_82() {
	local cut
	relay circuit-id %i
	serve agent=truncated
	broken "a length beyond the end"
	# 240 bytes, type, server and lease time, and then our option of six bytes: cut behind each of them
	for cut in 256 257 258 259 260; do
		serve cut=$cut
		broken "$cut bytes"
	done
	serve opt=52 agent=none end=0 pad=0
	broken "no length"
	serve opt=5201 agent=none end=0 pad=0
	broken "no value"
}

test_R17_reply_with_option_82_in_option_82() {
	local words
	for words in "" trusted "validate on"; do
		# shellcheck disable=SC2086 # words
		relay circuit-id %i $words
		serve agent=nested
		case $words in
		trusted) [ "$(ask probe=1 xid="$FLOOD")" != lost ] || fail "the next reply does not come" ;;
		*) harmless "nested, $words" ;;
		esac
	done
	relay
	serve agent=nested
	harmless "nested, and we add none"
}

test_R17_reply_with_broken_sub_options() {
	local agent words
	for words in "" "validate on" "vss global"; do
		# shellcheck disable=SC2086 # words
		relay circuit-id %i $words
		for agent in 01 01ff 0103 ${OURS}98 ${OURS}0001 010273 ff00 $(repeated 127 0100) $(repeated 255 01); do
			serve agent="$agent"
			harmless "$agent, $words"
		done
	done
}

test_R17_reply_with_two_options_82() {
	relay circuit-id %i
	serve agent=twice
	same "both are taken out" "$(field type "$(ask)") $(agents "$(ask)")" "offer "
	# RFC 3396: they may be one in pieces.
	serve agent=0102 opt="$(option 82 7330)"
	harmless "in pieces"
	serve opt="$(for _ in $(seq 60); do option 82 $OURS; done)"
	harmless "sixty"
}

test_R17_reply_with_more_option_82_than_room() {
	local words
	for words in "" "validate on"; do
		# shellcheck disable=SC2086 # words
		relay circuit-id %i $words
		serve agent=huge
		harmless "a thousand bytes, $words"
	done
	relay
	serve agent=huge
	harmless "we add none"
}

# What is in these fields is passed on (RFC 3046 section 2.1), and does not lead us astray.
test_R17_reply_with_option_82_in_an_overloaded_field() {
	local field size r
	relay circuit-id %i
	for field in file:128:01 sname:64:02; do
		size=${field#*:} size=${size%:*}
		serve agent=overload-"${field%%:*}"
		r=$(ask xid="$FLOOD")
		same "${field%%:*}" "$(field raw "$r")" "$(field reply "$(heard)")"
		serve agent=none opt="$(option 52 "${field##*:}")" "${field%%:*}=$(repeated $((size - 2)) 00)52ff"
		[ "$(ask probe=1 xid="$FLOOD")" != lost ] || fail "${field%%:*}: beyond its end: the next reply does not come"
	done
	serve opt="$(option 52 03)" file="$(option 52 03)ff" sname="$(option 52 03)ff"
	harmless "fields that point at one another"
}

test_R20_hostile_replies_are_not_ours() {
	local agent
	relay circuit-id %i validate on
	for agent in "$(option 82 $OURS)" 0103733000 01027331 0202"${OURS:4}" 000000000000; do
		serve agent="$agent"
		undelivered "$agent" type=discover
	done
}

# ---- every length, and nothing of an earlier packet ----

# How often the word has been in what came to the client's namespace
captured() {
	local before
	before=$(ends)
	cli dhcpc lo type=offer op=2 sport=67 xid="$LAST" wait=0 >/dev/null
	wait_for 30 more_ends "$before" || fail "tcpdump does not write"
	grep -aoF $WORD "$CAPTURE" | wc -l
}
ends() { grep -aoF '|END' "$CAPTURE" | wc -l; }
more_ends() { [ "$(ends)" -gt "$1" ]; }

lengths() { awk 'BEGIN { for (n = 0; n <= 300; n++) print "len=" n " xid=" n }'; }

# A message that is full of the word, of the length that most has
secrets=(sname="$(repeated 10 $SECRET)" file="$(repeated 21 $SECRET)" chaddr="$(repeated 2 $SECRET)" ciaddr=192.0.2.66
	opt="$(repeated 4 "$(option 224 "$(repeated 42 $SECRET)")")" len=1472)

# Of each message that was heard: is it as long as it was, and the same but for hops, giaddr and xid?
as_sent() { # BYTES
	theirs | awk -v want="$1" '
		function without(s) { return substr(s, 1, 6) substr(s, 17, 32) substr(s, 57) }
		{
			for (i = 1; i <= NF; i++) { split($i, word, "="); field[word[1]] = word[2] }
			if (field["len"] != field["xid"] || field["len"] < 236)
				print "of " field["xid"] " bytes: " field["len"]
			if (without(field["raw"]) != without(substr(want, 1, 2 * field["len"])))
				print field["len"] " bytes: " field["raw"]
		}'
}

test_R05_requests_of_every_length() {
	local words before
	serve reply=auto
	for words in "" "circuit-id %i"; do
		# shellcheck disable=SC2086 # words
		relay $words
		forget
		many "${secrets[@]}" <<<""
		heard >/dev/null
		before=$(captured)
		forget
		lengths | many type=discover
		probe "afterwards"
		has_heard 58 "$HEARD" || fail "$words: of those with all their options some are missing: $(theirs | wc -l)"
		[ -n "$words" ] || same "byte for byte" "$(as_sent "$(bytes type=discover)")" ""
		same "$words: nothing of an earlier one, up" "$(theirs | grep -c $SECRET)" 0
		same "$words: nor down" "$(captured)" "$before"
		same "$words: only padding behind END" "$(theirs | sed -n 's/.* raw=\([0-9a-f]*\).*/\1/p' |
			cut -c $((1 + 2 * (243 + (${#words} ? 7 : 1))))- | tr -d '0\n')" ""
	done
}

test_R11_replies_of_every_length() {
	local words before
	cli nft -f - <<<'table ip t { chain c { type filter hook prerouting priority 0; udp dport 68 udp length < 308 counter; }; }'
	for words in "" "circuit-id %i"; do
		# shellcheck disable=SC2086 # words
		relay $words
		mark_relay
		from_server "${secrets[@]}" flags=0x8000
		before=$(captured)
		[ "$before" -gt 0 ] || fail "$words: even the full one does not come through"
		# Those that end without END, and are passed on so, tshark would complain of.
		lengths | grep -v '=24[03] ' | from_server - flags=0x8000
		same "$words: nothing of an earlier one" "$(captured)" "$before"
		same "$words: those with all their options" "$(relay_counted down-offer)" "down-offer:58 "
		serve
		delivered "$words: afterwards" offer wait=10000
	done
	has "none is short" "$(cli nft list chain ip t c)" "packets 0 "
	cli nft delete table ip t
}

# The IP header says where the datagram ends in the frame, and the UDP header where the message ends in that. What is behind
# it is whoever's (CVE-2015-8605).
BEHIND=$(repeated 30 $SECRET)

# A message with OPTION, of 300, 244 and 243 bytes without it; each with more behind it
with_more_behind() {
	local opt=$1 n=$((${#1} / 2))
	cat <<-END
		opt=$opt tail=$BEHIND
		opt=$opt tail=$BEHIND len=$((244 + n))
		opt=$opt tail=$BEHIND len=$((243 + n))
		opt=${opt}ff$BEHIND end=0 udplen=$((244 + n))
		opt=$opt$BEHIND end=0 udplen=$((243 + n))
		opt=${opt}ff$BEHIND end=0 udplen=$((244 + n)) tail=$BEHIND
	END
}
LENGTHS="300 244 243 244 243 244"

test_R05_what_lies_behind_the_message() {
	local words whole want length
	serve reply=none
	whole=$(bytes type=discover)
	for words in "" "circuit-id %i"; do
		want=
		for length in $LENGTHS; do
			if [ -z "$words" ]; then
				want+=,$(as_relayed "${whole:0:length * 2}" $RELAY)
			else
				want+=,$(as_relayed "$(padded "$length" "${whole:0:486}$(option 82 $OURS)ff")" $RELAY)
			fi
		done
		# shellcheck disable=SC2086 # words
		relay $words
		listen far 1 6
		with_more_behind "" | many type=discover
		same "$words" "$(listened far)" "${want#,}"
	done
}

test_R11_what_lies_behind_the_message() {
	local words length whole want offer=(type=offer op=2 "giaddr=$RELAY" "yiaddr=$CLIENT" "xid=$FLOOD")
	whole=$(bytes "${offer[@]}")
	for length in $LENGTHS; do
		want+=,$(padded 300 "${whole:0:length * 2}")
	done
	for words in "" "circuit-id %i"; do
		# shellcheck disable=SC2086 # words
		relay $words
		listen cli 2 6
		with_more_behind "${words:+$(option 82 $OURS)}" | from_server - "${offer[@]}"
		same "$words" "$(listened cli)" "${want#,}"
	done
}

# ---- what nobody would say ----

test_R05_random_messages() {
	local mutated words
	mutated=$(awk 'BEGIN {
		srand(82)
		for (n = 0; n < 400; n++) {
			s = ""
			for (i = 0; i < 40; i++)
				s = s sprintf("%02x", rand() < 0.3 ? 82 : rand() < 0.5 ? int(rand() * 8) : int(rand() * 256))
			print "opt=" s " len=" 240 + int(rand() * 100) " hlen=" int(rand() * 20) " flags=" int(rand() * 65536)
		}
	}')
	for words in "" "circuit-id %i validate on" "circuit-id %i trusted policy replace" "circuit-id %m trusted policy append"; do
		# shellcheck disable=SC2086 # words
		relay $words
		serve
		many type=discover xid="$FLOOD" <<<"$mutated"
		many type=discover xid="$FLOOD" giaddr=203.0.113.9 ipsrc=192.0.2.77 <<<"$mutated"
		from_server - xid="$FLOOD" <<<"$mutated"
		delivered "$words: afterwards" offer wait=10000
	done
}

# ---- who says that he is a server, and who makes servers look dead ----

test_R21_no_client_is_a_server() {
	relay replies any
	mark_relay
	say type=offer op=2 giaddr=$RELAY yiaddr=$CLIENT ipsrc=192.0.2.77 ipdst=$RELAY sport=67 l2dst="$SMAC"
	wait_for 5 ended_as_no_server || fail "$(relay_counted drop-not-a-server down-offer)"
	same "the client gets nothing" "$(relay_counted down-offer)" "down-offer:0 "
}
ended_as_no_server() { [ "$(relay_counted drop-not-a-server)" = "drop-not-a-server:1 " ]; }

# Its answer goes to the relay before us.
test_R06_another_relays_request_makes_no_server_silent() {
	relay
	serve
	say type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77
	heard >/dev/null
	[[ $(relay_shows) != *'"silent"'* ]] || fail "it owes an answer: $(relay_shows)"
	end_servers
	say type=discover
	wait_for 5 owes_an_answer || fail "our own client's does not count: $(relay_shows)"
}
owes_an_answer() { [[ $(relay_shows) == *'"silent"'* ]]; }

# ---- round and round ----

# A server, or who says that he is one, sends the client's request back to us.
test_R07_R18_request_that_comes_back() {
	relay
	relay_on up0
	serve op=1 to=198.51.100.1:67
	ON=up0
	mark_relay
	say type=discover
	heard >/dev/null
	say type=discover xid=2
	same "once for each" "$(line_heard 2 "$HEARD" | grep -o 'xid=2 ')$(theirs | wc -l)" "xid=2 2"
	same "ended as a forgery" "$(relay_counted drop-spoofed up-discover)" "drop-spoofed:2 up-discover:0 "
}

# Two relays that take each other for the server
test_R03_two_relays_in_a_ring() {
	mkdir "$TMP/other"
	relay
	relay_on up0
	# Not through far(): the number must be the daemon's own, not a subshell's.
	ip netns exec far dhcpkd -c /dev/null -S "$TMP/other/control" -s "$TMP/other" 2>"$TMP/other/log" &
	SERVERS+=($!)
	wait_for 30 far dhcpkctl -S "$TMP/other/control" config show || fail "no second daemon: $(cat "$TMP/other/log")"
	far dhcpkctl -S "$TMP/other/control" relay add dev f0 server 198.51.100.1 || fail "no second relay"
	ON=up0
	mark_relay
	say type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77 sport=67
	wait_for 5 ring_is_left || fail "it goes on: $(relay_counted up-discover drop-hops)"
	same "twice through us" "$(relay_counted up-discover)" "up-discover:2 "
	far dhcpkctl -S "$TMP/other/control" relay del dev f0
}
# Hops: 1 behind s0, 2 behind f0, 3 behind up0, 4, 5, and that is too much for f0.
ring_is_left() {
	far dhcpkctl -j -s -S "$TMP/other/control" relay show | tr -d ' \n' | grep -q '"drop-hops":1'
}

run_relay_tests
