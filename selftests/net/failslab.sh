#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# P3: memory that is refused where a packet needs it (failslab). Clients get, renew and give back addresses meanwhile, and a
# relay relays; whatever is lost then is counted, and once there is memory again all is as before. Only the module's own
# allocations fail, for which the kernel has to look at the stack: K=debug does.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

SID=192.0.2.1
FAILSLAB=/sys/kernel/debug/failslab
CLIENTS=30
SECONDS_OF_STORM=${TEST_STORM:-6}
PATIENCE=30

# ---- faults ----

set_fault() { echo "$2" >"$FAILSLAB/$1" || fail "failslab has no $1"; } # NAME VALUE

# The allocations that have it on their stack. Its text lies at the beginning of what it takes.
only_the_modules() {
	local size base
	read -r _ size _ < <(grep '^dhcpk ' /proc/modules)
	base=$(cat /sys/module/dhcpk/sections/.text)
	set_fault require-end "$(printf '0x%x' $((base + size)))"
	set_fault require-start "$base"
	set_fault stacktrace-depth 32
}

# faults PERCENT: from now on, of what is allocated where nothing can wait for memory; "faults 50 N": where it can, too
faults() {
	local setting
	for setting in verbose=0 interval=1 times=-1 space=0 task-filter=N cache-filter=N "ignore-gfp-wait=${2:-Y}"; do
		set_fault "${setting%=*}" "${setting#*=}"
	done
	only_the_modules
	set_fault probability "$1"
}
no_faults() { set_fault probability 0; }

each_test() {
	no_faults
	trap 'no_faults; end_servers' EXIT
	nothing_left
	trap 'no_faults; end_servers' EXIT
}

# ---- clients ----

small() { ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.99 min-lease 1s max-lease 1d "$@" || fail "no pool"; }
mac_number() { printf '02:00:00:00:0a:%02x' "$1"; }
lost_for_memory() { counter drop-no-memory; }
in_pool() { number_in "$1" "$(ctl -j pool show)"; } # NAME: how many of its addresses are so

# one KEY...: what client $N is told, until it is told anything but for $TRIES times
one() {
	local said i
	for ((i = 0; i < ${TRIES:-40}; i++)); do
		# Each hears all ACKs that leave at once when the store comes back: they are told apart by their transactions.
		said=$(cli dhcpc c0 "$@" mac="$(mac_number "$N")" xid=$((N + 1)) wait="${WAIT:-100}")
		[ "$said" = silence ] || break
	done
	echo "$said"
}

is_bound() { # IP TEXT
	same "client $N" "$(field type "$2") $(field yiaddr "$2")" "ack $1"
}

get() { # all clients; their addresses are in IPS
	local said
	IPS=()
	for ((N = 0; N < CLIENTS; N++)); do
		said=$(one type=discover)
		IPS[N]=$(field yiaddr "$said")
		said=$(one type=request req="${IPS[N]}" sid=$SID lease=3600)
		is_bound "${IPS[N]}" "$said"
	done
}
renew() {
	for ((N = 0; N < CLIENTS; N++)); do
		is_bound "${IPS[N]}" "$(one type=request ciaddr="${IPS[N]}" lease=3600)"
	done
}
give_back() {
	for ((N = 0; N < CLIENTS; N++)); do
		cli dhcpc c0 type=release ciaddr="${IPS[N]}" sid=$SID mac="$(mac_number "$N")" wait=0
	done >/dev/null
}
# Another address after a RELEASE that got lost, or that was forgotten for lack of memory, would be a second one.
nobody_twice() { same "$1" "$(printf '%s\n' "${IPS[@]}" | sort | uniq -d)" ""; }

# ---- the server ----

test_P3_P1_clients_get_renew_and_give_back() {
	local free lost had
	small
	free=$(in_pool free)
	lost=$(lost_for_memory)
	faults 40
	get
	nobody_twice "under faults"
	renew
	had="${IPS[*]}"
	give_back
	no_faults
	lost=$(($(lost_for_memory) - lost))
	note "$lost messages lost for want of memory"
	[ $lost -gt 0 ] || fail "nothing was lost: did any allocation fail?"
	TRIES=20 WAIT=500 get
	same "the same addresses again" "${IPS[*]}" "$had"
	renew
	give_back
	wait_for $PATIENCE all_free "$free" || fail "$(in_pool free) of $free addresses come back: $(ctl -j lease show)"
	wait_for $PATIENCE all_stored || fail "not all is stored: $(ctl)"
}
all_free() { [ "$(in_pool free) $(in_pool bound) $(in_pool offered)" = "$1 0 0" ]; }

# churn writes down what clients were told, and reads it: no address twice, none taken away.
test_P3_P1_storm() {
	local free lost status=0
	small lease 5
	free=$(in_pool free)
	lost=$(lost_for_memory)
	faults 30
	cli churn c0 "$TMP/history" clients=60 seconds="$SECONDS_OF_STORM" >"$TMP/churn" 2>&1 || status=1
	no_faults
	note "$(tail -n 1 "$TMP/churn"); for want of memory: $(($(lost_for_memory) - lost))"
	[ "$(lost_for_memory)" != "$lost" ] || fail "nothing was lost: did any allocation fail?"
	[ $status = 0 ] || fail "$(cat "$TMP/churn")"
	cli churn c0 "$TMP/history" clients=60 seconds=0 patience=10000 >"$TMP/churn" 2>&1 || fail "$(cat "$TMP/churn")"
	cli churn check "$TMP/history" >"$TMP/checked" || fail "$(cat "$TMP/checked")"
	wait_for 60 all_free "$free" || fail "$(in_pool free) of $free addresses come back: $(ctl -j lease show)"
	rm "$TMP/history"
}

