#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same conversations with Kea, ISC dhcpd, dnsmasq and dhcpk, each on a network of its own and configured alike. The
# replies are compared field by field (peers.awk). Every difference stands in peers.differences with its reason: one that
# is missing there fails the test, and so does one that has gone.
#
# A conversation is a function talk_NAME; what is said in it are steps. The server's namespace knows the hardware address of
# the whole subnet, since those that send by an ordinary socket would ask for it, and answer late.
. "$(dirname "$0")/lib.sh"

SID=192.0.2.1
SERVER_MAC=02:00:00:00:00:05
CLIENT_MAC=02:00:00:00:00:c0
# Those whose answer hangs on the switch "authoritative"; all are held with it off, and these once more with it on.
UNSURE=(select_unoffered select_outside reboot_right reboot_wrong reboot_wrong_network reboot_unknown reboot_taken
	renew_unknown rebind_wrong_network rebind_unknown_network reboot_unknown_network inform)

ROUTES=18c63364c00002fe                          # 198.51.100.0/24 via 192.0.2.254

# ---- the servers; each start_ function is told "on" or "off" for authoritative ----

start_dhcpk() {
	insmod "$DHCPK_KO" || fail "insmod"
	start_daemon
	# At once, like the others: an ACK that waits for the disk would be overtaken by the answer to the probe.
	ctl pool add lan durability async subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.199 router 192.0.2.1 dns 192.0.2.53 \
		domain lab.example lease 1h min-lease 10m max-lease 2h authoritative "$1" option ntp-servers 192.0.2.42 \
		option interface-mtu 1400 option domain-search "lab.example, corp.example" \
		option classless-static-routes "198.51.100.0/24 192.0.2.254" option 252 http://wpad.lab.example/ ||
		fail "no pool"
	ctl host add mac 02:00:00:00:00:99 ip 192.0.2.9 hostname desk || fail "no host"
	ctl pool add far subnet 198.51.100.0/24 range 198.51.100.10-198.51.100.99 router 198.51.100.1 dns 192.0.2.53 \
		lease 1h durability async authoritative "$1" || fail "no second pool"
}

start_kea() {
	local authoritative=false
	[ "$1" = off ] || authoritative=true
	cat >"$TMP/kea.conf" <<END
{ "Dhcp4": {
	"interfaces-config": { "interfaces": ["s0"], "dhcp-socket-type": "raw" },
	"multi-threading": { "enable-multi-threading": false },
	"lease-database": { "type": "memfile", "name": "$TMP/kea.leases", "lfc-interval": 0 },
	"authoritative": $authoritative, "ddns-send-updates": false, "calculate-tee-times": true,
	"valid-lifetime": 3600, "min-valid-lifetime": 600, "max-valid-lifetime": 7200,
	"option-data": [{ "name": "domain-name-servers", "data": "192.0.2.53" }],
	"subnet4": [{ "subnet": "192.0.2.0/24", "pools": [{ "pool": "192.0.2.10-192.0.2.199" }],
		"option-data": [
			{ "name": "routers", "data": "192.0.2.1" },
			{ "name": "domain-name", "data": "lab.example" },
			{ "name": "broadcast-address", "data": "192.0.2.255" },
			{ "name": "ntp-servers", "data": "192.0.2.42" },
			{ "name": "interface-mtu", "data": "1400" },
			{ "name": "domain-search", "data": "lab.example, corp.example" },
			{ "code": 121, "csv-format": false, "data": "$ROUTES" },
			{ "code": 252, "csv-format": false, "data": "$(printf http://wpad.lab.example/ | hex)" }],
		"reservations": [{ "hw-address": "02:00:00:00:00:99", "ip-address": "192.0.2.9", "hostname": "desk" }] },
		{ "subnet": "198.51.100.0/24", "pools": [{ "pool": "198.51.100.10-198.51.100.99" }],
			"option-data": [{ "name": "routers", "data": "198.51.100.1" }] }],
	"loggers": [{ "name": "kea-dhcp4", "severity": "INFO", "output_options": [{ "output": "stderr" }] }]
} }
END
	serve env KEA_PIDFILE_DIR="$TMP" KEA_LOCKFILE_DIR=none kea-dhcp4 -c "$TMP/kea.conf"
}

