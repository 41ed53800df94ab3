#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input: refused with the reason, and nothing has changed.
. "$(dirname "$0")/lib.sh"

BASE="subnet 192.0.2.0/24 dev s0 router 192.0.2.1"

# A refusal that failed has left something that the next test would stumble over.
each_test() { no_pools; no_options; }

state() { ctl -j -batch - <<<$'config show\npool show'; }

# refused STATUS REASON WORD...: dhcpkctl refuses these words, says why, and everything stays as it is
refused() {
	local status=$1 reason=$2 before out got=0
	shift 2
	before=$(state)
	out=$(ctl "$@" 2>&1) || got=$?
	has "$*" "$out" "$reason"
	same "status of: $*" "$got" "$status"
	same "state after: $*" "$(state)" "$before"
}

# shellcheck disable=SC2086 # BASE is words
test_addresses_in_range() {
	refused 1 "contains the pool's router 192.0.2.1" pool add x $BASE range 192.0.2.1-192.0.2.9
	refused 1 "contains the network address 192.0.2.0" pool add x $BASE range 192.0.2.0-192.0.2.9
	refused 1 "contains the broadcast address 192.0.2.255" pool add x $BASE range 192.0.2.9-192.0.2.255
	refused 1 "contains this machine's own address 192.0.2.1" pool add x subnet 192.0.2.0/24 dev s0 \
		range 192.0.2.1-192.0.2.9
	refused 1 "overlaps" pool add x $BASE range 192.0.2.10-192.0.2.20 range 192.0.2.20-192.0.2.30
	refused 1 "is outside the subnet" pool add x $BASE range 192.0.3.1-192.0.3.9
	refused 1 "ends before it starts" pool add x $BASE range 192.0.2.20-192.0.2.10
}

# shellcheck disable=SC2086
test_words() {
	refused 1 'there is no interface "nope"' pool add x subnet 192.0.2.0/24 dev nope
	refused 1 "subnet is missing" pool add x dev s0
	refused 1 "did you mean 192.0.2.0/24" pool add x subnet 192.0.2.7/24
	refused 1 'subnet wants' pool add x subnet 192.0.2.0
	refused 1 'not "banana"' pool add x $BASE lease banana
	refused 1 'not "0"' pool add x $BASE lease 0
	refused 1 "shorter than the lease time" pool add x $BASE lease 1h max-lease 1m
	refused 2 'unknown word "colour"' pool add x $BASE colour red
	refused 2 'needs a value' pool add x $BASE lease
	refused 1 "given twice" pool add x $BASE lease 1h lease 2h
	refused 1 "router 198.51.100.1 is not a host address" pool add x subnet 192.0.2.0/24 router 198.51.100.1
	refused 1 "may have letters" pool add 'x y' $BASE
	refused 2 "unknown command" pool frobnicate
	refused 2 "unknown object" frobnicate
	refused 2 "a name is missing" pool add
	refused 1 'there is no pool "x"' pool del x
	refused 1 "no lease for" lease del 192.0.2.10
	refused 2 "wants an IPv4 address" lease del banana
	refused 1 'domain wants a domain name, not "bad name": "bad name" may have letters' pool add x $BASE domain 'bad name'
	refused 1 'domain wants a domain name, not "a..b"' pool add x $BASE domain a..b
	refused 1 'domain wants a domain name, not ""' pool add x $BASE domain ""
	refused 1 "option 15 wants a domain name" pool add x $BASE option 15 'bad name'
	ctl pool add x $BASE domain lab.example || fail "a good domain"
	refused 1 'domain wants a domain name' pool set x domain 'bad name'
}

# An object may be called like a word, but what stands where a name belongs and has a value is one.
# shellcheck disable=SC2086
test_names_that_are_forgotten() {
	refused 2 'which pool? a name is missing before "subnet"' pool add $BASE
	refused 2 'which pool? a name is missing before "lease"' pool set lease 2h
	refused 2 'which option? a name is missing before "code"' option add code 224 type ip
	refused 2 'which host? a name is missing before "ip"' host set ip 192.0.2.9
	ctl pool add lease $BASE || fail "a pool that is called lease"
	ctl pool set lease lease 2h || fail "and changed"
	ctl pool del lease
}

test_words_that_nobody_reads() {
	refused 2 'what of pool "x" is to be set? WORD VALUE or no WORD is missing' pool set x
	refused 2 'what of host "x" is to be set? WORD VALUE or no WORD is missing' host set x
	refused 2 'what of relay "s0" is to be set? WORD VALUE or no WORD is missing' relay set s0
	refused 2 '"ip" is given twice' lease show ip 192.0.2.1 ip 192.0.2.2
	refused 2 '"s" is given twice' lease show state bound s released
	refused 2 '-batch takes its commands from -; unexpected argument "pool"' -batch - pool show
	refused 2 '-batch is given twice' -batch - -batch -
	refused 2 'unknown command "foo"' status foo
	refused 2 'takes no "foo"' status show foo
	refused 2 'unknown command "foo"' stats foo
	refused 2 'unknown command "foo"' monitor foo
	refused 2 'takes no "foo"' config show foo
	refused 2 'takes no "foo"' host show foo
	refused 2 'not "foo" besides' pool show lan foo
}

test_help_of_every_object() {
	local object
	for object in pool host relay option lease stats monitor config status; do
		has "$object help" "$(ctl $object help)" "dhcpkctl $object show"
		same "help $object" "$(ctl help $object)" "$(ctl $object help)"
	done
	has "all that leases have" "$(ctl help)" "lease show|del|flush|pin"
}

