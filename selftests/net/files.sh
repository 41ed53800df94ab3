#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration files that are wrong, damaged or odd: refused with line and column, whole or not at all.
. "$(dirname "$0")/lib.sh"

# file_error TEXT WANTED: dhcpkd -t says WANTED, with line and column
file_error() {
	printf '%b' "$1" >"$TMP/bad.conf"
	local out got=0
	out=$(dhcpkd -t -c "$TMP/bad.conf" 2>&1) || got=$?
	same "status" "$got" 1
	has "file" "$out" "bad.conf:$2"
}

# not_applied REASON FILE: nothing of it is taken
not_applied() {
	local before out
	before=$(ctl -j config show)
	out=$(ctl config apply "$2" 2>&1) && fail "$2 is taken"
	has "$2" "$out" "$1"
	same "state after $2" "$(ctl -j config show)" "$before"
}

test_file_line_and_column() {
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\trange = {192.0.3.1-192.0.3.9}\n}\n' \
		'3:11: pool lan: range 192.0.3.1-192.0.3.9 is outside'
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tcolour = red\n}\n' "3:2: no such option 'colour'; known here"
	file_error 'pool lan {\n\tsubnet 192.0.2.0/24\n}\n' "2:"
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tlease = banana\n}\n' '3:10: pool lan: lease wants'
	file_error 'pool x {\n\tsubnet = 198.51.100.0/24\n\tdns = {""}\n}\n' '1:6: pool x: dns wants an IPv4 address, not ""'
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tlease = 1h\n\tlease = 2h\n}\n' "4:2: 'lease' is given twice"
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\tdns = {192.0.2.1}\n\tdns = {192.0.2.2}\n}\n' \
		"4:2: 'dns' is given twice; += adds to it"
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\trange = {192.0.2.9}\n\trange = {}\n}\n' "4:2: 'range' is given twice"
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n\toption = {"x 70000"}\n}\noption x { code = 224 type = u16 }\n' \
		'3:15: pool lan: option x wants a number from 0 to 65535, not "70000"'
	file_error 'pool lan {\n\tsubnet = 192.0.2.0/24\n}\noption x { code = 224 type = u7 }\n' \
		'4:30: option x: there is no type "u7"'
	file_error 'pool a { subnet = 192.0.2.0/24 }\nhost b { mac = 1:2 }\n' '2:16: host b: mac wants'
}

# Names that are the beginning of other names, or stand elsewhere, too
test_file_line_and_column_of_the_right_section() {
	local vlan='# relay eth1 { hops = 40 }\nrelay eth1.100 {\n\tserver = 192.0.2.1 circuit-id = "relay eth1 { 40"\n}\n'
	file_error "${vlan}relay eth1 {\n\tserver = 192.0.2.1\n\thops = 40\n}\n" '7:9: relay eth1: hops wants'
	file_error "${vlan}relay \"eth1\" { /* } */ server = 192.0.2.1 hops = 40 }\n" '5:50: relay eth1: hops wants'
	file_error "relay eth1 { server = 192.0.2.1 }\nrelay eth1.100 {\n\tserver = 192.0.2.1 hops = 40 }" \
		'3:28: relay eth1.100: hops wants'
	file_error "relay eth1 {\n\tmode = all }\nrelay eth1.100 { server = 192.0.2.1 hops = 40 }\n" \
		'1:7: relay eth1: server is missing'
}

