"""The contract, "Configuration": where it is looked for, what overrides what, how mistakes read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.conftest import HERE, MakeHost
from tests.contract.names import today
from tests.contract.program import Host

# The contract's YAML: each key with its default, as `config show` prints it.
DEFAULTS = {
    "gateway.provider": "console",
    "gateway.sign_name": "示例签名",
    "gateway.access_key_id": "",
    "gateway.access_key_secret": "",
    "gateway.security_token": "",
    "gateway.credentials": "key",
    "gateway.role_name": "",
    "gateway.endpoint": "",
    "gateway.proxy": "",
    "gateway.timeout": "8s",
    "gateway.price": "0.045",
    "gateway.frequency.minute": "1",
    "gateway.frequency.hour": "5",
    "gateway.frequency.day": "10",
    "purposes.login.template": "SMS_20261234",
    "purposes.login.variable": "code",
    "purposes.login.text": "",
    "default_purpose": "login",
    "captcha.provider": "none",
    "captcha.secret": "",
    "captcha.hostname": "",
    "captcha.action": "",
    "captcha.scene_id": "",
    "captcha.endpoint": "",
    "captcha.remoteip": "true",
    "captcha.timeout": "5s",
    "captcha.on_outage": "refuse",
    "captcha.outage_max": "60",
    "store.url": "embedded",
    "store.ca": "",
    "store.prefix": "sms",
    "store.timeout": "1s",
    "store.durability": "aof",
    "code.length": "6",
    "code.ttl": "5m",
    "code.tries": "3",
    "code.live": "1",
    "code.wrong.max": "20",
    "code.wrong.window": "24h",
    "code.challenge": "none",
    "code.secret": "",
    "phone.region": "CN",
    "phone.countries": "CN",
    "address.private": "refuse",
    "test_numbers": "[]",
    "timezone": "Asia/Shanghai",
}
# The default limits: name: (per, max, window)
LIMITS = {
    "phone-minute": ("phone", "1", "60s"),
    "phone-hour": ("phone", "5", "1h"),
    "phone-day": ("phone", "10", "24h"),
    "ip-day": ("ip", "10", "day"),
    "network-day": ("network", "500", "day"),
    "network-unverified": ("network", "50", "hour"),
    "fuse": ("all", "5000", "day"),
}
PREFIX = today("per", "prefix")
# Rules that a file may hold.
ACCEPTED = {
    "ip day": "per: ip, max: 5, window: day",
    "prefix day": f"per: {PREFIX}, max: 5, window: day",
    "country month": "per: country, max: 5, window: month",
    "purpose rolling": "per: purpose, max: 100, window: 1h",
    "network day": "per: network, max: 5, window: day",
    "all hour": "per: all, max: 5000, window: hour",
    "unverified network hour": "per: network, max: 5, window: hour, count: unverified",
    "unverified ip day": "per: ip, max: 5, window: day, count: unverified, mode: observe",
    "unverified prefix day": f"per: {PREFIX}, max: 5, window: day, count: unverified",
}
# What is wrong, all in one file: the path of the problem.
MISTAKES = (
    "gateway.provider",  # not console, aliyun or pnvs
    "gateway.endpoint",  # http:// that is not loopback
    "gateway.frequency.minute",  # at most 40 each
    "captcha.on_outage",  # refuse or allow
    "code.length",  # 4 to 6
    "code.ttl",  # at most 10m
    "code.live",  # 1 to 3
    "code.secret",  # 16 bytes or more
    "phone.region",  # no country
    "limits[0].max",  # at least 1
    "limits[1].name",  # a name twice
    "limits[2].window",  # no window
    "limits[3].max",  # a rolling rule's is at most 100
    "limits[4].name",  # reserved
    "limits[5].per",  # no subject
    "limits[6].count",  # unverified for a fuse
    "limits[7].count",  # unverified in a rolling window
    "limits[8].name",  # reserved
    "limits[9].name",
    "limits[10].name",
    "limits[11].name",
    "timezone",  # no zone
)
WRONG = """
gateway: {provider: carrier-pigeon, endpoint: "http://sms.example.com", frequency: {minute: 41}}
captcha: {on_outage: maybe}
code: {length: 7, ttl: 11m, live: 4, secret: short}
phone: {region: XX}
limits:
  - {name: a, per: phone, max: 0, window: 60s}
  - {name: a, per: phone, max: 1, window: 60s}
  - {name: c, per: phone, max: 1, window: fortnight}
  - {name: d, per: phone, max: 101, window: 1h}
  - {name: captcha, per: phone, max: 1, window: day}
  - {name: f, per: shoe-size, max: 1, window: day}
  - {name: g, per: all, max: 1, window: day, count: unverified}
  - {name: h, per: ip, max: 1, window: 1h, count: unverified}
  - {name: country, per: ip, max: 1, window: day}
  - {name: denied, per: ip, max: 1, window: day}
  - {name: paused, per: ip, max: 1, window: day}
  - {name: locked, per: ip, max: 1, window: day}
