#!/usr/bin/env bash
# The demo: a broker, the cloud on its embedded store, one gateway and a simulated district on this machine.
# Installs what it lacks, builds, runs until Ctrl-C and leaves nothing running. `--help` names the options.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

usage() {
  cat <<'TEXT'
bash deploy/demo.sh [options]
  --seconds N         stop after N seconds (default: at Ctrl-C)
  --port P            port of the console (default 8080 or, if that is in use, a free one)
  --speed X           the day's ebb and flow passes X times faster: with 24 a day's rhythm passes within an hour;
                      events keep the true time. With --replay, X times as many people come
  --influx URL --database NAME
                      sync to a real InfluxDB and read from it instead of the embedded store
  --replay melbourne  the real hourly counts of 39 street sensors
  --data DIR          folder of these counts (default ../shared/data/melbourne)
  --faults LIST       what goes wrong on the way: none, usual (the default), harsh (broken payloads too)
  --summary FILE      figures of the run as JSON, at the end
TEXT
}
fail() { echo "demo: $*" >&2; exit "${code:-1}"; }

# Wrong options shall not wait for the build.
options=("$@")
while (($#)); do
  case $1 in
    --help | -h) usage; exit ;;
    --seconds | --port | --speed | --seed | --influx | --database | --replay | --data | --faults | --summary)
      (($# > 1)) || code=2 fail "option $1 lacks its value"
      case $1 in
        --port) port=$2 ;;
        --seconds) [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || code=2 fail "--seconds is '$2': give a whole number from 1" ;;
        --speed) [[ $2 =~ ^[0-9]+(\.[0-9]+)?$ ]] || code=2 fail "--speed is '$2': give a number, 1 or more as a rule" ;;
        --replay) [[ $2 == melbourne ]] || code=2 fail "--replay is '$2': there is melbourne" ;;
        --influx) influx=$2 ;;
        --database) database=$2 ;;
      esac
      shift 2 ;;
    *) usage >&2; code=2 fail "unknown option '$1'" ;;
  esac
done
[[ ${influx:+x} == "${database:+x}" ]] || code=2 fail "--influx and --database belong together: give --influx http://HOST:8086 --database NAME"
if [[ -n ${port-} ]]; then
  [[ $port =~ ^[0-9]{1,5}$ ]] && ((port > 0 && port < 65536)) || code=2 fail "--port is '$port': give a number from 1 to 65535"
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "port $port is in use: end what listens there, or give another with --port"
fi

# The culture is of no matter here, and a minimal system has no ICU.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: see https://learn.microsoft.com/dotnet/core/install/linux-debian"
grep -q '^10\.' <<<"$(dotnet --list-sdks)" || fail "the .NET 10 SDK is missing (there is $(dotnet --list-sdks | cut -d' ' -f1 | tail -1)): see https://learn.microsoft.com/dotnet/core/install/linux-debian"

source deploy/install.sh
install_packages mosquitto:mosquitto libsqlite3-0:libsqlite3.so.0 tzdata:/usr/share/zoneinfo/Asia/Shanghai nodejs:node npm:npm
use_recent_node

export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
echo "Building …"
log=$(mktemp) child=
trap 'rm -f "$log"; [[ -z $child ]] || kill -- "-$child" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# In the background and in a process group of its own, so that a signal is heeded at once and ends all of it.
quietly() {
  setsid "$@" >"$log" 2>&1 &
  child=$!
  wait "$child" || { child=; tail -20 "$log" >&2; fail "this failed: $*"; }
  child=
}
cd cloud/console
[[ node_modules/.package-lock.json -nt package-lock.json ]] || quietly npm ci --no-fund --no-audit
[[ -f dist/index.html && -z $(find src public index.html openapi.json package-lock.json vite.config.ts -newer dist/index.html) ]] || quietly npm run build
cd ../..
for project in cloud/SmartDistrict.Cloud edge/SmartDistrict.Edge tests/SmartDistrict.Testing; do
  quietly dotnet build -c Release -v quiet -p:UseSharedCompilation=false "$project"
done
rm -f "$log"

exec dotnet tests/SmartDistrict.Testing/bin/Release/net10.0/SmartDistrict.Testing.dll demo "${options[@]}"
