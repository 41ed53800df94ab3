#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything can be said at dhcpkctl and in the file, is shown by -j, and is the same again after "config save" and a restart.
# What there is to say is asked of the programs: a word or a type of option without a sample here is a failure.
# shellcheck disable=SC2016,SC1003 # samples have what a shell would expand, were it not quoted
. "$(dirname "$0")/lib.sh"

# What means something to libconfuse, to a shell or to JSON.
HARD='a "b" '\''c'\'' $HOME ${HOME} {d} = # // /* \n \\ \'$'\n\t\r\e[1mé, end'

# option_sample TYPE: a value that an option of this type takes
option_sample() {
	case $1 in
	ip) echo 192.0.2.7 ;;
	ip-list) echo 192.0.2.7, 192.0.2.8 ;;
	ip-pairs) echo 192.0.2.7 192.0.2.8 ;;
	text) echo "$HARD" ;;
	host-name) echo box-7.lab.example ;;
	u8) echo 1 ;;
	u16) echo 1500 ;;
	u16-list) echo 1500, 9000 ;;
	u32) echo 4294967295 ;;
	i32) echo -3600 ;;
	time) echo 90m ;;
	bool) echo on ;;
	hex) echo '"a, b"' ;;
	node-type) echo 8 ;;
	domain) echo a.example ;;
	domains | domain-list | sip) echo a.example, b.example ;;
	routes) echo 10.0.0.0/8 192.0.2.1, 0.0.0.0/0 192.0.2.2 ;;
	policy-filter) echo 10.0.0.0 255.0.0.0 ;;
	static-routes) echo 10.0.0.0 192.0.2.1 ;;
	uri) echo 'https://portal.example/api?x=${y}#z' ;;
	uri-list) echo https://a.example https://b.example/c,d ;;
	slp-agents) echo mandatory 192.0.2.7 ;;
	slp-scope) echo mandatory scope ;;
	vendor-class) echo '9 "a, b", 10 0102' ;;
	vendor) echo '9 1 "a, b", 10 2 0102' ;;
	6rd) echo 8 2001:db8::/32 192.0.2.1 ;;
	encrypted-dns) echo 'priority 1 name d.example addr 192.0.2.7 alpn=h2 dohpath=/q{?dns}; priority 2 name e.example' ;;
	*) fail "no sample for type $1" ;;
	esac
}

# word_sample OBJECT WORD: its value; "option" has a sample in each test
word_sample() {
	case $1-$2 in
	pool-subnet) echo 198.51.100.0/24 ;;
	pool-dev) echo s0 ;;
	pool-relay-link) echo 203.0.113.0/25 ;;
	pool-via) echo lo ;;
	pool-range) echo 198.51.100.10-198.51.100.20 ;;
	pool-router) echo 198.51.100.1 ;;
	pool-dns) echo 192.0.2.53,192.0.2.54 ;;
	pool-domain) echo lab.example ;;
	*-renew) echo 40% ;;
	*-rebind) echo 80% ;;
	pool-min-lease | pool-decline-time) echo 10m ;;
	pool-durability) echo async ;;
	pool-max-lease) echo infinite ;;
	*-lease) echo 2h ;;
	pool-identity) echo circuit-id ;;
	pool-authoritative | pool-rapid-commit | pool-bootp | pool-subnet-selection | pool-verify-chaddr | pool-trusted) echo on ;;
	*-next-server) echo 192.0.2.66 ;;
	*-server-name | *-boot-file) echo "$HARD" ;;
	host-hostname) echo box_7.lab.example ;;
	host-ip) echo 198.51.100.30 ;;
	host-mac) echo 02:00:00:00:00:01 ;;
	host-client-id) echo 01:02:00:00:00:00:02 ;;
	host-circuit-id) echo "\"$HARD\"" ;;
	host-pool) echo words ;;
	relay-server) echo 198.51.100.2,198.51.100.3 ;;
	relay-mode) echo priority ;;
	relay-giaddr) echo 192.0.2.1 ;;
	relay-hops) echo 16 ;;
	relay-secs) echo 3 ;;
	relay-source-port) echo 6767 ;;
	relay-circuit-id) echo '%i:%v "b" $HOME ${HOME} \ # %%' ;;
	relay-remote-id) echo 0x00:04:00:0a ;;
	relay-link-selection | relay-server-id-override | relay-agent-flags | relay-trusted | relay-validate) echo on ;;
	relay-relay-id) echo auto ;;
	relay-vss) echo 'text a "b" {d}' ;;
	relay-policy) echo append ;;
	relay-replies) echo any ;;
	relay-survive) echo 1h ;;
	*) fail "no sample for word $2 of a $1" ;;
	esac
}

