"""`bin/start`: everything on this machine, from an empty folder to a paper at an address.

Loads Django only once the data folder is known. What goes wrong is said in one sentence, and ends with
an exit code that is not 0.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from .refusal import CannotStart, no_database

NEEDED_MB = 200
READY_WITHIN_S = 60
STOP_WITHIN_S = 15


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    from depeche.environment import DATA

    try:
        _check_port(options.host, options.port)
        with _plain_disk_errors(DATA):
            _prepare_folder(DATA)
            lock = _lock(DATA)
            _note_address(options.host, options.port, DATA)
            load_settings()
            import django

            django.setup()
            from . import preparing

            preparing.prepare(with_demo=not options.no_demo)
        with lock:
            return _run(options)
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1


def load_settings() -> None:
    """Read the settings once.

    Raises:
        CannotStart: one of them cannot be understood.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from environs import EnvError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "depeche.settings")
    try:
        settings.LANGUAGE_CODE  # noqa: B018 - any setting loads them all
    except (ImproperlyConfigured, EnvError, ValueError) as error:
        raise CannotStart(f"A setting is wrong: {error}", f"Un réglage est faux : {error}") from error


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/start", description="Start Dépêche: web, worker, mail catcher."
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
    )
    parser.add_argument("--data", type=Path, help="the data folder (default: DEPECHE_DATA, or data/ here)")
    parser.add_argument("--no-demo", action="store_true", help="start with an empty paper")
    options = parser.parse_args(arguments)
    if options.data:
        os.environ["DEPECHE_DATA"] = str(options.data.expanduser().resolve())
    return options


@contextlib.contextmanager
def _plain_disk_errors(folder: Path) -> Iterator[None]:
    """A full or read-only disk is said in one sentence, wherever it was met."""
    full = CannotStart(
        f"The disk of {folder} is full: free some space or name another folder with --data.",
        f"Le disque de {folder} est plein : libérez de la place ou choisissez un autre dossier avec --data.",
    )
    read_only = CannotStart(
        f"Nothing can be written in {folder}: name another folder with --data.",
        f"Impossible d’écrire dans {folder} : choisissez un autre dossier avec --data.",
    )
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST):
            raise read_only from error
        raise
    except CannotStart:
        raise
    except Exception as error:
        # SQLite's own words, whether they come bare or through Django.
        if "disk is full" in str(error) or "disk I/O error" in str(error):
            raise full from error
        if "readonly database" in str(error) or "unable to open database" in str(error):
            raise read_only from error
        if type(error).__module__.startswith("django.db"):
            raise no_database(error) from error
        raise


def _prepare_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except FileNotFoundError as error:  # a file system that makes no folders
        raise OSError(errno.EROFS, "no folder can be made") from error
    probe = data / ".probe"
    probe.write_bytes(b"\0")
    probe.unlink()
    if shutil.disk_usage(data).free < NEEDED_MB * 1_000_000:
        raise OSError(errno.ENOSPC, "too little left")


def _check_port(host: str, port: int) -> None:
    """The web server would share a busy port in silence, so it is tried here first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is in use: stop what runs there, or choose another one with --port.",
                f"Le port {port} est déjà pris : arrêtez ce qui l’occupe ou choisissez-en un autre avec --port.",
            ) from error
        raise CannotStart(
            f"Cannot listen on {host}, port {port}: choose others with --host and --port.",
            f"Impossible d’écouter sur {host}, port {port} : choisissez-en d’autres avec --host et --port.",
        ) from error


def _lock(data: Path) -> IO[str]:
    """The open lock of a data folder, ours until this process ends: two starts on one folder would quarrel."""
    lock = (data / "start.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        noted = data / "base-url"
        address = noted.read_text().strip() if noted.exists() else "?"
        raise CannotStart(
            f"Dépêche already runs on {data}, at {address}: stop it first, or name another folder with --data.",
            f"Dépêche tourne déjà sur {data}, à l’adresse {address} : arrêtez-le d’abord, ou choisissez un autre dossier avec --data.",
        ) from error
    return lock


def _note_address(host: str, port: int, data: Path) -> None:
    """Keep the address for the other commands, unless the settings name one."""
    from depeche.environment import LOOPBACK_HOSTS, env

    if host in LOOPBACK_HOSTS:
        name = f"[{host}]" if ":" in host else host
        (data / "base-url").write_text(f"http://{name}:{port}\n")
    elif (urlsplit(env.str("DEPECHE_BASE_URL", default="")).hostname or "") in {"", *LOOPBACK_HOSTS}:
        raise CannotStart(
            "Beyond this machine readers need an address: set DEPECHE_BASE_URL, for example https://www.example.org.",
            "Au-delà de cette machine, il faut une adresse aux lecteurs : indiquez DEPECHE_BASE_URL, par exemple https://www.example.org.",
        )


def _run(options: argparse.Namespace) -> int:
    """Web and worker, until one of them ends or somebody stops us."""
    stopping = False

    def stop(signum: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    command = [sys.executable, "-m", "depeche"]
    # Sessions of their own: Ctrl-C reaches us alone, and we stop both in order.
    processes = [
        subprocess.Popen(
            [*command, "web", "--host", options.host, "--port", str(options.port)],
            start_new_session=True,
            preexec_fn=_end_with_parent,
        ),
        subprocess.Popen([*command, "worker"], start_new_session=True, preexec_fn=_end_with_parent),
    ]
    announced, deadline = False, time.monotonic() + READY_WITHIN_S
    try:
        while not stopping:
            if any(process.poll() is not None for process in processes):
                raise CannotStart(
                    "A part of Dépêche stopped by itself: its last words stand above.",
                    "Une partie de Dépêche s’est arrêtée d’elle-même : ses derniers mots sont ci-dessus.",
                )
            if not announced and _answers(options):
                _announce()
                announced = True
            elif not announced and time.monotonic() > deadline:
                raise CannotStart(
                    "The web server does not answer: its last words stand above.",
                    "Le serveur web ne répond pas : ses derniers mots sont ci-dessus.",
                )
            time.sleep(0.2)
    finally:
        _stop_all(processes)
    return 0


def _end_with_parent() -> None:
    """In a child, before it becomes its program: should the parent be killed, end too (Linux only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _answers(options: argparse.Namespace) -> bool:
    host = "127.0.0.1" if options.host in ("0.0.0.0", "localhost") else options.host  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    try:
        # A proxy of the environment would not know this machine's own pages.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(f"http://{host}:{options.port}/static/css/paper.css", timeout=2)
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):  # also where another program took the port just now
        return False
    return True


def _announce() -> None:
    from django.conf import settings
    from django.utils.translation import gettext as _

    from depeche.delivery import catcher

    lines = [
        "",
        _("The paper:") + f"      {settings.BASE_URL}/",
        _("The newsroom:") + f"   {settings.BASE_URL}/admin/",
    ]
    if catcher.is_active():
        lines.append(_("Caught mail:") + f"    {settings.BASE_URL}/admin/caught-mail/")
    lines += ["", _("Ctrl-C stops all of it."), ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _stop_all(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    for process in processes:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
