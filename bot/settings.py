"""Everything that can be set from outside (environment or `.env`), and every tunable number."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

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
    answers_at_once: int = Field(32, gt=0)
    answers_waiting: int = Field(500, ge=0)
    max_body_bytes: int = 64 * 1024

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Hosts are given with commas between them."""
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

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
