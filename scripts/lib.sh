# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the scripts share: where things are, how to speak, and a private view of the machine's apt archive.

# shellcheck disable=SC2034 # used by whoever reads this file
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:?}/.cache}/dhcpk
SOURCE=$CACHE/linux-source # of Linux 6.1, as Debian has it
PATH=$PATH:/usr/sbin:/sbin # depmod and modprobe

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }

# locked NAME COMMAND...: one at a time, so that two runs which need the same thing get it once. The lock goes with the
# process, and must not live on in what that starts.
locked() {
	local name=$1 fd
	shift
	mkdir -p "$CACHE"
	exec {fd}>"$CACHE/lock-$name"
	flock "$fd"
	"$@"
	exec {fd}>&-
}

# The machine's own archives, with the backports suite beside the release. Asking apt covers both ways of writing
# sources and works with empty lists; nothing is fetched by it.
machine_uri() {
	apt-get update --print-uris 2>/dev/null | sed -n "s|^'\(.*\)/dists/$1/InRelease'.*|\1|p" | head -n 1
}

# Lists, archives and sources of our own: the machine's are read, never written, and no root is needed. Hooks are
# cleared because they act on the machine: those of Debian's container images, for one, empty /var/cache/apt.
private_configuration() {
	local suite uri option='' key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ ! -r "$key" ] || option="[signed-by=$key] "
	mkdir -p "$CACHE"/apt/{lists,archives}/partial "$CACHE/apt/parts"
	for suite in bookworm bookworm-updates bookworm-security; do
		uri=$(machine_uri $suite)
		[ -n "$uri" ] || continue
		echo "deb $option$uri $suite main"
		[ $suite != bookworm ] || echo "deb $option$uri bookworm-backports main"
	done >"$CACHE/apt/sources.list"
	[ -s "$CACHE/apt/sources.list" ] || die "apt's configuration names no Debian 12 (bookworm) archive"
	cat >"$CACHE/apt/apt.conf" <<CONFIGURATION
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
Dir::Etc::SourceList "$CACHE/apt/sources.list";
Dir::Etc::SourceParts "$CACHE/apt/parts";
Dir::State::Lists "$CACHE/apt/lists";
Dir::Cache "$CACHE/apt";
Dir::Cache::PkgCache "";
Dir::Cache::SrcPkgCache "";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONFIGURATION
}

private_apt() {
	local verb=$1
	shift
	"$verb" -qq -c "$CACHE/apt/apt.conf" "$@"
}

# Old lists name files that the archive has dropped by now.
refresh_lists() {
	[ -z "$(find "$CACHE/apt/fresh" -mmin -60 2>/dev/null)" ] || return 0
	say "reading the archive's package lists"
	private_configuration
	private_apt apt-get update >&2 || die "apt-get update failed"
	touch "$CACHE/apt/fresh"
}
private_apt_update() { locked apt refresh_lists; }

# unpack PACKAGE.deb DIR: with Debian's merged /usr, whatever the package still ships in /lib or /sbin.
unpack() {
	local deb=$1 dir=$2 d
	for d in bin sbin lib lib64; do
		mkdir -p "$dir/usr/$d"
		[ -e "$dir/$d" ] || ln -s "usr/$d" "$dir/$d"
	done
	dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$dir"
}
