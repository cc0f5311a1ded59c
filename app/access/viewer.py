"""Who asks, and when: what a read may show and a write may do depends on both."""

from dataclasses import dataclass
from datetime import datetime

from app.database.acts import Limits
from app.errors import Forbidden, Unauthenticated
from app.models.key import IMPLIED, Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """`scopes` are all that the key allows, those implied by others among them; `limits` are where
    alone it may write. `until` is when what was sent of it ceases to be valid."""

    at: datetime
    scopes: frozenset[Scope]
    key_id: str | None = None
    limits: Limits | None = None
    until: datetime | None = None

    @property
    def is_known(self) -> bool:
        return self.key_id is not None

    @property
    def sees_all(self) -> bool:
        """Whether what is not public is shown as well."""
        return "preview" in self.scopes

    def require_desk(self, what: str) -> None:
        """Raise Unauthenticated or Forbidden to readers: `what` (in the plural) is for the desk."""
        if self.sees_all:
            return
        if not self.is_known:
            raise Unauthenticated(f"{what} need an API key with the scope “preview”.")
        raise Forbidden("preview")


def anonymous(at: datetime) -> Viewer:
    return Viewer(at=at, scopes=frozenset({"read"}))


def the_service(at: datetime) -> Viewer:
    """The command line and importers, which run beside the database."""
    return Viewer(at=at, scopes=IMPLIED["admin"], key_id="service")
