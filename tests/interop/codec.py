"""Base45 (RFC 9285), base32 (RFC 4648), deterministic CBOR (RFC 8949 §4.2.1) and COSE (RFC 9052), as the documents have them."""

import base64
import io
from collections.abc import Mapping

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ED25519 = -19


class Refused(Exception):
    """Carries the stable code of a refusal."""


def base45_encode(data: bytes) -> str:
    out = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            out.append(ALPHABET[digit])
    return "".join(out)


def base45_decode(text: str) -> bytes:
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        if any(char not in ALPHABET for char in group):
            raise Refused("bad-encoding")
        number = sum(ALPHABET.index(char) * 45**place for place, char in enumerate(group))
        length = len(group) - 1
        if length == 0 or number >= 256**length:
            # Only a cut leaves less than three characters that stand for nothing.
            raise Refused("bad-encoding" if length == 2 else "truncated")
        out += number.to_bytes(length, "big")
    return bytes(out)


def ticket_text(text: str) -> str:
    """A ticket's text without what an e-mail, an editor or a page adds to it."""
    added = set(">|=-\u00ad\u2010\u2011\ufeff") | {chr(at) for at in range(0x200B, 0x2010)}
    added |= {chr(at) for at in [*range(0x2028, 0x202F), *range(0x2060, 0x206A)]}
    return "".join(char for char in text if not char.isspace() and char not in added)


def base32_encode(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def base32_decode(text: str) -> bytes:
    """RFC 4648 without padding. Refuses what is not the one spelling of some bytes."""
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise Refused("bad-encoding") from None
    if base32_encode(data) != text:
        raise Refused("bad-encoding")
    return data


def encode(value) -> bytes:
    # cbor2 sorts keys by length first; of the maps here that is the bytewise order, too.
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes):
    """The value of all these bytes. Refuses what ends early, goes on, or is written otherwise."""
    stream = io.BytesIO(data)
    try:
        value = cbor2.load(stream)
    except cbor2.CBORDecodeEOF:
        raise Refused("truncated") from None
    except (cbor2.CBORDecodeError, ValueError, RecursionError):
        raise Refused("malformed") from None
    if stream.read(1):
        raise Refused("malformed")
    return value


def only(data: bytes, value) -> None:
    """Refuses bytes that are not the one encoding of their value."""
    if encode(value) != data:
        raise Refused("non-canonical")


def sign1(key: Ed25519PrivateKey, kid: bytes, payload: bytes, aad: bytes) -> bytes:
    protected = encode({1: ED25519, 4: kid})
    signature = key.sign(encode(["Signature1", protected, aad, payload]))
    return encode(cbor2.CBORTag(18, [protected, {}, payload, signature]))


def split1(message: bytes):
    """The parts of a COSE_Sign1, before anything is verified: protected header, payload, signature."""
    value = decode(message)
    if not isinstance(value, cbor2.CBORTag) or value.tag != 18:
        raise Refused("malformed")
    parts = value.value
    if not isinstance(parts, (list, tuple)) or len(parts) != 4:
        raise Refused("malformed")
    protected, unprotected, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise Refused("malformed")
    if not isinstance(unprotected, Mapping) or len(signature) != 64:
        raise Refused("malformed")
    only(message, value)
    return protected, unprotected, payload, signature


def header(protected: bytes, unprotected: dict) -> bytes:
    """The kid of the only header there may be."""
    if unprotected:
        raise Refused("bad-headers")
    try:
        value = decode(protected)
        only(protected, value)
    except Refused as refused:
        raise Refused("non-canonical" if str(refused) == "non-canonical" else "bad-headers") from None
    if not isinstance(value, Mapping) or set(value) != {1, 4}:
        raise Refused("bad-headers")
    if not isinstance(value[4], bytes) or len(value[4]) != 8:
        raise Refused("bad-headers")
    if value[1] != ED25519:
        raise Refused("wrong-algorithm")
    return value[4]


def verify(public: bytes, signature: bytes, context: list) -> None:
    """OpenSSL refuses an S that is not canonical; of points of small order this check knows nothing."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, encode(context))
    except (InvalidSignature, ValueError):
        raise Refused("signature") from None


def open1(message: bytes, public: bytes, aad: bytes, kid: bytes | None = None):
    """The payload of a COSE_Sign1 that somebody signed."""
    protected, unprotected, payload, signature = split1(message)
    named = header(protected, unprotected)
    if kid is not None and named != kid:
        raise Refused("signature")
    verify(public, signature, ["Signature1", protected, aad, payload])
    value = decode(payload)
    only(payload, value)
    return value


def open_many(message: bytes, keys: dict, threshold: int, aad: bytes):
    """The payload of a COSE_Sign that at least so many of these keys (public by kid) signed."""
    value = decode(message)
    only(message, value)
    if not isinstance(value, cbor2.CBORTag) or value.tag != 98:
        raise Refused("malformed")
    body, unprotected, payload, signers = value.value
    if body != b"" or unprotected:
        raise Refused("bad-headers")
    counted, before = set(), b""
    for protected, unprotected, signature in signers:
        kid = header(protected, unprotected)
        if kid <= before:
            raise Refused("malformed")
        before = kid
        if kid in keys:
            verify(keys[kid], signature, ["Signature", b"", protected, aad, payload])
            counted.add(keys[kid])
    if len(counted) < threshold:
        raise Refused("signature")
    value = decode(payload)
    only(payload, value)
    return value
