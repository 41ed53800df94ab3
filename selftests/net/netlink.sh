#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The netlink family against whoever may speak to it: nothing that it does not want changes anything, or harms the kernel.
# TEST_SEED repeats a run of random numbers, TEST_ROUNDS makes it a longer one.
. "$(dirname "$0")/lib.sh"
export SEED=${TEST_SEED:-} ROUNDS=${TEST_ROUNDS:-} STEP=${TEST_STEP:-}

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
# Offers of the tests before end meanwhile.
config() { ctl -j -batch - <<<$'config show\npool show' | sed -E 's/"(offered|free)":[0-9]+,//g'; }
taint() { cat /proc/sys/kernel/tainted; }

# unharmed COMMAND...: runs it, and looks
unharmed() {
	local out before after status=0
	before="$(bindings) $(config) $(taint)"
	out=$("$@" 2>&1) || status=$?
	note "${out//$'\n'/$'\n# '}"
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

test_P3_requests_of_every_shape() {
	unharmed srv nlsweep shapes
}

as_nobody() { srv setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }

test_P7_policies_as_nobody() {
	unharmed as_nobody nlsweep policy
}

test_P7_policies_in_a_namespace_of_ones_own() {
	unharmed unshare -Urn nlsweep policy
}

test_P7_every_command_as_nobody() {
	unharmed as_nobody nlsweep deaf
}

# Root there may listen, since the kernel lets it, to a namespace in which it can make nobody serve.
test_P7_every_command_in_a_namespace_of_ones_own() {
	unharmed unshare -Urn nlsweep denied
}

# What counts is who opened the socket and who sends, both.
test_P7_sockets_that_change_hands() {
	unharmed srv nlsweep dropped
	unharmed srv nlsweep borrowed
}

# ---- in a namespace in which nlsweep is the daemon; the other goes on serving ----

gen() { within gen "$@"; }

gen_up() {
	ip netns add gen
	ip -n gen link set lo up
	ip -n gen link add g0 type dummy
	ip -n gen addr add 203.0.113.254/24 dev g0
	ip -n gen addr add 198.51.100.1/24 dev g0 # giaddr of the relay there
	ip -n gen link set g0 up
}

# The same namespace serves a client afterwards, by a daemon that finds what was left.
gen_serves() {
	ip link add s1 netns gen type veth peer name c1 netns cli
	ip -n gen addr add 198.18.0.1/24 dev s1
	ip -n gen link set s1 up
	ip -n cli link set c1 up
	mkdir "$TMP/gen"
	gen dhcpkd -c /dev/null -S "$TMP/gen/control" -s "$TMP/gen" 2>"$TMP/gen/log" &
	PIDS+=($!)
	wait_for 30 gen dhcpkctl -S "$TMP/gen/control" config show || fail "no daemon: $(cat "$TMP/gen/log")"
	gen dhcpkctl -S "$TMP/gen/control" pool add after subnet 198.18.0.0/24 dev s1 || fail "no pool"
	wait_for 10 gen_offers || fail "nothing is offered"
}
gen_offers() { [[ $(cli dhcpc c1 type=discover mac=02:00:00:00:02:01) == *type=offer* ]]; }

gen_down() {
	end_what_runs
	ip -n cli link del c1 2>/dev/null
	ip netns del gen
	rm -rf "$TMP/gen"
}

in_gen() {
	PIDS=() # the others' daemon is not this test's to end
	trap gen_down EXIT
	gen_up
	unharmed "$@"
	gen_serves
}

test_P3_configurations_and_broken_ones_in_turn() {
	in_gen gen nlsweep random
}

# ---- without memory ----

FAULTS=/sys/kernel/debug

# Quietly, as the kernel's complaints end a run; TEST_LOUD=1 shows where each was refused.
allocations_fail() {
	local what
	for what in failslab fail_page_alloc; do
		[ -d $FAULTS/$what ] || continue
		echo N >$FAULTS/$what/ignore-gfp-wait
		if [ -n "${TEST_LOUD:-}" ]; then echo 2; else echo 0; fi >$FAULTS/$what/verbose
	done
	echo 0 >$FAULTS/fail_page_alloc/min-order || note "no pages are refused"
}

test_P3_each_allocation_of_each_command_fails() {
	[ -e /proc/self/fail-nth ] || skip "this kernel cannot refuse allocations"
	allocations_fail
	in_gen gen nlsweep nth
}

# Those of packets, which cannot wait for memory, so many in a hundred: a client is answered or not, and nothing is left of it.
packets_fail() { # PERCENT
	echo Y >$FAULTS/failslab/ignore-gfp-wait
	echo 0 >$FAULTS/failslab/verbose
	echo -1 >$FAULTS/failslab/times
	echo "$1" >$FAULTS/failslab/probability
}

test_P3_packets_without_memory() {
	local i before answered=0
	[ -e /proc/self/fail-nth ] || skip "this kernel cannot refuse allocations"
	before=$(counter drop-no-memory)
	packets_fail 20 || fail "allocations cannot be refused"
	for i in {1..40}; do
		# shellcheck disable=SC2034 # lib.sh sends by it
		printf -v MAC '02:00:00:00:03:%02x' "$i"
		[ -z "$(field type "$(dhcpc type=request req=192.0.2.$((100 + i)) sid=$SID wait=50)")" ] ||
			answered=$((answered + 1))
		[ -z "$(offered wait=50)" ] || answered=$((answered + 1))
	done
	packets_fail 0
	note "$answered of 80 answered; $(($(counter drop-no-memory) - before)) dropped for lack of memory"
	[ "$(counter drop-no-memory)" -gt "$before" ] || fail "none of ours was refused"
	[ $answered -gt 0 ] || fail "nothing is answered"
	serves
}

# A client that takes 9,000 bytes gets its few options without a block of 16 KiB, which a busy machine may not have.
test_P3_a_reply_needs_no_large_pages() {
	local faults=$FAULTS/fail_page_alloc before said
	[ -d $faults ] || skip "this kernel cannot refuse pages"
	ip -n cli link set c0 mtu 9000
	ip -n srv link set s0 mtu 9000
	before=$(counter drop-no-memory)
	for setting in verbose=0 times=-1 space=0 ignore-gfp-wait=Y min-order=2 probability=100; do
		echo "${setting#*=}" >$faults/"${setting%=*}" || fail "no ${setting%=*}"
	done
	said=$(dhcpc type=discover opt=39022328 wait=1000)
	echo 0 >$faults/probability
	ip -n srv link set s0 mtu 1500
	ip -n cli link set c0 mtu 1500
	same "without large pages" "$(field type "$said"), $(($(counter drop-no-memory) - before)) dropped" "offer, 0 dropped"
}

setup
lan range 192.0.2.20-192.0.2.250
serves
run_tests
