"""The proxy's log holds nothing that opens an order or a cart: HAProxy runs with the configuration given, and is asked for such
addresses. Only where it listens is changed. It has no instance to ask, so it answers 503, and writes its line all the same."""

import json
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from report import finish, wrong

SECRET = "SeCr3tT0k3n"
# What is asked for, and what may be kept of it.
ASKED = {
    f"/orders/{SECRET}": "/orders/-",
    f"/orders/{SECRET}/pay?from={SECRET}": "/orders/-",
    f"//orders/{SECRET}": "//-",
    f"/%6frders/{SECRET}": "/%6frders/-",
    f"/checkout/{SECRET}": "/checkout/-",
    f"/checkout/{SECRET}/edit": "/checkout/-",
    f"/cart/{SECRET}": "/cart/-",
    f"/graphql?query={SECRET}": "/graphql",
    f"/products/mug?token={SECRET}": "/products/mug",
    "/shop": "/shop",
}
# Nothing that works takes as long.
PATIENCE = 30


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def ask(port, path, tls):
    """Sends a request as it is: clients of Python's own would tidy the path up."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as plain:
        line = plain
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            line = context.wrap_socket(plain, server_hostname="localhost")
        request = f"GET {path} HTTP/1.1\r\nhost: shop\r\nreferer: https://shop/orders/{SECRET}\r\nconnection: close\r\n\r\n"
        line.sendall(request.encode())
        while line.recv(65536):
            pass


def listens(port):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


def logged(configuration):
    """The lines that HAProxy writes of all that is asked, once without and once with TLS."""
    http, https, health = free_ports(3)
    text = Path(configuration).read_text()
    for there, here in ((":8080", http), (":8443", https), ("127.0.0.1:8404", health)):
        text, changed = re.subn(rf"bind {re.escape(there)}\b", f"bind 127.0.0.1:{here}", text)
        if not changed:
            wrong("haproxy.cfg", f"does not listen at {there}")
    file, out = Path(configuration).with_suffix(".running"), Path(configuration).with_suffix(".log")
    file.write_text(text)
    with out.open("wb") as log:
        proxy = subprocess.Popen(["haproxy", "-db", "-f", file], stdout=log, stderr=subprocess.DEVNULL)
    try:
        if not (listens(http) and listens(https)):
            wrong("haproxy.cfg", "HAProxy does not listen")
            return ""
        for path in ASKED:
            ask(http, path, False)
            ask(https, path, True)
        deadline = time.monotonic() + PATIENCE
        while out.read_text().count('"method":"GET"') < 2 * len(ASKED) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        proxy.kill()
        proxy.wait()
    return out.read_text()


LOG = logged(sys.argv[1])
if SECRET in LOG:
    line = next(line for line in LOG.splitlines() if SECRET in line)
    wrong("haproxy.cfg", f"writes what opens an order into its log: {line}")
PATHS = [json.loads(line)["path"] for line in LOG.splitlines() if '"method":"GET"' in line]
for ASKED_FOR, KEPT in ASKED.items():
    if PATHS.count(KEPT) < 2:
        wrong("haproxy.cfg", f"of {ASKED_FOR} the log should keep {KEPT}: {PATHS}")
finish()
