#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Relays whose servers fall silent and answer again. In scripts/vm --kernel uml --time-travel: hours pass in no time.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"
require_time_travel

LEASE=600
OTHER=02:00:00:00:00:03

# Time passes while nothing happens; what looks every moment would only be slow.
patiently() { POLL=2 wait_for "$@"; }	# SECONDS COMMAND...

says_up() { [[ $(relay_shows) == *"\"ip\":\"$1\",\"up\":$2"* ]]; } # IP true|false
# until_up IP true|false: the daemon has noticed; that takes three probes
until_up() { patiently 60 says_up "$1" "$2" || fail "$1 is not up:$2: $(relay_shows)"; }

# Who is asked in vain is noticed.
goes_down() { # IP
	say type=discover mac=$OTHER
	until_up "$1" false
}

# Each test has a shell of its own: the daemon may be one that another test has started.
# shellcheck disable=SC2034 # lib.sh ends it
end_daemon() {
	DAEMON=$(pgrep -x dhcpkd)
	stop_daemon -KILL
}

bind() { # KEY...
	local ip
	ip=$(field yiaddr "$(ask type=discover "$@")")
	same ack "$(field type "$(ask type=request req="$ip" sid=$SERVER "$@")")" ack
}
# The client has its address, and its server is gone.
bind_and_be_left() {
	bind
	end_servers
	goes_down $SERVER
}
rebind() { ask type=request ciaddr=$CLIENT ipsrc=$CLIENT "$@"; } # KEY...
# A client that gets no answer asks again; who has not had to is not answered in a server's name.
insist() { # KEY...
	local r
	r=$(rebind "$@")
	[ "$r" != silence ] || r=$(rebind "$@")
	echo "$r"
}

# Now; there is a counter of that name, too.
remembered() { number_in remembered "$(relay_shows)"; }
vouched() { number_in vouched "$(relay_shows | sed 's/"counters".*//')"; }

test_R06_the_next_server_while_the_first_is_silent() {
	TO=$SERVER,$SERVER2 relay mode priority
	one_server "$TMP/second" bind=$SERVER2 sid=$SERVER2
	goes_down $SERVER
	say type=discover xid=77
	wait_for 5 grep -q 'xid=77 ' "$TMP/second" || fail "the second gets nothing"
	one_server "$HEARD" bind=$SERVER
	until_up $SERVER true
	forget
	: >"$TMP/second"
	say type=discover xid=78
	wait_for 5 grep -q 'xid=78 ' "$HEARD" || fail "the first one gets nothing again"
	! grep -q 'xid=78 ' "$TMP/second" || fail "the second gets it, too"
}

# What tells them from a client's is no less known where interfaces share an address and option 82.
test_R06_questions_by_interfaces_that_share_an_address() {
	relay mode priority remote-id box
	ip -n srv link add d0 up type dummy
	ip -n srv addr add $RELAY/32 dev d0
	relay_on d0 remote-id box
	mark_relay
	goes_down $SERVER
	one_server "$HEARD" bind=$SERVER
	until_up $SERVER true
	same "answered" "$(relay_counted probe-replies drop-ambiguous)" "probe-replies:1 drop-ambiguous:0 "
	ctl relay del dev d0
	ip -n srv link del d0
}

