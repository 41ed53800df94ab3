#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Real clients get, renew and give back an address, and end up with what is configured; and what Windows says on the wire.
#
#   srv: s0, dhcpk ─── cli: c0 ── br0 ─┬─ c1 udhcpc
#                                      ├─ c2 dhclient
#                                      ├─ c3 dhcpcd
#                                      ├─ c4 systemd-networkd, alone: no systemd, no udev, no D-Bus
#                                      └─ c5 dhcpc, which says what Windows says
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/clients_lib.sh"

SID=192.0.2.1
SERVER_MAC=02:00:00:00:00:a0

setup_clients() {
	local c
	ip -n srv link set s0 address $SERVER_MAC
	ip -n cli link add br0 type bridge
	ip -n cli link set br0 up
	ip -n cli link set c0 master br0
	for c in c1 c2 c3 c4 c5; do plug $c br0 cli; done
	lan
	ctl pool set lan lease 16s || fail "no lease of 16 s"
}

# dhclient waits until the kernel has random numbers, which may take minutes in a machine where nothing happens.
seed_random() {
	[ -n "${DHCPK_KERNEL:-}" ] || return 0
	mkdir -p /var/lib/systemd
	head -c 512 /dev/urandom >/var/lib/systemd/random-seed
	SYSTEMD_RANDOM_SEED_CREDIT=force /usr/lib/systemd/systemd-random-seed load || fail "no random numbers"
}

why() { fail "${PROGRAM[$1]} $2: $(tail -n 30 "$TMP/$1.log")"; }

# What the client made of the ACK: address and mask on the interface, default route, name server.
check_interface() {
	local c=$1 ip
	ip=$(lease_field "$c" ip)
	wait_for 20 has_addr "$c" || why "$c" "has no address"
	same "${PROGRAM[$c]}'s address" "$(addr_of "$c")" "$ip"
	wait_for 10 has_router "$c" || why "$c" "has no router"
	wait_for 10 has_dns "$c" || why "$c" "has no name server"
	on "$c" ping -c 1 -W 5 -q 192.0.2.1 >/dev/null || why "$c" "does not reach the router"
}
has_router() { [[ $(ip -n "$1" route show default) == "default via 192.0.2.1 dev eth0"* ]]; }
# networkd leaves resolv.conf to others, and tells them by its state file.
has_dns() {
	case $1 in
	c4) grep -qx 'DNS=192.0.2.53' "$TMP"/c4/run/netif/links/* ;;
	*) grep -qx 'nameserver 192.0.2.53' "$TMP/$1/etc/resolv.conf" ;;
	esac
}

life() { # CLIENT
	local c=$1 ip starts
	start "$c"
	wait_for 40 bound_now "$c" || why "$c" "is not bound"
	check_interface "$c"
	ip=$(addr_of "$c")
	starts=$(lease_field "$c" starts)
	wait_for 30 renewed "$c" "$starts" || why "$c" "did not renew"
	check_interface "$c"
	same "${PROGRAM[$c]}'s address later" "$(addr_of "$c")" "$ip"
	release "$c"
	wait_for 10 released "$c" || why "$c" "gave nothing back"
	! has_router "$c" || why "$c" "leaves a route"
}
bound_now() { [ "$(lease_field "$1" state)" = bound ]; }

test_clients_udhcpc() { life c1; }
test_clients_dhclient() { life c2; }
test_clients_dhcpcd() { life c3; }
test_clients_networkd() { life c4; }

# ---- Windows 10 and 11, as public captures show them: the options in their order ----

hex() { od -An -v -tx1 | tr -d ' \n'; }
address() { tr . '\n' <<<"$1" | while read -r byte; do printf %02x "$byte"; done; }
WINDOWS=02:00:00:00:00:77
NAME=DESKTOP-7A1B2C3

# windows TYPE [KEY=VALUE]... [req IP] [server] [fqdn]
windows() {
	local type=$1 opt="3d0701${WINDOWS//:/}" keys=() name
	shift
	name=$(printf %s "$NAME" | hex)
	while [ $# -gt 0 ]; do
		case $1 in
		req) opt+=3204$(address "$2"); shift ;;
		server) opt+=3604c0000201 ;;
		named) opt+=0c0f$name ;;
		fqdn) opt+=5112000000$name ;;
		*) keys+=("$1") ;;
		esac
		shift
	done
	on c5 dhcpc eth0 "type=$type" mac=$WINDOWS "opt=${opt}3c08$(printf 'MSFT 5.0' | hex)370e0103060f1f212b2c2e2f7779f9fc" "${keys[@]}"
}

# The list in the order asked, without what is not configured; the identifier as sent; option 81 in ASCII is no business of
# ours (RFC 4702 2.3.1).
check_windows() { # WHAT REPLY
	local codes
	codes=$(echo "$2" | tr ' ' '\n' | sed -n 's/^o\([0-9]*\)=.*/\1/p' | tr '\n' ' ')
	same "$1: options" "$codes" "53 54 51 58 59 61 1 3 6 15 44 46 252 "
	same "$1: identifier" "$(field o61 "$2")" "01${WINDOWS//:/}"
	same "$1: values" "$(field o1 "$2") $(field o3 "$2") $(field o6 "$2") $(field o44 "$2") $(field o46 "$2")" \
		"ffffff00 c0000201 c0000235 c000022c 08"
}

windows_gets_an_address() { # FLAGS WHERE (to its address and station, if empty)
	local r ip to
	r=$(windows discover "flags=$1" named)
	ip=$(field yiaddr "$r")
	same type "$(field type "$r")" offer
	to=$2
	[ -n "$to" ] || to="$ip 020000000077"
	same "offer goes to" "$(field ipdst "$r") $(field l2dst "$r")" "$to"
	check_windows offer "$r"

	r=$(windows request "flags=$1" req "$ip" server named fqdn)
	same ack "$(field type "$r") $(field yiaddr "$r")" "ack $ip"
	same "ack goes to" "$(field ipdst "$r") $(field l2dst "$r")" "$to"
	check_windows ack "$r"
	same state "$(state_of "$ip")" bound
	has name "$(ctl -j lease show ip "$ip")" "\"hostname\":\"$NAME\""

	r=$(windows request "ciaddr=$ip" ipdst=$SID l2dst=$SERVER_MAC named fqdn)
	same renewal "$(field type "$r") $(field yiaddr "$r") $(field ipdst "$r")" "ack $ip $ip"
	check_windows renewal "$r"
	r=$(windows request "flags=$1" req "$ip" named fqdn)
	same "after a restart" "$(field type "$r") $(field yiaddr "$r") $(field l2dst "$r")" "ack $ip ${to#* }"

	r=$(windows inform "ciaddr=$ip" named)
	same inform "$(field type "$r") $(field ipdst "$r") $(field lease "$r")" "ack $ip 0"
	windows release "ciaddr=$ip" ipdst=$SID l2dst=$SERVER_MAC server wait=100
	same "given back" "$(state_of "$ip")" released
}

windows_options() {
	ctl pool set lan lease 1h option 44 192.0.2.44 option 46 8 option 252 http://wpad.lab.example/ || fail "options"
}
test_windows_unicast() { windows_options && windows_gets_an_address 0 ""; }
test_windows_broadcast() { windows_options && windows_gets_an_address 0x8000 "255.255.255.255 ffffffffffff"; }

seed_random
setup
setup_clients
run_tests
for c in c1 c2 c3 c4 c5; do ip netns del $c; done
