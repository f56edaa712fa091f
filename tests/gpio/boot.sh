#!/usr/bin/env bash
# Boots the test machine and runs one command in it, as root.
#   tests/gpio/boot.sh [--disk IMAGE] [--timeout SECONDS] SHARE COMMAND [ARGUMENT…]
# See README.md beside this file.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
disk= seconds=300
while [[ ${1-} == --* ]]; do
  case $1 in
    --disk) disk=$2 ;;
    --timeout) seconds=$2 ;;
    *) echo "boot.sh: unknown option $1" >&2; exit 64 ;;
  esac
  shift 2
done
(($# >= 2)) || { sed -n '2,4s/^# //p' "$0" >&2; exit 64; }
mkdir -p "$1"
share=$(cd "$1" && pwd)
shift
machine=$("$here/build.sh")
rm -f "$share"/{exit-code,output,console,qemu.pid}
{
  # what the command must find as it is here; the rest of the environment stays outside
  printf 'export PATH=%q HOME=/dev/shm TMPDIR=/dev/shm TERM=dumb LANG=C.UTF-8\n' "$PATH"
  printf 'export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_EnableDiagnostics=0 DOTNET_ROOT=%q\n' "${DOTNET_ROOT-$(dirname "$(readlink -f "$(command -v dotnet || echo /usr/bin/dotnet)")")}"
  printf 'cd %q\n' "$PWD"
  printf '%q ' exec "$@"
} >"$share/command"

drive=()
if [[ -n $disk ]]; then
  if [[ ! -e $disk ]]; then
    truncate -s 512M "$disk"
    PATH=$PATH:/usr/sbin mkfs.ext4 -q -F "$disk"
  fi
  drive=(-drive "file=$disk,format=raw,if=none,id=disk,cache=writeback" -device virtio-blk-pci,drive=disk)
fi

# Emulated (TCG): it runs wherever the tests run. One processor: with two the simulated chip itself merges edges under load.
# Its time is the HPET's, whose frequency stands in a register: a kernel that is held up while it measures the TSC or the
# APIC's timer may run 25 times too fast or too slow from then on, and one that misses the ticks of its timer check panics.
qemu-system-x86_64 -accel tcg -cpu Nehalem -M q35 -smp 1 -m 1024 -nodefaults -display none -no-reboot -serial "file:$share/console" \
  -kernel "$machine/vmlinux" -initrd "$machine/initrd.gz" \
  -append "console=ttyS0 quiet panic=-1 clocksource=hpet tsc=unstable noapictimer no_timer_check mitigations=off random.trust_cpu=on cryptomgr.notests" \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -fsdev "local,id=share,path=$share,security_model=none,multidevs=remap" -device virtio-9p-pci,fsdev=share,mount_tag=share \
  -netdev user,id=net -device virtio-net-pci,netdev=net,romfile= "${drive[@]}" </dev/null &
machine_pid=$!
trap 'kill -9 $machine_pid 2>/dev/null; exit 143' INT TERM
echo $machine_pid >"$share/qemu.pid"
{
  timeout "$seconds" tail --pid=$machine_pid -f /dev/null || kill -9 $machine_pid
} 2>/dev/null &
started=$SECONDS
wait $machine_pid 2>/dev/null || true
((SECONDS - started < seconds)) || echo "boot.sh: the machine was switched off after $seconds s; its last words: $(tail -1 "$share/console")" >&2
[[ -s $share/exit-code ]] || exit 75
exit "$(<"$share/exit-code")"
