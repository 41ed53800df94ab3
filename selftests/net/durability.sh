#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Commit before ACK: what the store does not know, no client is told; what a client was told, survives.
. "$(dirname "$0")/lib.sh"

export MAC=02:00:00:00:00:01
SID=192.0.2.1
# How long each storm lasts; more for a closer look
STORM=${STORM:-4}
small() { # a pool that is smaller than the number of clients; further words are added
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.49 lease 12 min-lease 1s "$@" || fail "no pool"
}
lease_json() { ctl -j lease show ip "$1"; }
freeze() { kill -STOP "$DAEMON"; }
thaw() { kill -CONT "$DAEMON"; }

# storm: clients that come and go, in the background; stormed: they end, and nobody has lost or doubled anything
storm() {
	within cli churn c0 "$TMP/history" clients=60 seconds=3600 >"$TMP/churn" 2>&1 &
	STORMING=$!
	PIDS+=("$STORMING")
	wait_for 30 test -s "$TMP/history" || fail "nobody gets an address: $(cat "$TMP/churn")"
}
stormed() {
	local status=0
	wait_for 20 all_stored || fail "not all is stored: $(ctl)"
	kill "$STORMING"
	wait "$STORMING" || status=1
	note "$(tail -n 1 "$TMP/churn")"
	cli churn check "$TMP/history" >"$TMP/checked" || fail "$(cat "$TMP/checked")"
	note "$(cat "$TMP/checked")"
	[ $status = 0 ] || fail "$(cat "$TMP/churn")"
}
# survivors [KEY...]: every binding that the history has is renewed
survivors() {
	cli churn c0 "$TMP/history" clients=60 seconds=0 "$@" >"$TMP/churn" 2>&1 || fail "$(cat "$TMP/churn")"
	has "somebody had an address" "$(tail -n 1 "$TMP/churn")" "verified="
	note "$(tail -n 1 "$TMP/churn")"
}

test_P2_an_ack_waits_for_the_store() {
	local ip before
	lan
	ip=$(field yiaddr "$(dhcpc type=discover)")
	before=$(counter drop-duplicate)
	freeze
	same "no ACK" "$(dhcpc type=request req="$ip" sid=$SID wait=1000)" silence
	same "again" "$(dhcpc type=request req="$ip" sid=$SID wait=200)" silence
	same "parks nothing new" "$(($(counter drop-duplicate) - before)) $(counter parked)" "1 1"
	same "state" "$(ctl -j lease show ip "$ip" | grep -o '"state":"[a-z]*"')" '"state":"pending"'
	has "not durable" "$(lease_json "$ip")" '"durable":false'
	cli dhcpc c0 type=discover mac=02:00:00:00:00:77 xid=7 wait=3000 all=1 >"$TMP/all" &
	(wait_for 10 asked_thrice; thaw) &
	same "then" "$(field type "$(dhcpc type=request req="$ip" sid=$SID wait=5000)")" ack
	wait_for 30 all_stored || fail "backlog: $(ctl -j)"
	has "durable" "$(lease_json "$ip")" '"durable":true'
	has "horizon" "$(lease_json "$ip")" '"horizon":"'
	same "one ACK" "$(counter tx-ack)" 1
}

# On a slow machine the first reply may have been given up by then, and the third request waits itself.
asked_thrice() { [ $(($(counter drop-duplicate) - before + $(counter parked))) = 3 ]; }

# What it was built in has room for 9,000 bytes; it waits in no more than it needs, and is the same.
test_P2_P3_an_ack_for_a_client_that_takes_long_ones() {
	local ip at_once
	ip -n cli link set c0 mtu 9000
	ip -n srv link set s0 mtu 9000
	lan option domain-search "$(seq -f 'name-%g.example' -s ' ' 60)"
	ip=$(bind prl=77 opt=39022328)
	at_once=$(dhcpc type=request req="$ip" prl=77 opt=39022328)
	[ "$(field len "$at_once")" -gt 576 ] || fail "the answer is short: $at_once"
	freeze
	(wait_for 10 one_waits; thaw) &
	same "the same" "$(dhcpc type=request req="$ip" prl=77 opt=39022328 lease=20000 wait=15000 | sed 's/o51=00004e20/o51=00000e10/')" "$at_once"
}
one_waits() { [[ $(ctl -j stats) == *'"parked":1,'* ]]; }

