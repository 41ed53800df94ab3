#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who is one client: boot loader, installer and system of one machine, and clients that send option 61 in some messages only. C15,
# and RFC 4361 section 6.3.
. "$(dirname "$0")/lib.sh"

SID=192.0.2.1
MAC=02:00:00:00:00:01
OTHER=02:00:00:00:00:02
LOADER='' INSTALLER=cid=0149 SYSTEM=cid=ff0000000100030001020000000001 # option 61 of each; none of the boot loader's

each_test() { no_bindings && no_pools; }

# gets WHAT IP [KEY...]: DISCOVER and REQUEST lead to this address
gets() { same "$1" "$(bind "${@:3}")" "$2" && same "$1: state" "$(state_of "$2")" bound; }

# keeps WHAT IP [KEY...]: in each of the client's states
keeps() {
	same "$1 starts again" "$(field type "$(dhcpc "${@:3}" type=request req="$2")")" ack
	same "$1 renews" "$(field type "$(dhcpc "${@:3}" type=request ciaddr="$2" ipdst=$SID)")" ack
	same "$1 rebinds" "$(field type "$(dhcpc "${@:3}" type=request ciaddr="$2")")" ack
}

bindings() { ctl -j lease show | grep -o '"state":"bound"' | wc -l; }

test_C15_a_host_known_by_its_hardware_is_one_client() {
	local who
	lan
	ctl host add mac $MAC ip 192.0.2.15 || fail "no host"
	for who in "$LOADER" "$INSTALLER" "$SYSTEM" "$LOADER"; do
		# shellcheck disable=SC2086 # none is no word
		gets "with \"$who\"" 192.0.2.15 $who && keeps "\"$who\"" 192.0.2.15 $who
	done
	same "bindings" "$(bindings)" 1
}

test_C15_the_next_system_begins_where_the_last_one_was() {
	lan
	ctl host add mac $MAC ip 192.0.2.15 || fail "no host"
	gets "the installer" 192.0.2.15 $INSTALLER
	keeps "the system" 192.0.2.15 $SYSTEM
	keeps "the boot loader" 192.0.2.15
}

# The machine had an address by its identifier. It gives that up for the reserved one.
test_C15_a_machine_that_becomes_a_host() {
	local ip
	lan
	ip=$(bind $SYSTEM req=192.0.2.12)
	ctl host add mac $MAC ip 192.0.2.15 || fail "no host"
	same "its old address" "$(field type "$(dhcpc $SYSTEM type=request ciaddr="$ip" ipdst=$SID)")" nak
	gets "the reserved one" 192.0.2.15 $SYSTEM
	keeps "another system" 192.0.2.15 $INSTALLER
	same "bindings" "$(bindings)" 1
	ctl host del mac $MAC || fail "host del"
	keeps "without the reservation" 192.0.2.15 $INSTALLER
}

