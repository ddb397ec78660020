"""Everything that can be set from outside, and the only reader of the environment.

A wrong setting is a sentence that names it and says what to write, never a traceback; `doctor` lists all of
them at once.
"""

from __future__ import annotations

import os
from datetime import time, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit
from urllib.request import proxy_bypass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cases.errors import RightsDeskError
from cases.messages import Language

SLACK: Final = "https://slack.com/api/"
MEBIBYTE: Final = 2**20
_SHARED_MODEL: Final = Path("var/model")


class WrongSettings(RightsDeskError):
    """These settings are wrong.  {sentences}"""


class Settings(BaseSettings):
    """Names in the environment: Slack's own, DATABASE_URL, and RIGHTSDESK_<NAME> for the rest."""

    model_config = SettingsConfigDict(
        env_prefix="RIGHTSDESK_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    slack_bot_token: str = Field(
        "",
        validation_alias=AliasChoices("SLACK_BOT_TOKEN", "slack_bot_token"),
        description="Slack's bot token (xoxb-…); without one the local workspace starts",
    )
    slack_app_token: str = Field(
        "",
        validation_alias=AliasChoices("SLACK_APP_TOKEN", "slack_app_token"),
        description="Slack's app-level token (xapp-…) for Socket Mode; needed with a bot token",
    )
    slack_signing_secret: str = Field(
        "",
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET", "slack_signing_secret"),
        description="Slack's signing secret; Socket Mode works without it",
    )
    database_address: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL", "database_url"),
        description="postgresql://user:password@host/name, or sqlite:///path; default var/rightsdesk.db",
    )
    slack_api_url: str = Field(SLACK, description="any address that speaks Slack's Web API")
    smtp_host: str = Field("127.0.0.1", description="where the mail door listens")
    smtp_port: int = Field(8025, ge=0, le=65535, description="0 takes any free port and prints it")
    lmtp_socket: Path | None = Field(None, description="path of a unix socket for LMTP, behind Postfix")
    mailboxes: str = Field(
        "servicedesk@smartfms.nl", description="addresses we accept, with commas; +tag belongs to its address"
    )
    max_message_bytes: int = Field(25 * MEBIBYTE, ge=1024, description="largest mail we take, in bytes")
    relay_host: str = Field("", description="mail server for our letters; empty: they are kept and shown")
    relay_port: int = Field(25, ge=1, le=65535, description="port of the relay")
    relay_user: str = Field("", description="user name at the relay")
    relay_password: str = Field("", description="password at the relay")
    relay_tls: Literal["none", "starttls", "tls"] = Field("none", description="none, starttls or tls")
    staff_channel: str = Field("#avg-verzoeken", description="where the cards go; id or #name")
    deadlines_channel: str = Field("#avg-termijnen", description="where reminders go; id or #name")
    leads_channel: str = Field("#avg-teamleiding", description="where the digest goes; id or #name")
    intake_channels: str = Field("", description="channels to be read for requests (not read yet)")
    agents_group: str = Field(
        "", description="user group of the agents; id or @name; empty: the staff channel"
    )
    leads_group: str = Field(
        "", description="user group of the leads; id or @name; empty: the leads' channel"
    )
    staff_language: Literal["nl", "en"] = Field("nl", description="language of cards and lines: nl or en")
    undo_minutes: float = Field(10, ge=0, le=1440, description="minutes a letter waits; 0 lets it go at once")
    timezone: str = Field("Europe/Amsterdam", description="the controller's time zone")
    digest_at: time = Field(time(8, 30), description="local time of the digest, HH:MM")
    controller: Path | None = Field(None, description="file with the controller's details for letters")
    http_host: str = Field("127.0.0.1", description="where health, metrics and the local page listen")
    http_port: int = Field(8030, ge=0, le=65535, description="0 takes any free port and prints it")
    data_dir: Path = Field(Path("var"), description="database, model and the local workspace's journal")
    model: Path | None = Field(
        None,
        description="the model in use, a link into `models/` beside it; default: model in the data folder",
    )
    slack_pace: float = Field(
        1, gt=0, le=1000, description="posts a second in one channel; Slack takes one, with short bursts"
    )
    retry_seconds: float = Field(
        2, gt=0, le=900, description="pause before the second try of a post or letter; it doubles each time"
    )
    trouble_minutes: float = Field(
        5, ge=0, le=1440, description="minutes that something is out of order before staff reads a line"
    )
    log_format: Literal["console", "json"] = Field("console", description="console or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level to log")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("write a name of the tz database, like Europe/Amsterdam") from None
        return name

    @field_validator("mailboxes")
    @classmethod
    def _addresses(cls, listed: str) -> str:
        boxes = [box.strip() for box in listed.split(",") if box.strip()]
        if not boxes or not all(box.count("@") == 1 and not box.startswith("@") for box in boxes):
            raise ValueError("write one or more addresses with commas, like servicedesk@example.org")
        return ",".join(boxes)

    @field_validator("slack_api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("write an address that begins with https:// or http://")
        return url if url.endswith("/") else url + "/"

    @property
    def own_mailboxes(self) -> frozenset[str]:
        return frozenset(box.casefold() for box in self.mailboxes.split(","))

    @property
    def is_local(self) -> bool:
        """Without a bot token there is no Slack, and the local workspace takes its place."""
        return not self.slack_bot_token

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def undo(self) -> timedelta:
        return timedelta(minutes=self.undo_minutes)

    @property
    def language(self) -> Language:
        return Language(self.staff_language)

    @property
    def database_url(self) -> str:
        return self.database_address or f"sqlite:///{self.data_dir / 'rightsdesk.db'}"

    @property
    def model_dir(self) -> Path:
        """The one that was set; or that of the data folder, or else of the default one."""
        own = self.data_dir / "model"
        return self.model or (own if own.exists() or not _SHARED_MODEL.exists() else _SHARED_MODEL)


def load(**told: object) -> Settings:
    """Read the environment and `.env`; WrongSettings names each fault and what to write."""
    try:
        settings = Settings(**told)  # type: ignore[arg-type]  # pydantic checks what was told
    except ValidationError as fault:
        raise WrongSettings(sentences=" ".join(_sentence(error) for error in fault.errors())) from None
    if settings.slack_bot_token and not settings.slack_app_token:
        raise WrongSettings(
            sentences="SLACK_APP_TOKEN: write the app-level token (xapp-…) that Socket Mode needs."
        )
    return settings


def names() -> dict[str, str]:
    """Each setting's name in the environment and what it means, for the README and `doctor`."""
    return {environment_name(field): str(info.description) for field, info in Settings.model_fields.items()}


def environment_name(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias if field in Settings.model_fields else None
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"RIGHTSDESK_{field.upper()}"


def child_environment(**more: str) -> dict[str, str]:
    """What a child process of ours gets to see."""
    return {**os.environ, **more}


def forget_proxies_for(url: str) -> None:
    """Slack's library sends everything through a proxy that is set, `NO_PROXY` or not (slack-sdk 3.47).

    An address on this machine, or one that `NO_PROXY` names, would never be reached.
    """
    host = urlsplit(url).hostname or ""
    if _is_this_machine(host) or proxy_bypass(host):
        forget_proxies()


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def forget_proxies() -> None:
    """The local workspace is on this machine; a proxy set for the outside would swallow every call to it."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ[name] = ""


def _sentence(error: object) -> str:
    told = dict(error) if isinstance(error, dict) else {}
    place = str(next(iter(told.get("loc", ())), "?"))
    name = place if place.isupper() else environment_name(place)
    advice = str(told.get("msg", "")).removeprefix("Value error, ").partition(", unable")[0]
    advice = advice.replace("Input should be", "write")
    return f"{name}: {advice} ({names().get(name, 'unknown setting')})."
