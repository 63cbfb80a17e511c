"""The delivery loop: takes what is due in each lane, transactional first, and hands it to the mail server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from .lanes import Lane, Outcome, all_lanes
from .messages import domain_of
from .models import State
from .transports import Transport

logger = logging.getLogger(__name__)

BATCH = 20
IDLE_S = 0.5
SWEEP_EVERY_S = 30


def run(transport: Transport, *, stop: threading.Event, wake: threading.Event) -> None:
    """Deliver until `stop` is set; `wake` cuts the pause short when there is something new.

    Trouble is logged and the loop goes on: mail waits in its table, nothing is lost.
    """
    swept_at = None
    while not stop.is_set():
        worked = False
        try:
            now = timezone.now()
            if swept_at is None or (now - swept_at).total_seconds() > SWEEP_EVERY_S:
                swept_at = now
                for lane in all_lanes():
                    lane.sweep(at=now)
            worked = deliver_once(transport, stopped=stop.is_set)
        except Exception:
            logger.exception("delivery stumbled; it goes on in a moment")
            stop.wait(5)
        finally:
            close_old_connections()
        if not worked:
            wake.wait(IDLE_S)
            wake.clear()
    transport.close()


def deliver_once(transport: Transport, *, stopped: Callable[[], bool] = lambda: False) -> bool:
    """One small batch of the first lane that has work; False if none has.

    Small, so that a password never waits for an edition.
    """
    for lane in all_lanes():
        keys = lane.lease(BATCH, at=timezone.now())
        if keys:
            for key in keys:
                if stopped():
                    break  # what is left comes back when its lease runs out
                _deliver(lane, key, transport)
            return True
    return False


def _deliver(lane: Lane, key: int, transport: Transport) -> None:
    try:
        if not lane.may_send([key]):
            outcome = Outcome(key, State.SUPPRESSED, "")
        else:
            envelope = lane.fill(key)
            if not may_leave(envelope.recipient):
                outcome = Outcome(
                    key, State.SUPPRESSED, f"stage {settings.STAGE}: domain not in DEPECHE_MAIL_DOMAINS"
                )
            else:
                lane.submitting(key)
                outcome = Outcome(key, *transport.submit(envelope))
    except Exception as error:
        logger.exception("message %s could not be made", key)
        outcome = Outcome(key, State.FAILED, f"not sent: {type(error).__name__}")
    lane.record(outcome, at=timezone.now())


def may_leave(recipient: str) -> bool:
    """Whether mail for this address may leave on this stage; the catcher takes all."""
    if settings.STAGE == "production" or not settings.EMAIL_URL:
        return True
    return domain_of(recipient) in {domain.lower() for domain in settings.MAIL_DOMAINS}
