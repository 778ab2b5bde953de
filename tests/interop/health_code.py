"""The KD1 code and how it is judged, from docs/code-format.md and docs/trust-files.md."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from codec import Refused, base45_decode, base45_encode, decode, encode, header, only, sign1, split1, verify
from trust import Issuer, Trust, recognises

AAD = b"kadian-code-v1"
EXTENSION = -65537
LATEST = 253_402_300_799
GREEN, YELLOW, RED, GREY, UNCOLOURED = range(5)
VERDICTS = ("pass", "check", "stop")


def issue(key: Ed25519PrivateKey, kid: bytes, claims: dict) -> str:
    return "KD1:" + base45_encode(sign1(key, kid, encode(claims), AAD))


def message_of(text: str) -> bytes:
    if not text.startswith("KD1:"):
        raise Refused("not-a-health-code")
    if len(text) > 780:
        raise Refused("too-long")
    message = base45_decode(text[4:])
    if len(message) > 512:
        raise Refused("too-long")
    return message


def verified(text: str, trust: Trust, region: str, now: int):
    """Claims and issuer of a code that passes every check, in the order of the document."""
    protected, unprotected, payload, signature = split1(message_of(text))
    kid = header(protected, unprotected)
    issuer = trust.issuers.get(kid)
    if issuer is None:
        raise Refused("unknown-issuer")
    verify(issuer.key, signature, ["Signature1", protected, AAD, payload])
    claims = claims_of(payload, issuer)
    extension = claims[EXTENSION]
    static = extension[9] == 1
    if claims[1] != issuer.iss:
        raise Refused("wrong-issuer")
    if not issuer.since <= claims[6] <= issuer.until:
        raise Refused("key-not-in-force")
    if claims[4] - claims[6] > (issuer.static_life if static else min(300, issuer.life)):
        raise Refused("life-too-long")
    if not any(extension[5].startswith(own) for own in issuer.regions):
        raise Refused("out-of-region")
    if not recognises(trust.issuers, issuer, region):
        raise Refused("not-recognised")
    if trust.is_revoked(issuer.iss, extension[1]):
        raise Refused("revoked")
    if static and issuer.cut_off is not None and claims[6] < issuer.cut_off:
        raise Refused("revoked")
    if claims[6] > now + 120:
        raise Refused("not-yet-valid")
    if claims[4] <= now:
        raise Refused("expired")
    return claims, issuer


def claims_of(payload: bytes, issuer: Issuer) -> dict:
    try:
        claims = decode(payload)
        only(payload, claims)
        well_formed = is_well_formed(claims, issuer)
    except (Refused, AttributeError, KeyError, IndexError, TypeError):
        well_formed = False
    if not well_formed:
        raise Refused("bad-claims")
    return claims


def is_well_formed(claims: dict, issuer: Issuer) -> bool:
    extension = claims[EXTENSION]
    static_keys, optional = {1, 2, 3, 5, 6, 8, 9, 10}, {4, 7}
    return (
        set(claims) == {1, 4, 6, EXTENSION}
        and static_keys <= set(extension) <= static_keys | optional
        and is_text(claims[1], 1, 64)
        and is_number(claims[4], 0, LATEST)
        and is_number(claims[6], 0, claims[4] - 1)
        and is_bytes(extension[1], 16, 16)
        and is_text(extension[2], 1, 32)
        and extension[2].strip() != ""
        and (extension[3] == "" or (len(extension[3]) == 8 and extension[3].isascii() and extension[3].isalnum()
                                    and extension[3] == extension[3].upper()))
        and (is_number(extension[4], 0, 3) if issuer.has_colours else 4 not in extension)
        and extension[5].isascii()
        and (extension[5] == "" or extension[5].isdigit())
        and len(extension[5]) in (0, 2, 4, 6, 9, 12)
        and is_number(extension[6], 0, 63)
        and (7 not in extension or is_number(extension[7], 300, 450))
        and is_bytes(extension[8], 0, 256)
        and is_number(extension[9], 0, 1)
        and is_number(extension[10], 0, claims[6] // 3600)
    )


def is_number(value, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_bytes(value, least: int, most: int) -> bool:
    return isinstance(value, bytes) and least <= len(value) <= most


def is_text(value, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value.encode()) <= most and value.isprintable()


def judge(text: str, trust: Trust, region: str, now: int):
    """`(verdict, refusal, claims)`; claims where all checks passed. A fault stands where a verdict would."""
    if fault := trust.fault(now):
        return fault, "", None
    try:
        claims, issuer = verified(text, trust, region, now)
    except Refused as refused:
        return "invalid", str(refused), None
    policy, _ = trust.policy(now)
    extension = claims[EXTENSION]
    colour = extension.get(4, UNCOLOURED)
    ruling = policy.table[5 * origin(extension[5], region, issuer) + colour]
    doubts = (
        extension.get(7, 0) >= policy.fever,
        extension[6] != 0,
        now - extension[10] * 3600 >= (policy.declaration + 1) * 3600,
        extension[9] == 1,
    )
    return VERDICTS[1 if ruling == 0 and any(doubts) else ruling], "", claims


def origin(home: str, here: str, issuer: Issuer) -> int:
    if issuer.foreign:
        return 4
    for row, digits in enumerate((12, 4, 2)):
        if len(home) >= digits and home[:digits] == here[:digits]:
            return row
    return 3


def masked(claims: dict):
    head = claims[EXTENSION][3]
    identity = f"{head[:4]}**********{head[4:]}" if head else "**********"
    return claims[EXTENSION][2], identity