# Whoever looks is told: in the log, in the table and by the bare dhcpkctl; and what it took to find out.
test_R06_what_is_said_of_a_silent_server() {
	LOGGED=$(wc -l <"$TMP/log")
	TO=$SERVER,$SERVER2 relay mode priority
	one_server "$TMP/second" bind=$SERVER2
	mark_relay
	goes_down $SERVER
	has "log" "$(logged)" "relay s0: server $SERVER does not answer: left out"
	has "table" "$(ctl relay show)" "$SERVER(down)"
	same "only that one" "$(ctl relay show | grep -o '(down)' | wc -l)" 1
	has "status" "$(ctl)" "relays   1, 1 server down"
	same "asked" "$(relay_counted probes probe-replies)" "probes:3 probe-replies:0 "
	one_server "$HEARD" bind=$SERVER
	until_up $SERVER true
	has "log" "$(logged)" "relay s0: server $SERVER answers again"
	same "table" "$(ctl relay show | grep -c '(down)')" 0
	same "status" "$(ctl | grep '^relays')" "relays   1"
	same "answered" "$(relay_counted probe-replies)" "probe-replies:1 "
	same "one of those" "$(theirs | grep -c "type=discover .*chaddr=${SMAC//:/}")" 1
	rm "$TMP/second"
}
logged() { tail -n +$((LOGGED + 1)) "$TMP/log"; }

# Behind another relay the server has an address that ours does not know. What is asked of it tells whose answer it is.
test_R06_servers_that_answer_from_elsewhere() {
	TO=$SERVER,$SERVER2 relay mode priority replies any
	one_server "$TMP/second" bind=$SERVER2 from=$NOBODY
	goes_down $SERVER
	same "by the second" "$(field type "$(ask type=discover)")" offer
	sleep 60
	says_up $SERVER2 true || fail "the second is left out: $(relay_shows)"
	says_up $SERVER false || fail "it takes the second's answers for the first's: $(relay_shows)"
	one_server "$HEARD" bind=$SERVER from=$NOBODY
	until_up $SERVER true
	rm "$TMP/second"
}

test_R06_all_of_them_if_none_answers() {
	TO=$SERVER,$SERVER2 relay mode priority
	goes_down $SERVER
	goes_down $SERVER2
	one_server "$TMP/second" bind=$SERVER2 sid=$SERVER2
	one_server "$HEARD" bind=$SERVER
	say type=request req=$CLIENT xid=79
	wait_for 5 grep -q 'xid=79 ' "$HEARD" || fail "not the first"
	wait_for 5 grep -q 'xid=79 ' "$TMP/second" || fail "not the second"
	rm "$TMP/second"
}

# It says that the first is up, and does not look.
test_R06_a_daemon_that_is_stopped_holds_up_nobody() {
	TO=$SERVER,$SERVER2 relay mode priority
	one_server "$TMP/second" bind=$SERVER2 sid=$SERVER2
	kill -STOP "$DAEMON" || fail "no daemon to stop"
	same "to the first" "$(ask type=discover)" silence
	sleep 20
	same "to the second" "$(field sid "$(ask type=discover)")" $SERVER2
	kill -CONT "$DAEMON"
	rm "$TMP/second"
}

test_R06_an_interface_that_is_down_is_no_silent_server() {
	relay mode priority
	say type=discover mac=$OTHER
	ip -n srv link set s0 down
	sleep 60
	says_up $SERVER true || fail "left out: $(relay_shows)"
	ip -n srv link set s0 up
	until_up $SERVER false
	wait_for 5 link_ready
}

test_R06_no_route_is_no_answer() {
	TO=203.0.113.250 relay mode priority
	goes_down 203.0.113.250
}

# Where every server gets everything it does not matter who answers: nobody is asked, and none stays out.
test_R06_nobody_is_left_out_where_all_are_asked() {
	relay mode priority
	goes_down $SERVER
	ctl relay set s0 mode all || fail "no change"
	until_up $SERVER true
	mark_relay
	say type=discover
	sleep 60
	same "not asked" "$(relay_counted probes)" "probes:0 "
	says_up $SERVER true || fail "left out: $(relay_shows)"
	ctl relay set s0 mode priority || fail "no change"
	until_up $SERVER false
	end_daemon
	echo "relay s0 { server = $SERVER }" >"$TMP/all"
	start_daemon "$TMP/all"
	until_up $SERVER true
}

# A daemon without a file knows of no relay, and looks after those that run.
test_R06_relays_that_the_daemon_does_not_know() {
	relay mode priority
	end_daemon
	# shellcheck disable=SC2119
	start_daemon
	has "who has told it" "$(ctl)" "relays: s0"
	goes_down $SERVER
	ctl config apply /dev/null || fail "the relay stays"
	relay
	end_daemon
	# shellcheck disable=SC2119
	start_daemon
	mark_relay
	say type=discover
	sleep 60
	same "not asked" "$(relay_counted probes)" "probes:0 "
}

test_renewed_while_every_server_is_silent() {
	local r
	relay survive 1h circuit-id %i
	serve lease=$LEASE opt=3a040000012c3b040000020d
	bind
	end_servers
	same "while nobody knows" "$(rebind)" silence
	until_up $SERVER false
	mark_relay
	r=$(insist xid=1234)
	same "renewed" "$(field type "$r") $(field yiaddr "$r") $(field sid "$r") $(agents "$r")" "ack $CLIENT $SERVER "
	same "for as long as ever" "$(field lease "$r") $(field o58 "$r") $(field o59 "$r")" "$LEASE 0000012c 0000020d"
	same "to the client" "$(field l2dst "$r") $(field ipdst "$r")" "${MAC//:/} $CLIENT"
	same "after a restart, too" "$(field type "$(ask type=request req=$CLIENT flags=0x8000)")" ack
	same "counted" "$(relay_counted survive-acks) $(remembered) $(vouched)" "survive-acks:2  1 1"
	same "another's address" "$(cli dhcpc c0 type=request ciaddr=$CLIENT ipsrc=$CLIENT mac=$OTHER)" silence
	same "another address" "$(ask type=request ciaddr=192.0.2.102 ipsrc=192.0.2.102)" silence
	same "a new one" "$(ask type=discover)" silence
	same "one that names a server" "$(ask type=request req=$CLIENT sid=$SERVER)" silence
}

# Nobody says that the server is down: it owes an answer for longer than it would take to notice.
test_renewed_while_the_daemon_is_stopped() {
	relay survive 1h
	serve lease=$LEASE
	bind
	pkill -STOP -x dhcpkd || fail "no daemon to stop"
	renewed_unnoticed
	pkill -CONT -x dhcpkd
}
test_renewed_while_there_is_no_daemon() {
	relay survive 1h
	serve lease=$LEASE
	bind
	end_daemon
	renewed_unnoticed
	# shellcheck disable=SC2119
	start_daemon
}
renewed_unnoticed() {
	end_servers
	same "owes an answer" "$(rebind)" silence
	sleep 10
	same "but not for long enough" "$(insist)" silence
	sleep 10
	same "renewed" "$(field type "$(insist)")" ack
}

# The server says 600 s, we 1 h more: nobody is told that he may use the address a second after that.
test_not_longer_than_said() {
	local start now r
	relay survive 1h
	serve lease=$LEASE
	bind
	start=$(date +%s)
	end_servers
	goes_down $SERVER
	while r=$(insist) && [ "$r" != silence ]; do
		now=$(date +%s)
		[ $((now - start + $(field lease "$r"))) -le $((LEASE + 3600 + 1)) ] ||
			fail "after $((now - start)) s $(field lease "$r") s more"
		[ $((now - start)) -lt 9000 ] || fail "it does not end"
		sleep 290
	done
	now=$(($(date +%s) - start))
	[ $now -gt 3900 ] || fail "given up after $now s"
	patiently 60 nothing_remembered || fail "still remembered: $(relay_shows)"
}
nothing_remembered() { [ "$(remembered)$(vouched)" = 00 ]; }

test_servers_are_told_when_they_are_back() {
	relay survive 1h circuit-id %i
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist hops=0 opt=0c0161)")" ack
	mark_relay
	back_and_told lease=$LEASE plain=$OTHER
	same "counted" "$(relay_counted survive-confirmed)" "survive-confirmed:1 "
	has "in the client's words" "$(theirs | grep "ciaddr=$CLIENT")" "o12=61"
}
nothing_vouched() { [ "$(vouched)" = 0 ]; }
# Its server is there again, and has confirmed what was said in its name.
back_and_told() { # KEY...
	serve "$@"
	until_up $SERVER true
	patiently 60 nothing_vouched || fail "not confirmed: $(relay_shows)"
}