# shellcheck disable=SC2086
test_words_may_be_shortened() {
	ctl po ad x subnet 192.0.2.0/24 dev s0 rou 192.0.2.1 lea 2h rap on opt 224 0x01 || fail "a pool's words"
	has "whole" "$(ctl config show)" '"rapid-commit"'
	has "lease" "$(ctl -j pool show x)" '"lease":7200'
	refused 2 '"r" may be r' pool set x r 192.0.2.2
	refused 2 'unknown word "leasex"' pool set x leasex 2h
	refused 2 'unknown word ""' pool set x "" 2h
	ctl host add m 02:00:00:00:00:01 ip 192.0.2.9 || fail "a host's words"
	ctl host add p cl 0102 ip 192.0.2.8 || fail "a name that begins a word"
	same "names" "$(ctl -j host show | grep -o '"name":"[^"]*"' | tr '\n' ' ')" \
		'"name":"02:00:00:00:00:01" "name":"p" '
	ctl host del mac 02:00:00:00:00:01 || fail "del"
	same "leases" "$(ctl -j lease show p x s bound)" "[]"
}

test_words_of_relays_may_be_shortened() {
	ctl r a d s0 tru serv 198.51.100.2 pol append vs text blue opt 2>/dev/null && fail "a word of a pool"
	ctl r a tru serv 198.51.100.2 pol append vs text blue d s0 || fail "a relay's words"
	has "bare" "$(ctl -j rel show s0)" '"trusted":"on","policy":"append"'
	has "what holds" "$(ctl -j relay show)" '"mode":"all","hops":4,"secs":0,"source-port":67,"link-selection":"auto",'
	has "what holds" "$(ctl -j relay show)" '"server-id-override":"off","agent-flags":"off"'
	has "what holds" "$(ctl -j relay show)" '"replies":"configured","validate":"off"'
	ctl relay set s0 surv 1h hop 7 validate on || fail "survive"
	has "what comes with it" "$(ctl -j relay show)" '"hops":7,"secs":0,"source-port":67,"link-selection":"auto","server-id-override":"on","agent-flags":"on"'
	has "what is said" "$(ctl -j relay show)" '"validate":"on"'
	has "two values" "$(ctl -j rel show d s0)" '"vss":"text blue"'
	refused 2 '"s" may be server or secs' relay set s0 s 1
	refused 2 'unknown word "trustedx"' relay set s0 trustedx
	ctl relay set s0 no surv server-id yes agent off || fail "what is said of it"
	has "comes with it all the same" "$(ctl -j relay show)" '"server-id-override":"yes","agent-flags":"on"'
	ctl relay set s0 no tru mod priority || fail "taken back"
	has "off again" "$(ctl -j relay show)" '"trusted":"off"'
	same "a name that begins a word" "$(ctl relay del s 2>&1)" 'dhcpkctl: there is no relay "s"'
	ctl relay del de s0 || fail "del"
	same "none" "$(ctl -j relay show)" "[]"
}

test_options_of_ones_own_are_shown() {
	local out got=0
	ctl option add site-x code 224 type u16 || fail "no definition"
	ctl option add site-wpad code 252 type ip || fail "no definition"
	same "by name" "$(ctl -j option show site-x)" \
		'[{"name":"site-x","code":224,"type":"u16","wants":"a number from 0 to 65535"}]'
	same "by code" "$(ctl -j option show 224)" "$(ctl -j option show site-x)"
	has "before the registry's" "$(ctl -j option show 252)" '"name":"site-wpad"'
	has "the registry's" "$(ctl -j option show ntp)" '"code":42'
	refused 1 'no option "nosuch" is registered, or defined' option show nosuch
	has "without the daemon" "$(srv dhcpkctl -S "$TMP/nobody" option show ntp)" ntp-servers
	out=$(srv dhcpkctl -S "$TMP/nobody" option show site-x 2>&1) || got=$?
	has "who knows" "$got $out" '1 dhcpkctl: no option "site-x" is registered; whether one is defined is not known'
}

# says STATE: what the pool says of itself
says() { has "state" "$(ctl -j pool show lan)" "\"state\":\"$1\""; }
test_state_names_what_is_missing() {
	ip -n srv link add d0 type dummy
	ctl pool add lan subnet 198.51.100.0/24 dev d0 || fail "no pool"
	says "interface is down"
	ip -n srv link set d0 up
	says "interface has no address"
	ip -n srv addr add 198.51.100.1/24 dev d0 label d0:one
	says "serving"
	ip -n srv link set d0 down
	says "interface is down"
	ctl relay add dev d0 server 203.0.113.2 || fail "no relay"
	has "so does a relay" "$(ctl -j relay show d0)" '"state":"interface is down"'
	ctl relay del dev d0
	ip -n srv link del d0
	says "waiting for interface"
}

# What no client can do anything with, by whichever word it is said
# shellcheck disable=SC2086 # BASE is words
test_addresses_and_names_that_no_host_has() {
	local bad
	refused 1 "dns 0.0.0.0 is not a host address" pool add x $BASE dns 0.0.0.0
	refused 1 "255.255.255.255 is not a host address" pool add x $BASE option ntp 255.255.255.255
	refused 1 "224.0.1.1 is a multicast address" pool add x $BASE option ntp 224.0.1.1
	refused 1 "domain-name-servers 192.0.2.0 is not a host address: it is the first address of the subnet" pool add x $BASE dns 192.0.2.0
	refused 1 "domain-name-servers 192.0.2.255 is not a host address: it is the last address of the subnet" pool add x $BASE option 6 192.0.2.255
	refused 1 "next-server 255.255.255.255 is not a host address" pool add x $BASE next-server 255.255.255.255
	refused 1 "224.0.0.1 is a multicast address" pool add x $BASE option sip-servers 224.0.0.1
	refused 1 "0.0.0.0 is not a host address" pool add x $BASE option slp-directory-agent 0.0.0.0
	refused 1 "router 198.51.100.1 is not a host address of subnet" pool add x subnet 192.0.2.0/24 option routers 198.51.100.1
	ctl pool add x subnet 192.0.2.0/24 dev s0 dns 198.51.100.0 || fail "an address of another net, of which nobody knows what it is there"
	refused 1 "router 198.51.100.1 is not a host address of subnet" host add mac 02:00:00:00:00:01 option 3 198.51.100.1
	for bad in "a b" "caf\303\251" -a a- a..b "$(printf '%064d' 1)" "a.-b.example"; do
		# shellcheck disable=SC2059 # bytes
		ctl host add mac 02:00:00:00:00:01 hostname "$(printf -- "$bad")" 2>"$TMP/said" && fail "taken: $bad"
		has "$bad" "$(cat "$TMP/said")" "hostname wants a host name such as printer or printer.lab.example"
	done
	ctl host add mac 5254.0012.3456 hostname box_7.lab.example || fail "a MAC as switches have it"
	has "it is that" "$(ctl -j host show)" '"mac":"5254.0012.3456"'
	ctl host del "$(names host)"
	ctl host add printer client-id 0x01525400123456 || fail "an identifier"
	ctl host del client-id 01:52:54:00:12:34:56 || fail "the same in another spelling"
	echo 'pool y { subnet = 203.0.113.0/24 dev = "s0;" }' >"$TMP/semicolon"
	refused 1 '"s0;" is no interface name' config apply "$TMP/semicolon"
	ctl pool set x option mtu 0x5dc || fail "hexadecimal"
	ctl option add ntp-mc code 42 type hex || fail "another type of a registered code"
	ctl pool set x option ntp-mc 0xe0000101 || fail "by its own name"
	ctl pool set x option 42 0xe0000101 || fail "by the code"
	has "said so" "$(ctl option show)" "ntp-servers"
	ctl pool set x no option || fail "no option"
	ctl option del ntp-mc
	refused 1 "server 192.0.2.255 is a broadcast address" relay add dev s0 server 203.0.113.1,192.0.2.255
	has "host bits are not sent, and that is said" "$(ctl pool set x option 121 '10.1.2.3/8 192.0.2.9' 2>&1)" \
		"pool x: option 121: 10.1.2.3/8 has host bits set; 10.0.0.0/8 is sent"
	ctl pool del x
	printf '\357\273\277pool x { subnet = 198.51.100.0/24 }\n' >"$TMP/marked"
	ctl config apply "$TMP/marked" || fail "a byte order mark"
	ctl pool del x
}

# A client is told of servers in its subnet: they are no clients. With ranges of one's own it is as these say.
test_the_whole_subnet_without_its_servers() {
	ctl pool add lan subnet 192.0.2.0/29 dev s0 router 192.0.2.1 dns 192.0.2.3 option ntp 192.0.2.4 next-server 192.0.2.5 || fail "no pool"
	has "what is left" "$(ctl -j pool show lan)" '"size":2,'
	ctl pool set lan range 192.0.2.2-192.0.2.6 || fail "no range"
	has "with a range" "$(ctl -j pool show lan)" '"size":5,'
}

# A client is looked for by its hardware address, in whatever way that is written.
test_lease_show_by_mac() {
	local mac
	ctl pool add lan subnet 192.0.2.0/24 dev s0 || fail "no pool"
	cli dhcpc c0 type=discover mac=52:54:00:12:34:56 >/dev/null
	for mac in 52:54:00:12:34:56 52-54-00-12-34-56 5254.0012.3456; do
		has "$mac" "$(ctl -j lease show mac $mac)" '"mac":"52:54:00:12:34:56"'
	done
	same "another" "$(ctl -j lease show mac 52:54:00:12:34:57)" "[]"
}

# Changes in a row are made together, or none of them is.
# shellcheck disable=SC2086 # BASE is words
test_a_batch_is_one_change() {
	local before
	before=$(state)
	printf '%s\n' "pool add one $BASE" "host add h mac 02:00:00:00:00:01 ip 10.0.0.1" "pool add two subnet 203.0.113.0/24" \
		>"$TMP/batch"
	ctl -batch "$TMP/batch" 2>"$TMP/said" && fail "an address that no pool has"
	has "why" "$(cat "$TMP/said")" "no pool's subnet has the address"
	has "all of them" "$(cat "$TMP/said")" "of $TMP/batch:1 to 3 nothing is done"
	same "nothing" "$(state)" "$before"
	printf '%s\n' "pool add one $BASE" "" "pool set one colour red" "pool add two subnet 203.0.113.0/24" >"$TMP/batch"
	ctl -batch "$TMP/batch" 2>"$TMP/said" && fail "a word that there is not"
	has "where" "$(cat "$TMP/said")" "stopped at $TMP/batch:3"
	has "and what became of the others" "$(cat "$TMP/said")" "of $TMP/batch:1 to 3 nothing is done"
	same "nothing again" "$(state)" "$before"
	ctl -force -batch "$TMP/batch" 2>"$TMP/said" && fail "all is well"
	has "each for itself" "$(cat "$TMP/said")" "failed at $TMP/batch:3"
	same "the others" "$(names pool | tr '\n' ' ')" "one two "
	refused 2 "-force is for -batch" -force pool show
	ctl host add printer mac 02:00:00:00:00:0a pool one || fail "no host"
	before=$(state)
	printf '%s\n' "pool set one lease 3h" "host del mac 02:00:00:00:00:0A" "host del 0200.0000.000b" | ctl -batch - 2>"$TMP/said" &&
		fail "a host that there is not"
	has "which one" "$(cat "$TMP/said")" 'there is no host "0200.0000.000b"'
	same "nor the others" "$(state)" "$before"
	printf '%s\n' "pool set one lease 3h" "host add me mac 02:00:00:00:00:0c ip 192.0.2.1" | ctl -batch - 2>"$TMP/said" &&
		fail "this machine's own address"
	has "as if it were typed alone" "$(cat "$TMP/said")" "192.0.2.1 is this machine's own address"
	same "nothing, once more" "$(state)" "$before"
	echo "host del 0200.0000.000A" | ctl -batch - || fail "a host by its hardware address"
	printf '%s\n' "pool set one lease 2h" "pool show one" "pool del two" "host add mac 02:00:00:00:00:01" "host del mac 02:00:00:00:00:01" |
		ctl -j -batch - >"$TMP/said" || fail "refused"
	has "what is shown knows what was said before" "$(cat "$TMP/said")" '"lease":7200'
	same "what is left" "$(names pool) $(names host)" "one "
	ctl pool del one
}

# The kernel is told once, however many lines there are.
test_S30_a_batch_is_told_once() {
	local before
	# shellcheck disable=SC2086 # BASE is words
	ctl pool add one $BASE || fail "no pool"
	before=$(generation)
	printf 'host add mac 02:00:00:00:01:%02x\n' {1..125} | ctl -batch - || fail "refused"
	same "generations of the configuration" $(($(generation) - before)) 1
	same "hosts" "$(names host | wc -l)" 125
	ctl pool del one
}
generation() { [[ $(ctl -j) =~ \"generation\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"; }

# Of two who change it at once the second one is told; and what follows what is refused is refused.
test_a_batch_and_somebody_else() {
	local add said again
	add='{"op":"pool-add","name":"%s","set":[["subnet","%s"]]}\n'
	coproc PEER { srv ctlsend "$SOCK"; }
	# shellcheck disable=SC2059 # a format
	printf '{"op":"begin"}\n'"$add" one 192.0.2.0/24 >&"${PEER[1]}"
	read -r _ <&"${PEER[0]}" && read -r _ <&"${PEER[0]}"
	ctl pool add two subnet 203.0.113.0/24 || fail "no pool"
	printf '{"op":"commit"}\n{"op":"commit"}\n' >&"${PEER[1]}"
	read -r said <&"${PEER[0]}"
	read -r again <&"${PEER[0]}"
	eval "exec ${PEER[1]}>&-"
	has "told" "$said" "the configuration has been changed by somebody else meanwhile; none of these changes is made"
	has "nothing is left of it" "$again" "nothing has begun"
	same "the other one's" "$(names pool)" two
	# shellcheck disable=SC2059 # a format
	said=$(answer "$(printf '{"op":"begin"}\n'"$add$add"'{"op":"commit"}' two 192.0.2.0/24 three 198.51.100.0/24)")
	has "the first" "$said" 'there is a pool \"two\" already'
	same "the others" "$(grep -o "a change before this one was refused, and all with it" <<<"$said" | wc -l)" 2
	same "nothing more" "$(names pool)" two
	# shellcheck disable=SC2059 # a format
	answer "$(printf '{"op":"begin"}\n'"$add" four 198.51.100.0/24)" >/dev/null
	same "who goes away has changed nothing" "$(names pool)" two
	ctl pool del two
}

# A host without an address and a pool is the only pool's. It stays that one's when there is another pool.
# shellcheck disable=SC2086 # BASE is words
test_a_second_pool_beside_a_host_without_an_address() {
	ctl pool add one $BASE || fail "no pool"
	ctl host add mac 02:00:00:00:00:01 hostname h || fail "no host"
	ctl pool add two subnet 203.0.113.0/24 || fail "no second pool"
	has "the host's" "$(ctl -j host show)" '"pool":"one"'
	ctl pool del one
	ctl pool del two
}

# Nothing arrives by the port of a bridge itself.
test_state_of_a_port() {
	local out
	ip -n srv link add d0 up type dummy
	ip -n srv addr add 198.51.100.1/24 dev d0
	ip -n srv link add br7 up type bridge
	ip -n srv link set d0 master br7
	out=$(ctl pool add lan subnet 198.51.100.0/24 dev d0 2>&1)
	has "who says it" "$out" "pool lan: d0 is a port of br7, which takes all that arrives there: name the bridge or bond itself"
	says "port of br7"
	out=$(ctl relay add dev d0 server 203.0.113.2 2>&1)
	has "so does a relay" "$out" "relay d0: d0 is a port of br7"
	has "its state" "$(ctl -j relay show d0)" '"state":"port of br7"'
	has "and at a glance" "$(ctl)" "port of br7"
	same "as long as it is one" "$(ctl pool set lan lease 2h 2>&1 | grep -c "is a port")" 1
	out=$(printf 'pool set lan %s\n' "dev s0" "dev d0" "lease 3h" | ctl -batch - 2>&1)
	same "once in a batch" "$(grep -c "is a port" <<<"$out")" 1
	ip -n srv link set d0 nomaster
	says "serving"
	same "nor now" "$(ctl pool set lan lease 1h 2>&1)" ""
	modprobe -q bonding
	ip -n srv link add bond7 up type bond
	ip -n srv link set d0 down master bond7
	says "port of bond7"
	has "a relay's" "$(ctl -j relay show d0)" '"state":"port of bond7"'
	has "who says it" "$(ctl pool set lan dev d0 2>&1)" "d0 is a port of bond7"
	ip -n srv link set d0 nomaster
	ip -n srv link set d0 up
	ip -n srv link del bond7
	says "serving"
	ctl relay del dev d0
	ip -n srv link del br7
	ip -n srv link del d0
}

test_last_sync() {
	local out
	out=$(ctl status)
	has "none yet" "$out" "nothing to sync so far; 0 errors"
	lan durability async
	cli dhcpc c0 type=request mac=02:00:00:00:00:01 req=192.0.2.15 sid=192.0.2.1 >/dev/null
	wait_for 10 synced || fail "not stored: $(ctl)"
	out=$(ctl -j status)
	[[ $out =~ \"last-sync\":\"20[0-9-]{8}T[0-9:]{8}Z\" ]] || fail "JSON: $out"
	[[ $(ctl status) =~ "last sync 20"[0-9-]{8}T[0-9:]{8}"Z, it took "[0-9]+\.[0-9]{3}" ms; 0 errors" ]] || fail "text: $(ctl)"
}
synced() { [[ $(ctl -j) == *'"last-sync"'* ]]; }

test_a_second_daemon() {
	local out got=0
	lan
	mkdir "$TMP/second"
	out=$(srv timeout $((20 * TEST_SLOW)) dhcpkd -c /dev/null -S "$TMP/second/control" -s "$TMP/second" 2>&1) || got=$?
	has "refused" "$got $out" "another dhcpkd is attached to the module in this network namespace; stop it first"
	same "status" "$got" 1
	has "the first goes on" "$(ctl -j pool show)" '"name":"lan"'
	ctl pool set lan lease 2h || fail "the first does not change"
	same "nothing is left" "$(ls "$TMP/second")" ""
	out=$(cli timeout -s TERM 3 dhcpkd -c /dev/null -S "$TMP/second/control" -s "$TMP/second" 2>&1) || got=$?
	same "another namespace has its own: $out" "$got" 124
}

test_what_is_no_socket_stays() {
	local out name got
	echo kept >"$TMP/file"
	ln -s file "$TMP/link"
	for name in file link; do
		got=0
		out=$(cli timeout $((10 * TEST_SLOW)) dhcpkd -c /dev/null -S "$TMP/$name" -s "$TMP/third" 2>&1) || got=$?
		has "$name" "$got $out" "$TMP/$name is no socket"
		same "status" "$got" 1
		same "the $name" "$(cat "$TMP/$name")" kept
	done
}

# A socket of another kind is another program's, which may well be there.
test_a_socket_of_another_program_stays() {
	local out got=0
	ctlsend "$TMP/datagrams" datagrams & PIDS+=($!)
	wait_for 5 test -S "$TMP/datagrams" || fail "no socket"
	out=$(cli timeout $((10 * TEST_SLOW)) dhcpkd -c /dev/null -S "$TMP/datagrams" -s "$TMP/third" 2>&1) || got=$?
	has "refused" "$got $out" "cannot tell if another dhcpkd uses $TMP/datagrams: dhcpkd does not answer"
	same "status" "$got" 1
	test -S "$TMP/datagrams" || fail "it has gone"
}

# shellcheck disable=SC2086
test_options() {
	refused 1 "the server's own" pool add x $BASE option 53 0x01
	refused 1 "1 to 254" pool add x $BASE option 0 0x01
	refused 1 "1 to 254" pool add x $BASE option 255 0x01
	refused 1 'no option "bogus"' pool add x $BASE option bogus 1
	refused 1 "option ntp-servers wants IPv4 addresses" pool add x $BASE option ntp-servers here
	refused 1 "is set twice" pool add x $BASE dns 192.0.2.53 option 6 192.0.2.54
	refused 1 "option 224 wants bytes in hexadecimal" pool add x $BASE option 224 "0x$(zeros 4097)"
	refused 1 '": it is more than 4096 bytes' pool add x $BASE option 224 "0x$(zeros 5000)"
	refused 1 '": it is more than 4096 bytes' pool add x $BASE option 224 "\"$(zeros 2500)\""
	refused 1 "option 224 needs a value: bytes" pool add x $BASE option 224 ""
	refused 1 'option 224 wants bytes' pool add x $BASE option 224 always
}

# zeros N: bytes in hexadecimal
zeros() { printf "%0$((2 * $1))d" 0; }

# The pool has 23 bytes of its own (router, mask, broadcast, and a host-name of 3); each option has a header of 2.
# shellcheck disable=SC2086
test_options_have_4096_bytes() {
	local own="$BASE option host-name abc"
	refused 1 "the options are more than 4096 bytes together" pool add x $own option 224 "0x$(zeros 2025)" \
		option 225 "0x$(zeros 2017)"
	ctl pool add x $own option 224 "0x$(zeros 2024)" option 225 "0x$(zeros 2017)" || fail "4096 bytes are refused"
	refused 1 "the options are more than 4096 bytes together" pool set x option host-name abcd \
		option 224 "0x$(zeros 2024)" option 225 "0x$(zeros 2017)"
	refused 1 "the options are more than 4096 bytes together" host add mac 02:00:00:00:00:01 ip 192.0.2.9 hostname abcd
}

# Every word's own complaint names it and says what it wants.
# shellcheck disable=SC2086
test_switches_and_relays() {
	local word i links=()
	for i in {0..64}; do
		links+=(relay-link "10.$i.0.0/16")
	done
	refused 1 'renew wants a time such as 30m, a share of the lease such as 50%, or off, not "soon"' pool add x $BASE renew soon
	refused 1 'renew wants 1% to 99% of the lease, not "100%"' pool add x $BASE renew 100%
	refused 1 'rebind wants 1% to 99% of the lease, not "0%"' pool add x $BASE rebind 0%
	refused 1 "renew is not before rebind, 1800 s" pool add x $BASE lease 1h rebind 50% renew 40m
	refused 1 "renew is not before rebind, 3150 s" pool add x $BASE lease 1h renew 90%
	# shellcheck disable=SC2086 # BASE is words
	ctl pool add x $BASE lease 2h rebind 1h renew 10m || fail "times"
	ctl host add short mac 02:00:00:00:00:01 lease 20m hostname h || fail "the pool's times are not the host's fault"
	refused 1 "renew is not before rebind, 1050 s" host set short renew 18m
	ctl pool del x
	refused 1 "rebind is not before the end of the lease, 3600 s" pool add x $BASE lease 1h rebind 1h
	refused 1 "renew is not before the end of the lease, 3600 s" pool add x $BASE lease 1h rebind off renew 2h
	for word in authoritative rapid-commit bootp subnet-selection verify-chaddr trusted; do
		refused 1 "$word wants on or off, not \"maybe\"" pool add x $BASE "$word" maybe
	done
	refused 1 'identity wants client-id, mac, circuit-id or client-id-strict, not "name"' pool add x $BASE identity name
	refused 1 'relay-link wants ADDRESS/PREFIX such as 198.51.100.0/24, not "198.51.100.1"' \
		pool add x $BASE relay-link 198.51.100.1
	refused 1 "relay-link 198.51.100.1/24 has host bits set; did you mean 198.51.100.0/24?" \
		pool add x $BASE relay-link 198.51.100.0/25 relay-link 198.51.100.1/24
	refused 1 'there is no interface "eht1"' pool add x $BASE via lo via eht1
	refused 1 'there is no interface "none"' pool add x subnet 198.51.100.0/24 dev none
	refused 1 'via wants interface names, or none; "a/b" is neither' pool add x $BASE via a/b
	refused 1 '"none" cannot be combined with interfaces' pool add x $BASE via lo via none
	refused 1 "relay-link 0.0.0.0/0: the prefix must be 1 to 32" pool add x $BASE relay-link 0.0.0.0/0
	refused 1 "more than 64 relay-links" pool add x $BASE "${links[@]}"
	refused 1 'decline-time wants a time such as 3600, 15m, 1h, 7d or infinite, not "soon"' \
		pool add x $BASE decline-time soon
	refused 1 'not "0"' pool add x $BASE decline-time 0
	refused 1 '"identity" is given twice' pool add x $BASE identity mac identity mac
}

# shellcheck disable=SC2086
test_relay_agents() {
	local base="dev s0 server 198.51.100.2"
	refused 2 "which relay? dev IF is missing" relay add server 198.51.100.2
	refused 1 'there is no interface "nope"' relay add dev nope server 198.51.100.2
	refused 1 '"s/0" is no interface name' relay add s/0 server 198.51.100.2
	refused 1 "server is missing" relay add s0 trusted
	refused 2 '"server" needs a value: server IP[,IP]...' relay add s0 server
	refused 1 'server wants an IPv4 address, not "x"' relay add dev s0 server x
	refused 1 "server 198.51.100.2 is given twice" relay add $base server 198.51.100.3,198.51.100.2
	refused 1 "server 127.0.0.1 is not a host address" relay add dev s0 server 127.0.0.1
	refused 1 "server 198.51.100.2 is the relay's own giaddr" relay add $base giaddr 198.51.100.2
	refused 1 "server: more than 16 addresses" relay add dev s0 server "$(seq -s, -f 198.51.100.%g 17)"
	refused 1 'mode wants all or priority, not "one"' relay add $base mode one
	refused 1 'hops wants a number from 1 to 16, not "17"' relay add $base hops 17
	refused 1 'circuit-id: "%q" stands for nothing; known: %i the interface' relay add $base circuit-id %q
	refused 1 "remote-id is empty" relay add $base remote-id ""
	refused 1 "option 82 has room for 255 bytes" relay add $base circuit-id "$(zeros 70)" remote-id "$(zeros 70)"
	refused 1 "survive wants a time from 1m to 1d" relay add $base survive 2d
	refused 1 "validate wants something that is put into option 82" relay add $base validate on
	refused 2 'unknown word "maybe"' relay add $base trusted maybe
	refused 2 '"vss" needs a value' relay add $base vss text
	refused 1 'there is no relay "s0"' relay set s0 trusted
	refused 1 'there is no relay "s0"' relay del dev s0
	refused 2 "relay del wants one interface" relay del s0 s1
	refused 1 "source-port 68 is where clients listen" relay add $base source-port 68
	refused 1 "survive wants server-id-override" relay add $base survive 1h server-id-override off
	refused 1 "circuit-id: the value is no UTF-8 text" relay add $base circuit-id $'a\xffb'
}

# shellcheck disable=SC2086
test_relays_have_four_ports_of_their_own() {
	local i base="server 198.51.100.2 source-port"
	for i in 1 2 3 4 5; do ip -n srv link add d$i type dummy; done
	for i in 1 2 3 4; do ctl relay add dev d$i $base 700$i || fail "port $i"; done
	refused 1 "source-port 7005 is one too many" relay add dev d5 $base 7005
	ctl relay add dev d5 $base 7004 || fail "one that there is"
	for i in 1 2 3 4 5; do ctl relay del dev d$i; ip -n srv link del d$i; done
}

test_an_interface_has_one_name() {
	ip -n srv link add d0 type dummy
	ip -n srv link property add dev d0 altname other0
	refused 1 '"other0" is another name of the interface d0' relay add dev other0 server 198.51.100.2
	refused 1 '"other0" is another name of the interface d0' pool add x subnet 198.51.100.0/24 dev other0
	echo 'relay other0 { server = 198.51.100.2 }' >"$TMP/other"
	ctl config apply "$TMP/other" || fail "not from a file"
	has "it waits for one that is called so" "$(ctl relay show)" "waiting for interface"
	ctl config apply /dev/null
	ip -n srv link del d0
}

# shellcheck disable=SC2086
test_a_giaddr_that_is_not_ours() {
	local wrong="giaddr 198.18.0.1 is none of this machine's addresses; nothing is relayed until it is" words
	words="server 198.51.100.2 giaddr 198.18.0.1"
	ip -n srv link add d0 type dummy
	same "added" "$(ctl relay add dev s0 $words 2>&1 || echo refused)" "dhcpkctl: warning: relay s0: $wrong"
	same "changed" "$(ctl relay set s0 hops 5 2>&1 || echo refused)" "dhcpkctl: warning: relay s0: $wrong"
	same "another" "$(ctl relay add dev d0 server 198.51.100.2 2>&1 || echo refused)" ""
	has "the state" "$(ctl -j relay show s0)" '"state":"giaddr is not this machine'"'"'s"'
	has "for people" "$(ctl relay show s0)" "giaddr is not this machine's"
	echo "relay s0 { server = 198.51.100.2 giaddr = 198.18.0.1 }" >"$TMP/giaddr"
	same "a file" "$(ctl config apply "$TMP/giaddr" 2>&1 || echo refused)" "dhcpkctl: warning: relay s0: $wrong"
	ip -n srv addr add 198.18.0.1/32 dev lo
	has "it is there" "$(ctl -j relay show s0)" '"state":"relaying"'
	wait_for 10 nothing_to_warn_of || fail "a warning still: $(ctl)"
	same "nothing to say" "$(ctl relay set s0 hops 6 2>&1 || echo refused)" ""
	ip -n srv addr del 198.18.0.1/32 dev lo
	ip -n srv link del d0
	ctl config apply /dev/null
}
nothing_to_warn_of() { ! ctl | grep -q '^warning'; }

# Three hundred relays are read in many pieces, between which the configuration changes.
test_lists_are_whole_while_they_change() {
	local i changes
	for i in {1..300}; do
		echo "relay r$i { server = {$(seq -s, -f 198.51.100.%g 16)} }"
	done >"$TMP/many"
	ctl config apply "$TMP/many" || fail "the file is refused"
	while :; do
		ctl relay set r1 hops 5
		ctl relay set r1 hops 6
	done &
	changes=$!
	trap 'kill $changes' EXIT
	for i in {1..10}; do
		same "all of them" "$(ctl -j relay show 2>&1 | grep -o '"dev":"r' | wc -l)" 300
	done
	kill $changes
	trap - EXIT
	wait $changes
	ctl config apply /dev/null
}

# Bindings go on while the configuration changes, and so does the list of them.
test_lists_of_bindings_are_whole_while_it_changes() {
	local i changes out
	ctl pool add lan subnet 10.0.0.0/16 dev s0 lease 1h durability async || fail "no pool"
	ip -n srv addr add 10.0.0.1/16 dev s0
	cli dhcpc c0 type=discover flood=3000 rapid >/dev/null
	while :; do
		ctl host add mac 02:00:00:00:01:01 ip 10.0.200.1
		ctl host del mac 02:00:00:00:01:01
	done >/dev/null 2>&1 &
	changes=$!
	trap 'kill $changes' EXIT
	for i in {1..5}; do
		out=$(ctl -j lease show) || fail "not shown: ${out: -300}"
		case $out in '['*']') ;; *) fail "no JSON: ${out: -300}" ;; esac
		[ "$(grep -o '"ip"' <<<"$out" | wc -l)" -ge 2000 ] || fail "not all: ${#out} bytes"
	done
	kill $changes
	trap - EXIT
	wait $changes
	ip -n srv addr del 10.0.0.1/16 dev s0
	ctl pool del lan
}

# What could not be read or written was not done.
test_files_that_fail() {
	local out
	out=$(ctl -batch /etc 2>&1) && fail "a directory is a batch"
	has "read" "$out" "/etc: Is a directory"
	lan
	out=$(ctl -j pool show 2>&1 >/dev/full) && fail "it is shown"
	has "written" "$out" "No space left on device"
	ctl pool del lan
}

# libsmartcols may never come to an end where a byte is no character of the locale.
test_tables_of_any_text() {
	ctl relay add dev s0 server 198.51.100.2 circuit-id "Büro" || fail "no relay"
	has "a table" "$(srv timeout $((10 * TEST_SLOW)) dhcpkctl -S "$SOCK" relay show)" 'B\xc3\xbcro'
	has "as it is" "$(ctl -j relay show)" 'Büro'
	ctl relay del dev s0
}

test_flags_may_stand_behind() {
	ctl relay add dev s0 server 198.51.100.2 || fail "no relay"
	for words in "relay show -s" "relay -s" "relay show s0 -s" "relay -s show s0" "-s relay show"; do
		# shellcheck disable=SC2086 # words
		has "$words" "$(ctl $words)" "up-discover"
	done
	has "two of them" "$(ctl relay show -s -j)" '"counters"'
	refused 1 'there is no relay "-x"' relay show -x
	ctl relay del dev s0
}

# shellcheck disable=SC2086
test_boot_fields() {
	refused 1 'next-server wants an IPv4 address, not "boot.example"' pool add x $BASE next-server boot.example
	refused 1 'next-server wants an IPv4 address, not "0.0.0.0"' pool add x $BASE next-server 0.0.0.0
	refused 1 "server-name wants text of 1 to 63 bytes, not 64" pool add x $BASE server-name "$(zeros 32)"
	refused 1 "server-name wants text of 1 to 63 bytes, not 0" pool add x $BASE server-name ""
	refused 1 "boot-file wants text of 1 to 127 bytes, not 128" pool add x $BASE boot-file "$(zeros 64)"
	lan
	refused 1 'next-server wants an IPv4 address, not "x"' host add mac 02:00:00:00:00:01 next-server x
	refused 1 "server-name wants text of 1 to 63 bytes, not 64" host add mac 02:00:00:00:00:01 server-name "$(zeros 32)"
	refused 1 "boot-file wants text of 1 to 127 bytes, not 128" host add mac 02:00:00:00:00:01 boot-file "$(zeros 64)"
}

test_words_taken_back() {
	refused 1 '"no dns": there is nothing to take back yet' pool add x subnet 192.0.2.0/24 no dns
	lan
	ctl host add printer mac 02:00:00:00:00:01 ip 192.0.2.9 || fail "no host"
	refused 1 "subnet cannot be taken back: a pool must have one" pool set lan lease 2h no subnet
	refused 1 '"dns" is given and taken back' pool set lan dns 192.0.2.54 no dns
	refused 1 '"dns" is given and taken back' pool set lan no dns dns 192.0.2.54
	refused 1 "give mac, client-id or circuit-id" host set printer no mac
	refused 2 'unknown word "colour"' pool set lan no colour
	refused 2 "no what?" pool set lan lease 2h no
	refused 1 'dns wants a value; "no dns" takes back what it has' pool set lan dns ''
	refused 1 'boot-file wants a value; "no boot-file" takes back what it has' host set printer boot-file ''
	refused 1 'dns wants an IPv4 address, not ""' pool add x subnet 198.51.100.0/24 dns ''
	refused 1 'router wants an IPv4 address, not ","' pool set lan router ,
	refused 1 "dns: more than 63 addresses" pool set lan dns "$(printf '192.0.2.254, %.0s' {1..100})"
}

test_half_a_change_is_none() {
	lan rapid-commit on
	refused 1 "bootp wants on or off" pool set lan rapid-commit off lease 2h bootp perhaps
	refused 1 "option ntp-servers wants" pool set lan next-server 192.0.2.7 option ntp-servers 192.0.2.256
	refused 2 'unknown word "colour"' pool set lan lease 2h colour red
	refused 1 'there is no pool "nope"' host add mac 02:00:00:00:00:01 hostname h pool nope
	refused 1 "option 66 wants" host add mac 02:00:00:00:00:01 ip 192.0.2.9 option 66 "$(zeros 2049)"
}

# shellcheck disable=SC2086
test_definitions() {
	refused 2 "a name is missing" option add
	refused 1 "code is missing" option add site-x type ip
	refused 1 "type is missing; known: ip ip-list" option add site-x code 224
	refused 1 'there is no type "colour"; known: ip ip-list' option add site-x code 224 type colour
	refused 1 '"0xe0" is no option code' option add site-x code 0xe0 type ip
	refused 1 "1 to 254" option add site-x code 255 type ip
	refused 1 "option 53 is the server's own" option add site-x code 53 type u8
	refused 1 "option 3 (routers) has a meaning for dhcpkd itself, and keeps its type" option add site-x code 3 type text
	refused 1 "option ntp is known already (code 42)" option add ntp code 224 type ip-list
	refused 1 "starts with a letter" option add 9x code 224 type ip
	refused 1 "may have letters" option add 'site x' code 224 type ip
	refused 1 '"type" is given twice' option add site-x code 224 type ip type ip
	refused 2 'unknown word "colour"' option add site-x code 224 colour red
	refused 1 'there is no option "site-x"' option del site-x
	ctl option add site-x code 252 type u16 || fail "no definition"
	refused 1 'there is an option "site-x" already' option add site-x code 225 type u16
	refused 1 "option 252 has a definition already (site-x)" option add site-y code 252 type u16
	refused 1 'option site-x wants a number from 0 to 65535, not "65536"' pool add x $BASE option site-x 65536
	refused 1 'option 252 wants a number' pool add x $BASE option 252 "text"
	ctl pool add x $BASE option site-x 65535 || fail "own option refused"
	refused 1 'option "site-x" is used by pool x' option del site-x
	ctl pool set x option 252 7 || fail "by its code"
	refused 1 'option "252" is used by pool x' option del site-x
	ctl pool set x option 225 00:07 || fail "bytes"
	refused 1 'option "225" is used by pool x' option add site-y code 225 type u16
	refused 1 'option "225" is used by pool x' option add site-y code 0225 type u16
}

# Nothing but the host that is meant goes.
hosts_to_delete() {
	local all
	ctl host add Alpha client-id 010203 ip 192.0.2.21 || fail "no host"
	ctl host add alpha circuit-id 010203 ip 192.0.2.22 || fail "no host"
	ctl host add 02:00:00:00:00:22 mac 02:00:00:00:00:21 ip 192.0.2.23 || fail "no host"
	ctl host add other mac 02:00:00:00:00:22 ip 192.0.2.24 || fail "no host"
	all=$(ctl -j host show)
	refused 2 "host del wants NAME" host del ""
	refused 2 "host del wants NAME" host del mac ""
	refused 1 "there is no host with circuit-id 0102" host del circuit-id 0102
	refused 1 'may be the host "Alpha" or "alpha"' host del ALPHA
	same "all are there" "$(ctl -j host show)" "$all"
	ctl host del alpha || fail "by its name"
	ctl host del mac 02:00:00:00:00:22 || fail "by its mac"
	same "left" "$(ctl -j host show | grep -o '"name":"[^"]*"' | tr '\n' ' ')" '"name":"Alpha" "name":"02:00:00:00:00:22" '
	ctl host del client-id 010203 || fail "by its client-id"
	ctl host del 02:00:00:00:00:22 || fail "by its name"
	same "none" "$(ctl -j host show | tr -d ' \n')" "[]"
}

test_clients_of_hosts() {
	lan
	refused 1 'circuit-id wants bytes in hexadecimal such as 00:04:00:0a, or "text", not "port 1"' \
		host add circuit-id "port 1" ip 192.0.2.9
	refused 1 "circuit-id wants bytes" host add circuit-id "\"$(zeros 128)\"" ip 192.0.2.9
	refused 1 'client-id wants bytes in hexadecimal such as 01:52:54:00:12:34:56, not "xyz"' \
		host add client-id xyz ip 192.0.2.9
	refused 1 "give mac, client-id or circuit-id, one of them" host add mac 02:00:00:00:00:01 circuit-id 0102
	refused 1 "is not a host address of pool lan's subnet" host add circuit-id 0102 ip 192.0.3.9 pool lan
	refused 1 'there is no host "nobody"' host del nobody
	hosts_to_delete
	ctl host add circuit-id '"eth 1/2"' ip 192.0.2.9 || fail "no host"
	refused 1 "is this client already" host add circuit-id 6574:6820:312f:32 ip 192.0.2.8
}

test_hosts() {
	refused 1 "which of the 0 pools" host add mac 02:00:00:00:00:01
	refused 1 "no pool's subnet" host add mac 02:00:00:00:00:01 ip 192.0.2.9
	refused 1 "mac wants" host add mac 02:00:00:00:00
	refused 2 "wants mac M or client-id X" host add ip 192.0.2.9
}

test_addresses_that_no_host_has() {
	lan
	refused 1 "ip 192.0.2.0 is not a host address of pool lan's subnet" host add mac 02:00:00:00:00:01 ip 192.0.2.0
	refused 1 "ip 192.0.2.255 is not a host address of pool lan's subnet" host add mac 02:00:00:00:00:01 ip 192.0.2.255
	refused 1 "ip 192.0.2.1 is this machine's own address" host add mac 02:00:00:00:00:01 ip 192.0.2.1
	ctl host add printer mac 02:00:00:00:00:01 || fail "no host"
	refused 1 "ip 192.0.2.1 is this machine's own address" host set printer ip 192.0.2.1
}

test_overlapping_pools_and_doubles() {
	lan
	case $(ctl pool add other subnet 192.0.2.0/25 dev s0 2>&1) in
	*"shares addresses with pool lan"*) ;;
	*) fail "overlap taken" ;;
	esac
	case $(ctl pool add lan subnet 198.51.100.0/24 2>&1) in
	*'a pool "lan" already'*) ;;
	*) fail "second lan taken" ;;
	esac
	ctl host add mac 02:00:00:00:00:01 ip 192.0.2.9 || fail "no host"
	case $(ctl host add client-id 0102 ip 192.0.2.9 2>&1) in
	*"another host's already"*) ;;
	*) fail "address reserved twice" ;;
	esac
	ctl pool del lan
	same hosts "$(ctl -j host show)" "[]"
}

