# Shared by run and nightly: a copy of the checkout, fresh environments, steps that are timed.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/greenspace
python=${PYTHON:-python3}
passed=0
failed=0
skipped=0
report=()

# pip says nothing but errors.
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=2 PIP_ROOT_USER_ACTION=ignore
if [ -z "${GREENSPACE_REAL_DATA:-}" ] && [ -d "$root/../shared/data" ]; then
  GREENSPACE_REAL_DATA=$(cd "$root/../shared/data" && pwd)
  export GREENSPACE_REAL_DATA
fi

# What a fresh clone would hold, with the changes of the work tree: no caches, no build folders.
copy_checkout() {
  mkdir -p "$copy"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
    tar --null --files-from=- --create --file=-) | tar --extract --file=- --directory="$copy"
}

# fresh NAME: a new virtual environment; its programs are found first inside `within NAME ...`.
fresh() {
  "$python" -m venv "$work/$1"
}

within() {
  local environment=$1
  shift
  VIRTUAL_ENV=$work/$environment PATH=$work/$environment/bin:$PATH "$@"
}

# step TITLE COMMAND...: run it, go on after a failure, remember both the outcome and the seconds.
step() {
  local title=$1 began=$SECONDS code
  shift
  printf '\n=== %s\n' "$title"
  set +e
  (
    set -euo pipefail
    cd "$copy"
    "$@"
  )
  code=$?
  set -e
  if [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
    report+=("$(printf '%5d s  ok      %s' $((SECONDS - began)) "$title")")
  else
    failed=$((failed + 1))
    report+=("$(printf '%5d s  FAILED  %s' $((SECONDS - began)) "$title")")
  fi
}

skip() {
  skipped=$((skipped + 1))
  report+=("      -  skipped $1: $2")
  printf '\n=== %s\nskipped: %s\n' "$1" "$2"
}

# Run a command where no address but loopback answers, for what no test of ours can see: the
# sockets of GDAL, PROJ, a browser. Needs the right to make a network namespace; --probe tells.
without_network() {
  local inside='ip link set lo up && exec "$@"'
  if [ "$1" = --probe ]; then unshare --net bash -c "$inside" - true 2>/dev/null; return; fi
  unshare --net bash -c "$inside" - "$@"
}

# The commands of a marked block of README.md, as a reader would type them.
readme() {
  local commands
  commands=$("$python" .ci/readme.py "$1")
  printf '%s\n' "$commands" | sed 's/^/$ /'
  if without_network --probe; then # installing needs a network, testing has none
    pytest() { without_network pytest "$@"; }
    export -f pytest without_network
  fi
  bash -euo pipefail -c "$commands"
}

# True where a browser is there in the end.
install_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
  printf '\n=== installing Chromium\n'
  if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
    >"$work/apt.log" 2>&1; then
    tail -n 5 "$work/apt.log"
    return 1
  fi
}

finish() {
  printf '\n=== in all %d s\n' "$SECONDS"
  printf '%s\n' "${report[@]}"
  printf 'steps: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
}
