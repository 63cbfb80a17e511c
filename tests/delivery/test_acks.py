"""The acknowledgement log: what a killed worker leaves behind, and who may read it."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from depeche.delivery import acks
from depeche.delivery.acks import AckLog, Fates, of_the_dead, read


def dies(log):
    """As if the process had been killed: the lock goes, the file stays."""
    log._room._map.close()
    os.close(log._room._descriptor)


def test_the_dead_tell_what_they_began_and_what_came_of_it(tmp_path):
    log = AckLog(tmp_path, "w1")
    log.began("edition", 1)
    log.ended("edition", 1, "sent", "250 2.0.0 Ok:\r\n queued as 4F\x0c2")
    log.began("edition", 2)
    log.ended("edition", 2, "pending", "")
    log.began("edition", 3)
    log.began("transactional", 3)
    dies(log)
    [(worker, fates)] = of_the_dead(tmp_path)
    assert worker == "w1"
    assert fates.ended == {
        ("edition", 1): ("sent", "250 2.0.0 Ok: queued as 4F 2"),
        ("edition", 2): ("pending", ""),
    }
    assert fates.begun == {("edition", 3), ("transactional", 3)}
    assert list(tmp_path.iterdir()) == []


def test_one_line_says_what_two_say(tmp_path):
    log, two = AckLog(tmp_path, "w1"), AckLog(tmp_path, "w2")
    for one in (log, two):
        one.began("edition", 1)
    log.advanced(("edition", 1), "sent", "250 2.0.0 Ok:\r\n queued as 4F\x0c2", ("transactional", 2))
    two.ended("edition", 1, "sent", "250 2.0.0 Ok:\r\n queued as 4F\x0c2")
    two.began("transactional", 2)
    assert read(log.file) == read(two.file)
    assert read(log.file).begun == {("transactional", 2)}
    log.committed([("edition", 1)])
    assert read(log.file) == Fates(begun={("transactional", 2)})


def test_on_a_full_disk_the_one_may_have_ended_and_the_other_is_not_begun(tmp_path, monkeypatch):
    begin, end = "B edition 1\n", "E edition 1 sent 250\n"
    monkeypatch.setattr(acks, "ROOM_BYTES", len(begin) + len(end))
    log = AckLog(tmp_path, "w1")
    log.began("edition", 1)
    fill_disk(monkeypatch)
    with pytest.raises(OSError, match="No space"):
        log.advanced(("edition", 1), "sent", "250", ("edition", 2))
    assert read(log.file) == Fates(ended={("edition", 1): ("sent", "250")})


def test_the_living_are_left_alone(tmp_path):
    log = AckLog(tmp_path, "w1")
    log.began("edition", 1)
    assert list(of_the_dead(tmp_path)) == []
    log.ended("edition", 1, "sent", "250")
    log.committed([("edition", 1)])
    log.close()
    assert list(tmp_path.iterdir()) == []


def test_a_log_is_kept_until_what_it_says_was_taken_over(tmp_path):
    dies(AckLog(tmp_path, "w1"))
    for _worker, _fates in of_the_dead(tmp_path):
        assert list(of_the_dead(tmp_path)) == []
        break
    assert [worker for worker, _fates in of_the_dead(tmp_path)] == ["w1"]


def said(tmp_path, lines, *, boot=None, version=acks.VERSION):
    file = tmp_path / "w1.log"
    file.write_text(f"V {version} {acks.boot() if boot is None else boot}\n{lines}")
    return read(file)


def test_a_line_cut_short_says_nothing(tmp_path):
    assert said(tmp_path, "B edition 1\nE edition 1 se") == Fates(begun={("edition", 1)})
    assert said(tmp_path, "B edition 1\nB edition 12") == Fates(begun={("edition", 1)})


@pytest.mark.parametrize("last", ["B \0di", "B edition 12\0", "\0 edition 12\n", "\0\0\0\0\n"])
def test_a_last_line_with_gaps_says_nothing(tmp_path, last):
    """As it is where the end comes between two instructions that write it."""
    assert said(tmp_path, f"B edition 1\n{last}" + "\0" * 500) == Fates(begun={("edition", 1)})


STEP_LINE = b"B edition 2\n"


def ended_within_a_step(tmp_path, last):
    """What the log says of a step from the first copy to the second whose second line came to this."""
    log = AckLog(tmp_path, "w1")
    log.began("edition", 1)
    log.advanced(("edition", 1), "sent", "250 2.0.0 é", ("edition", 2))
    dies(log)
    before, line, nothing = log.file.read_bytes().partition(STEP_LINE)
    assert line
    log.file.write_bytes(before + last + nothing)
    return read(log.file)


@pytest.mark.parametrize(
    "last",
    [*(STEP_LINE[:length] for length in (0, 1, 8, 11)), b"B \0dition 2\n", b"\0 edition 2\n"],
)
def test_a_step_of_which_the_second_line_is_torn_ended_the_one_and_began_nothing(tmp_path, last):
    assert ended_within_a_step(tmp_path, last) == Fates(ended={("edition", 1): ("sent", "250 2.0.0 é")})


def test_a_copy_begun_again_has_no_fate(tmp_path):
    fates = said(tmp_path, "B edition 1\nE edition 1 deferred 450 later\nB edition 1\n")
    assert fates == Fates(begun={("edition", 1)})


def test_what_the_database_knows_counts_no_more(tmp_path):
    lines = "B edition 1\nE edition 1 deferred 450 later\nB edition 2\nE edition 2 failed 550\nC edition 1\n"
    assert said(tmp_path, lines) == Fates(ended={("edition", 2): ("failed", "550")})


@pytest.mark.parametrize(
    "odd", ["B edition\n", "B edition x\n", "E edition 2\n", "L edition 2\n", "\0\0\0\n", "\n"]
)
def test_a_log_that_is_not_understood_to_its_end_says_what_it_can(tmp_path, odd):
    fates = said(tmp_path, f"B edition 1\nE edition 1 sent 250\n{odd}B edition 3\n")
    assert fates == Fates(ended={("edition", 1): ("sent", "250")}, is_whole=False)


@pytest.mark.parametrize("other", [{"boot": "another"}, {"boot": ""}, {"version": "2"}])
def test_a_log_of_another_boot_or_version_may_say_less_than_was_done(tmp_path, other):
    assert said(tmp_path, "B edition 1\nE edition 1 sent 250\n", **other) == Fates(
        ended={("edition", 1): ("sent", "250")}, is_whole=False
    )


def test_an_empty_log_says_nothing_of_what_was_done(tmp_path):
    (tmp_path / "w1.log").touch()
    assert read(tmp_path / "w1.log") == Fates(is_whole=False)


def test_where_boots_cannot_be_told_apart_no_log_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(acks, "BOOT_FILE", tmp_path / "none")
    dies(AckLog(tmp_path, "w1"))
    assert read(tmp_path / "w1.log") == Fates(is_whole=False)


def fill_disk(monkeypatch):
    def no_room(_descriptor, _begin, _size):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(acks.os, "posix_fallocate", no_room)


@pytest.mark.parametrize("room", [0, 5, 17])
def test_on_a_full_disk_nothing_is_begun_and_no_line_is_spoilt(tmp_path, monkeypatch, room):
    monkeypatch.setattr(acks, "ROOM_BYTES", len("B edition 1\n") + room)
    log = AckLog(tmp_path, "w1")
    log.began("edition", 1)
    with monkeypatch.context() as full:
        fill_disk(full)
        with pytest.raises(OSError, match="No space"):
            log.began("edition", 20_000_000)
        with pytest.raises(OSError, match="No space"):
            log.ended("edition", 1, "sent", "250")
        with pytest.raises(OSError, match="No space"):
            log.advanced(("edition", 1), "sent", "250", ("edition", 20_000_000))
        assert read(log.file) == Fates(begun={("edition", 1)})
        log.committed([("edition", 1)])
    log.began("edition", 3)
    dies(log)
    assert read(log.file).begun - {("edition", 1)} == {("edition", 3)}
    assert read(log.file).ended == {}


def test_a_full_disk_while_a_long_log_is_cut_leaves_the_old_one_in_use(tmp_path, monkeypatch):
    log = AckLog(tmp_path, "w1")
    for key in (1, 2):
        log.began("edition", key)
        log.ended("edition", key, "sent", "250")
    with monkeypatch.context() as full:
        fill_disk(full)
        full.setattr(log._room, "_size", log._room._at)
        log.committed([("edition", 1)])
        assert set(read(log.file).ended) == {("edition", 1), ("edition", 2)}
    log.began("edition", 3)
    dies(log)
    [(_worker, fates)] = of_the_dead(tmp_path)
    told = {("edition", key): ("sent", "250") for key in (1, 2)}  # the first again, which changes nothing
    assert fates == Fates(begun={("edition", 3)}, ended=told)
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_no_log_begins_and_none_leaves_its_room_behind(tmp_path, monkeypatch):
    log = AckLog(tmp_path, "w1")
    with monkeypatch.context() as full:
        fill_disk(full)
        with pytest.raises(OSError, match="No space"):
            AckLog(tmp_path, "w2")
        full.setattr(log._room, "_size", log._room._at)
        with pytest.raises(OSError, match="No space"):
            log.began("edition", 1)
    assert [file.name for file in tmp_path.iterdir()] == ["w1.log"]
    log.close()
    assert list(tmp_path.iterdir()) == []


def test_an_end_in_the_middle_of_what_is_forgotten_spoils_one_line_only(tmp_path, monkeypatch):
    log = AckLog(tmp_path, "w1")
    for key in range(3):
        log.began("edition", key)
        log.ended("edition", key, "sent", "250")
    file = log._room._map

    class EndsInBetween:
        """Of a line only the middle is written."""

        def __setitem__(self, place, line):
            if b"C edition 1" in line:
                file[place.start + 3 : place.start + 12] = b"ition 1\n\0"
                raise KeyboardInterrupt
            file[place] = line

        def close(self):
            file.close()

    monkeypatch.setattr(log._room, "_map", EndsInBetween())
    with pytest.raises(KeyboardInterrupt):
        log.committed([("edition", key) for key in range(3)])
    dies(log)
    assert read(log.file) == Fates(ended={("edition", key): ("sent", "250") for key in (1, 2)})


def test_a_thread_that_outlives_its_worker_writes_nowhere(tmp_path):
    log = AckLog(tmp_path, "w1")
    log.close()
    other = (tmp_path / "other").open("w")
    with pytest.raises(OSError, match="Bad file"):
        log.began("edition", 1)
    with pytest.raises(OSError, match="Bad file"):
        log.ended("edition", 1, "sent", "250")
    other.close()
    assert (tmp_path / "other").read_text() == ""


def test_a_new_log_is_never_taken_for_one_of_the_dead(tmp_path):
    """Those who look for the dead are many, and quick."""
    stop = threading.Event()
    taken = []

    def look():
        while not stop.is_set():
            taken.extend(worker for worker, _fates in of_the_dead(tmp_path))

    seekers = [threading.Thread(target=look) for _ in range(2)]
    for seeker in seekers:
        seeker.start()
    logs = [AckLog(tmp_path, f"w{number}") for number in range(300)]
    stop.set()
    for seeker in seekers:
        seeker.join()
    assert taken == []
    assert all(log.file.stat().st_ino == os.fstat(log._room._descriptor).st_ino for log in logs)
    for log in logs:
        log.close()


def test_a_long_log_is_cut_and_keeps_what_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(acks, "ROOM_BYTES", 1000)
    log = AckLog(tmp_path, "w1")
    log.began("edition", 7)
    for key in range(100, 200):
        log.began("edition", key)
        log.ended("edition", key, "sent", "250")
    log.committed({("edition", key) for key in range(100, 199)})
    assert len(log.file.read_bytes().rstrip(b"\0")) < 100
    assert log.file.stat().st_size < 1100
    assert list(of_the_dead(tmp_path)) == []
    log.ended("edition", 7, "sent", "250")
    log.began("edition", 8)
    dies(log)
    [(_worker, fates)] = of_the_dead(tmp_path)
    assert fates.begun == {("edition", 8)}
    assert fates.ended == {("edition", 7): ("sent", "250"), ("edition", 199): ("sent", "250")}


KILLED = """
import itertools, os, sys
from pathlib import Path
from depeche.delivery import acks
acks.ROOM_BYTES = 2000
folder = Path(sys.argv[1])
log = acks.AckLog(folder / "acks", "w1")
server, database = (os.open(folder / name, os.O_CREAT | os.O_WRONLY | os.O_APPEND) for name in ("server", "database"))
print("ready", flush=True)
for key in itertools.count(10_000):
    log.began("edition", key)
    os.write(server, b"%d\\n" % key)
    log.ended("edition", key, "sent", "250")
    if key % 7 == 0:
        done = [("edition", one) for one in range(key - 6, key + 1)]
        os.write(database, b"%d\\n" % key)
        log.committed(done)
"""


@pytest.mark.parametrize("moment_s", [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1])
def test_killed_at_any_moment_each_message_is_in_the_log_or_in_the_database(tmp_path, moment_s):
    child = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    time.sleep(moment_s)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    [(_worker, fates)] = of_the_dead(tmp_path / "acks")
    server, database = (
        [int(key) for key in (tmp_path / name).read_text().split()] for name in ("server", "database")
    )
    committed = max(database, default=0)
    for key in server:
        assert key <= committed or ("edition", key) in fates.ended or ("edition", key) in fates.begun
    assert len(fates.begun) <= 1
    assert all(key in server for _lane, key in fates.ended)
