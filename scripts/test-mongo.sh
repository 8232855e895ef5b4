#!/usr/bin/env bash
# A database for the tests where neither a mongod nor Docker can be had: FerretDB 2, which speaks MongoDB's wire
# protocol, over PostgreSQL 18 with the DocumentDB extension, both on loopback. Needs root, apt and Go on Debian.
#
#   scripts/test-mongo.sh up    install what is missing (about a minute the first time), start, print the URI
#   scripts/test-mongo.sh kill  kill -9 the database as a power cut would; `up` recovers it
#   scripts/test-mongo.sh down  stop
#
# An optional second argument is the folder to live in; PG_PORT and MONGO_PORT choose the ports.
set -euo pipefail

home=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/cml-fleet/mongo}
pg_port=${PG_PORT:-55432}
mongo_port=${MONGO_PORT:-27117}
jail=$home/root
pg_bin=/usr/lib/postgresql/18/bin
pg_user=990
ferretdb_version=v2.7.0

fail() { echo "test-mongo: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || fail "needs $1"; }
in_jail() { chroot --userspec="$pg_user:$pg_user" "$jail" "$@"; }
sql() { in_jail "$pg_bin/psql" -h 127.0.0.1 -p "$pg_port" -U postgres -qAtc "$1"; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# eventually SECONDS COMMAND...
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < until)) || return 1
    sleep 0.2
  done
}

# PostgreSQL comes from a newer Debian than this one may be, so it gets a root folder of its own. The packages are only
# unpacked: no maintainer script runs, and what those would have set up is made by hand.
install_postgres() {
  [[ -e $home/installed ]] && return
  if ! command -v mmdebstrap >/dev/null; then
    need apt-get
    apt-get update -qq
    apt-get install -y -qq mmdebstrap >/dev/null
  fi
  rm -rf "$jail"
  # a mirror that is a copy may carry an expired Release file
  mmdebstrap --quiet --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=base-files,dash,libc-bin,postgresql-18-documentdb,postgresql-18-postgis-3 forky "$jail"

  echo "root:x:0:0::/root:/bin/sh" >"$jail/etc/passwd"
  echo "postgres:x:$pg_user:$pg_user::/data:/bin/sh" >>"$jail/etc/passwd"
  printf '%s\n' root:x:0: "postgres:x:$pg_user:" >"$jail/etc/group"
  echo "127.0.0.1 localhost" >"$jail/etc/hosts" # the extension connects to its own server by this name
  install -d -m 1777 "$jail/dev/shm" "$jail/tmp"
  install -d -o "$pg_user" -g "$pg_user" "$jail/data"
  chroot "$jail" /sbin/ldconfig
  ln -sf postgis-3.control "$jail/usr/share/postgresql/18/extension/postgis.control"

  in_jail "$pg_bin/initdb" -D /data -U postgres --auth=trust --locale=C.UTF-8 --encoding=UTF8 >/dev/null
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = '/tmp'"
    echo "dynamic_shared_memory_type = mmap" # the root folder has no /dev/shm that POSIX shared memory could use
    echo "max_connections = 200"
    echo "shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'"
    echo "cron.database_name = 'postgres'"
  } >>"$jail/data/postgresql.conf"
  touch "$home/installed"
}

install_ferretdb() {
  [[ -x $home/ferretdb ]] && return
  need go
  GOBIN=$home GOFLAGS=-mod=mod go install "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$ferretdb_version"
}

# Right after a kill -9 orphaned backends still hold the shared memory, and a start fails until they are gone.
start_postgres() {
  rm -f "$jail/data/postmaster.pid"
  setsid chroot --userspec="$pg_user:$pg_user" "$jail" "$pg_bin/postgres" -D /data -p "$pg_port" \
    >>"$home/postgres.log" 2>&1 </dev/null 9>&- &
  local pid=$!
  for _ in $(seq 300); do
    sql 'select 1' && return
    kill -0 "$pid" || return 1
    sleep 0.1
  done
  return 1
}

start_ferretdb() {
  setsid "$home/ferretdb" --listen-addr="127.0.0.1:$mongo_port" --no-auth \
    --postgresql-url="postgres://postgres@127.0.0.1:$pg_port/postgres?pool_max_conns=100" \
    --state-dir="$home" --debug-addr=- --telemetry=disable --log-level=warn \
    >"$home/ferretdb.log" 2>&1 </dev/null 9>&- &
  echo $! >"$home/ferretdb.pid"
  eventually 30 answers "$mongo_port" || fail "FerretDB does not start, see $home/ferretdb.log"
}

up() {
  mkdir -p "$home"
  exec 9>"$home/lock" # of two callers at once the second finds it standing; servers must not inherit it (9>&-)
  flock 9
  install_postgres
  install_ferretdb
  answers "$pg_port" || eventually 30 start_postgres || fail "PostgreSQL does not start, see $home/postgres.log"
  sql 'set client_min_messages = warning; create extension if not exists documentdb cascade'
  answers "$mongo_port" || start_ferretdb
  echo "mongodb://127.0.0.1:$mongo_port/?directConnection=true&retryWrites=false"
}

down() {
  local pid
  pid=$(cat "$home/ferretdb.pid")
  # the number may have gone to another process since
  if [[ $(readlink "/proc/$pid/exe") == "$home/ferretdb" ]]; then kill "$pid"; fi
  in_jail "$pg_bin/pg_ctl" -D /data -m fast stop >/dev/null
}

((EUID == 0)) || fail "needs root"
case ${1:-} in
  up) up ;;
  kill) kill -9 "$(head -1 "$jail/data/postmaster.pid")" ;;
  down) down ;;
  *) fail "up, kill or down?" ;;
esac
