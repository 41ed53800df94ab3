# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests about interfaces: networks of every kind, and questions over them.
#
#   srv                                    cli
#   s0, or what stands on it ─────────── c0, or what stands on it
#   s1 (a second port) ───────────────── c1, in cli or in a third namespace, oth
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SID=192.0.2.1
FROM=02:00:00:00:00:5c # the frames' source; not the hardware address in the messages
MAC=02:00:00:00:00:01
# shellcheck disable=SC2034 # for the tests
GIADDR=203.0.113.7
NEXT_HOP=02:00:00:00:00:3e # towards GIADDR and its clients

oth() { within oth "$@"; }

# ---- networks ----

wire() { # N [NAMESPACE]: sN in srv, cN in the other
	ip link add "s$1" netns srv up type veth peer name "c$1" netns "${2:-cli}" || fail "no s$1"
	ip -n "${2:-cli}" link set "c$1" up
}

serve_at() { ip -n srv addr add "${2:-$SID}/24" dev "$1"; } # DEV [ADDRESS]

up() { # NAMESPACE DEV...
	local ns=$1 dev
	shift
	for dev in "$@"; do
		ip -n "$ns" link set "$dev" up
	done
	wait_for 5 ready "$ns" || fail "not all links come up"
}

# A link whose carrier has come may still be without its queue, and then it loses what is sent. Of two ends the one that
# comes up last has it at once.
ready() { [[ ! $(ip -n "$1" -o link show up) =~ "qdisc noop "|NO-CARRIER|LOWERLAYERDOWN ]]; }

vlan() { # NAMESPACE PARENT VID [PROTOCOL]: the interface PARENT.VID
	ip -n "$1" link add "$2.$3" link "$2" type vlan protocol "${4:-802.1q}" id "$3"
	ip -n "$1" link set "$2.$3" up
}

bridge() { # DEV... : br0 over them
	local dev
	ip -n srv link add br0 type bridge
	for dev in "$@"; do
		ip -n srv link set "$dev" master br0
	done
	serve_at br0
	up srv br0
}

# One that was there before is not unloaded, and no other is left behind.
BR_NETFILTER=ours
[ ! -e /proc/sys/net/bridge ] || BR_NETFILTER=theirs
# br_netfilter MODE [SETTING...]: absent (as far as the kernel has it as a module), 0 or 1
br_netfilter() {
	local settings=("call-iptables=$1" filter-vlan-tagged=0 pass-vlan-input-dev=0 "${@:2}")
	if [ "$1" = absent ]; then
		[ $BR_NETFILTER = ours ] && modprobe -qr br_netfilter || [ ! -e /proc/sys/net/bridge ] || br_netfilter 0
		return
	fi
	[ -e /proc/sys/net/bridge ] || modprobe -q br_netfilter
	srv sysctl -qw "${settings[@]/#/net.bridge.bridge-nf-}" || skip "this kernel has no br_netfilter"
}

vrf() { # DEV...
	local dev
	modprobe -q vrf
	ip -n srv link add red type vrf table 10 || skip "this kernel has no VRF"
	# Without this, what is not in its table is looked up in the others.
	ip -n srv route add unreachable default table 10 metric 4278198272
	for dev in "$@"; do
		ip -n srv link set "$dev" master red
	done
	up srv red
}

# route_far DEV [VIA]: the way to GIADDR, in the DEV's VRF if it has one
route_far() {
	local via=${2:-192.0.2.3}
	ip -n srv neigh replace "$via" lladdr $NEXT_HOP dev "$1" nud permanent
	ip -n srv route replace 203.0.113.0/24 via "$via" dev "$1" table "${TABLE:-main}" || fail "no route"
}

# A pool that relays lead to; further words are added
# shellcheck disable=SC2120 # some have none
far() { ctl pool add far subnet 203.0.113.0/24 range 203.0.113.10-203.0.113.99 lease 1h "$@" || fail "no pool"; }

# One wire, one pool
plain() {
	wire 0
	serve_at s0
	up srv s0
	pool s0
}

# pool DEV [NET]: a pool named after its interface and that serves NET.10 to NET.99
pool() {
	local net=${2:-192.0.2}
	ctl pool add "${1//./-}" subnet "$net.0/24" dev "$1" range "$net.10-$net.99" lease 1h || fail "no pool"
}

# ---- questions ----

# pick NAME...: out of dhcpc's answers, a line with these fields for each; "silence" stays what it is
pick() {
	local words word name line
	local -A field
	while read -ra words; do
		case ${#words[@]} in
		0) continue ;;
		1) echo "${words[0]}"; continue ;;
		esac
		for word in "${words[@]}"; do field[${word%%=*}]=${word#*=}; done
		line=
		for name; do line+=${field[$name]}/; done
		echo "$line"
	done
}

# who DEV KEY...: who answers the client: TYPE/SERVER/INTERFACE/TAGS/ of each frame that comes into cli, or "silence"
who() {
	cli dhcpc "$1" "${@:2}" type=discover any=1 all=1 more=10 wait="${WAIT:-1000}" mac="$MAC" src="$FROM" |
		pick type sid if tags
}

quiet() { same "$1" "$(WAIT=100 who "${@:2}")" silence; } # WHAT DEV KEY...

# The counters run on from test to test: counted NAME... tells by how much they have since mark.
mark() { MARK=$(ctl -j stats); }
counted() {
	local name now was text
	text=$(ctl -j stats)
	for name; do
		now=${text#*"\"$name\":"} was=${MARK#*"\"$name\":"}
		printf '%s:%d ' "$name" $((${now%%[,\}]*} - ${was%%[,\}]*}))
	done
}

# How many messages for a server have come to the other hosts' namespace
listen_in_oth() {
	require_prog nft
	oth nft -f - <<<'flush ruleset; table ip t { chain c { type filter hook prerouting priority 0; udp dport 67 counter; }; }'
}
heard_in_oth() { oth nft list chain ip t c | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# ---- tests ----

# Every test has interfaces of its own: with these all goes that stands on them or is their other end.
each_test() {
	no_pools
	printf 'link del %s\n' s0 s1 s2 br0 bond0 red | ip -n srv -force -batch - 2>/dev/null
}

run_link_tests() {
	setup
	ip netns add oth
	trap 'ip netns del oth; teardown' EXIT
	run_tests
}