# Of one server all is that comes, from wherever.
test_a_server_that_answers_from_elsewhere() {
	relay survive 1h replies any
	serve lease=$LEASE from=$NOBODY
	bind
	mark_relay
	same "its own word" "$(field type "$(rebind)")" ack
	same "counted" "$(server_counted replies $SERVER)" "$SERVER:1 "
	end_servers
	goes_down $SERVER
	same "renewed" "$(field type "$(insist)")" ack
	back_and_told lease=$LEASE from=$NOBODY
	same "counted" "$(relay_counted survive-acks survive-confirmed)" "survive-acks:1 survive-confirmed:1 "
}

test_what_is_promised_is_no_one_elses() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist)")" ack
	# One that gives everybody the same address, and confirms nothing
	serve reply=2 yiaddr=$CLIENT
	until_up $SERVER true
	mark_relay
	same "it is promised" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
	same "counted" "$(relay_counted drop-promised)" "drop-promised:1 "
	from_server type=ack mac=$OTHER lease=$LEASE flags=0x8000
	wait_for 5 kept_back_again || fail "not kept back: $(relay_counted drop-promised down-ack)"
	same "not to its client" "$(field type "$(ask type=discover)") $(remembered)" "offer 1"
	sleep $LEASE
	same "when the promise is over" "$(field type "$(cli dhcpc c0 type=discover mac=$OTHER)")" offer
}
kept_back_again() { [ "$(relay_counted drop-promised)" = "drop-promised:2 " ]; }

