#!/usr/bin/env bash
# Kills gateways at random instants, restarts and kills their broker and store, fills a disk and damages files, all under
# load; then accounts for each reading that a gateway acknowledged. The long form of a test that tests/run.sh runs.
#   bash tests/chaos.sh [--kills N] [--power-cuts N] [--minutes M] [--gateways N] [--rate N] [--seed N] [--folder DIR]
# Ends after N kills (1000) and a fiftieth as many power cuts, or after M minutes.
# Prints, last: chaos acknowledged=A stored=S pending=P declared_lost=L unexplained=U; ends with 0 only if U is 0.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
fail() { echo "chaos: $*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: install it from your distribution or from Microsoft"
source deploy/install.sh
install_packages mosquitto:mosquitto influxdb:influxd libsqlite3-0:libsqlite3.so.0 || fail "a package is missing"
install_packages qemu-system-x86:qemu-system-x86_64 gcc-12:gcc-12 make:make binutils:objcopy libelf1:libelf.so.1 xz-utils:xz e2fsprogs:mkfs.ext4 ||
  fail "a package is missing for the machine whose power is cut; without it: --power-cuts 0"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; fail "this failed: $*"; }; }
echo "Building …"
quietly dotnet build tests/SmartDistrict.Testing -c Release -v quiet -p:UseSharedCompilation=false
# as it is installed: compiled ahead, it starts in a third of a second
quietly dotnet publish edge/SmartDistrict.Edge -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -o "$work/gateway" -v quiet -p:UseSharedCompilation=false
dotnet tests/SmartDistrict.Testing/bin/Release/net10.0/SmartDistrict.Testing.dll chaos --gateway "$work/gateway/smartdistrict-edge" "$@"
