"""Feeds of every kind and in every state: what is right is read, nothing is raised."""

import gzip
import random
import unicodedata
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.feeds.apart import Parser
from ingest.feeds.mending import decode
from ingest.feeds.moments import read_moment
from ingest.feeds.parsed import MAX_ENTRIES, MAX_TITLE, Note, ParsedFeed, Problem
from ingest.feeds.parsing import parse
from ingest.feeds.texts import address, plain, safe_html

SAMPLES = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "samples").iterdir()}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
BASE = "https://nguon.example.vn/rss"


def read(data: bytes | str, charset: str = "") -> ParsedFeed:
    data = data.encode() if isinstance(data, str) else data
    return parse(data, base=BASE, now=NOW, charset=charset)


def rss(item: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>N</title><item>{item}</item></channel></rss>'


# --- samples -----------------------------------------------------------------------------------


def test_rss_2() -> None:
    feed = read(SAMPLES["rss20"])
    first, second = feed.entries
    assert (feed.title, feed.language) == ("Cổng thông tin điện tử Sở Nội vụ", "vi")
    assert first.key == "sonoivu-12"
    assert first.title == "Xã Hải Yến đưa quầy hỗ trợ lưu động về thôn"
    assert first.address == "https://sonoivu.example.vn/tin/quay-luu-dong?id=12"
    assert first.author == "Hoàng Lan"
    assert first.published
    assert first.published.isoformat() == "2026-11-20T08:15:00+07:00"
    assert first.categories == ("Cải cách hành chính",)
    assert first.pictures == (
        "https://sonoivu.example.vn/anh/quay.jpg",
        "https://sonoivu.example.vn/anh/to-khai.jpg",
    )
    assert 'href="https://sonoivu.example.vn/huong-dan"' in first.content_html
    assert "alert" not in first.content_html
    assert "onclick" not in first.content_html
    assert second.published
    assert second.published.isoformat() == "2026-11-19T16:00:00+07:00"
    assert second.pictures == ("https://sonoivu.example.vn/anh/dat.png",)


def test_rss_091_with_a_dtd_and_html_entities() -> None:
    feed = read(SAMPLES["rss091"])
    (entry,) = feed.entries
    assert feed.title == "Báo & Đài"
    assert entry.title == "Hà Nội: họp trực tuyến tới xã"
    assert entry.address == "http://bao.example.vn/tin/1"
    assert entry.notes == (Note.NO_DATE,)


def test_rss_10() -> None:
    (entry,) = read(SAMPLES["rss10"]).entries
    assert entry.title == "Kế hoạch số 95/KH-UBND"
    assert entry.published
    assert entry.published.isoformat() == "2026-11-18T09:00:00+07:00"


def test_atom() -> None:
    feed = read(SAMPLES["atom"])
    (entry,) = feed.entries
    assert feed.title == "Bộ Y tế"
    assert entry.address == "https://moh.example.vn/tin/tiem-vac-xin"
    assert "<em>trạm y tế</em>" in entry.content_html
    assert entry.pictures == ("https://moh.example.vn/tep/anh.jpg",)


def test_liferay_keeps_what_identifies_an_article() -> None:
    (entry,) = read(SAMPLES["liferay_atom"]).entries
    assert entry.key.endswith("groupId=1&articleId=2")
    assert "style" not in entry.summary_html


def test_sharepoint_addresses_by_query_and_the_year_1() -> None:
    first, second = read(SAMPLES["sharepoint"]).entries
    assert first.address.endswith("?ItemID=9012")
    assert first.pictures == ("https://moet.example.vn/PublishingImages/a.jpg",)
    assert second.address.endswith("?ItemID=9013")
    assert (second.published, second.notes) == (None, (Note.IMPOSSIBLE_DATE,))


def test_vnexpress_of_2017() -> None:
    (entry,) = read(SAMPLES["vnexpress2017"]).entries
    assert entry.title == "Lạng Sơn: người dân được trả kết quả sớm"
    assert entry.key == entry.address == "https://bao.example.vn/thoi-su/tra-ket-qua-som-3680.html"
    assert entry.published
    assert entry.published.isoformat() == "2026-11-20T15:10:22+07:00"
    assert entry.pictures == ("https://i.example.vn/2026/11/20/tra-som_180x108.jpg",)
    assert "trong ngày &amp; không thu" in entry.summary_html


# --- texts, identities, encodings --------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [("<b>Tin</b> mới", "Tin mới"), ("&lt;b&gt;Tin&lt;/b&gt; mới", "Tin mới"),
     ("Báo &amp;amp; Đài", "Báo & Đài"), ("Lương < 5 triệu", "Lương < 5 triệu"),
     ("hoa\u0300 \u200bnha\u0323\u0302p", "hoà nhập"), ("\n  Tin\xa0 \n", "Tin"),
     ("<script>x</script>Tin", "Tin")],
)  # fmt: skip
def test_titles_are_plain(markup: str, text: str) -> None:
    assert plain(markup, MAX_TITLE) == text


