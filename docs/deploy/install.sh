#!/usr/bin/env bash
# 安装包里的安装程序，不联网：install.sh 安装目录。要有 python3.11；换一个写 PYTHON=…
# Installs the bundle that it lies in, without any network.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
place=${1:?"用法：install.sh 安装目录，例如 install.sh /opt/wenzheng"}
python=${PYTHON:-python3.11}

"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "需要 Python 3.11" >&2; exit 1; }
echo "核对安装包…"
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) || { echo "安装包不完整，没有安装" >&2; exit 1; }

# What the office changes and what the service keeps stay where they are: only the program is put anew.
mkdir -p "$place"
tar -C "$here/app" -cf - --exclude=./corpus/documents --exclude=./corpus/lexicon --exclude=./corpus/site.yaml . |
  tar -C "$place" -xf -
for kept in documents lexicon site.yaml; do
  [ -e "$place/corpus/$kept" ] || cp -r "$here/app/corpus/$kept" "$place/corpus/"
done

echo "安装程序所需…"
rm -rf "$place/.venv"
"$python" -m venv "$place/.venv"
"$place/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" uv
VIRTUAL_ENV="$place/.venv" "$place/.venv/bin/uv" pip install --quiet --offline --no-index --find-links "$here/wheels" \
  --compile-bytecode --require-hashes -r "$here/requirements.txt"
touch "$place/.venv/.run"

# The data folder of a service belongs to its account: what is written into it as somebody else, it could not change.
if [ -e "$place/.env" ]; then
  echo "更新好了。请用服务的账号运行：cd $place && .venv/bin/python -m bot upgrade"
  exit
fi
echo "建立索引…"
(cd "$place" && .venv/bin/python -m corpus build)
echo "装好了。检查设置：cd $place && .venv/bin/python -m bot doctor；启动：cd $place && .venv/bin/python app.py"
