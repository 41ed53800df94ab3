#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As many bindings as a large provider's pool has: bound on the wire and written, in memory, read back into a fresh module,
# listed, renewed. TEST_LEASES says how many; with a disk (scripts/vm --drive FILE) the store is on that, with ext4. The
# tests follow one another, each with what the one before has left.
. "$(dirname "$0")/lib.sh"

LEASES=${TEST_LEASES:-1000000}
SIZE=$((LEASES + LEASES / 20))
FIRST=10.1.0.0
SID=10.0.0.1
SLAB_MAX=320

now_us() { echo "${EPOCHREALTIME/./}"; }

# figure WHAT BEGIN [N]: how long it took since, and how many in a second
figure() {
	note "$1: $(awk -v us=$(($(now_us) - $2)) -v n="${3:-0}" \
		'BEGIN { printf "%.2f s", us / 1e6; if (n) printf ", %.0f a second", n * 1e6 / us }')"
}

crowd() { cli crowd c0 n="$LEASES" first=$FIRST server=$SID "$@"; }
in_pool() { ctl -j pool show | grep -oP '"bound":\K[0-9]+'; }
all_bound() { [ "$(in_pool)" = "$LEASES" ]; }

# The pages of the caches that the module allocates from: bindings and what clients say of themselves (kmalloc), and the
# nodes of the index by address. Each gives back first what it holds in reserve.
slab_bytes() {
	local cache slabs order
	for cache in /sys/kernel/slab/kmalloc-* /sys/kernel/slab/radix_tree_node /sys/kernel/slab/dhcpk_lease; do
		echo 1 >"$cache/shrink"
	done
	# The leases' own cache may go by the name of another one that it is one with.
	read -r slabs _ </sys/kernel/slab/dhcpk_lease/slabs
	read -r order </sys/kernel/slab/dhcpk_lease/order
	awk -v page="$(getconf PAGESIZE)" -v n=$((slabs * ($(getconf PAGESIZE) << order))) \
		'/^(kmalloc-|radix_tree_node)/ { n += $15 * $6 * page } END { print n }' /proc/slabinfo
}

# What is too large for a cache counts here, too: hash table and address maps, by pages or as vmalloc.
all_bytes() {
	awk '/^Slab:/ { n += $2 * 1024 } /(bucket_table_alloc|\[dhcpk\]).* pages=/ { n += $2 } END { print n }' \
		/proc/meminfo /proc/vmallocinfo
}

test_1_bound_and_written() {
	local begin
	slab_bytes >"$TMP/slab"
	all_bytes >"$TMP/all"
	ctl pool add lan subnet 10.0.0.0/8 dev s0 range "$FIRST-$(plus $FIRST $((SIZE - 1)))" lease 1d || fail "no pool"
	begin=$(now_us)
	crowd window=4096 xid="$FLOOD" >"$TMP/crowd" || fail "not all are bound"
	note "bound, each once it was stored: $(cat "$TMP/crowd")"
	wait_for 600 all_stored || fail "not stored: $(ctl)"
	figure "bound and written, backlog 0" "$begin" "$LEASES"
	note "of that, the daemon in its own code and SQLite's, and in the kernel, ACKs included:" \
		"$(awk -v hz="$(getconf CLK_TCK)" '{ print $14 / hz " s, " $15 / hz " s" }' "/proc/$DAEMON/stat")"
	same "bound" "$(in_pool)" "$LEASES"
	note "the store: $(cd "$TMP" && stat -c '%n %s bytes' leases.db* | paste -sd,)"
}

plus() { # IP N: an address of 10/8 that is N further
	local a b c d
	IFS=. read -r a b c d <<<"$1"
	d=$(((a << 24 | b << 16 | c << 8 | d) + $2))
	echo "$((d >> 24)).$((d >> 16 & 255)).$((d >> 8 & 255)).$((d & 255))"
}

test_2_memory_of_a_lease() {
	local slab
	slab=$((($(slab_bytes) - $(cat "$TMP/slab")) / LEASES))
	note "$slab bytes of slab a lease; with the hash table and the maps of free addresses" \
		"$((($(all_bytes) - $(cat "$TMP/all")) / LEASES)) bytes"
	[ $slab -lt $SLAB_MAX ] || fail "$slab bytes of slab a lease"
}

# Time from insmod to a pool that has opened, with all that the store had.
test_3_restored_into_a_fresh_module() {
	local begin
	begin=$(now_us)
	rmmod dhcpk
	figure "unloaded" "$begin"
	begin=$(now_us)
	insmod "$DHCPK_KO"
	wait_for 600 all_bound || fail "$(in_pool) bindings are back"
	figure "loaded and restored" "$begin" "$LEASES"
	note "$(grep 'read back in' "$TMP/log" | tail -n 1)"
}

# listed WHAT BEGIN COUNT: all of them?
listed() {
	figure "$1" "$2" "$LEASES"
	same "$1" "$3" "$LEASES"
}
test_4_listed() {
	local begin n
	begin=$(now_us)
	n=$(ctl -j lease show | tr '}' '\n' | grep -c '"ip":"10\.')
	listed "lease show, JSON" "$begin" "$n"
	begin=$(now_us)
	n=$(ctl lease show | grep -c ' 10\.')
	listed "lease show, a table" "$begin" "$n"
	begin=$(now_us)
	n=$(ctl -j lease show ip "$(plus $FIRST $((LEASES - 1)))" | grep -c '"state":"bound"')
	figure "lease show ip" "$begin"
	same "the last one" "$n" 1
	begin=$(now_us)
	ctl lease help >/dev/null
	figure "dhcpkctl by itself" "$begin"
}

test_5_renewed() {
	crowd renew=100 >"$TMP/crowd" || fail "not all are renewed"
	note "renewed: $(cat "$TMP/crowd")"
}

# As after a reboot: the module is new, and so is the daemon.
test_6_restored_by_a_fresh_daemon() {
	local begin
	ctl config save "$TMP/conf" || fail "config save"
	kill "$DAEMON"
	wait_for 60 ended || fail "the daemon does not end"
	rmmod dhcpk
	insmod "$DHCPK_KO"
	begin=$(now_us)
	ip netns exec srv dhcpkd -c "$TMP/conf" -S "$SOCK" -s "$TMP" 2>"$TMP/log" &
	DAEMON=$!
	PIDS+=("$DAEMON")
	wait_for 600 all_bound || fail "$(in_pool) bindings are back"
	figure "daemon started, and all restored" "$begin" "$LEASES"
	stop_daemon
}
ended() { ! kill -0 "$DAEMON"; }

if [ -n "${DHCPK_KERNEL:-}" ] && [ -b /dev/vda ]; then # in scripts/vm, and never a real machine's disk
	mkfs.ext4 -q /dev/vda
	mount /dev/vda "$TMP"
	MOUNTS+=("$TMP")
	note "the store is on a disk"
fi
setup
ip -n srv addr add $SID/8 dev s0
run_tests
