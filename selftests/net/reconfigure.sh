#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# P8: module, namespaces, interfaces, pools, relays and the daemon come and go under the traffic of clients and of relays,
# TEST_ROUNDS times in all. After each round a client renews and a relay relays; after each test no binding is lost and no
# address has been two clients'. The kernel's log, which the machine watches, stays clean.
#
#   cli                               srv                                                  far
#   c0 ─────── s0 192.0.2.1/24  pool lan      up0 198.51.100.1/24 ──── f0 198.51.100.2/24  dhcps
#   c1 ─────── s1 203.0.113.1/24  relay
#   c2 ─────── s2  pools two, seven (VLAN 7)              come and go
#   q0, q1 ─── p0, p1 in br0  pool bridge                 come and go
#   t1 ─────── t0 in a namespace of its own, tmp          comes and goes
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

ROUNDS=${TEST_ROUNDS:-15}
# What clients get is churn's to look at.
# shellcheck disable=SC2034 # lib.sh reads them
NO_CAPTURE=1 NO_REPLIES=0 SID=192.0.2.1
MAC=02:00:00:00:fe:01 # none of churn's
KINDS=(module namespaces devices bridge pools relays daemon files)
PATIENCE=30 # an emulated machine with everything switched on may be slow
REST=0.3
[ ! -e /sys/kernel/debug/kmemleak ] || REST=1 # there a flood takes a processor for as long as a round

# ---- traffic ----

# Clients that write down what they are told, new ones by the hundred, and requests that a relay passes on
start_traffic() {
	: >"$TMP/traffic"
	rm -f "$TMP/history" "$TMP/wrong"
	within cli churn c0 "$TMP/history" clients=40 seconds=86400 >"$TMP/churn" 2>&1 &
	STORMING=$!
	PIDS+=("$STORMING")
	flood c0 & STREAMS=($!)
	flood c1 & STREAMS+=($!)
	wait_for $PATIENCE test -s "$TMP/history" || fail "nobody gets an address: $(cat "$TMP/churn")"
	wait_for $PATIENCE bound_at_last || fail "no address for the client that renews: $(ctl)"
}

# shellcheck disable=SC2153 # lib.sh's
flood() { # DEV: until the traffic ends. No faster than the server answers: it is a process, and its queue is short.
	while [ -e "$TMP/traffic" ]; do
		cli dhcpc "$1" type=discover flood=150 xid="$FLOOD" 2>/dev/null
		cli dhcpc "$1" type=discover mac=02:00:00:00:fe:02 xid=2 wait=2000 >/dev/null 2>&1
		nap "$REST"
	done
}

bound_at_last() {
	IP=$(bind lease=3600 wait=500)
	[[ $IP == 192.* ]] && renews
}

end_traffic() {
	local status=0
	rm -f "$TMP/traffic"
	wait_for $PATIENCE all_stored || fail "not all is stored: $(ctl)"
	kill "$STORMING"
	wait "$STORMING" || status=1
	STORMING=
	wait "${STREAMS[@]}"
	note "$(tail -n 1 "$TMP/churn")"
	cli churn check "$TMP/history" >"$TMP/checked" || fail "$(cat "$TMP/checked")"
	note "$(cat "$TMP/checked")"
	[ $status = 0 ] || fail "$(cat "$TMP/churn")"
	cli churn c0 "$TMP/history" clients=40 seconds=0 >"$TMP/churn" 2>&1 || fail "$(cat "$TMP/churn")"
}

# Silence may end; a wrong answer is remembered.
renews() {
	local said
	said=$(dhcpc type=request ciaddr="$IP" lease=3600 wait=2000)
	case $said in
	silence) return 1 ;;
	esac
	[ "$(field type "$said") $(field yiaddr "$said")" = "ack $IP" ] || echo "$said" >>"$TMP/wrong"
}
relays() { [ "$(field type "$(cli dhcpc c1 type=discover mac="$MAC" wait=3000)")" = offer ]; }

