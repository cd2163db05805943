"""Everything that can be set from outside: by the environment or a `.env` file."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settable import (
    BaseUrl,
    Count,
    Days,
    File,
    Folder,
    Host,
    Key,
    Minutes,
    Place,
    Port,
    PublicUrl,
    Rate,
    Root,
    Seconds,
    ServerUrl,
    Storage,
    Text,
    in_chinese,
    is_host,
    is_network,
    refused,
)

ROOT = Path(__file__).resolve().parent.parent
# The values of these are never shown.
SECRET = frozenset({"embedding_api_key", "model_api_key", "database_url", "api_keys", "rate_storage", "chroma_token"})
# Blank is a value of these: no network, no proxy.
MAY_BE_BLANK = frozenset({"rate_exempt", "trusted_proxies"})
LOCAL_KEY = "本机的服务没有密钥时，密钥随便写几个字母"


class Settings(BaseSettings):
    """The environment, all optional. `HOST` and `PORT` are bare; the rest begins with `BOT_`."""

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=".env", extra="ignore", populate_by_name=True, frozen=True
    )

    host: Host = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "host"))
    port: Port = Field(7860, validation_alias=AliasChoices("PORT", "port"))
    data_dir: Place = ROOT / "data"
    documents_dir: Folder = ROOT / "corpus" / "documents"
    lexicon_dir: Folder = ROOT / "corpus" / "lexicon"
    site_file: File = ROOT / "corpus" / "site.yaml"
    prompts_dir: Folder = ROOT / "prompts"
    embedding_base_url: BaseUrl = ""
    embedding_api_key: Key = SecretStr("")
    embedding_model: Text = ""
    chroma_url: ServerUrl = ""
    chroma_token: Key = SecretStr("")
    model_base_url: BaseUrl = ""
    model_api_key: Key = SecretStr("")
    model_name: Text = ""
    model_title: Text = ""
    model_filing: Text = ""
    database_url: str = ""
    retention_days: Days = 30
    retention_audit_days: Days = 365
    sign_in_idle_minutes: Minutes = 30
    sign_in_hours: Minutes = 12
    lockout_failures: int = Field(5, gt=0, le=1_000)
    lockout_minutes: int = Field(15, gt=0, le=1_440)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    model_deadline_seconds: Seconds = 25.0
    model_first_token_seconds: Seconds = 8.0
    model_stall_seconds: Seconds = 5.0
    model_max_tokens: Count = 500
    model_prompt_tokens: Count = 2500
    model_daily_tokens: int = Field(0, ge=0, le=1_000_000_000_000)
    model_breaker_failures: Count = 3
    model_breaker_seconds: Seconds = 30.0
    model_rephrase_seconds: float = Field(2.0, ge=0, le=86_400, allow_inf_nan=False)

    max_question_chars: int = Field(300, gt=0, le=100_000)
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    api_keys: Annotated[dict[str, str], NoDecode] = {}
    root_path: Root = ""
    public_url: PublicUrl = ""
    trusted_proxies: str = "127.0.0.1,::1"
    rate_public: Rate = "1200/minute"
    rate_key: Rate = "6000/minute"
    rate_all: Rate = "6000/minute"
    rate_sign_in: Rate = "30/minute"
    rate_complaints: Rate = "20/hour"
    rate_exempt: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.0/8", "::1/128")
    rate_storage: Storage = "memory://"
    answers_at_once: Count = 32
    answers_waiting: int = Field(500, ge=0, le=1_000_000)
    max_body_bytes: Count = 64 * 1024
    max_upload_bytes: Count = 20 * 1024 * 1024
    max_head_bytes: Count = 16 * 1024
    head_seconds: Seconds = 10.0
    body_seconds: Seconds = 60.0
    body_stall_seconds: Seconds = 10.0
    reader_seconds: Seconds = 30.0
    connections_per_address: Count = 200
    connections_per_proxy: Count = 10_000
    hsts_seconds: int = Field(31_536_000, ge=0, le=1_000_000_000)
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["text", "json"] = "text"
    otlp_url: ServerUrl = ""
    access_log_days: int = Field(365, ge=0, le=36_500)

    @field_validator("allowed_hosts", "allowed_origins", "rate_exempt", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Lists are given with commas between their items."""
        return tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """An origin is scheme and host, with a port where it is not the usual one; nothing after it."""
        for origin in value:
            if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", origin):
                raise ValueError(f"“{origin}”不是来源地址，应写成 https://主机 或 https://主机:端口")
        return value

    @field_validator("api_keys", mode="before")
    @classmethod
    def _keyed(cls, value: object) -> object:
        """`name:digest` pairs with commas between them, as `python -m bot key` prints them; kept by digest."""
        if not isinstance(value, str):
            return value
        pairs = [item.strip().partition(":") for item in value.split(",") if item.strip()]
        for name, _, digest in pairs:
            if not name or not re.fullmatch("[0-9a-f]{64}", digest):
                raise ValueError(f"“{name[:20]}”这一段不是 API 密钥，应是 python -m bot key 打印的“名称:校验值”")
        return {digest: name for name, _, digest in pairs}

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Hosts as in URLs, without scheme and port."""
        for host in value:
            if not is_host(host):
                raise ValueError(f"“{host}”不是主机名，应写成 model.example.cn，不带 https:// 和端口")
        return value

    @field_validator("rate_exempt")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Addresses or networks."""
        for network in value:
            if not is_network(network):
                raise ValueError(f"“{network}”不是网段，应写成 10.0.0.0/8 或 192.0.2.7")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        """Addresses or networks with commas between them, or `*` for all."""
        for proxy in filter(None, map(str.strip, value.split(","))):
            if proxy != "*" and not is_network(proxy):
                raise ValueError(f"“{proxy}”不是代理的地址，应写成 127.0.0.1 或 10.0.0.0/8；* 是一律相信")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        """The address of a database that can be used; it may hold a password, so it is not repeated."""
        from bot.records.database import is_address

        if value and not is_address(value):
            raise ValueError(
                "应写成 postgresql://用户:密码@主机/库 或 sqlite:///路径/records.db；密码里的 @ : / 要写成 %40 %3A %2F"
            )
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _named(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Errors under the names of the environment, in Chinese. A blank setting counts as not set."""
        try:
            made = handler(_without_blanks(given))
        except ValidationError as wrong:
            raise in_chinese(wrong, SECRET) from None
        if made.embedding_base_url:
            for name in ("embedding_model", "embedding_api_key"):
                if not getattr(made, name):
                    raise refused(name, f"填了 BOT_EMBEDDING_BASE_URL 就要填；{LOCAL_KEY}")
        if made.otlp_url and made.allowed_hosts and urlsplit(made.otlp_url).hostname not in made.allowed_hosts:
            raise refused("otlp_url", "这个主机不在 BOT_ALLOWED_HOSTS 里")
        return made

    @property
    def records_url(self) -> str:
        """Where records are kept: the database set, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'records.db'}"

    @property
    def writes(self) -> bool:
        """Whether a model is set: all three of its settings."""
        return bool(self.model_base_url and self.model_name and self.model_api_key.get_secret_value())


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Raises ValidationError, in Chinese and by name."""
    try:
        return Settings()  # type: ignore[call-arg]
    except UnicodeDecodeError as problem:
        raise refused(".env", "这个文件不是 UTF-8 编码，请另存为 UTF-8") from problem


def _without_blanks(given: Any) -> Any:
    """What was given, without blank settings, so that those have their defaults."""
    if not isinstance(given, Mapping):
        return given
    return {name: value for name, value in given.items() if value != "" or name.lower() in MAY_BE_BLANK}
