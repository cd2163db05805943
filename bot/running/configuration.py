"""Every setting with its default and its meaning, as a table for people and as a file to fill in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settable import variable
from bot.settings import ROOT, SECRET, Settings
from bot.wording import WordingError, read_yaml

HEAD = "# 设置\n\n都可以不设，写在环境变量或 `.env` 里；写错了，启动时会说是哪一项、应该怎样写；留空就用默认值。\n"
EXAMPLE = (
    "# 复制为 .env 后填写；要改哪一项，去掉它前面的 #。写着的是默认值，全部可以不填。\n"
    "# 不填模型的三项，机器人只摘录原文，不联网。\n"
)

GIVEN, HIDDEN = "# 备份时的设置；密钥、口令和数据库的地址没有备份，请另外填写。", "（没有备份）"


def table(prompts_dir: Path) -> str:
    """`docs/configuration.md`: a section per group, a row per setting. Raises WordingError for an unexplained one."""
    lines = [HEAD]
    for group, settings in _groups(prompts_dir):
        lines += [f"\n## {group}\n\n", "| 设置 | 默认 | 意思 |\n|---|---|---|\n"]
        lines += [f"| `{variable(name)}` | {_shown(name)} | {meaning} |\n" for name, meaning in settings.items()]
    return "".join(lines)


def example(prompts_dir: Path) -> str:
    """`.env.example`: every setting and its default, commented out, so that a plain copy overrides nothing.

    Raises WordingError for an unexplained one.
    """
    lines = [EXAMPLE]
    for group, settings in _groups(prompts_dir):
        lines += [f"\n## {group}\n"]
        lines += [f"# {meaning}\n#{variable(name)}={_written(name)}\n" for name, meaning in settings.items()]
    return "".join(lines)


def given(settings: Settings) -> str:
    """The values set, as lines of an `.env` file; of a secret only that it is set."""
    fields = {name: field.get_default() for name, field in Settings.model_fields.items()}
    chosen = [name for name, usual in fields.items() if getattr(settings, name) != usual]
    lines = [
        f"# {variable(n)}={HIDDEN}" if n in SECRET else f"{variable(n)}={_text(getattr(settings, n))}" for n in chosen
    ]
    return "\n".join([GIVEN, *lines, ""])


def _groups(prompts_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    path = prompts_dir / "settings.yaml"
    groups = read_yaml(path)
    told = {name for settings in groups.values() for name in settings}
    wrong = sorted(told ^ set(Settings.model_fields))
    if wrong:
        raise WordingError(f"{path} 应与程序里的设置一一对应：{'、'.join(wrong)}")
    yield from groups.items()


def _default(name: str) -> str:
    return _text(Settings.model_fields[name].default)


def _text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix() if value.is_relative_to(ROOT) else str(value)
    if isinstance(value, tuple | dict):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _written(name: str) -> str:
    """The default in the example: blank for a path, which would depend on the working directory."""
    return "" if isinstance(Settings.model_fields[name].default, Path) else _default(name)


def _shown(name: str) -> str:
    written = _default(name)
    return f"`{written}`" if written else "（空）"
