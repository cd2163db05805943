#!/usr/bin/env bash
# What make bundle runs: dist/wenzheng-youju-VERSION.tar, which installs without any network (install.sh in it).
# Usage: bundle.sh PYTHON UV UV_VERSION
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1 uv=$2 uv_version=$3
sbom="cyclonedx-bom>=7,<8"
machines="x86_64 aarch64"
version=$("$python" -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
name=wenzheng-youju-$version
[ -z "$(git status --porcelain)" ] || { echo "有没有提交的改动，请先提交：安装包里只有提交了的文件" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$work/$name
mkdir -p "$top/wheels" dist
git archive HEAD | tar -x -C "$top" --one-top-level=app

for machine in $machines; do
  echo "取 $machine 的安装包…"
  platforms=$(for glibc in 2014 _2_17 _2_24 _2_26 _2_27 _2_28; do echo "--platform manylinux${glibc}_$machine"; done)
  target="--no-deps --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none $platforms"
  # shellcheck disable=SC2086
  "$python" -m pip download --quiet $target --require-hashes -r requirements.lock -d "$work/$machine"
  # shellcheck disable=SC2086
  "$python" -m pip download --quiet $target --only-binary=:all: "uv==$uv_version" -d "$work/$machine"
  mv -n "$work/$machine"/*.whl "$top/wheels/"
done

# What has no wheel is built here: all of it is Python alone, one wheel for every machine.
for source in "$work/x86_64"/*.tar.gz; do
  "$python" -m pip wheel --quiet --no-deps "$source" -w "$work/built"
done
[ -z "$(find "$work/built" -name '*.whl' ! -name '*-none-any.whl')" ] || { echo "有的包要在每种机器上分别编译" >&2; exit 1; }
mv "$work/built"/*.whl "$top/wheels/"

# A line a package, with the digests of the wheels that are here.
(cd "$top/wheels" && sha256sum -- *.whl) | sort -k2 | awk '
  { split($2, part, "-"); line = part[1] "==" part[2]; digests[line] = digests[line] " --hash=sha256:" $1 }
  END { for (line in digests) print line digests[line] }' | sort > "$top/requirements.txt"

grep -v '^uv==' "$top/requirements.txt" > "$work/components.txt"
"$uv" tool run --quiet --from "$sbom" cyclonedx-py requirements --pyproject pyproject.toml --mc-type application \
  --of JSON -o "$top/sbom.cdx.json" "$work/components.txt" 2>/dev/null
install -m 755 docs/deploy/install.sh "$top/install.sh"
(cd "$top" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)

tar -C "$work" -cf "dist/$name.tar" "$name"
(cd dist && sha256sum "$name.tar" > "$name.tar.sha256")
echo "做好了：dist/$name.tar（$(du -h "dist/$name.tar" | cut -f1)），校验值在 dist/$name.tar.sha256"
