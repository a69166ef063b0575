# Shared by the scripts of this folder: where things are kept, and what must be
# installed. Sourced, never run.
# shellcheck shell=bash

# Kept from run to run, so that only the first one builds and downloads all.
CI_CACHE=${DEPESCHE_CI_CACHE:-$HOME/.cache/depesche-ci}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CI_CACHE/target}
export DEPESCHE_CACHE=${DEPESCHE_CACHE:-$CI_CACHE/models}
mkdir -p "$CI_CACHE"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "ci: $*"
    exit 1
}

# as_root COMMAND…: as the administrator, when we are not already.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# need COMMAND PACKAGE…: makes sure that a command exists.
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    command -v apt-get >/dev/null || die "$command is missing: install it ($*)"
    as_root apt-get update -qq || say "ci: apt-get update failed; going on with the lists that are here"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
        die "cannot install $*"
}

# in_venv NAME PACKAGE…: a virtual environment in the cache that holds the
# packages; prints its folder. It is made anew when the packages change.
in_venv() {
    local folder=$CI_CACHE/venv-$1
    shift
    local wanted="$*"
    if [ "$(cat "$folder/.packages" 2>/dev/null)" != "$wanted" ]; then
        rm -rf "$folder"
        python3 -m venv "$folder" >&2 || {
            rm -rf "$folder"
            need no-such-command python3-venv 2>/dev/null || true
            python3 -m venv "$folder" >&2
        } || die "cannot make a virtual environment"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2 ||
            die "cannot install $wanted"
        printf '%s\n' "$wanted" >"$folder/.packages"
    fi
    printf '%s\n' "$folder"
}
