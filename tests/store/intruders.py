"""Another user of this host: what he owns, and a server of his that says yes to everything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

STRANGER = 65534

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")

_SAYING_YES = """
import os, re, socket, sys, threading
path, makes_folder = sys.argv[1], sys.argv[2] == "True"
def become():
    os.setgroups([]); os.setgid({uid}); os.setuid({uid})
if makes_folder:
    become()
    os.mkdir(os.path.dirname(path), 0o755)
listening = socket.socket(socket.AF_UNIX)
listening.bind(path)
os.chmod(path, 0o777)
if not makes_folder:
    become()
listening.listen()
print("ready", flush=True)
def answer(connected):
    while asked := connected.recv(65536):
        print(asked, file=sys.stderr, flush=True)
        if b"EVALSHA" in asked:
            connected.sendall(b"*1\\r\\n:1\\r\\n")
        else:
            connected.sendall(b"+PONG\\r\\n")
while True:
    threading.Thread(target=answer, args=[listening.accept()[0]], daemon=True).start()
"""


@contextmanager
def saying_yes(socket: Path, *, makes_folder: bool) -> Iterator[list[str]]:
    """Run a server of the stranger's at `socket`; what it was asked is there after the block.

    Its folder is the stranger's, or this user's who let him in.
    """
    asked: list[str] = []
    server = subprocess.Popen(
        [sys.executable, "-c", _SAYING_YES.format(uid=STRANGER), socket, str(makes_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        yield asked
    finally:
        server.kill()
        asked += server.communicate()[1].splitlines()