test_P2_a_parked_ack_is_given_up() {
	local ip
	lan
	ip=$(field yiaddr "$(dhcpc type=discover)")
	freeze
	dhcpc type=request req="$ip" sid=$SID wait=100 >/dev/null
	wait_for 40 given_up || fail "still parked: $(ctl -j)"
	thaw
	wait_for 30 all_stored || fail "backlog"
	same "nobody was told" "$(counter tx-ack)" 0
	same "the client asks again" "$(field type "$(dhcpc type=request req="$ip" sid=$SID)")" ack
}
given_up() { [ "$(counter drop-commit-backlog)" -ge 1 ]; }

test_P5_renewals_inside_the_horizon_need_nobody() {
	local ip i
	lan max-lease 1d
	ip=$(bind)
	freeze
	for i in 1 2 3; do
		same "renewal $i" "$(field type "$(dhcpc type=request ciaddr="$ip" xid=$i)")" ack
	done
	same "beyond the horizon it waits" "$(dhcpc type=request ciaddr="$ip" lease=20000 wait=300 xid=9)" silence
	thaw
}

# The pool's lease becomes longer than the store covers, and then nothing can be stored any more.
test_P5_a_longer_lease_and_a_dead_daemon() {
	local ip said
	lan
	ip=$(bind)
	wait_for 20 all_stored || fail "not stored"
	ctl pool set lan lease 1d || fail "no longer lease"
	stop_daemon -KILL
	said=$(dhcpc type=request ciaddr="$ip" wait=1000)
	same "renewal" "$(field type "$said")" ack
	[ $((16#$(field o51 "$said"))) -ge 3600 ] || fail "less than before: $said"
	[ $((16#$(field o51 "$said"))) -lt 20000 ] || fail "more than is stored: $said"
	same "and again" "$(field type "$(dhcpc type=request ciaddr="$ip" wait=1000 xid=7)")" ack
	start_daemon
	wait_for 30 all_stored || fail "not adopted: $(ctl -j)"
	same "with a store the whole" "$(field o51 "$(dhcpc type=request ciaddr="$ip" wait=1000 xid=8)")" 00015180
}

# While it cannot be stored that a client has its reserved address, the client keeps the one that it has.
test_P5_a_reservation_and_a_dead_daemon() {
	local ip
	lan
	ip=$(bind)
	wait_for 20 all_stored || fail "not stored"
	ctl host add mac "$MAC" ip 192.0.2.99 || fail "no reservation"
	stop_daemon -KILL
	same "renewal" "$(field type "$(dhcpc type=request ciaddr="$ip" wait=1000)")" ack
	same "restart" "$(field type "$(dhcpc type=request req="$ip" wait=1000 xid=7)")" ack
	same "offer" "$(offered)" "$ip"
	same "and its REQUEST" "$(field type "$(dhcpc type=request req="$ip" sid=$SID wait=1000 xid=8)")" ack
	start_daemon
	wait_for 30 all_stored || fail "not adopted: $(ctl -j)"
	same "with a store the reservation counts" "$(field type "$(dhcpc type=request ciaddr="$ip" wait=1000 xid=9)")" nak
	same "reserved" "$(bind)" 192.0.2.99
}

test_P5_daemon_killed_and_started_again() {
	local ip
	lan
	ip=$(bind req=192.0.2.10)
	stop_daemon -KILL
	same "renewal" "$(field type "$(dhcpc type=request ciaddr="$ip")")" ack
	same "a new client waits" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.19 sid=$SID wait=300)" silence
	start_daemon
	wait_for 30 all_stored || fail "not adopted: $(ctl -j)"
	same "it is bound now" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.19 sid=$SID xid=3 | cut -d' ' -f1)" type=ack
}

test_P1_module_reloaded_bindings_come_back_first() {
	local ip
	lan
	ip=$(bind req=192.0.2.10 name=box)
	dhcpc type=release ciaddr="$(MAC=02:00:00:00:00:03 bind req=192.0.2.11)" sid=$SID mac=02:00:00:00:00:03 wait=100 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 is_back "$ip" || fail "not back: $(ctl -j lease show)"
	has "its name too" "$(lease_json "$ip")" '"hostname":"box"'
	same "it is nobody else's" "$(field yiaddr "$(MAC=02:00:00:00:00:04 dhcpc type=discover req="$ip")" | grep -c "^$ip\$")" 0
	same "and still its own" "$(field type "$(dhcpc type=request ciaddr="$ip")")" ack
	ip=$(MAC=02:00:00:00:00:05 offered)
	same "new ones are stored" "$(field type "$(MAC=02:00:00:00:00:05 dhcpc type=request req="$ip" sid=$SID)")" ack
}
is_back() { [[ $(lease_json "$1") == *'"state":"bound"'* ]]; }

test_another_store_is_told_everything() {
	local ip
	lan
	ip=$(bind)
	stop_daemon
	mkdir "$TMP/other"
	start_daemon /dev/null "$TMP/other"
	wait_for 30 all_stored || fail "backlog"
	has "durable" "$(lease_json "$ip")" '"durable":true'
}

test_del_and_flush_reach_the_store() {
	local ip
	lan
	ip=$(bind)
	MAC=02:00:00:00:00:02 bind >/dev/null
	MAC=02:00:00:00:00:03 bind >/dev/null
	ctl lease del "$ip" || fail "del"
	wait_for 30 all_stored || fail "backlog"
	reload
	same "gone" "$(state_of "$ip")" free
	same "two left" "$(ctl -j lease show state bound | grep -o '"ip"' | wc -l)" 2
	ctl lease flush pool lan || fail "flush"
	wait_for 30 all_stored || fail "backlog"
	reload
	same "none" "$(ctl -j lease show | tr -d ' \n')" "[]"
}
reload() {
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 30 has_pool || fail "no pool: $(cat "$TMP/log")"
}
has_pool() { [[ $(ctl -j pool show) == *'"name":"lan"'* ]]; }

test_pin_keeps_an_address_for_its_client() {
	local ip
	lan
	ip=$(bind)
	ctl lease pin "$ip" || fail "pin"
	has "a host" "$(ctl -j host show)" "\"ip\":\"$ip\""
	dhcpc type=release ciaddr="$ip" sid=$SID wait=100 >/dev/null
	same "not for others" "$(field yiaddr "$(MAC=02:00:00:00:00:04 dhcpc type=discover req="$ip")" | grep -c "^$ip\$")" 0
	same "its own" "$(field yiaddr "$(dhcpc type=discover)")" "$ip"
}

# A pool is what people call it. Its clients are bound to addresses.
test_P1_pools_renamed_and_split() {
	local ip
	lan
	ip=$(bind req=192.0.2.10)
	wait_for 30 all_stored || fail "backlog"
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	cat >"$TMP/split.conf" <<-END
		pool low { subnet = 192.0.2.0/25 dev = s0 range = {192.0.2.10-192.0.2.19} lease = 1h }
		pool high { subnet = 192.0.2.128/25 range = {192.0.2.140} }
	END
	start_daemon "$TMP/split.conf"
	wait_for 30 is_back "$ip" || fail "not back: $(ctl -j lease show)"
	same "its own" "$(field type "$(dhcpc type=request ciaddr="$ip")")" ack
	ctl pool del low || fail "del"
	ctl pool add again subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 2>/dev/null && fail "two of one net"
	ctl pool del high || fail "del"
	lan
	same "with its pool its binding is gone" "$(ctl -j lease show)" "[]"
}

# in_store SQL: of a store that no daemon has
in_store() { sql "$TMP/leases.db" "$1" || fail "$1"; }

# A row that somebody has spoilt keeps nobody else from being served, and its address from everybody.
test_P1_a_row_that_cannot_be() {
	local first second
	lan
	first=$(bind)
	second=$(MAC=02:00:00:00:00:02 bind)
	wait_for 30 all_stored || fail "backlog"
	stop_daemon
	in_store "UPDATE leases SET id = x'' WHERE key & 255 = ${second##*.}"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_daemon
	lan
	wait_for 30 is_back "$first" || fail "not back: $(ctl)"
	same "its own" "$(field type "$(dhcpc type=request ciaddr="$first")")" ack
	same "nobody's" "$(state_of "$second")" resting
	has "why" "$(ctl -j lease show ip "$second")" '"why":"the store does not say who its client is"'
	same "not for others" "$(MAC=02:00:00:00:00:03 dhcpc type=discover req="$second" | grep -c "yiaddr=$second ")" 0
	has "said" "$(ctl)" "1 invalid binding in leases.db is put aside, such as that of $second: its id has no bytes"
	has "JSON" "$(ctl -j)" "{\"ip\":\"$second\",\"reason\":\"its id has no bytes\",\"found\":\"20"
	has "how many" "$(ctl -j)" '"rejected-total":1'
	has "the log" "$(cat "$TMP/log")" "the binding of $second is not served"
	stop_daemon
	same "kept" "$(in_store "SELECT reason, hex(chaddr) FROM rejected")" "its id has no bytes|020000000002"
	in_store "DELETE FROM rejected"
	start_daemon
	same "looked at" "$(ctl | grep -c "put aside")" 0
}

# DHCPK_LEASE_DECLINED is 6, DHCPK_LEASE_RESTING is 7: an address that rests is not its client's either, whatever else its row says.
test_P1_a_row_of_an_address_that_rests_and_names_a_client() {
	local state
	lan
	bind req=192.0.2.10 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	for state in "6 declined" "7 resting"; do
		stop_daemon
		in_store "UPDATE leases SET state = ${state% *}"
		same "for people" "$(in_store "SELECT state FROM bindings WHERE address = '192.0.2.10'")" "${state#* }"
		rmmod dhcpk
		insmod "$DHCPK_KO"
		start_daemon
		lan
		wait_for 30 has_pool || fail "no pool: $(ctl)"
		same "it rests" "$(state_of 192.0.2.10)" "${state#* }"
		same "not for its client" "$(dhcpc type=discover req=192.0.2.10 | grep -c "yiaddr=192.0.2.10 ")" 0
		same "nor on request" "$(dhcpc type=request req=192.0.2.10 sid=$SID wait=500 | grep -c "type=ack")" 0
	done
}

# log_is WHAT COMMAND...: somebody does that to the log of a running daemon, and then the power is cut
log_is() {
	lan
	same "before" "$(bind req=192.0.2.10)" 192.0.2.10
	wait_for 30 all_stored || fail "backlog"
	"${@:2}"
	same "after" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.15 sid=$SID wait=9000 | cut -d' ' -f1)" type=ack
	has "said" "$(cat "$TMP/log")" "its log was $1 while in use"
	wait_for 30 all_stored || fail "backlog"
	stop_daemon -KILL
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_daemon
	lan
	wait_for 30 is_back 192.0.2.10 || fail "192.0.2.10 is lost"
	wait_for 30 is_back 192.0.2.15 || fail "192.0.2.15 is lost"
}
test_P1_the_log_is_removed() { log_is removed rm "$TMP/leases.db-wal"; }
test_P1_the_log_is_cut() { log_is cut truncate -s 0 "$TMP/leases.db-wal"; }

# ---- a daemon that ends in good order ----

# What clients are told while it is about to end, an upgrade does not lose.
test_P1_a_daemon_that_is_stopped_stores_what_there_is() {
	stop_daemon
	DHCPKD_STOPPOINT=before-last-pull start_daemon
	lan durability async
	kill -TERM "$DAEMON"
	wait_for 10 stopped || fail "it goes on"
	same "at once" "$(dhcpc type=request req=192.0.2.15 sid=$SID | cut -d' ' -f1)" type=ack
	thaw
	wait "$DAEMON"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_daemon
	lan durability async
	wait_for 5 is_back 192.0.2.15 || fail "it is lost"
}

# ... and a disk that does not answer keeps it for some seconds only.
test_P5_a_daemon_that_is_stopped_does_not_wait_for_ever() {
	local status=0 start
	faulty
	bind >/dev/null
	wait_for 30 all_stored || fail "backlog"
	echo hang >"$TMP/badio"
	MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=300 >/dev/null
	start=$EPOCHSECONDS
	kill -TERM "$DAEMON"
	wait_for 20 ended || fail "it does not end"
	note "it took $((EPOCHSECONDS - start)) s"
	wait "$DAEMON" || status=$?
	same "status" "$status" 1
	has "says why" "$(cat "$TMP/log")" "the store does not answer"
	rm "$TMP/badio"
	start_daemon
	wait_for 30 all_stored || fail "not adopted: $(ctl)"
}

# To read back a million takes longer than anybody waits for the end.
test_P5_a_daemon_that_is_stopped_while_it_reads_back() {
	local status=0
	small
	bind req=192.0.2.10 >/dev/null
	MAC=02:00:00:00:00:02 bind req=192.0.2.11 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	ctl config save "$TMP/conf" || fail "not saved"
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	DHCPKD_STOPPOINT=restoring within srv dhcpkd -c "$TMP/conf" -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for 20 stopped || fail "it reads nothing back: $(cat "$TMP/log")"
	kill -TERM "$DAEMON"
	kill -CONT "$DAEMON"
	wait_for 20 ended || fail "it does not end"
	wait "$DAEMON" || status=$?
	same "status" "$status" 0
	has "says why" "$(cat "$TMP/log")" "dhcpkd ends before all bindings are read back"
	start_daemon "$TMP/conf"
	wait_for 5 is_back 192.0.2.11 || fail "lost"
}

# ---- storms ----

test_P1_storm_and_nothing_else() {
	small
	storm
	sleep "$STORM"
	stormed
}

test_P1_X10_daemon_killed_at_each_failpoint() {
	local point
	small
	storm
	for point in before-pull after-pull before-sync after-sync after-commit; do
		stop_daemon -KILL
		DHCPKD_FAILPOINT=$point:20 start_daemon
		wait_for 60 ended || fail "$point was never reached"
		start_daemon
		wait_for 30 all_stored
	done
	stormed
	survivors
}
ended() { ! kill -0 "$DAEMON"; }

# The kernel does not know that its change has been synced. The store is the same for all that: only this change is written.
test_P2_X10_a_commit_that_is_lost() {
	local before
	lan
	same "bound" "$(bind req=192.0.2.10)" 192.0.2.10
	wait_for 30 all_stored || fail "backlog"
	stop_daemon
	DHCPKD_FAILPOINT=after-sync start_daemon
	before=$(counter committed)
	MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.15 sid=$SID wait=100 >/dev/null
	wait_for 30 ended || fail "after-sync was never reached"
	start_daemon
	wait_for 30 all_stored || fail "backlog: $(ctl)"
	same "written" "$(($(counter committed) - before))" 1
	same "bound" "$(state_of 192.0.2.15)" bound
}

test_P1_X10_daemon_killed_at_any_time() {
	local i
	small
	storm
	for i in $(seq $((STORM * 2))); do
		sleep "0.$((RANDOM % 10))"
		stop_daemon -KILL
		start_daemon
	done
	stormed
	survivors
}

test_P1_X10_module_unloaded_and_loaded() {
	local i
	small
	storm
	for i in $(seq "$STORM"); do
		sleep "0.$((RANDOM % 10))"
		rmmod dhcpk
		insmod "$DHCPK_KO"
		wait_for 30 has_pool || fail "no pool"
	done
	survive_storm
}
survive_storm() {
	stormed
	survivors
}

test_P1_X10_both_at_once() {
	local i
	small
	storm
	for i in $(seq "$STORM"); do
		sleep "0.$((RANDOM % 10))"
		stop_daemon -KILL
		rmmod dhcpk
		insmod "$DHCPK_KO"
		start_daemon
		# It has no file, and is told again, as after a reboot.
		small
	done
	survive_storm
}

test_P1_daemon_stopped_now_and_then() {
	local i
	small
	storm
	for i in $(seq "$STORM"); do
		freeze
		sleep 0.7
		thaw
		sleep 0.3
	done
	survive_storm
}

test_P1_netlink_overrun() {
	local max default
	read -r max </proc/sys/net/core/rmem_max
	read -r default </proc/sys/net/core/rmem_default
	echo 2304 >/proc/sys/net/core/rmem_max
	echo 2304 >/proc/sys/net/core/rmem_default
	stop_daemon
	start_daemon
	echo "$max" >/proc/sys/net/core/rmem_max
	echo "$default" >/proc/sys/net/core/rmem_default
	small
	storm
	sleep "$STORM"
	survive_storm
}

test_P1_async_loses_a_second_at_most() {
	local i
	small durability async
	storm
	for i in $(seq "$STORM"); do
		sleep "0.$((RANDOM % 10))"
		stop_daemon -KILL
		start_daemon
	done
	stormed
	# The machine is gone, and with it what was not written: the last second.
	storm
	sleep "$STORM"
	stop_daemon -KILL
	rmmod dhcpk
	kill "$STORMING"
	wait "$STORMING"
	insmod "$DHCPK_KO"
	start_daemon
	small durability async
	survivors spare=1000
}

# With nobody to write, async becomes sync after a second.
test_P2_async_has_a_bound() {
	lan durability async
	freeze
	same "at once" "$(field type "$(dhcpc type=request req=192.0.2.15 sid=$SID)")" ack
	sleep 1.1
	same "no more" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.16 sid=$SID wait=500)" silence
	thaw
}

# ---- a disk that fails ----

faulty() { # start the daemon over a disk that can fail
	stop_daemon
	BADIO=$TMP/badio LD_PRELOAD=$TOOLS/badio.so start_daemon
	small
}
fault() { # KIND: new clients get nothing and are told nothing, known ones go on, and all is well when the disk is
	local acks ip
	faulty
	ip=$(bind req=192.0.2.10)
	reload # so that what the store has was committed to another module
	wait_for 5 is_back "$ip" || fail "lost at once"
	echo "$1" >"$TMP/badio"
	acks=$(counter tx-ack)
	same "a new client" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=2000)" silence
	same "no ACK to anybody" "$(counter tx-ack)" "$acks"
	same "renewal" "$(field type "$(dhcpc type=request ciaddr="$ip" xid=5)")" ack
	has "says so" "$(ctl)" "$2"
	rm "$TMP/badio"
	wait_for 30 all_stored || fail "does not resume: $(ctl -j)"
	same "then" "$(field type "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID xid=6)")" ack
	same "nothing wrong any more" "$(ctl | grep -c "^warning")" 0
	reload
	wait_for 5 is_back "$ip" || fail "lost"
	wait_for 5 is_back 192.0.2.40 || fail "lost"
}
test_P2_X11_disk_full() { fault full "No space left"; }
test_P2_X11_EIO_on_write() { fault write "Input/output error"; }
test_P2_X11_EIO_on_fsync() { fault fsync "Input/output error"; }