timezone: Mars/Olympus_Mons
"""


def shown(host: Host, *words: str, **environ: str) -> dict[str, str]:
    """Return the effective values by their keys."""
    document = host.json("config", "show", *words, **environ)
    return {value["key"]: value["value"] for value in document["values"]}


def problems(host: Host, *words: str, **environ: str) -> list[dict[str, Any]]:
    """Return what `config check` finds wrong: exit code 78."""
    ran = host("config", "check", "--json", *words, **environ)
    assert (ran.code, ran.document["ok"]) == (78, False)
    return [item for item in ran.document["items"] if item["level"] == "error"]


@pytest.fixture(scope="module")
def defaults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the values that are in force without a file."""
    return shown(Host(tmp_path_factory.mktemp("defaults")))


@pytest.fixture(scope="module")
def wrong(make_host: MakeHost) -> set[str]:
    """Return the paths of all that is wrong with `WRONG`."""
    return {item["check"] for item in problems(make_host(WRONG), SMSCTL_SECRET="")}


@pytest.mark.parametrize("key", DEFAULTS)
def test_default_of(defaults: dict[str, str], key: str) -> None:
    """A key that is left out has the contract's default."""
    assert defaults[key] == DEFAULTS[key]


@pytest.mark.parametrize("name", LIMITS)
def test_default_limit(defaults: dict[str, str], name: str) -> None:
    """Without `limits:` the contract's rules are in force."""
    (path,) = (key.removesuffix(".name") for key, value in defaults.items() if value == name)
    rule = tuple(defaults[f"{path}.{key}"] for key in ("per", "max", "window"))
    assert rule == LIMITS[name]


@pytest.mark.parametrize("rule", ACCEPTED)
def test_rule_is_accepted(accepted: set[str], rule: str) -> None:
    """The subjects, windows and counts of the contract make a rule."""
    assert f"limits[{[*ACCEPTED].index(rule)}]" not in accepted


@pytest.fixture(scope="module")
def accepted(make_host: MakeHost) -> set[str]:
    """Return the rules of `ACCEPTED` with which something is wrong."""
    rules = [f"- {{name: r{n}, {rule}}}" for n, rule in enumerate(ACCEPTED.values())]
    document = make_host("limits:\n" + "\n".join(rules)).json("config", "check")
    return {item["check"].split(".")[0] for item in document["items"] if item["level"] == "error"}


@pytest.mark.parametrize("path", MISTAKES)
def test_all_problems_are_reported_at_once(wrong: set[str], path: str) -> None:
    """One run names every problem of a file by its path."""
    assert path in wrong


def test_example_has_every_key_with_its_default(defaults: dict[str, str], bare: Host) -> None:
    """`config.example.yaml` shows every key with its true default."""
    example = HERE.parent.parent / "config.example.yaml"
    document = bare.json("config", "show", "--config", str(example))
    assert {entry["key"]: entry["value"] for entry in document["values"]} == defaults
    left_out = {e["key"].split(".")[-1] for e in document["values"] if e["origin"] != "file"}
    assert left_out <= {"mode"}  # of a rule: a comment shows it


# Values that are not the defaults, all in one file.
OTHERS = {
    "gateway.provider": "aliyun",
    "captcha.provider": "turnstile",
    "captcha.on_outage": "allow",
    "store.durability": "strict",
    "code.challenge": "required",
    "address.private": "count",
}
STORES = (
    "redis://h:6379/0",
    "rediss://h:6379",
    "unix:///run/redis.sock",
    "redis+sentinel://h1,h2/mymaster/0",
    "redis+cluster://h1:6379,h2:6379",
)