@pytest.mark.parametrize(
    ("link", "found"),
    [("/a?utm_source=x&b=1&fbclid=z#top", "https://n.vn/a?b=1"), ("//k.vn", "https://k.vn/"),
     ("HTTPS://N.VN:443/A", "https://n.vn/A"), ("javascript:alert(1)", ""),
     ("ftp://n.vn/", ""), ("", ""),
     ("http://[", ""), ("http://a:b@n.vn/", ""), ("https://n.vn/" + "a" * 2000, ""),
     ("\n https://n.vn/tin \n", "https://n.vn/tin")],
)  # fmt: skip
def test_addresses_have_one_spelling(link: str, found: str) -> None:
    assert address(link, "https://n.vn/rss") == found


def test_html_cannot_do_anything() -> None:
    evil = (
        '<img src=x onerror=alert(1)><a href="javascript:x">a</a><iframe src="//k.vn"></iframe>'
        '<svg onload=x><style>p{}</style><form><input></form><p style="x" class="y">Tin</p>'
        '<img src="data:image/png;base64,AAAA"><base href="//k.vn">'
    )
    safe = safe_html(evil, "https://n.vn/tin/1", 10_000)
    for bad in (
        "onerror",
        "javascript",
        "iframe",
        "svg",
        "style",
        "form",
        "class",
        "data:",
        "base",
    ):
        assert bad not in safe
    assert '<img src="https://n.vn/tin/x">' in safe


