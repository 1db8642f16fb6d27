"""One bad file for each mistake: the problem's path, what is wrong, and the remedy."""

from __future__ import annotations

from decimal import Decimal

import phonenumbers
import pytest

from smsctl.config import policy
from smsctl.config.countries import COUNTRIES
from smsctl.core.errors import ConfigError
from smsctl.core.policy import Policy
from tests.config.conftest import Reads, Wrongs

SECRET = "code: {secret: 0123456789abcdef}\n"

ONE_VALUE = [
    ("stor: {}", "stor", "there is no such key; did you mean store?"),
    ("store: {ulr: x}", "store.ulr", "there is no such key; did you mean url?"),
    ("code: {wrong: {mx: 3}}", "code.wrong.mx", "there is no such key; did you mean max?"),
    ("address: {zzz: 1}", "address.zzz", "there is no such key; known here: private"),
    ("store: []", "store", "is a mapping of: url, ca, prefix, timeout, durability"),
    ("store: {prefix: [a]}", "store.prefix", "is one value, not a list or a mapping"),
    ("store: {prefix: }", "store.prefix", 'has no value; write "" for an empty text, or'),
    ("store: {prefix: 'a{b'}", "store.prefix", "a name has 1 to 32 letters, digits and ._-"),
    ("store: {prefix: ''}", "store.prefix", "a name has 1 to 32 letters, digits and ._-"),
    ("store: {timeout: 0s}", "store.timeout", "is more than 0s and at most 60s"),
    ("store: {timeout: 61s}", "store.timeout", "is more than 0s and at most 60s"),
    ("store: {timeout: 5}", "store.timeout", "is a duration like 500ms, 60s, 5m, 24h or 7d; add"),
    ("store: {timeout: soon}", "store.timeout", "is a duration like 500ms, 60s, 5m, 24h or 7d"),
    ("store: {timeout: -1s}", "store.timeout", "is a duration like 500ms, 60s, 5m, 24h or 7d"),
    (f"store: {{timeout: {'9' * 400}s}}", "store.timeout", "is more than 0s and at most 60s"),
    ("store: {durability: AOF}", "store.durability", "is one of: aof, strict; did you mean aof?"),
    ("store: {url: http://x}", "store.url", "is no store that smsctl knows; write embedded,"),
    ("store: {url: localhost:6379}", "store.url", "is no store that smsctl knows"),
    ("store: {url: 'redis://'}", "store.url", "is no store that smsctl knows"),
    ("store: {url: 'redis://h:0'}", "store.url", "is no usable address"),
    ("store: {url: 'redis://h:99999'}", "store.url", "is no usable address"),
    ("store: {url: 'redis://[::1'}", "store.url", "is no usable address"),
    ("store: {url: 'redis://h/x'}", "store.url", "is a server and the number of a database"),
    ("store: {url: 'redis://h/0?db=1'}", "store.url", "is a server and the number of a"),
    ("store: {url: 'unix://run/x'}", "store.url", "a socket's path begins with /"),
    ("gateway: {provider: twilio}", "gateway.provider", "is one of: console, aliyun"),
    ("gateway: {sign_name: 【示例】}", "gateway.sign_name", "has brackets of its own"),
    ('gateway: {sign_name: "示例\u200b"}', "gateway.sign_name", "has characters that cannot be"),
    ('gateway: {access_key_id: "a\\n"}', "gateway.access_key_id", "has characters that cannot"),
    ("gateway: {access_key_id: 'a '}", "gateway.access_key_id", "begins or ends with a space"),
    ("gateway: {price: -1}", "gateway.price", "is an amount of CNY from 0 to 1000, like 0.045"),
    ("gateway: {price: NaN}", "gateway.price", "is an amount of CNY from 0 to 1000, like 0.045"),
    ("gateway: {price: cheap}", "gateway.price", "is an amount of CNY from 0 to 1000, like 0.045"),
    ("gateway: {endpoint: ''}", "gateway.endpoint", "is empty; write dysmsapi.aliyuncs.com"),
    ("gateway: {endpoint: 'http://x.cn'}", "gateway.endpoint", "plain HTTP is for loopback"),
    ("gateway: {endpoint: 'ftp://x.cn'}", "gateway.endpoint", "is no address of a vendor"),
    ("gateway: {endpoint: 'https://u:p@x'}", "gateway.endpoint", "is no address of a vendor"),
    ("gateway: {endpoint: 'a b'}", "gateway.endpoint", "is no usable address"),
    ("gateway: {proxy: 'socks5://h:1'}", "gateway.proxy", "is no HTTP(S) proxy; write http://"),
    ("gateway: {proxy: 'h:1'}", "gateway.proxy", "is no usable address"),
    ("gateway: {timeout: 2m}", "gateway.timeout", "is more than 0s and at most 60s"),
    ("captcha: {provider: recaptcha}", "captcha.provider", "is one of: none, turnstile, aliyun"),
    ("captcha: {provider: turnstile}", "captcha.secret", "is needed: captcha.provider asks"),
    ("captcha: {on_outage: deny}", "captcha.on_outage", "is one of: refuse, allow"),
    ("captcha: {outage_max: 0}", "captcha.outage_max", "is from 1 to 100"),
    ("captcha: {outage_max: 101}", "captcha.outage_max", "is from 1 to 100"),
    ("code: {length: 3}", "code.length", "is from 4 to 6"),
    ("code: {length: 7}", "code.length", "is from 4 to 6"),
    ("code: {length: 5.0}", "code.length", "is a whole number from 4 to 6"),
    ("code: {length: six}", "code.length", "is a whole number from 4 to 6"),
    ("code: {ttl: 601s}", "code.ttl", "is more than 0s and at most 10m"),
    ("code: {ttl: 500ms}", "code.ttl", "is at least 1 s"),
    ("code: {tries: 0}", "code.tries", "is from 1 to 10"),
    ("code: {tries: 11}", "code.tries", "is from 1 to 10"),
    ("code: {live: 4}", "code.live", "is from 1 to 3"),
    ("code: {wrong: {max: 101}}", "code.wrong.max", "is from 1 to 100"),
    ("code: {wrong: {window: 32d}}", "code.wrong.window", "is more than 0s and at most 31d"),
    ("code: {wrong: 5}", "code.wrong", "is a mapping of: max, window"),
    ("code: {challenge: yes}", "code.challenge", "is one of: none, required"),
    ("code: {secret: short}", "code.secret", "is shorter than 16 bytes; make one: openssl rand"),
    ("store: {url: 'redis://h'}", "code.secret", "is needed unless the store is embedded"),
    ("phone: {region: China}", "phone.region", "is a country of ISO 3166, two letters"),
    ("phone: {region: cn}", "phone.region", "is a country of ISO 3166, two letters; write it in"),
    ("phone: {countries: []}", "phone.countries", "has no country in it: nothing could be sent"),
    ("phone: {countries: [CN, ZZ]}", "phone.countries", "is a country of ISO 3166, two letters"),
    ("phone: {countries: [[CN]]}", "phone.countries", "is one value, not a list or a mapping"),
    ("address: {private: allow}", "address.private", "is one of: refuse, count"),
    ("timezone: Asia/Peking", "timezone", "is no time zone; write one like Asia/Shanghai"),
    ("timezone: ../../etc/passwd", "timezone", "is no time zone"),
    ("timezone: ''", "timezone", "is no time zone"),
    ("timezone: Asia", "timezone", "is no time zone"),
    ("default_purpose: pay", "default_purpose", "there is no such purpose; configured are: login"),
    ("purposes: {pay: }", "default_purpose", "there is no such purpose; configured are: pay"),
    ("purposes: ", "purposes", "is a mapping of 1 to 100 purposes"),
    ("purposes: {}", "purposes", "is a mapping of 1 to 100 purposes"),
    ("purposes: {login: x}", "purposes.login", "is a mapping of: template, variable, text"),
    ("purposes: {login: , 'a b': }", "purposes.a b", "a name has 1 to 32 letters"),
    (
        "purposes: {login: {tempalte: x}}",
        "purposes.login.tempalte",
        "there is no such key; did you",
    ),
    ("purposes: {login: {variable: ''}}", "purposes.login.variable", "is the name of the"),
    ("purposes: {login: {text: 你好}}", "purposes.login.text", "has not exactly the variable"),
    (
        "purposes: {login: {text: '${code}${name}'}}",
        "purposes.login.text",
        "has not exactly the variable ${code}; copy the template's words",
    ),
    ("purposes: {login: {text: '【a】${code}'}}", "purposes.login.text", "has the signature's"),
]


