"""`python -m bot "问题"`: one answer in the terminal. `doctor` checks the settings; `key NAME` makes an API key."""

import argparse
import asyncio
import json
import re
import sys

from bot import keys
from bot.answer import Answer
from bot.doctor import Doctor
from bot.errors import BotError
from bot.pipeline import Bot
from bot.settings import settings


def main() -> int:
    """Answer the question on the command line; 0 when answered or declined, 1 for an error, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="在终端里提一个问题")
    parser.add_argument(
        "question", help="问题，例如：老人食堂今年建几个？写 doctor 则检查各项设置，写 key 则发一个 API 密钥"
    )
    parser.add_argument("name", nargs="?", default="", help="密钥给谁用，例如：portal")
    parser.add_argument("--json", action="store_true", help="输出与 /api/ask 相同的 JSON")
    options = parser.parse_args()
    if options.question == "doctor":
        return _doctor()
    if options.question == "key":
        return _key(options.name)
    try:
        bot = Bot.open(settings())
        answer = asyncio.run(bot.reply(options.question))
    except BotError as problem:
        print(problem.message, file=sys.stderr)
        return 1
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if options.json else _readable(answer))
    bot.close()
    return 0


def _doctor() -> int:
    """Print every finding; 1 when one needs mending."""
    findings = []
    for finding in Doctor(settings()).examine():
        findings.append(finding)
        print(finding, flush=True)
    return int(any(finding.remedy for finding in findings))


def _key(name: str) -> int:
    """Print a new API key, and the line that lets it in; 2 when its name is missing or unusable."""
    if not re.fullmatch(r"[\w-]+", name):
        print("请写明密钥给谁用，只用字母、数字、下划线和短横，例如：python -m bot key portal", file=sys.stderr)
        return 2
    key = keys.new_key()
    print(f"密钥（只显示这一次，请交给对方）：\n  {key}")
    print(f"把这一段加进设置 BOT_API_KEYS（几个之间用逗号分开），然后重新启动：\n  {name}:{keys.digest(key)}")
    return 0


def _readable(answer: Answer) -> str:
    lines = [f"【{answer.label}】{answer.answer}"]
    for c in answer.citations:
        lines.append(f"\n[{c.mark}] {c.document}({c.year}年)· {' · '.join(c.section)}\n    {c.text}")
    lines += [f"\n名词：{t.name}——{t.explanation}" for t in answer.terms]
    lines += [f"\n相近段落：{' · '.join(r.section)}" for r in answer.related]
    lines += [f"\n{c.name}:{c.phone}" for c in answer.contacts]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