answered() { # ROUND
	wait_for $PATIENCE renews || fail "round $1: the client's renewal is not answered: $(ctl)"
	[ ! -e "$TMP/wrong" ] || fail "round $1: the client that has $IP is told: $(cat "$TMP/wrong")"
	wait_for $PATIENCE relays || fail "round $1: nothing is relayed: $(ctl -s relay show)"
	: >"$HEARD"
}

# ---- what comes and goes: each as it likes, by the number of the round ----

# must COMMAND...: when several things happen at once it may fail
must() { "$@" || [ -n "${AT_ONCE:-}" ] || fail "$*"; }
quietly() { "$@" >/dev/null 2>&1; }

unloaded() { [ ! -e /sys/module/dhcpk ] || quietly rmmod dhcpk; }

stir_module() { # ROUND
	[ $(($1 % 3)) != 2 ] || kill -STOP "$DAEMON"
	must wait_for $PATIENCE unloaded
	must quietly insmod "$DHCPK_KO"
	kill -CONT "$DAEMON" 2>/dev/null || true # another change may have ended it
}

stir_namespaces() {
	local pid flood i
	must ip netns add tmp
	must ip -n tmp -batch - <<-END
		link add t0 up type veth peer name t1 netns cli
		addr add 192.0.2.1/24 dev t0
	END
	must ip -n cli link set t1 up
	within tmp dhcpkd -c "$TMP/tmp/conf" -S "$TMP/tmp/control" -s "$TMP/tmp" 2>"$TMP/tmp/log" &
	pid=$!
	serves_soon t1 || [ -n "${AT_ONCE:-}" ] || fail "no answer in the namespace: $(cat "$TMP/tmp/log")"
	for i in 1 2 3; do
		quietly cli dhcpc t1 type=discover flood=300
	done & flood=$!
	[ $(($1 % 2)) = 0 ] || kill -9 $pid
	must ip netns del tmp
	kill -9 $pid 2>/dev/null
	wait $flood $pid 2>/dev/null
	wait_for $PATIENCE is_gone t1 || fail "the namespace does not end"
}

# DEV: if something else happens at once, there may be no answer
serves_soon() {
	local seconds=$PATIENCE
	[ -z "${AT_ONCE:-}" ] || seconds=5
	wait_for "$seconds" serves "$1"
}
serves() { [ "$(field type "$(cli dhcpc "$1" type=discover wait=200 mac=02:00:00:00:00:7e)")" = offer ]; } # DEV
# DEV: of the clients, one of whom tells its interfaces without a process of its own
is_gone() {
	local there
	there=$(<"/proc/$STORMING/net/dev") && [[ $there != *" $1:"* ]]
}

# as_long_as DEV: requests by an interface, until it is gone
as_long_as() {
	until is_gone "$1"; do quietly cli dhcpc "$1" type=discover flood=100; done
}

stir_devices() {
	local floods
	must ip -n srv -batch - <<-END
		link add s2 up type veth peer name c2 netns cli
		addr add 198.18.0.1/24 dev s2
		link add s2.7 up link s2 type vlan id 7
		addr add 198.18.7.1/24 dev s2.7
	END
	must ip -n cli -batch - <<<$'link set c2 up\nlink add c2.7 up link c2 type vlan id 7'
	must serves_soon c2.7
	as_long_as c2 & floods=($!)
	as_long_as c2.7 & floods+=($!)
	case $(($1 % 4)) in
	0) must ip -n srv link del s2.7 ;;
	1) must ip -n srv -batch - <<<$'link set s2 down\nlink set s2 name s9\nlink set s9 name s2 up' ;;
	2) must ip -n srv link set s2 netns far && ip -n far link del s2 ;;
	esac
	quietly ip -n srv link del s2
	wait_for $PATIENCE is_gone c2 || fail "c2 stays"
	wait "${floods[@]}"
}

