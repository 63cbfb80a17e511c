"""`bin/depeche VERB …`: sends each verb to the module that does it; loads only that one."""

import os
import select
import sys

COMMANDS = {
    "prepare": "prepare",
    "web": "web",
    "worker": "worker",
    "import": "import_articles",
    "edition": "edition",
    "pace": "pace",
    "dkim": "dkim",
    "returned-mail": "returned_mail",
    "ledger": "ledger",
    "privacy": "privacy",
    "subscribers": "subscribers",
    "consent": "consent",
    "journal": "journal",
    "demo": "demo",
    "doctor": "doctor",
}

USAGE = """\
bin/depeche VERB …

  check FILE…|-           what an editor would ask of a text before it is published
  import FILE…|URL|-      a text becomes a draft (--publish --by USER publishes it)
  edition new|test|send|schedule|pause|resume|cancel|status|…
                          an edition of the newsletter, without a browser
  pace show|set|clear     how fast mail leaves: pace set 30 per minute --domain exemple.fr
  dkim create|list|show|use|retire
                          the keys that sign our mail, and the DNS records to publish
  returned-mail           what came back of mail, from a pipe (--pipe) or the mailbox (--imap)
  ledger                  what the desk read of articles and what people answered, as JSON
  privacy export|erase ADDRESS
                          what is held about a reader, shown or deleted
  subscribers import FILE.csv|export
                          readers as CSV, with what proves that they agreed
  consent prove ADDRESS   what a reader agreed to, signed; verify looks for changes of the log
  journal status|replay|accept
                          after a restore: what readers had decided holds again
  demo                    an empty paper gets invented articles
  doctor [mail]           what is unsafe in the settings, and how to mend it; mail: what
                          providers look up about our sender domains
  start                   everything on this machine (what bin/start runs)
  prepare, web, worker    its three parts, for many machines
  manage …                Django's own commands

bin/depeche VERB --help says more.
"""


def main(arguments: list[str]) -> None:
    os.umask(0o077)  # what we keep is about people: for this account's eyes only
    verb, *rest = arguments or ["--help"]
    if verb in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return
    if verb == "check":
        from depeche.desk import check

        sys.exit(check.main(rest))
    from depeche.ops import refusal, start

    if verb == "start":
        sys.exit(start.main(rest))
    if verb == "manage":
        command = rest
    elif verb in COMMANDS:
        command = [COMMANDS[verb], *rest]
    else:
        sys.stderr.write(f"« {verb} » ?\n\n{USAGE}")
        sys.exit(2)
    try:
        start.load_settings()
    except refusal.CannotStart as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(["bin/depeche", *command])
        sys.stdout.flush()
    except BrokenPipeError:
        if _is_read():
            raise
    except refusal.CannotStart as error:
        sys.exit(str(error))
    except (OperationalError, ProgrammingError) as error:
        sys.exit(str(refusal.no_database(error)))


def _is_read() -> bool:
    """Whether anybody still reads what is printed; where not, they have seen enough, and the rest goes nowhere."""
    printed = sys.stdout.fileno()
    waiting = select.poll()
    waiting.register(printed, 0)
    if waiting.poll(0):  # nobody has the other end
        os.dup2(os.open(os.devnull, os.O_WRONLY), printed)
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
