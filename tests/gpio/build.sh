#!/usr/bin/env bash
# Makes the machine that the GPIO tests boot, once, and prints the folder that holds it: vmlinux and initrd.gz.
#   tests/gpio/build.sh
# From Debian's own packages, without root: the stock kernel, and the kernel's simulated GPIO chips (gpio-sim), which
# Debian does not ship, built as a module from Debian's kernel source. The folder is in the user's cache, and named by
# what it was made of, so another kernel or another init makes another machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fail() { echo "tests/gpio/build.sh: $*" >&2; exit 1; }
lap() { echo "[gpio machine ${SECONDS} s] $*" >&2; }

[[ $(uname -m) == x86_64 ]] || fail "only x86-64 hosts are supported; this is $(uname -m)"
image=$(apt-cache depends linux-image-amd64 2>/dev/null | awk '$1 == "Depends:" { print $2; exit }' || true)
if [[ -z $image ]]; then
  # a machine that never asked for its package lists
  sudo=(); ((EUID == 0)) || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq >&2 || fail "apt-get update fails, so Debian's kernel cannot be found"
  image=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }')
fi
[[ -n $image ]] || fail "this distribution has no package linux-image-amd64: use Debian 12"

kernel=${image#linux-image-}               # 6.1.0-42-amd64
series=$(cut -d. -f1,2 <<<"$kernel")       # 6.1
made_of=$(cat "$here/build.sh" "$here/guest/init" | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/smartdistrict/gpio
machine=$cache/$kernel-$made_of
if [[ -e $machine/initrd.gz ]]; then
  echo "$machine"
  exit
fi

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9                                     # two test runs at once build once
if [[ -e $machine/initrd.gz ]]; then
  echo "$machine"
  exit
fi
work=$(mktemp -d "$cache/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

mkdir packages root module initrd
(cd packages && apt-get download -q "$image" "linux-headers-$kernel" "linux-headers-${kernel%-amd64}-common" \
  "linux-kbuild-$series" "linux-source-$series" busybox-static >"$work/download.log" 2>&1) || { cat download.log >&2; fail "the kernel's packages cannot be downloaded"; }
lap "packages: $(du -sh packages | cut -f1)"

# The source's archive is long, and only three files of it are wanted: unpacked beside the rest.
source=drivers/gpio/gpio-sim.c\ drivers/gpio/gpiolib.h\ kernel/irq/irq_sim.c
(dpkg-deb --fsys-tarfile packages/linux-source-*.deb | tar -xO "./usr/src/linux-source-$series.tar.xz" |
  tar -xJ -C module --strip-components=1 $(printf "linux-source-$series/%s " $source)) &
unpacking=$!
for package in packages/{linux-image,linux-headers,linux-kbuild,busybox}*.deb; do dpkg-deb -x "$package" root; done
headers=root/usr/src/linux-headers-$kernel
sed -i "s#^include /usr/src/#include $work/root/usr/src/#" "$headers/Makefile"
wait $unpacking || fail "Debian's kernel source lacks one of: $source"
lap "unpacked"

# irq_sim, which gpio-sim stands on, is not written to be a module: it lacks a licence, and uses a function that is not exported.
cat >module/irq_sim_as_module.h <<'C'
#include <linux/module.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#define irq_to_desc(number) irq_data_to_desc(irq_get_irq_data(number))
MODULE_LICENSE("GPL");
C
for file in $source; do mv "module/$file" module/; done
cat >module/Kbuild <<'K'
obj-m := irq_sim.o gpio-sim.o
CFLAGS_irq_sim.o := -include $(src)/irq_sim_as_module.h
K
make -s -C "$headers" M="$work/module" modules -j"$(nproc)" >make.log 2>&1 || { tail -20 make.log >&2; fail "gpio-sim does not build against $kernel"; }
lap "gpio-sim built"

# The bzImage holds an ELF, xz-packed; QEMU starts that by PVH and so spares the guest the unpacking (linux Documentation/x86/boot: 1f1, 248, 24c).
zipped=root/boot/vmlinuz-$kernel
number() { od -An -tu"$2" -j "$1" -N "$2" "$zipped" | tr -d ' '; }
mkdir machine
from=$((($(number $((0x1f1)) 1) + 1) * 512 + $(number $((0x248)) 4))) length=$(number $((0x24c)) 4)
head -c $((from + length)) "$zipped" | tail -c "$length" |
  xz -dc --single-stream >machine/vmlinux || fail "the payload of $zipped is not packed with xz"

# The first file system: busybox, init, and the modules that it needs, with all that those need.
busybox=$work/root/bin/busybox
modules=lib/modules/$kernel
mkdir -p "root/$modules/extra" "initrd/$modules" initrd/{bin,proc,sys,dev,host,above,root}
cp module/{irq_sim,gpio-sim}.ko "root/$modules/extra/"
"$busybox" depmod -b "$work/root" "$kernel"
wanted="virtio_pci virtio_blk virtio_net 9p 9pnet_virtio overlay ext4 crc32c_generic gpio-sim"
awk -v wanted="$wanted" '
  function name(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
  function take(path,  i, n, list) { if (path in taken) return; taken[path] = 1; print path; n = split(needs[path], list, " "); for (i = 1; i <= n; i++) take(list[i]) }
  { sub(/:/, "", $1); path[name($1)] = $1; needs[$1] = substr($0, length($1) + 2) }
  END { n = split(wanted, list, " "); for (i = 1; i <= n; i++) { gsub(/-/, "_", list[i]); if (list[i] in path) take(path[list[i]]); else print "no module " list[i] > "/dev/stderr" } }
' "root/$modules/modules.dep" | while read -r file; do
  mkdir -p "initrd/$modules/${file%/*}"
  objcopy --strip-debug "root/$modules/$file" "initrd/$modules/$file"
done
"$busybox" depmod -b "$work/initrd" "$kernel"
echo "$wanted" >initrd/modules
cp "$busybox" initrd/bin/
install -m 755 "$here/guest/init" initrd/init
(cd initrd && find . | "$busybox" cpio -o -H newc 2>/dev/null | gzip -1) >machine/initrd.gz

mv machine "$machine"
# older machines are not needed any more
find "$cache" -mindepth 1 -maxdepth 1 -type d ! -path "$machine" ! -path "$work" -mtime +7 -exec rm -rf {} +
lap "made: $(du -sh "$machine" | cut -f1)"
echo "$machine"
