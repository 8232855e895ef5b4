#!/usr/bin/env bash
# A database for the tests where neither a mongod nor Docker can be had: FerretDB 2, which speaks MongoDB's wire
# protocol, over PostgreSQL 18 with the DocumentDB extension, both on loopback. Needs root, apt and Go on Debian.
#
#   scripts/test-mongo.sh up             install what is missing (about a minute the first time), start, print the URI
#   scripts/test-mongo.sh kill           kill -9 the database as a power cut would; `up` recovers it
#   scripts/test-mongo.sh kill-ferretdb  kill -9 what speaks the wire protocol before it; `up` starts it again
#   scripts/test-mongo.sh down           stop
#   scripts/test-mongo.sh remove         stop, and delete the data
#
# An optional second argument is the folder to live in; PG_PORT and MONGO_PORT choose the ports. INSTANCE=<name> means
# another database of the same installation, with data of its own, and wants ports of its own. Such an instance belongs
# to the process that called `up` first: once that is gone, the next `up` of an instance removes it.
set -euo pipefail

home=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/cml-fleet/mongo}
instance=${INSTANCE:-}
pg_port=${PG_PORT:-55432}
mongo_port=${MONGO_PORT:-27117}
jail=$home/root
data=/data${instance:+-$instance} # as seen in the jail
run=$home${instance:+/instances/$instance} # pids and logs
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
  chroot "$jail" /sbin/ldconfig
  ln -sf postgis-3.control "$jail/usr/share/postgresql/18/extension/postgis.control"
  touch "$home/installed"
}

install_ferretdb() {
  [[ -x $home/ferretdb ]] && return
  need go
  GOBIN=$home GOFLAGS=-mod=mod go install "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$ferretdb_version"
}

# A folder that no server ever ran on is made anew: whoever made it may have been interrupted.
make_data() {
  [[ -e $jail$data/postmaster.opts ]] && return
  rm -rf "${jail:?}$data"
  install -d -o "$pg_user" -g "$pg_user" "$jail$data"
  in_jail "$pg_bin/initdb" -D "$data" -U postgres --auth=trust --locale=C.UTF-8 --encoding=UTF8 --no-sync >/dev/null
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "unix_socket_directories = '/tmp'"
    echo "dynamic_shared_memory_type = mmap" # the root folder has no /dev/shm that POSIX shared memory could use
    echo "max_connections = 200"
    echo "shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'"
    echo "cron.database_name = 'postgres'"
  } >>"$jail$data/postgresql.conf"
}

# Pids of this instance's servers; nothing where they do not run. A number on file may be another process by now, so
# the server must be the one that works on our folder.
postgres_pid() {
  local pid
  pid=$(head -1 "$jail$data/postmaster.pid" 2>/dev/null) || return 0
  if [[ $(readlink "/proc/$pid/cwd") == "$jail$data" ]]; then echo "$pid"; fi
}
ferretdb_pid() {
  local pid
  pid=$(cat "$run/ferretdb.pid" 2>/dev/null) || return 0
  if grep -qzxF -- "--state-dir=$run" "/proc/$pid/cmdline" 2>/dev/null; then echo "$pid"; fi
}

# Right after a kill -9 orphaned backends may still hold the shared memory, and a start fails until they are gone.
start_postgres() {
  rm -f "$jail$data/postmaster.pid"
  setsid chroot --userspec="$pg_user:$pg_user" "$jail" "$pg_bin/postgres" -D "$data" -p "$pg_port" \
    >>"$run/postgres.log" 2>&1 </dev/null 9>&- &
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
    --state-dir="$run" --debug-addr=- --telemetry=disable --log-level=warn \
    >"$run/ferretdb.log" 2>&1 </dev/null 9>&- &
  echo $! >"$run/ferretdb.pid"
  eventually 30 answers "$mongo_port" || fail "FerretDB does not start, see $run/ferretdb.log"
}

remove_orphans() {
  local owner name
  for owner in "$home"/instances/*/owner; do
    [[ -e $owner ]] || continue
    name=$(basename "$(dirname "$owner")")
    kill -0 "$(cat "$owner")" 2>/dev/null || INSTANCE=$name "$0" remove "$home"
  done
}

up() {
  mkdir -p "$run"
  exec 9>"$home/lock" # of two callers at once the second finds it standing; servers must not inherit it (9>&-)
  flock 9
  install_postgres
  install_ferretdb
  if [[ $instance ]]; then
    [[ -e $run/owner ]] || echo $PPID >"$run/owner"
    remove_orphans 9>&-
    exec 9>"$run/lock"
    flock 9
  fi
  make_data
  answers "$pg_port" || eventually 30 start_postgres || fail "PostgreSQL does not start, see $run/postgres.log"
  sql 'set client_min_messages = warning; create extension if not exists documentdb cascade'
  answers "$mongo_port" || start_ferretdb
  echo "mongodb://127.0.0.1:$mongo_port/?directConnection=true&retryWrites=false"
}

# All processes at once, so that none has time to finish what it was about.
power_cut() {
  local pid
  pid=$(postgres_pid)
  [[ $pid ]] || fail "PostgreSQL does not run"
  # shellcheck disable=SC2046 # a list of numbers
  kill -9 "$pid" $(cat "/proc/$pid/task/$pid/children") 2>/dev/null || true # a child may have ended just now
}

kill_ferretdb() {
  local pid
  pid=$(ferretdb_pid)
  [[ $pid ]] || fail "FerretDB does not run"
  kill -9 "$pid"
}

down() {
  local pid
  pid=$(ferretdb_pid)
  if [[ $pid ]]; then kill "$pid"; fi
  if [[ $(postgres_pid) ]]; then in_jail "$pg_bin/pg_ctl" -D "$data" -m fast stop >/dev/null; fi
}

remove() {
  down
  rm -rf "${jail:?}$data"
  if [[ $instance ]]; then rm -rf "$run"; fi
}

((EUID == 0)) || fail "needs root"
[[ $instance =~ ^[a-z0-9-]*$ ]] || fail "INSTANCE may have small letters, digits and -"
case ${1:-} in
  up) up ;;
  kill) power_cut ;;
  kill-ferretdb) kill_ferretdb ;;
  down) down ;;
  remove) remove ;;
  *) fail "up, kill, kill-ferretdb, down or remove?" ;;
esac
