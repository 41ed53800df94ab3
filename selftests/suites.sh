# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What "make check" and "make check-long" share: suites, what they said, and the line that closes them.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
OUT=$TOP/build/${0##*/} # one folder for each of them
mkdir -p "$OUT"
rm -f "$OUT"/*.tap

# suite NAME COMMAND...: keeps what it says; a command that fails without a test that did is a failure too
suite() {
	local name=$1 start=$SECONDS status=0 ok bad
	shift
	"$@" >"$OUT/$name.tap" 2>&1 || status=$?
	ok=$(grep -c '^ok ' "$OUT/$name.tap")
	bad=$(grep -c '^not ok ' "$OUT/$name.tap")
	printf '%-18s %3d passed %3d failed  %4d s\n' "$name" "$ok" "$bad" $((SECONDS - start))
	if [ "$bad" -gt 0 ] || [ "$status" != 0 ] || [ "$ok" = 0 ]; then
		sed 's/^/    /' "$OUT/$name.tap" | tail -n 150
		[ "$bad" -gt 0 ] || echo "not ok 0 $name ended with status $status, and $ok tests passed" >>"$OUT/$name.tap"
	fi
}

vm() { # NAME KERNEL OPTIONS SUITE [PATTERN]
	local name=$1 kernel=$2 options=$3
	shift 3
	# shellcheck disable=SC2086 # options are words
	suite "$name" "$TOP/scripts/vm" --kernel "$kernel" $options --timeout "${TIMEOUT:-1500}" -- "$@"
}

# The last line, and the exit status
closing() {
	local passed failed
	passed=$(cat "$OUT"/*.tap | grep -c '^ok ')
	failed=$(cat "$OUT"/*.tap | grep -c '^not ok ')
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
