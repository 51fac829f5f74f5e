#!/usr/bin/env bash
# Makes what the Makefile needs; each step does nothing where its work is done already.
#
#   setup.sh environment    .venv with requirements.txt and the project itself
#   setup.sh packages       node_modules as package-lock.json says (Node comes with requirements.txt)
#   setup.sh assets         web/static, bundled from web/assets
#   setup.sh development    requirements-dev.txt as well
#   setup.sh parts          what the whole suite runs on: a PostgreSQL server that it can start, Chromium, curl
#   setup.sh requirements   pins requirements*.in anew
#
# What is missing on Debian or Ubuntu is installed by apt-get, as root or through sudo; elsewhere it says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'iter: %s\n' "$*" >&2; }

# install WHAT PACKAGE…: from Debian where we may, else say what is missing and stop.
install() {
    local what=$1 as=()
    shift
    if ! command -v apt-get >/dev/null; then
        say "$what is missing. Install it (on Debian: apt-get install $*), then run this again."
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "$what is missing, and only root may install it: apt-get install $*"
            exit 1
        fi
        as=(sudo)
    fi
    say "$what is missing: installing $*"
    "${as[@]}" apt-get update -q >&2
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2 </dev/null
}

# The Python to build .venv with: 3.11, wherever it comes from. A version manager's shim that points nowhere is passed over.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 /usr/bin/python3.11 python3 /usr/bin/python3; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

environment() {
    local python
    if ! python=$(find_python); then
        install "Python 3.11" python3.11 python3.11-venv
        python=$(find_python) || { say "Python 3.11 is needed, and was not found."; exit 1; }
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install "Python's venv module" python3.11-venv
    fi
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "making .venv with $python"
        "$python" -m venv --clear .venv
    fi
    say "installing the pinned libraries"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
    touch .venv/.installed
}

packages() {
    say "installing what the pages load in the browser"
    PATH="$PWD/.venv/bin:$PATH" npm ci --silent
    touch node_modules/.installed
}

assets() {
    say "bundling the pages' scripts and styles"
    .venv/bin/node build/assets.mjs
}

development() {
    say "installing what checks and tests need"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.txt
    touch .venv/.installed-dev
}

parts() {
    if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && ! command -v initdb >/dev/null; then
        install "A PostgreSQL server" postgresql
    fi
    if ! command -v chromium-headless-shell >/dev/null; then
        install "Chromium (without windows: a fraction of the work)" chromium-headless-shell
    fi
    if ! command -v curl >/dev/null; then
        install "curl" curl
    fi
}

requirements() {
    local name
    export CUSTOM_COMPILE_COMMAND="make requirements"
    for name in requirements requirements-dev; do
        .venv/bin/pip-compile -q --generate-hashes --allow-unsafe --strip-extras \
            --no-emit-index-url --no-emit-find-links --output-file "$name.txt" "$name.in"
    done
}

case "${1:-}" in
    environment | packages | assets | development | parts | requirements) "$1" ;;
    *) sed -n '4,9p' "$0" >&2; exit 64 ;;
esac
