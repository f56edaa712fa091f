# Functions that install what Debian has and this machine lacks. Source it.

# install_packages PACKAGE:SIGN…  A sign is a command, a file or a library's soname; what has its sign is left alone.
install_packages() {
  local missing=() pair sudo=()
  for pair in "$@"; do
    is_there "${pair#*:}" || missing+=("${pair%%:*}")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || { echo "please install: ${missing[*]}" >&2; return 1; }
  ((EUID == 0)) || sudo=(sudo)
  echo "Installing ${missing[*]} …"
  local log
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    rm -f "$log"
    echo "please install by hand: ${missing[*]}" >&2
    return 1
  fi
  rm -f "$log"
  # Debian starts what it installs; a broker that nobody asked for shall not be left running.
  if [[ " ${missing[*]} " == *" mosquitto "* && -d /run/systemd/system ]]; then
    "${sudo[@]}" systemctl disable --quiet --now mosquitto
  fi
}

is_there() {
  case $1 in
    /*) [[ -e $1 ]] ;;
    *.so.*) /sbin/ldconfig -p 2>/dev/null | grep -q "$1" || compgen -G "/usr/lib/*/$1" >/dev/null ;;
    *) command -v "$1" >/dev/null || [[ -x /usr/sbin/$1 ]] ;;
  esac
}

# The console's build wants Node 20; Debian 12 has 18, so there a newer one comes from npm, into the user's cache.
# A newer npm with it: Debian's own finds its modules with Debian's node only.
use_recent_node() {
  local major folder=${XDG_CACHE_HOME:-$HOME/.cache}/smartdistrict/node
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  ((major < 20)) || return 0
  if [[ ! -x $folder/node_modules/.bin/node || ! -x $folder/node_modules/.bin/npm ]]; then
    echo "Installing Node 22 for the build …"
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-fund --no-audit --loglevel=error node@22 npm@11 >/dev/null ||
      { echo "please install Node 20 or newer" >&2; return 1; }
  fi
  PATH=$folder/node_modules/.bin:$PATH
}
