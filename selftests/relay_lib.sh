# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests of the relay agent. The server is dhcps: it answers as it is told to, and keeps a line for each request.
#
#   cli              srv                                                     far
#   c0 ──────── s0 192.0.2.1/24   relay, daemon   up0 198.51.100.1/24 ─── f0 198.51.100.2/24, and .3 and .9
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # for the tests
ALL=255.255.255.255 FF=ffffffffffff CLIENT=192.0.2.101 # what dhcps gives to MAC
RELAY=192.0.2.1
SERVER=198.51.100.2
SERVER2=198.51.100.3
NOBODY=198.51.100.9 # an address of the server's machine, but no server's
MAC=02:00:00:00:00:01
PROBE=02:00:00:00:00:ee # another client, dhcpc's word too; dhcps always answers it like a good server
HEARD=$TMP/heard
SERVERS=() # those that run

far() { within far "$@"; }

# ---- the relay ----

# relay [WORD...]: on s0, in place of the one that is there; to $TO, or the server
relay() {
	ctl relay del dev s0 >/dev/null 2>&1
	relay_on s0 "$@"
}
relay_on() { ctl relay add dev "$1" server "${TO:-$SERVER}" "${@:2}" || fail "no relay: $*"; } # DEV [WORD...]

refused() { # WORD...
	ctl relay del dev s0 >/dev/null 2>&1
	! ctl relay add dev s0 server "${TO:-$SERVER}" "$@" 2>/dev/null || fail "not refused: $*"
}