test_P7_unprivileged_users_get_nothing() {
	local out
	lan
	out=$(srv setpriv --reuid 65534 --clear-groups dhcpkctl -S "$SOCK" -j lease show 2>&1) && fail "nobody reads: $out"
	out=$(unshare -Urn dhcpkctl -j stats 2>&1) && fail "own namespace: $out"
	has "says why" "$out" "CAP_NET_ADMIN"
	ctl pool del lan
}

test_netlink_hostile_messages() {
	local out
	out=$(srv nlbad) || fail "$out"
	note "$out"
	same pools "$(ctl -j pool show)" "[]"
}

answer() { printf '%s\n' "$1" | srv ctlsend "$SOCK"; } # LINE
test_control_socket_hostile_lines() {
	local deep
	deep=$(printf '[%.0s' {1..10000})
	has nesting "$(answer "$deep")" '"ok":false'
	has garbage "$(answer 'hello')" '"ok":false'
	has "no op" "$(answer '{}')" '"ok":false'
	has "types" "$(answer '{"op":"pool-add","name":[1],"set":5}')" '"ok":false'
	has "a file" "$(answer '{"op":"config-save","file":7}')" '"file\" must be a string'
	has "two" "$(answer '{"op":"hello"}{"op":"hello"}')" 'something is behind it'
	has "blanks" "$(answer $'{"op":"hello"} \t\r')" '"ok":true'
	lan
	has "a word that goes on behind a NUL" "$(answer '{"op":"pool-del","name":"lan\u0000-old"}')" '"ok":false'
	has "the pool" "$(ctl -j pool show)" '"name":"lan"'
	ctl config show >/dev/null || fail "the daemon is gone"
}

