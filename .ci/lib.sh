# shellcheck shell=bash
# Shared by the scripts of this folder: where things are kept, and how tools are
# installed. Sourced, never run.

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

# install PACKAGE…: from the distribution, as the administrator.
install_packages() {
    command -v apt-get >/dev/null || die "please install $*"
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo -n)
    "${root[@]}" apt-get update -qq >&2 || say "ci: going on with the package lists that are here"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >&2 || die "cannot install $*"
}

# need COMMAND PACKAGE…: installs the packages when the command is missing.
need() {
    command -v "$1" >/dev/null || install_packages "${@:2}"
}

# in_venv NAME PACKAGE…: prints the folder of a virtual environment in the cache
# that holds the packages. It is made anew when the packages change.
in_venv() {
    local folder=$CI_CACHE/venv-$1 wanted="${*:2}"
    if [ "$(cat "$folder/.packages" 2>/dev/null)" != "$wanted" ]; then
        python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
        rm -rf "$folder"
        python3 -m venv "$folder" >&2 || die "cannot make a virtual environment"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}" >&2 ||
            die "cannot install $wanted"
        printf '%s\n' "$wanted" >"$folder/.packages"
    fi
    printf '%s\n' "$folder"
}

# free_port: prints a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
