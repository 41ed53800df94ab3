# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What "make check" and "make check-long" share: suites, what they said, and the line that closes them.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OUT=$TOP/build/${0##*/} # one folder for each of them
mkdir -p "$OUT"
rm -f "$OUT"/*.tap "$OUT"/*.time

# suites_in FOLDER...: their files, as the Makefiles there list them
suites_in() {
	make -s --no-print-directory -C "$TOP/selftests" KSRC="$("$TOP/scripts/kernel" source)" TARGETS="$*" emit_tests |
		sed "s,:,/,; s,^,$TOP/selftests/,"
}

# suite NAME COMMAND...: keeps what it says; a command that fails without a test that did is a failure too
suite() {
	local name=$1 start=$SECONDS status=0 ok bad skips
	shift
	"$@" >"$OUT/$name.tap" 2>&1 || status=$?
	unexpected_skips "$name" >>"$OUT/$name.tap"
	ok=$(passed "$OUT/$name.tap")
	bad=$(failed "$OUT/$name.tap")
	skips=$(skipped "$OUT/$name.tap")
	echo "$((SECONDS - start)) $name" >"$OUT/$name.time"
	printf '%-18s %3d passed %3d failed %3d skipped  %4d s\n' "$name" "$ok" "$bad" "$skips" $((SECONDS - start))
	# A suite that is skipped as a whole ends with status 4.
	if [ "$status-$ok-$bad" = 4-0-0 ] && [ "$skips" -gt 0 ]; then return; fi
	if [ "$bad" -gt 0 ] || [ "$status" != 0 ] || [ "$ok" = 0 ]; then
		sed 's/^/    /' "$OUT/$name.tap" | tail -n 150
		[ "$bad" -gt 0 ] || echo "not ok 0 $name ended with status $status, and $ok tests passed" >>"$OUT/$name.tap"
	fi
}

# How many lines of the files say so; "1..0 # SKIP" is a whole suite.
passed() { cat "$@" | grep '^ok ' | grep -vc ' # SKIP'; }
failed() { cat "$@" | grep -c '^not ok '; }
skipped() { cat "$@" | grep -cE '^(ok .*|1\.\.0) # SKIP'; }

# unexpected_skips NAME: as failures, those that are not in the list
unexpected_skips() {
	awk -v suite="$1" '
		FNR == NR { if ($1 == suite) expected[$2] = 1; next }
		/^ok .* # SKIP/ { test = $4 }
		/^1\.\.0 # SKIP/ { test = "*" }
		/^(ok .*|1\.\.0) # SKIP/ && !(test in expected) && !("*" in expected) {
			sub(/.* # SKIP */, ""); print "not ok 0 " suite " " test " is skipped, which selftests/skips does not expect: " $0
		}' "$TOP/selftests/skips" "$OUT/$1.tap"
}

vm() { # NAME KERNEL OPTIONS SUITE [PATTERN]
	local name=$1 kernel=$2 options=$3
	shift 3
	# shellcheck disable=SC2086 # options are words
	suite "$name" "$TOP/scripts/vm" --kernel "$kernel" $options --timeout "${TIMEOUT:-1500}" -- "$@"
}

# Ten lines about what took longest, the last line, and the exit status
closing() {
	local bad
	echo "longest:"
	cat "$OUT"/*.time | sort -rn | head -n 10 | awk '{ printf "%-18s %4d s\n", $2, $1 }'
	bad=$(failed "$OUT"/*.tap)
	echo "$(passed "$OUT"/*.tap) passed, $bad failed, $(skipped "$OUT"/*.tap) skipped"
	[ "$bad" = 0 ]
}
