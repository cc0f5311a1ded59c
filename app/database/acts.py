"""In whose name a write is made: kept with all that it changes."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

ACT = "database.act"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where alone may be written: in sections, by their ids, with all below them, and on
    channels."""

    sections: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """`actor` is the id of the API key, None for the service itself; `note` is what its holder says
    of the write. One `on_trial` is taken back before it is committed. `limits` is None where
    everything may be written."""

    actor: str | None = None
    note: str | None = None
    on_trial: bool = False
    limits: Limits | None = None


THE_SERVICE = Act()


def act_of(session: Session) -> Act:
    act: Act = session.info.get(ACT, THE_SERVICE)
    return act