# What the server confirms ends before what the client was told; it has no use for an answer to what it asked back then.
test_a_promise_outlasts_a_shorter_confirmation() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field lease "$(insist)")" $LEASE
	mark_relay
	back_and_told lease=60
	same "counted" "$(relay_counted survive-confirmed)" "survive-confirmed:1 "
	sleep 120
	serve reply=2 yiaddr=$CLIENT
	same "the server's lease is over, our word holds" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
	same "counted" "$(relay_counted drop-promised)" "drop-promised:1 "
	sleep $LEASE
	same "when the promise is over" "$(field type "$(cli dhcpc c0 type=discover mac=$OTHER)")" offer
}

test_a_promise_outlasts_a_shorter_survive() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	sleep $LEASE
	same "renewed" "$(field lease "$(insist)")" $LEASE
	ctl relay set s0 survive 1m || fail "no change"
	sleep 120
	same "remembered" "$(remembered)" 1
	serve reply=2 yiaddr=$CLIENT
	until_up $SERVER true
	same "it is promised" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
}

test_a_promise_outlasts_survive() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist)")" ack
	ctl relay set s0 no survive || fail "no change"
	same "not once more" "$(insist)" silence
	sleep 60
	mark_relay
	serve lease=60
	MAC=$OTHER bind
	patiently 60 nothing_vouched || fail "not confirmed: $(relay_shows)"
	same "that one, and no other" "$(relay_counted survive-confirmed) $(remembered)" "survive-confirmed:1  1"
	ctl relay set s0 hops 5 || fail "no change"
	serve reply=2 yiaddr=$CLIENT
	sleep 120
	same "it is promised" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
	same "counted" "$(relay_counted drop-promised)" "drop-promised:1 "
	sleep $LEASE
	same "when the promise is over" "$(field type "$(cli dhcpc c0 type=discover mac=$OTHER)")" offer
	same "and nothing is left of it" "$(remembered)" 0
}

# Whatever a server gives to another client is not ours to promise any more: with BOOTP there is no word of a lease.
test_what_another_has_got_is_not_promised() {
	local reply
	for reply in type=bootp "type=ack opt=3604c6336402" "type=ack lease=0xffffffff"; do
		relay survive 1h
		serve lease=$LEASE
		bind
		sleep $((LEASE + 60))
		end_servers
		mark_relay
		# shellcheck disable=SC2086 # words
		from_server $reply mac=$OTHER flags=0x8000
		wait_for 5 passed_down || fail "$reply: it does not pass: $(relay_counted down-ack down-bootp)"
		same "$reply: forgotten" "$(remembered)" 0
		goes_down $SERVER
		same "$reply: not vouched for" "$(insist)" silence
	done
}
passed_down() { [[ $(relay_counted down-ack down-bootp) == *:1* ]]; }

# Where others may have got the address by another interface, nothing is said beyond the server's own lease.
test_shared_addresses_are_not_promised_for_longer() {
	relay survive 1h giaddr 198.51.100.1 link-selection off
	relay_on up0 giaddr 198.51.100.1 link-selection off
	not_beyond_the_lease "both have the same giaddr"
	ctl relay del dev up0
	ip -n srv link add d0 up type dummy
	relay survive 1h
	relay_on d0 giaddr $RELAY
	not_beyond_the_lease "the other's giaddr is ours"
	relay survive 1h giaddr $RELAY
	not_beyond_the_lease "so is this one's"
	ctl relay del dev d0
	ip -n srv addr add 192.0.2.65/26 dev d0
	relay survive 1h
	relay_on d0
	not_beyond_the_lease "a part of the subnet"
	ctl relay del dev d0
	ip -n srv link del d0
	relay_on up0
	serve lease=$LEASE
	bind_and_be_left
	sleep $LEASE
	same "the other has a subnet of its own" "$(field type "$(insist)")" ack
	ctl relay del dev up0
}
test_without_a_subnet_nothing_is_promised_for_longer() {
	ip -n srv addr flush dev s0 scope global
	relay survive 1h giaddr 198.51.100.1
	not_beyond_the_lease "no address"
	ip -n srv addr add $RELAY/32 dev s0
	relay survive 1h
	not_beyond_the_lease "an address, and no subnet"
}
not_beyond_the_lease() { # WHY
	local r
	serve lease=$LEASE
	bind_and_be_left
	r=$(insist)
	same "$1: renewed" "$(field type "$r")" ack
	[ "$(field lease "$r")" -lt $LEASE ] || fail "$1: for $(field lease "$r") s"
	sleep $LEASE
	same "$1: after the lease" "$(insist)" silence
}

