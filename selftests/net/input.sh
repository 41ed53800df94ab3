#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input: refused with the reason, and nothing has changed.
. "$(dirname "$0")/../lib.sh"

BASE="subnet 192.0.2.0/24 dev s0 router 192.0.2.1"

# refused STATUS REASON WORD...: dhcpkctl refuses these words, says why, and the pools stay as they are
refused() {
	local status=$1 reason=$2 before after out got=0
	shift 2
	before=$(ctl -j config show)
	out=$(ctl "$@" 2>&1) || got=$?
	after=$(ctl -j config show)
	same "status of: $*" "$got" "$status"
	has "$*" "$out" "$reason"
	same "configuration after: $*" "$after" "$before"
	same "kernel's pools" "$(ctl -j pool show | tr -d ' ')" "[]"
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
	refused 1 "router 198.51.100.1 is no host" pool add x subnet 192.0.2.0/24 router 198.51.100.1
	refused 1 "may have letters" pool add 'x y' $BASE
	refused 2 "unknown command" pool frobnicate
	refused 2 "unknown object" frobnicate
	refused 2 "a name is missing" pool add
	refused 1 'there is no pool "x"' pool del x
	refused 1 "nobody has" lease del 192.0.2.10
	refused 2 "wants an IPv4 address" lease del banana
}

# shellcheck disable=SC2086
test_options() {
	refused 1 "the server's own" pool add x $BASE option 53 0x01
	refused 1 "1 to 254" pool add x $BASE option 0 0x01
	refused 1 "1 to 254" pool add x $BASE option 255 0x01
	refused 1 'no option "bogus"' pool add x $BASE option bogus 1
	refused 1 "option ntp-servers wants IPv4 addresses" pool add x $BASE option ntp-servers here
	refused 1 "is set twice" pool add x $BASE dns 192.0.2.53 option 6 192.0.2.54
	refused 1 "1024 bytes" pool add x $BASE option 224 "0x$(printf 'ab%.0s' {1..250})" option 225 "0x$(printf 'ab%.0s' {1..250})" \
		option 226 "0x$(printf 'ab%.0s' {1..250})" option 227 "0x$(printf 'ab%.0s' {1..250})" option 228 "0x$(printf 'ab%.0s' {1..250})"
}

test_hosts() {
	refused 1 "which of the 0 pools" host add mac 02:00:00:00:00:01
	refused 1 "no pool's subnet" host add mac 02:00:00:00:00:01 ip 192.0.2.9
	refused 1 "mac wants" host add mac 02:00:00:00:00
	refused 2 "wants mac M or client-id X" host add ip 192.0.2.9
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

# file_error TEXT WANTED: dhcpkd -t says WANTED, with line and column
file_error() {
	printf '%b' "$1" >"$TMP/bad.conf"
	local out got=0
	out=$(dhcpkd -t -c "$TMP/bad.conf" 2>&1) || got=$?
	same "status" "$got" 1
	has "file" "$out" "bad.conf:$2"
}

test_file_line_and_column() {
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\trange = {192.0.3.1-192.0.3.9}\n}\n' \
		'3:11: pool lan: range 192.0.3.1-192.0.3.9 is outside'
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tcolour = red\n}\n' "3:2: no such option 'colour'; known here"
	file_error 'pool lan {\n\tsubnet 192.0.2.0/24\n}\n' "2:"
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tlease = banana\n}\n' '3:10: pool lan: lease wants'
	file_error 'pool a { subnet = 192.0.2.0/24 }\nhost b { mac = 1:2 }\n' '2:16: host b: mac wants'
}

test_file_reload_is_all_or_nothing() {
	printf 'pool lan {\n subnet = 192.0.2.0/24\n dev = later0\n}\n' >"$TMP/good.conf"
	printf 'pool lan {\n subnet = 192.0.2.0/24\n}\npool x {}\n' >"$TMP/bad.conf"
	ctl config apply "$TMP/good.conf" || fail "good file refused"
	has "interface may come later" "$(ctl -j pool show)" '"state":"waiting for interface"'
	case $(ctl config apply "$TMP/bad.conf" 2>&1) in
	*"bad.conf:4:"*"subnet is missing"*) ;;
	*) fail "bad file" ;;
	esac
	has "as before" "$(ctl -j pool show)" later0
	ip -n srv link add later0 type dummy
	has "it came" "$(ctl -j pool show)" '"state":"serving"'
	ip -n srv link set later0 name other0
	has "renamed away" "$(ctl -j pool show)" '"state":"waiting for interface"'
	ip -n srv link del other0
	ctl config save "$TMP/saved.conf" || fail "not saved"
	same "saved and read again" "$(dhcpkd -t -c "$TMP/saved.conf")" "$TMP/saved.conf: fine"
	ctl pool del lan
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

test_control_socket_hostile_lines() {
	local deep
	deep=$(printf '[%.0s' {1..10000})
	has nesting "$(printf '%s\n' "$deep" | srv "$HERE/../build/selftests/ctlsend" "$SOCK")" '"ok":false'
	has garbage "$(printf 'hello\n' | srv "$HERE/../build/selftests/ctlsend" "$SOCK")" '"ok":false'
	has "no op" "$(printf '{}\n' | srv "$HERE/../build/selftests/ctlsend" "$SOCK")" '"ok":false'
	has "types" "$(printf '{"op":"pool-add","name":[1],"set":5}\n' | srv "$HERE/../build/selftests/ctlsend" "$SOCK")" '"ok":false'
	ctl config show >/dev/null || fail "the daemon is gone"
}

setup
run_tests
