"""What was published for a plan or one of its activities, newest first, a page at a time."""

from collections.abc import Collection, Sequence
from typing import overload

from campaigns import counting
from campaigns.counting import Item


class Published(Sequence[Item]):
    """The items as a paginator wants them: counted by the counters, fetched as they are shown."""

    def __init__(self, activities: Collection[int]) -> None:
        self.activities = activities
        self.size = sum(counting.counts(activities).values())

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, wanted: int) -> Item: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Item]: ...
    def __getitem__(self, wanted: int | slice) -> Item | list[Item]:
        if isinstance(wanted, int):
            return counting.newest(self.activities, wanted, wanted + 1)[0]
        first, last, _step = wanted.indices(self.size)
        return counting.newest(self.activities, first, last)
