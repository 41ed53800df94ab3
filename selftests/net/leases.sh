#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bindings at the command line: lists of them, long ones too, one of them, and what becomes a reservation.
. "$(dirname "$0")/lib.sh"

MAC=02:00:00:00:00:77 # none of those that become many
SID=192.0.2.1

each_test() { no_pools; }

# many N: clients with addresses from 10.1.0.0 on
many() {
	ctl pool add big subnet 10.0.0.0/8 dev s0 range 10.1.0.0-10.1.253.255 lease 1h durability async || fail "no pool"
	cli discover c0 first=10.1.0.0 server=10.0.0.1 from=0 fill="$1" n=1 >/dev/null || fail "no bindings"
}
# a_kind PATTERN: how many lines have it, and where it begins in them
a_kind() { awk -v pattern="$1" 'match($0, pattern) { n[RSTART]++ } END { for (at in n) print n[at] }' "$TMP/list"; }

test_a_long_list() {
	many 2500
	ctl lease show state bound >"$TMP/list" || fail "no table"
	same "lines" "$(wc -l <"$TMP/list")" 2501
	same "one heading" "$(grep -c '^POOL  *IP  *MAC' "$TMP/list")" 1
	same "columns are straight" "$(a_kind " bound ")" 2500
	same "all" "$(grep -o ' 10\.1\.[0-9.]* ' "$TMP/list" | sort -u | wc -l)" 2500
	ctl -j lease show state bound >"$TMP/list" || fail "no JSON"
	same "one array" "$(wc -l <"$TMP/list") $(grep -c '^\[{.*}\]$' "$TMP/list")" "1 1"
	same "all members" "$(grep -o '"state":"bound"' "$TMP/list" | wc -l) $(grep -o '},{' "$TMP/list" | wc -l)" "2500 2499"
	has "indented" "$(ctl -p lease show ip 10.1.0.7)" '"ip": "10.1.0.7"'
	same "nobody, indented" "$(ctl -p lease show ip 10.1.99.7)" "[]"
}

# over_a_change WORDS...: a list of leases that the configuration changes under. Nobody reads on after the first byte, so that
# dhcpkctl stops within the list, and the configuration changes before it goes on.
over_a_change() {
	{
		ctl -j lease show "$@" 2>"$TMP/said"
		echo $? >"$TMP/status"
	} | {
		read -rN 1
		ctl pool set big lease "$((SECONDS + 3600))"
		cat >"$TMP/list"
	}
}

# After a change the pool's name may mean other addresses. An address is its holder's all the same.
test_a_long_list_over_a_change() {
	many 2500
	over_a_change pool big
	same "status of a pool's" "$(cat "$TMP/status")" 1
	same "why" "$(cat "$TMP/said")" "dhcpkctl: the configuration has changed on the way: ask again"
	over_a_change state bound
	same "status of all" "$(cat "$TMP/status")" 0
	same "all" "$(grep -o '"state":"bound"' "$TMP/list" | wc -l)" 2500
}

# interrupted [-j]: the first list that it gets is one of two configurations
interrupted() {
	echo list >"$TMP/badnet"
	bad_net ctl "$@" lease show state bound 2>&1
}

# dhcpkctl asks again for a table of which it has printed nothing yet. It cannot take back JSON that it has printed.
test_a_short_list_over_a_change() {
	local ip out
	lan
	no_bindings
	ip=$(bind)
	out=$(interrupted) || fail "no table: $out"
	[ ! -e "$TMP/badnet" ] || fail "nothing was interrupted"
	same "lines" "$(wc -l <<<"$out")" 2
	has "its binding" "$out" " $ip "
	out=$(interrupted -j) && fail "JSON that is out already: $out"
	has "why" "$out" "dhcpkctl: the configuration has changed on the way: ask again"
}