# Where the relay's interface is in another subnet now, its clients have no business with an address of the old one.
test_addresses_of_another_subnet_are_not_promised() {
	local words
	for words in "" "giaddr 198.51.100.1"; do
		# shellcheck disable=SC2086 # words
		relay survive 1h $words
		serve lease=$LEASE
		bind_and_be_left
		has_address 203.0.113.1
		same "$words: not vouched for" "$({ start_again; start_again; } | uniq)" silence
		has_address $RELAY
		same "$words: as before" "$(start_again >/dev/null; field type "$(start_again)")" ack
	done
}
has_address() { # IP
	ip -n srv addr flush dev s0 scope global
	ip -n srv addr add "$1/24" dev s0
}
start_again() { ask type=request req=$CLIENT flags=0x8000 "$@"; } # KEY...

# It has nothing for strangers, and what it says to those it knows is not to be forestalled.
test_a_server_that_answers_its_clients_is_not_silent() {
	local ip
	relay survive 1h
	serve reply=none
	ip=$(field yiaddr "$(ask type=discover mac=$PROBE)")
	same "bound" "$(field type "$(ask type=request req="$ip" sid=$SERVER mac=$PROBE)")" ack
	goes_down $SERVER
	mark_relay
	same "its own word" "$(field type "$(ask type=request ciaddr="$ip" ipsrc="$ip" mac=$PROBE)")" ack
	same "and no other" "$(relay_counted survive-acks down-ack)" "survive-acks:0 down-ack:1 "
}

# Who has been answered since has not asked in vain.
test_a_server_that_answers_ends_the_wait() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "in vain" "$(rebind)" silence
	serve lease=$LEASE
	until_up $SERVER true
	same "its own word" "$(field type "$(rebind)")" ack
	end_servers
	goes_down $SERVER
	same "once more in vain" "$(rebind)" silence
	same "renewed" "$(field type "$(rebind)")" ack
}

# A relay knows what it has told its own clients, not what another relay has told that one's.
test_another_relays_clients_are_not_vouched_for() {
	local theirs=giaddr=192.0.2.7
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	mark_relay
	same "not vouched for" "$(insist $theirs)" silence
	say type=release ciaddr=$CLIENT sid=$SERVER $theirs
	wait_for 5 released || fail "the RELEASE does not pass"
	same "not given back" "$(remembered)" 1
}
released() { [ "$(relay_counted up-release)" = "up-release:1 " ]; }

# RFC 2131 section 4.4.5: with a NAK the client has no address any more.
test_what_is_refused_is_not_vouched_for() {
	relay survive 1h
	serve lease=$LEASE
	bind
	serve reply=6 yiaddr=0.0.0.0
	same "refused" "$(field type "$(rebind flags=0x8000)")" nak
	same "forgotten" "$(remembered)" 0
	end_servers
	goes_down $SERVER
	same "not vouched for" "$(insist)" silence
}

# Each server gets to see what is about another's leases, and may refuse what it does not know.
test_a_lease_is_not_refused_by_another_server() {
	local id=opt=3d0701020000000001
	TO=$SERVER,$SERVER2 relay survive 1h
	serve lease=$LEASE
	bind $id
	one_server "$TMP/second" bind=$SERVER2 reply=6 yiaddr=0.0.0.0
	mark_relay
	same "confirmed, and not refused" "$(rebind $id flags=0x8000 all=1 more=200 | grep -oE '\btype=[a-z]+')" type=ack
	wait_for 5 refusal_kept_back || fail "it is not counted: $(relay_counted drop-promised)"
	same "remembered" "$(remembered)" 1
	end_servers
	one_server "$TMP/second" bind=$SERVER2 reply=6 yiaddr=0.0.0.0
	goes_down $SERVER
	same "whoever has given it is gone" "$(field type "$(rebind $id flags=0x8000)")" nak
	same "forgotten" "$(remembered)" 0
	rm "$TMP/second"
}
refusal_kept_back() { same "" "$(relay_counted drop-promised)" "drop-promised:1 "; }

