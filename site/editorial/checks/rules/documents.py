"""Numbers and symbols of documents.

State: ``95/KH-UBND``, rules of law ``30/2020/NĐ-CP`` (Decree 30/2020/NĐ-CP, appendix I); below 10
with a leading zero. Party: ``57-NQ/TW``. Dates and fractions carry no letters and never match.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from editorial.checks.finding import Finding, Severity
from editorial.checks.item import Item

SOURCE = "Nghị định 30/2020/NĐ-CP, Phụ lục I"
#: Kinds of documents as they are abbreviated (appendix III, and decrees, circulars, orders).
KINDS = (
    *("KH", "QĐ", "NQ", "CT", "QC", "QyĐ", "TC", "TB", "HD", "CTr", "PA", "ĐA", "DA", "BC", "BB"),
    *("TTr", "HĐ", "CĐ", "BGN", "BTT", "GUQ", "GM", "GGT", "GNP", "NĐ", "TT", "TTLT", "KL", "LCT"),
)
_BY_LOWER = {kind.lower(): kind for kind in KINDS}
_KIND = "|".join(sorted(map(re.escape, KINDS), key=len, reverse=True))
_LETTER = "[A-ZĐÂĂÊÔƠƯ]"
_SYMBOL = re.compile(
    rf"(?<![\w/.,-])(?P<number>\d{{1,5}})(?:(?P<slash>/)(?P<year>(?:19|20)\d\d))?"
    rf"(?P<first>\s?[-–/]\s?|\s?)(?P<kind>{_KIND})(?P<second>\s?[-–/]\s?)"
    rf"(?P<issuer>{_LETTER}[A-ZĐÂĂÊÔƠƯa-zđ&]*\d*(?:-{_LETTER}[A-ZĐÂĂÊÔƠƯa-zđ&]*)*)(?![\w/])",
    re.IGNORECASE,
)
#: State bodies whose symbol shows beyond doubt that a document is not the Party's.
_STATE = re.compile(r"(?:UBND|HĐND|UB|CP|TTg|VP|VPUBND|S[A-ZĐ]{1,6}|B[A-ZĐ]{2,6}|TTPVHCC)(?:-.*)?")
_PARTY_BODY = re.compile(r"(?:BTV|BCH|BTG|BTC|BDV|BNC|BCĐ|BKT)[A-ZĐ]*")
_PARTY_END = re.compile(r".*(?:TW|TU|HU|ĐU|ĐB|TĐTN|ĐTN|ĐUK|TĐ)")


def numbers(item: Item) -> Iterator[Finding]:
    """Numbers of documents are written the way their issuer writes them."""
    for passage in item.passages:
        for match in _SYMBOL.finditer(passage.text):
            offer = corrected(match)
            if offer and offer != match.group():
                yield Finding(
                    severity=Severity.WARNING,
                    code="document.number",
                    message=_("“%(found)s” is not how documents are numbered. Meant is probably "
                              "“%(offer)s”.") % {"found": match.group(), "offer": offer},
                    where=passage.where,
                    place=passage.place,
                    excerpt=match.group(),
                    offer=offer,
                    fixable=passage.plain,
                    source=SOURCE,
                )  # fmt: skip


def corrected(match: re.Match[str]) -> str:
    """Return the symbol as it should be; "" when it is right or nobody can tell."""
    kind = _BY_LOWER[match["kind"].lower()]
    issuer = match["issuer"]
    number = match["number"].zfill(2)
    shouted = issuer if any(letter.isupper() for letter in issuer) else issuer.upper()
    first, second = match["first"].strip(), match["second"].strip()
    if match["year"]:
        is_law = bool(_STATE.fullmatch(shouted)) or second == "-"
        return f"{number}/{match['year']}/{kind}-{shouted}" if is_law else ""
    if first in {"-", "–"} and second == "/":  # the Party's way
        if _STATE.fullmatch(shouted) and not is_of_party(shouted):
            return f"{number}/{kind}-{shouted}"
        return f"{match['number']}-{kind}/{shouted}"
    if first == "/" and second in {"-", "–"}:
        return f"{number}/{kind}-{shouted}"
    if _STATE.fullmatch(shouted) and not is_of_party(shouted):
        return f"{number}/{kind}-{shouted}"
    return ""


def is_of_party(issuer: str) -> bool:
    return bool(_PARTY_END.fullmatch(issuer) or _PARTY_BODY.fullmatch(issuer))
