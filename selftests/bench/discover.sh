#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a DISCOVER costs in a pool of 65024 addresses as it fills up, and in one of 2^24. With scripts/vm --icount in
# instructions; of all that client and server do in it, so that what differs is what the pool's size and fill cost.
. "$(dirname "$0")/lib.sh"
require_icount

FIRST=10.1.0.0
costs() { cli discover c0 first=$FIRST server=10.0.0.1 "$@" || fail "no measurement"; }
# bound_to M N: clients M to N-1 are bound, and that has been stored
bound_to() {
	costs from="$1" fill="$2" n=1 >/dev/null
	wait_for 60 all_stored || fail "not stored: $(ctl)"
}

# Within 5 % of the small empty pool: the wider addresses are scattered, the more nodes a tree of them allocates.
near() { # WHAT MEDIAN
	note "$1: $2 a DISCOVER"
	[ "$2" -le $((EMPTY + EMPTY / 20)) ] || fail "$1: $2, but $EMPTY when empty"
}

each_test() { ctl config apply /dev/null || fail "the pools do not go"; }

test_C01_a_discover_costs_the_same_in_any_pool() {
	ctl pool add lan subnet 10.0.0.0/8 dev s0 range 10.1.0.0-10.1.253.255 lease 1h durability async || fail "no pool"
	costs >/dev/null # caches and tables
	EMPTY=$(costs | cut -d' ' -f1)
	near "65024 addresses, none bound" "$EMPTY"
	bound_to 0 32512
	near "50 % bound" "$(costs | cut -d' ' -f1)"
	bound_to 32512 64758
	near "99.9 % bound" "$(costs | cut -d' ' -f1)"
	ctl pool del lan
	ctl pool add lan subnet 10.0.0.0/8 dev s0 range 10.0.0.2-10.255.255.254 lease 1h || fail "no pool"
	near "16777213 addresses" "$(costs | cut -d' ' -f1)"
}

# N pools on one link, a shared network
shared() { # N
	local i
	for ((i = 0; i < $1; i++)); do
		echo "pool p$i { subnet = 10.$i.0.0/16  dev = s0  range = {10.$i.1.0-10.$i.4.255}  lease = 1h  durability = async }"
	done >"$TMP/conf"
	ctl config apply "$TMP/conf" || fail "not taken"
}

# N pools with a host each, all of them at port "0/1"; one of the pools is served here.
ports() { # N
	local i
	for ((i = 0; i < $1; i++)); do
		echo "pool p$i { subnet = 10.$((i / 250)).$((i % 250)).0/24 $([ $i != 0 ] || echo 'dev = s0')  durability = async }"
		echo "host h$i { pool = p$i  circuit-id = 30:2f:31 }"
	done >"$TMP/conf"
	ctl config apply "$TMP/conf" || fail "not taken"
}

# one_and_many WHAT N CONFIGURATION [KEY...]: with N of them a DISCOVER costs what it costs with one, within 10 %
one_and_many() {
	local one many
	"$3" 1
	costs "${@:4}" >/dev/null
	one=$(costs "${@:4}" | cut -d' ' -f1)
	note "$1, 1: $one a DISCOVER"
	"$3" "$2"
	costs "${@:4}" >/dev/null
	many=$(costs "${@:4}" | cut -d' ' -f1)
	note "$1, $2: $many a DISCOVER"
	[ "$many" -le $((one + one / 10)) ] || fail "$1: $many with $2, but $one with one"
}

# A client is looked up once for all pools of its link.
test_C01_a_discover_costs_the_same_on_a_link_of_many_pools() { one_and_many "pools on the link" 200 shared; }

# Switches call their ports by the same names on every link. Option 82 has circuit-id 0/1.
test_C01_a_discover_costs_the_same_however_many_links_know_its_port() {
	one_and_many "links that know the port" 1000 ports opt=52050103302f31
}

# To read the replies would cost as much as to give them.
export NO_CAPTURE=1 NO_REPLIES=0
setup
ip -n srv addr add 10.0.0.1/8 dev s0
run_tests