# Many REQUESTs come before the NAK. The relay has forgotten which lease it refuses, and keeps it back: the client asks again.
test_P5_a_lease_is_not_refused_among_many_requests() {
	TO=$SERVER,$SERVER2 relay survive 1h
	serve lease=$LEASE
	bind
	mark_relay
	same "confirmed" "$(field type "$(rebind flags=0x8000 xid=91)")" ack
	serve reply=none
	cli dhcpc c0 type=request req=192.0.2.99 flood=20000 xid="$FLOOD"
	from_server type=nak ipsrc=$SERVER2 yiaddr=0.0.0.0 xid=91
	wait_for 5 refusal_kept_back || fail "it is not kept back: $(relay_counted drop-promised) $(relay_counted down-nak)"
	same "remembered" "$(remembered)" 1
}

# RFC 6842: clients with one hardware address are told apart in requests, and in a NAK only if its server cares to.
test_what_another_is_refused_is_not_forgotten() {
	local ours=3d0701020000000001 other=3d0701020000000002 echo
	relay survive 1h
	serve lease=$LEASE opt=$ours
	bind opt=$ours
	for echo in "" $other; do
		serve reply=nak opt="$echo"
		same "another" "$(field type "$(start_again opt=$other)")" nak
		same "remembered" "$(remembered)" 1
	done
	same "its client" "$(field type "$(start_again opt=$ours)")" nak
	same "forgotten" "$(remembered)" 0
}

# Who has our ACK to the same request takes no NAK for an answer.
test_a_refusal_that_comes_too_late_ends_no_promise() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist xid=81)")" ack
	mark_relay
	serve reply=6 yiaddr=0.0.0.0
	until_up $SERVER true
	patiently 60 refused_down || fail "no NAK: $(relay_counted down-nak)"
	serve reply=2 yiaddr=$CLIENT
	same "it is promised" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
	end_servers
	goes_down $SERVER
	same "and not for longer" "$(insist)" silence
}
refused_down() { [[ $(relay_counted down-nak) != "down-nak:0 " ]]; }

# Anybody on the link can ask in the client's name, and the client may have asked itself and not have heard the NAK: then it uses
# the address until our word is over.
test_P1_a_refusal_of_something_else_ends_no_promise() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist xid=81)")" ack
	serve reply=6 yiaddr=0.0.0.0
	until_up $SERVER true
	mark_relay
	same "a forger is refused" "$(field type "$(start_again xid=95)")" nak
	same "remembered" "$(remembered)" 1
	serve reply=2 yiaddr=$CLIENT
	same "it is promised" "$(cli dhcpc c0 type=discover mac=$OTHER)" silence
	end_servers
	goes_down $SERVER
	same "and not for longer" "$(insist)" silence
	sleep $LEASE
	serve reply=2 yiaddr=$CLIENT
	until_up $SERVER true
	same "when the promise is over" "$(field type "$(cli dhcpc c0 type=discover mac=$OTHER)")" offer
}

test_given_back_is_given_back() {
	local words
	relay survive 1h
	serve lease=$LEASE
	for words in "release ciaddr=$CLIENT ipsrc=$CLIENT ipdst=$RELAY l2dst=$SMAC" "decline req=$CLIENT"; do
		bind
		same "remembered" "$(remembered)" 1
		# shellcheck disable=SC2086 # words
		say type=$words sid=$SERVER
		wait_for 5 nothing_remembered || fail "$words: remembered: $(relay_shows)"
	done
}

# RFC 6842: the ACK says which of the clients with one hardware address it is.
test_given_back_by_another_is_not() {
	local ours=3d0701020000000001
	relay survive 1h
	serve lease=$LEASE opt=$ours
	bind_and_be_left
	same "renewed" "$(field type "$(insist opt=$ours)")" ack
	say type=release ciaddr=$CLIENT sid=$SERVER ipsrc=$CLIENT ipdst=$RELAY l2dst="$SMAC" opt=3d0701020000000002
	same "not by another's" "$(field type "$(insist opt=$ours)") $(remembered) $(vouched)" "ack 1 1"
	say type=release ciaddr=$CLIENT sid=$SERVER ipsrc=$CLIENT ipdst=$RELAY l2dst="$SMAC" opt=$ours
	wait_for 5 nothing_remembered || fail "remembered: $(relay_shows)"
}