test_one_address() {
	local ip
	lan
	ip=$(bind)
	many 3
	same "that one" "$(ctl -j lease show ip "$ip" | grep -o '"ip":"[^"]*"')" "\"ip\":\"$ip\""
	same "of its pool" "$(ctl -j lease show pool lan ip "$ip" | grep -o '"ip"' | wc -l)" 1
	same "of another" "$(ctl -j lease show pool big ip "$ip")" "[]"
	ctl lease del 10.1.0.1 || fail "del"
	same "the others stay" "$(ctl -j lease show state bound | grep -o '"ip":"[^"]*"' | tr '\n' ' ')" \
		"\"ip\":\"10.1.0.0\" \"ip\":\"10.1.0.2\" \"ip\":\"$ip\" "
	same "del of nobody's" "$(ctl lease del 10.1.0.1 2>&1)" "dhcpkctl: no lease for 10.1.0.1"
	has "no address" "$(ctl lease show ip 0.0.0.0 2>&1)" 'cannot make sense of "ip 0.0.0.0"'
}

test_a_pool_that_there_is_not() {
	local words out got
	lan
	for words in "show pool nosuch" "flush pool nosuch" "show pool $(printf '%040d' 0)"; do
		got=0
		# shellcheck disable=SC2086
		out=$(srv dhcpkctl -S "$TMP/nobody" lease $words 2>&1) || got=$?
		has "$words" "$out" "there is no pool \"${words##* }\""
		same "status of $words" "$got" 1
	done
	same "one that is empty" "$(ctl -j lease show pool lan)" "[]"
}

# pinned: what is said of the host that a pin has made
pinned() { ctl -j host show | grep -oE '"(mac|client-id|circuit-id)":"[^"]*"'; }

test_pin_takes_what_the_pool_knows_a_client_by() {
	local ip
	lan
	ip=$(bind cid=0102030405)
	ctl lease pin "$ip" || fail "pin"
	same "its client-id" "$(pinned)" '"client-id":"01:02:03:04:05"'
	no_pools
	lan
	ip=$(bind)
	ctl lease pin "$ip" || fail "pin without client-id"
	same "it has none" "$(pinned)" "\"mac\":\"$MAC\""
	no_pools
	lan identity mac
	ip=$(bind cid=0102030405)
	ctl lease pin "$ip" || fail "pin by mac"
	same "its mac" "$(pinned)" "\"mac\":\"$MAC\""
}

# The one that the kernel goes by has more to say than an address.
test_pin_goes_to_the_host_that_the_client_has() {
	local ip
	lan
	ip=$(bind cid=0102030405)
	ctl host add printer mac "$MAC" hostname printer || fail "no host"
	ctl lease pin "$ip" || fail "pin"
	has "no other host" "$(ctl -j host show | tr -d ' \n')" "[{\"name\":\"printer\",\"mac\":\"$MAC\",\"ip\":\"$ip\",\"hostname\":\"printer\"}]"
	same "its name" "$(field o12 "$(dhcpc type=request ciaddr="$ip" cid=0102030405 prl=0c)")" 7072696e746572
	ctl lease pin "$ip" || fail "once more"
	ctl host set printer ip 192.0.2.99 || fail "another address"
	has "another address" "$(ctl lease pin "$ip" 2>&1)" 'host "printer" reserves 192.0.2.99 for this client'
}

test_pin_of_an_address_that_nobody_has() {
	local ip out free=192.0.2.10 got=0
	lan
	ip=$(bind)
	[ "$ip" != $free ] || free=192.0.2.11
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	same state "$(state_of "$ip")" declined
	out=$(ctl lease pin "$ip" 2>&1) || got=$?
	has "declined" "$out" "no lease for $ip: it was declined"
	same status "$got" 1
	same "free" "$(ctl lease pin $free 2>&1)" "dhcpkctl: no lease for $free"
	same hosts "$(ctl -j host show)" "[]"
}

test_a_host_name_is_escaped_once() {
	lan
	bind opt=0c0461021b62 >/dev/null
	has table "$(ctl lease show)" ' a\x02\x1bb '
	has JSON "$(ctl -j lease show)" '"hostname":"a\\x02\\x1bb"'
}

setup
ip -n srv addr add 10.0.0.1/8 dev s0
run_tests
