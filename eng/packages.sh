#!/usr/bin/env bash
# Packs the libraries and the tool, and uses the packages as somebody else would: a program in a temporary folder restores them from a local feed and the
# packages that are in the cache already, looks into them, serves an application, calls it, and has the installed tool call it. Nothing is fetched from anywhere.
#
#   eng/packages.sh [DIRECTORY]    DIRECTORY, default artifacts/packages, gets the packages
#
# Needs a build of the solution in Release. Ends with the line `N passed, N failed, N skipped`; the exit code is 0 only if all passed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

feed=$(realpath -m "${1:-artifacts/packages}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rm -rf "$feed"
mkdir -p "$feed"

for project in Jstp.Transport Jstp.Actors Jstp.Client Jstp.Cli; do
  dotnet pack "src/$project" -c Release --no-build -o "$feed" -v quiet --nologo
done

version=$(basename "$feed"/Jstp.Transport.*.nupkg .nupkg)
version=${version#Jstp.Transport.}
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')

cp -r eng/PackageConsumer "$work/consumer"
cat > "$work/nuget.config" << CONFIG
<configuration>
  <packageSources><clear /><add key="local" value="$feed" /></packageSources>
  <fallbackPackageFolders><clear /><add key="cache" value="$cache" /></fallbackPackageFolders>
  <config><add key="globalPackagesFolder" value="$work/packages" /></config>
</configuration>
CONFIG

dotnet tool install Jstp.Cli --version "$version" --tool-path "$work/tools" --configfile "$work/nuget.config" > "$work/install.log" ||
  { cat "$work/install.log" >&2; exit 1; }
dotnet build "$work/consumer" -c Release -v quiet --nologo --disable-build-servers -warnaserror -p:JstpVersion="$version" >&2
dotnet "$work/consumer/bin/Release/net10.0/PackageConsumer.dll" "$feed" "$version" "$work/tools/jstp"
