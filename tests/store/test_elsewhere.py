"""A store elsewhere needs nothing of what the embedded one does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.servers import PrivateServer

ROOT = Path(__file__).parents[2]

WITHOUT = """
import sys
for name in ("fcntl", "grp", "pwd", "termios", "resource"):
    sys.modules[name] = None
from smsctl import open_guard
with open_guard(sys.argv[1]) as guard:
    print(type(guard.send("13800138000", ip=None)).__name__)
"""


def test_a_guard_on_redis_works_where_unix_ends(server: PrivateServer, tmp_path: Path) -> None:
    """Windows has neither fcntl nor a list of users; a Redis elsewhere asks for neither."""
    file = tmp_path / "config.yaml"
    file.write_text(
        f"store: {{url: '{server.url}'}}\ncode: {{secret: a-secret-of-the-tests-alone}}\n"
    )
    file.chmod(0o600)
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT, file], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Sent\n", "")
