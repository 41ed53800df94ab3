#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The conversation of RFC 2131 on the wire: one scripted client, every message that a server hears.
. "$(dirname "$0")/lib.sh"

MAC=02:00:00:00:00:01
SID=192.0.2.1
dhcpc() { cli dhcpc c0 "$@"; }
offered() { field yiaddr "$(dhcpc type=discover "$@")"; }
bind() { # bind MAC: prints the address
	local ip
	ip=$(offered mac="$1")
	dhcpc type=request mac="$1" req="$ip" sid=$SID >/dev/null
	echo "$ip"
}

test_C07_offer_has_what_it_must() {
	local r
	r=$(dhcpc type=discover mac=$MAC)
	same type "$(field type "$r")" offer
	same sid "$(field sid "$r")" $SID
	same lease "$(field lease "$r")" 3600
	same t1 "$(field o58 "$r")" 00000708
	same t2 "$(field o59 "$r")" 00000c4e
	same mask "$(field o1 "$r")" ffffff00
	same router "$(field o3 "$r")" c0000201
	same dns "$(field o6 "$r")" c0000235
	same domain "$(field o15 "$r")" 6c61622e6578616d706c65
	same broadcast "$(field o28 "$r")" c00002ff
	same checksum "$(field csum "$r")" ok
	has range "10 11 12 13 14 15 16 17 18 19" "$(field yiaddr "$r" | cut -d. -f4)"
}

test_C08_C11_only_what_is_asked_for_each_once() {
	local r
	r=$(dhcpc type=discover mac=$MAC prl=060303)
	same dns "$(field o6 "$r")" c0000235
	same router "$(field o3 "$r")" c0000201
	same domain "$(field o15 "$r")" ""
	has "mask before router" "$r" "o1=ffffff00 o6=c0000235 o3=c0000201"
	case $r in *o50=* | *o55=* | *o57=*) fail "$r" ;; esac
}

test_C14_repeated_discover_same_offer() {
	same "second offer" "$(offered mac=$MAC)" "$(offered mac=$MAC)"
	same "state" "$(state_of "$(offered mac=$MAC)")" offered
}

test_C15_C17_client_id_is_the_identity_and_is_echoed() {
	local a b r
	a=$(offered mac=02:00:00:00:00:11 cid=00aabb)
	b=$(offered mac=02:00:00:00:00:12 cid=00aabb)
	same "same id, other mac" "$b" "$a"
	r=$(dhcpc type=discover mac=02:00:00:00:00:11 cid=00aabb)
	same echo "$(field o61 "$r")" 00aabb
	r=$(dhcpc type=request mac=02:00:00:00:00:11 cid=00aabb req=198.51.100.1)
	same "echo in NAK" "$(field type "$r") $(field o61 "$r")" "nak 00aabb"
}

test_Q01_other_server_chosen_frees_the_offer() {
	local ip
	ip=$(offered mac=$MAC)
	same answer "$(dhcpc type=request mac=$MAC req="$ip" sid=192.0.2.2 wait=300)" silence
	same state "$(state_of "$ip")" free
}

test_Q03_ack_binds_what_was_offered() {
	local ip r
	ip=$(offered mac=$MAC)
	r=$(dhcpc type=request mac=$MAC req="$ip" sid=$SID name=box)
	same ack "$(field type "$r") $(field yiaddr "$r") $(field lease "$r")" "ack $ip 3600"
	same state "$(state_of "$ip")" bound
	has hostname "$(ctl -j lease show ip "$ip")" '"hostname":"box"'
	has durable "$(ctl -j lease show ip "$ip")" '"durable":true'
}

test_Q04_init_reboot() {
	local ip
	ip=$(bind $MAC)
	same right "$(field type "$(dhcpc type=request mac=$MAC req="$ip")")" ack
	same "wrong address" "$(field type "$(dhcpc type=request mac=$MAC req=192.0.2.200)")" nak
	same "wrong network" "$(field type "$(dhcpc type=request mac=$MAC req=198.51.100.7)")" nak
}

