#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo's mail server: takes every mail on loopback and lays it down as a file. Nothing is sent on.

    tools/demo_mail.py PORT DIR
"""
import pathlib
import socketserver
import sys
import time

LONGEST = 1_000_000  # bytes of a mail


class Talk(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 localhost demo")
        while line := self.rfile.readline(1000):
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 end with a dot")
                self.say("250 taken" if self.take() else "552 too long")
            elif word == b"QUIT":
                return self.say("221 bye")
            elif word in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET", b"NOOP"):
                self.say("250 OK")
            else:
                self.say("502 not here")
        return None

    def take(self):
        mail = b""
        while (line := self.rfile.readline(LONGEST)) not in (b".\r\n", b""):
            mail += line[1:] if line.startswith(b".") else line
            if len(mail) > LONGEST:
                return False
        (self.server.to / f"{time.time_ns()}.eml").write_bytes(mail)
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    server = Server(("127.0.0.1", int(sys.argv[1])), Talk)
    server.to = pathlib.Path(sys.argv[2])
    server.to.mkdir(parents=True, exist_ok=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
