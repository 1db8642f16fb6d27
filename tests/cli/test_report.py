"""`smsctl report`: from command lines to figures and a page."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from smsctl.cli.frame.words import cells
from tests.cli.desk import Desk
from tests.cli.desks import IP, OTHER, PHONE


@pytest.fixture
def used(desk: Desk) -> Desk:
    """Return a desk after two sends, two refusals and an operator's act."""
    desk("send", PHONE, "--ip", IP)
    desk("send", PHONE, "--ip", IP)
    desk("send", OTHER, "--ip", IP)
    desk("send", "+12015550123", "--ip", IP)
    desk("deny", "add", "+861620*", "--for", "1h", "--reason", "pumped <b>")
    return desk


def test_figures_are_those_of_the_commands(used: Desk) -> None:
    """As one document, with nobody's number in it."""
    told = used("report", "--json")
    document = told.document
    assert document["schema"] == "smsctl.report/1"
    total = document["total"]
    assert (total["sent"], total["refused"], total["conversion"]) == (2, 2, 0.0)
    assert document["refused"] == {"country": 1, "phone-minute": 1}
    assert len(document["days"]) == 30
    assert document["days"][-1]["refused_by"] == {"country": 1, "phone-minute": 1}
    assert document["cost"]["sent"] == "0.090"
    rows = document["callers"]["addresses"]["rows"]
    assert [(row["ip"], row["sent"], row["refused"], row["phones"]) for row in rows] == [
        (IP, 2, 2, 2)
    ]
    assert [act["reason"] for act in document["acts"]] == ["pumped <b>"]
    assert PHONE not in told.out


def test_the_page_is_written_whole_and_for_its_owner_alone(used: Desk, tmp_path: Path) -> None:
    """What was there is replaced; nothing else is left in the folder."""
    file = tmp_path / "pages" / "report.html"
    file.parent.mkdir()
    file.write_text("old")
    told = used("report", "--days", "7", "--html", str(file), "--json")
    assert (told.code, told.document["html"]) == (0, str(file))
    page = file.read_text("utf-8")
    assert page.startswith("<!doctype html>\n<html")
    assert page.endswith("</html>\n")
    assert "pumped &lt;b&gt;" in page
    assert IP in page
    assert PHONE not in page
    assert [each.name for each in file.parent.iterdir()] == ["report.html"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_stays_one_and_a_pipe_is_no_file(used: Desk, tmp_path: Path) -> None:
    """The page goes where the link points; what is no file is left as it is."""
    file, link, pipe = (tmp_path / name for name in ("report.html", "link", "pipe"))
    link.symlink_to(file)
    assert used("report", "--html", str(link)).code == 0
    assert link.is_symlink()
    assert file.read_text("utf-8").startswith("<!doctype html>")
    os.mkfifo(pipe)
    assert used("report", "--html", str(pipe)).code == 2
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_number_in_a_reason_is_masked(used: Desk, tmp_path: Path) -> None:
    """Invariant 8: nobody's whole number is shown, whoever wrote it where."""
    file = tmp_path / "report.html"
    for number in ("13800138077", "+86 138 0013 8077", "8613800138077", "138-0013-8077"):
        used("deny", "add", "+861621*", "--reason", f"{number} called, ticket 202611230001")
    used("report", "--html", str(file))
    told = file.read_text("utf-8") + used("audit").out + used("overrides").out
    assert "13800138077" not in re.sub(r"[ -]", "", told)
    assert told.count("138****8077 called") == 4 * 3
    assert "138****8077 called, ticket 202611230001" in told


def test_the_page_goes_to_a_pipe_in_any_encoding(used: Desk) -> None:
    """ASCII, whose bytes are the same in all that a locale may name."""
    told = used("report", "--html", "-", SMSCTL_LANG="zh")
    assert told.out.isascii()
    assert '<html lang="zh-CN">' in told.out
    assert "&#30701;&#20449;" in told.out  # 短信
    document = used("report", "--html", "-", "--json").document
    assert document["total"]["sent"] == 2


def test_a_pipe_gets_the_days(used: Desk) -> None:
    """One line each, oldest first."""
    days = used("report", "--days", "3").table
    assert [day["sent"] for day in days] == ["0", "0", "2"]
    assert days[-1]["refused"] == "2"


@pytest.mark.parametrize("columns", ["40", "80", "120"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_screen_fits_its_terminal(used: Desk, columns: str, language: str) -> None:
    """The figures at a glance, in either language."""
    shown = used("report", terminal=True, COLUMNS=columns, SMSCTL_LANG=language, NO_COLOR="1")
    assert shown.code == 0
    assert max(map(cells, shown.out.splitlines())) <= int(columns)
    assert ("验证率" if language == "zh" else "Conversion") in shown.out


def test_a_file_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    """As bad usage, with the place."""
    told = desk("report", "--html", str(tmp_path / "none" / "r.html"), "--json")
    assert told.code == 2
    assert "none/r.html" in json.dumps(told.error)


@pytest.mark.parametrize("words", [["--days", "0"], ["--days", "91"], ["--top", "0"]])
def test_bad_input_is_a_usage_error(desk: Desk, words: list[str]) -> None:
    """As everywhere."""
    assert desk("report", *words).code == 2