# What the disk says of a client goes on counting while nothing can be written, as if there were no daemon.
test_P5_X11_a_release_while_the_disk_is_full() {
	local ip
	faulty
	ip=$(bind req=192.0.2.10)
	wait_for 30 all_stored || fail "backlog"
	echo full >"$TMP/badio"
	MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=500 >/dev/null
	wait_for 10 complains || fail "nothing has failed"
	dhcpc type=release ciaddr="$ip" sid=$SID wait=0
	same "released" "$(state_of "$ip")" released
	tries=$(ctl -j | errors)
	wait_for 20 tried_again 3 || fail "the store is not tried again: $(ctl -j)"
	same "renewal" "$(field type "$(dhcpc type=request ciaddr="$ip" xid=5 wait=1000)")" ack
	rm "$TMP/badio"
	wait_for 30 all_stored || fail "does not resume: $(ctl -j)"
}
tried_again() { [ "$(ctl -j | errors)" -ge $((tries + $1)) ]; } # TIMES
errors() { grep -o '"errors":[0-9]*' | head -n 1 | cut -d: -f2; }

# What is ACKed is on this disk. Another store, of a daemon that somebody starts in despair, knows nothing of it.
test_P1_X11_another_store_is_refused_while_this_one_fails() {
	local i
	faulty
	bind req=192.0.2.10 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	echo full >"$TMP/badio"
	MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=500 >/dev/null
	wait_for 10 complains || fail "nothing has failed"
	mkdir "$TMP/other"
	for i in 1 2 3; do
		within srv dhcpkd -c /dev/null -S "$TMP/second" -s "$TMP/other" 2>"$TMP/second.log" &
		PIDS+=($!)
		wait_for 30 file_has "another dhcpkd is attached" "$TMP/second.log" || fail "round $i, a second daemon runs: $(cat "$TMP/second.log")"
	done
	rm "$TMP/badio"
	wait_for 30 all_stored || fail "does not resume: $(ctl -j)"
	same "then" "$(field type "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID xid=6)")" ack
}

