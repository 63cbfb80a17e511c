"""Another's verdict on our signatures, where just some keys are published."""

import re

import dkim


def verifies(content, *keys):
    """What dkimpy says."""
    records = {f"{key.record_name}.".encode(): key.record.encode() for key in keys}
    try:
        return dkim.DKIM(content).verify(dnsfunc=lambda name, timeout: records.get(name))
    except dkim.DKIMException:
        return False


def field_of(content):
    """The signature, with its line ends."""
    return re.match(rb"DKIM-Signature:(?:.|\n )*\n", content)[0]


def tags(content):
    """Those of the signature, without white space."""
    field = re.sub(r"\s", "", field_of(content).decode()).removeprefix("DKIM-Signature:")
    return dict(re.findall(r"(\w+)=([^;]*)", field))
