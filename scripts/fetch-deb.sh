#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch-deb.sh: fetch packages of any Debian architecture with a private apt state, unprivileged,
# never touching the system's dpkg or apt. Signatures are checked against Debian's keyring; the
# mirror is the one the system's own apt sources name.
#
#	fetch-deb.sh ARCH newest REGEX		name of the newest package matching a regex
#	fetch-deb.sh ARCH path PKG...		fetch if needed, print the .deb files' paths
#	fetch-deb.sh ARCH extract DIR PKG...	fetch if needed, unpack into DIR
#	fetch-deb.sh ARCH files DIR PKG PATTERN...	only the matching members, without their directories
#	fetch-deb.sh ARCH closure DIR PKG...	the same, with everything they depend on
#	fetch-deb.sh ARCH source SRCPKG		fetch and unpack a source package, print its directory
#
# Fetched files are kept in THIMBLE_CACHE (default build/debs in the source tree) and used again
# without looking at the network. stdout carries only results; progress goes to stderr.
# Environment: THIMBLE_CACHE, THIMBLE_RELEASE (default bookworm), THIMBLE_MIRROR.
set -euo pipefail

top=$(realpath "$(dirname "$0")/..")
arch=${1:?architecture}
cmd=${2:?command}
shift 2
release=${THIMBLE_RELEASE:-bookworm}
cache=$(realpath -m "${THIMBLE_CACHE:-$top/build/debs}")
state=$cache/apt/$release-$arch
pool=$cache/$release-$arch
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() {
	echo "fetch-deb: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# The first URI of the system's apt sources that ends in /debian.
system_mirror() {
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list \
		2>/dev/null |
		awk '!/^#/ { for (i = 1; i <= NF; i++)
			if ($i ~ /^https?:.*\/debian\/?$/) { print $i; exit } }'
}

write_state() {
	local mirror=${THIMBLE_MIRROR:-$(system_mirror || :)}

	[ -n "$mirror" ] || die "no Debian mirror in /etc/apt; set THIMBLE_MIRROR"
	[ -e "$keyring" ] || die "$keyring is missing (package debian-archive-keyring)"
	mkdir -p "$state"/{lists,archives}/partial "$state"/{parts,dpkg/info}
	: >>"$state/dpkg/status"
	cat >"$state/debian.sources" <<-X
		Types: deb deb-src
		URIs: $mirror
		Suites: $release $release-updates
		Components: main
		Architectures: $arch
		Signed-By: $keyring
	X
	cat >"$state/apt.conf" <<-X
		Dir::State "$state";
		Dir::State::lists "$state/lists";
		Dir::State::status "$state/dpkg/status";
		Dir::State::extended_states "$state/extended_states";
		Dir::Cache "$state";
		Dir::Cache::archives "$state/archives";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Dir::Log "$state";
		Dir::Etc "$state";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "$state/parts";
		Dir::Etc::sourcelist "$state/debian.sources";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "$state/parts";
		Dir::Etc::trusted "/dev/null";
		Dir::Etc::trustedparts "/dev/null";
		APT::Architecture "$arch";
		#clear APT::Architectures;
		APT::Architectures { "$arch"; };
		APT::Install-Recommends "false";
		APT::Install-Suggests "false";
		APT::Get::AllowUnauthenticated "false";
		Acquire::AllowInsecureRepositories "false";
		Acquire::Languages "none";
		Acquire::GzipIndexes "true";
		Acquire::Retries "3";
		Acquire::IndexTargets::deb::DEP-11 { DefaultEnabled "false"; };
		Acquire::IndexTargets::deb::Contents-deb { DefaultEnabled "false"; };
		#clear DPkg::Pre-Install-Pkgs;
		#clear DPkg::Post-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	X
	[ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";' >>"$state/apt.conf"
}

apt_get() {
	APT_CONFIG=$state/apt.conf apt-get -q -y "$@" >&2
}

# Package lists are fetched once; THIMBLE_UPDATE=1 or a failed download fetches them again.
update() {
	write_state
	[ -e "$state/updated" ] && [ "${1:-}" != again ] && return
	say "fetching the $release $arch package lists"
	apt_get update || die "cannot fetch package lists (network?)"
	touch "$state/updated"
}

cached() {
	ls "$pool/$1"_*.deb 2>/dev/null | sort -V | tail -n 1
}

# Download PKG into the pool unless a version of it is already there.
fetch() {
	local pkg missing=()

	for pkg; do
		[ -n "$(cached "$pkg")" ] || missing+=("$pkg")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	update
	mkdir -p "$pool"
	say "downloading (${arch}): ${missing[*]}"
	(cd "$pool" && apt_get download "${missing[@]}") || {
		update again
		(cd "$pool" && apt_get download "${missing[@]}")
	} || die "cannot download: ${missing[*]}"
}

unpack() {
	local dir=$1 deb

	shift
	mkdir -p "$dir"
	for deb; do
		dpkg-deb -x "$deb" "$dir"
	done
}

# All of a package's dependencies by name, the package included, as apt would install them.
dependencies() {
	update
	APT_CONFIG=$state/apt.conf apt-get -s -q install "$@" 2>/dev/null |
		awk '$1 == "Inst" { print $2 }'
}

case $cmd in
newest)
	names=$cache/$release-$arch.newest
	if ! answer=$(grep -F "$1 " "$names" 2>/dev/null); then
		update
		name=$(APT_CONFIG=$state/apt.conf apt-cache pkgnames | grep -E "^$1\$" | sort -V | tail -n 1)
		[ -n "$name" ] || die "no $arch package matches $1"
		answer="$1 $name"
		echo "$answer" >>"$names"
	fi
	echo "${answer##* }"
	;;
path)
	fetch "$@"
	for pkg; do
		cached "$pkg"
	done
	;;
extract)
	dir=$1
	shift
	fetch "$@"
	for pkg; do
		unpack "$dir" "$(cached "$pkg")"
	done
	;;
files)
	dir=$1
	pkg=$2
	shift 2
	fetch "$pkg"
	tmp=$(mktemp -d)
	trap 'rm -rf "$tmp"' EXIT
	dpkg-deb --fsys-tarfile "$(cached "$pkg")" | tar -x -C "$tmp" --wildcards "$@"
	mkdir -p "$dir"
	find "$tmp" -type f -exec mv -f -t "$dir" {} +
	;;
closure)
	dir=$1
	shift
	list=$cache/$release-$arch.closure-$(echo "$*" | tr ' ' '+')
	[ -s "$list" ] || dependencies "$@" >"$list"
	mapfile -t pkgs <"$list"
	[ ${#pkgs[@]} -gt 0 ] || die "cannot resolve: $*"
	fetch "${pkgs[@]}"
	for pkg in "${pkgs[@]}"; do
		unpack "$dir" "$(cached "$pkg")"
	done
	;;
source)
	dir=$cache/source
	mkdir -p "$dir"
	if ! [ -e "$dir/$1.fetched" ]; then
		update
		say "downloading the source package $1"
		(cd "$dir" && rm -rf "$1"-[0-9]*/ && apt_get source "$1") || die "cannot fetch source of $1"
		ls -d "$dir/$1"-*/ | sort -V | tail -n 1 >"$dir/$1.fetched"
	fi
	cat "$dir/$1.fetched"
	;;
*)
	die "unknown command $cmd"
	;;
esac
