#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, once: what is there is left as it is. Keep secrets-keys apart from
# backups of the database, and never lose it.
set -eu
umask 077
folder=$(dirname "$0")/secrets
# nobody else can get into the folder; within a container each file is read by whichever user needs it
mkdir -p "$folder"
chmod 0700 "$folder"
cd "$folder"

lacks() {
  ! [ -s "$1" ]
}

if lacks mongo-keyfile; then openssl rand -base64 756 > mongo-keyfile; fi
if lacks mongo-root-password; then openssl rand -hex 24 > mongo-root-password; fi
if lacks mongo-password; then openssl rand -hex 24 > mongo-password; fi
if lacks mongodb-uri; then
  printf 'mongodb://cml-fleet:%s@mongo:27017/cml-fleet?replicaSet=rs0\n' "$(cat mongo-password)" > mongodb-uri
fi
if lacks secrets-keys; then printf 'k1:%s\n' "$(openssl rand -base64 32)" > secrets-keys; fi
if lacks bootstrap-admin-key; then openssl rand -hex 24 > bootstrap-admin-key; fi
chmod 0444 ./*
echo "secrets are in $folder"
