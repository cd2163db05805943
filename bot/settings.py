"""Everything that can be set from outside (environment or `.env`), and every tunable number."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import limits
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The environment, all optional. `HOST` and `PORT` are bare; the rest begins with `BOT_`."""

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=".env", extra="ignore", populate_by_name=True, frozen=True
    )

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "host"))
    port: int = Field(7860, validation_alias=AliasChoices("PORT", "port"))
    data_dir: Path = ROOT / "data"
    documents_dir: Path = ROOT / "corpus" / "documents"
    lexicon_dir: Path = ROOT / "corpus" / "lexicon"
    site_file: Path = ROOT / "corpus" / "site.yaml"
    prompts_dir: Path = ROOT / "prompts"
    embedding_base_url: str = ""
    embedding_api_key: SecretStr = SecretStr("")
    embedding_model: str = ""
    model_base_url: str = ""
    model_api_key: SecretStr = SecretStr("")
    model_name: str = ""
    model_title: str = ""
    model_filing: str = ""
    database_url: str = ""
    retention_days: int = Field(30, gt=0)
    retention_audit_days: int = Field(365, gt=0)
    sign_in_idle_minutes: int = Field(30, gt=0)
    sign_in_hours: int = Field(12, gt=0)
    lockout_failures: int = Field(5, gt=0)
    lockout_minutes: int = Field(15, gt=0)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    model_deadline_seconds: float = Field(25.0, gt=0)
    model_first_token_seconds: float = Field(8.0, gt=0)
    model_stall_seconds: float = Field(5.0, gt=0)
    model_max_tokens: int = Field(500, gt=0)
    model_prompt_tokens: int = Field(2500, gt=0)
    model_daily_tokens: int = Field(0, ge=0)
    model_breaker_failures: int = Field(3, gt=0)
    model_breaker_seconds: float = Field(30.0, gt=0)
    model_rephrase_seconds: float = Field(2.0, ge=0)

    max_question_chars: int = 300
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    api_keys: Annotated[dict[str, str], NoDecode] = {}
    root_path: str = ""
    trusted_proxies: str = "127.0.0.1,::1"
    rate_public: str = "1200/minute"
    rate_key: str = "6000/minute"
    rate_all: str = "6000/minute"
    rate_sign_in: str = "30/minute"
    rate_exempt: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.0/8", "::1/128")
    rate_storage: str = "memory://"
    answers_at_once: int = Field(32, gt=0)
    answers_waiting: int = Field(500, ge=0)
    max_body_bytes: int = 64 * 1024
    max_head_bytes: int = Field(16 * 1024, gt=0)
    head_seconds: float = Field(10.0, gt=0)
    body_seconds: float = Field(60.0, gt=0)
    body_stall_seconds: float = Field(10.0, gt=0)
    reader_seconds: float = Field(30.0, gt=0)
    connections_per_address: int = Field(200, gt=0)
    connections_per_proxy: int = Field(10_000, gt=0)
    hsts_seconds: int = Field(31_536_000, ge=0)
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    access_log_days: int = Field(365, ge=0)

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
                raise ValueError(f"“{name}:{digest}”不是 API 密钥，应是 python -m bot key 打印的一行")
        return {digest: name for name, _, digest in pairs}

    @field_validator("rate_public", "rate_key", "rate_all", "rate_sign_in")
    @classmethod
    def _rate(cls, value: str) -> str:
        """A number of requests a time, such as 60/minute."""
        limits.parse(value)
        return value

    @field_validator("root_path")
    @classmethod
    def _prefix(cls, value: str) -> str:
        """With a slash before it and none behind."""
        return "/" + value.strip("/") if value.strip("/") else ""

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
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]
