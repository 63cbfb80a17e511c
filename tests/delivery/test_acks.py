"""The acknowledgement log: what a killed worker leaves behind, and who may read it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from depeche.delivery import acks
from depeche.delivery.acks import AckLog, of_the_dead, read


def dies(log):
    """As if the process had been killed: the lock goes, the file stays."""
    os.close(log._open)


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


def test_a_line_cut_short_says_nothing(tmp_path):
    file = tmp_path / "w1.log"
    file.write_bytes(b"B edition 1\nE edition 1 se")
    assert read(file).begun == {("edition", 1)}
    file.write_bytes(b"B edition 1\nB edition 12")
    assert read(file).begun == {("edition", 1)}


def test_a_copy_begun_again_has_no_fate(tmp_path):
    file = tmp_path / "w1.log"
    file.write_bytes(b"B edition 1\nE edition 1 deferred 450 later\nB edition 1\n")
    fates = read(file)
    assert fates.begun == {("edition", 1)}
    assert fates.ended == {}


def test_a_long_log_is_cut_and_keeps_what_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(acks, "ROTATED_AT_BYTES", 1000)
    log = AckLog(tmp_path, "w1")
    log.began("edition", 7)
    for key in range(100, 200):
        log.began("edition", key)
        log.ended("edition", key, "sent", "250")
    log.committed({("edition", key) for key in range(100, 199)})
    assert log.file.stat().st_size < 100
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
acks.ROTATED_AT_BYTES = 2000
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
