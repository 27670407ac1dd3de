#!/usr/bin/env bash
# Echo throughput of our server beside System.Net.WebSockets on Kestrel and npm's ws: the same generator, each server pinned to one core and the
# generator to another, one run. Prints a Markdown table of messages a second (microseconds of server processor time a message).
#
#   dotnet build -c Release && (cd tests/Interop && npm ci) && bench/echo.sh [SECONDS]
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=${1:-4}
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
  taskset -c 1 dotnet "$bench" load --url "ws://$url/" --size "$size" --seconds "$seconds" --deflate "$deflate" --pid "$server" |
    awk '{ printf "%s (%s)", $1, $2 }'
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  rm -f "$log"
}

for deflate in false true; do
  flag=$([[ $deflate == true ]] && echo deflate || true)
  echo "| compression $deflate: bytes | ours | ours, bare codec | System.Net.WebSockets | npm ws |"
  echo "| --- | --- | --- | --- | --- |"
  for size in $sizes; do
    printf '| %s | ' "$size"
    measure $deflate "$size" dotnet $ours --urls http://127.0.0.1:0 --deflate $deflate
    printf ' | '
    if [[ $deflate == false ]]; then
      measure $deflate "$size" dotnet $ours --urls http://127.0.0.1:0 --raw true
    fi
    printf ' | '
    measure $deflate "$size" dotnet $bench serve --urls http://127.0.0.1:0 --deflate $deflate
    printf ' | '
    measure $deflate "$size" env --chdir "$interop" NODE_ENV=production node "$script" $flag
    printf ' |\n'
  done
  echo
done
