#!/bin/sh
# Brings the npm package that package-lock.json names into node_modules, once per lockfile.
# Builds that run side by side share the folder, so they take turns on a lock.
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

  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  # The other platforms' libraries are nine tenths of the package.
  cd node_modules/com.github.asus4.onnxruntime
  rm -rf Editor Plugins/Android Plugins/Windows Plugins/macOS 'Plugins/iOS~'
  cd ../..
  cp package-lock.json "$stamp"
fi

touch "$stamp"
