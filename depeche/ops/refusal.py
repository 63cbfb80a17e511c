"""Why nothing can be started. Known before the settings are, so it speaks for itself."""

import os


class CannotStart(Exception):
    """Why not, and what to do, in one sentence (English, French)."""

    def __init__(self, english: str, french: str) -> None:
        in_french = os.environ.get("DEPECHE_LANGUAGES", "fr").startswith("fr")
        super().__init__(french if in_french else english)