# Of what is damaged nothing is taken, also not the half that looks good.
test_damaged_files() {
	local good='pool a {\n\tsubnet = 192.0.2.0/24\n}\n' file
	file_error "$good\0000pool b { subnet = 198.51.100.0/24 }" "4:1: a NUL byte"
	file_error "$good /* more\npool b { subnet = 198.51.100.0/24 }" "4:2: the comment that begins here is not closed"
	file_error 'pool a { /*/\n\tsubnet = 192.0.2.0/24\n}\n' "1:10: the comment"
	file_error 'pool a {\n\tsubnet = 192.0.2.0/24\n' "1:8: the { is not closed"
	file_error 'pool a {\n\tsubnet = 192.0.2.0/24\n\tdns = {192.0.2.1,\n' "3:8: the { is not closed"
	file_error 'pool a {\n\tsubnet = 192.0.2.0/24\n\tdomain = "a.example\n}\n' "3:11: the quote"
	file_error "pool a {\\n\\tsubnet = 192.0.2.0/24\\n\\tdomain = 'a.example\\n}\\n" "3:11: the quote"
	lan
	head -c 300 /dev/zero >"$TMP/zeros.conf"
	mkfifo "$TMP/pipe"
	not_applied "zeros.conf:1:1: a NUL byte" "$TMP/zeros.conf"
	not_applied "/dev/zero:1:1: a NUL byte" /dev/zero
	for file in "$TMP" "$TMP/pipe"; do
		not_applied "$file: not an ordinary file" "$file"
	done
	has "a check" "$(at_most 10 dhcpkd -t -c /dev/zero 2>&1)" "/dev/zero:1:1: a NUL byte"
	has "a check that ends" "$(at_most 10 dhcpkd -t -c "$TMP/pipe" 2>&1)" "not an ordinary file"
}

# What looks like a comment, a quote or a brace, and is none
test_comments_and_quotes_in_files() {
	cat >"$TMP/odd.conf" <<-'END'
		/* { " ' **/ # /* {
		// /* "it's {
		pool a { # }
			subnet = 192.0.2.0/24
			boot-file = tftp://a//b#"
			option = {'root-path /*{"'}
			server-name = "/* \" { ' # ${"}"
			/* } */
		}
		/**/
		//
	END
	same "is good" "$(dhcpkd -t -c "$TMP/odd.conf" 2>&1)" "$TMP/odd.conf: fine"
	ctl config apply "$TMP/odd.conf" || fail "refused"
	has "a word" "$(ctl -j pool show)" '"boot-file":"tftp://a//b"'
	has "a quote" "$(ctl -j pool show)" '"server-name":"/* \" { '"'"' # "'
	has "in a list" "$(ctl -j pool show)" '"option":["root-path /*{\""]'
}

# By any name; were they opened and closed, the lock on the store would be gone.
test_the_daemons_own_files() {
	local name
	lan
	for name in leases.db leases.db-wal leases.db-shm leases.db.lock leases.db.new leases.db.new-wal last-good.conf; do
		not_applied "$TMP/$name is dhcpkd's own $name" "$TMP/$name"
		ctl config save "$TMP/$name" >"$TMP/said" 2>&1 && fail "$name is written over"
		has "a save to $name" "$(cat "$TMP/said")" "$TMP/$name is dhcpkd's own $name"
	done
	has "to start with" "$(within srv dhcpkd -c "$TMP/last-good.conf" -S "$TMP/other.sock" -s "$TMP" 2>&1)" \
		"$TMP/last-good.conf is dhcpkd's own last-good.conf"
	ln "$TMP/leases.db" "$TMP/hard.conf"
	ln -s leases.db "$TMP/soft.conf"
	not_applied "hard.conf is dhcpkd's own leases.db" "$TMP/hard.conf"
	not_applied "soft.conf is dhcpkd's own leases.db" "$TMP/soft.conf"
	sql "$TMP/leases.db" 'UPDATE leases SET horizon = 1' >"$TMP/said" 2>&1 && fail "the store is not locked any more"
	has "the store" "$(cat "$TMP/said")" "locked"
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
	has "it came" "$(ctl -j pool show)" '"state":"interface is down"'
	ip -n srv link set later0 name other0
	has "renamed away" "$(ctl -j pool show)" '"state":"waiting for interface"'
	ip -n srv link del other0
	ctl config save "$TMP/saved.conf" || fail "not saved"
	same "saved and read again" "$(dhcpkd -t -c "$TMP/saved.conf")" "$TMP/saved.conf: fine"
	ctl pool del lan
}

# ---- the daemon's own file ----

CONF=dhcpkd.conf
good_file() { # [LEASE]
	cat >"$TMP/$CONF" <<-END
		pool lan {
			subnet = 192.0.2.0/24
			dev = s0
			range = {192.0.2.10-192.0.2.19}
			lease = ${1:-1h}
		}
	END
}
break_file() { echo "host x { mac = 1:2 }" >>"$TMP/$CONF"; }
serves() { [ "$(field type "$(cli dhcpc c0 type=discover mac=02:00:00:00:00:01 wait=300)")" = offer ]; }
lease_is() { [[ $(ctl -j pool show lan) == *"\"lease\":$1"* ]]; }
bad_line() { ctl | grep "^warning  $TMP/$CONF:7:16: host x: mac wants"; }

