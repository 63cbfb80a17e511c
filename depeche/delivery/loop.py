"""The delivery loop: takes what is due in each lane, transactional first, and hands it to the mail server."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from .lanes import Lane, Outcome, all_lanes
from .messages import domain_of
from .models import State
from .smtp.outcomes import NoConnection
from .transports import Transport

logger = logging.getLogger(__name__)

BATCH = 20
IDLE_S = 0.5
SWEEP_EVERY_S = 30
RETRY_S = 30


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
    """One small batch of the first lane that has work; False if none has, or no server answers.

    Small, so that a password never waits for an edition.
    """
    for lane in all_lanes():
        keys = list(lane.lease(BATCH, at=timezone.now()))
        if not keys:
            continue
        try:
            while keys and not stopped():
                _deliver(lane, keys[0], transport)
                keys.pop(0)
        except NoConnection as error:
            logger.warning("no mail server: %s; it is tried again in a moment", error)
            return False
        finally:
            lane.release(keys, due_at=timezone.now() if stopped() else _soon())
            lane.finish(at=timezone.now())
        return True
    return False


def _deliver(lane: Lane, key: int, transport: Transport) -> None:
    """Hand over one message and record what came of it.

    Raises:
        NoConnection: no server took it; it is put back, and no attempt is counted.
    """
    try:
        envelope = lane.fill(key)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("message %s could not be made", key)
        if lane.claim(key, at=timezone.now()):
            lane.record(Outcome(key, State.FAILED, f"not made: {type(error).__name__}"), at=timezone.now())
        return
    if not lane.claim(key, at=timezone.now()):
        return
    if not lane.may_send([key]):
        outcome = Outcome(key, State.SUPPRESSED, "")
    elif not may_leave(envelope.recipient):
        outcome = Outcome(
            key, State.SUPPRESSED, f"stage {settings.STAGE}: domain not in DEPECHE_MAIL_DOMAINS"
        )
    else:
        try:
            came = transport.submit(envelope)
            outcome = Outcome(key, came.state, came.words)
        except NoConnection:
            lane.release([key], due_at=_soon(), claimed=True)
            raise
    lane.record(outcome, at=timezone.now())


def _soon() -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=RETRY_S)


def may_leave(recipient: str) -> bool:
    """Whether mail for this address may leave on this stage; the catcher takes all."""
    if settings.STAGE == "production" or not settings.EMAIL_URL:
        return True
    return domain_of(recipient) in {domain.lower() for domain in settings.MAIL_DOMAINS}
