"""Why nothing can be started. Known before the settings are, so it speaks for itself."""

import os


class CannotStart(Exception):
    """Why not, and what to do, in one sentence (English, French)."""

    def __init__(self, english: str, french: str) -> None:
        in_french = os.environ.get("DEPECHE_LANGUAGES", "fr").startswith("fr")
        super().__init__(french if in_french else english)


def no_database(error: Exception) -> CannotStart:
    """The words for a database that cannot be reached, or that was never prepared."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "no such table" in reason or ("does not exist" in reason and "relation" in reason):
        return CannotStart(
            "The database of this data folder was not prepared yet: run bin/start, or bin/depeche prepare.",
            "La base de ce dossier n’est pas encore prête : lancez bin/start, ou bin/depeche prepare.",
        )
    return CannotStart(
        f"The database cannot be used ({reason}): check DATABASE_URL, and that the server runs.",
        f"La base de données est inutilisable ({reason}) : vérifiez DATABASE_URL, et que le serveur tourne.",
    )
