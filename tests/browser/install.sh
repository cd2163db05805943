#!/usr/bin/env bash
# Chromium and Chinese fonts for the browser tests, where apt allows; else one line that says what is missing.
set -u
if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'CJK'; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
  && { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig; } >/dev/null 2>&1; then
  exit 0
fi
echo "未能安装 Chromium 或中文字体(chromium、fonts-noto-cjk):浏览器测试将跳过。" >&2