# A power cut loses a new log whose name the directory on the disk does not have yet.
test_P2_X11_EIO_on_fsync_of_the_directory() {
	local acks
	faulty
	bind req=192.0.2.10 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	stop_daemon
	same "an empty log, whose name is on the disk" "$(stat -c %s "$TMP/leases.db-wal")" 0
	rm "$TMP/leases.db-wal"
	echo dirsync >"$TMP/badio"
	BADIO=$TMP/badio LD_PRELOAD=$TOOLS/badio.so start_daemon
	acks=$(counter tx-ack)
	same "a new client" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=2000)" silence
	same "no ACK to anybody" "$(counter tx-ack)" "$acks"
	has "says so" "$(ctl)" "cannot sync the directory that has its log: Input/output error"
	rm "$TMP/badio"
	wait_for 30 all_stored || fail "does not resume: $(ctl -j)"
	same "then" "$(field type "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID xid=6)")" ack
	same "nothing wrong any more" "$(ctl | grep -c "^warning  .*directory")" 0
}

# The daemon stores the time every ten seconds. If that fails, and no binding changes, the next time that works ends the warning.
test_P1_X11_a_fault_while_no_binding_changes() {
	faulty
	bind >/dev/null
	wait_for 30 all_stored || fail "backlog"
	echo full >"$TMP/badio"
	wait_for 30 complains || fail "the time is not kept: $(ctl)"
	rm "$TMP/badio"
	wait_for 30 content || fail "it still says: $(ctl)"
}
complains() { [[ $(ctl) == *"No space left"* ]]; }

