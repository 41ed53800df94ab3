#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The netlink desk against whoever may speak to it: nothing that it does not want changes anything, or harms the kernel.
# SEED repeats a run of random numbers.
. "$(dirname "$0")/../lib.sh"

# Each is a server's that serves: before it and after it there are the same pools and bindings, a new client gets an
# address, and the kernel has found nothing to complain of.
CLIENT=0
next_client() {
	CLIENT=$((CLIENT + 1))
	printf -v MAC '02:00:00:00:01:%02x' $CLIENT
}
SID=192.0.2.1

# Those of the clients of the tests before have the same expiry, whatever is done.
bindings() { ctl -j lease show state bound; }
config() { ctl -j -batch - <<<$'config show\npool show'; }
taint() { cat /proc/sys/kernel/tainted; }

# unharmed COMMAND...: runs it, and looks
unharmed() {
	local out before after status=0
	before="$(bindings) $(config) $(taint)"
	out=$("$@" 2>&1) || status=$?
	note "${out//# /}"
	[ $status = 0 ] || fail "$*: status $status"
	after="$(bindings) $(config) $(taint)"
	same "bindings, configuration and kernel" "$after" "$before"
	serves
}

serves() {
	local ip
	next_client
	ip=$(bind)
	[ -n "$ip" ] || fail "nothing is offered any more"
	same "a new client's binding" "$(state_of "$ip")" bound
}

test_P3_policies_are_read_to_their_end() {
	unharmed srv nlsweep policy
}

test_P3_every_command_with_every_attribute() {
	unharmed srv nlsweep top
}

test_P3_every_nest_with_every_attribute() {
	unharmed srv nlsweep nested
}

test_P7_policies_as_nobody() {
	unharmed srv setpriv --reuid 65534 --clear-groups nlsweep policy
}

test_P7_policies_in_a_namespace_of_nobodys() {
	unharmed unshare -Urn nlsweep policy
}

setup
lan
serves
run_tests
