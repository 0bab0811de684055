"""Model fields shared by the apps."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """A StreamField that leaves its blocks out of migrations.

    The column is JSON whatever the blocks are, so a changed block needs no schema migration. Data
    migrations that walk the blocks must use the raw JSON.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Historical models are built from migrations, where no blocks are given.
        super().__init__(args[0] if args else [], **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