# The kernel tells the store of it when that works again. dhcpkctl warns of that.
test_P1_X11_a_pool_is_deleted_whose_bindings_stay() {
	local said
	faulty
	bind req=192.0.2.10 >/dev/null
	wait_for 30 all_stored || fail "backlog"
	echo full >"$TMP/badio"
	said=$(ctl pool del lan 2>&1) || fail "not deleted: $said"
	has "told" "$said" "the store still has the pool's bindings: "
	same "no pool" "$(ctl -j pool show | tr -d ' \n')" "[]"
	rm "$TMP/badio"
}

# What is promised by a binding's time rests on how this boot has counted it: a power cut right after that must find the boot.
test_P1_X10_the_boot_is_stored_before_a_binding_is_given_back() {
	stop_daemon
	rm -f "$TMP"/leases.db*
	start_daemon
	stop_daemon -KILL
	same "boots" "$(sql "$TMP/leases.db" "SELECT count(*) FROM boots")" 1
}
content() { [[ $(ctl) != *warning* ]]; }

test_P2_X11_a_real_disk_that_is_full() {
	stop_daemon
	mkdir "$TMP/disk"
	MOUNTS+=("$TMP/disk")
	mount -t tmpfs -o size=256k none "$TMP/disk"
	start_daemon /dev/null "$TMP/disk"
	small
	bind >/dev/null
	dd if=/dev/zero of="$TMP/disk/filler" bs=1k 2>/dev/null
	storm
	sleep "$STORM"
	rm "$TMP/disk/filler"
	wait_for 30 all_stored || fail "does not resume: $(ctl)"
	sleep 1
	stormed
}

