"""The programme as people write it: read, refused by line, written back the same."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.events import agenda
from campaigns.events.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def said(event: Event, text: str) -> list[tuple[str, str, str]]:
    reading = agenda.read(text, event)
    assert reading.problems == ()
    return [
        (
            f"{timezone.localtime(one.starts_at):%H:%M}-{timezone.localtime(one.ends_at):%H:%M}",
            one.content,
            one.presenter,
        )
        for one in reading.items
    ]


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("08:00 - 08:30 | Khai mạc", "08:00-08:30"),
        ("8h - 8h30 | Khai mạc", "08:00-08:30"),
        ("8g00-8g30 Khai mạc", "08:00-08:30"),
        ("8 giờ - 8 giờ 30 phút: Khai mạc", "08:00-08:30"),
        ("8.00 – 8.30\tKhai mạc", "08:00-08:30"),
        ("08h00 đến 08h30 | Khai mạc", "08:00-08:30"),
        ("8 giờ 5 phút - 9h Khai mạc", "08:05-09:00"),
    ],
)
def test_times_are_read_as_people_write_them(event: Event, line: str, time: str) -> None:
    assert said(event, line) == [(time, "Khai mạc", "")]


def test_a_number_after_the_hour_belongs_to_the_content(event: Event) -> None:
    assert said(event, "8h - 9h 5 ý kiến phát biểu") == [("08:00-09:00", "5 ý kiến phát biểu", "")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Khai mạc", "Hãy bắt đầu dòng bằng thời gian"),
        ("08:30 - 08:00 | Khai mạc", "Giờ kết thúc phải sau"),
        ("25:00 - 26:00 | Khai mạc", "không phải là giờ"),
        ("08:75 - 09:00 | Khai mạc", "không phải là giờ"),
        ("07:00 - 08:00 | Khai mạc", "nằm ngoài thời gian của sự kiện"),
        ("11:00 - 12:00 | Bế mạc", "nằm ngoài thời gian của sự kiện"),
        ("08:00 - 09:00 |", "nội dung"),
        ("Ngày 30/2/2026", "không phải là ngày có trong lịch"),
        ("Ngày 01/01/2020", "nằm ngoài thời gian diễn ra"),
        (f"08:00 - 09:00 | {'x' * 501}", "quá dài"),
    ],
)
def test_faults_are_named_with_their_line(event: Event, line: str, words: str) -> None:
    reading = agenda.read(f"\n{line}", event)
    (problem,) = reading.problems
    assert problem.line == 2
    assert words in str(problem)


def test_overlaps_are_refused_unless_they_are_meant(event: Event) -> None:
    text = "08:00 - 09:00 | Tổ 1\n08:30 - 09:30 | Tổ 2\n09:15 - 10:00 | Nghỉ"
    problems = agenda.read(text, event).problems
    assert [one.line for one in problems] == [2, 3]
    assert "dòng 1" in str(problems[0])
    meant = "08:00 - 09:00 | Tổ 1\n// 08:30 - 09:00 | Tổ 2\n09:00 - 10:00 | Nghỉ"
    reading = agenda.read(meant, event)
    assert reading.problems == ()
    assert [one.is_parallel for one in reading.items] == [False, True, False]


def test_several_days_each_have_their_line(event: Event) -> None:
    event.ends_at += timedelta(days=1)
    last = event.last_day
    text = f"08:00 - 09:00 | A\nNgày {last.day} tháng {last.month}\n08:00 - 09:00 | B"
    items = agenda.read(text, event).items
    assert [timezone.localtime(one.starts_at).date() for one in items] == [event.day, last]


CLOCK = st.integers(0, 41).map(lambda at: 8 * 60 + at * 5)  # 08:00 to 11:25


@st.composite
def programmes(draw: st.DrawFn) -> str:
    """Draw a programme without overlaps that are not meant, in any order."""
    words = st.text("abc đêạ.,;/()0123456789-", max_size=20)
    content = words.map(lambda text: f"Mục {text}".strip())
    ends = sorted(set(draw(st.lists(CLOCK, min_size=2, max_size=8))))
    lines = []
    for first, last in pairwise(ends):
        mark = "// " if draw(st.booleans()) else ""
        time = f"{first // 60:02}:{first % 60:02} - {last // 60:02}:{last % 60:02}"
        lines.append(f"{mark}{time} | {draw(content)} | {draw(content)}")
    return "\n".join(draw(st.permutations(lines)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=programmes())
def test_what_was_stored_reads_back_the_same(event: Event, text: str) -> None:
    reading = agenda.read(text, event)
    assert reading.problems == ()
    agenda.store(event, reading.items)
    written = agenda.write(event.agenda.all(), event)
    again = agenda.read(written, event)
    assert again.problems == ()
    agenda.store(event, again.items)
    assert agenda.write(event.agenda.all(), event) == written
    assert len(again.items) == len(reading.items)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text("0123456789:hg-–|/ giờphút\nNgàyabc//\t", max_size=120))
def test_wild_text_is_read_or_refused_by_line(event: Event, text: str) -> None:
    reading = agenda.read(text, event)
    assert all(event.starts_at <= one.starts_at < one.ends_at <= event.ends_at
               for one in reading.items)  # fmt: skip
    spoken = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    assert {one.line for one in reading.items} <= spoken
    assert {one.line for one in reading.problems} <= spoken
