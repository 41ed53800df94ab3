# SPDX-License-Identifier: GPL-2.0-or-later
# awk -v server=NAME -f peers.awk DIFFERENCES OURS THEIRS: compares what two servers said, as peers.sh wrote it down:
#
#   CONVERSATION.STEP asked=IP own=IP prl=HEX mac=HEX :: REPLY        (REPLY as dhcpc prints it)
#
# What may vary is replaced by what it means, the rest must be equal or be listed. Says what is not, and what is listed for
# nothing; exit status 1 if there is any of it.

# An address by what it is to the client
function address(ip) {
	if (ip == "0.0.0.0") return "none"
	if (ip == "255.255.255.255") return "everybody"
	if (ip == about["asked"]) return "asked"
	if (ip == about["own"]) return "own"
	if (ip ~ /^192\.0\.2\.([1-9][0-9]|1[0-9][0-9])$/ || ip ~ /^198\.51\.100\.[1-9][0-9]$/) return "free"
	return ip
}

function where(ip) {
	if (ip == reply["yiaddr"] && ip != "0.0.0.0") return "yiaddr"
	if (ip == reply["ciaddr"] && ip != "0.0.0.0") return "ciaddr"
	if (ip == reply["giaddr"] && ip != "0.0.0.0") return "giaddr"
	return address(ip)
}

function station(mac) {
	if (mac == "ffffffffffff") return "everybody"
	if (mac == about["mac"] || mac == "0200000000c0") return "client"
	return mac
}

function number(hex,    i, n) {
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
	return n
}

# Time that has passed since the binding was made is no difference.
function seconds(hex,    n, i) {
	n = number(hex)
	for (i in usual)
		if (n <= usual[i] && n > usual[i] - 60)
			return usual[i]
	return n
}

# T1 and T2 as a part of the lease
function part(hex, of, name,    n, lease) {
	n = number(hex)
	lease = number(reply["o51"])
	if (n <= lease * of + 1 && n >= lease * of - 1) return name
	if (n < lease * of && n >= lease * (of - 1 / 16)) return "a little less than " name
	return n
}

# Are the options that were asked for in the order asked? What is sent unasked, such as the mask, is left aside.
function in_order(prl,    i, last, code) {
	for (i = 1; i < length(prl); i += 2) {
		code = number(substr(prl, i, 2))
		if (!(code in place) || code ~ /^(1|51|53|54|58|59)$/)
			continue
		if (place[code] < last)
			return "no"
		last = place[code]
	}
	return "yes"
}

function meaning(name, value) {
	if (name ~ /^(yiaddr|ciaddr|siaddr|giaddr)$/) return address(value)
	if (name == "ipdst") return where(value)
	if (name == "l2dst") return station(value)
	if (name == "o51") return seconds(value)
	if (name == "o58") return part(value, 1 / 2, "1/2")
	if (name == "o59") return part(value, 7 / 8, "7/8")
	if (name == "o56") return "text"
	return value
}

# Reads a line into said[], by side, step and field
function take(side,    i, eq, name, n, key) {
	split("", about); split("", reply); split("", place)
	for (i = 2; $i != "::"; i++) {
		eq = index($i, "=")
		about[substr($i, 1, eq - 1)] = substr($i, eq + 1)
	}
	for (i++; i <= NF; i++) {
		eq = index($i, "=")
		name = eq ? substr($i, 1, eq - 1) : "type"
		if (name ~ /^o[0-9]+$/ && !(name in reply))
			place[substr(name, 2) + 0] = ++n
		reply[name] = reply[name] substr($i, eq + 1)
	}
	if (!($1 in steps))
		order[++n_steps] = $1
	steps[$1] = steps[$1] side
	if (reply["type"] != "silence") {
		reply["padded"] = reply["len"] >= 300 ? "yes" : "no"
		reply["in-order"] = in_order(about["prl"])
		if (1 in place && 3 in place)
			reply["mask-before-router"] = place[1] < place[3] ? "yes" : "no"
	}
	# The first two say nothing that options 51 and 54 do not.
	delete reply["lease"]; delete reply["sid"]; delete reply["len"]
	for (name in reply) {
		said[side, $1, name] = meaning(name, reply[name])
		fields[name]
	}
}