# Which server's lease it is, the relay does not know.
test_every_server_is_told() {
	TO=$SERVER,$SERVER2 relay survive 1h mode priority
	serve lease=$LEASE bind=$SERVER
	bind_and_be_left
	goes_down $SERVER2
	same "renewed" "$(field type "$(insist xid=80)")" ack
	one_server "$TMP/second" bind=$SERVER2 sid=$SERVER2
	one_server "$HEARD" bind=$SERVER
	patiently 60 grep -q 'xid=80 ' "$HEARD" || fail "the first is not asked"
	patiently 60 grep -q 'xid=80 ' "$TMP/second" || fail "the second is not asked"
	rm "$TMP/second"
}

# A client that is answered once more has not waited longest any more.
test_who_has_waited_longest_is_told_of_first() {
	local other=192.0.2.103
	relay survive 1h
	serve lease=$LEASE
	MAC=$OTHER bind
	bind_and_be_left
	same "renewed" "$(field type "$(insist)")" ack
	same "another" "$(field type "$(MAC=$OTHER CLIENT=$other insist)")" ack
	same "once more" "$(field type "$(rebind)")" ack
	back_and_told lease=$LEASE
	same "told" "$(theirs | grep -o 'ciaddr=192[0-9.]*' | paste -sd' ')" "ciaddr=$other ciaddr=$CLIENT"
}

# What could not be sent no server has left unanswered.
test_servers_are_told_when_there_is_a_way_again() {
	relay survive 1h
	serve lease=$LEASE
	bind_and_be_left
	same "renewed" "$(field type "$(insist)")" ack
	ip -n srv route add unreachable $SERVER
	for _ in 1 2 3; do
		sleep 12
		from_server mac=$OTHER # a sign of life
	done
	sleep 12
	ip -n srv route del unreachable $SERVER
	mark_relay
	back_and_told lease=$LEASE
	same "counted" "$(relay_counted survive-confirmed)" "survive-confirmed:1 "
}

# The kernel keeps it over changes of the configuration, and without a daemon.
test_remembered_over_changes() {
	relay survive 1h
	serve lease=$LEASE
	bind
	ctl relay set s0 hops 5 || fail "no change"
	same "remembered" "$(remembered)" 1
	end_servers
	goes_down $SERVER
	end_daemon
	same "renewed" "$(field type "$(insist)")" ack
	# shellcheck disable=SC2119
	start_daemon
}

# Their turns come one after the other, and this one's is behind a thousand others that have nothing to remember.
test_every_relay_has_its_turn() {
	ctl config save "$TMP/before.conf" || fail "not saved"
	awk -v server=$SERVER 'BEGIN {
		for (n = 1; n <= 1100; n++) printf "relay x%d {\n\tserver = %s\n}\n", n, server
		printf "relay s0 {\n\tserver = %s\n\tsurvive = 1m\n}\n", server
	}' >"$TMP/many.conf"
	ctl config apply "$TMP/many.conf" || fail "not applied"
	serve lease=60
	bind
	same "remembered" "$(remembered)" 1
	end_servers
	patiently 200 nothing_remembered || fail "remembered: $(relay_shows)"
	ctl config apply "$TMP/before.conf" || fail "not put back"
}

# An address more than there is room for: it is delivered all the same.
test_not_remembered_for_lack_of_room() {
	local room=65536
	relay survive 1h
	mark_relay
	awk -v n=$((room + 1)) 'BEGIN { while (n--) printf "yiaddr=10.%d.%d.%d\n", n / 65536, n / 256 % 256, n % 256 }' |
		from_server - type=ack xid="$FLOOD" flags=0x8000 opt="$(option 51 00000258)"
	same "remembered" "$(remembered)" $room
	same "counted" "$(relay_counted down-ack not-remembered)" "down-ack:$((room + 1)) not-remembered:1 "
}

# from_a_server GIADDR N: ACKs for so many addresses pass the relay there
from_a_server() {
	awk -v n="$2" 'BEGIN { while (n--) printf "yiaddr=10.0.%d.%d\n", n / 256, n % 256 }' |
		from_server - type=ack giaddr="$1" xid="$FLOOD" flags=0x8000 opt="$(option 51 00000258)"
}