test_Q05_unknown_client_silence_unless_authoritative() {
	same silence "$(dhcpc type=request mac=02:00:00:00:00:77 req=192.0.2.15 wait=300)" silence
	ctl pool set lan authoritative on
	same nak "$(field type "$(dhcpc type=request mac=02:00:00:00:00:77 req=192.0.2.15)")" nak
	ctl pool set lan authoritative off
}

test_Q07_Q09_nak_is_broadcast_and_bare() {
	local r
	r=$(dhcpc type=request mac=$MAC req=198.51.100.7)
	same where "$(field ipdst "$r") $(field l2dst "$r")" "255.255.255.255 ffffffffffff"
	same zero "$(field yiaddr "$r") $(field siaddr "$r") $(field lease "$r")" "0.0.0.0 0.0.0.0 0"
	case $r in *o51=* | *o1=* | *o3=*) fail "$r" ;; esac
}

test_Q10_renewal_is_unicast_back() {
	local ip r
	ip=$(bind $MAC)
	r=$(dhcpc type=request mac=$MAC ciaddr="$ip" ipdst=$SID)
	same ack "$(field type "$r") $(field yiaddr "$r") $(field ciaddr "$r")" "ack $ip $ip"
	same where "$(field ipdst "$r") $(field l2dst "$r")" "$ip 020000000001"
}

test_X04_renewal_of_anothers_address_is_refused() {
	local ip
	ip=$(bind $MAC)
	same nak "$(field type "$(dhcpc type=request mac=02:00:00:00:00:66 ciaddr="$ip" ipdst=$SID)")" nak
	same owner "$(state_of "$ip")" bound
}

test_Q15_contradictions_are_not_answered() {
	same "ciaddr and option 50" "$(dhcpc type=request mac=$MAC ciaddr=192.0.2.10 req=192.0.2.11 wait=300)" silence
	same "from us, too" "$(dhcpc type=request mac=$MAC ciaddr=192.0.2.10 req=192.0.2.11 sid=$SID wait=300)" silence
	same "neither" "$(dhcpc type=request mac=$MAC wait=300)" silence
	same "neither, from us" "$(dhcpc type=request mac=$MAC sid=$SID wait=300)" silence
}

# A lab's simulator fills in all three in every state; others leave option 54 or 50 in what renews or rebinds.
test_Q15_what_says_the_same_twice_is_served() {
	local ip all
	ip=$(offered mac=$MAC)
	all="mac=$MAC ciaddr=$ip req=$ip sid=$SID"
	# shellcheck disable=SC2086 # words
	same "selecting" "$(acked $all)" "ack $ip"
	same "bound" "$(state_of "$ip")" bound
	# shellcheck disable=SC2086 # words
	same "renewing" "$(acked $all ipdst=$SID)" "ack $ip"
	same "with option 54" "$(acked mac=$MAC ciaddr="$ip" sid=$SID ipdst=$SID)" "ack $ip"
	same "with option 50" "$(acked mac=$MAC ciaddr="$ip" req="$ip" ipdst=$SID)" "ack $ip"
	same "rebinding with option 54" "$(acked mac=$MAC ciaddr="$ip" sid=$SID)" "ack $ip"
	same "rebinding with option 50" "$(acked mac=$MAC ciaddr="$ip" req="$ip")" "ack $ip"
	same "another server's" "$(dhcpc type=request mac=$MAC ciaddr="$ip" sid=192.0.2.2 wait=300)" silence
	same "another client" "$(field type "$(dhcpc type=request mac=02:00:00:00:00:66 ciaddr="$ip" req="$ip" sid=$SID)")" nak
	same "still bound" "$(state_of "$ip")" bound
}
acked() { # KEY...
	local r
	r=$(dhcpc type=request "$@")
	echo "$(field type "$r") $(field yiaddr "$r")"
}

# What cannot be read of a client's wishes it does without.
test_O03_wishes_of_a_wrong_length() {
	local ip before
	before=$(counter options-ignored)
	ip=$(field yiaddr "$(dhcpc type=discover mac=$MAC opt=3203c0000233020e103901027605c0000201013600)")
	has "offer" "$ip" 192.0.2.
	same "counted" "$(($(counter options-ignored) - before))" 5
	same "ack" "$(acked mac=$MAC req="$ip" sid=$SID opt=33020e10390102)" "ack $ip"
	same "whose offer" "$(dhcpc type=request mac=$MAC req="$ip" opt=3600 wait=300)" silence
	same "which address" "$(dhcpc type=request mac=$MAC opt=3203c00002 wait=300)" silence
}

