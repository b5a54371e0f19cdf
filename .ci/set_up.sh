# Sourced by ./run and ./test: installs what is missing, once.
# shellcheck shell=bash

: "${here:?the checkout}"

say() { printf '%s\n' "$*" >&2; }

# Another environment beside the usual one, for another Python (`./test --python 3.13`).
venv=${SARABAN_VENV:-.venv}

find_python() {
    local name
    if [ -n "${SARABAN_PYTHON-}" ]; then
        command -v "$SARABAN_PYTHON"
        return
    fi
    for name in python3.11 python3.12 python3.13 python3 python3.14; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# Prints the Debian packages that are missing. What somebody installed another way counts too.
missing_packages() {
    local python
    if python=$(find_python); then
        "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    else
        echo python3 python3-venv
    fi
    if command -v tesseract >/dev/null; then
        local languages
        languages=$(tesseract --list-langs 2>/dev/null || true)
        grep -qx tha <<<"$languages" || echo tesseract-ocr-tha
        grep -qx eng <<<"$languages" || echo tesseract-ocr-eng
        grep -qx osd <<<"$languages" || echo tesseract-ocr-osd
    else
        echo tesseract-ocr tesseract-ocr-tha tesseract-ocr-eng tesseract-ocr-osd
    fi
    [ -e /usr/share/zoneinfo/Asia/Bangkok ] || echo tzdata
    if [ "$1" = test ]; then
        if ! command -v chromium-headless-shell >/dev/null; then
            # Without windows it takes a third less of a core; only Debian has it as a package.
            if grep -qx ID=debian /etc/os-release; then
                echo chromium-headless-shell
            else
                command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
            fi
        fi
        command -v pdftotext >/dev/null || echo poppler-utils
        # Playwright's own node is linked against it, and nothing else brings it to a bare Debian.
        ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || echo libatomic1
        command -v restic >/dev/null || echo restic
        command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
    fi
}

install_packages() {
    local packages
    packages=$(missing_packages "$1" | xargs)
    [ -n "$packages" ] || return 0
    local install="apt-get install -y --no-install-recommends $packages" as_root=""
    if ! command -v apt-get >/dev/null; then
        say "ขาดโปรแกรม / Missing: $packages (Debian's names). Install them, then start this again."
        exit 80
    fi
    if [ "$(id -u)" -ne 0 ]; then
        # With nobody there to type a password, sudo must not ask for one.
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            say "ขาดโปรแกรม พิมพ์บรรทัดนี้ในฐานะผู้ดูแลระบบ แล้วเริ่มใหม่ /"
            say "Missing programs. Type this line as root, then start again:"
            say "    apt-get update && $install"
            exit 80
        fi
        as_root="sudo"
    fi
    say "ติดตั้งโปรแกรม / Installing: $packages"
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086 # both are lists of words
    if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive $install -qq; } >"$log" 2>&1; then
        cat "$log" >&2
        say "apt-get ติดตั้งไม่สำเร็จ / apt-get failed, see above. The line was: $install"
        exit 80
    fi
    rm "$log"
}

# The environment is as it should be when this has not changed since it was made.
fingerprint() {
    { echo "$here"; cat "$here/$1" "$here/pyproject.toml"; } | sha256sum | cut -d' ' -f1
}

install_environment() {
    local lock="$1" stamp="$here/$venv/.installed-from-$1" wanted
    wanted=$(fingerprint "$lock")
    # After an upgrade of Python the files are all there, and nothing starts: so it is asked to start.
    if "$here/$venv/bin/python" -c 'import pipeline' 2>/dev/null && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    say "เตรียมสภาพแวดล้อมครั้งแรก ดาวน์โหลดประมาณ 250 MB ใช้เวลาสองสามนาที /"
    say "Setting up $venv, once: about 250 MB to download, 750 MB (with the tests' tools 1 GB) on disk, some minutes"
    if ! "$here/$venv/bin/python" -c 'import pip' 2>/dev/null; then
        "$(find_python)" -m venv --clear "$here/$venv"
    fi
    local pip=("$here/$venv/bin/python" -m pip --disable-pip-version-check --no-input --quiet)
    if ! "${pip[@]}" install --require-hashes --requirement "$here/$lock" ||
        ! "${pip[@]}" install --no-build-isolation --no-deps --editable "$here"; then
        say "pip ติดตั้งไม่สำเร็จ / pip failed, see above. Check the network, then start this again."
        exit 80
    fi
    echo "$wanted" >"$stamp"
}

set_up() { # run | test
    install_packages "$1"
    if [ "$1" = test ]; then
        install_environment requirements-test.lock
    else
        install_environment requirements.lock
    fi
}
