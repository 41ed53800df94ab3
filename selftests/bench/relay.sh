#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What it costs to relay a message, beside having the kernel forward one of the same size. With scripts/vm --icount in
# instructions, of all that happens between sending it and having it at the other end.
# shellcheck source=selftests/relay.sh
. "$(dirname "$0")/../relay.sh"

LIMIT=2500
up() { carry cli/c0 far/f0 mac="$MAC" csum=good "$@" || fail "no measurement"; }
down() {
	carry far/f0 cli/c0 type=offer op=2 mac="$MAC" sport=67 ipsrc=$SERVER l2dst="$(mac_of srv up0)" csum=good \
		src="$(mac_of far f0)" "$@" || fail "no measurement"
}
forwarded() { up type=discover ipsrc=192.0.2.77 ipdst=$SERVER dport=6767 sport=6767 l2dst="$SMAC"; }
median() { # COMMAND...: once for the caches
	local result
	"$@" >/dev/null || exit 1
	result=$("$@") || exit 1
	echo "${result%% *}"
}

near() { # WHAT MEDIAN
	[ -n "$2" ] || fail "$1: no measurement"
	note "$1: $2, forwarding and $(($2 - FORWARDED))"
	[ -n "$NO_LIMIT" ] || [ "$2" -le $((FORWARDED + LIMIT)) ] || fail "$1: $2, but $FORWARDED to forward it"
}

test_relaying_costs_little_more_than_forwarding() {
	srv sysctl -qw net.ipv4.ip_forward=1
	# What arrives is no one's: an error message in answer to it would cost as much as to relay it.
	ip -n srv neigh replace $SERVER lladdr "$(mac_of far f0)" dev up0 nud permanent
	ip -n far addr flush dev f0
	FORWARDED=$(median forwarded)
	note "forwarded: $FORWARDED"
	relay
	near "a DISCOVER" "$(median up type=discover)"
	near "an OFFER" "$(median down giaddr=$RELAY yiaddr=$CLIENT ipdst=$RELAY)"
	relay circuit-id %i remote-id %m
	near "a DISCOVER with option 82" "$(median up type=discover)"
	near "an OFFER with option 82" "$(median down giaddr=$RELAY yiaddr=$CLIENT ipdst=$RELAY \
		opt="$(option 82 "$(option 1 "$(hex_text s0)")$(option 2 "$(hex_text "$MAC")")")")"
	relay circuit-id %i giaddr 198.51.100.1 link-selection on
	near "with link selection" "$(median up type=discover)"
}

# Only there are nanoseconds instructions.
NO_LIMIT=${NO_LIMIT:-}
export NO_CAPTURE=1 NO_REPLIES=0
run_relay_tests
