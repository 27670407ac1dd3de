# What the scripts that measure nodes and servers share; sourced by them, behind `set -euo pipefail`.
# shellcheck shell=bash

readonly generator=bench/Jstp.LoadRunner/bin/Release/net10.0/Jstp.LoadRunner.dll

# Node.js and .NET both read these; the reference runs in production mode as its users do.
export NODE_ENV=production DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

server_pid=
failures=0 # runs of the generator that were measured but had errors

die() {
  echo "${0##*/}: $*" >&2
  exit 2
}

build_project() { # <folder>
  [[ -d $1 ]] || die "$1 is not there"
  dotnet build "$1" -c Release -m:1 -v q --nologo >&2
}

# Waits until the server that was started listens.
await_server() { # <name> <log> <command that succeeds once it does> [argument ...]
  local name=$1 log=$2
  shift 2

  for _ in $(seq 200); do
    if "$@"; then return; fi
    kill -0 "$server_pid" 2>/dev/null || die "$name ended at once, see $log"
    sleep 0.1
  done

  die "$name does not listen after 20 s, see $log"
}

stop_server() { # [seconds that it may take to end]
  [[ -n $server_pid ]] || return 0
  local pid=$server_pid
  server_pid=
  kill "$pid" 2>/dev/null || true

  for _ in $(seq $((10 * ${1:-5}))); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done

  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# One run of the generator, with whatever goes before it (taskset); prints its line.
generate() { # <what is measured> <command that runs the generator's assembly> [argument ...]
  local what=$1 status=0
  shift
  timeout --foreground 300 "$@" || status=$?

  # 1: the run is measured but had errors, which the report shows; anything else has no result.
  ((status <= 1)) || die "the generator failed against $what (exit code $status)"
  failures=$((failures + status))
}

describe_machine() { # <what else has a version> <how it was measured>
  echo "Measured $(date -u +%Y-%m-%d) at commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown) on" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc --all) cores, Linux $(uname -r)," \
    ".NET $(dotnet --version), $1: $2."
}

# Prints the tables of all results, and ends.
report() { # <folder> <kind of report> <description of the machine>
  echo "$3" | tee "$1/report.md"
  echo | tee -a "$1/report.md"
  dotnet "$generator" "$2" "$1/results.jsonl" | tee -a "$1/report.md"
  echo "Lines and logs: $1" >&2
  exit $((failures > 0))
}
