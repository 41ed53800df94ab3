#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lives of real clients, as clients.table has them: each gets an address, and keeps it over renewal, rebinding and reboot.
#
# A block of the table is a client: "client NAME", then its messages in their order, STATE KEY=VALUE..., for dhcpc. A line that
# begins with two spaces has further words of the message before; "opt+=" goes on with its option bytes. States, and what is expected:
#   discover                            an OFFER; of the same address as before, if there was one
#   select renew rebind reboot again    an ACK with that address (again: a REQUEST of an unusual form)
#   inform                              an ACK without a lease
#   release decline                     no answer, and the state of the address
#   bootp                               an answer with an address
#   quiet                               no answer, and no change
# "~" behind a state: the capture did not have that message; it is made from the client's others, as RFC 2131 table 5 has it.
# {mac} {ip} {sid} {other} stand for the client's hardware address, its address, the server's, and one of another network; @ip,
# @sid and @other for the same in dotted form. An option area is complete, with option 53 and END, where the client sends one.
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

SID=192.0.2.1
OTHER=192.168.1.77
TABLE=$(dirname "$0")/clients.table

each_test() { [ -n "$(names pool)" ] || ctl pool add lan subnet 192.0.2.0/24 dev s0 range 192.0.2.10-192.0.2.250 lease 1h bootp on; }

hex_of() { # ADDRESS: dotted to hexadecimal
	local a b c d
	IFS=. read -r a b c d <<<"$1"
	printf '%02x%02x%02x%02x' "$a" "$b" "$c" "$d"
}

# say WORD...: a message of the client at hand
say() {
	local word words=("${@//@ip/$IP}")
	words=("${words[@]//@sid/$SID}")
	words=("${words[@]//@other/$OTHER}")
	words=("${words[@]//\{ip\}/$(hex_of "$IP")}")
	words=("${words[@]//\{sid\}/$(hex_of $SID)}")
	words=("${words[@]//\{other\}/$(hex_of $OTHER)}")
	words=("${words[@]//\{mac\}/${MAC//:/}}")
	for word in "${words[@]}"; do
		[ "$word" != "ipdst=$SID" ] || words+=(l2dst="$SMAC")
	done
	cli dhcpc c0 type=none end=0 mac="$MAC" "${words[@]}"
}

# answered WHAT TYPE REPLY: with its own address, which it is told now if it has none
answered() {
	local got
	got=$(field yiaddr "$3")
	same "$1" "$(field type "$3")" "$2"
	[ -n "$HAS" ] || HAS=$got IP=$got
	same "$1: address" "$got" "$HAS"
}

message() { # STATE WORD...
	local state=${1%\~} what="$*" reply
	shift
	what=${what:0:60}
	case $state in
	discover) answered "$what" offer "$(say "$@")" ;;
	select | renew | rebind | reboot | again) answered "$what" ack "$(say "$@")" ;;
	bootp) answered "$what" bootp "$(say "$@")" ;;
	inform)
		reply=$(say "$@")
		same "$what" "$(field type "$reply") $(field yiaddr "$reply") $(field lease "$reply")" "ack 0.0.0.0 0"
		;;
	release | decline)
		same "$what" "$(say "$@" wait=50)" silence
		wait_for 5 is_now "${state}d" || fail "$what: the address is $(state_of "$IP")"
		;;
	quiet)
		reply=$(state_of "$IP")
		same "$what" "$(say "$@" wait=50)" silence
		same "$what: the address" "$(state_of "$IP")" "$reply"
		;;
	*) fail "what is \"$state\"?" ;;
	esac
}
is_now() { [ "$(state_of "$IP")" = "$1" ]; }

# The lines of one client, continued ones joined
lines_of() {
	awk -v want="$1" '
		/^#/ || /^$/ { next }
		/^  opt\+=/ { sub(/ opt=[^ ]*/, "&" substr($1, 6), line); next }
		/^  / { if (line != "") line = line $0; next }
		{ if (line != "") print line; line = "" }
		/^client / { mine = $2 == want; next }
		mine { line = $0 }
		END { if (line != "") print line }' "$TABLE"
}

life() { # NAME NUMBER
	local line last='' bound
	MAC=$(printf '02:00:00:01:%02x:%02x' $(($2 / 256)) $(($2 % 256)))
	SMAC=$(mac_of srv s0)
	IP=192.0.2.9 HAS=
	while read -r line; do
		# shellcheck disable=SC2086 # words
		message $line
		last=${line%% *}
	done < <(lines_of "$1")
	bound=$(ctl -j lease show mac "$MAC" 2>/dev/null | grep -o '"state":"bound"' | wc -l)
	case ${last%\~} in
	"") fail "no messages" ;;
	select | renew | rebind | reboot | again) [ "$HAS" ] && same "bindings" "$(state_of "$HAS")" bound ;;
	esac
	[ "$bound" -le 1 ] || fail "$bound bindings"
}

n=0
while read -r word name; do
	[ "$word" = client ] || continue
	n=$((n + 1))
	eval "test_${name//-/_}() { life $name $n; }"
done <"$TABLE"

setup
run_tests
