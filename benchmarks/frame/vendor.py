"""Both vendors: accepts every SendSms after a while, and refuses every captcha token at once.

`python -m benchmarks.frame.vendor SECONDS` listens on loopback, prints its port, and ends with its
standard input. Signatures are the tests' concern: here the client's time is measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SITEVERIFY = "/siteverify"
"""Where captcha tokens are refused."""

_SENT = {
    "Code": "OK",
    "Message": "OK",
    "BizId": "900619746936498440^0",
    "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990",
}
_NOT_HUMAN = {"success": False, "error-codes": ["invalid-input-response"], "messages": []}


def _answer(content: object) -> bytes:
    body = json.dumps(content)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()


@contextmanager
def vendor(delay: float = 0.0) -> Iterator[str]:
    """Run the server for the block, and give its address."""
    command = [sys.executable, "-m", __name__, str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as serving:
        if serving.stdout is None or serving.stdin is None:
            raise RuntimeError("the server has no pipes")
        port = int(serving.stdout.readline())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.stdin.close()


async def _serve(delay: float) -> None:
    sent, not_human = _answer(_SENT), _answer(_NOT_HUMAN)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if SITEVERIFY.encode() in head:
                    await reader.readexactly(_length(head))
                    writer.write(not_human)
                else:  # a SendSms has no body
                    await asyncio.sleep(delay)
                    writer.write(sent)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # whoever still waits for an answer has left


def _length(head: bytes) -> int:
    (length,) = re.findall(rb"content-length: (\d+)", head.lower())
    return int(length)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
