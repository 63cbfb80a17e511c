"""What stands in the environment and in `.env`, read once; known before the settings are."""

import ipaddress
import os
from pathlib import Path

from environs import Env

ROOT = Path(__file__).resolve().parent.parent

env = Env(eager=False)
env.read_env(os.environ.get("DEPECHE_ENV_FILE") or ROOT / ".env", recurse=False)

DATA = Path(env.str("DEPECHE_DATA", default="") or ROOT / "data").expanduser().resolve()
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


def items(name: str, default: str = "") -> list[str]:
    """The values of a setting that holds several, separated by commas."""
    return [item.strip() for item in env.str(name, default=default).split(",") if item.strip()]


def is_ip_address(host: str) -> bool:
    """Whether a host is written as numbers, not as a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
