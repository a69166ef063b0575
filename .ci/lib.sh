# shellcheck shell=bash
# Shared by the scripts of this folder: where things are kept, and how tools are
# installed. Sourced, never run.

# Kept from run to run, so that only the first one builds and downloads all.
CI_CACHE=${DEPESCHE_CI_CACHE:-$HOME/.cache/depesche-ci}
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
    # Nobody changes this tree between builds, nor debugs what they make.
    export CARGO_TARGET_DIR=$CI_CACHE/target CARGO_INCREMENTAL=0 CARGO_PROFILE_RELEASE_DEBUG=false
fi
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

# in_node NAME PACKAGE…: prints a folder in the cache whose node_modules hold the
# packages. It is made anew when the packages change.
in_node() {
    local folder=$CI_CACHE/node-$1 wanted="${*:2}"
    need node nodejs
    need npm npm
    if [ "$(cat "$folder/.packages" 2>/dev/null)" != "$wanted" ]; then
        rm -rf "$folder"
        mkdir -p "$folder"
        npm install --silent --no-audit --no-fund --prefix "$folder" "${@:2}" >&2 ||
            die "cannot install $wanted"
        printf '%s\n' "$wanted" >"$folder/.packages"
    fi
    printf '%s\n' "$folder"
}

# free_port: prints a port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_tiny LOG: builds the program and has it serve a tiny model of random
# weights, whose answers come quickly and make no sense. Sets `service` and
# `address` once it is ready.
start_tiny() {
    local log=$1
    cargo build --release --locked --bin depesche
    address=127.0.0.1:$(free_port)
    "$CARGO_TARGET_DIR/release/depesche" serve --listen "$address" --database "sqlite:$log.db" \
        --manifest tests/parity/tiny.toml --model tiny-qwen2 --log info 2>"$log" &
    service=$!
    for _ in $(seq 300); do
        kill -0 "$service" 2>/dev/null || { cat "$log" >&2 && die "the service ended by itself"; }
        if python3 -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1])' \
            "http://$address/readyz" 2>/dev/null; then return; fi
        sleep 0.2
    done
    die "the service was not ready within a minute"
}

# expect_no_faults LOG: the service must have done without. A panic is caught, and
# still a fault.
expect_no_faults() {
    if grep -E 'panicked|the model failed' "$1"; then die "the service's log tells of faults"; fi
}

# stop_tiny: tells it to end, which it must do in good order.
stop_tiny() {
    kill -TERM "$service"
    wait "$service" || die "the service ended with code $? after SIGTERM"
    service=
}

# kill_tiny: ends it, if it still runs.
kill_tiny() {
    if [ -n "${service:-}" ]; then kill -KILL "$service" 2>/dev/null || true; fi
}
