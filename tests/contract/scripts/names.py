"""Prints what a backend may import, and what it costs."""

import sys

import smsctl

HEAVY = (
    "alibabacloud_dysmsapi20170525",
    "asyncio",
    "phonenumbers",
    "redis",
    "rich",
    "typer",
    "yaml",
)
loaded = [name for name in HEAVY if name in sys.modules]

import dataclasses  # noqa: E402 - what smsctl imports is looked at before
import inspect  # noqa: E402
import json  # noqa: E402
import typing  # noqa: E402

import smsctl.testing  # noqa: E402


def parameters(function: typing.Any) -> dict[str, str]:
    """Return how the parameters are given, and which need not be."""
    parameters_of = {}
    for name, parameter in inspect.signature(function).parameters.items():
        needed = "" if parameter.default is parameter.empty else " optional"
        parameters_of[name] = parameter.kind.name.lower() + needed
    return parameters_of


answers = (smsctl.Sent, smsctl.Refused, smsctl.Verified, smsctl.Rejected)
errors = {
    name: [base.__name__ for base in value.__mro__]
    for name in smsctl.__all__
    if isinstance(value := getattr(smsctl, name), type) and issubclass(value, Exception)
}
facts = {
    "heavy": loaded,
    "names": list(smsctl.__all__),
    "dir": [name for name in smsctl.__all__ if name in dir(smsctl)],
    "testing": list(smsctl.testing.__all__),
    "no such name": hasattr(smsctl, "NotThere"),
    "version": smsctl.__version__,
    "errors": errors,
    "fields": {
        answer.__name__: [field.name for field in dataclasses.fields(answer)] for answer in answers
    },
    "frozen": [
        answer.__dataclass_params__.frozen and "__slots__" in vars(answer)
        for answer in typing.cast("typing.Any", answers)
    ],
    "parameters": {
        f"{guard.__name__}.{method}": parameters(getattr(guard, method))
        for guard in (smsctl.Guard, smsctl.AsyncGuard)
        for method in ("send", "verify")
    },
    "open": {
        opener.__name__: parameters(opener)
        for opener in (smsctl.open_guard, smsctl.open_async_guard)
    },
    "reasons": {
        answer.__name__: sorted(
            typing.get_args(typing.get_type_hints(answer)["reason"]),
        )
        for answer in (smsctl.Refused, smsctl.Rejected)
    },
}
json.dump(facts, sys.stdout)