def test_choices_are_taken(bare: Host) -> None:
    """A key with a choice takes the contract's other word as well."""
    environ = {f"SMSCTL_{key.upper().replace('.', '__')}": word for key, word in OTHERS.items()}
    values = shown(bare, **environ)
    assert {key: values[key] for key in OTHERS} == OTHERS


@pytest.mark.parametrize("url", STORES)
def test_store_may_be_at(bare: Host, url: str) -> None:
    """Every kind of store of the contract is taken."""
    assert shown(bare, SMSCTL_STORE__URL=url)["store.url"] == url


@pytest.mark.parametrize("key", ["gateway.provider pnvs", "captcha.provider aliyun"])
def test_provider_may_be(bare: Host, key: str) -> None:
    """Every provider of the contract is taken."""
    path, word = key.split()
    assert shown(bare, **{f"SMSCTL_{path.upper().replace('.', '__')}": word})[path] == word


def test_abroad_has_a_template_for_each_country(make_host: MakeHost) -> None:
    """A purpose has a template for abroad, by country; each in `phone.countries` needs one."""
    abroad = "{HK: {template: SMS_2, sign_name: Acme, price: 0.3}}"
    purpose = f"{{template: SMS_1, abroad: {abroad}}}"
    text = f"purposes: {{login: {purpose}}}\nphone: {{countries: [CN, HK]}}"
    assert shown(make_host(text))["phone.countries"] == "CN, HK"
    assert problems(make_host(text.replace("CN, HK", "CN, US")))


def test_init_writes_a_starter_file(bare: Host) -> None:
    """`config init` writes a file for its owner alone, which loads, and overwrites none."""
    ran = bare("config", "init", "new.yaml", "--json")
    assert (ran.code, ran.document["ok"]) == (0, True)
    file = bare.home / "new.yaml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert bare.json("config", "show", "--config", str(file))["path"] == str(file)
    assert bare("config", "init", "new.yaml").code == 7


def test_search_order(bare: Host) -> None:
    """`--config` comes before `$SMSCTL_CONFIG`, `$XDG_CONFIG_HOME` and `~/.config`."""
    places = [".config/smsctl/config.yaml", "xdg/smsctl/config.yaml", "env.yaml", "option.yaml"]
    files = [str(bare.write(f"store: {{prefix: p{n}}}", place=p)) for n, p in enumerate(places)]
    xdg, env = {"XDG_CONFIG_HOME": str(bare.home / "xdg")}, {"SMSCTL_CONFIG": files[2]}
    documents = [
        bare.json("config", "show"),
        bare.json("config", "show", **xdg),
        bare.json("config", "show", **xdg, **env),
        bare.json("config", "show", "--config", files[3], **xdg, **env),
    ]
    assert [document["path"] for document in documents] == files


def test_named_file_must_be_there(bare: Host) -> None:
    """A file that `--config` or `$SMSCTL_CONFIG` names and that is not there is an error (78)."""
    assert bare("send", "13800138000", "--config", "nowhere.yaml").code == 78
    assert bare("send", "13800138000", SMSCTL_CONFIG="nowhere.yaml").code == 78
    assert list(bare.home.iterdir()) == []


def test_limits_replace_the_default_list(make_host: MakeHost) -> None:
    """`limits:` when present replaces the whole default list; other keys keep their defaults."""
    values = shown(make_host("limits: [{name: only, per: ip, max: 3, window: day}]"))
    assert [key for key in values if key.endswith("].name")] == ["limits[0].name"]
    assert values["code.ttl"] == "5m"


def test_environment_overrides_a_value(host: Host) -> None:
    """`SMSCTL_<SECTION>__<KEY>` stands for one value, and `config show` names it as the origin."""
    document = host.json("config", "show", SMSCTL_CODE__TTL="2m", SMSCTL_CODE__WRONG__MAX="7")
    values = {value["key"]: value for value in document["values"]}
    assert values["code.ttl"]["value"] == "2m"
    assert "SMSCTL_CODE__TTL" in values["code.ttl"]["origin"]
    assert values["code.wrong.max"]["value"] == "7"
    assert values["code.live"]["origin"] == "default"


def test_references_come_from_the_environment(make_host: MakeHost) -> None:
    """`${NAME}` is the variable, `${NAME:-default}` the default where it is not set."""
    host = make_host('gateway: {sign_name: "${SIGN}签名", price: "${PRICE:-0.05}"}')
    values = shown(host, SIGN="我方")
    assert values["gateway.sign_name"] == "我方签名"
    assert values["gateway.price"] == "0.05"