# What waits for the disk is given up, or sent later; either way the client gets there.
test_P3_P2_acks_that_wait() {
	local lost
	small
	lost=$(lost_for_memory)
	kill -STOP "$DAEMON"
	faults 40
	for ((N = 0; N < CLIENTS; N++)); do
		IPS[N]=$(field yiaddr "$(one type=discover)")
		TRIES=3 one type=request req="${IPS[N]}" sid=$SID lease=3600 >/dev/null
	done
	kill -CONT "$DAEMON"
	no_faults
	[ "$(lost_for_memory)" != "$lost" ] || fail "nothing was lost: did any allocation fail?"
	for ((N = 0; N < CLIENTS; N++)); do
		is_bound "${IPS[N]}" "$(TRIES=20 WAIT=500 one type=request req="${IPS[N]}" sid=$SID lease=3600)"
	done
	nobody_twice "after all"
	wait_for $PATIENCE all_stored || fail "not all is stored: $(ctl)"
	same "bound" "$(in_pool bound)" $CLIENTS
}

# The other address needs a record, for which there is no memory: the client still has the one that it has.
test_P3_P2_a_client_that_is_to_have_another_address() {
	local lost
	small
	N=0
	is_bound 192.0.2.20 "$(one type=request req=192.0.2.20 sid=$SID lease=3600)"
	ctl host add desk mac "$(mac_number 0)" ip 192.0.2.50 || fail "no host"
	lost=$(lost_for_memory)
	faults 100
	same "nothing is said" "$(TRIES=3 one type=request req=192.0.2.50 sid=$SID lease=3600)" silence
	no_faults
	[ "$(lost_for_memory)" != "$lost" ] || fail "nothing was lost: did any allocation fail?"
	ctl host del desk || fail "the host stays"
	is_bound 192.0.2.20 "$(one type=request ciaddr=192.0.2.20 lease=3600)"
}

# ---- the relay ----

# relayed N: so many DISCOVERs, of which the server's answers are counted; an answer that comes is as it should be
relayed() {
	local said i n=0
	for ((i = 0; i < $1; i++)); do
		said=$(cli dhcpc c0 type=discover mac="$MAC" wait=100 raw=1 xid=$((i + 1)))
		[ "$said" != silence ] || continue
		n=$((n + 1))
		same "an answer" "$(field type "$said") $(field yiaddr "$said") $(agents "$said")" "offer $CLIENT "
	done
	ARRIVED=$n
}

relay_under_faults() { # WORD...: of the relay
	small_server
	relay "$@"
	mark_relay
	# Otherwise what brings a message carries it on, and nothing is allocated.
	listen srv 1 1000
	faults 40
	relayed 60
	no_faults
	note "$ARRIVED of 60 answered; $(relay_counted drop-no-memory)"
	[ "$(relay_counted drop-no-memory)" != "drop-no-memory:0 " ] || fail "nothing was lost: did any allocation fail?"
	[ "$ARRIVED" -gt 0 ] || fail "nothing comes through at all"
	relayed 10
	same "with memory again" "$ARRIVED" 10
}
small_server() {
	# shellcheck disable=SC2119 # it answers as a good one does
	serve
	one_server "$TMP/second" bind=$SERVER2 yiaddr=$CLIENT
}

test_P3_relay_without_option_82() { relay_under_faults; }
test_P3_relay_with_option_82() { relay_under_faults circuit-id %i:%v remote-id %m; }
test_P3_relay_that_survives() { TO=$SERVER,$SERVER2 relay_under_faults circuit-id %i survive 1h; }

# ---- where memory could be waited for ----

# Whatever is refused has changed nothing, and what is not refused is whole.
test_P3_configuration() {
	local i ok=0 refused=0
	small
	faults 20 N
	for ((i = 0; i < 60; i++)); do
		if changed $((i % 6)) $((i / 6)); then ok=$((ok + 1)); else refused=$((refused + 1)); fi
	done 2>"$TMP/refusals"
	no_faults
	note "$ok changes made, $refused refused"
	[ $refused -gt 0 ] || fail "nothing was refused: did any allocation fail?"
	ctl config apply /dev/null || fail "nothing can be changed any more"
	small
	get
	wait_for $PATIENCE all_stored || fail "not all is stored: $(ctl)"
}

changed() { # WHAT N
	case $1 in
	0) ctl pool add "p$2" subnet "198.18.$2.0/24" range "198.18.$2.10-198.18.$2.90" lease 1h ;;
	1) ctl pool set lan range "192.0.2.10-192.0.2.$((90 + $2))" ;;
	2) ctl host add mac "$(mac_number "$2")" ip "192.0.2.$((100 + $2))" ;;
	3) ctl relay add dev up0 server $SERVER circuit-id %i ;;
	4) ctl relay del dev up0 ;;
	5) ctl pool del "p$2" ;;
	esac
}

# A namespace for which there is no memory is not made, or made without what it could not have.
test_P3_namespaces_and_interfaces() {
	local i made=0
	small
	faults 50 N
	for ((i = 0; i < 20; i++)); do
		if ip netns add "tmp$i" 2>/dev/null; then made=$((made + 1)); fi
		ip link add t0 netns srv up type veth peer name t1 netns cli
		ip -n srv link del t0
		ip netns del "tmp$i" 2>/dev/null
	done
	no_faults
	note "$made of 20 namespaces made"
	get
}

[ -e $FAILSLAB/require-start ] || skip "this kernel makes no allocations fail by their stack"
# shellcheck disable=SC2034 # lib.sh reads them
NO_CAPTURE=1 NO_REPLIES=0
run_relay_tests