@pytest.mark.parametrize(("text", "path", "message"), ONE_VALUE)
def test_a_bad_value_is_told_with_path_and_remedy(
    wrong: Wrongs, text: str, path: str, message: str
) -> None:
    """Exactly one problem for one mistake."""
    problems = wrong(text)
    assert list(problems) == [path]
    assert problems[path].startswith(message)


def test_a_real_gateway_needs_what_the_vendor_asks_for(wrong: Wrongs) -> None:
    """Keys, signature and templates, all told at once."""
    text = "gateway: {provider: aliyun, sign_name: ''}\npurposes: {login: , pay: {template: SMS_1}}"
    needed = "is needed: gateway.provider asks for it"
    hint = "set {} in the environment: the default reads it"
    assert wrong(text) == {
        "gateway.access_key_id": f"{needed}; {hint.format('ALIBABA_CLOUD_ACCESS_KEY_ID')}",
        "gateway.access_key_secret": f"{needed}; {hint.format('ALIBABA_CLOUD_ACCESS_KEY_SECRET')}",
        "gateway.sign_name": needed,
        "purposes.login.template": needed,
    }


def test_the_aliyun_captcha_needs_keys_and_scene(wrong: Wrongs) -> None:
    """It signs with the gateway's key."""
    assert list(wrong("captcha: {provider: aliyun}")) == [
        "gateway.access_key_id",
        "gateway.access_key_secret",
        "captcha.scene_id",
    ]


