"""The types of settings: each validates its form, with errors by name and in Chinese."""

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

import limits
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

HOST_NAME = re.compile(r"(?=.{1,253}$)[\w-]{1,63}(\.[\w-]{1,63})*\.?")
STORAGES = ("redis", "rediss")
SHOWN_CHARS = 40
PREFIX = "BOT_"
BARE = ("HOST", "PORT")
# Chinese for pydantic's messages, by the type of the error.
SAID = {
    "int_parsing": "应是整数",
    "int_parsing_size": "这个整数太大",
    "int_type": "应是整数",
    "int_from_float": "应是整数",
    "float_parsing": "应是数字",
    "float_type": "应是数字",
    "finite_number": "应是有限的数字",
    "greater_than": "应大于{gt}",
    "greater_than_equal": "应不小于{ge}",
    "less_than": "应小于{lt}",
    "less_than_equal": "应不大于{le}",
    "string_type": "应是文字",
    "path_type": "应是路径",
    "bool_parsing": "应是 true 或 false",
    "literal_error": "应是这几个之一：{expected}",
    "value_error": "{error}",
}


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("不能有换行和看不见的字符")
    return text


def _key(secret: SecretStr) -> SecretStr:
    """A key is sent in a request header, which must be ASCII."""
    if not re.fullmatch(r"[!-~]*", secret.get_secret_value()):
        raise ValueError("密钥只能有英文字母、数字和符号，不能有空格和汉字；请核对是不是还没有换成真的密钥")
    return secret


def _host(text: str) -> str:
    if not is_host(text):
        raise ValueError(f"“{text}”不是地址，应是本机的 IP 地址或主机名，例如 127.0.0.1 或 0.0.0.0")
    return text


def is_host(text: str) -> bool:
    """Whether a text is an IP address or the name of a host, without a port."""
    try:
        ip_address(text)
    except ValueError:
        return bool(HOST_NAME.fullmatch(text)) and not re.fullmatch(r"[\d.]+", text)
    return True


def _base_url(text: str) -> str:
    if text and not _is_web_address(text):
        raise ValueError("应写成 http://主机/v1 或 https://主机/v1，前后没有空格，也没有 ? 和 #")
    return text


def _is_web_address(text: str) -> bool:
    parts = _split(text)
    if parts is None or re.search(r"\s", text) or not text.isprintable():
        return False
    return parts.scheme in ("http", "https") and is_host(parts.hostname or "") and not (parts.query or parts.fragment)


def _public_url(text: str) -> str:
    """Without a slash at its end."""
    parts = _split(text)
    if text and not (_is_web_address(text) and parts and "@" not in parts.netloc):
        raise ValueError("应是居民打开本站的网址，写成 https://主机 或 https://主机/前缀，没有 ? 和 #")
    return text.rstrip("/")


def _split(text: str) -> SplitResult | None:
    """The parts of a URL; None when it is not one, or its port is invalid."""
    try:
        parts = urlsplit(text)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def _server_url(text: str) -> str:
    if text and ("@" in text or not _is_web_address(text)):
        raise ValueError("应写成 http://主机:8000 或 https://主机，前后没有空格，也没有 @、? 和 #")
    return text.rstrip("/")


def _storage(text: str) -> str:
    parts = _split(text)
    if text != "memory://" and not (parts and parts.scheme in STORAGES and is_host(parts.hostname or "")):
        raise ValueError("应是 memory:// 或 redis://主机:6379（有口令时写 redis://:口令@主机:6379）")
    return text


def _rate(text: str) -> str:
    try:
        items = limits.parse_many(text)
    except ValueError:
        items = []
    if len(items) != 1 or items[0].amount < 1 or items[0].multiples < 1:
        raise ValueError(f"“{text}”不是频率，应写成 60/minute：次数在前，second、minute、hour 或 day 在后")
    return text


def is_network(text: str) -> bool:
    """Whether a text is an address or a network, such as 10.0.0.0/8."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _folder(path: Path) -> Path:
    if not _exists(path, Path.is_dir):
        raise ValueError(f"没有这个文件夹：{path}")
    return path


def _file(path: Path) -> Path:
    if not _exists(path, Path.is_file):
        raise ValueError(f"没有这个文件：{path}")
    return path


def _place(path: Path) -> Path:
    """A folder that exists or can be made."""
    try:
        there = next(p for p in (path, *path.absolute().parents) if p.exists())
    except (OSError, ValueError):
        raise ValueError("这个路径用不了，请换一个") from None
    if not there.is_dir():
        raise ValueError(f"{there} 不是文件夹，不能在里面存放数据")
    return path


def _exists(path: Path, asked: Callable[[Path], bool]) -> bool:
    """Path's own methods raise for a name that no file system accepts."""
    try:
        return asked(path)
    except (OSError, ValueError):
        return False


def _root(text: str) -> str:
    """With a leading slash and no trailing one."""
    bare = text.strip("/")
    if not re.fullmatch(r"[\w.~-]+(/[\w.~-]+)*|", bare):
        raise ValueError("应是网址里的一段，例如 /ai")
    return f"/{bare}" if bare else ""


Text = Annotated[str, AfterValidator(_printable)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Host = Annotated[str, AfterValidator(_host)]
Port = Annotated[int, Field(ge=0, le=65_535)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
ServerUrl = Annotated[str, AfterValidator(_server_url)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
Storage = Annotated[str, AfterValidator(_storage)]
Rate = Annotated[str, AfterValidator(_rate)]
Folder = Annotated[Path, AfterValidator(_folder)]
File = Annotated[Path, AfterValidator(_file)]
Place = Annotated[Path, AfterValidator(_place)]
Root = Annotated[str, AfterValidator(_root)]
Count = Annotated[int, Field(gt=0, le=1_000_000_000)]
Days = Annotated[int, Field(gt=0, le=36_500)]
Minutes = Annotated[int, Field(gt=0, le=1_000_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


def in_chinese(wrong: ValidationError, secret: frozenset[str]) -> ValidationError:
    """The same errors, each under the name in the environment, said in Chinese; of `secret` ones no value is shown."""
    named = [(str(error["loc"][0]).lower(), error) for error in wrong.errors()]
    return _error((name, _said(error, name in secret)) for name, error in named)


def refused(name: str, said: str) -> ValidationError:
    """The error of one setting."""
    return _error([(name, said)])


def error_lines(wrong: ValidationError) -> str:
    """A line for each setting that is wrong."""
    return "\n".join(f"设置有误：{error['loc'][0]}：{error['msg']}" for error in wrong.errors())


def _error(told: Iterable[tuple[str, str]]) -> ValidationError:
    lines = [
        InitErrorDetails(type=PydanticCustomError(name, "{said}", {"said": said}), loc=(variable(name),), input=None)
        for name, said in told
    ]
    return ValidationError.from_exception_data("Settings", lines, hide_input=True)


def variable(field: str) -> str:
    """The name of a setting in the environment; a file keeps its own name."""
    return field.upper() if field.upper() in BARE else field if field.startswith(".") else PREFIX + field.upper()


def _said(error: Any, secret: bool) -> str:
    context = error.get("ctx", {})
    expected = str(context.get("expected", "")).replace("' or '", "、").replace("', '", "、").strip("'")
    said = SAID.get(error["type"], "写法不对").format(**{**context, "expected": expected})
    given = error["input"]
    if error["type"] == "value_error" or secret or not isinstance(given, str | int | float):
        return said
    return f"{said}，现在是“{str(given)[:SHOWN_CHARS]}”"
