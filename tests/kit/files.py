# SPDX-License-Identifier: Apache-2.0
"""A cloud's store of files, written and signed for by hand: what another program that has the keys could do."""
import hashlib
import hmac
import os
import time

HOUR = 3600 * 1000


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def stored(home, name):
    return os.path.join(home, "media", name[:2], name)


def lay(home, data):
    """Puts bytes into the store; gives their SHA-256, which is their name."""
    name = sha256(data)
    write(stored(home, name), data)
    return name


def address(home, name, place, until_ms=None, key=None):
    """Path and query of a signed address, good for an hour."""
    key = key or read(os.path.join(home, "keys", "media")).strip()
    until_ms = until_ms or int(time.time() * 1000) + HOUR
    sign = hmac.new(key, f"{name}\n{place}\n{until_ms}".encode(), "sha256").hexdigest()
    return f"/v1/media/{name}?for={place}&until={until_ms}&sign={sign}"
