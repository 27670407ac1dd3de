#!/usr/bin/env bash
# Measures what durability costs: a node with each store in each mode, under calls and under events, and prints Markdown tables; bench/README.md explains them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bench/measuring.sh
source bench/measuring.sh

usage() {
  cat <<'TEXT'
Usage: bench/stores.sh [--rounds N] [--seconds N] [--stores LIST] [--modes LIST] [--scenarios LIST] [--sessions N] [--events N] [--no-build]

  --rounds N         how often each node is started and measured; tables show medians (default 3)
  --seconds N        length of one measurement (default 5)
  --stores LIST      stores to measure: memory,sqlite,postgres (default: all)
  --modes LIST       modes to measure: OnDisconnect,Continuous,Strict (default: all)
  --scenarios LIST   scenarios to run: calls,events (default: all)
  --sessions N       sessions of the scenario events (default 1000)
  --events N         events that one call draws in it (default 16)
  --no-build         take what was built before
TEXT
}

rounds=3
seconds=5
sessions=1000
events=16
build=yes
stores=(memory sqlite postgres)
modes=(OnDisconnect Continuous Strict)
scenarios=(calls events)

while (($# > 0)); do
  case "$1" in
    --rounds) rounds=${2:?}; shift 2 ;;
    --seconds) seconds=${2:?}; shift 2 ;;
    --stores) IFS=, read -ra stores <<<"${2:?}"; shift 2 ;;
    --modes) IFS=, read -ra modes <<<"${2:?}"; shift 2 ;;
    --scenarios) IFS=, read -ra scenarios <<<"${2:?}"; shift 2 ;;
    --sessions) sessions=${2:?}; shift 2 ;;
    --events) events=${2:?}; shift 2 ;;
    --no-build) build=no; shift ;;
    --help) usage; exit 0 ;;
    *) usage >&2; die "not understood: $1" ;;
  esac
done

readonly host=src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll
readonly output=artifacts/bench/stores-$(date -u +%Y%m%d-%H%M%S)
readonly results=$output/results.jsonl

data= # of the stores: on a real disk, where the user postgres may go
database_pid=
runs=0
readonly drain_limit=30 # seconds that a node may take to write its sessions and end

start_database() {
  if [[ " ${stores[*]} " == *" postgres "* ]]; then
    eng/postgres.sh install
    connection=$(eng/postgres.sh start "$data/postgres")
    database_pid=$(eng/postgres.sh pid "$data/postgres")
  fi
}

store_arguments() { # <store>
  case "$1" in
    memory) echo "--Jstp:Store=memory" ;;
    sqlite) echo "--Jstp:Store=sqlite --Jstp:ConnectionString=$data/$runs.db" ;;
    postgres) echo "--Jstp:Store=postgres --Jstp:ConnectionString=$connection --Jstp:PostgreSql:Schema=run$runs" ;;
    *) die "there is no store $1" ;;
  esac
}

start_node() { # <store> <mode>
  runs=$((runs + 1))
  local log=$output/$runs-$1-$2.log
  # shellcheck disable=SC2046 # the arguments are a list of words
  dotnet "$host" --urls http://127.0.0.1:0 --Jstp:Apps=conformance "--Jstp:Durability=$2" $(store_arguments "$1") >"$log" 2>&1 &
  server_pid=$!

  await_server "the node" "$log" read_url "$log"
}

read_url() { # <log>
  url=$(grep -oE 'ws://127\.0\.0\.1:[0-9]+' "$1")
}

clean_up() {
  stop_server "$drain_limit"
  [[ -z $database_pid ]] || eng/postgres.sh remove "$data/postgres"
  [[ -z $data ]] || rm -rf "$data"
}

run_generator() { # <store> <mode> <scenario> [option ...]
  local database=()
  [[ $1 != postgres ]] || database=(--database-pid "$database_pid")
  generate "$1, $2" dotnet "$generator" load --url "$url/" --server-pid "$server_pid" "${database[@]}" --sleep yes \
    --server "$1, $2" --scenario "$3" "${@:4}"
}

measure() { # <store> <mode>
  local scenario

  for scenario in "${scenarios[@]}"; do
    echo "  $1, $2, $scenario" >&2
    start_node "$1" "$2"

    case "$scenario" in
      calls) run_generator "$1" "$2" "100 sessions × 16 calls of 16 bytes" --warmup 3 --seconds "$seconds" >>"$results" ;;
      events)
        run_generator "$1" "$2" "$sessions sessions × $events events" --connections "$sessions" --outstanding 1 --events "$events" \
          --warmup 3 --seconds "$seconds" >>"$results"
        ;;
      *) die "there is no scenario $scenario" ;;
    esac

    stop_server "$drain_limit"
  done
}

describe_database() {
  if [[ -n $database_pid ]]; then
    echo "PostgreSQL $(head -n 1 "$data/postgres/data/PG_VERSION") with its defaults (synchronous_commit on, fsync on)"
  else
    echo "no PostgreSQL"
  fi
}

[[ -d /proc/self ]] || die "needs Linux"
ulimit -n "$(ulimit -Hn)"

if [[ $build == yes ]]; then
  build_project bench/Jstp.LoadRunner
  build_project src/Jstp.Host
fi

mkdir -p "$output"
load_before=$(</proc/loadavg)
trap clean_up EXIT
trap 'exit 130' INT TERM
data=$(mktemp -d "${TMPDIR:-/var/tmp}/jstp-stores.XXXXXX")
chmod 755 "$data"
start_database

# A round measures everything once, so that whatever disturbs the machine for a while disturbs all of them.
for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  for mode in "${modes[@]}"; do
    for store in "${stores[@]}"; do
      measure "$store" "$mode"
    done
  done
done

report "$output" report-stores "$(describe_machine "$(describe_database)" \
  "rounds: $rounds, seconds of a measurement: $seconds; node, database and generator share all cores; load average before: ${load_before%% *}")"
