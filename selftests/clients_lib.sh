# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Stock clients of Debian's, for whoever has sourced lib.sh. Each is in a namespace of its own, c1 to c4, at eth0, with an
# /etc of its own that it may write to: what it has written there lies in $TMP/NAMESPACE/etc.
# shellcheck disable=SC2034 # for who reads this file
require_prog udhcpc dhclient dhcpcd
[ -x /usr/lib/systemd/systemd-networkd ] || skip "needs systemd-networkd"
declare -A PROGRAM=([c1]=udhcpc [c2]=dhclient [c3]=dhcpcd [c4]=systemd-networkd)
declare -A MAC PID

on() { local c=$1; shift; ip netns exec "$c" "$@"; }

# plug CLIENT BRIDGE [NETNS]: a cable from its eth0 to a bridge
plug() {
	local c=$1 n=${1#c} at=(ip)
	[ -z "${3:-}" ] || at=(ip -n "$3")
	MAC[$c]=02:00:00:00:00:0$n
	ip netns add "$c"
	"${at[@]}" link add "port$n" type veth peer name eth0 address "${MAC[$c]}" netns "$c"
	"${at[@]}" link set "port$n" master "$2" up
	ip -n "$c" link set lo up
	ip -n "$c" link set eth0 up
}

# at_home CLIENT COMMAND...: its own /etc and /run/systemd; networkd takes links as they are where /sys cannot be written
# to, instead of waiting for udev.
at_home() {
	local home=$TMP/$1
	mkdir -p "$home"/{etc,work,run} /run/systemd
	# shellcheck disable=SC2016 # for the inner shell
	exec ip netns exec "$1" sh -c 'home=$1
		mount -t overlay -o "lowerdir=/etc,upperdir=$home/etc,workdir=$home/work" overlay /etc &&
		mount --bind "$home/run" /run/systemd && mount -o remount,ro /sys || exit
		shift 2
		exec "$@"' sh "$home" "$@"
}

# $TMP is closed to those who give up root, /etc is not.
networkd() {
	mkdir -p "$TMP/c4/etc/systemd/network"
	cat >"$TMP/c4/etc/systemd/network/eth0.network" <<END
[Match]
Name=eth0
[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no
[DHCPv4]
DUIDType=link-layer
END
	SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=debug at_home c4 /usr/lib/systemd/systemd-networkd
}

start() { # CLIENT
	local c=$1
	case $c in
	c1) at_home c1 udhcpc -i eth0 -f -p "$TMP/c1.pid" -S ;;
	c2) at_home c2 dhclient -d -pf "$TMP/c2.pid" -lf "$TMP/c2.leases" eth0 ;;
	c3) at_home c3 dhcpcd -4 -B -t 0 --noarp eth0 ;;
	c4) networkd ;;
	esac >"$TMP/$c.log" 2>&1 &
	PID[$c]=$!
	PIDS+=("${PID[$c]}")
}

# Gives its address back and ends; the address goes from the interface.
release() { # CLIENT
	local c=$1
	case $c in
	c1)
		kill -USR2 "${PID[c1]}"
		wait_for 10 released c1
		kill "${PID[c1]}"
		;;
	c2) on c2 dhclient -r -pf "$TMP/c2.pid" -lf "$TMP/c2.leases" eth0 >>"$TMP/c2.log" 2>&1 ;;
	c3) on c3 dhcpcd -4 -k eth0 >>"$TMP/c3.log" 2>&1 ;;
	c4) kill "${PID[c4]}" ;;
	esac
	wait "${PID[$c]}" 2>/dev/null
	ip -n "$c" addr flush dev eth0
}

addr_of() { ip -n "$1" -4 -o addr show dev eth0 scope global | sed -n 's,.* inet \([0-9.]*\)/24 .*,\1,p' | head -n 1; }
has_addr() { [ -n "$(addr_of "$1")" ]; }
lease_field() { ctl -j lease show mac "${MAC[$1]}" 2>/dev/null | sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p"; }
renewed() { [ "$(lease_field "$1" starts)" != "$2" ] && [ "$(lease_field "$1" state)" = bound ]; }
released() { [ "$(lease_field "$1" state)" = released ]; }
