#!/usr/bin/env bash
# Our client beside the reference client on Node.js, both calling our server over one WebSocket: the server pinned to one core and the client to
# another, one run, the two in turn. Prints a Markdown table of the medians over the rounds.
#
#   dotnet build -c Release && (cd tests/Interop && npm ci) && bench/client.sh [SECONDS] [ROUNDS]
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=${1:-4}
rounds=${2:-3}
depths=${DEPTHS:-"1 16 100"}
ours=bench/Jstp.ClientBenchmark/bin/Release/net10.0/Jstp.ClientBenchmark.dll
host=src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll
log=$(mktemp)
results=$(mktemp)

export NODE_ENV=production DOTNET_CLI_TELEMETRY_OPTOUT=1

taskset -c "${SERVER_CPU:-0}" dotnet $host --urls http://127.0.0.1:0 --Jstp:Apps=conformance >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -f "$log" "$results"' EXIT
until url=$(grep -oE 'ws://127\.0\.0\.1:[0-9]+' "$log"); do
  kill -0 "$server"
  sleep 0.1
done

on_client_cpu() {
  taskset -c "${CLIENT_CPU:-1}" "$@"
}

for round in $(seq "$rounds"); do
  for depth in $depths; do
    echo "node $depth $(on_client_cpu node bench/client-load.mjs "$url/" "$depth" "$seconds" 2>/dev/null)" >>"$results"
    echo "ours $depth $(on_client_cpu dotnet $ours "$url/" "$depth" "$seconds")" >>"$results"
  done
done

median() { # <client> <depth> <column>
  awk -v c="$1" -v d="$2" -v f="$3" '$1 == c && $2 == d { print $f }' "$results" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

echo "| outstanding | ours: calls/s | p50 µs | p99 µs | Node.js: calls/s | p50 µs | p99 µs | calls/s × Node.js | p50 × Node.js |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
ratio() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

for depth in $depths; do
  rate=$(median ours "$depth" 3) rate_node=$(median node "$depth" 3)
  p50=$(median ours "$depth" 4) p50_node=$(median node "$depth" 4)
  echo "| $depth | $rate | $p50 | $(median ours "$depth" 5) | $rate_node | $p50_node | $(median node "$depth" 5) | $(ratio "$rate" "$rate_node") | $(ratio "$p50" "$p50_node") |"
done
