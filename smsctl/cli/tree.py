"""The tree of commands: what each is called, what it does in one line, and where it is.

The line stands here alone, so that a page which lists commands imports none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command to run."""

    help: str
    """A template of the catalogue."""
    place: str
    """Below `commands/`: `module:function`."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A command that only has commands below it."""

    help: str
    commands: Mapping[str, Leaf | Branch]


TREE: Mapping[str, Leaf | Branch] = {
    "send": Leaf("Send a code to each phone, through every gate.", "send.command:send"),
    "verify": Leaf("Check a code, once.", "verify:verify"),
    "limits": Branch(
        "What counts against a subject, and clearing it.",
        {
            "show": Leaf(
                "Show every rule: used, max, left and the time to the next send.",
                "limits.command:show",
            ),
            "reset": Leaf(
                "Clear what counts against a phone, an address or the fuses; leaves an audit record.",
                "limits.command:reset",
            ),
        },
    ),
    "usage": Leaf(
        "Show day by day what was sent, against the fuse, and what is left of today.",
        "usage.command:usage",
    ),
    "watch": Leaf(
        "Watch what is going on: rates, fuses, refusals, the newest events. A pipe gets JSON lines.",
        "watch.command:watch",
    ),
    "why": Leaf(
        "Show what happened to a phone, newest last, and say why no code came.", "why.command:why"
    ),
    "events": Leaf(
        "Show what happened, of all processes: sends, receipts, verifications, refusals; newest last.",
        "events.command:events",
    ),
    "probe": Leaf(
        "Send a code to your own phones and wait until it has arrived.", "probe.command:probe"
    ),
    "reconcile": Leaf(
        "Compare what was sent here with what the vendor counted, day by day.",
        "reconcile.command:reconcile",
    ),
    "report": Leaf(
        "Sum up some days, and write them as a page to hand on.", "report.command:report"
    ),
    "pause": Leaf(
        "Refuse all sends for a while, or those of one purpose or country; it ends by itself.",
        "overrides.pause:pause",
    ),
    "resume": Leaf("End pauses before their time.", "overrides.pause:resume"),
    "fuse": Branch(
        "A higher fuse for a while.",
        {
            "raise": Leaf(
                "Raise a fuse for a while; afterwards it is as configured.", "overrides.fuse:raise_"
            ),
            "lower": Leaf("Take raised fuses back before their time.", "overrides.fuse:lower"),
        },
    ),
    "deny": Branch(
        "Who is turned away for a while.",
        {
            "add": Leaf(
                "Turn a phone, numbers that begin alike, or a network away for a while.",
                "overrides.lists:deny_add",
            ),
            "remove": Leaf("Turn somebody away no longer.", "overrides.lists:deny_remove"),
            "list": Leaf("Show who is turned away.", "overrides.lists:deny_list"),
        },
    ),
    "allow": Branch(
        "Who is let through for a while.",
        {
            "add": Leaf(
                "Let a phone, numbers that begin alike, or a network through their own limits for a while; never through a fuse.",
                "overrides.lists:allow_add",
            ),
            "remove": Leaf("Let somebody through no longer.", "overrides.lists:allow_remove"),
            "list": Leaf("Show who is let through.", "overrides.lists:allow_list"),
        },
    ),
    "overrides": Leaf(
        "Show every override in force: pauses, raised fuses, who is denied and who is allowed.",
        "overrides.pause:overrides",
    ),
    "alert": Branch(
        "Alerts: proving a channel, and delivering what waits.",
        {
            "test": Leaf("Prove each channel, or one of them, with a test alert.", "alert:try_out"),
            "run": Leaf(
                "Deliver what waits in the outbox, and look for low conversion; for cron.",
                "alert:run_",
            ),
            "list": Leaf("Show what was not told yet.", "alert:list_"),
        },
    ),
    "audit": Leaf(
        "Show what operators did: resets, pauses, raised fuses, denials, sends without a captcha.",
        "audit:audit",
    ),
    "config": Branch(
        "The configuration: a starter file, a check, the values in force.",
        {
            "init": Leaf(
                "Write a commented starter file, readable by you alone, and check it.",
                "config.init:init",
            ),
            "check": Leaf(
                "Check everything: the file, the rules, the store; 78 with an error.",
                "config.command:check",
            ),
            "show": Leaf(
                "Show the values in force, and where each came from; secrets are masked.",
                "config.command:show",
            ),
            "ram-policy": Leaf(
                "Print the RAM policy that the access key needs, and nothing beyond it.",
                "config.ram_policy:ram_policy",
            ),
        },
    ),
    "onboard": Leaf(
        "Show the path to launch: what is done, what waits for the vendor, what to do next.",
        "onboard.command:onboard",
    ),
    "lint": Branch(
        "The vendor's review rules for a template or a signature, offline.",
        {
            "template": Leaf(
                "Judge a template by the vendor's review rules, without asking; 8 if it would be refused.",
                "lint.command:template",
            ),
            "sign": Leaf(
                "Judge a signature by the vendor's review rules, without asking; 8 if it would be refused.",
                "lint.command:sign",
            ),
        },
    ),
    "store": Branch(
        "The store: the embedded server, and a Redis user of few rights.",
        {
            "status": Leaf(
                "Say how the embedded server is, without starting it.", "store.command:status"
            ),
            "stop": Leaf(
                "End the embedded server in order; what it holds is kept.", "store.command:stop"
            ),
            "acl": Leaf(
                "Print the ACL line of a Redis user that may do what smsctl does, and nothing else.",
                "store.acl:acl",
            ),
        },
    ),
    "explain": Leaf(
        "Explain a vendor's code or smsctl's own: meaning, sent or billed, whether to retry.",
        "explain.command:explain",
    ),
    "demo": Leaf(
        "Walk through the whole job on a throw-away store: nothing is sent, nothing stays.",
        "demo.command:demo",
    ),
    "completion": Leaf(
        "Print the script that completes commands and options in a shell.", "completion:completion"
    ),
    "help": Leaf("Show the page of a command, as its --help does.", "help:help_"),
}
