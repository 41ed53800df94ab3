# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests that run inside the virtual machine, as root. Each test is a function named test_ID_what, where ID is the line
# of the requirements that it pins; run_tests runs them in order and speaks TAP. Nothing sleeps where it can poll. A suite
# takes a pattern for an argument: the tests that have it in their names. In User-Mode Linux a suite takes as long as it
# takes to make its processes: what is done for every message is done in the shell itself.
#
#   srv (namespace)                          cli (namespace)
#   dhcpkd, module ── s0 192.0.2.1/24 ─── c0  the client
set -u
HERE=$(realpath "${BASH_SOURCE[0]}")
HERE=${HERE%/*}
# Where tests are installed, all that belongs to them lies in one folder.
TOOLS=$HERE/../build/selftests
[ -d "$HERE/net" ] || TOOLS=$HERE
FAILPOINTS=$TOOLS/failpoints
PATH=$TOOLS:$HERE/../build/bin:$PATH
TMP=$(mktemp -d)
export SOCK=$TMP/control
PIDS=()
MOUNTS=()
ONLY=${1:-}
SKIPPED=4 # kselftest's exit status for what cannot be tested here
IN_TEST=
READY= # all is there that every suite needs

srv() { within srv "$@"; }
cli() { within cli "$@"; }
ctl() { dhcpkctl -n srv -S "$SOCK" "$@"; }

note() { echo "# $*"; }

# skip WHY...: ends the test; outside of one, the suite
skip() {
	if [ -n "$IN_TEST" ]; then echo "# SKIP $*"; else printf '%s\n' "TAP version 13" "1..0 # SKIP $*"; fi
	exit $SKIPPED
}

require_root() { [ "$EUID" = 0 ] || skip "needs root"; }
require_prog() { # NAME...
	local name
	for name; do
		command -v "$name" >/dev/null || skip "needs $name"
	done
}
# The one that scripts/vm names, or that is installed, or that "make" has built for the kernel that runs
require_module() {
	if [ -z "${DHCPK_KO:-}" ]; then
		DHCPK_KO=$(modinfo -n dhcpk 2>/dev/null) || DHCPK_KO=$HERE/../dhcpk.ko
		[ -e "$DHCPK_KO" ] || skip "needs the module, dhcpk.ko"
		[[ $(modinfo -F vermagic "$DHCPK_KO") == "$(uname -r) "* ]] || skip "needs the module for Linux $(uname -r)"
	fi
	[ -e "$DHCPK_KO" ] || skip "there is no $DHCPK_KO"
}
require_failpoints() { [ -x "$FAILPOINTS/dhcpkd" ] || skip "needs dhcpkd with failpoints"; }
# Without --time-travel these tests would take hours.
require_time_travel() { [[ $(</proc/cmdline) == *time-travel* ]] || skip "needs User-Mode Linux with --time-travel"; }
# Only there are nanoseconds instructions. With NO_LIMIT set, what is measured elsewhere is told.
require_icount() { [ -n "${DHCPK_ICOUNT:-}${NO_LIMIT:-}" ] || skip "needs a machine that counts instructions, scripts/vm --icount"; }

# fail WHY...: ends the test
fail() { note "$@"; exit 1; }

# same WHAT GOT WANTED
same() { [ "$2" = "$3" ] || fail "$1: got \"$2\", wanted \"$3\""; }

# has WHAT TEXT PART
has() { case $2 in *"$3"*) ;; *) fail "$1: \"$3\" is not in: $2" ;; esac; }

mac_of() { # NAMESPACE DEV
	local mac
	read -r _ _ mac _ < <(ip -n "$1" -br link show dev "$2")
	echo "$mac"
}

# nap SECONDS: sleep, without a process. Nobody writes to this pipe.
exec {SILENCE}<> <(:)
nap() { read -rt "$1" -u "$SILENCE" || true; }

# A wait is a limit on a hang, and measures nothing: all of them are longer by this factor, which is how much longer the machine
# takes to make a process than one does that is in no hurry. TEST_SLOW is the least that it can be; dhcpc waits by it, too.
how_slow() {
	local start=${EPOCHREALTIME/[.,]/} factor
	(:); (:); (:); (:); (:)
	factor=$(((${EPOCHREALTIME/[.,]/} - start) / 5 / 2000))
	[ $factor -le 10 ] || factor=10
	[ $factor -le "$TEST_SLOW" ] || TEST_SLOW=$factor
}
export TEST_SLOW=${TEST_SLOW:-1}
how_slow

# wait_for SECONDS COMMAND...: until it succeeds. The machine may be busier by the end than it was.
wait_for() {
	local limit=$1 start=$EPOCHSECONDS
	shift
	until "$@" >/dev/null 2>&1; do
		if [ $((EPOCHSECONDS - start)) -ge $((limit * TEST_SLOW)) ]; then
			how_slow
			[ $((EPOCHSECONDS - start)) -lt $((limit * TEST_SLOW)) ] || return 1
		fi
		nap "${POLL:-0.05}"
	done
}

# at_most SECONDS COMMAND...: a program that would hang is ended
at_most() { timeout $(($1 * TEST_SLOW)) "${@:2}"; }

# file_has TEXT FILE: there may be no such file yet
file_has() {
	local lines=()
	mapfile -t lines <"$2"
	[[ ${lines[*]} == *"$1"* ]]
}

link_up() {
	ip link add s0 netns srv type veth peer name c0 netns cli
	ip -n srv addr add 192.0.2.1/24 dev s0
	ip -n srv link set s0 up
	ip -n cli link set c0 up
	wait_for 5 link_ready || fail "the link does not come up"
}

# second_link ADDRESS/PREFIX: s1, with this address, and c1 between the same namespaces
second_link() {
	ip link add s1 netns srv type veth peer name c1 netns cli
	ip -n srv addr add "$1" dev s1
	ip -n srv link set s1 up
	ip -n cli link set c1 up
}

link_ready() { [[ $(ip -n cli link show c0) == *LOWER_UP* ]]; }

# Every reply that reaches the client's namespace is kept, and read by tshark when the suite ends. A tap in the server's
# namespace would hold that, and have the replies cloned. Floods are told by their transaction id, and left out.
FLOOD=0x464c4f44
CAPTURES=$TMP/replies
CAPTURE=
capture() {
	[ -z "${NO_CAPTURE:-}" ] || return 0
	end_capture
	mkdir -p "$CAPTURES"
	CAPTURE=$(mktemp "$CAPTURES/XXXXXX")
	within cli tcpdump -B 16384 -s 2000 --immediate-mode -Z root -ni any -U -w "$CAPTURE" \
		"udp src port 67 and udp[12:4] != $FLOOD" 2>"$CAPTURES.log" &
	TCPDUMP=$!
	wait_for 60 file_has "listening on" "$CAPTURES.log" || fail "tcpdump: $(cat "$CAPTURES.log")"
}

# A last message tells that all before it has been written. Its transaction id reads "|END".
LAST=0x7c454e44
end_capture() {
	local status=0
	[ -n "$CAPTURE" ] || return 0
	cli dhcpc lo type=offer op=2 sport=67 xid=$LAST wait=0 >/dev/null
	wait_for 30 grep -qaF '|END' "$CAPTURE" || status=1
	kill "$TCPDUMP"
	wait "$TCPDUMP" 2>/dev/null
	grep -q "^0 packets dropped by kernel" "$CAPTURES.log" || status=1
	CAPTURE=
	return $status
}

# Which replies does tshark find fault with? What the client's namespace sends from port 67 itself (sll.pkttype 4) is a
# relay agent's, or made up. It admits a fault of its own with sub-option 19 of option 82, which is empty (RFC 8357).
malformed_replies() {
	mergecap -a -w "$CAPTURES.pcap" "$CAPTURES"/* || return
	tshark -n -r "$CAPTURES.pcap" -Y "sll.pkttype != 4 && udp.srcport == 67 && dhcp.id != $LAST" -o ip.check_checksum:TRUE \
		-o udp.check_checksum:TRUE -T fields -E separator='|' -e frame.number -e dhcp.type -e _ws.malformed \
		-e _ws.expert.severity -e _ws.expert.message 2>"$CAPTURES.log" | awk -F '|' -v error=8388608 '
			{ n++ }
			$3 == "" && $4 == error && $5 == "ERROR, please report: Unknown subopt type handler 19" { next }
			$2 != 2 || $3 != "" || index("," $4 ",", "," error ",") { print; bad = 1 }
			END { print "# " n + 0 " replies read"; exit bad || !n }'
}

well_formed() { # STATUS of end_capture
	[ "$1" = 0 ] || fail "tcpdump has not written everything: $(tail -n 1 "$CAPTURES.log")"
	malformed_replies || fail "$(cat "$CAPTURES.log")"
}

network() {
	[ -n "${NO_CAPTURE:-}" ] || require_prog tcpdump mergecap tshark
	ip netns add srv
	ip netns add cli
	ip -n srv link set lo up
	ip -n cli link set lo up
	link_up
	capture
}

# Not through srv(): the number must be the daemon's own, not a subshell's.
# shellcheck disable=SC2120 # some tests have a file
start_daemon() { # [FILE [DIRECTORY-OF-THE-STORE]]
	within srv dhcpkd -c "${1:-/dev/null}" -S "$SOCK" -s "${2:-$TMP}" 2>"$TMP/log" &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for 30 ctl config show || fail "the daemon does not answer: $(cat "$TMP/log")"
}

# Is the daemon stopped, as by SIGSTOP?
stopped() {
	local stat
	read -r stat <"/proc/$DAEMON/stat"
	[[ $stat == *") T "* ]]
}

# bad_net COMMAND...: for which goes wrong what $TMP/badnet says (net/badnet.c)
bad_net() { BADNET=$TMP/badnet LD_PRELOAD=$TOOLS/badnet.so "$@"; }

stop_daemon() { # [SIGNAL]
	kill "${1:--TERM}" "$DAEMON" || fail "there is no daemon to stop"
	wait "$DAEMON" 2>/dev/null
}

setup() {
	network
	insmod "$DHCPK_KO"
	# shellcheck disable=SC2119
	start_daemon
}

end_what_runs() {
	local pid mount
	for pid in "${PIDS[@]}"; do
		kill "$pid" 2>/dev/null
		kill -CONT "$pid" 2>/dev/null # one that is stopped would not hear it
		wait "$pid" 2>/dev/null
	done
	PIDS=()
	for mount in "${MOUNTS[@]}"; do
		umount "$mount"
	done
	MOUNTS=()
}

teardown() {
	if [ -n "$READY" ]; then
		end_capture
		end_what_runs
		ip netns del srv 2>/dev/null
		ip netns del cli 2>/dev/null
		rmmod dhcpk 2>/dev/null
		[ "${BR_NETFILTER:-}" != ours ] || modprobe -qr br_netfilter
	fi
	rm -rf "$TMP"
}
trap teardown EXIT

# The suite starts once more with a /run/netns of its own: whatever its namespaces are called, they are nobody else's, and they
# go with it, even if it is killed. A module that is there may be in use.
if [ -z "${IN_SUITE:-}" ]; then
	require_root
	require_prog ip insmod unshare within dhcpc dhcpkd dhcpkctl
	require_module
	[ ! -e /sys/module/dhcpk ] || skip "dhcpk is loaded already"
	rm -rf "$TMP"
	export DHCPK_KO IN_SUITE=$$
	exec unshare --mount "$BASH" "$0" "$@"
fi
if [ "$IN_SUITE" = $$ ]; then
	mkdir -p /run/netns
	mount -t tmpfs netns /run/netns || skip "cannot mount"
fi
READY=1

# A pool that most tests can use; further words are added
lan() {
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 router 192.0.2.1 dns 192.0.2.53 \
		domain lab.example lease 1h "$@" || fail "no pool"
}

names() { # OBJECT [WORDS...]: of each one a line, with these words before its name
	local text
	text=$(ctl -j "$1" show)
	while [[ $text =~ \"name\":\"([^\"]*)\"(.*) ]]; do
		echo "${*:2}${2:+ }${BASH_REMATCH[1]}"
		text=${BASH_REMATCH[2]}
	done
}

# The daemon's file is empty.
no_pools() { names pool pool del | ctl -batch - || fail "the pools do not go"; }

# Bindings outlive the pool that they were made in: the next one on these addresses has them.
no_bindings() { names pool lease flush pool | ctl -batch - || fail "the bindings do not go"; }

# Definitions of the user's own; pools that use them must be gone.
no_options() {
	local name
	while read -r name; do
		ctl option del "$name"
	done < <(names option)
}

# field NAME TEXT: of what dhcpc printed, the first of that name
field() { [[ " ${2//$'\n'/ }" =~ " $1="([^ ]*) ]] && echo "${BASH_REMATCH[1]}"; }

hex_text() { # TEXT: ASCII
	local i
	for ((i = 0; i < ${#1}; i++)); do
		printf %02x "'${1:i:1}"
	done
}

# counter NAME: what it says
counter() { [[ $(ctl -j stats) =~ "\"$1\":"([0-9]+) ]] && echo "${BASH_REMATCH[1]}"; }

# Tracepoints. trace_begin: from now on they are recorded; trace_has PATTERN...: not any more, and each has been seen
TRACING=/sys/kernel/tracing
trace_begin() {
	[ -e $TRACING/events ] || mount -t tracefs tracefs $TRACING || skip "this kernel has no tracefs"
	: >$TRACING/trace
	echo 1 >$TRACING/events/dhcpk/enable || fail "no tracepoints"
}
trace_has() {
	local said
	echo 0 >$TRACING/events/dhcpk/enable
	cp $TRACING/trace "$TMP/trace"
	for said; do
		grep -q "$said" "$TMP/trace" || fail "no $said in: $(cat "$TMP/trace")"
	done
}

# Has the store all that the kernel has?
all_stored() { [[ $(ctl -j) == *'"backlog":0'* ]]; }

# The client at hand, $MAC, and its server $SID are the suite's to say; it may have its own notion of how they talk.
dhcpc() { cli dhcpc c0 "$@" mac="$MAC"; }
offered() { field yiaddr "$(dhcpc "$@" type=discover)"; }
bind() { # [KEY...]: prints the address
	local ip
	ip=$(offered "$@")
	dhcpc "$@" type=request req="$ip" sid="$SID" >/dev/null
	echo "$ip"
}

# state_of IP: as dhcpkctl shows it, "free" if there is no record
state_of() {
	local s
	s=$(ctl -j lease show ip "$1" 2>/dev/null)
	if [[ $s =~ \"state\":\"([a-z]*)\" ]]; then echo "${BASH_REMATCH[1]}"; else echo free; fi
}

# With FRESH set each test has a network, a module and a daemon of its own; otherwise they share what setup made. A file
# may define each_test, to be run before each. NO_REPLIES=0 is for suites in which nobody is served.
one_test() {
	IN_TEST=1
	trap - EXIT
	[ -z "${FRESH:-}" ] || fresh
	if declare -F each_test >/dev/null; then each_test; fi
	"$1"
}

fresh() {
	TMP=$(mktemp -d)
	SOCK=$TMP/control
	PIDS=()
	trap teardown EXIT
	setup
}

# report NAME COMMAND...: as a test; the number is counted on
report() {
	local name=${0##*/}: what=$1 status=0
	shift
	n=$((n + 1))
	("$@") >"$TMP/out" 2>&1 || status=$?
	if [ $status = 0 ]; then
		[ ! -s "$TMP/out" ] || grep '^# ' "$TMP/out" # what was measured
		echo "ok $n $name $what"
	elif [ $status = $SKIPPED ] && grep -q '^# SKIP ' "$TMP/out"; then
		skipped=$((skipped + 1))
		echo "ok $n $name $what $(grep -m 1 '^# SKIP ' "$TMP/out")"
	else
		failed=$((failed + 1))
		sed 's/^[^#]/# &/' "$TMP/out"
		echo "not ok $n $name $what"
	fi
}

all_read() { # STATUS of end_capture
	IN_TEST=1
	[ "$skipped" -lt $((n - 1)) ] || skip "there are none: no test has run"
	well_formed "$1"
}

run_tests() {
	local tests t n=0 failed=0 skipped=0
	mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p' | grep -e "$ONLY")
	echo "TAP version 13"
	echo "1..$((${#tests[@]} + ${NO_REPLIES:-1}))"
	for t in "${tests[@]}"; do
		report "${t#test_}" one_test "$t"
	done
	if [ -z "${NO_REPLIES:-}" ]; then
		end_capture
		report every_reply_is_well_formed all_read $?
	fi
	[ $n = 0 ] || [ $skipped -lt $n ] || return $SKIPPED
	return $((failed > 0))
}
