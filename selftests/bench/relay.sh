#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What it costs to relay a message, beside having the kernel forward one of the same size. With scripts/vm --icount in
# instructions, of all that happens between sending it and having it at the other end.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"
require_icount

# A renewal that a relay with "survive" keeps in mind costs the most. What it may grow by is one per cent of the whole.
LIMIT=2550
up() { carry "cli/${C:-c0}" far/f0 mac="$MAC" csum=good "$@" || fail "no measurement"; }
down() { # GIADDR KEY...
	carry far/f0 "cli/${C:-c0}" type=offer op=2 mac="$MAC" sport=67 ipsrc=$SERVER ipdst="$1" giaddr="$1" \
		yiaddr=$CLIENT l2dst="$UPMAC" csum=good src="$FMAC" "${@:2}" || fail "no measurement"
}
median() { # COMMAND...: once for the caches
	local result
	"$@" >/dev/null || exit 1
	result=$("$@") || exit 1
	echo "${result%% *}"
}

# forward FROM MAC: what it costs to have the kernel send a datagram from there on, by the router of this address
forward() {
	srv sysctl -qw net.ipv4.ip_forward=1
	# What arrives is no one's: an error message in answer to it would cost as much as to relay it.
	ip -n srv neigh replace $SERVER lladdr "$FMAC" dev up0 nud permanent
	ip -n far addr flush dev f0
	FORWARDED=$(median up type=discover ipsrc="$1" ipdst=$SERVER dport=6767 sport=6767 l2dst="$2")
	note "forwarded: $FORWARDED"
}

near() { # WHAT MEDIAN [RELAYS]
	[ -n "$2" ] || fail "$1: no measurement"
	note "$1: $2, forwarding and $(($2 - FORWARDED))"
	[ -n "$NO_LIMIT" ] || [ "$2" -le $((FORWARDED + ${3:-1} * LIMIT)) ] || fail "$1: $2, but $FORWARDED to forward it"
}

# What a relay with a circuit-id and a remote-id puts in on this interface
agent() { option 82 "$(option 1 "$(hex_text "$1")")$(option 2 "$(hex_text "$MAC")")"; }

# And with "survive": a circuit-id, agent flags, server identifier override
remembered_agent() { option 82 "$(option 1 "$(hex_text s0)")$(option 10 00)$(option 11 "$(hex_ip $RELAY)")"; }

test_relaying_costs_little_more_than_forwarding() {
	forward 192.0.2.77 "$SMAC"
	relay
	near "a DISCOVER" "$(median up type=discover)"
	near "an OFFER" "$(median down $RELAY)"
	near "another relay's DISCOVER" "$(median up type=discover giaddr=203.0.113.9 ipsrc=192.0.2.77 ipdst=$RELAY \
		sport=67 l2dst="$SMAC")"
	relay circuit-id %i remote-id %m
	near "a DISCOVER with option 82" "$(median up type=discover)"
	near "an OFFER with option 82" "$(median down $RELAY opt="$(agent s0)")"
	relay circuit-id %i giaddr 198.51.100.1 link-selection on
	near "with link selection" "$(median up type=discover)"
	relay circuit-id %i survive 1h
	near "a renewal with survive" "$(median up type=request ciaddr=$CLIENT ipsrc=$CLIENT)"
	near "an ACK with survive" "$(median down $RELAY type=ack opt="$(option 51 00000e10)$(remembered_agent)")"
}

# The second relay only forwards what comes back: it is for the first.
test_a_path_of_relays_costs_little_more_than_one_of_routers() {
	cascade
	forward 203.0.113.77 "$(mac_of mid m0)"
	relay circuit-id %i
	relay_in_mid 'replies = any circuit-id = "%i" remote-id = "%m"'
	wait_for 30 mid_relays || fail "the first one does not relay: $(cat "$TMP/peer.log")"
	near "a DISCOVER by two relays" "$(median up type=discover)" 2
	near "an OFFER by both of them" "$(median down 203.0.113.1 opt="$(agent m0)")"
}
mid_relays() { [[ $(ip netns exec mid dhcpkctl -S "$TMP/mid/control" -j relay show) == *'"relaying"'* ]]; }

NO_LIMIT=${NO_LIMIT:-}
export NO_CAPTURE=1 NO_REPLIES=0
run_relay_tests
