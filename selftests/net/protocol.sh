#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The finer points of RFC 2131 and its extensions, on the wire: what server.sh does not ask in passing.
. "$(dirname "$0")/lib.sh"

MAC=02:00:00:00:00:01
SID=192.0.2.1
# counted COUNTER N COMMAND...: it counts N while the command is answered with silence
counted() {
	local counter=$1 n=$2 before
	shift 2
	before=$(counter "$counter")
	same "$*" "$("$@" wait=200)" silence
	same "$counter of: $*" "$(($(counter "$counter") - before))" "$n"
}

test_B01_bootp_is_off() {
	lan
	counted drop-admin-filtered 1 dhcpc type=none
	counted drop-admin-filtered 1 dhcpc type=none cookie=0
}

test_B02_bootp_on() {
	local r ip
	lan bootp on next-server 192.0.2.2 boot-file boot.img
	r=$(dhcpc type=none)
	ip=$(field yiaddr "$r")
	same "what it is" "$(field type "$r") $(field o53 "$r") $(field lease "$r") $(field len "$r")" "bootp  0 300"
	same "options as configured" "$(field o1 "$r") $(field o3 "$r")" "ffffff00 c0000201"
	same "where to boot from" "$(field siaddr "$r") $(field file "$r")" "192.0.2.2 $(hex_text boot.img)"
	same "the same again" "$(field yiaddr "$(dhcpc type=none)")" "$ip"
	has "for ever" "$(ctl -j lease show ip "$ip")" '"state":"bound"'
	same "no expiry" "$(ctl -j lease show ip "$ip" | grep -c expires)" 0
	r=$(dhcpc type=none cookie=0 mac=02:00:00:00:00:02)
	same "as in RFC 951" "$(field type "$r") $(field len "$r") $(field o1 "$r")" "bootp 300 "
}

test_B03_bootp_of_who_knows_its_address() {
	local ip r
	lan bootp on
	ip=$(field yiaddr "$(dhcpc type=none)")
	r=$(dhcpc type=none ciaddr="$ip")
	same "to it" "$(field ipdst "$r") $(field ciaddr "$r") $(field dport "$r")" "$ip $ip 68"
}

test_C01_order_of_choice() {
	local first
	lan
	first=$(bind)
	same "what it has, before what it asks for" "$(offered req=192.0.2.15)" "$first"
	dhcpc type=release ciaddr="$first" sid=$SID wait=50 >/dev/null
	same "what it had, before what it asks for" "$(offered req=192.0.2.15)" "$first"
	ctl lease del "$first"
	same "what it asks for" "$(offered req=192.0.2.15)" 192.0.2.15
	same "asked for by another" "$(MAC=02:00:00:00:00:02 offered req=192.0.2.15 | grep -c '^192.0.2.15$')" 0
	same "not there" "$(MAC=02:00:00:00:00:03 offered req=192.0.2.200 | grep -c '^192.0.2.200$')" 0
	ctl host add mac 02:00:00:00:00:04 ip 192.0.2.99
	same "reserved, before all" "$(MAC=02:00:00:00:00:04 offered req=192.0.2.16)" 192.0.2.99
}

test_C06_infinite_and_bounded_wishes() {
	lan min-lease 10m max-lease 2h
	same less "$(field lease "$(dhcpc type=discover lease=1)")" 600
	same more "$(field lease "$(dhcpc type=discover lease=0xffffffff)")" 7200
	same between "$(field lease "$(dhcpc type=discover lease=1000)")" 1000
	same none "$(field lease "$(dhcpc type=discover)")" 3600
}

test_C09_header_is_copied() {
	local r chaddr=0200000000010203040506070809aabb
	lan
	r=$(dhcpc type=discover xid=0 flags=0xffff secs=7 hops=3 chaddr=$chaddr)
	same "flags, secs, hops" "$(field flags "$r") $(field secs "$r") $(field hops "$r")" "ffff 0 0"
	same "chaddr, all 16 bytes" "$(field chaddr "$r")" $chaddr
	same "ciaddr" "$(field ciaddr "$r")" 0.0.0.0
}

test_C10_next_server() {
	local r
	lan next-server 192.0.2.2 server-name tftp.example boot-file 'pxe/x 1.efi'
	for r in "$(dhcpc type=discover)" "$(dhcpc type=request req="$(offered)" sid=$SID)"; do
		same fields "$(field siaddr "$r") $(field sname "$r") $(field file "$r")" \
			"192.0.2.2 $(hex_text tftp.example) $(hex_text 'pxe/x 1.efi')"
	done
	r=$(dhcpc type=request req=10.1.1.1)
	same "NAK" "$(field siaddr "$r") $(field sname "$r") $(field file "$r")" "0.0.0.0  "
	no_pools
	lan
	same "none" "$(field siaddr "$(dhcpc type=discover)")" 0.0.0.0
}