# What the kernel knows can be had within a few seconds; who must ask the daemon is told in the end.
test_a_daemon_that_hangs() {
	local out start got=0
	lan
	kill -STOP "$DAEMON"
	start=$(date +%s)
	out=$(ctl 2>&1) || fail "status: $out"
	has "says why" "$out" "daemon   dhcpkd does not answer: nothing in 2 s"
	has "the kernel's half" "$out" "lan"
	has "pools" "$(ctl pool show 2>&1)" "nothing in 2 s (it is stopped, stuck, or reads bindings back); this is what"
	has "relays" "$(ctl relay show 2>&1)" "reads bindings back); this is what the kernel knows"
	same "leases" "$(ctl -j lease show)" "[]"
	[ $(($(date +%s) - start)) -le 10 ] || fail "it took $(($(date +%s) - start)) s"
	out=$(ctl pool set lan lease 2h 2>&1) || got=$?
	kill -CONT "$DAEMON"
	same "status" "$got" 1
	has "a change" "$out" "dhcpkd does not answer: nothing in 10 s"
	ctl pool set lan lease 3h || fail "it does not recover"
}

test_a_daemon_of_another_namespace() {
	local out got=0
	lan
	out=$(dhcpkctl -n cli -S "$SOCK" pool del lan 2>&1) || got=$?
	same "status" "$got" 1
	has "says so" "$out" "dhcpkd at $SOCK serves another network namespace"
	has "in the status" "$(dhcpkctl -n cli -S "$SOCK" 2>&1)" "serves another network namespace"
	dhcpkctl -n srv -S "$SOCK" pool set lan lease 2h || fail "its own is refused"
}

# shellcheck disable=SC2034 # lib.sh looks at it
NO_REPLIES=0
setup
run_tests
