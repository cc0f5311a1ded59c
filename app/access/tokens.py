"""The shape of an API key: `onr_<prefix>_<secret><checksum>`.

The prefix tells keys apart and may be shown, and stays when the key is rotated; the checksum lets
scanners of leaked secrets, and this service, recognise a key without asking the database.
"""

import re
import secrets
import zlib
from hashlib import sha256

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TOKEN = re.compile(r"(?P<prefix>onr_[0-9a-z]{8})_(?P<secret>[0-9a-z]{32})(?P<checksum>[0-9a-z]{7})")


def new_token(prefix: str | None = None) -> str:
    """A token of a new key, or another of the key that has this prefix."""
    signed = f"{prefix or 'onr_' + random_word(8)}_{random_word(32)}"
    return signed + checksum(signed)


def prefix_of(token: str) -> str | None:
    """The public part of a well-formed key; None for anything else."""
    match = TOKEN.fullmatch(token)
    if match is None or checksum(token[:-7]) != match["checksum"]:
        return None
    return match["prefix"]


def digest_of(token: str) -> str:
    """What is kept of a key. It has 160 random bits, so that a plain digest is enough."""
    return sha256(token.encode()).hexdigest()


def random_word(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def checksum(text: str) -> str:
    number, letters = zlib.crc32(text.encode()), ""
    for _ in range(7):
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return letters
