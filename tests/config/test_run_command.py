"""``manage.py run`` speaks Vietnamese from its first line."""

import os
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from config.management.commands import run
from core import messages, upstream


class Restarted(Exception):
    """Stands for the process that takes this one's place."""


def test_it_begins_again_once_the_catalogues_are_compiled(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    def restart(program: str, arguments: list[str]) -> None:
        assert arguments == [sys.executable, *sys.argv]
        raise Restarted

    settings.DEBUG = True
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(run, "VAR_DIR", tmp_path / "var")
    monkeypatch.setattr(os, "execv", restart)
    monkeypatch.setitem(os.environ, run.RESTARTED, "")
    compiled: list[str] = []
    monkeypatch.setattr(messages, "compile_catalogue", lambda app: not compiled.append(app))
    monkeypatch.setattr(upstream, "compile_overlays", lambda: bool(compiled.append("overlays")))
    with pytest.raises(Restarted):
        call_command("run")
    assert compiled == [*messages.OUR_APPS, "overlays"]
