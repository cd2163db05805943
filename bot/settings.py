"""Everything that can be set from outside (environment or `.env`), and every tunable number."""

from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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

    max_question_chars: int = 300
    max_body_bytes: int = 64 * 1024


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]