start_dhcpd() {
	local authoritative='not authoritative;'
	[ "$1" = off ] || authoritative='authoritative;'
	cat >"$TMP/dhcpd.conf" <<END
$authoritative
option classless-static-routes code 121 = string;
option wpad code 252 = text;
ping-check false;
ddns-update-style none;
echo-client-id true;
dhcp-cache-threshold 0;
default-lease-time 3600; min-lease-time 600; max-lease-time 7200;
option domain-name-servers 192.0.2.53;
subnet 192.0.2.0 netmask 255.255.255.0 {
	range 192.0.2.10 192.0.2.199;
	option routers 192.0.2.1;
	option domain-name "lab.example";
	option broadcast-address 192.0.2.255;
	option ntp-servers 192.0.2.42;
	option interface-mtu 1400;
	option domain-search "lab.example", "corp.example";
	option classless-static-routes $(echo -n $ROUTES | sed 's/../&:/g; s/:$//');
	option wpad "http://wpad.lab.example/";
}
subnet 198.51.100.0 netmask 255.255.255.0 { range 198.51.100.10 198.51.100.99; option routers 198.51.100.1; }
host desk { hardware ethernet 02:00:00:00:00:99; fixed-address 192.0.2.9; option host-name "desk"; }
END
	touch "$TMP/dhcpd.leases"
	serve dhcpd -4 -f -d --no-pid -cf "$TMP/dhcpd.conf" -lf "$TMP/dhcpd.leases" s0
}