# as_after_a_reboot FILE: nothing but what is on the disk
as_after_a_reboot() {
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_daemon "$1"
}

with_a_good_file() {
	good_file
	stop_daemon
	start_daemon "$TMP/$CONF"
	wait_for 10 lease_is 3600 || fail "the good file is not served: $(ctl)"
}

test_P5_a_bad_file_at_the_start() {
	local out before
	with_a_good_file
	break_file
	before=$(cat "$TMP/$CONF")
	as_after_a_reboot "$TMP/$CONF"
	wait_for 10 serves || fail "nobody is served: $(cat "$TMP/log")"
	has "the log" "$(cat "$TMP/log")" "$CONF:7:16: host x: mac wants"
	has "the log" "$(cat "$TMP/log")" "is served until it is fixed"
	has "the status" "$(bad_line)" "what was applied from it on 20"
	has "JSON" "$(ctl -j)" '"file-error":"'
	has "JSON" "$(ctl -j)" '"last-good":"20'
	dhcpkd -t -c "$TMP/$CONF" >/dev/null 2>&1 && fail "a check says that it is good"
	ctl pool set lan lease 2h || fail "nothing can be changed"
	out=$(ctl config save 2>&1) && fail "written over"
	has "why" "$out" "would be lost"
	same "the file" "$(cat "$TMP/$CONF")" "$before"
	ctl config save "$TMP/other.conf" || fail "not saved elsewhere"
	has "said still" "$(bad_line)" "the previous configuration stays"
	same "what runs is not the file's" "$(ctl -j | grep -c '"last-good"')" 0
	has "a reload" "$(ctl config apply 2>&1)" "$CONF:7:16: host x: mac wants"
	lease_is 7200 || fail "what runs has changed: $(ctl -j pool show)"
	good_file 3h
	kill -HUP "$DAEMON"
	wait_for 10 lease_is 10800 || fail "not read again: $(cat "$TMP/log")"
	same "no warning" "$(ctl | grep -c ^warning)" 0
	ctl config save || fail "cannot be saved now"
}

# As a power cut leaves it that came while it was written, or an editor for a moment.
test_P5_a_file_of_no_bytes() {
	local got=0
	with_a_good_file
	: >"$TMP/$CONF"
	has "read again" "$(ctl config apply 2>&1)" "$CONF is empty: 0 bytes"
	kill -HUP "$DAEMON"
	wait_for 10 file_has "$CONF is empty: 0 bytes" "$TMP/log" || fail "not said: $(cat "$TMP/log")"
	lease_is 3600 || fail "what ran before does not go on"
	as_after_a_reboot "$TMP/$CONF"
	wait_for 10 serves || fail "nobody is served: $(cat "$TMP/log")"
	has "the log" "$(cat "$TMP/log")" "a comment in it would say that nothing is meant; what was applied from it on"
	stop_daemon
	rm "$TMP/last-good.conf"
	srv timeout $((20 * TEST_SLOW)) dhcpkd -c "$TMP/$CONF" -S "$SOCK" -s "$TMP" 2>"$TMP/said" || got=$?
	same "without a good one" "$got $(grep -c 'is empty: 0 bytes' "$TMP/said")" "1 1"
	echo "# nobody" >"$TMP/$CONF"
	start_daemon "$TMP/$CONF"
	ctl config apply || fail "a comment is not read"
	same "nobody is served" "$(ctl -j pool show)" "[]"
}

# A link to what is not mounted yet, say. Nobody has taken the configuration away.
test_P5_a_file_that_cannot_be_reached_at_the_start() {
	local conf=/etc/dhcpk/dhcpkd.conf
	mkdir -p "${conf%/*}"
	good_file
	ln -s "$TMP/$CONF" $conf
	stop_daemon
	start_dhcpkd
	wait_for 10 lease_is 3600 || fail "the good file is not served: $(ctl)"
	mv "$TMP/$CONF" "$TMP/away"
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_dhcpkd
	wait_for 10 serves || fail "nobody is served: $(cat "$TMP/log")"
	has "the log" "$(cat "$TMP/log")" "$conf: No such file"
	rm $conf
	rmdir "${conf%/*}"
}
# start_dhcpkd [OPTION...]: with its own configuration file, unless an option names another
start_dhcpkd() {
	within srv dhcpkd "$@" -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for 30 ctl config show || fail "the daemon does not answer"
}

