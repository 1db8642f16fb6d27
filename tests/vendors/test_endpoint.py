"""A vendor's address: a host, or a URL; in the clear only at home."""

from __future__ import annotations

import pytest

from smsctl.core.errors import ConfigError
from smsctl.vendors.endpoint import Endpoint, read_endpoint


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("dysmsapi.aliyuncs.com", Endpoint("https", "dysmsapi.aliyuncs.com")),
        (" dysmsapi.aliyuncs.com/ ", Endpoint("https", "dysmsapi.aliyuncs.com")),
        ("https://gateway.example:8443", Endpoint("https", "gateway.example:8443")),
        ("http://127.0.0.1:8080", Endpoint("http", "127.0.0.1:8080")),
        ("http://127.9.9.9", Endpoint("http", "127.9.9.9")),
        ("http://localhost:1/", Endpoint("http", "localhost:1")),
        ("http://[::1]:80", Endpoint("http", "[::1]:80")),
    ],
)
def test_an_address_is_read(text: str, endpoint: Endpoint) -> None:
    """HTTPS unless it says otherwise."""
    assert read_endpoint(text, path="gateway.endpoint") == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://dysmsapi.aliyuncs.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
        "https://",
        "https://user:secret@host",
        "host:port",
        "host:99999",
        "https://host?query",
        "https://host#part",
        "https://[::1",
        "two words",
        "https://host/path",
    ],
)
def test_what_is_no_address_is_refused_by_its_path(text: str) -> None:
    """The message names the place in the configuration, and repeats no password."""
    with pytest.raises(ConfigError, match=r"gateway\.endpoint") as caught:
        read_endpoint(text, path="gateway.endpoint")
    assert "secret" not in str(caught.value)


def test_a_whole_url_keeps_its_path() -> None:
    """Where the vendor has one address and not only a host."""
    url = "https://captcha.example/v0/siteverify"
    assert read_endpoint(url, path="captcha.endpoint", whole_url=True).url == url