start_dnsmasq() {
	cat >"$TMP/dnsmasq.conf" <<END
port=0
interface=s0
bind-interfaces
no-ping
no-hosts
no-resolv
user=root
dhcp-leasefile=$TMP/dnsmasq.leases
log-dhcp
dhcp-range=192.0.2.10,192.0.2.199,255.255.255.0,3600
domain=lab.example
dhcp-option=tag:!far,option:router,192.0.2.1
dhcp-option=option:dns-server,192.0.2.53
dhcp-option=option:ntp-server,192.0.2.42
dhcp-option=option:mtu,1400
dhcp-option=option:domain-search,lab.example,corp.example
dhcp-option=option:classless-static-route,198.51.100.0/24,192.0.2.254
dhcp-option=252,"http://wpad.lab.example/"
dhcp-host=02:00:00:00:00:99,192.0.2.9,desk
dhcp-range=set:far,198.51.100.10,198.51.100.99,255.255.255.0,3600
dhcp-option=tag:far,option:router,198.51.100.1
END
	[ "$1" = off ] || echo dhcp-authoritative >>"$TMP/dnsmasq.conf"
	serve dnsmasq -k -C "$TMP/dnsmasq.conf" --pid-file= --log-facility=-
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# serve COMMAND...: in the foreground, until it answers. Not through srv(): the number must be the server's own.
serve() {
	ip netns exec srv "$@" >"$TMP/server.log" 2>&1 &
	SERVER=$!
	PIDS=("$SERVER")
	wait_for 60 answers || fail "does not answer: $(tail -n 20 "$TMP/server.log")"
}

answers() { [[ $(cli dhcpc c0 type=discover mac=02:00:00:00:00:ee flags=0x8000 wait=200) == type=offer* ]]; }

stop_server() {
	if [ "$1" = dhcpk ]; then
		stop_daemon
		rmmod dhcpk
	else
		kill "$SERVER"
		wait "$SERVER" 2>/dev/null
	fi
	# shellcheck disable=SC2034 # lib.sh ends what is in it
	PIDS=()
}

# ---- what a client says ----

# say STEP [KEY=VALUE]...: sends what STEP begins with, for example discover or request-again, and keeps the reply with
# what is needed to understand it: what was asked for and what the client has had. OWN is what it has now.
say() {
	local step=$1 asked='' prl='' mac=$ME word r
	shift
	for word in "$@"; do
		case $word in
		req=* | ciaddr=*) asked=${word#*=} ;;
		prl=*) prl=${word#*=} ;;
		src=*) mac=${word#*=} ;;
		esac
	done
	XID=$((XID + 1))
	echo "$* type=${step%%-*} mac=$ME xid=$XID probe=1 wait=20000" >&"${DHCPC[1]}"
	read -r -u "${DHCPC[0]}" r
	while read -r -u "${DHCPC[0]}" word && [ -n "$word" ]; do r+=" again=1"; done
	[ "$r" != lost ] || { echo "$TALK.$step: the server is gone" >&2; return 1; }
	echo "$TALK.$step asked=$asked own=$OWN prl=$prl mac=${mac//:/} :: $r"
	if [[ $r =~ ^type=(offer|ack)\ yiaddr=([0-9.]+) ]] && [ "${BASH_REMATCH[2]}" != 0.0.0.0 ]; then
		OWN=${BASH_REMATCH[2]}
	fi
}

# unheard COMMAND...: by another client, and not part of the comparison. Its address is OTHERS then.
unheard() {
	local ME=02:00:00:00:10:${ME##*:} OWN=''
	"$@" >/dev/null || return
	OTHERS=$OWN
}

bound() { say discover && say request req="$OWN" sid=$SID; }
given_back() { bound && say release ciaddr="$OWN" sid=$SID "${UNICAST[@]}"; }
# An address that nobody has, and that no server gives to the next client by itself but by bad luck
free_address() { unheard given_back; }
# An address that somebody else has
taken_address() { unheard bound; }

UNICAST=("ipdst=$SID" "l2dst=$SERVER_MAC")
ALL=0103060c0f1a1c2a7779fc

# DISCOVER
talk_discover_plain() { say discover; }
talk_discover_list() { say discover prl=01030f06; }
talk_discover_list_order() { say discover prl=2a060f0301; }
talk_discover_list_all() { say discover prl=${ALL}333a3b36; }
talk_discover_list_strange() { say discover prl=0606e0e1030303; }
talk_discover_list_empty() { say discover opt=3700; }
talk_discover_client_id() { say discover cid=01"${ME//:/}" prl=0103; }
talk_discover_client_id_duid() { say discover cid=ff0000000100030001"${ME//:/}" prl=0103; }
talk_discover_client_id_one_byte() { say discover cid=07 prl=0103; }
talk_discover_client_id_empty() { say discover opt=3d00 prl=0103; }
talk_discover_broadcast() { say discover flags=0x8000 prl=0103; }
talk_discover_reserved_flags() { say discover flags=0x7fff prl=0103; }
talk_discover_asks_free() { free_address; say discover req="$OTHERS" prl=0103; }
talk_discover_asks_taken() { taken_address; say discover req="$OTHERS" prl=0103; }
talk_discover_asks_outside() { say discover req=192.0.2.250 prl=0103; }
talk_discover_asks_other_network() { say discover req=203.0.113.7 prl=0103; }
talk_discover_asks_server() { say discover req=$SID prl=0103; }
talk_discover_lease() { say discover lease=1800 prl=0103; }
talk_discover_lease_long() { say discover lease=86400 prl=0103; }
talk_discover_lease_short() { say discover lease=60 prl=0103; }
talk_discover_lease_infinite() { say discover lease=0xffffffff prl=0103; }
talk_discover_again() { say discover prl=0103 && say discover-again prl=0103; }
talk_discover_bound() { bound && say discover-again prl=0103; }
talk_discover_late() { say discover secs=300 hops=3 prl=0103; }
talk_discover_name() { say discover name=box prl=01030c; }
talk_discover_rapid_commit() { say discover opt=5000 prl=0103; }
talk_discover_size_small() { say discover opt=39020190 prl=$ALL; }
talk_discover_size_large() { say discover opt=390205dc prl=$ALL; }
talk_discover_reserved_host() {
	ME=02:00:00:00:00:99
	say discover prl=01030c && say request req="$OWN" sid=$SID prl=01030c
}
talk_discover_no_ipv4() { say discover prl=01036c; }

# Hardware addresses
talk_chaddr_zero() { say discover src="$ME" mac=00:00:00:00:00:00 prl=0103; }
talk_chaddr_zero_client_id() { say discover src="$ME" mac=00:00:00:00:00:00 cid=00c1a0 prl=0103; }
talk_chaddr_group() { say discover src="$ME" mac=03:00:00:00:00:07 cid=00c1a1 prl=0103; }
talk_chaddr_token_ring() { say discover htype=6 flags=0x8000 prl=0103; }
talk_chaddr_infiniband() { say discover src="$ME" htype=32 hlen=0 mac=00:00:00:00:00:00 cid=00c1a2 flags=0x8000 prl=0103; }
talk_chaddr_none() { say discover src="$ME" hlen=0 mac=00:00:00:00:00:00 prl=0103; }
talk_chaddr_long() { say discover src="$ME" hlen=16 chaddr="${ME//:/}0102030405060708090a" flags=0x8000 prl=0103; }
talk_chaddr_too_long() { say discover src="$ME" hlen=17 prl=0103; }

# What is not a request, or is broken
talk_bad_op() { say discover op=2; }
talk_bad_checksum() { say discover csum=bad; }
talk_bad_cookie() { say discover cookie=1; }
talk_bad_option_length() { say discover opt=0cff61; }
talk_bad_short() { say discover len=239; }
talk_type_none() { say none; }
talk_type_ack() { say ack; }
talk_type_leasequery() { say 10 ciaddr=192.0.2.10; }
talk_type_200() { say 200; }

# REQUEST, SELECTING
talk_select() { bound; }
talk_select_list() { say discover prl=$ALL && say request req="$OWN" sid=$SID prl=$ALL; }
talk_select_client_id() { say discover cid=00abcd prl=0103 && say request req="$OWN" sid=$SID cid=00abcd prl=0103; }
talk_select_again() { bound && say request-again req="$OWN" sid=$SID; }
talk_select_lease() { say discover && say request req="$OWN" sid=$SID lease=1800; }
talk_select_other_address() { free_address; say discover && say request req="$OTHERS" sid=$SID; }
talk_select_taken() { taken_address; say discover && say request req="$OTHERS" sid=$SID; }
talk_select_outside() { say request req=192.0.2.250 sid=$SID; }
talk_select_wrong_network() { say request req=203.0.113.7 sid=$SID; }
talk_select_foreign_server() { say discover && say request req="$OWN" sid=192.0.2.3 && say discover-again; }
talk_select_unoffered() { free_address; say request req="$OTHERS" sid=$SID; }
talk_select_nothing() { say request sid=$SID; }
talk_select_ciaddr() { say discover && say request req="$OWN" sid=$SID ciaddr="$OWN"; }

# REQUEST, INIT-REBOOT
talk_reboot_right() { bound && say request-reboot req="$OWN"; }
talk_reboot_wrong() { bound && say request-reboot req=192.0.2.250; }
talk_reboot_wrong_network() { bound && say request-reboot req=203.0.113.7; }
talk_reboot_unknown() { free_address; say request req="$OTHERS"; }
talk_reboot_unknown_network() { say request req=203.0.113.7; }
talk_reboot_taken() { taken_address; say request req="$OTHERS"; }
talk_reboot_released() { given_back && say request-reboot req="$OWN"; }
talk_reboot_nothing() { say request; }

# REQUEST, RENEWING and REBINDING
talk_renew() { bound && say request-renew ciaddr="$OWN" "${UNICAST[@]}"; }
talk_renew_list() { bound && say request-renew ciaddr="$OWN" "${UNICAST[@]}" prl=060f; }
talk_renew_lease() { bound && say request-renew ciaddr="$OWN" "${UNICAST[@]}" lease=1800; }
talk_renew_broadcast_flag() { bound && say request-renew ciaddr="$OWN" "${UNICAST[@]}" flags=0x8000; }
talk_renew_both() { bound && say request-renew ciaddr="$OWN" req="$OWN" "${UNICAST[@]}"; }
talk_renew_unknown() { free_address; say request ciaddr="$OTHERS" "${UNICAST[@]}"; }
talk_renew_taken() { taken_address; say request ciaddr="$OTHERS" "${UNICAST[@]}"; }
talk_rebind() { bound && say request-rebind ciaddr="$OWN"; }
talk_rebind_wrong_network() { bound && say request-rebind ciaddr=203.0.113.7; }
talk_rebind_unknown_network() { say request-rebind ciaddr=203.0.113.7; }
talk_rebind_server_id() { bound && say request-rebind ciaddr="$OWN" sid=$SID; }

# DECLINE and RELEASE: never answered; what they did shows in the next reply
talk_decline() { bound && say decline req="$OWN" sid=$SID && say discover-again; }
talk_decline_foreign_server() { bound && say decline req="$OWN" sid=192.0.2.3 && say request-reboot req="$OWN"; }
talk_decline_anothers() {
	bound
	unheard say decline req="$OWN" sid=$SID
	say request-reboot req="$OWN"
}
talk_release() { given_back && say discover-again; }
talk_release_foreign_server() { bound && say release ciaddr="$OWN" sid=192.0.2.3 "${UNICAST[@]}" && say request-reboot req="$OWN"; }
talk_release_anothers() {
	local mine
	bound && mine=$OWN
	unheard say release ciaddr="$mine" sid=$SID "${UNICAST[@]}"
	say request-reboot req="$mine"
}
talk_release_other_client_id() { bound && say release ciaddr="$OWN" cid=0bad sid=$SID "${UNICAST[@]}" && say request-reboot req="$OWN"; }

# INFORM
talk_inform() { say inform ciaddr=192.0.2.230; }
talk_inform_list() { say inform ciaddr=192.0.2.230 prl=060f77fc; }
talk_inform_broadcast_flag() { say inform ciaddr=192.0.2.230 flags=0x8000 prl=06; }
talk_inform_unicast() { say inform ciaddr=192.0.2.230 "${UNICAST[@]}" prl=06; }
talk_inform_client_id() { say inform ciaddr=192.0.2.230 cid=00abce prl=06; }
talk_inform_bound() { bound && say inform ciaddr="$OWN" prl=06; }
talk_inform_lease() { say inform ciaddr=192.0.2.230 lease=1800 prl=06333a3b; }
talk_inform_other_network() { say inform ciaddr=203.0.113.7 prl=06; }
talk_inform_no_ciaddr() { say inform ipsrc=192.0.2.230 prl=06; }
talk_inform_foreign_server() { say inform ciaddr=192.0.2.230 sid=192.0.2.3 prl=06; }

# Windows 10: name, class "MSFT 5.0", client identifier of type 1; option 81 in the REQUEST
WINDOWS_LIST=0103060f1f212b2c2e2f7779f9fc
windows() {
	local step=$1 fqdn=$2
	shift 2
	say "$step" cid=01"${ME//:/}" name=DESKTOP-7A1B2C3 prl=$WINDOWS_LIST opt="${fqdn}3c084d53465420352e30" "$@"
}
FQDN=51120000004445534b544f502d37413142324333 # no flags, no codes, "DESKTOP-7A1B2C3" in ASCII
talk_windows() {
	windows discover '' && windows request $FQDN req="$OWN" sid=$SID && windows inform '' ciaddr="$OWN" &&
		windows request-renew $FQDN ciaddr="$OWN" "${UNICAST[@]}" && windows request-reboot $FQDN req="$OWN"
}
# As above with the canonical encoding, and the client leaving the update to the server (flags E and S)
talk_fqdn() {
	local fqdn=511405000003626f78036c6162076578616d706c6500
	say discover opt=$fqdn prl=0103 && say request req="$OWN" sid=$SID opt=$fqdn prl=0103
}

# Android: size 1500, class "android-dhcp-13", options 108 (IPv6-only) and 114 (captive portal) asked for
android() {
	local step=$1
	shift
	say "$step" cid=01"${ME//:/}" name=Pixel-7 prl=0103060f1a1c333a3b2b726c \
		opt=390205dc3c0f616e64726f69642d646863702d3133 "$@"
}
talk_android() {
	android discover && android request req="$OWN" sid=$SID && android request-renew ciaddr="$OWN" "${UNICAST[@]}"
}

# iOS and macOS: a lease of 90 days asked for
apple() {
	local step=$1
	shift
	say "$step" cid=01"${ME//:/}" name=iPhone lease=7776000 prl=017903060f6c7277fc opt=390205dc "$@"
}
talk_apple() { apple discover && apple request req="$OWN" sid=$SID && apple request-reboot req="$OWN"; }

# By way of a relay agent on the link: one that has clients on the same subnet, and one with another subnet behind it
AGENT=520e0104657468310206020000000a01 # circuit-id "eth1", remote-id 02:00:00:00:0a:01
FROM_RELAY=("src=$CLIENT_MAC" ipsrc=192.0.2.2 sport=67 hops=1 "${UNICAST[@]}")
NEAR=(giaddr=192.0.2.2 "${FROM_RELAY[@]}")
FAR=(giaddr=198.51.100.1 "${FROM_RELAY[@]}")
far_bound() { say discover "${FAR[@]}" opt=$AGENT && say request "${FAR[@]}" opt=$AGENT req="$OWN" sid=$SID; }
talk_relay_near() { say discover "${NEAR[@]}" opt=$AGENT prl=0103 && say request "${NEAR[@]}" opt=$AGENT req="$OWN" sid=$SID prl=0103; }
talk_relay_far() { far_bound; }
talk_relay_plain() { say discover "${FAR[@]}" prl=0103 && say request "${FAR[@]}" req="$OWN" sid=$SID prl=0103; }
talk_relay_broadcast() { say discover "${FAR[@]}" flags=0x8000 opt=$AGENT prl=0103; }
talk_relay_unknown_network() { say discover giaddr=203.0.113.1 "${FROM_RELAY[@]}" opt=$AGENT prl=0103; }
talk_relay_unknown_sub_option() { say discover "${FAR[@]}" opt=520a01046574683163020a0b prl=0103; }
talk_relay_nak() { far_bound && say request-reboot "${FAR[@]}" opt=$AGENT req=203.0.113.7; }
talk_relay_renew() { far_bound && say request-renew ciaddr="$OWN" "${UNICAST[@]}"; }
talk_relay_rebind() { far_bound && say request-rebind "${FAR[@]}" opt=$AGENT ciaddr="$OWN"; }
talk_relay_release() { far_bound && say release ciaddr="$OWN" sid=$SID "${UNICAST[@]}" && say discover-again "${FAR[@]}" opt=$AGENT; }
talk_relay_inform() { say inform "${FAR[@]}" opt=$AGENT ciaddr=198.51.100.230 prl=0106; }
talk_relay_link_selection() { say discover "${NEAR[@]}" opt=520c0104657468310504c6336400 prl=0103; }
talk_relay_server_id_override() {
	local agent=520c0104657468310b04c6336401
	say discover "${FAR[@]}" opt=$agent prl=0103 && say request "${FAR[@]}" opt=$agent req="$OWN" sid=198.51.100.1 prl=0103
}
talk_relay_source_port() { say discover "${FAR[@]}" sport=1067 opt=52080104657468311300 prl=0103; }

# ---- the comparison ----

talks() { # MODE
	if [ "$1" = on ]; then
		printf '%s\n' "${UNSURE[@]}"
	else
		declare -F | sed -n 's/^declare -f talk_//p'
	fi
}

# Each conversation has a client of its own, the same with every server.
converse() { # MODE
	local talk n=0 kind=1 TALK ME OWN OTHERS XID=0
	[ "$1" = off ] || kind=2
	coproc DHCPC { command dhcpc c0 -; }
	for talk in $(talks "$1"); do
		n=$((n + 1))
		ME=$(printf 02:00:00:00:%02x:%02x $kind $n) OWN='' OTHERS=''
		TALK=$talk
		[ "$1" = off ] || TALK=sure_$talk
		"talk_$talk" || return 1
	done
}

# All in the client's namespace and with one client program, so that no message costs a process.
converse_in_namespace() { ip netns exec cli "$0" converse "$1"; }

peer_network() { # SERVER
	local i
	if [ "$1" = dhcpk ]; then network; else NO_CAPTURE=1 network; fi
	ip -n cli link set c0 address $CLIENT_MAC
	ip -n srv link set s0 address $SERVER_MAC
	srv ethtool -K s0 tx off >/dev/null # checksums are seen on the wire as they are sent
	for i in {2..254}; do echo "neigh add 192.0.2.$i lladdr $CLIENT_MAC dev s0"; done | ip -n srv -batch -
	ip -n srv route add 198.51.100.0/24 via 192.0.2.2
}

no_network() {
	end_capture
	ip netns del srv
	ip netns del cli
}

# All that a server says, into $TMP/SERVER. One that breaks off must not be in the way of the next.
hear() {
	local mode
	trap 'end_what_runs; no_network; rmmod dhcpk' EXIT
	for mode in off on; do
		peer_network "$1"
		"start_$1" $mode
		converse_in_namespace $mode >>"$TMP/$1" || fail "$(tail -n 20 "$TMP/server.log")"
		stop_server "$1"
		no_network
	done
	trap - EXIT
}

compare() {
	hear "$1"
	awk -v server="$1" -f "$(dirname "$0")/peers.awk" "$(dirname "$0")/peers.differences" "$TMP/dhcpk" "$TMP/$1"
}

# First, by its name: the others are compared with it.
test_peers_0_dhcpk() {
	hear dhcpk
	[ "$(grep -c ':: type=' "$TMP/dhcpk")" -gt 100 ] || fail "few replies: $(cat "$TMP/dhcpk")"
}

test_peers_dhcpd() { require_prog dhcpd; compare dhcpd; }
test_peers_dnsmasq() { require_prog dnsmasq; compare dnsmasq; }
test_peers_kea() { require_prog kea-dhcp4; compare kea; }

if [ "${1:-}" = converse ]; then
	trap - EXIT
	rm -rf "$TMP"
	converse "$2"
	exit
fi
run_tests
