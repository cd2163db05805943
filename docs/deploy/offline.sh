#!/usr/bin/env bash
# What make offline runs: installs the newest bundle with the network cut, asks one question, and tells the seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
bundle=$(ls -t dist/*.tar | head -1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export bundle work HOME=$work UV_CACHE_DIR=$work/cache PYTHON=${PYTHON:-python3.11}
unset "${!PIP_@}"
begun=$(date +%s)
unshare --net --map-root-user bash -euc '
  ! (exec 3<>/dev/tcp/127.0.0.1/80) 2>/dev/null
  tar -C "$work" -xf "$bundle"
  "$work"/wenzheng-youju-*/install.sh "$work/place"
  cd "$work/place" && .venv/bin/python -m bot 老人食堂今年建几个 && .venv/bin/python -m bot doctor'
echo "断网安装并答出一个问题用了 $(($(date +%s) - begun)) 秒"
