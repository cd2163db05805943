"""The command line: `python -m bot --help` lists the commands; anything else is a question."""

import asyncio
import getpass
import json
import re
import sys
from collections.abc import Sequence
from contextlib import closing

import click
from pydantic import ValidationError

from bot.answer import Answer
from bot.answering.aigc import labelled
from bot.errors import AccountUnusable, BotError
from bot.pipeline import Bot
from bot.records import audit, turns
from bot.records.accounts import users
from bot.records.database import Database
from bot.running import configuration, keys
from bot.running.demo import Demo
from bot.running.doctor import Doctor
from bot.running.keeping import COMMANDS, database_of
from bot.settable import error_lines
from bot.settings import Settings, settings
from bot.site import Site

FAULTS = {
    "missing": "操作记录缺少第 {first} 到第 {last} 条，共 {count} 条，没有清理它们的记录",
    "changed": "操作记录从第 {first} 条起被改动过",
    "unnoted": "没有最新一条操作记录的存底（{file}），末尾有没有缺少无法核对；下一次操作后会重新存底",
    "unreadable": "最新一条操作记录的存底（{file}）读不了，末尾有没有缺少无法核对；查明原因后删去它，会重新存底",
}
CONTEXT = {"help_option_names": ["-h", "--help"]}


def main(arguments: Sequence[str], chosen: Settings | None = None) -> int:
    """Run one command; 0 on success, 1 for an error or a finding, 2 for wrong usage. Errors are in Chinese."""
    words = list(arguments)
    first = next((word for word in words if not word.startswith("-")), "")
    if first and first not in commands.commands:
        words.insert(0, "ask")
    try:
        return int(commands.main(words, prog_name="python -m bot", obj=chosen, standalone_mode=False) or 0)
    except click.UsageError as wrong:
        print(_usage(wrong), file=sys.stderr)
        return wrong.exit_code
    except BotError as problem:
        print(problem.message, file=sys.stderr)
    except ValidationError as wrong:
        print(error_lines(wrong), file=sys.stderr)
    return 1


@click.group(context_settings=CONTEXT, help="问政有据：在终端里提问，检查设置，照管密钥、记录和账号")
@click.pass_context
def commands(context: click.Context) -> None:
    """The group of commands. Settings are read when a command runs, not for its help."""
    context.obj = context.obj or settings()


for one in COMMANDS:
    commands.add_command(one)


@commands.command(help="提一个问题，例如：ask 老人食堂今年建几个")
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="输出与 /api/ask 相同的 JSON")
@click.pass_obj
def ask(chosen: Settings, question: str, as_json: bool) -> None:
    """Print one answer. Raises as the bot does."""
    with closing(Bot.open(chosen)) as bot:
        answer = asyncio.run(bot.reply(question))
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if as_json else _readable(answer))


@commands.command(help="检查每一项会影响服务的设置，说明怎样补救")
@click.pass_obj
def doctor(chosen: Settings) -> int:
    """Print every finding; 1 when one needs fixing."""
    findings = []
    for finding in Doctor(chosen).examine():
        findings.append(finding)
        print(finding, flush=True)
    return int(any(finding.remedy for finding in findings))


@commands.command(help="给一个程序发一把密钥，例如：key portal")
@click.argument("name")
def key(name: str) -> None:
    """Print a new API key, and the line of settings that admits it."""
    if not re.fullmatch(r"[\w-]+", name):
        raise click.BadArgumentUsage("请写明密钥给谁用，只用字母、数字、下划线和短横，例如：python -m bot key portal")
    made = keys.new_key()
    print(f"密钥（只显示这一次，请交给对方）：\n  {made}")
    print(f"把这一段加进设置 BOT_API_KEYS（几个之间用逗号分开），然后重新启动：\n  {name}:{keys.digest(made)}")


@commands.command(help="往空的数据库里放演示用的账号和记录")
@click.pass_obj
def demo(chosen: Settings) -> None:
    """Fill the database with demonstration records and print its accounts. Raises Conflict when it holds others."""
    with closing(database_of(chosen)) as database, closing(Bot.open(chosen)) as bot:
        accounts = Demo(bot, database).fill()
    print("演示账号（密码每次重新生成）：")
    for name, password in accounts.items():
        print(f"  {name}  {password}")


@commands.command("settings", help="列出全部设置：默认值和意思")
@click.option("--example", "as_example", is_flag=True, help="写成可以填的 .env.example")
@click.pass_obj
def listed_settings(chosen: Settings, as_example: bool) -> None:
    """Print docs/configuration.md, or .env.example."""
    made = configuration.example if as_example else configuration.table
    print(made(chosen.prompts_dir), end="")


