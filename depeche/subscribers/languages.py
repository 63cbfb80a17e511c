from django.conf import settings


def languages() -> list[tuple[str, str]]:
    """Those of this newsroom; asked late, so that migrations don't hold them."""
    return settings.LANGUAGES