def test_all_problems_are_told_at_once_in_the_override_of_the_sections(wrong: Wrongs) -> None:
    """One run of the check shows everything; a value that cannot be read is told once."""
    text = (
        "timezone: x\nlimits: [x]\nsotre: {}\ntest_numbers: [{phone: 1, code: 1, until: 1}]\n"
        "code: {length: x, secret: '${NONE}'}\nstore: {url: 'redis://h', prefix: '{'}\n"
    )
    assert list(wrong(text, {"SMSCTL_X__Y": ""})) == [
        "sotre",
        "SMSCTL_X__Y",
        "store.prefix",
        "code.length",
        "code.secret",
        "test_numbers[0].phone",
        "test_numbers[0].until",
        "limits[0]",
        "timezone",
    ]


def test_an_exception_tells_the_first_problem_and_how_many_more(read: Reads) -> None:
    """For those who see nothing but the exception."""
    with pytest.raises(ConfigError, match=r"code\.tries: is from 1 to 10 \(\+1 more\)"):
        read("code: {tries: 0, live: 0}")


def test_absurd_keys_are_told_shortened(wrong: Wrongs) -> None:
    """A key of any length or content fits the line that names it."""
    assert list(wrong(f"{'k' * 1000}: 1")) == ["k" * 40 + "…"]
    assert list(wrong('"a\\e[31m": 1')) == [r"'a\x1b[31m'"]


def test_what_is_right_reaches_the_policy(read: Reads) -> None:
    """Values arrive in the core's own units."""
    config = read(
        "gateway: {price: 0.05, timeout: 500ms, endpoint: 'http://127.0.0.1:8080'}\n"
        "captcha: {on_outage: allow, outage_max: 5}\n"
        "code: {length: 4, ttl: 10m, tries: 1, live: 3,"
        " wrong: {max: 5, window: 1h}, challenge: required}\n"
        "phone: {countries: [CN, HK]}\naddress: {private: count}\n"
        "limits: [{name: a, per: all, max: 1, window: month, mode: observe, only: {country: HK}}]\n"
        "timezone: UTC\n"
    )
    decided = policy(config)
    assert config.gateway.price == Decimal("0.05")
    assert config.gateway.timeout == 0.5
    assert (decided.on_outage, decided.outage_max) == ("allow", 5)
    assert (decided.code.length, decided.code.ttl, decided.code.tries) == (4, 600.0, 1)
    assert (decided.code.live, decided.code.challenge) == (3, "required")
    assert (decided.code.wrong_max, decided.code.wrong_window) == (5, 3600.0)
    assert decided.countries == {"CN", "HK"}
    assert decided.private_addresses == "count"
    assert decided.timezone.key == "UTC"
    (rule,) = decided.rules
    assert (rule.mode, rule.only_country, rule.only_purpose) == ("observe", "HK", None)
    assert rule.window.unit == "month"


def test_the_defaults_are_the_cores(read: Reads) -> None:
    """The core without arguments and a file without words decide alike."""
    assert policy(read("")) == Policy()


def test_every_store_scheme_of_the_contract_is_read(read: Reads) -> None:
    """One server, or several that know among themselves which is the primary."""
    for url in (
        "redis://h",
        "redis://user:p%40ss@h:6379/1",
        "rediss://h:6380",
        "unix:///run/redis.sock",
        "unix://user:pw@/run/redis.sock",
        "redis+sentinel://a:26379,b:26379/master/0",
        "redis+sentinel://:pw@a,b/master",
        "rediss+sentinel://a/master",
        "redis+cluster://a:7000,b:7000",
        "rediss+cluster://user:pw@a:7000/0",
    ):
        assert read(f"{SECRET}store: {{url: '{url}'}}").store.url == url


def test_plain_http_is_read_for_loopback(read: Reads) -> None:
    """And only there; a bare host is asked over HTTPS."""
    for endpoint in ("http://localhost:1", "http://127.0.0.2", "http://[::1]:8080", "https://x.cn"):
        assert read(f"gateway: {{endpoint: '{endpoint}'}}").gateway.endpoint == endpoint


def test_every_country_that_has_telephones_is_known() -> None:
    """All of libphonenumber's, but for two islands that ISO 3166 has no letters for."""
    assert {"AC", "TA"} == phonenumbers.SUPPORTED_REGIONS - COUNTRIES
    assert len(COUNTRIES) == 250
