"""A story as a NewsML-G2 2.35 message (IPTC, https://iptc.org/standards/newsml-g2/). Pure.

Written from the same ninjs document as the JSON, so that both say the same. The text is one news
item, each picture or document another, with the file that lies beside it as its content.
"""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from channels.adapters.shared_files import Enclosure
from channels.adapters.shared_ninjs import Ninjs

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_43.xml"
CLASSES = {"image": "ninat:picture", "audio": "ninat:audio", "video": "ninat:video"}
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "source", "track", "wbr"})  # fmt: skip
NAME = re.compile(r"[a-z][a-z0-9-]*")
# XML 1.0, 2.2: characters that no document may hold.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def newsml(said: Ninjs, enclosed: Iterable[Enclosure] = (), *, provider: str) -> bytes:
    """Return the message of a ninjs document, usable or canceled."""
    message = ET.Element("newsMessage", {"xmlns": NAR})
    header = ET.SubElement(message, "header")
    _add(header, "sent", said["versionCreated"])
    _add(header, "transmitId", f"{said['uri']}:{said['version']}")
    _add(header, "priority", str(said.get("urgency", 5)))
    items = ET.SubElement(message, "itemSet")
    files = list(enclosed)
    items.append(_text_item(said, files, provider))
    for file in files:
        items.append(_file_item(said, file, provider))
    return ET.tostring(message, encoding="utf-8", xml_declaration=True)


def _text_item(said: Ninjs, files: list[Enclosure], provider: str) -> ET.Element:
    item, meta = _item(said, said["uri"], "ninat:text", provider)
    if said.get("edNote"):
        _add(meta, "edNote", said["edNote"])
    for file in files:
        _add(meta, "link", rel="irel:seeAlso", residref=_identity(said, file))
    for rendition in said.get("renditions", ()):
        _add(meta, "link", rel="irel:seeAlso", href=rendition["href"])
    if said["pubStatus"] == "usable":
        _describe(ET.SubElement(item, "contentMeta"), said)
        inline = ET.SubElement(
            ET.SubElement(item, "contentSet"), "inlineXML", {"contenttype": "application/xhtml+xml"}
        )
        inline.append(_page(said))
    return item


def _file_item(said: Ninjs, file: Enclosure, provider: str) -> ET.Element:
    nature = CLASSES.get(file.mime.partition("/")[0], "ninat:text")
    item, meta = _item(said, _identity(said, file), nature, provider)
    _add(meta, "fileName", file.name)
    content = ET.SubElement(item, "contentMeta")
    if file.title:
        _add(content, "headline", file.title)
    if file.credit:
        _add(content, "creditline", file.credit)
    found = {"href": file.name, "contenttype": file.mime}
    ET.SubElement(ET.SubElement(item, "contentSet"), "remoteContent", found)
    return item


def _item(said: Ninjs, identity: str, nature: str, provider: str) -> tuple[ET.Element, ET.Element]:
    """Return a news item and its metadata, which begin alike."""
    item = ET.Element("newsItem", {
        "guid": identity, "version": said["version"], "standard": "NewsML-G2",
        "standardversion": "2.35", "conformance": "power", "xml:lang": said.get("language", "vi"),
    })  # fmt: skip
    _add(item, "catalogRef", href=CATALOG)
    if said.get("usageTerms"):
        _add(ET.SubElement(item, "rightsInfo"), "usageTerms", said["usageTerms"])
    meta = ET.SubElement(item, "itemMeta")
    _add(meta, "itemClass", qcode=nature)
    _add(ET.SubElement(meta, "provider"), "name", provider)
    _add(meta, "versionCreated", said["versionCreated"])
    _add(meta, "firstCreated", said["firstCreated"])
    if said.get("embargoedUntil"):
        _add(meta, "embargoed", said["embargoedUntil"])
    _add(meta, "pubStatus", qcode=f"stat:{said['pubStatus']}")
    return item, meta


def _describe(meta: ET.Element, said: Ninjs) -> None:
    _add(meta, "urgency", str(said["urgency"]))
    for source in said.get("infoSources", ()):
        _add(ET.SubElement(meta, "infoSource"), "name", source["name"])
    _add(meta, "language", tag=said["language"])
    for genre in said.get("genres", ()):
        _add(ET.SubElement(meta, "genre"), "name", genre["name"])
    for subject in said.get("subjects", ()):
        _add(ET.SubElement(meta, "subject"), "name", subject.get("name") or subject["literal"])
    for headline in said.get("headlines", ()):
        _add(meta, "headline", headline["value"])
    if said.get("by"):
        _add(meta, "by", said["by"])
    for description in said.get("descriptions", ()):
        _add(meta, "description", description["value"], role="drol:summary")


def _page(said: Ninjs) -> ET.Element:
    """Return the text as a page of XHTML."""
    page = ET.Element("html", {"xmlns": XHTML})
    _add(ET.SubElement(page, "head"), "title", said["headlines"][0]["value"])
    page.append(_body(_text_of(said, "text/html") or "", _text_of(said, "text/plain") or ""))
    return page


def _text_of(said: Ninjs, mime: str) -> str | None:
    bodies: Iterable[Mapping[str, Any]] = said.get("bodies", ())
    found = (item for item in bodies if item["role"] == "main" and item["contentType"] == mime)
    return next((str(item["value"]) for item in found), None)


def _body(html: str, text: str) -> ET.Element:
    if html:
        return Rewriter().rewritten(html)
    body = ET.Element("body")
    for paragraph in text.split("\n\n"):
        _add(body, "p", paragraph.strip())
    return body


class Rewriter(HTMLParser):
    """Rewrites clean HTML as well-formed XHTML; odd names are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = ET.TreeBuilder()
        self._open: list[str] = []

    def rewritten(self, html: str) -> ET.Element:
        """Return the fragment as a ``body``."""
        self._builder.start("body", {})
        self.feed(html)
        self.close()
        while self._open:
            self._builder.end(self._open.pop())
        self._builder.end("body")
        body: ET.Element = self._builder.close()
        return body

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not NAME.fullmatch(tag):
            return
        kept = {name: clean(value or name) for name, value in attrs if NAME.fullmatch(name)}
        self._builder.start(tag, kept)
        if tag in VOID:
            self._builder.end(tag)
        else:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            self._builder.end(last)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self._builder.data(clean(data))


def clean(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return FORBIDDEN.sub("", text)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    child = ET.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if text:
        child.text = clean(text)


def _identity(said: Ninjs, file: Enclosure) -> str:
    return f"{said['uri']}#{file.name}"