# What is kept is what the file said last, not what was typed, nor what another file says.
test_what_is_kept_of_a_file() {
	local got=0
	with_a_good_file
	ctl pool set lan lease 2h || fail "set"
	printf 'pool lan {\n subnet = 192.0.2.0/24\n lease = 5h\n}\n' >"$TMP/other.conf"
	ctl config apply "$TMP/other.conf" || fail "another file"
	break_file
	as_after_a_reboot "$TMP/$CONF"
	wait_for 10 lease_is 3600 || fail "not the file's: $(ctl -j pool show)"
	ctl pool set lan lease 4h || fail "set"
	ctl config save "$TMP/$CONF" || fail "not written over"
	same "no warning" "$(ctl | grep -c ^warning)" 0
	break_file
	as_after_a_reboot "$TMP/$CONF"
	wait_for 10 lease_is 14400 || fail "not what was saved: $(ctl -j pool show)"
	stop_daemon
	cp "$TMP/$CONF" "$TMP/third.conf"
	srv dhcpkd -c "$TMP/third.conf" -S "$SOCK" -s "$TMP" 2>"$TMP/said" || got=$?
	same "a file of which there is none" "$got" 1
	has "why" "$(cat "$TMP/said")" "third.conf:"
}

# ... and as soon as that works.
test_what_is_kept_of_a_file_when_there_is_room() {
	with_a_good_file
	rm "$TMP/last-good.conf"
	mkdir "$TMP/last-good.conf"
	good_file 2h
	ctl config apply || fail "not read"
	wait_for 10 file_has "is not kept as the last good configuration" "$TMP/log" || fail "not said: $(cat "$TMP/log")"
	nap 2.5
	same "said once" "$(grep -c "is not kept" "$TMP/log")" 1
	rmdir "$TMP/last-good.conf"
	wait_for 20 test -s "$TMP/last-good.conf" || fail "not kept: $(cat "$TMP/log")"
	break_file
	as_after_a_reboot "$TMP/$CONF"
	wait_for 10 lease_is 7200 || fail "not the file's: $(ctl -j pool show)"
}

# A daemon that leaves alone what runs has nothing to keep.
test_what_is_kept_while_nothing_is_configured() {
	local before
	with_a_good_file
	before=$(cat "$TMP/last-good.conf")
	stop_daemon
	start_daemon
	wait_for 10 file_has "the kernel still runs the configuration of an earlier daemon" "$TMP/log" || fail "not left alone: $(cat "$TMP/log")"
	nap 2.5
	same "what was kept" "$(cat "$TMP/last-good.conf")" "$before"
}

# The copy of a configuration file can be read by nobody who cannot read the file.
test_P7_rights_of_files_that_are_written() {
	with_a_good_file
	same "what is kept" "$(stat -c %a "$TMP/last-good.conf")" 600
	chmod 644 "$TMP/last-good.conf"
	ctl config apply || fail "not read"
	same "what an earlier version has kept" "$(stat -c %a "$TMP/last-good.conf")" 600
	chown 65534:100 "$TMP/$CONF"
	chmod 640 "$TMP/$CONF"
	ctl config save || fail "not saved"
	same "what was there" "$(stat -c '%a %u %g' "$TMP/$CONF")" "640 65534 100"
	ctl config save "$TMP/new.conf" || fail "not saved elsewhere"
	same "what is new" "$(stat -c '%a %u' "$TMP/new.conf")" "644 0"
	rm "$TMP/new.conf"
	ln -s "$TMP/away/new.conf" "$TMP/new.conf"
	has "a link that leads nowhere" "$(ctl config save "$TMP/new.conf" 2>&1)" "new.conf: it is a link that leads nowhere"
	[ -L "$TMP/new.conf" ] || fail "the link is gone"
	mkdir "$TMP/away"
	: >"$TMP/away/new.conf"
	ctl config save "$TMP/new.conf" || fail "not saved by a link"
	[ -L "$TMP/new.conf" ] || fail "the link is gone"
	grep -q "pool lan" "$TMP/away/new.conf" || fail "not written where it leads"
}

