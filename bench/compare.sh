#!/usr/bin/env bash
# Measures JSTP servers side by side and prints Markdown tables; bench/README.md explains them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bench/measuring.sh
source bench/measuring.sh

usage() {
  cat <<'TEXT'
Usage: bench/compare.sh [--rounds N] [--seconds N] [--only LIST] [--scenarios LIST] [--idle N] [--no-build]

  --rounds N         how often each server is started and measured; tables show medians (default 3)
  --seconds N        length of one measurement (default 5)
  --only LIST        servers to measure: ours,reference,signalr,echo (default: all)
  --scenarios LIST   scenarios to run: pipelined,parallel,single,large,idle (default: all)
  --idle N           connections of the scenario idle (default 10000)
  --no-build         take what was built before

Environment:
  SERVER_CPU, GENERATOR_CPU      cores to pin to (default 0 and 1)
  OURS_COMMAND, ECHO_COMMAND     how to start these two, {port} standing for the port
TEXT
}

rounds=3
seconds=5
idle_connections=10000
build=yes
servers=(ours reference signalr echo)
scenarios=(pipelined parallel single large idle)

while (($# > 0)); do
  case "$1" in
    --rounds) rounds=${2:?}; shift 2 ;;
    --seconds) seconds=${2:?}; shift 2 ;;
    --only) IFS=, read -ra servers <<<"${2:?}"; shift 2 ;;
    --scenarios) IFS=, read -ra scenarios <<<"${2:?}"; shift 2 ;;
    --idle) idle_connections=${2:?}; shift 2 ;;
    --no-build) build=no; shift ;;
    --help) usage; exit 0 ;;
    *) usage >&2; die "not understood: $1" ;;
  esac
done

readonly server_cpu=${SERVER_CPU:-0}
readonly generator_cpu=${GENERATOR_CPU:-1}
readonly ours_command=${OURS_COMMAND:-"dotnet src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll --urls http://127.0.0.1:{port} --Jstp:Apps=conformance --Jstp:Store=memory"}
readonly echo_command=${ECHO_COMMAND:-"dotnet samples/WebSocketEcho/bin/Release/net10.0/WebSocketEcho.dll --urls http://127.0.0.1:{port}"}
readonly output=artifacts/bench/$(date -u +%Y%m%d-%H%M%S)
readonly results=$output/results.jsonl

port=20100

label_of() {
  case "$1" in
    ours) echo "JstpActors" ;;
    reference) echo "reference" ;;
    signalr) echo "SignalR" ;;
    echo) echo "bare echo" ;;
    *) die "no such server: $1" ;;
  esac
}

protocol_of() {
  case "$1" in
    signalr | echo) echo "$1" ;;
    *) echo jstp ;;
  esac
}

path_of() {
  if [[ $1 == signalr ]]; then echo /hub; else echo /; fi
}

command_of() {
  case "$1" in
    ours) echo "$ours_command" ;;
    reference) echo "node bench/servers/reference/server.js {port}" ;;
    signalr) echo "dotnet bench/servers/signalr/bin/Release/net10.0/SignalRServer.dll --urls http://127.0.0.1:{port}" ;;
    echo) echo "$echo_command" ;;
  esac
}

# connections, outstanding calls per connection, bytes in a call
shape_of() {
  case "$1" in
    pipelined) echo "100 16 16" ;;
    parallel) echo "100 1 16" ;;
    single) echo "1 1 16" ;;
    large) echo "100 16 1024" ;;
    *) die "no such scenario: $1" ;;
  esac
}

build_all() {
  build_project bench/Jstp.LoadRunner

  for server in "${servers[@]}"; do
    case "$server" in
      ours) [[ -n ${OURS_COMMAND:-} ]] || build_project src/Jstp.Host ;;
      echo) [[ -n ${ECHO_COMMAND:-} ]] || build_project samples/WebSocketEcho ;;
      signalr) build_project bench/servers/signalr ;;
      # Its native parts ship prebuilt, or do not compile against current Node.js: no install script is of use.
      reference) npm ci --prefix bench/servers/reference --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ;;
    esac
  done
}

is_listening() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start_server() {
  local name=$1 command

  port=$((port + 1))
  while is_listening "$port"; do port=$((port + 1)); done

  command=$(command_of "$name")
  # shellcheck disable=SC2086 # the command is a list of words
  taskset -c "$server_cpu" ${command//\{port\}/$port} >"$output/$name.log" 2>&1 &
  server_pid=$!

  await_server "$name" "$output/$name.log" is_listening "$port"
}

run_generator() { # <server> <scenario's name> <command> [option ...]
  local server=$1 scenario=$2 command=$3
  shift 3
  generate "$server" taskset -c "$generator_cpu" dotnet "$generator" "$command" \
    --url "ws://127.0.0.1:$port$(path_of "$server")" --protocol "$(protocol_of "$server")" --server-pid "$server_pid" \
    --server "$(label_of "$server")" --scenario "$scenario" "$@"
}

measure_calls() {
  local server=$1 scenario connections outstanding bytes name

  start_server "$server"
  run_generator "$server" warm-up load --connections 100 --outstanding 16 --warmup 0 --seconds 12 >/dev/null

  for scenario in "${scenarios[@]}"; do
    [[ $scenario != idle ]] || continue
    read -r connections outstanding bytes <<<"$(shape_of "$scenario")"
    name="$connections × $outstanding calls of $bytes bytes"
    echo "  $server, $scenario" >&2
    run_generator "$server" "$name" load --connections "$connections" --outstanding "$outstanding" --payload "$bytes" \
      --warmup 1 --seconds "$seconds" >>"$results"
  done

  stop_server
}

measure_idle() {
  local server=$1

  echo "  $server, idle" >&2
  start_server "$server"
  run_generator "$server" "$idle_connections idle connections" idle --connections "$idle_connections" --seconds 5 >>"$results"
  stop_server
}

has_scenario() {
  [[ " ${scenarios[*]} " == *" $1 "* ]]
}

has_call_scenario() {
  [[ ${scenarios[*]} != idle ]]
}

[[ -d /proc/self ]] && command -v taskset >/dev/null || die "needs Linux and taskset"
((server_cpu != generator_cpu && server_cpu < $(nproc --all) && generator_cpu < $(nproc --all))) || die "needs two cores"
for server in "${servers[@]}"; do label_of "$server" >/dev/null; done
for scenario in "${scenarios[@]}"; do [[ $scenario == idle ]] || shape_of "$scenario" >/dev/null; done

if has_scenario idle; then
  # Connections, the baseline, and what a process opens besides.
  needed=$((idle_connections + 500))
  ulimit -n "$(ulimit -Hn)"
  [[ $(ulimit -n) == unlimited ]] || (($(ulimit -n) >= needed)) || die "needs $needed open files; the limit is $(ulimit -n)"
fi

[[ $build == no ]] || build_all
mkdir -p "$output"
trap stop_server EXIT
trap 'exit 130' INT TERM

# A round measures every server once, so that whatever disturbs the machine for a while disturbs all of them.
for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  for server in "${servers[@]}"; do
    ! has_call_scenario || measure_calls "$server"
    ! has_scenario idle || measure_idle "$server"
  done
done

report "$output" report "$(describe_machine "Node.js $(node --version 2>/dev/null || echo none)" \
  "rounds: $rounds, seconds of a measurement: $seconds, server on core $server_cpu, generator on core $generator_cpu")"
