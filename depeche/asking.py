"""Asking before what cannot be undone."""


def agreed(question: str) -> bool:
    """Whether whoever sits there says yes; nobody there is a no."""
    try:
        return input(question).strip().lower() in ("y", "yes", "o", "oui")
    except EOFError:
        return False