# What "relay show" says of the one on DEV
relay_shows() { # [DEV]
	[[ $(ctl -j -s relay show) =~ \{("\"dev\":\"${1:-s0}\"".*) ]] || return
	echo "{${BASH_REMATCH[1]%%'{"dev":'*}"
}

number_in() { # NAME TEXT
	if [[ $2 =~ "\"$1\":"([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# relay_counted NAME...: by how much they have grown since mark_relay, of the relay on $ON or s0
mark_relay() { RELAY_MARK=$(relay_shows "${ON:-s0}"); }
relay_counted() {
	local name text
	text=$(relay_shows "${ON:-s0}")
	for name; do
		grown "$name" "\"counters\":.*\"$name\":" "$text"
	done
}

# server_counted NAME IP...: the same for what a server was "sent", or its "replies"
server_counted() {
	local ip text
	text=$(relay_shows "${ON:-s0}")
	for ip in "${@:2}"; do
		grown "$ip" "\"ip\":\"$ip\"[^}]*\"$1\":" "$text"
	done
}

grown() { # NAME PATTERN TEXT: since mark_relay, the number behind the pattern; one that is not there is 0
	local now=0 was=0
	[[ ! $3 =~ $2([0-9]+) ]] || now=${BASH_REMATCH[1]}
	[[ ! $RELAY_MARK =~ $2([0-9]+) ]] || was=${BASH_REMATCH[1]}
	printf '%s:%d ' "$1" $((now - was))
}

# Messages to our address for a port without a socket: what is nobody's goes on to the machine's own.
no_ports() {
	[[ $(srv cat /proc/net/snmp) =~ "Udp: "[0-9]+" "([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# ---- the server ----

# one_server FILE KEY...: one more, in $AT or far
one_server() {
	local file=$1
	shift
	: >"$file"
	within "${AT:-far}" dhcps out="$file" plain=$PROBE base=192.0.2.100 "$@" 2>>"$TMP/dhcps.log" &
	SERVERS+=($!)
	wait_for 5 file_has listening "$file" || fail "dhcps: $(tail -n 1 "$TMP/dhcps.log")"
}

serve() { # KEY...: the only one
	end_servers
	one_server "$HEARD" "$@"
}

# in_background NAMESPACE COMMAND...: until end_servers
in_background() {
	within "$@" >>"$TMP/peer.log" 2>&1 &
	SERVERS+=($!)
}

end_servers() {
	local pid
	for pid in "${SERVERS[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	SERVERS=()
}

# read_theirs FILE: what the server has heard, but for the probe, into REQUESTS, a line each
read_theirs() {
	local lines=() line
	REQUESTS=()
	mapfile -t lines <"$1"
	for line in "${lines[@]}"; do
		case $line in
		listening* | *"chaddr=${PROBE//:/}"*) ;;
		*) REQUESTS+=("$line") ;;
		esac
	done
}
theirs() { # [FILE]
	read_theirs "${1:-$HEARD}"
	[ ${#REQUESTS[@]} = 0 ] || printf '%s\n' "${REQUESTS[@]}"
}
has_heard() { # N FILE
	read_theirs "$2"
	[ ${#REQUESTS[@]} -ge "$1" ]
}

# The Nth of these lines, once it is there
line_heard() { # N FILE
	wait_for 5 has_heard "$1" "$2" || fail "the server has heard nothing"
	echo "${REQUESTS[$1 - 1]}"
}
heard() { line_heard 1 "$HEARD"; }
# all_heard N: the bytes of these, with commas between them
all_heard() {
	local line list=
	line_heard "$1" "$HEARD" >/dev/null
	for line in "${REQUESTS[@]}"; do
		list+=,$(field raw "$line")
	done
	echo "${list#,}"
}
forget() { : >"$HEARD"; }

# ---- the client ----

# ask KEY...: prints what the client gets, with all of its bytes
ask() {
	forget
	cli dhcpc "${C:-c0}" raw=1 "$@" mac="$MAC"
}

# say KEY...: without waiting for an answer
say() { cli dhcpc "${C:-c0}" wait=0 "$@" mac="$MAC" >/dev/null; }

# bytes KEY...: of the message that dhcpc sends
bytes() { field raw "$(command dhcpc c0 dry=1 "$@" mac="$MAC")"; }

# The probe comes last: once it is heard all is that came before it. It has waited long, for relays that want that.
probe() {
	cli dhcpc "${C:-c0}" wait=0 type=discover mac=$PROBE secs=65535 >/dev/null
	wait_for 5 file_has "chaddr=${PROBE//:/}" "$HEARD" || fail "$1: not even the probe comes through"
}

unheard() { # WHAT KEY...: the server does not get it
	forget
	say "${@:2}"
	probe "$1"
	same "$1" "$(theirs)" ""
}

undelivered() { # WHAT KEY...: the client does not get what the server answers
	same "$1" "$(ask probe=1 "${@:2}")" silence
	[ -n "$(theirs "$HEARD")" ] || fail "$1: the server has not got it either"
}

delivered() { # WHAT TYPE KEY...
	same "$1" "$(field type "$(ask "${@:3}")")" "$2"
}

# many KEY...: the same for every line of input
many() { cli dhcpc "${C:-c0}" - wait=0 "$@" mac="$MAC" >/dev/null; }

# from_server KEY...: a reply that nobody has asked for, by hand; "-" has one for every line of input
from_server() {
	local keys=(type=offer op=2 "giaddr=$RELAY" "yiaddr=$CLIENT" "ipsrc=$SERVER" "ipdst=$RELAY" sport=67 wait=0)
	far dhcpc f0 "$@" "${keys[@]}" l2dst="$UPMAC" src="$FMAC" mac="$MAC" >/dev/null
}

# ---- frames ----

# listen NAMESPACE 1|2 N: to so many requests, or answers, that come into it. A tap like this one shares the bytes with
# whoever handles the frame, and looks at them afterwards.
listen() {
	local before
	before=$(n_taps "$1")
	{
		within "$1" dhcpc lo type=none dport=9 hear="$2" any=1 all=1 count="$3" wait=20000 raw=1
		echo over
	} >"$TMP/tap.$1" &
	wait_for 5 more_taps "$1" "$before" || fail "no tap in $1"
}
n_taps() { within "$1" grep -c '^[^ ]* *[0-9]* *3 *0003 ' /proc/net/packet; } # of all protocols
more_taps() { [ "$(n_taps "$1")" -gt "$2" ]; }

# listened NAMESPACE: all that is behind the UDP header in each of these frames, with commas between them
listened() {
	wait_for 25 grep -q ^over "$TMP/tap.$1" || fail "the tap in $1 does not end"
	sed -n 's/.* raw=//p' "$TMP/tap.$1" | paste -sd,
}

# ---- bytes ----

# as_relayed BYTES [GIADDR]: a request as a relay passes it on that adds nothing; giaddr as it is, if none is given
as_relayed() {
	local giaddr=${1:48:8}
	[ -z "${2:-}" ] || giaddr=$(hex_ip "$2")
	printf '%s%02x%s%s%s' "${1:0:6}" $((0x${1:6:2} + 1)) "${1:8:40}" "$giaddr" "${1:56}"
}

hex_ip() { # IP
	local bytes
	IFS=. read -ra bytes <<<"$1"
	printf %02x "${bytes[@]}"
}
option() { printf '%02x%02x%s' "$1" $((${#2} / 2)) "$2"; } # CODE HEX; a sub-option is no different
repeated() { # N HEX
	local spaces
	printf -v spaces '%*s' "$1" ''
	printf %b "${spaces// /"$2"}"
}
list_of() { # N HEX: with commas between them
	local list
	list=$(repeated "$1" "$2,")
	echo "${list%,}"
}

# subs HEX: the sub-options of an option 82 as CODE=HEX, in the order of their codes; "broken" if they do not add up
subs() {
	local rest=$1 code len found=()
	while [ -n "$rest" ]; do
		code=$((0x${rest:0:2})) len=$((2 * 0x0${rest:2:2}))
		[ ${#rest} -ge $((4 + len)) ] || { echo broken; return; }
		found[code]+="${found[code]:+ }$code=${rest:4:len}"
		rest=${rest:4+len}
	done
	echo "${found[*]}"
}

# padded N HEX: with zeros up to N bytes
padded() {
	local more=$((2 * $1 - ${#2}))
	printf %s "$2"
	[ $more -le 0 ] || printf %0*d $more 0
}

# agents TEXT: the values of each option 82 that dhcpc or dhcps saw, with a comma between them
agents() {
	local rest=" ${1//$'\n'/ }" list=
	while [[ $rest =~ " o82="([^ ]*)(.*) ]]; do
		list+=,${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]}
	done
	echo "${list#,}"
}

# ---- the network ----

# Addresses that a test has changed are as they were, and there is no relay, no pool and no server.
each_test() {
	nothing_left
	ip -n srv -force -batch - <<-END
		link set s0 mtu 1500
		addr flush dev s0 scope global
		addr add $RELAY/24 dev s0
	END
}

nothing_left() {
	trap end_servers EXIT
	no_bindings
	ctl config apply /dev/null || fail "what is configured does not go"
	ip -n srv link set up0 mtu 1500
	srv sysctl -qw net.ipv4.ip_forward=0
}

wire_to_the_server() {
	ip netns add far
	ip link add up0 netns srv type veth peer name f0 netns far
	ip -n srv addr add 198.51.100.1/24 dev up0
	ip -n srv link set up0 up
	for ip in $SERVER $SERVER2 $NOBODY; do
		ip -n far addr add "$ip/24" dev f0
	done
	ip -n far link set lo up
	ip -n far link set f0 up
	ip -n far route add default via 198.51.100.1
	wait_for 5 far ping -qc 1 -W 1 198.51.100.1 || fail "the link to the server does not come up"
	# shellcheck disable=SC2034 # for the tests
	CMAC=$(mac_of cli c0) SMAC=$(mac_of srv s0) UPMAC=$(mac_of srv up0) FMAC=$(mac_of far f0)
}

# ---- a relay before ours ----

# cascade: until the test is over
#
#   cli                mid                                        srv
#   k0 ─── m0 203.0.113.1/24   relay   m1 192.0.2.7/24 ─── s0 192.0.2.1/24   relay
cascade() {
	trap 'end_servers; end_cascade' EXIT
	ip netns add mid
	ip link add m0 netns mid type veth peer name k0 netns cli
	ip -n cli link set c0 down
	ip -n cli link set c0 netns mid name m1
	ip -n mid addr add 203.0.113.1/24 dev m0
	ip -n mid addr add 192.0.2.7/24 dev m1
	for dev in lo m0 m1; do
		ip -n mid link set $dev up
	done
	ip -n cli link set k0 up
	ip -n mid route add default via $RELAY
	ip -n srv route add 203.0.113.0/24 via 192.0.2.7
	within mid sysctl -qw net.ipv4.ip_forward=1
	srv sysctl -qw net.ipv4.ip_forward=1
	C=k0
}

# relay_in_mid WORD...: the module's relay once more, as a file says it, with a daemon of its own
relay_in_mid() {
	mkdir "$TMP/mid"
	echo "relay m0 { server = {$RELAY} $* }" >"$TMP/mid/conf"
	in_background mid dhcpkd -c "$TMP/mid/conf" -s "$TMP/mid" -S "$TMP/mid/control"
}

# The cable is back in its place for the next test.
end_cascade() {
	ip -n mid link set m1 netns cli name c0
	ip -n cli link set c0 up
	ip netns del mid
	ip -n srv route del 203.0.113.0/24
	wait_for 5 link_ready
}

# ---- all of it ----

run_relay_tests() {
	setup
	trap 'ip netns del far 2>/dev/null; teardown' EXIT
	wire_to_the_server
	run_tests
}