small_room() {
	trap 'echo 0 >/sys/module/dhcpk/parameters/survive_kib' EXIT
	echo 64 >/sys/module/dhcpk/parameters/survive_kib
}

# What is remembered is good for something: there is room for the requests, and for the next ACKs of the same addresses.
test_P6_P7_a_room_that_is_full() {
	small_room
	relay survive 1h
	serve lease=$LEASE
	bind
	from_a_server $RELAY 400
	mark_relay
	same "a renewal" "$(field type "$(rebind)") $(relay_counted not-remembered)" "ack not-remembered:0 "
	end_servers
	goes_down $SERVER
	same "vouched for" "$(field type "$(insist)")" ack
}

# All relays of a namespace have one room for what they remember, and give back what they took of it.
test_P7_room_for_all_relays() {
	local first
	second_link 203.0.113.1/24
	small_room
	relay survive 1h
	relay_on s1 survive 1h
	mark_relay
	from_a_server $RELAY 400
	first=$(remembered)
	[[ $first -gt 30 && $first -lt 120 ]] || fail "remembered in 64 KiB: $first"
	same "counted" "$(relay_counted down-ack not-remembered)" "down-ack:400 not-remembered:$((400 - first)) "
	ON=s1 mark_relay
	from_a_server 203.0.113.1 10
	same "no room for another relay" "$(ON=s1 relay_counted down-ack not-remembered)" "down-ack:10 not-remembered:10 "
	relay survive 1h
	ON=s1 mark_relay
	from_a_server 203.0.113.1 50
	same "the first one has given it back" "$(ON=s1 relay_counted not-remembered) $(number_in remembered "$(relay_shows s1)")" "not-remembered:0  50"
	ctl relay del dev s1
}

# RFC 4390: those without a hardware address are told apart by identifiers that a server need not repeat.
test_not_remembered_without_a_hardware_address() {
	local nobody="htype=32 hlen=0 chaddr=000000000000 flags=0x8000"
	relay survive 1h
	mark_relay
	# shellcheck disable=SC2086 # words
	from_server type=ack $nobody opt="$(option 51 00000258)"
	wait_for 5 passed_down || fail "it does not pass: $(relay_counted down-ack)"
	same "counted" "$(relay_counted not-remembered) $(remembered)" "not-remembered:1  0"
	goes_down $SERVER
	# shellcheck disable=SC2086 # words
	same "not vouched for" "$(insist $nobody cid=00c1a2)" silence
}

sent_to_all() { echo $(($(relay_shows | grep -oP '"sent":\K[0-9]+' | paste -sd +))); }
sent_in_all() { [ "$(sent_to_all)" = "$1" ]; }

# Sixteen servers make sixteen of each request; in a flood one. Here a flood takes no time, in which more would be let through.
test_X03_a_flood_is_not_multiplied() {
	local i TO='' sent text
	ip -n srv link add sink up type dummy
	ip -n srv route add 203.0.113.0/24 dev sink
	for i in {1..15}; do TO+=203.0.113.$i,; done
	TO+=$SERVER relay server-id-override on
	say type=discover
	text=$(relay_shows)
	same "as a rule to all" "$(grep -o '"sent":1,' <<<"$text" | wc -l)" 16
	for i in {1..60}; do cli dhcpc c0 type=discover flood=200; done
	text=$(relay_shows)
	sent=$(sent_to_all)
	[[ $text =~ \"up-discover\":([0-9]+) ]]
	same "all of them have gone out" "${BASH_REMATCH[1]}" 12001
	[[ $text =~ \"copies-left-out\":([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -gt 4000 ] || fail "only ${BASH_REMATCH[1]} went to one server alone"
	[ "$sent" -lt $((16 * 12001 - 15 * 4000)) ] || fail "$sent messages for 12001"
	same "each to one at the least" "$((sent >= 12001))" 1
	for i in {1..20}; do cli dhcpc c0 type=inform ciaddr=192.0.2.77 ipsrc=192.0.2.77 flood=200; done
	sent=$(sent_to_all)
	say type=request ciaddr=$CLIENT ipdst=$RELAY l2dst="$SMAC"
	wait_for 5 sent_in_all $((sent + 16)) || fail "a renewal, which is for nobody knows whom, goes to some only: $(sent_to_all), $sent before"
	ip -n srv link del sink
	relay
}

run_relay_tests
