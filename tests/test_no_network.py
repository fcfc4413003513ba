"""No compute path opens a socket: what the suite blocks, and what a whole check asks for."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from pytest_socket import SocketConnectBlockedError

NOWHERE = ("192.0.2.1", 80)  # an address set aside for documentation (RFC 5737)
WATCHED = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event.startswith("socket.") else None)
import greenspace as gs
gs.check(sys.argv[1]).write(sys.argv[2])
print([event for event in seen if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}])
"""


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_the_suite_reaches_no_address_but_loopback():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as door:
        door.connect(NOWHERE)


def test_a_check_with_its_report_asks_for_no_connection(town, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(town / "city.toml"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.strip() == "[]"
