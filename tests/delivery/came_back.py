"""The samples of returned mail, as they would come back of a copy that left here."""

from pathlib import Path

from depeche.delivery import suppression, verp
from depeche.newsletters import filling

SAMPLES = Path(__file__).parent / "returned_samples"
SAMPLE_TOKEN = b"retours+e41.0123456789abcdef@bounces.exemple.test"
SAMPLE_ID = b"<e7.41.fedcba9876543210@journal.exemple.test>"
LEA, PAUL = "lea@exemple.test", "paul@exemple.test"


def token(copy, address=LEA):
    return verp.maker("e")(copy.pk, address).encode()


def sample(name, copy, *, by=None, message_id=None, address=LEA):
    """The sample as it would come back of this copy; `by` is where it comes to, instead of the copy's own address."""
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    own = filling.message_id("e", copy.edition_id, copy.subscription_id).encode()
    raw = raw.replace(SAMPLE_TOKEN, token(copy, address) if by is None else by)
    return raw.replace(SAMPLE_ID, own if message_id is None else message_id)


def reasons(address=LEA):
    return {row.reason for row in suppression.standing(address)}
