# Shared by run and nightly: a copy of the checkout, fresh environments, steps that are timed.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'stop_beside; stop_postgis; rm -rf "$work"' EXIT
copy=$work/greenspace
python=${PYTHON:-python3}
passed=0
failed=0
skipped=0
report=()
beside=() # titles of the steps that run in the background

# pip says nothing but errors, and leaves compiling to the first import: most modules have none.
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=2 PIP_ROOT_USER_ACTION=ignore PIP_COMPILE=0
# One process a core; the tests of a file share what they build.
export PYTEST_ADDOPTS="-n logical --dist loadfile"
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
  remember "$title" "$code" $((SECONDS - began))
}

remember() {
  if [ "$2" -eq 0 ]; then
    passed=$((passed + 1))
    report+=("$(printf '%5d s  ok      %s' "$3" "$1")")
  else
    failed=$((failed + 1))
    report+=("$(printf '%5d s  FAILED  %s' "$3" "$1")")
  fi
}

# step_beside TITLE COMMAND...: the same in the background, for what keeps one core busy at most
# and shares no file with what runs meanwhile; join_steps waits, and shows what was said.
step_beside() {
  local said=$work/beside.${#beside[@]}
  beside+=("$1")
  shift
  (
    began=$SECONDS
    set +e
    (
      set -euo pipefail
      cd "$copy"
      "$@"
    ) >"$said" 2>&1
    printf '%d %d\n' "$?" $((SECONDS - began)) >"$said.end"
  ) &
}

join_steps() {
  local number code seconds
  wait
  for number in "${!beside[@]}"; do
    printf '\n=== %s\n' "${beside[number]}"
    cat "$work/beside.$number"
    read -r code seconds <"$work/beside.$number.end"
    remember "${beside[number]}" "$code" "$seconds"
  done
  beside=()
}

stop_beside() {
  local running
  running=$(jobs -p)
  [ -z "$running" ] || kill $running 2>/dev/null || true
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

# True where a PostGIS answers in the end; GREENSPACE_POSTGIS names it. Ours listens on a socket in
# the work folder alone, which reaches into a network namespace, and asks for a password.
start_postgis() {
  [ -z "${GREENSPACE_POSTGIS:-}" ] || return 0
  find_postgis || { install_postgis && find_postgis; } || return 1
  local password
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  chmod go+x "$work" # the server's user passes through
  mkdir "$work/postgis"
  printf '%s\n' "$password" >"$work/postgis/password"
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres "$work/postgis"; fi
  chmod 711 "$work/postgis"
  if ! {
    as_postgres initdb -D "$work/postgis/data" -U greenspace --pwfile="$work/postgis/password" \
      -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync &&
      as_postgres pg_ctl -D "$work/postgis/data" -l "$work/postgis/log" -w start \
        -o "-F -c listen_addresses= -c unix_socket_directories=$work/postgis" &&
      PGPASSWORD=$password "$postgres_bin/psql" -qX -h "$work/postgis" -U greenspace postgres \
        -c "CREATE EXTENSION postgis"
  } >"$work/postgis.log" 2>&1; then
    tail -n 5 "$work/postgis.log"
    return 1
  fi
  export GREENSPACE_POSTGIS="postgresql://greenspace:$password@/postgres?host=$work/postgis"
}

stop_postgis() {
  [ ! -d "$work/postgis/data" ] ||
    as_postgres pg_ctl -D "$work/postgis/data" -m immediate stop >/dev/null 2>&1 || true
}

# The newest PostgreSQL with PostGIS that Debian's packages have put here.
find_postgis() {
  local control version=
  for control in /usr/share/postgresql/*/extension/postgis.control; do
    [ ! -e "$control" ] || version=$(basename "${control%/extension/*}")
  done
  postgres_bin=/usr/lib/postgresql/$version/bin
  [ -n "$version" ] && [ -x "$postgres_bin/initdb" ]
}

# PostgreSQL refuses to run as root.
as_postgres() {
  local program=$postgres_bin/$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u postgres -- "$program" "$@")
  else
    "$program" "$@"
  fi
}

install_postgis() {
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
  printf '\n=== installing PostgreSQL and PostGIS\n'
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then # no cluster but ours
    mkdir -p /etc/postgresql-common
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
  fi
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends postgresql postgresql-postgis; } >"$work/apt.log" 2>&1; then
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
