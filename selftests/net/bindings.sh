#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bindings belong to addresses: pools are renamed, grown, shrunk, split, merged and moved around them, and clients stay bound, in
# the kernel and in the store. A client has one binding on a link. What a RELEASE that is forged cannot do.
export FRESH=1
. "$(dirname "$0")/lib.sh"

SID=192.0.2.1
A=02:00:00:00:00:0a
B=02:00:00:00:00:0b
C=02:00:00:00:00:0c
from() { cli dhcpc c0 mac="$1" "${@:2}"; }	# MAC KEY...
offered_to() { field yiaddr "$(from "$@" type=discover)"; }
bind_to() { # MAC [KEY...]: prints the address
	local ip
	ip=$(offered_to "$@")
	from "$@" type=request req="$ip" sid=$SID >/dev/null
	echo "$ip"
}
renews() { same "$1: $3 renews" "$(field type "$(from "$2" type=request ciaddr="$3")")" ack; }	# WHAT MAC IP
freeze() { kill -STOP "$DAEMON"; }
thaw() { kill -CONT "$DAEMON"; }
stored() { wait_for 30 all_stored || fail "backlog: $(ctl -j)"; }

# file TEXT...: is the configuration from now on
file() {
	printf '%s\n' "$@" >"$TMP/conf"
	ctl config apply "$TMP/conf" || fail "not taken: $*"
}
pool() { echo "pool $1 { subnet = $2  dev = s0  lease = ${LEASE:-1h} ${3:+ range = {$3\}} }"; }	# NAME SUBNET [RANGES]

# reloaded: the module is new, and has what the store has
reloaded() {
	stored
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 serves || fail "no pool comes back: $(cat "$TMP/log")"
}
serves() { [[ $(ctl -j pool show) == *'"name"'* ]]; }