stir_bridge() {
	local flood
	must ip -n srv -batch - <<-END
		link add br0 up type bridge vlan_filtering $(($1 % 2))
		addr add 198.18.1.1/24 dev br0
		link add p0 up master br0 type veth peer name q0 netns cli
		link add p1 up master br0 type veth peer name q1 netns cli
	END
	must ip -n cli -batch - <<<$'link set q0 up\nlink set q1 up'
	must serves_soon q0
	as_long_as q0 & flood=$!
	must ip -n srv -batch - <<<$'link set p1 nomaster\nlink set p1 master br0'
	case $(($1 % 3)) in
	0) must ip -n srv -batch - <<<$'link set p0 nomaster\nlink set p0 master br0' ;;
	1) must ip -n srv link set br0 down ;;
	esac
	printf 'link del %s\n' p$(($1 % 2)) br0 p0 p1 | ip -n srv -force -batch - 2>/dev/null
	wait_for $PATIENCE is_gone q0 || fail "q0 stays"
	wait "$flood"
}

stir_pools() {
	must ctl -batch - <<-END
		pool add more subnet 198.18.2.0/24 range 198.18.2.10-198.18.2.$((20 + $1 % 200)) lease 1h
		pool set lan dns 192.0.2.$((1 + $1 % 250)) durability async
		host add mac 02:00:00:00:09:01 ip 192.0.2.$((200 + $1 % 50))
		pool set more range 198.18.2.$((5 + $1 % 5))-198.18.2.99
		pool set lan durability sync
		lease flush pool two
		host del mac 02:00:00:00:09:01
		pool del more
	END
	must quietly ctl lease show
}

stir_relays() {
	case $(($1 % 4)) in
	0)
		must ctl relay del dev s1
		must ctl relay add dev s1 server $SERVER,$SERVER2,$NOBODY circuit-id %i:%v policy append trusted survive 1h
		;;
	1)
		kill -STOP "${SERVERS[@]}"
		quietly cli dhcpc c1 type=discover flood=300 xid="$FLOOD"
		kill -CONT "${SERVERS[@]}"
		;;
	2) ip -n srv link set up0 down && ip -n srv link set up0 up ;;
	3) ip -n srv addr del 203.0.113.1/24 dev s1 && ip -n srv addr add 203.0.113.1/24 dev s1 ;;
	esac
	quietly ctl relay del dev s1
	must ctl relay add dev s1 server $SERVER circuit-id %i
}

stir_daemon() {
	local signals=(KILL TERM KILL HUP)
	kill -"${signals[$1 % 4]}" "$DAEMON" || fail "there is no daemon"
	[ $(($1 % 4)) != 3 ] || return
	wait_for $PATIENCE ended || fail "the daemon does not end: $(cat "/proc/$DAEMON/stat" "/proc/$DAEMON/stack" 2>&1)"
	wait "$DAEMON" 2>/dev/null
	quietly cli dhcpc c0 type=discover flood=300 xid="$FLOOD"
	start
}
# Another change may have stopped it, and a stopped one does not hear SIGTERM.
ended() {
	kill -CONT "$DAEMON"
	! kill -0 "$DAEMON"
} 2>/dev/null

# A daemon that a test has started is the next one's, too, though it is the shell's of that test.
start() {
	start_daemon "$TMP/conf"
	echo "$DAEMON" >"$TMP/daemon"
}

# Both have the same lan and the relay. A second one replaces it while the first is still being told.
stir_files() {
	must quietly ctl config apply "$TMP/other" &
	must quietly ctl config apply "$TMP/conf"
	wait $!
	must ctl config apply "$TMP/other"
	must ctl config apply "$TMP/conf"
}

# ---- rounds ----