test_D01_D02_decline_rests_the_address() {
	local ip again
	ip=$(bind $MAC)
	dhcpc type=decline mac=$MAC req="$ip" wait=100
	same "without 54" "$(state_of "$ip")" bound
	dhcpc type=decline mac=$MAC req="$ip" sid=$SID wait=100
	same state "$(state_of "$ip")" declined
	again=$(offered mac=$MAC)
	[ "$again" != "$ip" ] || fail "$ip again"
	ctl lease del "$ip"
}

test_D03_D05_only_the_holder_gives_back() {
	local ip
	ip=$(bind $MAC)
	dhcpc type=decline mac=02:00:00:00:00:66 req="$ip" sid=$SID wait=100
	dhcpc type=release mac=02:00:00:00:00:66 ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	dhcpc type=release mac=$MAC cid=0badcafe ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same state "$(state_of "$ip")" bound
}

test_D05_release_without_54_counts_where_it_is_sent() {
	local ip
	ip=$(bind $MAC)
	dhcpc type=release mac=$MAC ciaddr="$ip" wait=100
	same "sent to everybody" "$(state_of "$ip")" bound
	dhcpc type=release mac=02:00:00:00:00:66 ciaddr="$ip" ipdst=$SID wait=100
	same "not the holder's" "$(state_of "$ip")" bound
	dhcpc type=release mac=$MAC ciaddr="$ip" ipdst=$SID wait=100
	same "sent to us" "$(state_of "$ip")" released
}

test_D04_release_frees_and_remembers() {
	local ip
	ip=$(bind $MAC)
	dhcpc type=release mac=$MAC ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same state "$(state_of "$ip")" released
	same "same address back" "$(offered mac=$MAC)" "$ip"
}

test_I01_inform_has_no_lease() {
	local r
	r=$(dhcpc type=inform mac=$MAC ciaddr=192.0.2.99)
	same ack "$(field type "$r") $(field yiaddr "$r") $(field lease "$r")" "ack 0.0.0.0 0"
	same dns "$(field o6 "$r")" c0000235
	same where "$(field ipdst "$r")" 192.0.2.99
	case $r in *o51=* | *o58=* | *o59=*) fail "$r" ;; esac
}

test_X06_inform_for_a_foreign_address_is_not_answered() {
	same answer "$(dhcpc type=inform mac=$MAC ciaddr=198.51.100.9 wait=300)" silence
}

test_H01_broadcast_flag() {
	local r
	r=$(dhcpc type=discover mac=$MAC flags=0x8000)
	same where "$(field ipdst "$r") $(field l2dst "$r") $(field flags "$r")" "255.255.255.255 ffffffffffff 8000"
	r=$(dhcpc type=discover mac=$MAC)
	same where "$(field ipdst "$r") $(field l2dst "$r")" "$(field yiaddr "$r") 020000000001"
}

test_H07_H12_not_for_us_or_broken() {
	same "a reply" "$(dhcpc type=discover op=2 wait=200)" silence
	same "bad checksum" "$(dhcpc type=discover csum=bad wait=200)" silence
	same "no cookie" "$(dhcpc type=discover cookie=1 wait=200)" silence
	same "hlen 17" "$(dhcpc type=discover hlen=17 wait=200)" silence
	same "cut off" "$(dhcpc type=discover len=239 wait=200)" silence
	same "no type" "$(dhcpc type=none wait=200)" silence
	same "still alive" "$(field type "$(dhcpc type=discover)")" offer
}

test_H15_reply_is_padded() {
	[ "$(field len "$(dhcpc type=discover prl=01)")" -ge 300 ] || fail "shorter than 300 bytes"
}

