#!/usr/bin/env bash
# Installs what the tests need, runs all of them, and ends with: N passed, N failed, N skipped
set -u
cd "$(dirname "$0")/.."
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # a minimal Debian has no ICU, and the tools need none

say() { printf '\n== %s\n' "$*"; }
give_up() { echo "$*" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

command -v dotnet >/dev/null || give_up "the .NET 10 SDK is missing: install it from your distribution or from Microsoft"

say "Debian packages"
source deploy/install.sh
install_packages mosquitto:mosquitto mosquitto-clients:mosquitto_sub influxdb:influxd chromium:chromium nodejs:node npm:npm \
  libsqlite3-0:libsqlite3.so.0 fontconfig:fc-list procps:pgrep systemd:systemd-analyze \
  qemu-system-x86:qemu-system-x86_64 gcc-12:gcc-12 make:make binutils:objcopy libelf1:libelf.so.1 xz-utils:xz e2fsprogs:mkfs.ext4 || give_up "a package that the tests need is missing"
fc-list | grep -qi 'noto.*cjk' || install_packages fonts-noto-cjk:fonts-noto-cjk || give_up "the tests' screenshots need Chinese letters"
use_recent_node || give_up "the console needs Node 20 or newer"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0

# the machine with GPIO chips takes half a minute the first time: beside all that follows
tests/gpio/build.sh >"$results/gpio-machine.log" 2>&1 &
machine=$!

say "Console"
dotnet restore SmartDistrict.sln --nologo -v q >"$results/restore.log" 2>&1 &
restore=$!
(cd cloud/console && npm ci --no-audit --no-fund --loglevel=error && npm run build) || give_up "the console does not build"
(cd tests/openid-provider && npm ci --no-audit --no-fund --loglevel=error) || give_up "the OpenID provider of the browser tests cannot be installed"
wait "$restore" || { cat "$results/restore.log"; give_up "the packages cannot be restored"; }

# the solution takes the built console along; what else is to be looked at there goes beside the compiler
say "Build"
(cd cloud/console && npm run check && npx vitest run --reporter=default --reporter=json --outputFile="$results/console.json") >"$results/console.log" 2>&1 &
console=$!
dotnet build SmartDistrict.sln -c Release --no-restore --nologo -v q || give_up "the solution does not build"

say "Console's types and tests"
wait "$console"
cat "$results/console.log"
read -r p f s < <(node -e '
  try { const r = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(r.numPassedTests, r.numFailedTests + (r.numTotalTests ? 0 : 1), r.numPendingTests + r.numTodoTests); }
  catch { console.log(0, 1, 0); }' "$results/console.json")
passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))

for project in tests/*.Tests; do
  name=$(basename "$project")
  say "$name"
  dotnet test "$project" -c Release --no-build --nologo -v q --logger "trx;LogFileName=$name.trx" --results-directory "$results"
  read -r p f s < <(node tests/counts.mjs "$results/$name.trx")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

say "SmartDistrict.Gpio.Guest"
wait "$machine" || cat "$results/gpio-machine.log"
tests/gpio/run.sh "$results/SmartDistrict.Gpio.Guest.trx"
read -r p f s < <(node tests/counts.mjs "$results/SmartDistrict.Gpio.Guest.trx")
passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))

cd "$root"
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
