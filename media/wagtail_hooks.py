"""Registers what the media app adds to Wagtail."""

from wagtail import hooks

from media.framing import FrameOperation


@hooks.register("register_image_operations")
def image_operations() -> list[tuple[str, type[FrameOperation]]]:
    return [("frame", FrameOperation)]
