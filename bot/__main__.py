"""`python -m bot "问题"`: one answer in the terminal. `doctor` checks the settings, `key NAME` makes an API key,
`records purge|verify|export SESSION|delete SESSION` looks after what is kept, `users add NAME ROLE|disable NAME|
reset NAME|unlock NAME` after who may use the desk and the office, `demo` fills an empty database with marked records.
"""

import argparse
import asyncio
import getpass
import json
import re
import sys
from collections.abc import Callable
from contextlib import closing

from pydantic import ValidationError

from bot import keys
from bot.answer import Answer
from bot.demo import Demo
from bot.doctor import Doctor
from bot.errors import AccountUnusable, BotError
from bot.pipeline import Bot
from bot.records import audit, turns, users
from bot.records.database import Database
from bot.settable import told
from bot.settings import Settings, settings

UNUSABLE = "记录的数据库用不了，请检查 BOT_DATABASE_URL 和磁盘"
FAULTS = {
    "missing": "操作记录缺少第 {first} 到第 {last} 条，共 {count} 条，没有清理它们的记录",
    "changed": "操作记录从第 {first} 条起被改动过",
    "unnoted": "没有最新一条操作记录的存底（{file}），末尾有没有缺少无法核对；下一次操作后会重新存底",
    "unreadable": "最新一条操作记录的存底（{file}）读不了，末尾有没有缺少无法核对；查明原因后删去它，会重新存底",
}


def main() -> int:
    """Answer the question on the command line; 0 when answered or declined, 1 for an error, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="在终端里提一个问题")
    parser.add_argument(
        "question",
        help="问题，例如：老人食堂今年建几个？也可以是 doctor（检查设置）、key（发密钥）、records、users、demo",
    )
    parser.add_argument(
        "more",
        nargs="*",
        help="key 后面写密钥给谁用；records 后面写 purge、verify、export 或 delete；"
        "users 后面写 add、disable、reset 或 unlock",
    )
    parser.add_argument("--json", action="store_true", help="输出与 /api/ask 相同的 JSON")
    options = parser.parse_args()
    commands: dict[str, Callable[..., int]] = {
        "doctor": _doctor,
        "key": _key,
        "records": _records,
        "users": _users,
        "demo": _demo,
    }
    try:
        if options.question in commands:
            return commands[options.question](*options.more[:3])
        bot = Bot.open(settings())
        answer = asyncio.run(bot.reply(options.question))
    except BotError as problem:
        print(problem.message, file=sys.stderr)
        return 1
    except ValidationError as wrong:
        print(told(wrong), file=sys.stderr)
        return 1
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if options.json else _readable(answer))
    bot.close()
    return 0


def _doctor(*_: str) -> int:
    """Print every finding; 1 when one needs mending."""
    findings = []
    for finding in Doctor(settings()).examine():
        findings.append(finding)
        print(finding, flush=True)
    return int(any(finding.remedy for finding in findings))


def _key(name: str = "", *_: str) -> int:
    """Print a new API key, and the line that lets it in; 2 when its name is missing or unusable."""
    if not re.fullmatch(r"[\w-]+", name):
        print("请写明密钥给谁用，只用字母、数字、下划线和短横，例如：python -m bot key portal", file=sys.stderr)
        return 2
    key = keys.new_key()
    print(f"密钥（只显示这一次，请交给对方）：\n  {key}")
    print(f"把这一段加进设置 BOT_API_KEYS（几个之间用逗号分开），然后重新启动：\n  {name}:{keys.digest(key)}")
    return 0


def _records(act: str = "", session: str = "", *_: str) -> int:
    """Purge, verify, export or delete; 1 when the audit is broken, 2 for wrong use. Raises NotKept."""
    chosen = settings()
    with closing(_database(chosen)) as database:
        if act == "purge":
            gone = turns.purge(database, chosen.retention_days, chosen.retention_audit_days, "command")
            print("已删除：" + "，".join(f"{table} {count} 行" for table, count in gone.items()))
        elif act == "verify":
            return _verify(database)
        elif act == "export" and session:
            print(json.dumps(turns.of_session(database, session), ensure_ascii=False, indent=2))
        elif act == "delete" and session:
            print(f"已删除 {turns.delete_session(database, session)} 条")
        else:
            print("用法：python -m bot records purge | verify | export 会话号 | delete 会话号", file=sys.stderr)
            return 2
    return 0


def _verify(database: Database) -> int:
    """Print what is wrong with the audit; 1 when anything is. Raises NotKept."""
    faults = audit.examine(database)
    file = database.anchor.path if database.anchor else ""
    for fault in faults:
        count = fault.last - fault.first + 1
        print(FAULTS[fault.kind].format(first=fault.first, last=fault.last, count=count, file=file))
    if not faults:
        print("操作记录完整")
    return int(bool(faults))


def _demo(*_: str) -> int:
    """Fill the database with demonstration records and print its accounts. Raises Conflict when it holds others."""
    chosen = settings()
    with closing(_database(chosen)) as database, closing(Bot.open(chosen)) as bot:
        accounts = Demo(bot, database).fill()
    print("演示账号（密码每次重新生成）：")
    for name, password in accounts.items():
        print(f"  {name}  {password}")
    return 0


def _users(act: str = "", name: str = "", role: str = "") -> int:
    """Change an account; without an act, list them. 2 for wrong use. Raises as bot.records.users."""
    with closing(_database(settings())) as database:
        if act == "add" and name and role:
            users.add(database, name, role, _password(), "command")
        elif act == "disable" and name:
            users.disable(database, name, "command")
        elif act == "reset" and name:
            users.reset(database, name, _password(), "command")
        elif act == "unlock" and name:
            users.unlock(database, name, "command")
        elif act:
            print("用法：python -m bot users add 名字 角色 | disable 名字 | reset 名字 | unlock 名字", file=sys.stderr)
            return 2
        for one in users.every(database):
            print(f"{one['name']}  {one['role']}{'  已停用' if one['disabled'] else ''}")
    return 0


def _database(chosen: Settings) -> Database:
    return Database(chosen.records_url, UNUSABLE, chosen.data_dir)


def _password() -> str:
    """A password typed twice without an echo, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输一次："):
        raise AccountUnusable("两次输入的密码不一样")
    return first


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
