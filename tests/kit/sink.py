# SPDX-License-Identifier: Apache-2.0
"""A real SMTP server on loopback that keeps what it is given, and can refuse, be away, or be told to do something first.

    sink = Sink(); sink.start(); ...; sink.mails
"""
import email
import email.header
import email.policy
import logging
import socket

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # of its own: broken handshakes are what is tested


class Mail:
    def __init__(self, sender, address, raw, tls):
        self.sender, self.address, self.raw, self.tls = sender, address, raw, tls
        self.message = email.message_from_bytes(raw, policy=email.policy.default)

    @property
    def id(self):
        return self.message["Message-ID"]

    @property
    def sender_name(self):
        # Not by the policy above: it leaves the spaces between encoded words of an address in.
        name = email.message_from_bytes(self.raw)["From"].rsplit("<", 1)[0].strip()
        return str(email.header.make_header(email.header.decode_header(name)))

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def text(self):
        return self.message.get_content()


class Sink:
    def __init__(self, **server):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.server = server
        self.mails = []
        self.rcpt = "250 OK"         # what is answered to RCPT
        self.data = "250 OK"         # and to the end of the data
        self.before_answer = None    # called with each mail before that answer
        self.controller = None

    @property
    def args(self):
        return ("--smtp", f"127.0.0.1:{self.port}", "--mail-from", "notice@machiai.example")

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.server)
        self.controller.start()
        return self

    def stop(self):
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def to(self, address):
        return [mail for mail in self.mails if mail.address == address]

    # What aiosmtpd calls, in a thread of its own.

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server, session, envelope):
        mail = Mail(envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content, session.ssl is not None)
        if self.data.startswith("2"):
            self.mails.append(mail)
        if self.before_answer is not None:
            self.before_answer(mail)
        return self.data