rounds() { # KIND
	local i
	start_traffic
	for ((i = 0; i < (ROUNDS + ${#KINDS[@]}) / (${#KINDS[@]} + 1); i++)); do
		stir_"$1" "$i"
		answered "$i"
	done
	note "$i rounds of $1"
	end_traffic
}

test_P8_module() { rounds module; }
test_P8_namespaces() { rounds namespaces; }
test_P8_devices() { rounds devices; }
test_P8_bridge() { rounds bridge; }
test_P8_pools() { rounds pools; }
test_P8_relays() { rounds relays; }
test_P8_daemon() { rounds daemon; }
test_P8_files() { rounds files; }

# With the module unloaded all that it took is back. Where there is kmemleak it looks, at the end and better.
test_P3_memory_comes_back() {
	local before namespaces i
	[ ! -e /sys/kernel/debug/kmemleak ] || return 0
	some_of_all 0
	unload_and_measure
	before=$BYTES namespaces=$NETS
	for i in 1 2; do some_of_all $i; done
	unload_and_measure
	note "$(((BYTES - before) / 1024)) KiB more than before"
	[ $((BYTES - before)) -lt $((1 << 20)) ] || fail "memory does not come back"
	same "namespaces" "$NETS" "$namespaces"
}

some_of_all() {
	local kind
	start_traffic
	for kind in namespaces devices bridge pools files relays module; do
		stir_$kind "$1"
		answered "$1, $kind"
	done
	end_traffic
}

unload_and_measure() {
	local cache
	wait_for $PATIENCE unloaded || fail "rmmod"
	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache"
	done
	BYTES=$(awk '/^Slab:/ { print $2 * 1024 }' /proc/meminfo)
	NETS=$(awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo)
	insmod "$DHCPK_KO"
	answered "module loaded again"
}

# Two kinds of it at the same time. The daemon and the servers are this shell's children, so that it stirs them itself.
test_P8_at_once() {
	local i one two other there=(module namespaces devices bridge pools files)
	start_traffic
	for ((i = 0; i < (ROUNDS + ${#KINDS[@]}) / (${#KINDS[@]} + 1); i++)); do
		one=${KINDS[RANDOM % ${#KINDS[@]}]} two=${there[RANDOM % ${#there[@]}]}
		[ "$one" != "$two" ] || continue
		AT_ONCE=1 stir_"$two" "$i" & other=$!
		AT_ONCE=1 stir_"$one" $((RANDOM % 12))
		wait $other || fail "round $i: $one while $two"
		back_again
		answered "$i, $one while $two"
	done
	note "$i rounds"
	end_traffic
}

# Whatever failed because of the other
back_again() {
	[ -e /sys/module/dhcpk ] || insmod "$DHCPK_KO"
	kill -CONT "$DAEMON"
	wait_for $PATIENCE ctl config apply "$TMP/conf" || fail "the daemon does not configure: $(ctl)"
	ip netns del tmp 2>/dev/null
	printf 'link del %s\n' s2 br0 p0 p1 | ip -n srv -force -batch - 2>/dev/null
}

# ---- the network ----

# What there is in every file; in tmp, too, which has the addresses of srv: namespaces share nothing.
file_for() { # DEV
	cat <<-END
		pool lan { subnet = 192.0.0.0/16 dev = $1 lease = 12s min-lease = 1s max-lease = 1d }
		pool two { subnet = 198.18.0.0/24 dev = s2 range = {198.18.0.10-198.18.0.250} lease = 1m }
		pool seven { subnet = 198.18.7.0/24 dev = s2.7 range = {198.18.7.10-198.18.7.250} lease = 1m }
		pool bridge { subnet = 198.18.1.0/24 dev = br0 range = {198.18.1.10-198.18.1.250} lease = 1m }
		relay s1 { server = {$SERVER} circuit-id = "%i" }
	END
}
other_file() {
	file_for s0
	cat <<-END
		pool third { subnet = 198.18.3.0/24 range = {198.18.3.10-198.18.3.250} lease = 1m }
		host printer { mac = 02:00:00:00:09:02 ip = 192.0.2.7 }
		relay s2.8 { server = {$SERVER, $SERVER2} }
	END
}

files() {
	file_for s0 >"$TMP/conf"
	other_file >"$TMP/other"
	mkdir "$TMP/tmp"
	file_for t0 >"$TMP/tmp/conf"
}

each_test() {
	read -r DAEMON <"$TMP/daemon"
	trap 'rm -f "$TMP/traffic"; [ -z "${STORMING:-}" ] || kill "$STORMING" 2>/dev/null' EXIT
}

leave() {
	read -r DAEMON <"$TMP/daemon"
	kill "$DAEMON"
	end_servers
	ip netns del far
	ip netns del tmp 2>/dev/null
	teardown
}

network
insmod "$DHCPK_KO"
wire_to_the_server
ip link add s1 netns srv up type veth peer name c1 netns cli
ip -n cli link set c1 up
ip -n srv addr add 203.0.113.1/24 dev s1
one_server "$HEARD"
files
start
trap leave EXIT
run_tests