test_C12_configured_or_derived_or_not_at_all() {
	local r
	lan
	r=$(dhcpc type=discover prl=1c2a1a)
	same "derived" "$(field o28 "$r")" c00002ff
	same "neither" "$(field o42 "$r")$(field o26 "$r")" ""
	ctl pool set lan option 28 192.0.2.127 option interface-mtu 1400
	r=$(dhcpc type=discover prl=1c2a1a)
	same "configured" "$(field o28 "$r") $(field o26 "$r")" "c000027f 0578"
}

test_C18_identifiers_of_any_length() {
	local one long
	lan
	one=$(offered cid=41)
	long=$(offered cid="$(printf 'ab%.0s' {1..254})")
	if [ -z "$one" ] || [ -z "$long" ] || [ "$one" = "$long" ]; then fail "$one, $long"; fi
	same "empty: the hardware address" "$(offered opt=3d00)" "$(offered)"
	same "echoed" "$(field o61 "$(dhcpc type=discover cid=41)")" 41
}

test_C19_iaid_and_duid() {
	local a=ff0000000100030001020000000055 ip
	lan
	ip=$(offered cid=$a)
	same "moved to other hardware" "$(MAC=02:00:00:00:00:07 offered cid=$a)" "$ip"
	same "other IAID" "$(offered cid=ff0000000200030001020000000055 | grep -c "^$ip\$")" 0
	same "other DUID" "$(offered cid=ff0000000100030001020000000056 | grep -c "^$ip\$")" 0
	same "its hardware alone" "$(offered | grep -c "^$ip\$")" 0
}