# After a clean stop no file is to be made for known clients to be served.
test_P5_X11_no_file_can_be_made_any_more() {
	local ip
	stop_daemon
	mkdir "$TMP/disk"
	MOUNTS+=("$TMP/disk")
	mount -t tmpfs none "$TMP/disk"
	start_daemon /dev/null "$TMP/disk"
	small
	ip=$(bind req=192.0.2.41)
	wait_for 30 all_stored || fail "backlog"
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	mount -o remount,nr_inodes="$(df --output=iused "$TMP/disk" | tail -n 1 | tr -d ' ')" "$TMP/disk"
	! touch "$TMP/disk/one" 2>/dev/null || fail "there is room for a file"
	start_daemon /dev/null "$TMP/disk"
	small
	wait_for 30 is_back "$ip" || fail "not back: $(ctl)"
	same "renewed" "$(field type "$(dhcpc type=request ciaddr="$ip")")" ack
	same "a new client" "$(field type "$(MAC=02:00:00:00:00:02 bind_type)")" ack
}
bind_type() { dhcpc type=request req="$(field yiaddr "$(dhcpc type=discover)")" sid=$SID; }

# An upgrade starts the next daemon while the one before is still closing its store.
test_P5_one_daemon_right_after_the_other() {
	local n before ip
	lan
	ip=$(bind)
	for n in 1 2 3 4 5; do
		before=$DAEMON
		kill -STOP "$before"
		kill -TERM "$before"
		(sleep 1; kill -CONT "$before") &
		start_daemon /dev/null "$TMP"
		wait "$before"
		same "round $n" "$(ctl | grep -c "^daemon   running")" 1
	done
	same "still bound" "$(state_of "$ip")" bound
}

# As a limit in a unit of systemd is
test_P2_a_limit_of_a_files_size() {
	local ip
	small
	ip=$(bind req=192.0.2.41)
	wait_for 5 all_stored || fail "backlog"
	prlimit --pid "$DAEMON" --fsize=4096:unlimited
	same "a new client" "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID wait=2000)" silence
	has "says so" "$(ctl)" "File too large"
	prlimit --pid "$DAEMON" --fsize=unlimited
	wait_for 30 all_stored || fail "does not resume: $(ctl -j)"
	same "then" "$(field type "$(MAC=02:00:00:00:00:02 dhcpc type=request req=192.0.2.40 sid=$SID xid=6)")" ack
	same "the first one" "$(state_of "$ip")" bound
}

# shellcheck disable=SC2034 # lib.sh reads it
FRESH=1
require_failpoints
PATH=$FAILPOINTS:$PATH
run_tests