function like(text, pattern) {
	gsub(/[.^$+?()|{}\[\]\\]/, "\\\\&", pattern)
	gsub(/\*/, ".*", pattern)
	return text ~ ("^(" pattern ")$")
}

# The lines of the list are kept item by item: each must have its use, not only one of a line's.
function listed(step, field, ours, theirs,    i, c, f, found) {
	for (i = 1; i <= n_listed; i++) {
		c = one_of(i, 1, step)
		f = one_of(i, 3, field)
		if (c && f && like(ours, L[i, 4]) && like(theirs, L[i, 5])) {
			used[i, 1, c]
			used[i, 3, f]
			found = i
		}
	}
	return found
}

# Which item of a column is it?
function one_of(line, column, text,    k) {
	for (k = 1; k <= items[line, column]; k++)
		if (like(text, item[line, column, k]))
			return k
	return 0
}

function keep_items(line, column,    words, k) {
	items[line, column] = split(L[line, column], words, /, */)
	for (k = 1; k <= items[line, column]; k++)
		item[line, column, k] = words[k]
}

# A conversation that was not held leaves what is listed for it alone.
function held(pattern,    step) {
	for (step in steps)
		if (like(step, pattern))
			return 1
	return 0
}

function check_use(line, column,    k) {
	for (k = 1; k <= items[line, column]; k++) {
		if ((line, column, k) in used || (column == 1 && !held(item[line, 1, k])))
			continue
		if (column == 3 && !held_any(line))
			continue
		print "listed, but not so: " item[line, column, k] " in \"" L[line, 0] "\""
		bad = 1
	}
}

function held_any(line,    k) {
	for (k = 1; k <= items[line, 1]; k++)
		if (held(item[line, 1, k]))
			return 1
	return 0
}

function compare(step, field,    ours, theirs, i) {
	ours = (("O", step, field) in said) ? said["O", step, field] : "-"
	theirs = (("T", step, field) in said) ? said["T", step, field] : "-"
	if (ours == theirs)
		return
	i = listed(step, field, ours, theirs)
	if (!i) {
		print "unlisted: " step " | " server " | " field " | " ours " | " theirs
		bad = 1
	} else if (L[i, 6] ~ /^OURS/) {
		print "a fault of ours: " step " " field ": " ours ", " server " has " theirs ". " L[i, 6]
		bad = 1
	}
}

BEGIN { split("600 1800 3600 7200", usual) }

FILENAME == ARGV[1] {
	if (/^#/ || !NF)
		next
	if (split($0, cell, / *\| */) != 6) {
		print "line " FNR " of the list has not six columns: " $0
		bad = 1
		next
	}
	n_listed++
	L[n_listed, 0] = $0
	for (i = 1; i <= 6; i++)
		L[n_listed, i] = cell[i]
	keep_items(n_listed, 2)
	if (!one_of(n_listed, 2, server)) {
		n_listed--
		next
	}
	keep_items(n_listed, 1)
	keep_items(n_listed, 3)
	next
}

FILENAME == ARGV[2] { take("O") }
FILENAME == ARGV[3] { take("T") }

END {
	for (i = 1; i <= n_steps; i++) {
		step = order[i]
		if (steps[step] != "OT") {
			print "said to one only, or twice: " step
			bad = 1
			continue
		}
		if (said["O", step, "type"] != said["T", step, "type"]) {
			compare(step, "type")
		} else {
			for (field in fields)
				compare(step, field)
		}
	}
	for (i = 1; i <= n_listed; i++) {
		check_use(i, 1)
		check_use(i, 3)
	}
	print "# " n_steps " replies compared with " server
	exit bad
}
