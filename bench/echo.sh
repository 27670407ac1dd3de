#!/usr/bin/env bash
# Echo throughput of our server beside System.Net.WebSockets on Kestrel and npm's ws: the same generator, each server pinned to one core and the
# generator to another, one run of ROUNDS interleaved rounds. Prints Markdown tables of messages a second (microseconds of server processor time a
# message), means over the rounds, and ratios: above 1 ours is ahead.
#
#   dotnet build -c Release && (cd tests/Interop && npm ci) && [ROUNDS=2] [SIZES="16 1024"] bench/echo.sh [SECONDS]
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=${1:-4}
rounds=${ROUNDS:-2}
sizes=${SIZES:-"16 128 1024 16384 65536"}
bench=bench/Jstp.EchoBenchmark/bin/Release/net10.0/Jstp.EchoBenchmark.dll
ours=samples/WebSocketEcho/bin/Release/net10.0/WebSocketEcho.dll
interop=${INTEROP:-tests/Interop}
script=$PWD/bench/ws-echo.mjs

server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true' EXIT

# Usage: measure DEFLATE SIZE COMMAND…  The command listens on a port of its own choice and says which.
measure() {
  local deflate=$1 size=$2 log url
  shift 2
  log=$(mktemp)
  taskset -c 0 "$@" >"$log" &
  server=$!
  until url=$(grep -oE '127\.0\.0\.1:[0-9]+' "$log"); do
    kill -0 "$server"
    sleep 0.1
  done
  taskset -c 1 dotnet "$bench" load --url "ws://$url/" --size "$size" --seconds "$seconds" --deflate "$deflate" --pid "$server"
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  rm -f "$log"
}

# Usage: run SERVER DEFLATE SIZE
run() {
  local flag=$([[ $2 == true ]] && echo deflate || true)
  case $1 in
    ours) measure "$2" "$3" dotnet $ours --urls http://127.0.0.1:0 --deflate "$2" ;;
    codec) measure "$2" "$3" dotnet $ours --urls http://127.0.0.1:0 --raw true ;;
    system) measure "$2" "$3" dotnet $bench serve --urls http://127.0.0.1:0 --deflate "$2" ;;
    npm) measure "$2" "$3" env --chdir "$interop" NODE_ENV=production node "$script" $flag ;;
  esac
}

for deflate in false true; do
  servers="ours system npm"
  [[ $deflate == true ]] || servers="$servers codec"
  echo "| compression $deflate: bytes | ours | System.Net.WebSockets | npm ws | bare codec | ours ÷ System | ours ÷ npm | CPU: System ÷ ours | CPU: npm ÷ ours |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  for size in $sizes; do
    for ((round = 0; round < rounds; round++)); do
      for name in $servers; do
        echo "$name $(run "$name" $deflate "$size")"
      done
    done | awk -v size="$size" '
      { rate[$1] += $2; cpu[$1] += $3; count[$1]++ }
      function cell(name) { return name in rate ? sprintf("%.0f (%.2f)", rate[name] / count[name], cpu[name] / count[name]) : "" }
      END {
        printf "| %s | %s | %s | %s | %s | %.2f | %.2f | %.2f | %.2f |\n", size, cell("ours"), cell("system"), cell("npm"), cell("codec"),
          rate["ours"] / rate["system"], rate["ours"] / rate["npm"], cpu["system"] / cpu["ours"], cpu["npm"] / cpu["ours"]
      }'
  done
  echo
done
