#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The relay agent among the hostile: replies with a broken option 82, messages of every length, loops, and what is left over
# from one packet in the next. Others have crashed, run on for ever or told too much.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

OURS=01027330
WORD=SECRET
SECRET=534543524554 # the same in hex

# ---- option 82 in replies ----

# gets WHAT OPTION... (in hex): the client gets what the server sent but for these options, and zeros up to 300 bytes. What a
# client would rather not have, tshark need not see.
gets() {
	local what=$1 r want gone
	shift
	r=$(ask probe=1 xid="$FLOOD")
	want=$(field reply "$(heard)")
	for gone; do
		want=${want/"$gone"/}
	done
	same "$what" "$(field raw "$r")" "$(padded 300 "$want")"
}

# ends WHAT COUNTER: the client gets nothing, and that counter says so, and no other
ends() {
	mark_relay
	undelivered "$1" type=discover
	same "$1: counted" "$(drops)" "$2:1"
}
drops() {
	local text names=() count list=
	text=$(relay_shows)
	while [[ $text =~ \"(drop-[a-z-]*)\"(.*) ]]; do
		names+=("${BASH_REMATCH[1]}") text=${BASH_REMATCH[2]}
	done
	for count in $(relay_counted "${names[@]}"); do
		[[ $count == *:0 ]] || list+=" $count"
	done
	echo "${list# }"
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

# nested [OPTION]: option 82 in option 82, as often as it can be
nested() {
	local value=${1:-}
	while [ ${#value} -lt 508 ]; do
		value=$(option 82 "$value")
	done
	option 82 "$value"
}

test_R17_reply_with_option_82_in_option_82() {
	local ours
	ours=$(nested "$(option 82 $OURS)")
	relay circuit-id %i
	serve agent=nested
	gets "nested" "$ours"
	relay circuit-id %i validate on
	ends "nested, and it is not ours" drop-foreign-agent
	relay circuit-id %i trusted
	gets "nested, and the client's"
	has "it is in there" "$(agents "$(ask xid="$FLOOD")")" "${ours:4}"
	relay
	gets "nested, and we add none" "$(nested)"
}

# come_down WORDS N WANTED DROPS: of the replies in $TMP/replies.in so many come to the client, with these bytes
come_down() {
	# shellcheck disable=SC2086 # words
	relay circuit-id %i $1
	mark_relay
	listen cli 2 "$2"
	from_server - xid="$FLOOD" <"$TMP/replies.in"
	same "$1" "$(listened cli)" "$3"
	same "$1: counted" "$(drops)" "$4"
}

# Of a value that does not add up, what is before that may be ours: it is in the last two.
test_R17_reply_with_broken_sub_options() {
	local agent bare as_sent=
	bare=$(bytes type=offer op=2 giaddr=$RELAY yiaddr=$CLIENT xid="$FLOOD")
	for agent in 01 01ff 0103 010273 ff00 "$(repeated 127 0100)" "$(repeated 255 01)" ${OURS}98 ${OURS}0001; do
		echo "opt=$(option 82 "$agent")"
		case $agent in
		"$OURS"*) ;;
		*) as_sent+=$(padded 300 "${bare:0:486}$(option 82 "$agent")ff"), ;;
		esac
	done >"$TMP/replies.in"
	come_down "" 9 "$(list_of 9 "$bare")" ""
	come_down "validate on" 2 "$(list_of 2 "$bare")" drop-foreign-agent:7
	come_down trusted 9 "$as_sent$(list_of 2 "$bare")" ""
}

test_R17_reply_with_two_options_82() {
	local options
	relay circuit-id %i
	serve agent=twice
	gets "twice" "$(option 82 $OURS)" "$(option 82 $OURS)"
	# RFC 3396: they may be one in pieces.
	serve opt="$(option 82 0102)" agent=7330
	gets "in pieces" "$(option 82 0102)" "$(option 82 7330)"
	relay circuit-id %i validate on
	gets "in pieces, and ours" "$(option 82 0102)" "$(option 82 7330)"
	relay circuit-id %i validate on trusted
	gets "in pieces, where there may be others" "$(option 82 0102)" "$(option 82 7330)"
	relay circuit-id %i validate on
	options=$(repeated 61 "$(option 82 $OURS)")
	serve opt="${options:12}"
	gets "sixty, and one" "$options"
}

test_R17_reply_with_more_option_82_than_room() {
	local words more
	more=$(repeated 4 "$(option 82 "$(repeated 255 ee)")")
	serve agent=huge
	for words in "" "validate on"; do
		# shellcheck disable=SC2086 # words
		relay circuit-id %i $words
		gets "a thousand bytes, $words" "$(option 82 $OURS)$more"
	done
	relay
	gets "we add none" "$more"
}

# What is in these fields is passed on (RFC 3046 section 2.1), and does not lead us astray.
test_R17_reply_with_option_82_in_an_overloaded_field() {
	local field size
	relay circuit-id %i
	for field in file:128:01 sname:64:02; do
		size=${field#*:} size=${size%:*}
		serve agent=overload-"${field%%:*}"
		gets "${field%%:*}"
		serve agent=none opt="$(option 52 "${field##*:}")" "${field%%:*}=$(repeated $((size - 2)) 00)52ff"
		ends "${field%%:*}: beyond its end" drop-parse-failed
	done
	serve opt="$(option 52 03)" file="$(option 52 03)ff" sname="$(option 52 03)ff"
	gets "fields that point at one another" "$(option 82 $OURS)"
}

test_R20_hostile_replies_are_not_ours() {
	local agent
	relay circuit-id %i validate on
	for agent in "$(option 82 $OURS)" 0103733000 01027331 0202"${OURS:4}" 000000000000; do
		serve agent="$agent"
		ends "$agent" drop-foreign-agent
	done
}

# ---- every length, and nothing of an earlier packet ----

# How often the word has been in what came to the client's namespace
captured() {
	local before
	before=$(last_words)
	cli dhcpc lo type=offer op=2 sport=67 xid="$LAST" wait=0 >/dev/null
	wait_for 30 more_last_words "$before" || fail "tcpdump does not write"
	grep -aoF $WORD "$CAPTURE" | wc -l
}
last_words() { grep -aoF '|END' "$CAPTURE" | wc -l; }
more_last_words() { [ "$(last_words)" -gt "$1" ]; }

# Messages full of the word, whole at each of these lengths. Memory comes in sizes; what is in it stays, until others fill it.
SECRETS=64
SIZES="300 548 1000 1472"
secrets=(xid="$FLOOD" sname="$(repeated 10 $SECRET)" file="$(repeated 21 $SECRET)" chaddr="$(repeated 2 $SECRET)"
	ciaddr=192.0.2.66 opt="00$(repeated 38 "$(option 224 $SECRET)")00000000$(repeated 115 "$(option 224 $SECRET)")")
n_secrets() { wc -w <<<"$(repeated $SECRETS "$SIZES ")"; }
secret_sizes() {
	# shellcheck disable=SC2086 # words
	repeated $SECRETS "$(printf 'len=%s\\n' $SIZES)"
}

# Each tells by secs how long it was. xid as the line has it: tshark complains of those without END.
lengths() { awk -v other="$FLOOD" 'BEGIN {
	for (n = 0; n <= 300; n++)
		print "len=" n " secs=" n " xid=" (n == 240 || n == 243 || n == 249 ? other : n)
}'; }

# came FILE: each message's secs and bytes but hops, xid, secs and giaddr
came() {
	theirs "$1" | awk '{
		for (i = 1; i <= NF; i++) { split($i, word, "="); field[word[1]] = word[2] }
		s = field["raw"]
		print field["secs"], substr(s, 1, 6) substr(s, 21, 28) substr(s, 57)
	}' | sort -n
}

# should_come BYTES GAP OPTION LENGTH: what came() says if those of each length are passed on in which no option is cut off.
# The type ends behind 243 of these BYTES, and so does option 82 GAP bytes later; in its place comes OPTION. With zeros up to
# LENGTH, or as long as it was.
should_come() {
	awk -v bytes="$1" -v gap="$2" -v option="$3" -v length_wanted="$4" 'BEGIN {
		for (n = 240; n <= 300; n++) {
			if (n > 240 && n < 243 || n > 243 && n < 243 + gap)
				continue
			s = substr(bytes, 1, n < 243 ? 2 * n : 486) option (option != "" || n > 243 + gap ? "ff" : "")
			while (length(s) < 2 * (length_wanted ? length_wanted : n))
				s = s "00"
			print n, substr(s, 1, 6) substr(s, 21, 28) substr(s, 57)
		}
	}'
}

# as_they_should WHAT FILE WANTED...
as_they_should() {
	local what=$1 file=$2
	shift 2
	came "$file" >"$TMP/came"
	should_come "$@" | diff - "$TMP/came" | cut -c 1-700 >"$TMP/different" || true
	[ ! -s "$TMP/different" ] || fail "$what: $(head -n 20 "$TMP/different")"
}

test_R05_requests_of_every_length() {
	local words option
	serve
	for words in "" "circuit-id %i"; do
		option=${words:+$(option 82 $OURS)}
		# shellcheck disable=SC2086 # words
		relay $words
		forget
		secret_sizes | many "${secrets[@]}"
		wait_for 20 has_heard "$(n_secrets)" "$HEARD" || fail "$words: of the full ones come $(theirs | wc -l)"
		forget
		mark_relay
		lengths | many type=discover
		probe "afterwards"
		as_they_should "$words" "$HEARD" "$(bytes type=discover)" 0 "$option" ""
		# 0 to 239, 241 and 242; the probe goes up, too.
		same "$words: counted" "$(relay_counted up-bootp up-discover drop-parse-failed)" \
			"up-bootp:1 up-discover:59 drop-parse-failed:242 "
		same "$words: nothing of an earlier one, down" "$(captured)" 0
	done
}

test_R11_replies_of_every_length() {
	local words option gap n
	for words in "" "circuit-id %i"; do
		option=${words:+$(option 82 $OURS)}
		gap=$((${#option} / 2))
		n=$((58 - (gap ? gap - 1 : 0)))
		# shellcheck disable=SC2086 # words
		relay $words
		end_servers
		AT=cli one_server "$TMP/client" port=68 reply=none
		mark_relay
		secret_sizes | from_server - "${secrets[@]}" flags=0x8000
		wait_for 20 has_heard "$(n_secrets)" "$TMP/client" ||
			fail "$words: of the full ones come $(theirs "$TMP/client" | wc -l)"
		: >"$TMP/client"
		mark_relay
		lengths | from_server - flags=0x8000 ${option:+opt="$option"}
		wait_for 5 has_heard $((n + 1)) "$TMP/client" || fail "$words: of all come $(theirs "$TMP/client" | wc -l)"
		as_they_should "$words" "$TMP/client" "$(bytes type=offer op=2 yiaddr=$CLIENT flags=0x8000)" $gap "" 300
		# Those without a cookie are nobody's, where there are no clients.
		same "$words: counted" "$(relay_counted down-bootp down-offer drop-parse-failed)" \
			"down-bootp:1 down-offer:$n drop-parse-failed:$((60 - n)) "
		same "$words: nothing of an earlier one" "$(captured)" 0
		serve
		delivered "$words: afterwards" offer wait=10000
	done
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