# words_of OBJECT: all that it has, as its help lists them
words_of() { ctl "$1" help | grep -o '\[[a-z][a-z-]* ' | tr -d '[ ' | sort -u; }

# arguments OBJECT WORD...: "word sample" for each, into ARGS
arguments() {
	local object=$1 word value
	shift
	ARGS=()
	for word; do
		value=$(word_sample "$object" "$word") || fail "$value"
		ARGS+=("$word" "$value")
	done
}

# Every registered option: "name type" a line
registry() {
	ctl -j option show all | tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)","code":[0-9]*,"type":"\([^"]*\)".*/\1 \2/p'
}

add_definitions() {
	local type code=224
	for type in $(ctl option help | sed -n '/known types:/{n;p;}'); do
		ctl option add "own-$type" code "$code" type "$type" || fail "no definition"
		code=$((code + 1))
	done
	[ "$code" -gt 230 ] || fail "few types: $code"
}

# A pool with every option that there is
add_options() {
	local name type value all=()
	while read -r name type; do
		value=$(option_sample "$type") || fail "$value"
		all+=(option "$name" "$value")
	done < <(registry; ctl -j option show | grep -o 'own-[a-z0-9-]*' | sed 's/own-\(.*\)/& \1/')
	[ ${#all[@]} -gt 300 ] || fail "few options: ${#all[@]}"
	ctl pool add options subnet 192.0.2.0/24 dev s0 "${all[@]}" option 254 '"no name"' || fail "no pool of options"
}

# A pool with every word, lists twice; a relay with every word; and hosts that have every word between them
add_words() {
	local words id
	mapfile -t words < <(words_of pool | grep -vx option)
	[ ${#words[@]} -ge 20 ] || fail "few words: ${words[*]}"
	arguments pool "${words[@]}"
	ctl pool add words "${ARGS[@]}" range 198.51.100.40-198.51.100.50 relay-link 203.0.113.128/25 \
		option ntp 192.0.2.7 option 254 0102 || fail "no pool of words"
	mapfile -t words < <(words_of host | grep -vxE 'option|mac|client-id|circuit-id|ip')
	for id in mac client-id circuit-id; do
		arguments host "$id" "${words[@]}"
		ctl host add "by-$id" "${ARGS[@]}" option 66 "$HARD" || fail "no host"
	done
	mapfile -t words < <(words_of relay)
	[ ${#words[@]} -ge 18 ] || fail "few words: ${words[*]}"
	arguments relay "${words[@]}"
	ctl relay add dev s0 "${ARGS[@]}" server 198.51.100.4 || fail "no relay of words"
	ctl host set by-mac ip 198.51.100.30 || fail "no address"
	ctl host add circuit-id "port 1" ip 192.0.2.9 2>/dev/null && fail "a circuit-id without quotes"
	ctl host add circuit-id '"port 1"' ip 192.0.2.9 || fail "no host"
	ctl host add mac 02:00:00:00:00:09 ip 192.0.2.10 || fail "no host"
}

state() { ctl -j -batch - <<<$'config show\npool show\nhost show\noption show'; }

# A daemon that starts on what this one saves knows the same, and saves the same.
same_after_restart() {
	local before
	before=$(state)
	ctl config save "$TMP/saved.conf" || fail "not saved"
	stop_daemon
	start_daemon "$TMP/saved.conf"
	same "state after a restart" "$(state)" "$before"
	ctl config save "$TMP/again.conf" || fail "not saved again"
	cmp "$TMP/saved.conf" "$TMP/again.conf" || fail "another file: $(diff "$TMP/saved.conf" "$TMP/again.conf")"
}

test_everything_survives_a_restart() {
	add_definitions
	add_options
	add_words
	has "hard text" "$(ctl -j host show)" '"boot-file":"a \"b\"'
	has "a word" "$(ctl -j pool show words)" '"verify-chaddr":"on"'
	has "a definition" "$(ctl -j option show)" '{"name":"own-ip","code":224,"type":"ip"}'
	has "for people" "$(ctl option show)" "own-ip"
	same_after_restart
	has "still served" "$(ctl -j pool show options)" '"state":"serving"'
}

configured() { ctl -j -batch - <<<$'config show\npool show'; }

# as_never_said OBJECT NAME WORD: set and taken back, in two commands
as_never_said() {
	local before
	before=$(configured)
	arguments "$1" "$3"
	ctl "$1" set "$2" "${ARGS[@]}" || fail "$3 is refused"
	[ "$(configured)" != "$before" ] || fail "$3 changes nothing"
	ctl "$1" set "$2" no "$3" || fail "no $3"
	same "no $3" "$(configured)" "$before"
}

test_every_word_can_be_taken_back() {
	local word words none=()
	ctl pool add words subnet 198.51.100.0/24 || fail "no pool"
	ctl host add h mac 02:00:00:00:00:01 || fail "no host"
	for word in $(words_of pool | grep -vxE 'option|subnet'); do
		as_never_said pool words "$word"
	done
	for word in $(words_of host | grep -vxE 'option|mac|client-id|circuit-id'); do
		as_never_said host h "$word"
	done
	ctl relay add s0 server 198.51.100.2 circuit-id x || fail "no relay"
	for word in $(words_of relay | grep -vxE 'server|circuit-id'); do
		as_never_said relay s0 "$word"
	done
	ctl relay del s0 || fail "the relay stays"
	ctl host set h no mac client-id 0102 || fail "another client"
	has "another client" "$(ctl -j host show)" '"client-id":"0102"'
	mapfile -t words < <(words_of pool | grep -vxE 'option|subnet')
	arguments pool "${words[@]}"
	ctl pool set words "${ARGS[@]}" option 224 01 option 66 a || fail "all words"
	for word in "${words[@]}"; do
		none+=(no "$word")
	done
	ctl pool set words "${none[@]}" no option || fail "none"
	same "none" "$(ctl -j config show | grep -o '"pools":{.*},"hosts"')" '"pools":{"words":{"subnet":["198.51.100.0/24"]}},"hosts"'
	same_after_restart
}

# ... and is on the wire no more.
test_what_is_taken_back_is_told_to_nobody() {
	local offer asked="cli dhcpc c0 type=discover mac=02:00:00:00:00:01 prl=060f42"
	lan option 66 x boot-file f
	ctl host add h mac 02:00:00:00:00:01 ip 192.0.2.9 option 66 y || fail "no host"
	offer=$($asked)
	has "all" "$offer" o66=79
	ctl host set h no option no ip || fail "no option of the host"
	offer=$($asked)
	has "the pool's" "$offer" o66=78
	has "the pool's" "$offer" yiaddr=192.0.2.1
	has "dns" "$offer" o6=
	ctl pool set lan no option no dns no domain no boot-file no lease || fail "no options"
	offer=$($asked)
	case $offer in *o6=* | *o15=* | *o66=*) fail "still told: $offer" ;; esac
}

# Whatever the kernel takes for an interface's name, and nothing else
test_names_of_interfaces() {
	local dev names=('p+1@x~' 'a"b{#$\}' 'it'\''s')
	for dev in "${names[@]}"; do
		ip -n srv link add "$dev" type dummy || fail "no $dev"
		ctl relay add dev "$dev" server 198.51.100.2 || fail "no relay on $dev"
	done
	same_after_restart
	has "in the file" "$(cat "$TMP/saved.conf")" 'relay "p+1@x~" {'
	has "in the file" "$(cat "$TMP/saved.conf")" 'relay "a\"b{#\$\\}" {'
	has "and back" "$(ctl -j relay show)" '{"dev":"a\"b{#$\\}"'
	same "all of them" "$(ctl relay show | grep -c "interface is down")" 3
	for dev in 'relay "" {' 'relay . {' 'relay .. {' "relay 'a b' {" 'pool x { dev = ..'; do
		echo "$dev server = 198.51.100.2 }" | sed '/^pool/s/server.*/subnet = 198.51.100.0\/24 }/' >"$TMP/dots"
		dhcpkd -t -c "$TMP/dots" >"$TMP/said" 2>&1 && fail "$dev is good"
		has "$dev" "$(cat "$TMP/said")" "interface"
	done
}

# The same by hand and in a file of another hand, in another order
test_commands_and_file_say_the_same() {
	local by_hand
	ctl -batch - <<-'END' || fail "a command is refused"
		option add site-id code 224 type u16
		pool add lan dev s0 subnet 192.0.2.0/24 range 192.0.2.10-192.0.2.19 range 192.0.2.30-192.0.2.39 option site-id 7
		pool set lan lease 1h router 192.0.2.1 dns 192.0.2.53 relay-link 203.0.113.0/24 option site-id 7 option 66 "a b"
		pool add other subnet 198.51.100.0/24 identity mac boot-file 'say "hi"'
		host add printer hostname hp ip 192.0.2.9 mac 02:00:00:00:00:01
		host add 02:00:00:00:00:02 circuit-id 0102 pool other
		relay add trusted server 198.51.100.2 dev s0 vss text blue server 198.51.100.3 circuit-id "%i %v"
	END
	by_hand=$(state)
	cat >"$TMP/hand.conf" <<-'END'
		# somebody's own
		host printer { mac = 02:00:00:00:00:01  ip = 192.0.2.9 hostname = hp }
		host "02:00:00:00:00:02" {
			pool = other
			circuit-id = '0102'
		}
		option site-id { type = u16 code = 224 }
		pool lan {
			option = {"site-id 7", "66 a b"}
			relay-link = {203.0.113.0/24}
			range = {192.0.2.10-192.0.2.19}
			range += {
				192.0.2.30-192.0.2.39
			}
			subnet = 192.0.2.0/24   # the first
			dev = s0
			router = {192.0.2.1} dns = {192.0.2.53} lease = 1h
		}
		relay s0 {
			circuit-id = "%i %v" vss = "text blue" trusted = on
			server = {198.51.100.2, 198.51.100.3}
		}
		pool other { boot-file = "say \"hi\"" identity = "mac" subnet = 198.51.100.0/24 }
	END
	no_pools
	no_options
	ctl relay del s0 || fail "the relay stays"
	ctl config apply "$TMP/hand.conf" || fail "the file is refused"
	same "state" "$(state)" "$by_hand"
	same_after_restart
}

# Through the file and back, onto the wire
test_hard_text_reaches_the_wire() {
	local wanted
	lan option 66 "$HARD" option 224 "\"$HARD\"" boot-file "$HARD"
	same_after_restart
	wanted=$(printf %s "$HARD" | od -An -v -tx1 | tr -d ' \n')
	has "option 66" "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01 prl=42)" "o66=$wanted"
	has "option 224" "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01 prl=e0)" "o224=$wanted"
}

# A long value is pieces on the wire; here it is one word
test_long_values() {
	lan option 224 "0x$(printf '%04000d' 0)" option domain-search "$(printf 'host%03d.corp.example ' {0..99})"
	same_after_restart
}

test_an_empty_configuration() { same_after_restart; }

test_nothing_is_saved_where_nothing_can_be() {
	local out
	lan
	out=$(ctl config save /proc/nope 2>&1) && fail "saved"
	has "says where" "$out" "cannot write /proc/nope"
	out=$(ctl config save 2>&1) && fail "saved to /dev/null"
	has "says why" "$out" "cannot write /dev/null: it is no ordinary file"
	[ -c /dev/null ] || fail "/dev/null is gone"
	same "state" "$(ctl -j status | grep -o '"unsaved":[a-z]*')" '"unsaved":true'
}

# size_is POOL ADDRESSES
size_is() { ctl -j pool show "$1" | grep -q "\"size\":$2,"; }
warned() { ctl | grep -qxF "warning  $*"; }
silent() { ! ctl | grep -q "^warning"; }

# What was told before goes on, whatever addresses this machine gets; what is told anew is refused.
# Whichever word says who the router is.
test_a_router_is_no_clients() {
	local word
	for word in "router 192.0.2.2" "option routers 192.0.2.2" "option 3 192.0.2.2" \
		"option 3 $(printf '192.0.2.1,%.0s' {1..62})192.0.2.2"; do
		# shellcheck disable=SC2086 # words
		ctl pool add r subnet 192.0.2.0/29 dev s0 $word || fail "$word"
		has "$word: all but .1, which is ours, and .2" "$(ctl -j pool show r)" '"size":4'
		ctl pool del r || fail "del"
		# shellcheck disable=SC2086
		has "$word" "$(ctl pool add r subnet 192.0.2.0/29 dev s0 range 192.0.2.2-192.0.2.5 $word 2>&1)" \
			"contains the pool's router 192.0.2.2"
	done
	has "more of them" "$(ctl pool add r subnet 192.0.2.0/29 dev s0 option 3 "$(printf '192.0.2.1,%.0s' {1..63})192.0.2.2" 2>&1)" \
		"more than 63 routers"
}

test_own_address_in_a_range() {
	local wrong="pool lan: range 192.0.2.10-192.0.2.19 contains this machine's own address 192.0.2.15"
	lan
	ip -n srv addr add 192.0.2.15/24 dev s0
	wait_for 5 warned "$wrong; no client gets it" || fail "no warning: $(ctl)"
	size_is lan 9 || fail "it is served: $(ctl -j pool show)"
	has "the log" "$(cat "$TMP/log")" "$wrong"
	same "another is offered" "$(field yiaddr "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01 req=192.0.2.15)" |
		grep -c '^192\.0\.2\.1[0-46-9]$')" 1
	ctl pool add other subnet 198.51.100.0/24 || fail "another pool is refused"
	ctl pool set lan lease 2h || fail "the pool can be changed no more"
	has "as new" "$(ctl pool set lan range 192.0.2.10-192.0.2.19 2>&1)" "dhcpkctl: $wrong"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	wait_for 5 size_is lan 9 || fail "not served by a new module: $(ctl)"
	ctl config save "$TMP/own.conf" || fail "not saved"
	has "a file" "$(dhcpkd -t -c "$TMP/own.conf" 2>&1)" "own.conf: fine"
	has "a file, checked" "$(srv dhcpkd -t -c "$TMP/own.conf" 2>&1)" "own.conf: $wrong"
	same "a file, applied" "$(ctl config apply "$TMP/own.conf" 2>&1)" "dhcpkctl: warning: $wrong; no client gets it"
	stop_daemon
	start_daemon "$TMP/own.conf"
	warned "$wrong; no client gets it" || fail "no warning after a restart: $(ctl)"
	ip -n srv addr del 192.0.2.15/24 dev s0
	wait_for 5 size_is lan 10 || fail "the address does not come back: $(ctl -j pool show)"
	silent || fail "a warning still: $(ctl)"
	ctl pool del lan || fail "the pool stays"
}

# As many ranges as there may be, own addresses in the middle of one, at an end, and all that there is of one
test_own_addresses_at_the_ends_of_ranges() {
	local i ranges=()
	for i in {1..62}; do
		ranges+=(range "10.9.$i.0")
	done
	ctl pool add many subnet 10.9.0.0/16 "${ranges[@]}" range 10.9.100.1-10.9.100.9 range 10.9.101.1-10.9.101.9 ||
		fail "no pool"
	for i in 62.0 100.1 100.9 101.4 101.7; do
		ip -n srv addr add "10.9.$i/32" dev s0
	done
	# 62 and 18, less four: there was room for one range more. The fifth address stays in its range; the kernel does not offer it.
	wait_for 5 warned "pool many: range 10.9.101.1-10.9.101.9 contains this machine's own address 10.9.101.7; no client gets it" ||
		fail "the fifth is not named: $(ctl)"
	wait_for 5 size_is many 76 || fail "$(ctl -j pool show many)"
}

test_own_address_of_a_host() {
	local wrong="host printer: ip 192.0.2.9 is this machine's own address"
	lan
	ctl host add printer mac 02:00:00:00:00:01 ip 192.0.2.9 || fail "no host"
	ip -n srv addr add 192.0.2.9/24 dev s0
	wait_for 5 warned "$wrong; no client gets it" || fail "no warning: $(ctl)"
	has "another address" "$(field yiaddr "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01)")" 192.0.2.1
	ctl host set printer hostname hp || fail "the host can be changed no more"
	has "as new" "$(ctl host set printer ip 192.0.2.9 2>&1)" "dhcpkctl: $wrong"
	ctl config save "$TMP/own.conf" || fail "not saved"
	stop_daemon
	start_daemon "$TMP/own.conf"
	warned "$wrong; no client gets it" || fail "no warning after a restart: $(ctl)"
	ip -n srv addr del 192.0.2.9/24 dev s0
	wait_for 5 silent || fail "a warning still: $(ctl)"
	same "its own" "$(field yiaddr "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01)")" 192.0.2.9
}

# not_before_a_file WORD...: refused, with what runs and what to do
not_before_a_file() {
	local out
	out=$(ctl "$@" 2>&1) && fail "$* is done"
	has "$*" "$out" '(pools: lan, other); "dhcpkctl config apply FILE" decides what is served from now on; meanwhile'
}

# A daemon that does not know what runs neither ends it in passing nor saves it as nothing.
test_pools_that_the_daemon_does_not_know() {
	local before
	lan
	ctl pool add other subnet 198.51.100.0/24 || fail "no pool"
	ctl config save "$TMP/kept.conf" || fail "not saved"
	a_lease
	before=$(ctl -j lease show)
	stop_daemon -KILL
	start_daemon
	has "the status" "$(ctl)" "pools: lan, other"
	not_before_a_file pool add third subnet 203.0.113.0/24
	not_before_a_file pool set lan lease 2h
	not_before_a_file pool del lan
	not_before_a_file host add mac 02:00:00:00:00:02 ip 192.0.2.9
	not_before_a_file option add site-id code 224 type u16
	not_before_a_file lease pin 192.0.2.10
	not_before_a_file config save
	not_before_a_file config save "$TMP/none.conf"
	[ ! -e "$TMP/none.conf" ] || fail "saved"
	ctl config apply "$TMP/none.conf" 2>/dev/null && fail "a file that is not there"
	same "bindings" "$(ctl -j lease show)" "$before"
	ctl config apply "$TMP/kept.conf" || fail "the file is refused"
	same "bindings" "$(ctl -j lease show)" "$before"
	ctl pool set lan lease 2h || fail "refused still"
	no_pools
	stop_daemon -KILL
	start_daemon
	ctl pool add third subnet 203.0.113.0/24 || fail "refused, and nothing runs"
}

a_lease() {
	cli dhcpc c0 type=discover mac=02:00:00:00:00:01 req=192.0.2.10 >/dev/null
	cli dhcpc c0 type=request mac=02:00:00:00:00:01 req=192.0.2.10 sid=192.0.2.1 >/dev/null
}

test_links_and_rights_stay() {
	lan
	install -m 600 /dev/null "$TMP/real.conf"
	ln -s real.conf "$TMP/link.conf"
	ctl config save "$TMP/link.conf" || fail "not saved"
	[ -L "$TMP/link.conf" ] || fail "the link is gone"
	same "rights" "$(stat -c %a "$TMP/real.conf")" 600
	has "content" "$(cat "$TMP/real.conf")" "pool lan {"
}

# typed_in FILE: what README.md, or a manual, tells people to type about objects and leases, without "dhcpkctl"
typed_in() {
	sed -nE "s/\\\\\(aq/'/g; s/^(    )?dhcpkctl ((-s )?(pool|host|option|lease|relay) .*)/\2/p" "$1"
}

# typed_as_it_stands FILE LEAST: all of that is carried out, and it is so much at the least
typed_as_it_stands() {
	local line n=0
	second_link 198.51.100.1/24
	ip -n srv link set s1 down
	ip -n srv link set s1 name eth2 up
	ip -n srv link set s0 down
	ip -n srv link set s0 name eth1 up
	wait_for 5 link_ready || fail "the link does not come up"
	while read -r line; do
		n=$((n + 1))
		eval "ctl $line" </dev/null >"$TMP/said" 2>&1 || fail "$line: $(cat "$TMP/said")"
		case $line in
		*"pool add"*) a_lease ;;
		*"state bound"*) has "$line" "$(cat "$TMP/said")" 192.0.2.10 ;;
		esac
	done < <(typed_in "$1")
	[ "$n" -ge "$2" ] || fail "$n commands only"
}

README=$HERE/../README.md MANUALS=$HERE/../userspace/man
[ -e "$README" ] || README=$HERE/README.md MANUALS=$HERE
test_README_commands() { typed_as_it_stands "$README" 7; }
test_manual_commands() { typed_as_it_stands "$MANUALS/dhcpkctl.8" 15; }
test_manual_relay_commands() { typed_as_it_stands "$MANUALS/dhcpkctl-relay.8" 6; }

test_manual_file() {
	sed -n '/^option site-id {/,/^\.Ed/p' "$MANUALS/dhcpkd.conf.5" | grep -v '^\.' >"$TMP/manual.conf"
	has "its file" "$(cat "$TMP/manual.conf")" "host printer"
	has "its file" "$(cat "$TMP/manual.conf")" "relay eth2"
	ctl config apply "$TMP/manual.conf" || fail "the file is refused"
}

# A daemon can be stopped by the test that started it only.
# shellcheck disable=SC2034 # lib.sh reads it
FRESH=1
run_tests
