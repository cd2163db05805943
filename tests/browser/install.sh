#!/usr/bin/env bash
# Chromium, Chinese fonts, nginx and Redis for the tests that need them, where apt allows; else one line that says what is missing.
set -u
have() { command -v "$1" >/dev/null; }
if have chromium && have nginx && have redis-server && fc-list 2>/dev/null | grep -qi CJK; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
  && { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig nginx-light redis-server; } >/dev/null 2>&1; then
  exit 0
fi
echo "未能安装 Chromium、中文字体、nginx 或 Redis:用到它们的测试将跳过。" >&2