@commands.group(help="照管记录：清理到期的、核对操作记录、导出或删去一次会话")
def records() -> None:
    """The records."""


@records.command(help="删去到期的记录")
@click.pass_obj
def purge(chosen: Settings) -> None:
    """Delete what is past retention; print how many rows. Raises NotKept."""
    with closing(database_of(chosen)) as database:
        gone = turns.purge(database, chosen.retention_days, chosen.retention_audit_days, "command")
    print("已删除：" + "，".join(f"{table} {count} 行" for table, count in gone.items()))


@records.command(help="核对操作记录有没有缺少或改动")
@click.pass_obj
def verify(chosen: Settings) -> int:
    """Print the faults of the audit; 1 when there are any. Raises NotKept."""
    with closing(database_of(chosen)) as database:
        faults = audit.examine(database)
        file = database.anchor.path if database.anchor else ""
    for fault in faults:
        count = fault.last - fault.first + 1
        print(FAULTS[fault.kind].format(first=fault.first, last=fault.last, count=count, file=file))
    if not faults:
        print("操作记录完整")
    return int(bool(faults))


@records.command(help="导出一次会话")
@click.argument("session", metavar="会话号")
@click.pass_obj
def export(chosen: Settings, session: str) -> None:
    """Print a session's turns as JSON. Raises NotKept."""
    with closing(database_of(chosen)) as database:
        kept = labelled(turns.of_session(database, session), Site.load(chosen.site_file).operator)
    print(json.dumps(kept, ensure_ascii=False, indent=2))


@records.command(help="删去一次会话")
@click.argument("session", metavar="会话号")
@click.pass_obj
def delete(chosen: Settings, session: str) -> None:
    """Delete a session; print how many turns. Raises NotKept."""
    with closing(database_of(chosen)) as database:
        print(f"已删除 {turns.delete_session(database, session)} 条")


@commands.group("users", help="照管坐席和管理人员的账号；不带命令时列出全部", invoke_without_command=True)
@click.pass_context
def accounts(context: click.Context) -> None:
    """Without a command of its own, list them."""
    if context.invoked_subcommand is None:
        with closing(database_of(context.obj)) as database:
            _list(database)


@accounts.command(help="新设一个账号；密码另外输入")
@click.argument("name", metavar="名字")
@click.argument("role", metavar="角色")
@click.pass_obj
def add(chosen: Settings, name: str, role: str) -> None:
    """Raises AccountUnusable and NotKept."""
    with closing(database_of(chosen)) as database:
        users.add(database, name, role, _password(), "command")
        _list(database)


@accounts.command(help="停用一个账号")
@click.argument("name", metavar="名字")
@click.pass_obj
def disable(chosen: Settings, name: str) -> None:
    """Raises NotFound and NotKept."""
    with closing(database_of(chosen)) as database:
        users.disable(database, name, "command")
        _list(database)


@accounts.command(help="换一个密码")
@click.argument("name", metavar="名字")
@click.pass_obj
def reset(chosen: Settings, name: str) -> None:
    """Raises AccountUnusable, NotFound and NotKept."""
    with closing(database_of(chosen)) as database:
        users.reset(database, name, _password(), "command")
        _list(database)


@accounts.command(help="解除登录限制")
@click.argument("name", metavar="名字")
@click.pass_obj
def unlock(chosen: Settings, name: str) -> None:
    """Raises NotFound and NotKept."""
    with closing(database_of(chosen)) as database:
        users.unlock(database, name, "command")
        _list(database)


def _usage(wrong: click.UsageError) -> str:
    """What to type instead: our own text, or the help of the command typed."""
    if isinstance(wrong, click.BadArgumentUsage):
        return wrong.message
    return f"命令写得不对，写法如下：\n{wrong.ctx.get_help()}" if wrong.ctx else wrong.format_message()


def _list(database: Database) -> None:
    for one in users.every(database):
        print(f"{one['name']}  {one['role']}{'  已停用' if one['disabled'] else ''}")


def _password() -> str:
    """A password typed twice without echo, or the first line of piped input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输一次："):
        raise AccountUnusable("两次输入的密码不一样")
    return first


def _readable(answer: Answer) -> str:
    lines = [f"【{answer.label}】{answer.answer}"]
    for c in answer.citations:
        lines.append(f"\n[{c.mark}] {c.document}（{c.year}年）· {' · '.join(c.section)}\n    {c.text}")
    lines += [f"\n名词：{t.name}——{t.explanation}" for t in answer.terms]
    lines += [f"\n相近段落：{' · '.join(r.section)}" for r in answer.related]
    lines += [f"\n{c.name}：{c.phone}" for c in answer.contacts]
    return "\n".join(lines)