# The pool goes by hardware, and the host by its identifier: that is in some of its messages only.
test_C15_a_host_known_by_an_identifier_where_hardware_counts() {
	lan identity mac
	ctl host add client-id ${SYSTEM#cid=} ip 192.0.2.15 || fail "no host"
	gets "the system" 192.0.2.15 $SYSTEM
	keeps "the system" 192.0.2.15 $SYSTEM
	keeps "without its identifier" 192.0.2.15
	same "the loader is offered nothing else" "$(field yiaddr "$(dhcpc type=discover)")" 192.0.2.15
	same "nor takes it" "$(field type "$(dhcpc type=request req=192.0.2.12 sid=$SID)")" nak
	keeps "the system again" 192.0.2.15 $SYSTEM
	same "bindings" "$(bindings)" 1
}

# A library for small machines sends option 61 until it is bound, and not when it renews.
test_C15_an_identifier_that_is_dropped_in_renewals() {
	local ip
	lan
	ip=$(bind $SYSTEM)
	keeps "without" "$ip"
	keeps "with" "$ip" $SYSTEM
	gets "asks anew without" "$ip"
	same "bindings" "$(bindings)" 1
	dhcpc type=release ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same "given back without" "$(state_of "$ip")" released
	gets "the same day" "$ip" $SYSTEM
	dhcpc type=release ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same "by nobody's name" "$(state_of "$ip")" bound
	nap 1.1 # A RELEASE is obeyed once a second.
	dhcpc type=release ciaddr="$ip" $SYSTEM sid=$SID ipdst=$SID wait=100
	same "given back" "$(state_of "$ip")" released
	gets "the next day" "$ip"
}

test_C15_a_boot_loader_without_and_a_system_with() {
	local ip
	lan
	ip=$(bind)
	gets "the system" "$ip" $SYSTEM
	gets "the boot loader again" "$ip"
	keeps "the system" "$ip" $SYSTEM
	same "bindings" "$(bindings)" 1
}

# The loader is offered what the system has, whatever it wishes, and the offer ends nothing.
test_C15_both_at_the_same_time() {
	local ip
	lan
	ip=$(bind $SYSTEM)
	same "the loader is offered" "$(offered req=192.0.2.18)" "$ip"
	same "the system" "$(state_of "$ip")" bound
	keeps "the system" "$ip" $SYSTEM
}

test_C15_two_identifiers_are_two_clients() {
	local one two
	lan
	one=$(bind $SYSTEM)
	two=$(bind $INSTALLER)
	[ "$one" != "$two" ] || fail "one address, $one, for both"
	keeps "one" "$one" $SYSTEM
	keeps "the other" "$two" $INSTALLER
	same "one's address, the other" "$(field type "$(dhcpc $INSTALLER type=request ciaddr="$one")")" nak
	keeps "one of them, who says none" "$one"
	keeps "the other one, who says none" "$two"
}

# A record that was made without an identifier gets the first that comes. The next one is another client's.
test_C15_the_first_identifier_counts() {
	local ip two
	lan
	ip=$(bind)
	gets "one" "$ip" $SYSTEM
	two=$(bind $INSTALLER)
	[ "$ip" != "$two" ] || fail "one address, $ip, for both"
	keeps "one" "$ip" $SYSTEM
}

test_C15_another_machine_is_another_client() {
	local ip two
	lan
	ip=$(bind $SYSTEM)
	two=$(MAC=$OTHER bind)
	[ "$ip" != "$two" ] || fail "one address, $ip, for both"
	same "its neighbour claims it" "$(field type "$(MAC=$OTHER dhcpc type=request ciaddr="$ip")")" nak
	keeps "its own" "$ip"
}

# What the store has follows: after a power cut the machine is the same one, by either name.
test_C15_after_the_module_was_away() {
	local ip
	lan
	ip=$(bind)
	gets "the system" "$ip" $SYSTEM
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 has_pool || fail "no pool comes back"
	keeps "the system" "$ip" $SYSTEM
	keeps "the loader" "$ip"
	same "another system" "$(field type "$(dhcpc $INSTALLER type=request ciaddr="$ip")")" nak
	same "bindings" "$(bindings)" 1
}
has_pool() { [[ $(ctl -j pool show) == *'"name"'* ]]; }

# A loader without an identifier is its machine: it has the reservation, which it neither takes away nor changes.
test_C15_a_host_known_by_an_identifier() {
	local ip=192.0.2.15
	lan
	ctl host add client-id "${SYSTEM#cid=}" ip $ip option 6 192.0.2.99 || fail "no host"
	gets "the system" $ip $SYSTEM
	gets "the loader" $ip
	same "what the host is told" "$(field o6 "$(dhcpc type=discover prl=06)")" c0000263
	keeps "without" $ip
	keeps "the system" $ip $SYSTEM
	same "bindings" "$(bindings)" 1
}

# It is not bound, but remembered: the loader is offered the reserved address, and gets what it is offered.
test_C15_a_host_known_by_an_identifier_that_is_away() {
	local ip=192.0.2.15
	lan
	ctl host add client-id "${SYSTEM#cid=}" ip $ip || fail "no host"
	gets "the system" $ip $SYSTEM
	dhcpc type=release ciaddr=$ip $SYSTEM sid=$SID ipdst=$SID wait=100
	same "given back" "$(state_of $ip)" released
	same "offered" "$(offered)" $ip
	same "offered again" "$(offered)" $ip
	gets "the loader" $ip
	keeps "the system" $ip $SYSTEM
	same "bindings" "$(bindings)" 1
}

# The system has its reservation in the second pool, which has no other address: the loader is the same machine.
test_C15_a_reservation_in_a_pool_that_is_full() {
	local ip=192.0.2.149
	ctl pool add low subnet 192.0.2.0/25 dev s0 range 192.0.2.10-192.0.2.19 lease 1h || fail "no pool"
	ctl pool add high subnet 192.0.2.128/25 dev s0 range 192.0.2.149-192.0.2.149 lease 1h || fail "no pool"
	ctl host add client-id "${SYSTEM#cid=}" ip $ip || fail "no host"
	gets "the system" $ip $SYSTEM
	same "the loader asks for another" "$(field type "$(dhcpc type=request req=192.0.2.12 sid=$SID)")" nak
	gets "the loader" $ip
	keeps "the system" $ip $SYSTEM
	same "bindings" "$(bindings)" 1
}

# What is offered in one name on the other one's record is declined in the name in which it was asked for.
test_C15_D01_an_offer_is_declined_by_the_system() {
	local ip
	lan
	ip=$(bind)
	dhcpc type=release ciaddr="$ip" sid=$SID ipdst=$SID wait=100
	same "the system is offered" "$(offered $SYSTEM)" "$ip"
	dhcpc type=decline req="$ip" $SYSTEM sid=$SID wait=100
	same "declined" "$(state_of "$ip")" declined
}

test_C15_a_pinned_address_is_renewed_without_the_identifier() {
	local ip
	lan
	ip=$(bind $SYSTEM)
	ctl lease pin "$ip" || fail "not pinned"
	keeps "without" "$ip"
	keeps "with" "$ip" $SYSTEM
}

# Each of the two has an address of its own, because somebody has said so.
test_C15_two_reservations_of_one_machine() {
	lan
	printf 'host add %s\n' "mac $MAC ip 192.0.2.14" "client-id ${SYSTEM#cid=} ip 192.0.2.15" | ctl -batch - || fail "no hosts"
	gets "the system" 192.0.2.15 $SYSTEM
	gets "the loader" 192.0.2.14
	keeps "the system" 192.0.2.15 $SYSTEM
	gets "the loader again" 192.0.2.14
	gets "the system again" 192.0.2.15 $SYSTEM
	same "bindings" "$(bindings)" 2
}

# Loader and system have had a binding each, and the system's is reserved for the hardware now.
test_C15_a_host_that_has_two_bindings() {
	local loader system
	lan identity client-id-strict
	loader=$(bind)
	system=$(bind $SYSTEM)
	ctl pool set lan identity client-id || fail "set"
	keeps "the loader" "$loader"
	keeps "the system" "$system" $SYSTEM
	ctl host add mac $MAC ip "$system" || fail "no host"
	keeps "the reserved one" "$system" $SYSTEM
	gets "the loader" "$system"
	same "bindings" "$(bindings)" 1
}

# What is only offered costs the store nothing, whatever names its client has.
test_C15_P6_an_offer_is_not_written() {
	local before
	lan
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	before=$(counter committed)
	offered >/dev/null
	offered $SYSTEM >/dev/null
	offered >/dev/null
	MAC=$OTHER bind >/dev/null # what is written is written in its order
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	same "written" "$(($(counter committed) - before))" 1
}

# An identifier for which a record has no room: the machine is found by its hardware.
test_C15_long_identifiers() {
	local ip long
	long=cid=$(printf '6c%.0s' {1..200})
	lan
	ip=$(bind)
	gets "the system" "$ip" "$long"
	keeps "the system" "$ip" "$long"
	keeps "the loader" "$ip"
	same "bindings" "$(bindings)" 1
	gets "the system again" "$ip" "$long"
	dhcpc type=decline req="$ip" "$long" sid=$SID wait=100
	same "found in use" "$(state_of "$ip")" declined
}

# Some devices say an address of zeros. It is nobody's hardware.
test_C15_no_hardware_address_is_no_name() {
	local one
	lan
	one=$(MAC=00:00:00:00:00:00 bind $SYSTEM flags=0x8000)
	[ "$(MAC=00:00:00:00:00:00 offered flags=0x8000)" != "$one" ] || fail "one address, $one, for both"
}

# Two pools on a link: the machine has one binding there.
test_C15_one_machine_on_a_shared_network() {
	local ip
	ctl pool add low subnet 192.0.2.0/25 dev s0 range 192.0.2.10-192.0.2.19 lease 1h || fail "no pool"
	ctl pool add high subnet 192.0.2.128/25 dev s0 range 192.0.2.140-192.0.2.149 lease 1h || fail "no pool"
	ip=$(bind $SYSTEM)
	keeps "without" "$ip"
	gets "the loader" "$ip"
	ctl host add mac $MAC ip 192.0.2.149 || fail "no host"
	gets "the reserved one, in the second pool" 192.0.2.149 $INSTALLER
	keeps "the loader" 192.0.2.149
	same "bindings" "$(bindings)" 1
}

# The letter of RFC 2131 section 4.2, for whoever asks for it
test_C15_to_the_letter() {
	local a b
	lan identity client-id-strict
	a=$(bind)
	b=$(bind $SYSTEM)
	[ "$a" != "$b" ] || fail "one address, $a, for both"
	keeps "who has none" "$a"
	keeps "who has one" "$b" $SYSTEM
	same "without it" "$(field type "$(dhcpc type=request ciaddr="$b")")" nak
	dhcpc type=release ciaddr="$a" $SYSTEM sid=$SID ipdst=$SID wait=100
	same "given back in another's name" "$(state_of "$a")" bound
}

# Host and container share a hardware address, and are two: neither takes what the other one has.
test_C15_to_the_letter_one_without_and_one_with_an_identifier() {
	local ip
	lan identity client-id-strict
	ip=$(bind req=192.0.2.12)
	same "renews what the other one has" "$(field type "$(dhcpc $SYSTEM type=request ciaddr="$ip" ipdst=$SID)")" nak
	same "starts again with it" "$(field type "$(dhcpc $SYSTEM type=request req="$ip")")" nak
	ctl host add client-id "${SYSTEM#cid=}" ip "$ip" 2>/dev/null || fail "no host"
	[ "$(offered $SYSTEM)" != "$ip" ] || fail "its reserved address, which another one has"
	dhcpc type=release ciaddr="$ip" $SYSTEM sid=$SID ipdst=$SID wait=100
	same "still bound" "$(state_of "$ip")" bound
	ctl host del "$(names host)" || fail "host del"
	keeps "the one that has it" "$ip"
}

# A hardware address of zeros is nobody's name.
test_C15_no_hardware_address_is_no_claim() {
	local ip MAC=00:00:00:00:00:00
	lan
	ip=$(bind req=192.0.2.12 src=$OTHER flags=0x8000)
	same "bound" "$(state_of "$ip")" bound
	same "not by another's identifier" "$(field type "$(dhcpc $SYSTEM type=request req="$ip" src=$OTHER flags=0x8000)")" nak
	same "who has it" "$(field type "$(dhcpc type=request req="$ip" src=$OTHER flags=0x8000)")" ack
}

# What names a client that the binding is not known by gives nothing back: it may be anybody's.
test_C15_D05_an_identifier_that_nobody_has_gives_nothing_back() {
	local ip
	lan
	ip=$(bind)
	dhcpc type=release ciaddr="$ip" cid=0badcafe sid=$SID ipdst=$SID wait=100
	dhcpc type=decline req="$ip" cid=0badcafe sid=$SID wait=100
	same "bound" "$(state_of "$ip")" bound
}

# Of a disk that was copied with its identifier: both machines have one address, and somebody has to say so.
test_C19_two_machines_with_one_identifier() {
	local ip status before
	lan
	before=$(counter duplicate-ids)
	ctl monitor >"$TMP/events" &
	MONITOR=$!
	ip=$(bind $SYSTEM)
	same "the copy has the same address" "$(MAC=$OTHER bind $SYSTEM)" "$ip"
	same "a new network card would look like that" "$(ctl | grep -c "the same client-id")" 0
	same "the first one renews" "$(field type "$(dhcpc $SYSTEM type=request ciaddr="$ip" ipdst=$SID)")" ack
	status=$(ctl)
	has "both, in the status" "$status" "warning  $MAC and $OTHER have the same client-id ff:"
	has "and the address" "$status" "and so one address, $ip: "
	has "JSON" "$(ctl -j)" "\"mac\":\"$MAC\",\"also-mac\":\"$OTHER\""
	has "the binding" "$(ctl -j lease show ip "$ip")" "\"also-mac\":\"$OTHER\""
	wait_for 5 grep -q "bound .*$ip.* $MAC .*warning: the same client-id as $OTHER" "$TMP/events" || fail "$(cat "$TMP/events")"
	kill $MONITOR && wait $MONITOR
	same "counted" "$(($(counter duplicate-ids) - before))" 1
	same "nobody else's" "$(ctl -j lease show state bound | grep -o also-mac | wc -l)" 1
	ctl pool set lan identity mac || fail "not set"
	same "no reason to worry where hardware tells them apart" "$(ctl | grep -c "the same client-id")" 0
	ctl pool set lan no identity || fail "not set"
	ctl lease del "$ip" || fail "lease del"
	same "again, with no copy" "$(bind $SYSTEM)" "$ip"
	same "over" "$(ctl | grep -c "the same client-id")" 0
}

# More of them than are kept, in turn: two are named all the same, and each change is counted but for the first one.
test_C19_many_copies_of_one_machine() {
	local ip n before
	lan
	ip=$(bind $SYSTEM)
	before=$(counter duplicate-ids)
	for n in {1..9} {1..9}; do
		dhcpc $SYSTEM type=request ciaddr="$ip" src="02:00:00:00:01:0$n" mac="02:00:00:00:01:0$n" >/dev/null
	done
	has "shown" "$(ctl)" "02:00:00:00:01:09 and 02:00:00:00:01:08 have the same client-id"
	same "counted" "$(($(counter duplicate-ids) - before))" 17
	same "one address" "$(bindings)" 1
}

# RFC 4390: a client without a hardware address is not another one each time.
test_C19_no_hardware_address_is_no_other_machine() {
	local ip n none="htype=32 hlen=0 chaddr=00000000000000000000000000000000 flags=0x8000"
	lan
	# shellcheck disable=SC2086 # words
	ip=$(field yiaddr "$(dhcpc type=discover $none $SYSTEM)")
	for n in 1 2 3 4; do
		# shellcheck disable=SC2086 # words
		same "round $n" "$(field type "$(dhcpc type=request req="$ip" sid=$SID $none $SYSTEM xid=$n)")" ack
	done
	same "no warning" "$(ctl | grep -c "the same client-id")" 0
}

# What the store has is the machine that has the address now, not the one that had it first.
test_C19_the_store_has_the_new_card() {
	local ip
	lan
	ip=$(bind $SYSTEM)
	MAC=$OTHER keeps "with the new card" "$ip" $SYSTEM
	wait_for 30 all_stored || fail "backlog"
	ctl config save "$TMP/kept.conf" || fail "not saved"
	stop_daemon
	same "in the store" "$(sql "$TMP/leases.db" "SELECT chaddr FROM bindings WHERE address = '$ip'")" $OTHER
	start_daemon "$TMP/kept.conf"
}

# The machine got a new card: that is no reason to worry anybody.
test_C19_a_new_card_is_no_copy() {
	local ip
	lan
	ip=$(bind $SYSTEM)
	MAC=$OTHER keeps "with the new card" "$ip" $SYSTEM
	same "no warning" "$(ctl | grep -c "the same client-id")" 0
	same "nothing at the binding" "$(ctl -j lease show ip "$ip" | grep -c also-mac)" 0
}

setup
run_tests