bound_in() { # POOL: how many the kernel says
	[[ $(ctl -j pool show "$1") =~ \"bound\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}
pool_of() { [[ $(ctl -j lease show ip "$1") =~ \"pool\":\"([^\"]*) ]] && echo "${BASH_REMATCH[1]}"; }

# kept WHAT IP POOL: A has it, in that pool, and no other client gets it, now and after the module comes back
kept() {
	local again
	for again in "" ", module reloaded"; do
		[ -z "$again" ] || reloaded
		same "$1$again: state and pool" "$(state_of "$2") $(pool_of "$2")" "bound $3"
		[ "$(offered_to $C req="$2")" != "$2" ] || fail "$1$again: $2 is offered to another client"
		renews "$1$again" $A "$2"
	done
}

test_P1_a_pool_is_renamed() {
	local ip
	file "$(pool lan 192.0.2.0/24)"
	ip=$(bind_to $A)
	stored
	file "$(pool home 192.0.2.0/24)"
	kept renamed "$ip" home
	same "counted there" "$(bound_in home)" 1
}

test_P1_a_pool_is_renamed_while_the_module_is_away() {
	local ip
	file "$(pool lan 192.0.2.0/24)"
	ip=$(bind_to $A)
	stored
	rmmod dhcpk
	file "$(pool home 192.0.2.0/24)"
	insmod "$DHCPK_KO"
	wait_for 30 serves || fail "no pool comes back"
	same "state and pool" "$(state_of "$ip") $(pool_of "$ip")" "bound home"
	renews "renamed" $A "$ip"
}

test_P1_a_pool_grows() {
	local ip before
	file "$(pool lan 192.0.2.0/24 192.0.2.10-192.0.2.99)"
	ip=$(bind_to $A req=192.0.2.77)
	before=$(grep -c "read back" "$TMP/log")
	file "$(pool lan 192.0.2.0/23 192.0.2.10-192.0.3.99)"
	same "what the kernel has is not read back" "$(grep -c "read back" "$TMP/log")" "$before"
	kept "ranges and subnet grow" "$ip" lan
	same "counted once" "$(bound_in lan)" 1
	same "a client of the new part" "$(offered_to $B req=192.0.3.50)" 192.0.3.50
}

# A client has an address. The subnet becomes narrower: this is its broadcast address now, and no client's. It becomes wide again.
test_P1_a_broadcast_address_becomes_a_clients_again() {
	local wide ip=192.0.2.255
	wide=$(pool lan 192.0.2.0/23 192.0.2.10-192.0.3.99)
	file "$wide"
	same "bound" "$(bind_to $A req=$ip)" $ip
	stored
	file "$(pool lan 192.0.2.0/24 192.0.2.10-192.0.2.99)"
	reloaded
	file "$wide"
	kept "the subnet is wide again" $ip lan
}

test_P1_a_pool_shrinks_and_grows_again() {
	local ip
	file "$(pool lan 192.0.2.0/24)"
	ip=$(bind_to $A req=192.0.2.200)
	file "$(pool lan 192.0.2.0/25)"
	same "outside" "$(state_of "$ip") $(pool_of "$ip")" "bound "
	same "its renewal" "$(field type "$(from $A type=request ciaddr="$ip")")" nak
	same "it is not counted" "$(bound_in lan)" 0
	reloaded
	file "$(pool lan 192.0.2.0/24)"
	kept "inside again" "$ip" lan
}

test_P1_a_pool_is_split_and_merged() {
	local low high
	file "$(pool lan 192.0.2.0/24)"
	low=$(bind_to $A req=192.0.2.20)
	high=$(bind_to $B req=192.0.2.220)
	file "$(pool low 192.0.2.0/25)" "$(pool high 192.0.2.128/25)"
	kept split "$low" low
	renews split $B "$high"
	same "one each" "$(bound_in low) $(bound_in high)" "1 1"
	file "$(pool all 192.0.2.0/24)"
	kept merged "$low" all
	renews merged $B "$high"
	same "both" "$(bound_in all)" 2
}

test_P1_pools_change_their_names_with_each_other() {
	local ip
	file "$(pool low 192.0.2.0/25)" "$(pool high 192.0.2.128/25)"
	ip=$(bind_to $A req=192.0.2.20)
	file "$(pool high 192.0.2.0/25)" "$(pool low 192.0.2.128/25)"
	kept "names changed" "$ip" high
}

test_P1_a_pool_that_is_deleted_by_hand_forgets() {
	local ip
	lan
	ip=$(bind_to $A req=192.0.2.12)
	ctl pool del lan
	wait_for 10 forgotten "$ip" || fail "still there: $(ctl -j lease show)"
	lan
	same "another client may have it" "$(offered_to $B req="$ip")" "$ip"
}
forgotten() { [ "$(state_of "$1")" = free ]; }

# With the pools changed again and again, no client loses its address and no address has two.
test_P1_P8_pools_change_under_traffic() {
	local i LEASE=12 low=192.0.2.10-192.0.2.99 high=192.0.2.140-192.0.2.230
	file "$(pool lan 192.0.2.0/24 $low,$high)"
	within cli churn c0 "$TMP/history" clients=40 seconds=3600 >"$TMP/churn" 2>&1 &
	PIDS+=($!)
	wait_for 30 test -s "$TMP/history" || fail "no client gets an address: $(cat "$TMP/churn")"
	for i in 1 2 3 4 5 6; do
		file "$(pool a$i 192.0.2.0/25 $low)" "$(pool b$i 192.0.2.128/25 $high)"
		file "$(pool c$i 192.0.2.0/23 $low,$high)"
		file "$(pool d$i 192.0.2.0/24 $low,$high)"
	done
	kill "${PIDS[-1]}"
	wait "${PIDS[-1]}" || fail "a client was refused: $(cat "$TMP/churn")"
	note "$(tail -n 1 "$TMP/churn")"
	cli churn check "$TMP/history" >"$TMP/checked" || fail "$(cat "$TMP/checked")"
	note "$(cat "$TMP/checked")"
}

# ---- a link of several pools ----

two_pools() { file "$(pool low 192.0.2.0/25 192.0.2.10-192.0.2.20)" "$(pool high 192.0.2.128/25 192.0.2.140-192.0.2.150)" "$@"; }

test_C15_one_binding_on_a_link_and_the_reservation_first() {
	local ip
	two_pools
	ip=$(bind_to $A)
	two_pools "host box { mac = $A  ip = 192.0.2.145 }"
	same "its reservation, in the other pool" "$(bind_to $A)" 192.0.2.145
	same "the address that it had rests" "$(state_of "$ip")" resting
	same "one binding" "$(ctl -j lease show mac $A state bound | grep -o '"ip"' | wc -l)" 1
	same "it cannot go back" "$(field type "$(from $A type=request req="$ip")")" nak
}

# A DISCOVER, which anybody can send, moves no client that is bound; one that is only remembered goes where it belongs.
test_C15_a_host_without_an_address_of_its_own() {
	local ip
	two_pools
	ip=$(bind_to $A)
	two_pools "host box { mac = $A  pool = high }"
	same "bound in the other pool" "$(offered_to $A)" "$ip"
	renews "and still" $A "$ip"
	from $A type=release ciaddr="$ip" sid=$SID wait=0 >/dev/null
	wait_for 5 is_released "$ip" || fail "not released: $(state_of "$ip")"
	same "an address of its own pool" "$(offered_to $A | grep -c '^192\.0\.2\.1[45][0-9]$')" 1
}

test_C15_links_become_one() {
	local low high
	second_link 192.0.2.129/25
	file "$(pool low 192.0.2.0/25)" "pool high { subnet = 192.0.2.128/25  dev = s1  lease = 1h }"
	low=$(bind_to $A)
	wait_for 10 bind_on_c1 || fail "no address on the other link"
	high=$(ctl -j lease show pool high | grep -o '"ip":"[^"]*"' | cut -d'"' -f4)
	same "one on each link" "$(state_of "$low") $(state_of "$high")" "bound bound"
	file "$(pool low 192.0.2.0/25)" "$(pool high 192.0.2.128/25)"
	same "the later one is the client's" "$(offered_to $A)" "$high"
	same "the other one rests" "$(state_of "$low") $(state_of "$high")" "resting bound"
}
bind_on_c1() {
	local ip
	ip=$(field yiaddr "$(cli dhcpc c1 mac=$A type=discover)")
	[ "$(field type "$(cli dhcpc c1 mac=$A type=request req="$ip" sid=192.0.2.129)")" = ack ]
}

test_C15_a_message_without_a_client_is_counted_once() {
	two_pools
	from 00:00:00:00:00:00 type=discover hlen=0 wait=100 >/dev/null
	same "drop-rfc-violation" "$(counter drop-rfc-violation)" 1
}

# ---- the commit protocol: selftests/model/ has the traces ----

test_P5_a_renewal_after_a_forged_release_needs_no_disk() {
	local ip
	lan
	ip=$(bind_to $A)
	stored
	freeze
	from $A type=release ciaddr="$ip" sid=$SID wait=0 >/dev/null
	wait_for 5 is_released "$ip" || fail "not released: $(state_of "$ip")"
	renews "while the store is silent" $A "$ip"
	thaw
}
gives_back() { from "$1" type=release ciaddr="$2" sid=$SID wait=100 >/dev/null; is_released "$2"; }
is_released() { [ "$(state_of "$1")" = released ]; }

# One program sends all of them, so that two are in one second.
test_P5_a_release_is_obeyed_once_a_second() {
	local ip before i
	lan
	ip=$(bind_to $A)
	before=$(counter drop-limit-exceeded)
	for ((i = 0; i < 20; i++)); do
		printf "%s\n" "type=release sid=$SID wait=0" "type=request xid=2" "type=release sid=$SID wait=0" \
			"type=request xid=4" | cli dhcpc c0 - mac=$A ciaddr="$ip" >/dev/null
		[ "$(counter drop-limit-exceeded)" = "$before" ] || break
	done
	[ $i -lt 20 ] || fail "each of them is obeyed"
	renews "afterwards" $A "$ip"
}

# How often is counted for each address by itself: who gives back the one is not in the way of who gives back the other.
test_S09_a_release_is_no_limit_to_others() {
	local a b
	lan
	a=$(bind_to $A)
	b=$(bind_to $B)
	printf "%s\n" "mac=$A ciaddr=$a" "mac=$A ciaddr=$a xid=2" "mac=$B ciaddr=$b xid=3" |
		cli dhcpc c0 - type=release sid=$SID wait=0 >/dev/null
	wait_for 5 is_released "$b" || fail "not released: $(state_of "$b")"
	same "the first one" "$(state_of "$a")" released
}

# Model, row 3: what is released and stored has no horizon any more, and a renewal waits for the disk.
test_S34_P2_what_has_been_pulled_as_over_is_not_covered() {
	local ip
	lan
	ip=$(bind_to $A)
	stored
	wait_for 5 gives_back $A "$ip" || fail "not released: $(state_of "$ip")"
	stored
	an_ack_waits "$ip" ciaddr="$ip"
	it_comes "$ip"
}

# an_ack_waits IP KEY...: A's, for the store
an_ack_waits() {
	freeze
	cli dhcpc c0 mac=$A type=request "${@:2}" xid=5 wait=6000 >"$TMP/ack" &
	PIDS+=($!)
	wait_for 5 something_waits || fail "nothing waits: $(state_of "$1")"
}
something_waits() { [[ $(srv dhcpkctl -S "$TMP/none" -j) == *'"parked":1'* ]]; }
it_comes() { # IP
	thaw
	wait "${PIDS[-1]}"
	same "its ACK" "$(field type "$(cat "$TMP/ack")")" ack
	same "and bound" "$(state_of "$1")" bound
	renews "afterwards" $A "$1"
}

test_P2_a_forged_release_does_not_drop_the_ack_that_waits() {
	local ip
	lan
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	from $A type=release ciaddr="$ip" sid=$SID wait=0 xid=77 >/dev/null
	from $A type=decline req="$ip" sid=$SID wait=0 xid=78 >/dev/null
	it_comes "$ip"
}

test_P2_a_forged_request_does_not_drop_the_ack_that_waits() {
	local ip
	lan
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	from $A type=request req="$ip" sid=$SID wait=0 xid=77 >/dev/null
	from $A type=request req=192.0.2.19 sid=$SID wait=0 xid=78 >/dev/null
	from $A type=discover req=192.0.2.18 wait=0 xid=79 >/dev/null
	the_same_transaction
	it_comes "$ip"
}

test_P2_a_forged_request_does_not_drop_the_ack_of_a_renewal() {
	local ip
	lan max-lease 1d
	ip=$(bind_to $A)
	stored
	an_ack_waits "$ip" ciaddr="$ip" lease=80000
	from $A type=request req=192.0.2.19 sid=$SID wait=0 xid=77 >/dev/null
	from $A type=request req=192.0.2.18 wait=0 xid=78 >/dev/null
	the_same_transaction
	it_comes "$ip"
}

# A NAK with the transaction id of the REQUEST would end the exchange, whatever the server refuses.
the_same_transaction() {
	from $A type=request req=192.0.2.19 sid=$SID wait=0 xid=5 >/dev/null
	from $A type=request req=198.51.100.1 wait=0 xid=5 >/dev/null
	from $A type=request req=198.51.100.1 wait=0 xid=5 cid=99 >/dev/null
	cli dhcpc c0 type=request req=198.51.100.1 wait=0 xid=5 chaddr=${A//:/}99 >/dev/null
}

# Nor is an answer to anything else: to an INFORM, or to somebody who has an address already, and the client's hardware address.
test_P2_no_other_ack_while_one_waits() {
	local ip z
	lan identity client-id-strict
	z=$(bind_to $A cid=99)
	stored
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	from $A type=inform ciaddr=192.0.2.200 wait=0 xid=5 >/dev/null
	from $A type=request req="$z" cid=99 wait=0 xid=5 >/dev/null
	same "another transaction" "$(field type "$(from $A type=inform ciaddr=192.0.2.200 xid=6)")" ack
	it_comes "$ip"
	same "its own" "$(field yiaddr "$(cat "$TMP/ack")")" "$ip"
}

# A forger's own ACK waits, or has waited: the client's renewal needs no store, and what it is promised is its own.
test_P5_a_renewal_while_a_forgers_ack_waits() {
	local ip z
	lan identity client-id-strict
	ip=$(bind_to $A)
	z=$(offered_to $A cid=99)
	stored
	an_ack_waits "$z" cid=99 req="$z" sid=$SID
	same "the renewal" "$(field type "$(from $A type=request ciaddr="$ip" xid=5)")" ack
	thaw
	wait "${PIDS[-1]}"
}
# The forger's REQUEST has the client's own name, and promises more than the disk knows. What it does not go beyond leaves at once.
test_P5_a_renewal_while_a_forgers_ack_waits_in_the_same_name() {
	local ip i
	lan max-lease 7d
	ip=$(bind_to $A)
	stored
	freeze
	for i in 1 2 3; do
		from $A type=request ciaddr="$ip" lease=604800 xid=$((20 + i)) wait=50 >/dev/null
		same "the renewal, $i" "$(field type "$(from $A type=request ciaddr="$ip" xid=$((30 + i)))")" ack
	done
	thaw
}
test_P2_no_ack_of_one_who_waits_himself() {
	local ip z
	lan min-lease 1m identity client-id-strict
	z=$(field yiaddr "$(from $A cid=99 lease=60 type=discover)")
	from $A cid=99 lease=60 type=request req="$z" sid=$SID >/dev/null
	stored
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	from $A type=request req="$z" cid=99 lease=3600 wait=1200 xid=7 >/dev/null
	from $A type=request req="$z" cid=99 lease=60 wait=0 xid=5 >/dev/null
	it_comes "$ip"
	same "its own" "$(field yiaddr "$(cat "$TMP/ack")")" "$ip"
}

# Others are refused meanwhile as ever.
test_Q06_a_nak_while_anothers_ack_waits() {
	local ip
	lan
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	same "another client" "$(field type "$(from $B type=request req=198.51.100.1 xid=6)")" nak
	it_comes "$ip"
}

# Each address that it left would rest until its lease is over.
test_P6_a_client_does_not_go_from_address_to_address() {
	local i ip
	lan verify-chaddr on
	ip=$(bind_to $A)
	for i in {10..19}; do
		[ "192.0.2.$i" != "$ip" ] || continue
		same "192.0.2.$i" "$(field type "$(from $A type=request "req=192.0.2.$i" sid=$SID)")" nak
	done
	[[ $(ctl -j pool show lan) == *'"bound":1,'*'"declined":0,'* ]] || fail "the pool: $(ctl -j pool show lan)"
	renews "afterwards" $A "$ip"
}

# A client that is away finds its address again, as long as the pool has an address that no client has had.
test_C01_a_wish_for_the_address_of_one_who_is_away() {
	local ip
	file "$(pool lan 192.0.2.0/24 192.0.2.10-192.0.2.11)"
	ip=$(bind_to $A)
	from $A type=release ciaddr="$ip" sid=$SID ipdst=$SID wait=100 >/dev/null
	[ "$(offered_to $B req="$ip")" != "$ip" ] || fail "$ip is another's, and one is free"
	same "it is his still" "$(state_of "$ip")" released
	bind_to $B >/dev/null
	same "the last one" "$(offered_to $C req="$ip")" "$ip"
}

# A message without option 53, or a DISCOVER with option 80, binds at once, and anybody can forge it.
test_P1_one_forged_message_moves_no_client() {
	local ip forged
	file "$(pool low 192.0.2.0/25 192.0.2.10-192.0.2.20)" \
		"pool high { subnet = 192.0.2.128/25  dev = s0  lease = 1h  range = 192.0.2.140-192.0.2.150  bootp = on  rapid-commit = on }"
	ip=$(bind_to $A cid=010203)
	for forged in type=none "type=none cid=010203" "type=discover opt=5000" "type=discover cid=010203 opt=5000"; do
		# shellcheck disable=SC2086 # words
		from $A $forged req=192.0.2.145 wait=100 >/dev/null
		same "$forged" "$(state_of "$ip") $(state_of 192.0.2.145)" "bound free"
		same "its client" "$(field type "$(from $A cid=010203 type=request ciaddr="$ip")")" ack
	done
}

# Who is offered an address, or remembered for one, takes that and no other, whoever asks in its name.
test_P5_P6_a_forged_request_for_what_was_not_offered() {
	local ip other=192.0.2.19
	lan
	ip=$(offered_to $A)
	[ "$ip" != $other ] || other=192.0.2.18
	same "a forger" "$(field type "$(from $A type=request req=$other sid=$SID)")" nak
	same "its own offer" "$(field type "$(from $A type=request req="$ip" sid=$SID xid=2)")" ack
	wait_for 5 gives_back $A "$ip" || fail "not released: $(state_of "$ip")"
	same "a forger again" "$(field type "$(from $A type=request req=$other sid=$SID)")" nak
	renews "its renewal" $A "$ip"
}

# Without an offer, too, what somebody is remembered for is no stranger's as long as there is another address.
test_C01_P1_a_request_for_the_address_of_one_who_is_away() {
	local ip
	file "$(pool lan 192.0.2.0/24 192.0.2.10-192.0.2.11)"
	ip=$(bind_to $A)
	from $A type=release ciaddr="$ip" sid=$SID wait=0 >/dev/null
	wait_for 5 is_released "$ip" || fail "not released: $(state_of "$ip")"
	same "a stranger" "$(field type "$(from $B type=request req="$ip" sid=$SID)")" nak
	renews "its client" $A "$ip"
	wait_for 5 gives_back $A "$ip" || fail "not released: $(state_of "$ip")"
	same "who asks as one should" "$(bind_to $B | grep -c "^$ip$")" 0
	same "when there is no other" "$(bind_to $C)" "$ip"
}

# An OFFER takes nothing away: neither the binding, nor what was promised with it.
test_P1_a_discover_ends_no_binding() {
	local ip
	lan
	ip=$(bind_to $A)
	ctl host add printer mac $A ip 192.0.2.50 || fail "no host"
	same "its new address" "$(offered_to $A)" 192.0.2.50
	same "the one it has" "$(state_of "$ip")" bound
	same "nobody else's" "$(offered_to $B req="$ip" | grep -v "^$ip$" | grep -c '^192\.0\.2\.1[0-9]$')" 1
	ctl host del printer || fail "the host stays"
	renews "the host was a mistake" $A "$ip"
	ctl host add printer mac $A ip 192.0.2.50 || fail "no host"
	same "offered" "$(offered_to $A)" 192.0.2.50
	same "and taken" "$(field type "$(from $A type=request req=192.0.2.50 sid=$SID)")" ack
	same "what it had rests" "$(state_of "$ip")" resting
	has "and why" "$(ctl -j lease show ip "$ip")" '"why":"its last client has another address"'
	has "counted" "$(ctl -j pool show lan)" '"resting":1'
	has "no client to pin it to" "$(ctl lease pin "$ip" 2>&1)" "no lease for $ip: it is resting, since its last client has another address"
}

# Its own address is no client's any more: another one is offered, and may be taken.
test_P1_a_bound_client_without_a_place() {
	local ip next
	lan
	ip=$(bind_to $A req=192.0.2.15)
	ctl pool set lan range 192.0.2.10-192.0.2.12 || fail "no other range"
	same "its renewal" "$(field type "$(from $A type=request ciaddr="$ip")")" nak
	next=$(offered_to $A)
	same "taken" "$(field type "$(from $A type=request req="$next" sid=$SID)") $(field yiaddr "$(from $A type=discover)")" "ack $next"
}

test_X09_an_ack_that_waits_for_what_is_ours_by_then() {
	local ip
	lan
	ip=$(offered_to $A)
	an_ack_waits "$ip" req="$ip" sid=$SID
	ip -n srv addr add "$ip/32" dev s0
	thaw
	wait "${PIDS[-1]}"
	same "no ACK" "$(cat "$TMP/ack")" silence
	ip -n srv addr del "$ip/32" dev s0
}

# Model, row 4: a client asks for more than the store covers, and then for less. The ACK for more must not leave later.
test_P2_an_ack_at_once_drops_the_one_that_waits() {
	local ip
	lan max-lease 1d
	ip=$(bind_to $A)
	stored
	freeze
	same "beyond the horizon" "$(from $A type=request ciaddr="$ip" lease=80000 wait=1100 xid=5)" silence
	same "inside" "$(field type "$(from $A type=request ciaddr="$ip" xid=6)")" ack
	cli dhcpc c0 mac=$B type=discover xid=5 any=1 all=1 wait=2500 >"$TMP/late" &
	PIDS+=($!)
	thaw
	wait "${PIDS[-1]}"
	! grep -q "type=ack" "$TMP/late" || fail "the ACK that waited has left: $(cat "$TMP/late")"
}

# Model, row 1: an address whose row is to be removed is offered to another client before that is stored.
test_P1_an_offer_in_the_place_of_a_tombstone_is_told_to_the_store() {
	local ip
	lan
	ip=$(bind_to $A req=192.0.2.12)
	stored
	freeze
	ctl_lease_del "$ip"
	same "offered" "$(offered_to $B req="$ip")" "$ip"
	thaw
	reloaded
	same "the store has no client for it" "$(state_of "$ip")" free
}
# Without the daemon, which cannot answer
ctl_lease_del() { srv dhcpkctl -S "$TMP/none" lease del "$1" >/dev/null 2>&1 || fail "not deleted: $1"; }

# A row of a client that has another, later one, as a power cut between two batches leaves it
test_P1_two_rows_of_one_client_in_the_store() {
	local ip old
	file "$(pool lan 192.0.2.0/24)"
	old=$(bind_to $A req=192.0.2.12)
	stored
	stop_daemon
	cp "$TMP/leases.db" "$TMP/before.db"
	start_daemon "$TMP/conf"
	ctl lease del "$old"
	ip=$(bind_to $A req=192.0.2.17)
	stored
	stop_daemon
	rmmod dhcpk
	add_rows_of "$TMP/before.db" "$TMP/leases.db"
	insmod "$DHCPK_KO"
	start_daemon "$TMP/conf"
	renews "the later row" $A "$ip"
	same "the address of the earlier one rests" "$(state_of "$old")" resting
}
add_rows_of() { # FROM TO
	sql "$2" "ATTACH '$1' AS old; INSERT OR IGNORE INTO leases SELECT * FROM old.leases; DETACH old;" || fail "sql"
}

test_P2_another_store_is_refused_beside_a_daemon() {
	lan
	stored
	mkdir "$TMP/other"
	within srv dhcpkd -c /dev/null -S "$TMP/second" -s "$TMP/other" 2>"$TMP/second.log" &
	PIDS+=($!)
	wait "${PIDS[-1]}" && fail "a second daemon runs"
	has "it says why" "$(cat "$TMP/second.log")" "another dhcpkd is attached"
	srv nlattach 2>"$TMP/refused" && fail "another store is attached"
	has "by the kernel, too" "$(cat "$TMP/refused")" "another daemon is attached"
}

# Whatever its pool goes by since, a client that is bound renews, and starts again with the same address.
test_P1_clients_stay_bound_when_the_identity_changes() {
	local identity a b A=02:00:00:00:00:01 B=02:00:00:00:00:02
	lan
	a=$(MAC=$A bind cid=0102)
	b=$(MAC=$B bind)
	for identity in mac circuit-id client-id mac; do
		ctl pool set lan identity "$identity" || fail "set"
		has_it "$identity, with a client-id" "$a" $A cid=0102
		has_it "$identity, without" "$b" $B
	done
	has "one binding each" "$(ctl -j pool show lan)" '"bound":2,'
}
has_it() { # WHAT IP MAC [KEY...]
	# shellcheck disable=SC2034 # dhcpc() takes it
	local MAC=$3
	same "$1: renews" "$(field type "$(dhcpc type=request ciaddr="$2" "${@:4}")")" ack
	same "$1: starts again" "$(field type "$(dhcpc type=request req="$2" "${@:4}")")" ack
}

# The system has an option 61, the boot ROM of the same machine has none.
test_P1_two_bindings_of_one_machine_when_the_identity_changes() {
	local first system A=02:00:00:00:00:01
	lan identity client-id-strict
	first=$(MAC=$A bind)
	system=$(MAC=$A bind cid=0102)
	ctl pool set lan identity mac || fail "set"
	has_it "the system" "$system" $A cid=0102
	has_it "the boot ROM" "$first" $A
	has_it "the system again" "$system" $A cid=0102
}

test_P1_an_offer_is_no_reason_to_forget_a_binding_when_the_identity_changes() {
	local ip A=02:00:00:00:00:01
	lan
	ip=$(MAC=$A bind cid=0102)
	ctl pool set lan identity mac || fail "set"
	same "what it is offered" "$(MAC=$A offered)" "$ip"
	has_it "after the OFFER" "$ip" $A cid=0102
}

test_P1_given_back_when_the_identity_has_changed() {
	local ip
	lan
	ip=$(bind_to $A cid=0102)
	ctl pool set lan identity mac || fail "set"
	from $A type=release ciaddr="$ip" cid=0103 sid=$SID ipdst=$SID wait=100 >/dev/null
	same "with another identifier" "$(state_of "$ip")" bound
	from $A type=release ciaddr="$ip" cid=0102 sid=$SID ipdst=$SID wait=100 >/dev/null
	same "released" "$(state_of "$ip")" released
}

# The client is on the old link still, and has to ask anew there.
test_P1_a_pool_moves_to_another_interface() {
	local ip
	second_link 198.51.100.1/24
	file "$(pool lan 192.0.2.0/24)" "pool two { subnet = 198.51.100.0/24  dev = s1  lease = 1h }"
	ip=$(bind_to $A)
	file "pool lan { subnet = 192.0.2.0/24  dev = s1  lease = 1h }" "$(pool two 198.51.100.0/24)"
	same "starts again on the old link" "$(field type "$(from $A type=request req="$ip")")" nak
	same "rebinds there" "$(field type "$(from $A type=request ciaddr="$ip")")" nak
	same "a stranger" "$(from $B type=request ciaddr="$ip" wait=300)" silence
	same "still bound" "$(state_of "$ip")" bound
	wait_for 10 rebinds_on_c1 "$ip" || fail "not on the new link"
	cli dhcpc c1 mac=$A type=release ciaddr="$ip" sid=192.0.2.1 wait=100 >/dev/null
	wait_for 5 is_released "$ip" || fail "not given back: $(state_of "$ip")"
	same "who has been there" "$(from $A type=request ciaddr="$ip" wait=300)" silence
	ip -n srv link del s1
}
rebinds_on_c1() { [ "$(field type "$(cli dhcpc c1 mac=$A type=request ciaddr="$1" wait=300)")" = ack ]; }

test_P1_a_net_is_renumbered_and_the_identity_changes() {
	local ip
	file "pool lan { subnet = 192.0.2.0/24  dev = s0  identity = mac  lease = 1h }"
	ip=$(bind_to $A cid=0102)
	file "$(pool net 198.51.100.0/24)"
	same "refused" "$(field type "$(from $A type=request ciaddr="$ip" cid=0102)")" nak
}

# One of them has no other identifier, and it is not the other one that has forgotten its own.
test_P1_one_hardware_address_is_no_sign() {
	local a b
	# shellcheck disable=SC2034 # dhcpc() takes it
	local MAC=02:00:00:00:00:01
	lan identity client-id-strict
	a=$(bind)
	b=$(bind cid=0102)
	[ "$a" != "$b" ] || fail "one address, $a, for both"
	same "who has none" "$(field type "$(dhcpc type=request ciaddr="$a")")" ack
	same "who has one" "$(field type "$(dhcpc type=request ciaddr="$b" cid=0102)")" ack
	dhcpc type=release ciaddr="$a" cid=0102 sid=$SID wait=50 >/dev/null
	same "in another's name" "$(state_of "$a")" bound
}

# Both have started without the module, and one of them is attached when that comes. What the other one is told must not end
# what is served, nor be stored by somebody else.
test_P1_a_daemon_that_is_not_attached_changes_nothing() {
	local attached=$SOCK refused=$TMP/second
	stop_daemon
	rmmod dhcpk
	start_daemon
	mkdir "$TMP/other"
	within srv dhcpkd -c /dev/null -S "$TMP/second" -s "$TMP/other" 2>"$TMP/second.log" &
	PIDS+=($!)
	wait_for 10 dhcpkctl -n srv -S "$TMP/second" config show || fail "no second daemon: $(cat "$TMP/second.log")"
	insmod "$DHCPK_KO"
	wait_for 10 one_is_refused || fail "none is refused: $(cat "$TMP/log" "$TMP/second.log")"
	if file_has "another dhcpkd" "$TMP/log"; then attached=$TMP/second refused=$SOCK; fi
	dhcpkctl -n srv -S "$attached" pool add lan subnet 192.0.2.0/24 dev s0 || fail "the attached one is refused"
	has "the other one" "$(dhcpkctl -n srv -S "$refused" pool add other subnet 198.51.100.0/24 2>&1)" \
		"another dhcpkd, with another store, is attached"
	has "nothing is what runs" "$(dhcpkctl -n srv -S "$refused" config save "$TMP/saved" 2>&1)" "nothing is changed or saved"
	same "what runs" "$(ctl -j pool show | grep -o '"name":"[a-z]*"')" '"name":"lan"'
}
# Bindings belong to addresses: what one pool loses and another gets in one change is lost by nobody.
test_P1_a_pool_that_another_replaces_at_once() {
	local ip
	lan
	ip=$(bind_to $A)
	stored
	printf '%s\n' "pool del lan" "pool add office subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19" | ctl -batch - ||
		fail "refused"
	same "bound" "$(state_of "$ip")" bound
	same "renews" "$(field type "$(from $A type=request ciaddr="$ip")")" ack
	printf '%s\n' "pool set office subnet 198.51.100.0/24 no range" "pool del office" | ctl -batch - || fail "refused"
	same "a pool that is deleted takes along what it has had" "$(state_of "$ip")" free
}

# What a smaller pool within the net has in its place goes on. The rest is what somebody has deleted.
test_P1_a_smaller_pool_in_the_place_of_one() {
	local low high
	file "$(pool lan 192.0.2.0/24 192.0.2.10-192.0.2.200)"
	low=$(bind_to $A req=192.0.2.12)
	high=$(bind_to $B req=192.0.2.170)
	stored
	printf '%s\n' "pool del lan" "pool add small subnet 192.0.2.128/26 dev s0" | ctl -batch - || fail "refused"
	same "in the smaller one, and not" "$(state_of "$high") $(state_of "$low")" "bound free"
	stored
	stop_daemon
	same "in the store" "$(sql "$TMP/leases.db" "SELECT address FROM bindings")" "$high"
	start_daemon "$TMP/conf"
}

# One that was attached to a module that has gone is not to the next one.
test_P1_a_daemon_whose_module_has_gone_is_attached_no_more() {
	local before
	lan
	rmmod dhcpk
	mkdir "$TMP/other"
	within srv dhcpkd -c /dev/null -S "$TMP/second" -s "$TMP/other" 2>"$TMP/second.log" &
	PIDS+=($!)
	wait_for 10 dhcpkctl -n srv -S "$TMP/second" pool add other subnet 198.51.100.0/24 || fail "no second daemon"
	insmod "$DHCPK_KO"
	wait_for 10 one_is_refused || fail "none is refused: $(cat "$TMP/log" "$TMP/second.log")"
	wait_for 10 programmed || fail "nothing runs: $(cat "$TMP/log" "$TMP/second.log")"
	before=$(times_programmed)
	nap 3.5
	same "they do not take turns" "$(times_programmed)" "$before"
}
times_programmed() { cat "$TMP/log" "$TMP/second.log" | grep -c "the kernel has the configuration now"; }
programmed() { [[ $(srv dhcpkctl -S "$TMP/nobody" -j pool show 2>/dev/null) == *'"name"'* ]]; }
one_is_refused() { file_has "another dhcpkd" "$TMP/log" || file_has "another dhcpkd" "$TMP/second.log"; }

# ---- a store that is not what the kernel takes it for ----

# with_conf: what is configured is in a file, with which the daemon begins
with_conf() {
	lan
	ctl config save "$TMP/conf" || fail "not saved"
}
begin_again() {
	start_daemon "$TMP/conf"
	wait_for 10 serves || fail "no pool"
	stored
}

test_P1_an_older_copy_of_the_store_is_put_back() {
	local a b
	with_conf
	a=$(bind_to $A)
	stored
	stop_daemon
	mkdir "$TMP/copy"
	cp "$TMP"/leases.db* "$TMP/copy"
	begin_again
	b=$(bind_to $B)
	stored
	stop_daemon
	rm "$TMP"/leases.db*
	cp "$TMP/copy"/* "$TMP"
	begin_again
	reloaded
	same "what the copy has, and what it has not" "$(state_of "$a") $(state_of "$b")" "bound bound"
}

test_P1_a_row_is_spoilt_that_the_kernel_has() {
	local ip change
	with_conf
	ip=$(bind_to $A)
	for change in "UPDATE leases SET id = x''" "UPDATE leases SET horizon = 'x'" "UPDATE boots SET n = n + 5"; do
		stored
		stop_daemon
		sql "$TMP/leases.db" "$change" || fail "sql"
		begin_again
		reloaded
		same "$change" "$(state_of "$ip")" bound
	done
}

# They come in one message: each is a promise by itself.
test_P1_one_row_that_the_kernel_refuses_costs_no_other() {
	ip netns add gen
	trap 'ip netns del gen; teardown' EXIT
	same "refused, and there" "$(within gen nlattach restore 2>&1 | sort | paste -sd,)" \
"198.51.100.10 bound,198.51.100.11 bound,198.51.100.12 resting,198.51.100.13 bound,198.51.100.14 bound,refused 198.51.100.12"
}

# The store has what was read back for it, and the next generation with that pool reads it back again.
test_P3_a_generation_that_never_comes_leaves_nothing() {
	ip netns add gen
	trap 'ip netns del gen; teardown' EXIT
	same "refused, and there" "$(within gen nlattach abandon 2>&1)" "refused 198.51.100.12"
}

run_tests
