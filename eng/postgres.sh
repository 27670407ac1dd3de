#!/usr/bin/env bash
# A private PostgreSQL server for tests and measurements: its own directory, a free port of the loopback interface, no password, default durability.
#
#   eng/postgres.sh install                     installs PostgreSQL with apt-get where it is missing
#   eng/postgres.sh start DIRECTORY [-c k=v]…   makes a database in the directory (which must not exist, or be one of ours) and serves it; prints
#                                               the connection string
#   eng/postgres.sh connection DIRECTORY        prints the connection string again
#   eng/postgres.sh pid DIRECTORY               prints the process id of the server
#   eng/postgres.sh kill DIRECTORY              kills the server and its children with SIGKILL, as a power cut would
#   eng/postgres.sh stop DIRECTORY              stops the server; connections are closed, the data stays
#   eng/postgres.sh restart DIRECTORY           stops the server if it runs, and serves the data again on the same port
#   eng/postgres.sh remove DIRECTORY            stops the server if it runs, and deletes the directory
#
# PostgreSQL refuses to run as root, so root runs it as the user postgres. The server is ended by its own process id only.
set -euo pipefail

readonly user=jstp database=jstp
readonly patience=60 # seconds for a server to start or to end

fail() {
  echo "postgres.sh: $*" >&2
  exit 1
}

# The newest server that is installed; Debian keeps its programs off the path.
find_programs() {
  local newest
  newest=$(find /usr/lib/postgresql/*/bin -maxdepth 1 -name postgres 2> /dev/null | sort -V | tail -n 1)

  if [[ -n $newest ]]; then
    dirname "$newest"
  elif command -v initdb > /dev/null; then
    dirname "$(command -v initdb)"
  fi
}

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

as_owner() {
  if [[ $EUID -eq 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

install_server() {
  if [[ -n $(find_programs) ]]; then
    return
  fi

  command -v apt-get > /dev/null || fail "PostgreSQL is missing: install version 13 or later, with initdb on the path."
  echo "== Installing PostgreSQL" >&2

  # Debian would start a server of the system's; nobody here wants one.
  if [[ ! -e /etc/postgresql-common/createcluster.conf ]]; then
    as_root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf > /dev/null
  fi

  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold postgresql >&2
}

free_port() {
  local port

  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))

    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "$port"
      return
    fi
  done

  fail "found no free port."
}

pid_of() {
  head -n 1 "$directory/data/postmaster.pid" 2> /dev/null || true
}

is_running() {
  local pid
  pid=$(pid_of)
  [[ -n $pid && -e /proc/$pid && $(readlink -f "/proc/$pid/cwd") == $(readlink -f "$directory/data") ]]
}

connection() {
  [[ -e $directory/port ]] || fail "$directory is no server's directory."
  echo "Host=127.0.0.1;Port=$(< "$directory/port");Username=$user;Database=$database"
}

serve() {
  local options
  rm -f "$directory/data/postmaster.pid" # what a killed server leaves would only make pg_ctl doubt

  options=$(< "$directory/options")

  as_owner "$programs/pg_ctl" --pgdata="$directory/data" --log="$directory/log" --timeout=$patience --wait --silent start \
    -o "-p $(< "$directory/port") -c listen_addresses=127.0.0.1 -c unix_socket_directories= $options" > /dev/null ||
    fail "the server did not start: $(tail -n 5 "$directory/log")"
}

start() {
  if [[ -e $directory/port ]]; then
    is_running || serve
    connection
    return
  fi

  [[ ! -e $directory || -z $(ls -A "$directory") ]] || fail "$directory is neither empty nor a server's directory."
  mkdir -p "$directory"
  free_port > "$directory/port"
  echo "$*" > "$directory/options"

  if [[ $EUID -eq 0 ]]; then
    chown -R postgres "$directory"
  fi

  as_owner "$programs/initdb" --pgdata="$directory/data" --username=$user --auth=trust --encoding=UTF8 --no-locale > "$directory/initdb.log" 2>&1 ||
    fail "initdb failed: $(tail -n 5 "$directory/initdb.log")"
  serve
  PGOPTIONS='' "$programs/psql" --quiet --host=127.0.0.1 --port="$(< "$directory/port")" --username=$user --dbname=postgres --no-psqlrc \
    --command="create database $database" > /dev/null
  connection
}

await_end() { # <pid>…
  local pid tries

  for pid in "$@"; do
    for ((tries = 0; tries < patience * 20; tries++)); do
      # A zombie has ended; who reaps it, and when, is not ours.
      grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$pid/status" || continue 2
      sleep 0.05
    done

    fail "process $pid does not end."
  done
}

children_of() {
  local status

  for status in /proc/[0-9]*/status; do
    awk -v parent="$1" '/^Pid:/ { pid = $2 } /^PPid:/ && $2 == parent { print pid }' "$status" 2> /dev/null || true
  done
}

kill_server() {
  is_running || fail "no server runs in $directory."
  local pid children
  pid=$(pid_of)
  # Stopped first, so that it starts no further child between the two steps.
  kill -STOP "$pid"
  mapfile -t children < <(children_of "$pid")
  kill -KILL "$pid" "${children[@]}" 2> /dev/null || true
  await_end "$pid" "${children[@]}"
}

stop() {
  if is_running; then
    as_owner "$programs/pg_ctl" --pgdata="$directory/data" --mode=fast --timeout=$patience --wait --silent stop > /dev/null
  fi
}

[[ $# -ge 1 ]] || fail "what to do? See the top of this file."
readonly command=$1

if [[ $command == install ]]; then
  install_server
  exit
fi

[[ $# -ge 2 ]] || fail "$command needs a directory."
readonly directory=$2
programs=$(find_programs)
readonly programs
[[ -n $programs ]] || fail "PostgreSQL is missing: run 'eng/postgres.sh install', or install version 13 or later with initdb on the path."

case $command in
  start) start "${@:3}" ;;
  connection) connection ;;
  pid) is_running && pid_of ;;
  kill) kill_server ;;
  stop) stop ;;
  restart) stop && serve ;;
  remove) stop && rm -rf "$directory" ;;
  *) fail "there is no command '$command'. See the top of this file." ;;
esac
