"""`python -m depeche.articles.desk_process SOCKET [--until-stdin-ends]`: started by `desk_seam`."""

import argparse
import os
from pathlib import Path

from .serving import serve

parser = argparse.ArgumentParser(prog="depeche.articles.desk_process")
parser.add_argument("socket", type=Path)
parser.add_argument("--until-stdin-ends", action="store_true")
options = parser.parse_args()
os.umask(0o077)
raise SystemExit(serve(options.socket, until_stdin_ends=options.until_stdin_ends))
