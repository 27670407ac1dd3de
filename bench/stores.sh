#!/usr/bin/env bash
# Measures what durability costs: a node with each store in each mode, under calls and under events, and prints Markdown tables; bench/README.md explains them.
set -euo pipefail

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

die() {
  echo "stores.sh: $*" >&2
  exit 2
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

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly generator=bench/Jstp.LoadRunner/bin/Release/net10.0/Jstp.LoadRunner.dll
readonly host=src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll
readonly output=artifacts/bench/stores-$(date -u +%Y%m%d-%H%M%S)
readonly results=$output/results.jsonl

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

cd "$root"
data= # of the stores: on a real disk, where the user postgres may go
node_pid=
database_pid=
runs=0
failures=0

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
  node_pid=$!

  for _ in $(seq 200); do
    if url=$(grep -oE 'ws://127\.0\.0\.1:[0-9]+' "$log"); then return; fi
    kill -0 "$node_pid" 2>/dev/null || die "the node ended at once, see $log"
    sleep 0.1
  done

  die "the node does not listen after 20 s, see $log"
}

stop_node() {
  [[ -n $node_pid ]] || return 0
  local pid=$node_pid
  node_pid=
  kill "$pid" 2>/dev/null || true

  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done

  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

clean_up() {
  stop_node
  [[ -z $database_pid ]] || eng/postgres.sh remove "$data/postgres"
  [[ -z $data ]] || rm -rf "$data"
}

generate() { # <store> <mode> <scenario> [options of the generator]: prints its line
  local status=0
  local database=()
  [[ $1 != postgres ]] || database=(--database-pid "$database_pid")
  timeout --foreground 300 dotnet "$generator" load --url "$url/" --server-pid "$node_pid" "${database[@]}" --sleep yes \
    --server "$1, $2" --scenario "$3" "${@:4}" || status=$?

  # 1: the run is measured but had errors, which the report shows; anything else has no result.
  ((status <= 1)) || die "the generator failed against $1, $2 (exit code $status)"
  failures=$((failures + status))
}

measure() { # <store> <mode>
  local scenario

  for scenario in "${scenarios[@]}"; do
    echo "  $1, $2, $scenario" >&2
    start_node "$1" "$2"

    case "$scenario" in
      calls) generate "$1" "$2" "100 sessions × 16 calls of 16 bytes" --warmup 3 --seconds "$seconds" >>"$results" ;;
      events)
        generate "$1" "$2" "$sessions sessions × $events events" --connections "$sessions" --outstanding 1 --events "$events" \
          --warmup 3 --seconds "$seconds" >>"$results"
        ;;
      *) die "there is no scenario $scenario" ;;
    esac

    stop_node
  done
}

describe_machine() {
  local synchronous="" load=${load_before%% *}
  [[ -z $database_pid ]] || synchronous=", $(head -n 1 "$data/postgres/data/PG_VERSION" | sed 's/^/PostgreSQL /') with its defaults (synchronous_commit on, fsync on)"
  echo "Measured $(date -u +%Y-%m-%d) at commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown) on" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc --all) cores, Linux $(uname -r)," \
    ".NET $(dotnet --version)$synchronous: rounds: $rounds, seconds of a measurement: $seconds; node, database and generator share all cores;" \
    "load average before: $load."
}

[[ -d /proc/self ]] || die "needs Linux"
ulimit -n "$(ulimit -Hn)"

if [[ $build == yes ]]; then
  for project in bench/Jstp.LoadRunner src/Jstp.Host; do
    dotnet build "$project" -c Release -m:1 -v q --nologo >&2
  done
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

describe_machine | tee "$output/report.md"
echo | tee -a "$output/report.md"
dotnet "$generator" report-stores "$results" | tee -a "$output/report.md"
echo "Lines and logs: $output" >&2
exit $((failures > 0))
