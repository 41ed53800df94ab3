# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests that run inside the virtual machine, as root. Each test is a function named test_ID_what, where ID is the line
# of the requirements that it pins; run_tests runs them in order and speaks TAP. Nothing sleeps where it can poll. A suite
# takes a pattern for an argument: the tests that have it in their names.
#
#   srv (namespace)                          cli (namespace)
#   dhcpkd, module ── s0 192.0.2.1/24 ─── c0  the client
set -u
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$HERE/../build/selftests:$PATH
TMP=$(mktemp -d)
export SOCK=$TMP/control
PIDS=()
ONLY=${1:-}

srv() { ip netns exec srv "$@"; }
cli() { ip netns exec cli "$@"; }
ctl() { srv dhcpkctl -S "$SOCK" "$@"; }

note() { echo "# $*"; }

# fail WHY...: ends the test
fail() { note "$@"; exit 1; }

# same WHAT GOT WANTED
same() { [ "$2" = "$3" ] || fail "$1: got \"$2\", wanted \"$3\""; }

# has WHAT TEXT PART
has() { case $2 in *"$3"*) ;; *) fail "$1: \"$3\" is not in: $2" ;; esac; }

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local end=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.05
	done
}

link_up() {
	ip link add s0 netns srv type veth peer name c0 netns cli
	ip -n srv addr add 192.0.2.1/24 dev s0
	ip -n srv link set s0 up
	ip -n cli link set c0 up
	wait_for 5 link_ready || fail "the link does not come up"
}

link_ready() { ip -n cli link show c0 | grep -q LOWER_UP; }

network() {
	ip netns add srv
	ip netns add cli
	ip -n srv link set lo up
	ip -n cli link set lo up
	link_up
}

# Not through srv(): the number must be the daemon's own, not a subshell's.
# shellcheck disable=SC2120 # some tests have a file
start_daemon() { # [FILE]
	ip netns exec srv dhcpkd -c "${1:-/dev/null}" -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for 10 ctl config show || fail "the daemon does not answer: $(cat "$TMP/log")"
}

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
	local pid
	for pid in "${PIDS[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	PIDS=()
}

teardown() {
	end_what_runs
	ip netns del srv 2>/dev/null
	ip netns del cli 2>/dev/null
	rmmod dhcpk 2>/dev/null
	rm -rf "$TMP"
}
trap teardown EXIT

# A pool that most tests can use; further words are added
lan() {
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.19 router 192.0.2.1 dns 192.0.2.53 \
		domain lab.example lease 1h "$@" || fail "no pool"
}

# The daemon's file is empty.
no_pools() { ctl config apply >/dev/null || fail "the pools do not go"; }

# Definitions of the user's own; pools that use them must be gone.
no_options() {
	local option
	for option in $(ctl -j option show | grep -o '"name":"[^"]*"' | cut -d'"' -f4); do
		ctl option del "$option"
	done
}

# field NAME TEXT: of what dhcpc printed
field() { echo "$2" | tr ' ' '\n' | sed -n "s/^$1=//p" | head -n 1; }

# stat NAME: a counter
stat() { ctl -j stats | grep -oP "\"$1\":\K[0-9]+"; }

# state_of IP: as dhcpkctl shows it, "free" if there is no record
state_of() {
	local s
	s=$(ctl -j lease show ip "$1" 2>/dev/null | sed -n 's/.*"state":"\([a-z]*\)".*/\1/p')
	echo "${s:-free}"
}

# With FRESH set each test has a network, a module and a daemon of its own; otherwise they share what setup made. A file
# may define each_test, to be run before each.
one_test() {
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

run_tests() {
	local tests t n=0 failed=0
	mapfile -t tests < <(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p' | grep -e "$ONLY")
	echo "TAP version 13"
	echo "1..${#tests[@]}"
	for t in "${tests[@]}"; do
		n=$((n + 1))
		if (one_test "$t") >"$TMP/out" 2>&1; then
			echo "ok $n ${0##*/}: ${t#test_}"
		else
			failed=$((failed + 1))
			sed 's/^[^#]/# &/' "$TMP/out"
			echo "not ok $n ${0##*/}: ${t#test_}"
		fi
	done
	return $((failed > 0))
}
