"""A worker ends at any moment of any history, and its log is cut anywhere: nothing goes twice, nothing is lost."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from depeche.delivery import acks
from depeche.delivery.acks import AckLog, of_the_dead
from depeche.delivery.lanes import TransactionalLane
from depeche.delivery.models import OPEN_STATES, Outcome, State, TransactionalMessage

pytestmark = pytest.mark.django_db
COPIES = 3
AT = timezone.now()


class CopiesLane(TransactionalLane):
    """Bulk mail on a simpler table: what is made of the row may be made again."""

    emptied = {}


LANE = CopiesLane()


class World:
    """A worker at work, and what the mail server took; `log_bytes` is what its log has come to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.worker = folder / uuid.uuid4().hex, uuid.uuid4().hex
        self.log = AckLog(self.folder, self.worker)
        self.accepted: set[int] = set()
        self.begun: set[int] = set()
        self.results: list[Outcome] = []
        rows = [
            TransactionalMessage(
                sender="a@depeche.test",
                recipient=f"lecteur-{number}@exemple.test",
                created_at=AT,
                due_at=AT,
                expires_at=AT + dt.timedelta(days=2),
            )
            for number in range(COPIES)
        ]
        self.keys = [row.pk for row in TransactionalMessage.objects.bulk_create(rows)]
        self.hand: list[int] = []
        self.known: list[acks.Copy] = []

    def lease(self) -> None:
        self.hand += LANE.set_aside(LANE.sources(), 3, worker=self.worker, at=AT + dt.timedelta(days=1))

    def begin(self) -> None:
        if self.hand and len(self.begun) < 2:
            self.log.began(LANE.name, self.hand[0])
            self.begun.add(self.hand.pop(0))

    def end(self, state: str) -> None:
        if self.begun:
            key = min(self.begun)
            self.begun.discard(key)
            if state == State.SENT:
                self.accepted.add(key)
            self.log.ended(LANE.name, key, state, "250 2.0.0 é")
            self.results.append(Outcome(key, state, "250 2.0.0 é"))

    def advance(self) -> None:
        if self.hand and self.begun:
            key, following = min(self.begun), self.hand.pop(0)
            self.log.advanced((LANE.name, key), State.SENT, "250 2.0.0 é", (LANE.name, following))
            self.accepted.add(key)
            self.begun ^= {key, following}
            self.results.append(Outcome(key, State.SENT, "250 2.0.0 é"))

    def record(self) -> None:
        LANE.record([one for one in self.results if one.state != State.PENDING], worker=self.worker, at=AT)
        back = [one.key for one in self.results if one.state == State.PENDING]
        LANE.release(back, worker=self.worker, due_at=AT)
        TransactionalMessage.objects.filter(state=State.FAILED).update(state=State.PENDING)  # resent by hand
        self.known, self.results = [(LANE.name, one.key) for one in self.results], []

    def forget(self) -> None:
        self.log.committed(self.known)

    def die(self, *, boot: str = "", cut: float = 1.0, hole: float = 1.0) -> None:
        """The process ends; with `boot` the whole machine, and the log keeps but a part, perhaps one with a hole."""
        self.log._room._map.close()
        acks.os.close(self.log._room._descriptor)
        if boot:
            content = self.log.file.read_bytes().rstrip(b"\0").replace(acks.boot().encode(), boot.encode())
            kept, gone = content[: round(len(content) * cut)], round(len(content) * hole)
            self.log.file.write_bytes(kept[:gone] + b"\0" * len(kept[gone : gone + 20]) + kept[gone + 20 :])

    def taken_over(self) -> dict[int, str]:
        for worker, fates in of_the_dead(self.folder):
            LANE.take_over(fates, worker=worker, at=AT)
        return dict(TransactionalMessage.objects.filter(pk__in=self.keys).values_list("pk", "state"))


ENDS = st.sampled_from(["sent", "sent", "sent", "deferred", "failed", "pending", "uncertain"])
STEPS = st.lists(
    st.one_of(
        st.just(("lease",)),
        st.just(("begin",)),
        st.just(("begin",)),
        st.tuples(st.just("end"), ENDS),
        st.just(("advance",)),
        st.just(("record",)),
        st.just(("forget",)),
    ),
    max_size=40,
)
PATIENT = settings(
    deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def lived(folder, steps):
    world = World(folder)
    for act, *how in [("lease",), *steps]:
        if act in ("record", "lease"):
            world.forget()  # as the engine does after each commit
        getattr(world, act)(*how)
    return world


def waits(states, keys):
    return [key for key in keys if states[key] in OPEN_STATES]


@PATIENT
@example(steps=[("begin",), ("end", "deferred"), ("record",), ("lease",)])
@example(steps=[("begin",), ("advance",), ("advance",)])
@given(steps=STEPS)
def test_killed_at_any_step_only_what_was_begun_and_not_answered_is_uncertain(tmp_path, steps):
    with transaction.atomic():
        world = lived(tmp_path, steps)
        said_uncertain = {one.key for one in world.results if one.state == State.UNCERTAIN}
        before = set(TransactionalMessage.objects.filter(state=State.UNCERTAIN).values_list("pk", flat=True))
        world.die()
        states = world.taken_over()
        transaction.set_rollback(True)
    assert not waits(states, world.accepted | world.begun)
    assert all(states[key] == State.SENT for key in world.accepted)
    assert all(states[key] == State.PENDING for key in world.hand)
    uncertain = {key for key, state in states.items() if state == State.UNCERTAIN}
    assert uncertain == world.begun | said_uncertain | before
    assert State.LEASED not in states.values()


@PATIENT
@example(
    steps=[("begin",), ("end", "deferred"), ("record",), ("lease",), ("begin",), ("end", "sent")],
    cut=0.6,
    hole=1.0,
)
@given(steps=STEPS, cut=st.floats(0, 1), hole=st.floats(0, 1))
def test_after_a_power_cut_any_part_of_a_log_is_enough_to_send_nothing_twice(tmp_path, steps, cut, hole):
    with transaction.atomic():
        world = lived(tmp_path, steps)
        leased = set(TransactionalMessage.objects.filter(state=State.LEASED).values_list("pk", flat=True))
        before = dict(TransactionalMessage.objects.values_list("pk", "state"))
        world.die(boot="another-boot", cut=cut, hole=hole)
        states = world.taken_over()
        transaction.set_rollback(True)
    assert not waits(states, world.accepted | world.begun)
    assert all(states[key] in (State.SENT, State.UNCERTAIN) for key in leased)
    assert all(states[key] == before[key] for key in set(states) - leased)