test_D01_declined_for_as_long_as_the_pool_says() {
	local ip
	lan decline-time 2h
	ip=$(bind)
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	same state "$(state_of "$ip")" declined
	same "until" "$(lasts "$ip")" 7200
	same "not by its last holder's wish" "$(offered req="$ip" | grep -c "^$ip\$")" 0
	has counted "$(ctl -j pool show lan)" '"declined":1'
}
lasts() { # IP: seconds from start to end of what is known of an address; a declined one starts with its last ACK
	local text seconds
	text=$(ctl -j lease show ip "$1")
	seconds=$(($(date -ud "$(grep -oP '"expires":"\K[^"]*' <<<"$text")" +%s) - $(date -ud "$(grep -oP '"starts":"\K[^"]*' <<<"$text")" +%s)))
	if [ $seconds -ge 7200 ] && [ $seconds -lt 7203 ]; then echo 7200; else echo $seconds; fi
}

test_C01_reserved_but_lived_in() {
	local ip
	lan
	MAC=02:00:00:00:00:02 bind req=192.0.2.11 >/dev/null
	ip=$(bind req=192.0.2.12)
	ctl host add lodger mac "$MAC" ip 192.0.2.11
	same "keeps what it has" "$(field type "$(dhcpc type=request ciaddr="$ip" xid=2)")" ack
	ctl lease del "$ip"
	ip=$(offered)
	same "not the other's" "$(grep -c '^192.0.2.11$' <<<"$ip")" 0
	same "gets what it was offered" "$(field type "$(dhcpc type=request req="$ip" sid=$SID)")" ack
	MAC=02:00:00:00:00:02 dhcpc type=release ciaddr=192.0.2.11 sid=$SID wait=50 >/dev/null
	same "no longer" "$(field type "$(dhcpc type=request ciaddr="$ip" xid=3)")" nak
	same "its own at last" "$(bind)" 192.0.2.11
}

test_C01_an_address_that_the_machine_has_got() {
	local i
	lan
	trap 'ip -n srv addr del 192.0.2.15/24 dev s0' EXIT
	ip -n srv addr add 192.0.2.15/24 dev s0
	MAC=02:00:00:00:01:01
	same "asked for" "$(offered req=192.0.2.15 | grep -c '^192.0.2.15$')" 0
	same "requested" "$(field type "$(dhcpc type=request req=192.0.2.15 sid=$SID)")" nak
	for i in 1 2 3 4 5 6 7 8 9; do
		MAC=02:00:00:00:01:0$i bind >/dev/null
	done
	same "all others" "$(ctl -j lease show state bound | grep -o '"ip"' | wc -l) $(state_of 192.0.2.15)" "9 free"
}

# As lan, with 40 addresses, of which ten are a quarter
forty() {
	lan
	ctl pool set lan range 192.0.2.10-192.0.2.49 || fail "set"
}

# declines_offers: one after the other, until what is offered does not rest; prints how many rest
declines_offers() {
	local ip n=0
	while [ $n -lt 20 ]; do
		ip=$(offered)
		dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
		[ "$(state_of "$ip")" = declined ] || break
		n=$((n + 1))
	done
	echo $n
}

test_D01_an_offer_is_declined() {
	local ip before
	lan decline-time 2s
	before=$(counter offers-declined)
	ip=$(offered)
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	same "state, counted" "$(state_of "$ip") $(($(counter offers-declined) - before))" "declined 1"
	[ "$(offered req="$ip")" != "$ip" ] || fail "offered again: $ip"
	wait_for 10 is_free "$ip" || fail "rests on: $(state_of "$ip")"
}
is_free() { [ "$(state_of "$1")" = free ]; }

test_D01_offers_that_are_declined_empty_no_pool() {
	forty
	same "of one client" "$(declines_offers)" 4
	same "of another one" "$(MAC=02:00:00:00:00:02 declines_offers)" 4
	same "of a third one, a quarter of the pool" "$(MAC=02:00:00:00:00:03 declines_offers)" 2
	has "the others have addresses" "$(MAC=02:00:00:00:00:03 bind)" 192.0.2.
}

# declines NUMBER: takes what it is offered, and declines it; prints how many of these rest
declines() {
	local ip n=0 i
	for ((i = 0; i < $1; i++)); do
		ip=$(bind)
		dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
		[ "$(state_of "$ip")" != declined ] || n=$((n + 1))
	done
	echo $n
}

# Nor does a client empty it that takes each address before it declines it.
test_D01_bindings_that_are_declined_empty_no_pool() {
	local ip
	forty
	same "of one client, a quarter of the pool" "$(declines 14)" 10
	ip=$(bind)
	wait_for 5 gives_back "$ip" || fail "it does not count as given back: $(state_of "$ip")"
	[ "$(offered req="$ip")" != "$ip" ] || fail "the address that it has found in use, though there are others"
	same "of another one, some" "$(MAC=02:00:00:00:00:02 declines 6)" 4
}

gives_back() { # IP: one in a second is obeyed
	dhcpc type=decline req="$1" sid=$SID wait=50 >/dev/null
	[ "$(state_of "$1")" = released ]
}

test_D01_an_offer_that_cannot_rest_is_not_made_again() {
	local ip
	forty
	same "rest" "$(declines_offers)" 4
	ip=$(offered)
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	[ "$(offered)" != "$ip" ] || fail "the same again: $ip"
}

# Many devices have the same hardware address of zeros, or none: one of them must not use up what the others may decline.
test_D01_a_client_without_a_hardware_address_declines() {
	local ip MAC=00:00:00:00:00:00
	lan
	ip=$(field yiaddr "$(cli dhcpc c0 type=discover cid=0102 hlen=0 htype=32 src=02:00:00:00:00:01 flags=0x8000)")
	cli dhcpc c0 type=decline cid=0102 hlen=0 htype=32 src=02:00:00:00:00:01 req="$ip" sid=$SID wait=50 >/dev/null
	same "an offer" "$(state_of "$ip")" free
	ctl pool set lan range 192.0.2.10-192.0.2.49 || fail "set"
	same "bindings, a quarter of the pool" "$(declines 14)" 10
}

test_an_infinite_lease_that_is_left_does_not_rest_for_ever() {
	lan max-lease infinite
	ctl pool set lan lease infinite
	bind req=192.0.2.12 >/dev/null
	ctl host add mover mac "$MAC" ip 192.0.2.13
	same "moves" "$(bind)" 192.0.2.13
	same "rests" "$(state_of 192.0.2.12)" resting
	same "not for ever" "$(ctl -j lease show ip 192.0.2.12 | grep -c '"expires"')" 1
}

test_D06_giving_back_what_is_given_back() {
	local ip
	lan
	ip=$(bind)
	dhcpc type=release ciaddr="$ip" sid=$SID wait=50 >/dev/null
	dhcpc type=release ciaddr="$ip" sid=$SID wait=50 >/dev/null
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	same "still free" "$(state_of "$ip")" released
	same "and its client's" "$(offered)" "$ip"
}

test_H04_H05_H10_H11_any_header() {
	lan
	same "reserved flags" "$(field flags "$(dhcpc type=discover flags=0x7fff)")" 7fff
	same "a legal source" "$(field type "$(dhcpc type=discover ipsrc=192.0.2.200)")" offer
	same "seconds" "$(field type "$(dhcpc type=discover secs=0xffff)")" offer
	same "transaction 0" "$(field type "$(dhcpc type=discover xid=0)")" offer
}

test_H06_short_and_long() {
	lan
	same "240 bytes and the type" "$(field type "$(dhcpc type=discover len=244)")" offer
	counted drop-parse-failed 1 dhcpc type=discover len=239
	same "long" "$(field type "$(dhcpc type=discover opt="$(printf '00%.0s' {1..200})")")" offer
}

test_H09_hardware_of_other_kinds() {
	local r
	lan
	counted drop-parse-failed 1 dhcpc type=discover hlen=17
	counted drop-rfc-violation 1 dhcpc type=discover hlen=0
	r=$(dhcpc type=discover hlen=0 cid=0102)
	same "an identifier, no address" "$(field type "$r") $(field l2dst "$r") $(field ipdst "$r")" \
		"offer ffffffffffff 255.255.255.255"
	r=$(dhcpc type=discover htype=32 hlen=0 cid=ff0000000100030001020000000057 flags=0x8000)
	same "InfiniBand" "$(field type "$r") $(field htype "$r") $(field l2dst "$r")" "offer 32 ffffffffffff"
	r=$(dhcpc type=discover htype=6)
	same "not a frame's address" "$(field l2dst "$r")" ffffffffffff
}

test_H13_H14_size_of_the_reply() {
	local r
	lan option 224 "0x$(printf 'ab%.0s' {1..255})" option 225 "0x$(printf 'cd%.0s' {1..255})" \
		option 226 "0x$(printf 'ef%.0s' {1..255})" option 227 "0x$(printf '12%.0s' {1..255})"
	[ "$(field len "$(dhcpc type=discover)")" -le 548 ] || fail "too long by default"
	[ "$(field len "$(dhcpc type=discover opt=39020001)")" -le 548 ] || fail "too long for option 57 = 1"
	r=$(dhcpc type=discover opt=39021000)
	[ "$(field len "$r")" -le 1472 ] || fail "longer than the link carries: $(field len "$r")"
	same "all of it" "$(field o227 "$r" | cut -c1-4)" 1212
	r=$(dhcpc type=discover opt=39020320)
	[ "$(field len "$r")" -le 772 ] || fail "longer than 800 bytes in all: $(field len "$r")"
}

test_I03_I04_I05_inform() {
	local said
	lan
	same "no binding needed, none made" "$(field type "$(dhcpc type=inform ciaddr=192.0.2.200)") $(state_of 192.0.2.200)" \
		"ack free"
	counted drop-rfc-violation 1 dhcpc type=inform
	counted drop-rfc-violation 1 dhcpc type=inform ipsrc=198.51.100.9
	said=$(dhcpc type=inform ipsrc=192.0.2.200)
	same "says it in the IP header" "$(field type "$said") $(field ipdst "$said") $(field ciaddr "$said")" "ack 192.0.2.200 0.0.0.0"
	same "ours" "$(field type "$(dhcpc type=inform ciaddr=192.0.2.200 sid=$SID)")" ack
	counted drop-not-for-us 1 dhcpc type=inform ciaddr=192.0.2.200 sid=192.0.2.9
}

test_O01_O02_O11_order_of_the_request_list() {
	local r
	lan option 42 192.0.2.9
	r=$(dhcpc type=discover prl=062a03060f01ee)
	has order "$r" "o1=ffffff00 o6=c0000235 o42=c0000209 o3=c0000201 o15=6c61622e6578616d706c65"
}

test_O06_O07_overload_when_it_must() {
	local r big
	big=$(printf 'ab%.0s' {1..120})
	lan option 224 "0x$big" option 225 "0x$big" option 226 "0x$big"
	r=$(dhcpc type=discover prl=e0e1e20306)
	same "in the field file" "$(field o52 "$r") $(field o224 "$r") $(field o225 "$r")" "01 $big $big"
	has "the third" "$(field file "$r")" "e278$big"
	[ "$(field len "$r")" -le 548 ] || fail "too long: $r"
	ctl pool set lan boot-file x
	r=$(dhcpc type=discover prl=e0e1e20306)
	same "not if it is wanted for itself" "$(field file "$r")" 78
	same "NAK" "$(field o52 "$(dhcpc type=request req=10.1.1.1)")" ""
}

test_O10_O12_long_options() {
	local long r before
	long=$(printf 'ab%.0s' {1..300})
	lan option 224 "0x$long"
	r=$(dhcpc type=discover prl=e003 opt=390205dc)
	same "in two pieces, in order" "$(echo "$r" | grep -o 'o224=[^ ]*' | tr -d '\n')" \
		"o224=$(printf 'ab%.0s' {1..255})o224=$(printf 'ab%.0s' {1..45})"
	r=$(dhcpc type=discover prl=e003 opt=39020240)
	same "576 bytes: it is cut" "$(echo "$r" | grep -o 'o224=[^ ]*' | tr -d '\n')" \
		"o224=$(printf 'ab%.0s' {1..255})o224=$(printf 'ab%.0s' {1..12})"
	has "its last piece" "file=$(field file "$r")" "file=e021$(printf 'ab%.0s' {1..33})0304c0"
	before=$(counter options-left-out)
	ctl pool set lan option 224 "0x$long" option 225 "0x$long"
	r=$(dhcpc type=discover prl=e0e103 opt=39020240)
	same "the less important whole is left out" "$(field o225 "$r")" ""
	has "what fits after it stays" "file=$(field file "$r")" "file=e021$(printf 'ab%.0s' {1..33})0304c0"
	same counted "$(($(counter options-left-out) - before))" 1
}

test_O13_O14_vendor_data_is_not_in_the_way() {
	local r all
	# 43, 60, 77, 124 in two pieces, 125 with an enterprise that nobody knows
	all=2b030102ff3c036162634d0201617c060000000901037c0202037d0700001234020101
	lan option vendor-specific '9 2 0xff, 3561 1 "acs"'
	same "understood by nobody" "$(field type "$(dhcpc type=discover opt=$all)")" offer
	r=$(dhcpc type=discover opt=$all prl=7d2b)
	same "one block for each enterprise" "$(field o125 "$r") $(field o43 "$r")" "00000009030201ff00000de9050103616373 "
}

test_O15_O16_search_list_and_routes() {
	local r
	lan option domain-search "eng.apple.com, marketing.apple.com" \
		option classless-static-routes "0.0.0.0/0 192.0.2.1, 10.0.0.0/8 192.0.2.2" option 33 "10.1.1.1 192.0.2.2"
	r=$(dhcpc type=discover prl=790321770f)
	same "RFC 3397's own example" "$(field o119 "$r")" \
		03656e67056170706c6503636f6d00096d61726b6574696e67c004
	same routes "$(field o121 "$r")" 00c0000201080ac0000202
	same "in place of 3 and 33" "$(field o3 "$r")$(field o33 "$r")" ""
	r=$(dhcpc type=discover prl=0321)
	same "not asked for: as ever" "$(field o121 "$r") $(field o3 "$r") $(field o33 "$r")" " c0000201 0a010101c0000202"
}

test_O18_rapid_commit() {
	local r ip
	lan rapid-commit on
	r=$(dhcpc type=discover opt=5000)
	ip=$(field yiaddr "$r")
	has "on" "$r " " o80= "
	same "at once" "$(field type "$r") $(state_of "$ip")" "ack bound"
	same "again" "$(field type "$(dhcpc type=discover opt=5000)") $(field yiaddr "$(dhcpc type=discover opt=5000)")" "ack $ip"
	r=$(dhcpc type=request ciaddr="$ip" opt=5000)
	same "never else" "$(field type "$r") $(grep -c 'o80=' <<<"$r")" "ack 0"
	r=$(dhcpc type=discover mac=02:00:00:00:00:02)
	same "not asked for" "$(field type "$r") $(grep -c 'o80=' <<<"$r")" "offer 0"
	ctl pool set lan rapid-commit off
	r=$(dhcpc type=discover opt=5000 mac=02:00:00:00:00:03)
	same "off" "$(field type "$r") $(grep -c 'o80=' <<<"$r")" "offer 0"
}

test_O19_v6_mostly() {
	local r ip
	lan option v6-only-preferred 1800 rapid-commit on
	r=$(dhcpc type=discover prl=016c03)
	same "needs none" "$(field type "$r") $(field yiaddr "$r") $(field o108 "$r")" "offer 0.0.0.0 00000708"
	same "nothing is held" "$(ctl -j lease show | tr -d ' \n')" "[]"
	r=$(dhcpc type=discover prl=016c03 opt=5000)
	same "beats rapid commit" "$(field type "$r") $(field yiaddr "$r")" "offer 0.0.0.0"
	r=$(dhcpc type=discover prl=0103)
	ip=$(field yiaddr "$r")
	has "needs one" "$ip" 192.0.2.1
	r=$(dhcpc type=request req="$ip" sid=$SID prl=016c03)
	same "asks for one after all" "$(field type "$r") $(field o108 "$r")" "ack 00000708"
}

test_O20_O24_options_by_their_names() {
	local r
	lan option captive-portal https://portal.example/api option 150 "192.0.2.7 192.0.2.8" option 66 tftp.example \
		option 252 http://wpad.example/wpad.dat
	r=$(dhcpc type=discover prl=729642fc)
	same "114" "$(field o114 "$r")" "$(hex_text https://portal.example/api)"
	same "150" "$(field o150 "$r")" c0000207c0000208
	same "66, 252" "$(field o66 "$r") $(field o252 "$r")" "$(hex_text tftp.example) $(hex_text http://wpad.example/wpad.dat)"
}

test_O21_O22_O23_later_options() {
	local r path
	path=$(hex_text /boot/)
	lan option encrypted-dns "priority 1 name dns.example addr 192.0.2.53 alpn=dot" option 6rd "8 2001:db8::/32 192.0.2.1" \
		option path-prefix /boot/ option reboot-time 30s option config-file x.cfg
	r=$(dhcpc type=discover prl=a2d4d1d2d3)
	same 162 "$(field o162 "$r")" "001d00010d03646e73076578616d706c650004c00002350001000403646f74"
	same 212 "$(field o212 "$r")" "082020010db8000000000000000000000000c0000201"
	same "209 to 211" "$(field o209 "$r") $(field o210 "$r") $(field o211 "$r")" "$(hex_text x.cfg) $path 0000001e"
	same "not configured" "$(field o208 "$r")" ""
}

test_O23_options_that_nobody_asks_for() {
	local r
	lan option config-file x.cfg option 43 "0x010103 always" option 224 '"x always"' option 225 0x01
	r=$(dhcpc type=discover prl=0103)
	same "208 to 211" "$(field o209 "$r")" "$(hex_text x.cfg)"
	same "always" "$(field o43 "$r")" 010103
	ctl pool set lan option config-file x.cfg option 211 60 option 43 "0x010103 always" option 224 '"x always"' option 225 0x01 \
		option 226 0x01 always || fail "no options"
	r=$(dhcpc type=discover prl=0103)
	same "the last of them, and a private code" "$(field o211 "$r") $(field o226 "$r")" "0000003c 01"
	same "a text that ends so, and what is asked for" "$(field o224 "$r")$(field o225 "$r")" ""
	same "the text" "$(field o224 "$(dhcpc type=discover prl=e0)")" "$(hex_text "x always")"
	ctl host add mac "$MAC" option 43 0x020109 || fail "no host"
	same "a host's own" "$(field o43 "$(dhcpc type=discover prl=0103)")" 020109
	same "saved and read" "$(ctl config save "$TMP/saved" && dhcpkd -t -c "$TMP/saved")" "$TMP/saved: fine"
	has "the word stays" "$(cat "$TMP/saved")" "0x010103 always"
}

# What is in quotes in a file is text, as in the same words typed; a registered code has the type that a definition gives it.
test_S24_S26_a_files_options_on_the_wire() {
	local r
	cat >"$TMP/options.conf" <<-'END'
		option motd { code = 224  type = text }
		option ntp-mc { code = 42  type = hex }
		pool lan {
			subnet = 192.0.2.0/24
			dev = s0
			option = {"60 \"HTTPClient\"", "motd \"hello, world\"", "ntp-mc 0xe0000101"}
		}
	END
	ctl config apply "$TMP/options.conf" || fail "not applied"
	r=$(dhcpc type=discover prl=3ce02a)
	same "no quotes" "$(field o60 "$r") $(field o224 "$r")" "$(hex_text HTTPClient) $(hex_text "hello, world")"
	same "bytes" "$(field o42 "$r")" e0000101
}

test_O25_fqdn() {
	local name r
	name=$(hex_text $'\x03box')
	lan
	r=$(dhcpc type=discover opt=5107050000"$name")
	same "encoded as asked, N and O set, completed" "$(field o81 "$r")" "0effff${name}03$(hex_text lab)07$(hex_text example)00"
	r=$(dhcpc type=request req="$(offered)" sid=$SID opt=5107040000"$name" name=other)
	same "E, N, and no wish to be overridden" "$(field o81 "$r" | cut -c1-2)" 0c
	has "its name" "$(ctl -j lease show ip "$(field yiaddr "$r")")" '"hostname":"box"'
}

test_O29_O30_authentication_is_ignored() {
	lan
	same "option 90" "$(field type "$(dhcpc type=discover opt=5a0b0100000000000000000000)")" offer
	same "option 145" "$(field type "$(dhcpc type=discover opt=910101)")" offer
}

test_O31_refused_with_words() {
	lan
	has "why" "$(field o56 "$(dhcpc type=request req=10.1.1.1)" | sed 's/../\\x&/g' | xargs -0 printf)" "wrong network"
}

test_Q02_Q12_what_it_cannot_have() {
	local ip
	lan
	ip=$(bind)
	MAC=02:00:00:00:00:02
	same "another's" "$(field type "$(dhcpc type=request req="$ip" sid=$SID)")" nak
	bind >/dev/null
	same "not its own" "$(field type "$(dhcpc type=request req=192.0.2.200 sid=$SID)")" nak
	MAC=02:00:00:00:00:03
	same "unknown, and not sure" "$(dhcpc type=request ciaddr=192.0.2.200 wait=300)" silence
}

test_Q11_rebinding() {
	local ip r
	lan
	ip=$(bind)
	r=$(dhcpc type=request ciaddr="$ip")
	same "ack" "$(field type "$r") $(field yiaddr "$r") $(field ipdst "$r")" "ack $ip $ip"
	same "a wrong one" "$(field type "$(dhcpc type=request ciaddr=192.0.2.200)")" nak
}

test_Q13_any_of_our_addresses() {
	local ip
	lan
	ip -n srv addr add 198.51.100.1/24 dev s0
	ip=$(offered)
	same "another of ours" "$(field type "$(dhcpc type=request req="$ip" sid=198.51.100.1)")" ack
	same "the first one's subnet" "$(field sid "$(dhcpc type=request ciaddr="$ip")")" $SID
	ip -n srv addr del 198.51.100.1/24 dev s0
	same "no longer" "$(dhcpc type=request req="$ip" sid=198.51.100.1 wait=300)" silence
}

test_Q16_once_more() {
	local ip first other=192.0.2.19
	lan
	ip=$(offered)
	[ "$ip" != $other ] || other=192.0.2.18
	first=$(dhcpc type=request req="$ip" sid=$SID)
	same "the same ACK" "$(dhcpc type=request req="$ip" sid=$SID)" "$first"
	same "never offered, but free" "$(field type "$(MAC=02:00:00:00:00:08 dhcpc type=request req=$other sid=$SID)")" ack
}

test_Q17_T1_before_T2_before_the_end() {
	local r
	lan min-lease 1s
	r=$(dhcpc type=discover lease=10)
	same "of 10 s" "$(field o58 "$r") $(field o59 "$r")" "00000005 00000009"
	r=$(dhcpc type=discover lease=3600)
	same "of an hour" "$(field o58 "$r") $(field o59 "$r")" "00000708 00000c4e"
}

test_X03_flood() {
	local ip
	ctl pool add lan subnet 192.0.0.0/16 dev s0 || fail "no pool"
	ip=$(bind)
	cli dhcpc c0 type=discover flood=20000 xid="$FLOOD"
	has "memory has a bound" "$(ctl -j pool show lan)" '"offered":16384'
	same "the oldest give way" "$(($(counter offers-cut-short) >= 3000))" 1
	same "who has an address keeps it" "$(field yiaddr "$(dhcpc type=request ciaddr="$ip")")" "$ip"
	same "and others get one" "$(field type "$(dhcpc type=discover mac=02:00:00:00:00:ff)")" offer
}

test_X05_not_given_back_by_others() {
	local ip
	lan
	ip=$(bind cid=0102)
	dhcpc type=release ciaddr="$ip" sid=$SID wait=50 >/dev/null
	dhcpc type=release ciaddr="$ip" sid=$SID cid=0103 wait=50 >/dev/null
	dhcpc type=decline req="$ip" sid=$SID wait=50 >/dev/null
	same "still its own" "$(state_of "$ip")" bound
}

test_X07_messages_of_servers() {
	local type
	lan
	for type in offer ack nak; do
		counted drop-rfc-violation 1 dhcpc type=$type
	done
	same "a reply" "$(dhcpc type=discover op=2 wait=200)" silence
}

test_X12_other_namespaces() {
	lan
	ip netns add oth
	ip link add s0 netns oth type veth peer name c9 netns cli
	ip -n oth addr add 192.0.2.1/24 dev s0
	ip -n oth link set s0 up
	ip -n cli link set c9 up
	wait_for 5 eval 'ip -n cli link show c9 | grep -q LOWER_UP' || fail "no link"
	same "the same name and address" "$(cli dhcpc c9 type=discover mac=$MAC wait=300)" silence
	same "nothing to be seen from there" "$(ip netns exec oth dhcpkctl -j -S "$TMP/none" pool show | tr -d ' \n')" "[]"
	ip netns del oth
	same "gone, and here all is well" "$(field type "$(dhcpc type=discover)")" offer
}

# The times of pools and hosts, and of clients whose lease is too short for them.
times() { # [KEY...]: option 51, 58 and 59 of an OFFER
	local r renew rebind
	r=$(dhcpc type=discover "$@")
	renew=$(field o58 "$r") rebind=$(field o59 "$r")
	echo "$((16#$(field o51 "$r"))) ${renew:+$((16#$renew))} ${rebind:+$((16#$rebind))}"
}
test_Q17_renew_and_rebind() {
	lan min-lease 10s max-lease infinite renew 40% rebind 80%
	same "shares" "$(times)" "3600 1440 2880"
	same "of another lease" "$(times lease=100)" "100 40 80"
	same "infinite" "$(times lease=0xffffffff)" "4294967295 4294967295 4294967295"
	ctl pool set lan renew 10m rebind 30m || fail "times"
	same "times" "$(times)" "3600 600 1800"
	same "the lease is shorter" "$(times lease=1000)" "1000 600 875"
	same "than both" "$(times lease=600)" "600 262 525"
	ctl pool set lan renew off || fail "off"
	same "one is off" "$(times)" "3600  1800"
	ctl pool set lan renew off rebind off || fail "off"
	same "both" "$(times)" "3600  "
	ctl host add slow mac $MAC lease 2h renew 25% rebind 1h || fail "no host"
	same "a host" "$(times)" "7200 1800 3600"
	same "that wishes for more" "$(times lease=100000)" "7200 1800 3600"
	same "and for less" "$(times lease=60)" "60 15 53"
	ctl host set slow no renew no rebind || fail "no"
	same "as its pool" "$(times)" "7200  "
	ctl host set slow lease infinite || fail "infinite"
	same "for ever" "$(times | cut -d ' ' -f 1)" 4294967295
}

# Nobody gets an address but whom one is reserved for; the others are told what they ask for.
test_a_pool_without_a_range() {
	ctl pool add lan subnet 192.0.2.0/24 dev s0 range none dns 192.0.2.53 || fail "no pool"
	same "size" "$(ctl -j pool show lan | grep -o '"size":[0-9]*')" '"size":0'
	same "a stranger" "$(dhcpc type=discover wait=300)" silence
	same "informs itself" "$(field o6 "$(dhcpc type=inform ciaddr=192.0.2.77 prl=06)")" c0000235
	ctl host add known mac $MAC ip 192.0.2.20 || fail "no host"
	same "a host" "$(bind)" 192.0.2.20
	same "renews" "$(field type "$(dhcpc type=request ciaddr=192.0.2.20)")" ack
	has "nothing beside none" "$(ctl pool set lan range none range 192.0.2.10-192.0.2.19 2>&1)" '"none" cannot be combined with ranges'
	has "nor before it" "$(ctl pool set lan range 192.0.2.10-192.0.2.19 range none 2>&1)" '"none" cannot be combined with ranges'
	ctl pool set lan range 192.0.2.10-192.0.2.19 || fail "set"
	has "and then all" "$(MAC=02:00:00:00:00:02 offered)" 192.0.2.1
}

test_verify_chaddr() {
	lan verify-chaddr on
	same "itself" "$(field type "$(dhcpc type=discover)")" offer
	counted drop-admin-filtered 1 dhcpc type=discover src=02:00:00:00:00:99
	ctl pool set lan verify-chaddr off
	same "off" "$(field type "$(dhcpc type=discover src=02:00:00:00:00:99)")" offer
}

# An identifier is no secret, and counts for nothing where clients are told apart by the address that is verified.
test_verify_chaddr_and_identity_mac() {
	local ip thief="mac=02:00:00:00:00:99 src=02:00:00:00:00:99 cid=01aabb"
	lan verify-chaddr on identity mac
	ip=$(bind cid=01aabb)
	# shellcheck disable=SC2086 # words
	{
		same "takes it" "$(field type "$(dhcpc $thief type=request req="$ip")")" nak
		dhcpc $thief type=release ciaddr="$ip" sid=$SID ipdst=$SID wait=200 >/dev/null
		dhcpc $thief type=decline req="$ip" sid=$SID wait=200 >/dev/null
	}
	same "still bound" "$(state_of "$ip") $(field type "$(dhcpc cid=01aabb type=request ciaddr="$ip")")" "bound ack"
	# shellcheck disable=SC2086 # words
	has "its own" "$(field yiaddr "$(dhcpc $thief type=discover)" | grep -vx "$ip")" 192.0.2.
}

test_identity_by_hardware() {
	local ip
	lan identity mac
	ip=$(offered cid=0102)
	same "other identifier" "$(offered cid=0103)" "$ip"
	same "none" "$(offered)" "$ip"
	same "echoed all the same" "$(field o61 "$(dhcpc type=discover cid=0103)")" 0103
	same "other hardware" "$(MAC=02:00:00:00:00:0c offered cid=0102 | grep -c "^$ip\$")" 0
}

each_test() { no_pools; }

setup
run_tests
