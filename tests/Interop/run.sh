#!/usr/bin/env bash
# Runs the interop suites, all of them or those named, and ends with the line `N passed, N failed, N skipped`.
#
#   JSTP_HOST_DLL=…/Jstp.Host.dll JSTP_FIXTURES=…/Jstp.Fixtures.dll tests/Interop/run.sh [suites/calls.test.js …]
#   JSTP_SERVER=reference tests/Interop/run.sh
#
# README.md says what the variables mean.
set -euo pipefail

# Paths in the environment are relative to the caller's folder.
for name in JSTP_HOST_DLL JSTP_FIXTURES; do
  if [[ -e "${!name:-}" ]]; then
    export "$name=$(realpath "${!name}")"
  fi
done

cd "$(dirname "$0")"

if ! cmp --silent package-lock.json node_modules/.installed-lock.json; then
  npm ci --no-progress --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi

if [[ $# -eq 0 ]]; then
  set -- suites/*.test.js
fi

exec node --test --test-concurrency=1 --test-timeout=180000 --test-reporter=./harness/summary.js "$@"