# A clock that is no clock, or a disk that has lost its mind
test_P5_a_good_file_of_an_absurd_time() {
	with_a_good_file
	break_file
	stop_daemon
	touch -d @9000000000000000000 "$TMP/last-good.conf"
	start_daemon "$TMP/$CONF"
	wait_for 10 serves || fail "nobody is served: $(cat "$TMP/log")"
	has "the status" "$(bad_line)" "what was applied from it on @9000000000000000000 is served"
	has "JSON" "$(ctl -j)" '"last-good":"@9000000000000000000"'
}

# Without one that was good, the daemon does not start; who is known to the kernel goes on.
test_P5_a_bad_file_and_no_good_one() {
	local got=0
	with_a_good_file
	stop_daemon
	rm "$TMP/last-good.conf"
	break_file
	srv dhcpkd -c "$TMP/$CONF" -S "$SOCK" -s "$TMP" 2>"$TMP/said" || got=$?
	same "status" "$got" 1
	has "why" "$(cat "$TMP/said")" "$CONF:7:16: host x: mac wants"
	serves || fail "the kernel has been told to stop"
	: >"$TMP/last-good.conf"
	srv dhcpkd -c "$TMP/$CONF" -S "$SOCK" -s "$TMP" 2>"$TMP/said" && fail "with an empty one"
	serves || fail "the kernel has been told to stop"
}

test_a_file_that_is_broken_while_it_runs() {
	with_a_good_file
	break_file
	kill -HUP "$DAEMON"
	wait_for 10 bad_line || fail "not said: $(ctl)"
	has "what runs" "$(bad_line)" "the previous configuration stays"
	lease_is 3600 || fail "it does not"
	has "is not lost" "$(ctl config save 2>&1)" "would be lost"
	good_file
	ctl config apply || fail "mended"
	same "no warning" "$(ctl | grep -c ^warning)" 0
}

# It is stopped where it does not look at signals yet.
test_a_hangup_during_the_start() {
	require_failpoints
	with_a_good_file
	stop_daemon
	PATH=$FAILPOINTS:$PATH DHCPKD_STOPPOINT=before-watching \
		within srv dhcpkd -c "$TMP/$CONF" -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	DAEMON=$!
	wait_for 10 stopped || fail "it does not stop: $(cat "$TMP/log")"
	kill -HUP "$DAEMON"
	kill -CONT "$DAEMON"
	wait_for 10 file_has "read $TMP/$CONF again" "$TMP/log" || fail "not read again: $(cat "$TMP/log")"
}

# ---- what is no fault of the file's ----

# short_of WHAT: the file says something new, the daemon starts on a machine that fails so, and what was good before waits
short_of() {
	with_a_good_file
	stop_daemon
	good_file 3h
	echo "$1" >"$TMP/badnet"
	bad_net start_daemon "$TMP/$CONF"
	nap 1.5
}

# not_blamed REASON: that is why the kernel has not got the configuration; the file's is served when it is over
not_blamed() {
	has "the status" "$(ctl)" "$1"
	lease_is 3600 || fail "what ran before has not gone on: $(ctl -j pool show)"
	rm "$TMP/badnet"
	wait_for 10 lease_is 10800 || fail "not the file's: $(ctl -j pool show) $(cat "$TMP/log")"
	same "told of the file" "$(grep -c "$CONF:" "$TMP/log")" 0
	same "no warning" "$(ctl | grep -c ^warning)" 0
	serves || fail "nobody is served"
}

test_P5_addresses_that_cannot_be_read_at_the_start() {
	local out
	short_of addresses
	not_blamed "cannot read this machine's addresses: No buffer space available"
	echo addresses >"$TMP/badnet"
	out=$(ctl config apply 2>&1) && fail "it can be applied"
	has "why" "$out" "cannot read this machine's addresses"
	kill -HUP "$DAEMON"
	wait_for 10 file_has "the running configuration stays" "$TMP/log" || fail "not said"
	same "the status" "$(ctl | grep -c ^warning)" 0
}

