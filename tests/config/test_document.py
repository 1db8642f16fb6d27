"""What of YAML is read, and how the rest is refused: with its place, and never by a traceback."""

from __future__ import annotations

import pytest
import yaml

from smsctl.config import document
from tests.config.conftest import Reads, Wrongs


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null", "\ufeff", "store:\n"])
def test_an_empty_file_means_the_defaults(read: Reads, text: str) -> None:
    """Nothing written, nothing changed; a section without keys is no different."""
    assert read(text).store.prefix == "sms"


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("store: [", "FILE:2:1", "not YAML: did not find expected node content"),
        ("a: b: c", "FILE:1:5", "not YAML: mapping values are not allowed in this context"),
        ("store:\n\turl: x", "FILE:2:1", "not YAML: found character that cannot start any token"),
        (b"store:\n  prefix: \xff", "FILE:2", "not UTF-8; save the file as UTF-8"),
        ("a: \x00", "FILE", "not YAML: it has characters that text does not have"),
        ("store: {prefix: a, prefix: b}", "FILE:1:20", "this key is written twice; keep one"),
        ("a: &x 1\nb: *x", "FILE:2:4", "aliases are not read; write the value out"),
        ("store: !!python/object:os.system {}", "FILE:1:8", "tags are not read; leave it out"),
        ("{[a]: b}", "FILE:1:2", "a key is one plain word"),
        ("a: 1\n---\nb: 1", "FILE:2:1", "a second document begins here"),
        ("a: " + "[" * 200 + "]" * 200, "FILE:1:11", "nested too deeply"),
        ("- a", "", "is a mapping of: gateway, purposes"),
        ("text", "", "is a mapping of: gateway, purposes"),
        ("x" * 300_000, "FILE", "larger than 262144 bytes"),
    ],
)
def test_what_is_not_read_is_told_with_its_place(
    wrong: Wrongs, text: str | bytes, path: str, message: str
) -> None:
    """File, line and column, and the reason."""
    problems = wrong(text)
    assert problems[path].startswith(message)


def test_nesting_without_end_is_refused_in_the_first_line(wrong: Wrongs) -> None:
    """By us, or by a parser that counts for itself, as PyYAML's has since 6.0.4."""
    ((path, message),) = wrong("a: " + "[" * 100_000).items()
    assert path.startswith("FILE:1:")
    assert "nest" in message


def test_a_bomb_of_aliases_is_refused_before_it_grows(wrong: Wrongs) -> None:
    """Nothing is ever expanded, so nothing can grow."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert wrong("\n".join(lines)) == {"FILE:2:10": "aliases are not read; write the value out"}


def test_scalars_are_what_was_written(read: Reads) -> None:
    """Neither a country nor a code turns into something else on the way."""
    config = read(
        "phone: {countries: [NO, CN]}\n"
        "gateway: {access_key_secret: 0123456789}\n"
        "test_numbers: [{phone: +8613800138000, code: 000123, until: 2026-12-31}]\n"
    )
    assert config.phone.countries == {"NO", "CN"}
    assert config.gateway.access_key_secret == "0123456789"
    assert config.test_numbers[0].code == "000123"
    assert config.test_numbers[0].e164 == "+8613800138000"


@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"', f"%YAML 1.{'1' * 5000}\n--- a"])
def test_a_number_that_is_none_is_no_traceback(
    wrong: Wrongs, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The parser in Python lets out what it makes of them; the one in C does not."""
    monkeypatch.setattr(document, "_Loader", yaml.SafeLoader)
    assert wrong(text) == {"FILE": "not YAML: it has characters that text does not have"}


def test_what_is_wrong_a_thousand_times_is_told_in_a_few_lines(wrong: Wrongs) -> None:
    """Twenty of a kind with their places, and how many more there are."""
    twice = wrong("store: {}\n" * 1001)
    assert len(twice) == 21
    assert twice["FILE"] == "and 980 more keys that are written twice"
    unknown = wrong("store: {" + ", ".join(f"k{number}: 1" for number in range(1000)) + "}")
    assert len(unknown) == 21
    assert unknown["store"] == "and 980 more keys that are not known"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("gateway: {sign_name: '" + "${A:-" * 40_000 + "'}", "gateway.sign_name"),
        ("gateway: {sign_name: '" + "${A}" * 1000 + "'}", "gateway.sign_name"),
        ("store: {url: redis://" + "a" * 200_000 + "}", "store.url"),
        ("purposes: {login: {text: '" + "${A" * 60_000 + "'}}", "purposes.login.text"),
    ],
)
def test_no_value_is_longer_than_a_page(wrong: Wrongs, text: str, path: str) -> None:
    """Some readers take the square of it, and a variable can be written many times."""
    assert wrong(text, {"A": "x" * 100_000})[path] == "is longer than 4096 characters"


def test_an_override_is_no_longer_than_a_page(wrong: Wrongs) -> None:
    """What the environment says is bounded as well."""
    assert wrong("", {"SMSCTL_STORE__URL": "redis://" + "a" * 100_000}) == {
        "store.url": "is longer than 4096 characters"
    }