def test_the_same_guid_for_everything_is_no_identity() -> None:
    item = "<item><title>Tin {0}</title><link>https://n.vn/{0}</link><guid>x</guid></item>"
    items = [item.format(number) for number in range(3)]
    one = read(f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>')
    other = read(f'<rss version="2.0"><channel>{"".join(reversed(items))}</channel></rss>')
    assert len({entry.key for entry in one.entries}) == 3
    assert {entry.key for entry in one.entries} == {entry.key for entry in other.entries}


TITLE = "Người dân tỉnh Lạng Sơn được trả kết quả sớm hơn hẹn, không phải đi lại nhiều lần"


@pytest.mark.parametrize("declared", ["utf-8", "windows-1258", "us-ascii", "khong-co", ""])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_wrong_and_missing_encodings(declared: str, real: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = rss(f"<title>{TITLE}</title>", head).encode(real)
    assert read(data, charset="iso-8859-1").entries[0].title == TITLE


def test_windows_1258_that_claims_to_be_utf_8() -> None:
    # Windows-1258 writes tones as letters of their own.
    decomposed = TITLE.translate({ord(a): b for a, b in {"ợ": "ơ\u0323", "ế": "ê\u0301"}.items()})
    decomposed = "".join(_as_1258(letter) for letter in decomposed)
    data = rss(f"<title>{decomposed}</title>", '<?xml version="1.0" encoding="utf-8"?>')
    assert read(data.encode("cp1258")).entries[0].title == TITLE


def _as_1258(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        base = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in base if mark in "\u0300\u0301\u0303\u0309\u0323"]
        rest = unicodedata.normalize("NFC", "".join(m for m in base if m not in tones))
        return rest + "".join(tones)
    return letter


def test_a_broken_byte_does_not_cost_the_rest() -> None:
    data = rss(f"<title>{TITLE}</title>").encode()
    cut = data.replace("Lạng".encode(), b"L\xe1\xba" + b"ng")
    assert read(cut).entries[0].title.endswith("không phải đi lại nhiều lần")


def test_declared_latin_1_is_believed_when_nothing_else_fits() -> None:
    assert decode(b'<?xml version="1.0" encoding="iso-8859-1"?><rss>caf\xe9</rss>').endswith(
        "café</rss>"
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [("11:04, 26/04/2020", "2020-04-26T11:04:00+07:00"),
     ("Thứ Tư, ngày 20 tháng 10 năm 2021 - 13:54", "2021-10-20T13:54:00+07:00"),
     ("(21:01 | 17/03/2021)", "2021-03-17T21:01:00+07:00"),
     ("10:8, Thứ Tư, 3-4-2024", "2024-04-03T10:08:00+07:00"),
     ("12/05/2016 04:00:00 PM", "2016-05-12T16:00:00+07:00"),
     ("11/20/2026 8:00:00 AM", "2026-11-20T08:00:00+07:00"),
     ("Thứ năm, 18/04/2024 05:40 (GMT+7)", "2024-04-18T05:40:00+07:00"),
     ("Fri, 20 Nov 2026 08:00:00 +0700", "2026-11-20T08:00:00+07:00"),
     ("Fri, 20 Nov 2026 08:00:00", "2026-11-20T08:00:00+07:00"),
     ("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00+00:00"),
     ("Fri, 20 Nov 2026 08:00:00 GMT+7", "2026-11-20T08:00:00+07:00"),
     ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00+00:00"),
     ("2026-11-20 08:00", "2026-11-20T08:00:00+07:00")],
)  # fmt: skip
def test_dates_as_they_are_written(written: str, found: str) -> None:
    moment, note = read_moment(written, NOW)
    assert moment
    assert (moment.isoformat(), note) == (found, None)


@pytest.mark.parametrize(
    ("written", "note"),
    [("1/1/0001", Note.IMPOSSIBLE_DATE), ("Mon, 01 Jan 0001 00:00:00 +0700", Note.IMPOSSIBLE_DATE),
     ("0001-01-01T00:00:00", Note.IMPOSSIBLE_DATE), ("20/11/2030", Note.IMPOSSIBLE_DATE),
     ("9999-12-31T23:59:59-12:00", Note.IMPOSSIBLE_DATE), ("hôm qua", Note.NO_DATE),
     ("", Note.NO_DATE), ("31/02/2026", Note.NO_DATE)],
)  # fmt: skip
def test_dates_that_cannot_be(written: str, note: Note) -> None:
    assert read_moment(written, NOW) == (None, note)


# --- hostile and broken ------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]>"
)
OUTSIDE = (
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://k/">%p;]>'
)


def test_entities_are_never_expanded() -> None:
    (laughing,) = read(rss("<title>Tin &lol9; mới</title>", LAUGHS)).entries
    assert laughing.title == "Tin &lol9; mới"
    (outside,) = read(rss("<title>Tin &x; mới</title>", OUTSIDE)).entries
    assert "root:" not in outside.title


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \n", Problem.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), Problem.NOT_A_FEED),
        (b"<!doctype html><html><body><p>404", Problem.NOT_A_FEED),
        (b"{}", Problem.NOT_A_FEED),
        (gzip.compress(b"<rss>", mtime=0), Problem.NOT_A_FEED),
        (zlib.compress(b"a"), Problem.NOT_A_FEED),
    ],
)
def test_what_is_no_feed_is_called_so(data: bytes, problem: Problem) -> None:
    assert read(data) == ParsedFeed(problem=problem)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read('<rss version="2.0"><channel><title>Trống</title></channel></rss>') == ParsedFeed(
        title="Trống"
    )