test_P5_a_module_that_goes_away_at_the_start() {
	short_of pool
	not_blamed "the dhcpk module is not loaded"
}

test_P5_a_family_that_cannot_be_looked_up_at_the_start() {
	local out
	short_of family
	out=$(ctl)
	has "the status" "$out" "warning  netlink: "
	case $out in *"is not loaded"*) fail "it is loaded: $out" ;; esac
	not_blamed "warning  netlink: "
}

# A daemon without a file that cannot see what runs does not take it for nothing.
test_P5_what_runs_cannot_be_seen_at_the_start() {
	stop_daemon
	start_daemon
	lan
	stop_daemon
	echo pools >"$TMP/badnet"
	bad_net start_daemon
	wait_for 10 file_has "netlink: " "$TMP/log" || fail "not said: $(cat "$TMP/log")"
	nap 1.5
	has "it goes on" "$(ctl -j pool show)" '"name":"lan"'
	rm "$TMP/badnet"
	wait_for 10 file_has "the kernel still runs the configuration of an earlier daemon (pools: lan)" "$TMP/log" || fail "not seen"
	has "it still does" "$(ctl -j pool show)" '"name":"lan"'
}

# Nor is it told anything while it cannot see all of that: a change would end the rest.
test_P5_nothing_is_changed_while_what_runs_cannot_be_seen() {
	local out
	stop_daemon
	start_daemon
	ctl relay add dev s0 server 198.51.100.9 || fail "no relay"
	stop_daemon
	echo relays >"$TMP/badnet"
	bad_net start_daemon
	wait_for 10 file_has "netlink: " "$TMP/log" || fail "not said: $(cat "$TMP/log")"
	out=$(ctl pool add lan subnet 192.0.2.0/24 dev s0 2>&1)
	has "a change" "$out" "meanwhile nothing is changed or saved"
	rm "$TMP/badnet"
	wait_for 10 file_has "the kernel still runs the configuration of an earlier daemon (relays: s0)" "$TMP/log" || fail "not seen"
}

# The kernel keeps the bindings of a pool that is deleted, and takes them for stored: so they are.
test_P1_bindings_that_the_kernel_does_not_forget() {
	local ip
	# shellcheck disable=SC2034 # bind() takes them
	local MAC=02:00:00:00:00:01 SID=192.0.2.1
	stop_daemon
	bad_net start_daemon
	lan
	ip=$(bind)
	wait_for 10 all_stored || fail "not stored"
	echo forget >"$TMP/badnet"
	ctl pool del lan || fail "not deleted"
	rm "$TMP/badnet"
	has "the log" "$(cat "$TMP/log")" "stay in the kernel and in the store"
	stop_daemon
	rmmod dhcpk
	insmod "$DHCPK_KO"
	start_daemon
	lan
	same "after a power cut" "$(state_of "$ip")" bound
}

# dhcpkd stores bindings, and ends when it is told to, though nobody reads its log.
test_P5_nobody_reads_the_log() {
	local pipe
	# shellcheck disable=SC2034 # bind() takes them
	local MAC=02:00:00:00:00:01 SID=192.0.2.1
	stop_daemon
	rm "$TMP/log"
	mkfifo "$TMP/log"
	exec {pipe}<>"$TMP/log"
	head -c 65536 /dev/zero >"$TMP/log"
	start_dhcpkd -c /dev/null
	kill -HUP "$DAEMON"
	lan
	stored "$(bind)"
	stop_daemon
	exec {pipe}>&-
}
stored() { wait_for 10 all_stored && same "bound" "$(state_of "$1")" bound; }

test_addresses_that_cannot_be_read_when_they_change() {
	stop_daemon
	bad_net start_daemon
	lan
	echo addresses >"$TMP/badnet"
	ip -n srv addr add 192.0.2.12/24 dev s0
	nap 2.5
	rm "$TMP/badnet"
	wait_for 10 file_has "contains this machine's own address 192.0.2.12" "$TMP/log" || fail "not looked at: $(ctl)"
}

# shellcheck disable=SC2034 # lib.sh looks at it
NO_REPLIES=0
# shellcheck disable=SC2034 # a daemon can be stopped by the test that started it only
FRESH=1
run_tests