test_C06_wish_within_limits() {
	ctl pool set lan min-lease 10m max-lease 2h
	same wish "$(field lease "$(dhcpc type=discover lease=1800)")" 1800
	same "too long" "$(field lease "$(dhcpc type=discover lease=0xffffffff)")" 7200
	same "too short" "$(field lease "$(dhcpc type=discover lease=1)")" 600
	same none "$(field lease "$(dhcpc type=discover)")" 3600
}

test_Q18_infinite_lease() {
	local r
	ctl pool set lan lease infinite max-lease infinite
	r=$(dhcpc type=discover)
	same times "$(field o51 "$r") $(field o58 "$r") $(field o59 "$r")" "ffffffff ffffffff ffffffff"
	r=$(bind $MAC)
	case $(ctl -j lease show ip "$r") in *expires*) fail "an end" ;; esac
	ctl pool set lan lease 4294967295 max-lease 4294967295s || fail "not as a number"
	same "a number" "$(field o51 "$(dhcpc type=discover)")" ffffffff
	ctl pool set lan lease 1h max-lease 1h
}

test_C13_exhausted_then_room_again() {
	local i ip
	ctl pool set lan range 192.0.2.30-192.0.2.32
	for i in 1 2 3; do
		ip=$(bind "02:00:00:00:01:0$i")
		[ -n "$ip" ] || fail "client $i has no address"
	done
	same "fourth" "$(dhcpc type=discover mac=02:00:00:00:01:04 wait=300)" silence
	has counted "$(ctl -j stats)" '"drop-pool-exhausted":1'
	dhcpc type=release mac=02:00:00:00:01:03 ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same "room again" "$(offered mac=02:00:00:00:01:04)" "$ip"
}

test_C01_reservation_wins_and_is_kept_from_others() {
	local i
	ctl host add mac 02:00:00:00:00:99 ip 192.0.2.10 hostname desk option 42 192.0.2.7
	for i in 1 2 3 4 5 6 7 8 9; do
		[ "$(offered mac="02:00:00:00:02:0$i")" != 192.0.2.10 ] || fail "given to another"
	done
	i=$(dhcpc type=discover mac=02:00:00:00:00:99)
	same address "$(field yiaddr "$i")" 192.0.2.10
	same "own option" "$(field o12 "$i") $(field o42 "$i")" "6465736b c0000207"
	same "pool's option" "$(field o6 "$i")" c0000235
	ctl host del mac 02:00:00:00:00:99
}

test_X09_never_our_own_address() {
	local i
	ctl pool set lan range 192.0.2.40-192.0.2.41
	ip -n srv -batch - <<<"addr del 192.0.2.1/24 dev s0"$'\n'"addr add 192.0.2.40/24 dev s0"
	for i in 1 2 3; do
		[ "$(field yiaddr "$(dhcpc type=discover mac="02:00:00:00:03:0$i" wait=300)")" != 192.0.2.40 ] ||
			fail "offers its own address"
	done
	same "the other one" "$(offered mac=02:00:00:00:03:01)" 192.0.2.41
	ip -n srv -batch - <<<"addr del 192.0.2.40/24 dev s0"$'\n'"addr add 192.0.2.1/24 dev s0"
}

# What comes, is answered, waits and is dropped can be watched, with the reason.
test_tracepoints_say_what_happens() {
	local ip
	trace_begin
	ip=$(bind "$MAC")
	dhcpc type=request req=192.0.2.200 sid=192.0.2.77 xid=0x77 wait=300 >/dev/null
	wait_for 20 all_stored || fail "not stored"
	trace_has "rx: .*type=discover .*chaddr=$MAC" "reply: .*type=offer .*yiaddr=$ip" "park: addr=$ip " 'commit: seq=' \
		"reply: .*type=ack .*yiaddr=$ip .*after the commit" 'drop: .*xid=00000077 reason=not-for-us'
}

# P4: a pool on one interface is none on another, and no pool is no hook
test_P4_other_interfaces_are_left_alone() {
	second_link 203.0.113.1/24
	same answer "$(cli dhcpc c1 type=discover wait=300)" silence
	ip -n srv link del s1
}

# Every test starts with a pool that has seen nobody.
each_test() {
	no_pools
	lan
}

setup
run_tests