def test_no_more_than_can_be_handled() -> None:
    item = "<item><title>{0}</title><guid>{0}</guid></item>"
    many = "".join(item.format(number) for number in range(MAX_ENTRIES + 50))
    feed = read(f'<rss version="2.0"><channel><title>N</title>{many}</channel></rss>')
    assert len(feed.entries) == MAX_ENTRIES
    (long,) = read(rss(f"<title>{'dài ' * 1000}</title><link>x</link>")).entries
    assert len(long.title) <= MAX_TITLE
    deep = rss(f"<title>Sâu</title><description>{'&lt;div&gt;' * 5000}</description>")
    assert read(deep).entries[0].notes == (Note.NO_DATE, Note.SHORTENED)


def test_a_feed_that_takes_too_long_is_given_up() -> None:
    """An author of many digits keeps feedparser busy for minutes."""
    slow = rss(f"<title>Chậm</title><author>{'1' * 100_000}</author>").encode()
    with Parser(seconds=3) as parser:
        good = parser.parse(SAMPLES["rss20"], base=BASE, now=NOW)
        assert parser.parse(slow, base=BASE, now=NOW) == ParsedFeed(problem=Problem.TOO_SLOW)
        assert parser.parse(SAMPLES["rss20"], base=BASE, now=NOW) == good == read(SAMPLES["rss20"])


# 10,000 cases in all: random bytes, and well-formed samples damaged at random. They need no
# database, so the second run of the suite, on PostgreSQL, takes a tenth of them.
SHARE = 1 if "sqlite" in django_settings.DATABASES["default"]["ENGINE"] else 10


def many(cases: int) -> settings:
    quiet = list(HealthCheck)
    return settings(
        max_examples=cases // SHARE, deadline=None, database=None, suppress_health_check=quiet
    )


PIECES = [
    b"<item>",
    b"</item>",
    b"<![CDATA[",
    b"]]>",
    b"&#0;",
    b"&#xD800;",
    b"&nbsp;",
    b"\x00",
    b"\xff\xfe",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<?xml",
    b"?>",
    b"<!--",
    b"<entry xml:base='http://['>",
    b"<link href='http://[::'/>",
    b"<pubDate>1/1/0001</pubDate>",
    b"<guid/>",
    b"<title type='xhtml'>",
    b"<content type='application/octet-stream'>",
    b"<media:content url='//'/>",
    b"\xed\xa0\x80",
    b"<rss>",
    b"<updated>99999999999999-01-01</updated>",
    b"<enclosure url='\x07' type='image/'/>",
    b'"',
    b"<",
    b"<georss:polygon>1</georss:polygon>",
    b"<dc:date>T</dc:date>",
    b"<itunes:duration>:</itunes:duration>",
]


def sound(data: bytes, charset: str = "") -> None:
    feed = parse(data, base=BASE, now=NOW, charset=charset)
    assert (feed.problem is None) or not feed.entries
    for entry in feed.entries:
        assert entry.key
        assert entry.title
        assert entry.address == "" or entry.address.startswith("http")
        (entry.title + entry.key + entry.html + entry.author).encode()


@many(8_500)
@given(st.integers(0, 2**64))
def test_random_bytes_raise_nothing(seed: int) -> None:
    rng = random.Random(seed)
    start = rng.choice([b"", b"<rss><channel><item>", b"<feed><entry><title>"])
    alphabet = rng.choice([bytes(range(256)), b"<>&;![]-?/'\" abc:=#x1\n"])
    noise = bytes(rng.choices(alphabet, k=rng.randint(0, 300)))
    sound(start + noise, rng.choice(["", "windows-1258", "x"]))


@many(1_500)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32))
def test_damaged_samples_raise_nothing(name: str, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(SAMPLES[name])
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(data) + 1)
        end = start + rng.choice([0, 0, 1, 3, 40, 400])
        noise = rng.choice(
            [rng.choice(PIECES), rng.randbytes(rng.randint(0, 4)), data[end : end + 200]]
        )
        data[start:end] = noise
    sound(bytes(data))
