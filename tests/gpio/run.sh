#!/usr/bin/env bash
# Runs the tests that want GPIO chips, in the machine that has them; they must have been built.
#   tests/gpio/run.sh [RESULTS.trx] [OPTIONS of the test runner]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=${1-}
tests=$here/../SmartDistrict.Gpio.Guest/bin/Release/net10.0/SmartDistrict.Gpio.Guest.dll
[[ -e $tests ]] || { echo "build them first: dotnet build tests/SmartDistrict.Gpio.Guest -c Release" >&2; exit 1; }
share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT
code=0
"$here/boot.sh" --timeout 400 "$share" dotnet "$(realpath "$tests")" -noColor -trx /share/results.trx "${@:2}" || code=$?
cat "$share/output" 2>/dev/null || true
[[ -s $share/exit-code ]] || { echo "the machine ended before the tests:"; tail -20 "$share/console"; }
[[ -z $results || ! -e $share/results.trx ]] || cp "$share/results.trx" "$results"
exit $code