def test_missing_variable_is_named(make_host: MakeHost) -> None:
    """A `${NAME}` that is not set is an error that names it, at its path."""
    (item,) = problems(make_host('gateway: {sign_name: "${UNSET}"}'))
    assert item["check"] == "gateway.sign_name"
    assert "UNSET" in item["message"]


def test_missing_variable_of_the_store_is_named(bare: Host) -> None:
    """A store's URL that is a variable without a value is named as such."""
    bare.configure('store: {url: "${REDIS_URL}"}')
    ran = bare("usage", "--json", SMSCTL_SECRET="a-secret-of-the-contract-tests")
    assert ran.code == 78
    assert "REDIS_URL" in ran.error["error"]["message"]


def test_file_reference_is_its_content(make_host: MakeHost, bare: Host) -> None:
    """`${file:PATH}` is the content of that file without its last line end."""
    path = bare.write("我方签名\n", place="sign")
    values = shown(make_host(f'gateway: {{sign_name: "${{file:{path}}}"}}'))
    assert values["gateway.sign_name"] == "我方签名"


def test_unknown_key_gets_a_guess(make_host: MakeHost) -> None:
    """An unknown key is an error with a did-you-mean, at every depth."""
    rule = "{nam: a, per: ip, max: 1, window: day}"
    items = problems(make_host(f"gatway: {{}}\nstore: {{prefx: a}}\nlimits: [{rule}]\n"))
    hints = {item["check"]: item["hint"] for item in items}
    assert hints["gatway"] == "did you mean gateway?"
    assert hints["store.prefx"] == "did you mean prefix?"
    assert hints["limits[0].nam"] == "did you mean name?"


def test_unknown_variable_gets_a_guess(host: Host) -> None:
    """A variable of the override form that overrides nothing is an error with a did-you-mean."""
    ran = host("config", "show", "--json", SMSCTL_STORE__PREFX="x")
    assert ran.code == 78
    assert "SMSCTL_STORE__PREFIX" in ran.error["error"]["hint"]


def test_file_that_others_can_read_holds_no_secret(bare: Host, store_url: str) -> None:
    """A file that others can read is an error only where it holds a literal secret."""
    secret = "sixteen-bytes-or-more"
    bare.environ |= {"SECRET": secret, "SMSCTL_STORE__URL": store_url}
    bare.environ["SMSCTL_CONFIG"] = str(bare.write("code: {secret: '${SECRET}'}", mode=0o644))
    assert bare("usage").code == 0
    bare.write(f"code: {{secret: {secret}}}", mode=0o644)
    ran = bare("usage", "--json")
    assert ran.code == 78
    (problem,) = ran.error["error"]["problems"]
    assert problem["path"] == "code.secret"
    assert secret not in ran.err


def test_captcha_hostname_is_one_name_or_a_list(make_host: MakeHost) -> None:
    """`captcha.hostname` takes one name or a list."""
    host = make_host("captcha: {hostname: [www.example.com, m.example.com]}")
    assert "m.example.com" in shown(host)["captcha.hostname"]


def test_test_number_has_a_phone_a_code_and_an_end(make_host: MakeHost) -> None:
    """Nothing is sent to a test number, limits do not apply, its code verifies, until `until`."""
    entry = '{{phone: "{}", code: "246810", until: {}}}'
    numbers = entry.format("13800138000", "2999-01-01"), entry.format("13900139000", "2020-01-01")
    host = make_host(f"test_numbers: [{', '.join(numbers)}]")
    for sent in host.json("send", "13800138000", "13800138000")["results"]:
        assert (sent["outcome"], sent["message_id"]) == ("sent", None)
    assert host("verify", "13800138000", "246810").code == 0
    assert host("send", "13900139000", "--json").document["outcome"] == "refused"


def test_a_code_is_bound_to_its_purpose(make_host: MakeHost) -> None:
    """A code for one purpose verifies no other; without `--purpose` the default one is meant."""
    host = make_host("purposes: {login: {template: SMS_1}, payment: {template: SMS_2}}")
    (code,) = re.findall(r"\d{6}", host.json("send", "13800138000")["message"])
    assert host("verify", "13800138000", code, "--purpose", "payment").code == 3
    assert host("verify", "13800138000", code).code == 0
