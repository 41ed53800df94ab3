#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whole exchanges through the relay with Kea, ISC dhcpd, dnsmasq and dhcpk as the server, and in a cascade of two with ISC
# dhcrelay before and behind us. Replies must come with our option 82: the relay is told to drop others.
# shellcheck source=selftests/relay_lib.sh
. "$(dirname "$0")/relay_lib.sh"

# ---- the servers, in far: they serve the relay's link, and in a cascade the one behind it ----

start_kea() {
	cat >"$TMP/kea.conf" <<END
{ "Dhcp4": {
	"interfaces-config": { "interfaces": ["f0"], "dhcp-socket-type": "udp" },
	"multi-threading": { "enable-multi-threading": false },
	"lease-database": { "type": "memfile", "name": "$TMP/kea.leases", "lfc-interval": 0 },
	"authoritative": true, "ddns-send-updates": false, "valid-lifetime": 3600,
	"subnet4": [
		{ "subnet": "192.0.2.0/24", "pools": [{ "pool": "192.0.2.100-192.0.2.199" }] },
		{ "subnet": "203.0.113.0/24", "pools": [{ "pool": "203.0.113.100-203.0.113.199" }] }],
	"loggers": [{ "name": "kea-dhcp4", "severity": "INFO", "output_options": [{ "output": "stderr" }] }]
} }
END
	peer env KEA_PIDFILE_DIR="$TMP" KEA_LOCKFILE_DIR=none kea-dhcp4 -c "$TMP/kea.conf"
}

start_dhcpd() {
	cat >"$TMP/dhcpd.conf" <<END
authoritative;
ping-check false;
ddns-update-style none;
dhcp-cache-threshold 0;
default-lease-time 3600;
subnet 198.51.100.0 netmask 255.255.255.0 { }
subnet 192.0.2.0 netmask 255.255.255.0 { range 192.0.2.100 192.0.2.199; }
subnet 203.0.113.0 netmask 255.255.255.0 { range 203.0.113.100 203.0.113.199; }
END
	: >"$TMP/dhcpd.leases"
	peer dhcpd -4 -f -d --no-pid -cf "$TMP/dhcpd.conf" -lf "$TMP/dhcpd.leases" f0
}

start_dnsmasq() {
	cat >"$TMP/dnsmasq.conf" <<END
port=0
interface=f0
bind-interfaces
no-ping
no-hosts
no-resolv
user=root
dhcp-authoritative
dhcp-leasefile=$TMP/dnsmasq.leases
dhcp-range=192.0.2.100,192.0.2.199,255.255.255.0,3600
dhcp-range=203.0.113.100,203.0.113.199,255.255.255.0,3600
END
	peer dnsmasq -k -C "$TMP/dnsmasq.conf" --pid-file= --log-facility=-
}

# The same module, in another namespace, with a daemon of its own
start_dhcpk() {
	mkdir "$TMP/far"
	cat >"$TMP/far/conf" <<END
pool near { subnet = 192.0.2.0/24 range = {192.0.2.100-192.0.2.199} authoritative = on }
pool cascade { subnet = 203.0.113.0/24 range = {203.0.113.100-203.0.113.199} authoritative = on }
END
	peer dhcpkd -c "$TMP/far/conf" -s "$TMP/far" -S "$TMP/far/control"
}

peer() { in_background far "$@"; } # COMMAND...

# All that is between the client and a server is there.
wait_for_answers() { wait_for 60 answers || fail "no answer: $(tail -n 20 "$TMP/peer.log")"; }
answers() { [[ $(cli dhcpc "${C:-c0}" type=discover mac=$PROBE flags=0x8000 wait=200) == type=offer* ]]; }

# ---- what is said ----

# says WHAT TYPE KEY...: the reply is this, and without option 82; it is in R
says() {
	R=$(cli dhcpc "${C:-c0}" mac="$MAC" "${@:3}")
	same "$1" "$(field type "$R") $(agents "$R")" "$2 "
}

