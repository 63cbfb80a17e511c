"""How often something may be tried: counted in the database, so for every process alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Attempt


@dataclass(frozen=True)
class Limit:
    """So many tries of one thing, by or for one somebody, within a time that moves along."""

    name: str
    at_most: int
    within: dt.timedelta

    def allows(self, whose: object) -> bool:
        """Count one more try; False where it is one too many, which then does not count itself."""
        key, since = self._key(whose), timezone.now() - self.within
        Attempt.objects.filter(key=key, at__lte=since).delete()
        # Entered before it is counted: of two at the same moment neither overlooks the other.
        entered = Attempt.objects.create(key=key, at=timezone.now())
        if Attempt.objects.filter(key=key).count() <= self.at_most:
            return True
        entered.delete()
        return False

    def forget(self, whose: object) -> None:
        """Begin anew: it went well."""
        Attempt.objects.filter(key=self._key(whose)).delete()

    def _key(self, whose: object) -> str:
        return salted_hmac(self.name, str(whose), algorithm="sha256").hexdigest()
