#!/usr/bin/env bash
# Builds the solution and runs all tests, or a part of them, and ends with the line `N passed, N failed, N skipped`.
#
#   ./test.sh                  everything
#   ./test.sh unit             the .NET test projects
#   ./test.sh unit Transport   of these, the ones whose name contains the word
#   ./test.sh packages         the NuGet packages, used by a program and as a tool
#   ./test.sh interop          the real client, a real browser and recorded exchanges against the built Host
#
# Needs the .NET SDK of global.json and Node.js 20 or later with npm; installs Chromium, PostgreSQL and nginx with apt-get where
# they are missing, and serves a database of its own while it runs. Logs and results go to artifacts/tests. The exit code is 0 only if every test project
# ran tests and all of them passed: none failed, none skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly output=$PWD/artifacts/tests
readonly project_limit=15m # for one test project or all interop suites, each of which takes two minutes at most
readonly hang_limit=3m     # for one test

# What is the same with a session store, and runs once more for every durability beside its own.
readonly stored_tests='FullyQualifiedName~Actors.Tests.Sessions.SessionTests|FullyQualifiedName~Actors.Tests.Sessions.SessionStress|FullyQualifiedName~Actors.Tests.Sessions.KeptAnswersTests|FullyQualifiedName~Actors.Tests.Sessions.ExactlyOnce|FullyQualifiedName~Actors.Tests.Connections|FullyQualifiedName~Actors.Tests.Hosting'

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

passed=0 failed=0 skipped=0

fail() {
  echo "test.sh: $*" >&2
  exit 1
}

check_tools() {
  dotnet --version > /dev/null 2>&1 ||
    fail "the .NET SDK that global.json asks for is missing: install .NET SDK 10.0 from https://dotnet.microsoft.com/download/dotnet/10.0 (Debian, Ubuntu: apt-get install dotnet-sdk-10.0)."

  { command -v node && command -v npm; } > /dev/null ||
    fail "Node.js with npm is missing: install version 20 or later from https://nodejs.org/en/download."

  node --eval 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
    fail "Node.js $(node --version) is too old: install version 20 or later from https://nodejs.org/en/download."
}

install() { # <package>
  command -v apt-get > /dev/null || return 1

  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    as_root=(sudo)
  fi

  echo "== Installing $1"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"
}

install_browser() {
  if ! [[ -x ${CHROMIUM:-/usr/bin/chromium} ]]; then
    install chromium || fail "Chromium is missing: install it and say where it is with CHROMIUM=/path/to/chromium."
  fi
}

# The load balancer of the cluster tests, which start it themselves; Debian would start one of the system's, if its policy let it.
install_balancer() {
  if ! PATH=$PATH:/usr/sbin command -v nginx > /dev/null; then
    install nginx-light || fail "nginx is missing: install it, with nginx on the path."
  fi
}

start_database() {
  eng/postgres.sh install
  database=$(mktemp -d)
  trap 'end_clusters; eng/postgres.sh remove "$database/server"; rm -rf "$database"' EXIT

  if [[ $EUID -eq 0 ]]; then
    chmod 755 "$database" # for the user that PostgreSQL runs as
  fi

  JSTP_POSTGRES=$(eng/postgres.sh start "$database/server")
  export JSTP_POSTGRES

  # Clusters of tests that were ended by force would go on; they are below this directory.
  export JSTP_CLUSTER_DIRECTORY=$database/clusters JSTP_FIGURES=$output/figures.txt
}

end_clusters() {
  local cluster

  for cluster in "$database"/clusters/*/; do
    [[ ! -e $cluster ]] || deploy/local-cluster.sh "$cluster" down
  done
}

build() {
  echo "== Building"
  dotnet build JstpActors.sln -c Release -warnaserror -v quiet --nologo --disable-build-servers
}

# Counts what failed outside of any test: a crash, a time limit, a project without tests.
fail_whole() {
  echo "FAILED $*"
  failed=$((failed + 1))
}

attribute() { # <xml element> <name>
  sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" <<< "$1"
}

run_project() { # <project file> [durability, for the part of the project that holds whatever it is]
  local name results counters code=0 total executed succeeded
  name=$(basename "$1" .csproj)${2:+.$2}
  results=$output/$name.trx
  echo "== $name"

  JSTP_TEST_DURABILITY=${2:-} timeout --kill-after=30s "$project_limit" dotnet test "$1" -c Release --no-build --nologo -v quiet \
    ${2:+--filter "$stored_tests"} --blame-hang-timeout "$hang_limit" --blame-hang-dump-type none \
    --logger "console;verbosity=minimal" --logger "trx;LogFileName=$name.trx" --results-directory "$output" || code=$?

  counters=$(grep -o '<Counters [^>]*>' "$results" 2> /dev/null || true)
  total=$(attribute "$counters" total)
  executed=$(attribute "$counters" executed)
  succeeded=$(attribute "$counters" passed)

  if [[ ${total:-0} -eq 0 ]]; then
    fail_whole "$name ran no test (exit code $code)"
    return
  fi

  if [[ -e $JSTP_FIGURES ]]; then
    cat "$JSTP_FIGURES"
    mv "$JSTP_FIGURES" "$output/$name.figures.txt"
  fi

  passed=$((passed + succeeded))
  failed=$((failed + executed - succeeded))
  skipped=$((skipped + total - executed))

  if [[ $code -ne 0 && $executed -eq $succeeded ]]; then
    fail_whole "$name did not end well (exit code $code)"
  fi
}

run_unit() { # [part of a name]
  local project found=0

  for project in tests/*.Tests/*"${1:-}"*.csproj; do
    if [[ -e $project ]]; then
      found=1
      run_project "$project"

      if [[ $project == *Actors.Tests* ]]; then
        run_project "$project" Continuous
        run_project "$project" Strict
      fi
    fi
  done

  [[ $found -eq 1 ]] || fail "no test project has '${1:-}' in its name."
}

run_script() { # <name> <script> [variable=value]...
  local name=$1 script=$2 code=0 log=$output/$1.log summary
  shift 2
  echo "== $name"

  env "$@" timeout --kill-after=30s "$project_limit" "$script" 2>&1 | tee "$log" || code=$?

  summary=$(tail -n 1 "$log")

  if ! [[ $summary =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ && ${BASH_REMATCH[1]} -gt 0 ]]; then
    fail_whole "$script ran no test (exit code $code)"
    return
  fi

  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
  skipped=$((skipped + BASH_REMATCH[3]))

  if [[ $code -ne 0 && ${BASH_REMATCH[2]} -eq 0 ]]; then
    fail_whole "$script did not end well (exit code $code)"
  fi
}

run_interop() {
  run_script Interop tests/Interop/run.sh JSTP_SERVER=ours \
    JSTP_HOST_DLL=src/Jstp.Host/bin/Release/net10.0/Jstp.Host.dll \
    JSTP_FIXTURES=tests/Jstp.Fixtures/bin/Release/net10.0/Jstp.Fixtures.dll
}

readonly part=${1:-all}
case $part in
  all | unit | packages | interop) ;;
  *) fail "there is no part '$part': ./test.sh [unit [name] | packages | interop]" ;;
esac

rm -rf "$output"
mkdir -p "$output"
check_tools

if [[ $part == all || $part == interop ]]; then
  install_browser
fi

build

if [[ $part == all || $part == unit ]]; then
  install_balancer
  start_database
  run_unit "${2:-}"
fi

if [[ $part == all || $part == packages ]]; then
  run_script Packages eng/packages.sh
fi

if [[ $part == all || $part == interop ]]; then
  run_interop
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 && $skipped -eq 0 ]]