# exchange ADDRESS... ROUTER ITS-MAC: all that a client has to say in its life; its address begins so. What the router only
# forwards has no checksum that tshark could read: no device is on the way that would make it.
exchange() {
	local ip sid c=${C:-c0} routed
	wait_for_answers
	says offer offer type=discover
	ip=$(field yiaddr "$R")
	sid=$(field sid "$R")
	has "address" "$ip" "$1"
	says ack ack type=request req="$ip" sid="$sid"
	same "address and server" "$(field yiaddr "$R") $(field sid "$R")" "$ip $sid"
	says "with flag B" offer type=discover flags=0x8000
	says "after a restart" ack type=request req="$ip"
	says rebind ack type=request ciaddr="$ip" ipsrc="$ip"
	# Who answers it asks for its hardware address.
	ip -n cli addr add "$ip/24" dev "$c"
	routed=(ciaddr="$ip" ipsrc="$ip" ipdst="$sid" l2dst="$3" xid="$FLOOD")
	says "renewal by the router" ack type=request "${routed[@]}"
	same "the same" "$(field yiaddr "$R")" "$ip"
	# RFC 2131 section 3.4: some write to the client itself then, and past its relay.
	R=$(cli dhcpc "$c" mac="$MAC" type=inform ciaddr="$ip" ipsrc="$ip" xid="$FLOOD")
	same inform "$(field type "$R")" ack
	says "wrong network" nak type=request req=10.9.9.9 mac=02:00:00:00:00:02
	cli dhcpc "$c" mac="$MAC" type=release sid="$sid" "${routed[@]}" wait=0 >/dev/null
	ip -n cli addr flush dev "$c" scope global
	says "and again" offer type=discover
}

with() { # SERVER
	srv sysctl -qw net.ipv4.ip_forward=1
	relay circuit-id %i remote-id %m validate on
	"start_$1"
	exchange 192.0.2.1 $RELAY "$SMAC"
}

test_R30_kea() { require_prog kea-dhcp4; with kea; }
test_R30_dhcpd() { require_prog dhcpd; with dhcpd; }
test_R30_dnsmasq() { require_prog dnsmasq; with dnsmasq; }
test_R30_dhcpk() {
	# Without its daemon it would go on to serve, beside the next test's server.
	trap 'far dhcpkctl -S "$TMP/far/control" config apply /dev/null; end_servers' EXIT
	with dhcpk
	has "the server knows the circuit" "$(far dhcpkctl -S "$TMP/far/control" -j lease show | tr -d ' \n')" '"circuit-id":"s0"'
}

# ---- a relay behind a relay ----

in_cascade() { # SERVER
	"start_$1"
	exchange 203.0.113.1 203.0.113.1 "$(mac_of mid m0)"
}

# only_this_agent VALUE: a server that answers as it is told hears of one option 82, of the first relay's, and its client of none
only_this_agent() {
	local r
	wait_for_answers
	r=$(ask type=discover)
	same "up" "$(field hops "$(heard)") $(field giaddr "$(heard)") $(agents "$(heard)")" "2 203.0.113.1 $1"
	same "down" "$(field type "$r") $(agents "$r")" "offer "
}
IN_MID=01026d30 # circuit-id "m0"

# dhcrelay puts in option 82 and takes it out; we leave it alone.
test_R18_behind_dhcrelay() {
	require_prog dhcrelay
	cascade
	relay circuit-id %i
	dhcrelay_in_mid
	in_cascade dhcpd
	mark_relay
	ask type=discover >/dev/null
	same "it went by us" "$(relay_counted up-discover down-offer)" "up-discover:1 down-offer:0 "
	serve reply=auto
	dhcrelay_in_mid
	only_this_agent $IN_MID
}
dhcrelay_in_mid() { in_background mid dhcrelay -4 -d --no-pid -a -m discard -id m0 -iu m1 $RELAY; }

test_R18_before_dhcrelay() {
	require_prog dhcrelay
	cascade
	# It is not the next relay that answers, but the server behind it.
	relay_in_mid 'replies = any circuit-id = "%i" validate = on'
	dhcrelay_in_srv
	in_cascade kea
	# The relay in mid goes on without its daemon.
	serve reply=auto
	dhcrelay_in_srv
	only_this_agent $IN_MID
}
dhcrelay_in_srv() { in_background srv dhcrelay -4 -d --no-pid -id s0 -iu up0 $SERVER; }

test_R18_behind_our_own() {
	cascade
	relay circuit-id %i remote-id %m
	serve reply=auto
	relay_in_mid 'replies = any circuit-id = "%i" validate = on'
	only_this_agent $IN_MID
}

run_relay_tests
