"""A real Postfix on loopback: Debian's package, unpacked and never installed, with a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Runs as users that every Debian has; the package would make some of its own.
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {tools}/usr/lib/postfix/sbin
command_directory = {tools}/usr/sbin
shlib_directory = {tools}/usr/lib/postfix
mail_owner = daemon
setgid_group = mail
default_privs = nobody
import_environment = MAIL_CONFIG MAIL_LOGTAG LD_LIBRARY_PATH PATH TZ
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relais.exemple.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
in_flow_delay = 0
disable_dns_lookups = yes
smtp_host_lookup = native
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""
MASTER = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
DOOR = "127.0.0.1:{port} inet n - n - - smtpd -o syslog_name=door{number}\n"
QUEUES = "active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace pid"


class NoPostfix(Exception):
    """It cannot be had here; `str()` says why."""


class Postfix:
    """Takes mail at each of its `ports`; where to it goes, further `lines` of main.cf have to say.

    In the log, what a port's processes say is of `door0`, `door1` and so on. Raises NoPostfix.
    """

    rules: dict[str, str] = {}  # what a fake server is told; this one is told nothing

    def __init__(self, *lines, doors=1):
        if os.geteuid() != 0:
            raise NoPostfix("only root can start it")
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        try:
            tools = self._unpacked()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            shutil.rmtree(self.folder)
            raise NoPostfix(f"its package cannot be fetched and unpacked ({error})") from error
        self.log.touch()  # it writes nothing at once
        self.ports = [_free_port() for _ in range(doors)]
        self._configure(tools, lines)
        self._master = subprocess.Popen(
            [tools / "usr/lib/postfix/sbin/master", "-c", self.folder / "etc", "-d"],
            env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(tools / "usr/lib/postfix")},
        )
        self._wait_until_it_answers()

    @property
    def port(self):
        """The first of its ports."""
        return self.ports[0]

    @property
    def log(self):
        return self.folder / "log"

    def has_mail(self):
        """Whether anything is in its queues."""
        queues = (self.folder / "queue" / name for name in ("incoming", "active", "deferred"))
        return any(file.is_file() for queue in queues for file in queue.rglob("*"))

    def close(self):
        self._master.terminate()
        self._master.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _unpacked(self):
        tools = self.folder / "tools"
        tools.mkdir()
        subprocess.run(
            ["apt-get", "download", "-q", "postfix"], cwd=tools, check=True, capture_output=True, timeout=120
        )
        (package,) = tools.glob("postfix_*.deb")
        subprocess.run(["dpkg", "-x", package, tools], check=True)
        tools.chmod(0o755)
        return tools

    def _configure(self, tools, lines):
        for name in ("etc", "data", "queue"):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o755)
        for name in QUEUES.split():
            (self.folder / "queue" / name).mkdir()
            shutil.chown(self.folder / "queue" / name, "root" if name == "pid" else "daemon")
        shutil.chown(self.folder / "data", "daemon")
        for name, mode in (("maildrop", 0o730), ("public", 0o710)):
            shutil.chown(self.folder / "queue" / name, group="mail")
            (self.folder / "queue" / name).chmod(mode)
        main = MAIN.format(folder=self.folder, tools=tools)
        (self.folder / "etc/main.cf").write_text(main + "".join(f"{line}\n" for line in lines))
        doors = (DOOR.format(port=port, number=number) for number, port in enumerate(self.ports))
        (self.folder / "etc/master.cf").write_text("".join(doors) + MASTER)

    def _wait_until_it_answers(self):
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as sock:
                    if sock.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.1)
        self.close()
        raise NoPostfix("it does not answer")


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]
