# SPDX-License-Identifier: Apache-2.0
"""A provider's mail server: it wants TLS and a log-in. The password is sent to nobody else, and what is refused is said in words."""
import base64
import os
import pathlib
import socket
import ssl
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import notice  # noqa: E402
import aiosmtpd.smtp  # noqa: E402
from aiosmtpd.smtp import AuthResult, LoginPassword  # noqa: E402
from kit.case import main, options  # noqa: E402
from kit.cloud import Cloud, facility  # noqa: E402
from kit.sink import Sink  # noqa: E402
from kit.station import clean, until, work_dir  # noqa: E402

aiosmtpd.smtp.warn = lambda *_: None  # TLS from the first byte, which it does not count as TLS
USER, PASSWORD = "notice@machiai.example", "s3cret: 秘密 \\ end"


class Locked(Sink):
    """Counts who tries to get in, and how."""

    def __init__(self, **server):
        super().__init__(authenticator=self.who, auth_required=True, **server)
        self.tries = []
        self.refusal = None

    def who(self, _server, _session, _envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.tries.append((mechanism, right))
        if self.refusal:
            return AuthResult(success=False, handled=False, message=self.refusal)
        return AuthResult(success=right, handled=False)


class Scripted:
    """A server that answers lines as it is told, and keeps what it was sent."""

    def __init__(self, *answers):
        self.answers, self.heard = dict(answers), []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    args = Sink.args

    def serve(self):
        while True:
            try:
                caller, _ = self.door.accept()
            except OSError:
                return
            with caller, caller.makefile("rwb") as lines:
                lines.write(b"220 here\r\n")
                lines.flush()
                for line in lines:
                    self.heard.append(line)
                    word = line.split()[0].decode().upper()
                    lines.write(self.answers.get(word, "250 OK").encode() + b"\r\n")
                    lines.flush()
                    if word in ("QUIT", "STARTTLS"):
                        break

    def stop(self):
        self.door.close()


class LogIn(notice.Notice):
    @classmethod
    def setUpClass(cls):
        cls.dir = work_dir("cloud")
        cls.addClassCleanup(clean, cls.dir)
        cls.pem, key = (os.path.join(cls.dir, name) for name in ("sink.pem", "sink.key"))
        notice.enrol.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout",
                             key, "-out", cls.pem, "-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1")
        cls.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.tls.load_cert_chain(cls.pem, key)
        cls.login = os.path.join(cls.dir, "login")
        cls.write(f"{USER}\n{PASSWORD}\n")
        cls.serial = 0
        cls.cloud = Cloud(os.path.join(cls.dir, "home"), options.bin, facilities=[facility("a", 1)], env={"SSL_CERT_FILE": cls.pem})
        cls.addClassCleanup(cls.cloud.__exit__)

    def setUp(self):
        self.write(f"{USER}\n{PASSWORD}\n")
        with open(self.cloud.log, "w", encoding="utf-8"):
            pass

    @classmethod
    def write(cls, text, mode=0o600):
        with open(cls.login, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(cls.login, mode)

    def locked(self, **server):
        sink = Locked(**server).start()
        self.addCleanup(sink.stop)
        return sink

    def serve(self, sink, *more):
        self.cloud.args = [*sink.args, "--smtp-login", self.login, *more]
        self.addCleanup(self.cloud.stop)
        self.cloud.start()

    def asked(self, address="patient@example.jp", cloud=None):
        token = self.booked("a", cloud=cloud)
        self.word(1, 1)
        self.assertEqual(self.put(token, address, cloud=cloud)[0], 200)
        return token

    def says(self, words):
        until(lambda: words in self.cloud.log_text(), words, 30, 0.05)

    def kept_secret(self):
        """Neither the password nor what it looks like on the wire, nor the user, is in the log."""
        both = f"\0{USER}\0{PASSWORD}".encode()
        for secret in (PASSWORD, USER, *(base64.b64encode(each).decode() for each in (both, PASSWORD.encode(), USER.encode()))):
            self.assertNotIn(secret, self.cloud.log_text())

    def test_a_each_way_in(self):
        for server, more, mechanism in (({"tls_context": self.tls, "require_starttls": True}, (), "PLAIN"),
                                        ({"tls_context": self.tls, "auth_exclude_mechanism": ["PLAIN"]}, ("--smtp-tls",), "LOGIN"),
                                        ({"ssl_context": self.tls, "auth_require_tls": False}, ("--smtps",), "PLAIN")):
            sink = self.locked(**server)
            self.serve(sink, *more)
            self.says("the mail server lets us in")
            token = self.asked()
            self.until_state(token, "sent")
            self.assertEqual(sink.tries, [(mechanism, True)] * 2, more)
            self.assertEqual([mail.address for mail in sink.mails], ["patient@example.jp"])
            self.cloud.stop()
            self.kept_secret()
            with open(self.cloud.log, "w", encoding="utf-8"):
                pass

    def test_b_refused_and_mended(self):
        """One try, not one for each notice, and none of them is lost; a node whose log-in is right sends them meanwhile."""
        sink = self.locked(tls_context=self.tls, require_starttls=True)
        self.write(f"{USER}\nwrong\n")
        self.serve(sink)
        self.says("refuses the log-in")
        tokens = [self.asked(f"p{n}@example.jp") for n in range(4)]
        # Three of the mailer's looks: without the rest each of them is another wrong password.
        end = time.monotonic() + 3
        while time.monotonic() < end:
            self.assertEqual(sink.tries, [("PLAIN", False)])
            time.sleep(0.05)
        self.write(f"{USER}\n{PASSWORD}\n")
        node = self.second("right", *sink.args, "--smtp-login", self.login)
        for token in tokens:
            self.assertEqual(self.until_state(token, "sent")["attempts"], "1")
        node.stop()
        self.assertEqual(sink.tries.count(("PLAIN", False)), 1)
        # For now is not for good: it says so, and the next notice tries again.
        sink.refusal = "454 4.7.0 later"
        self.cloud.stop()
        self.cloud.start()
        self.says("could not be tried")
        token = self.asked()
        self.assertEqual(self.until_tried(token, 1)["address"], "patient@example.jp")
        sink.refusal = None
        self.turn(token, next_try=0)
        self.until_state(token, "sent")
        self.says("the mail server lets us in")
        self.kept_secret()

    def test_c_no_password_without_tls(self):
        """A server that offers a log-in but no TLS, and one whose certificate is another's: neither is told a word of it."""
        bare = Scripted(("EHLO", "250-here\r\n250 AUTH PLAIN LOGIN"), ("STARTTLS", "502 no"))
        self.addCleanup(bare.stop)
        self.serve(bare)
        self.says("STARTTLS: 502")
        token = self.asked()
        self.until_tried(token, 1)
        heard = b"".join(bare.heard)
        self.assertNotIn(b"AUTH", heard)
        self.assertNotIn(b"MAIL", heard)
        self.cloud.stop()
        sink = self.locked(tls_context=self.tls, require_starttls=True)
        at_once = self.locked(ssl_context=self.tls, auth_require_tls=False)
        for each, more in ((sink, ()), (at_once, ("--smtps",))):
            self.cloud.env["SSL_CERT_FILE"] = "/dev/null"
            with open(self.cloud.log, "w", encoding="utf-8"):
                pass
            self.cloud.args = [*each.args, "--smtp-login", self.login, *more]
            self.cloud.start()
            self.says("TLS: 0")
            self.cloud.stop()
            self.cloud.env["SSL_CERT_FILE"] = self.pem
            self.assertEqual((each.tries, each.mails), ([], []))

    def test_d_wants_what_it_was_not_told(self):
        sink = self.locked(tls_context=self.tls, auth_require_tls=False)
        self.cloud.args = [*sink.args]
        self.addCleanup(self.cloud.stop)
        self.cloud.start()
        token = self.asked()
        self.until_tried(token, 1)
        self.says("refuses the log-in, or wants one")
        self.cloud.stop()
        bad = self.locked(tls_context=self.tls, auth_exclude_mechanism=["PLAIN", "LOGIN"])
        self.serve(bad)
        self.says("no log-in by PLAIN or LOGIN")

    def test_e_the_file(self):
        sink = ("--smtp", "127.0.0.1:25", "--mail-from", "notice@machiai.example")
        for text, mode, why in ((f"{USER}\n{PASSWORD}\n", 0o640, "secret_open"), (f"{USER}\n{PASSWORD}\n", 0o604, "secret_open"),
                                ("", 0o600, "bad_login_file"), (f"{USER}\n", 0o600, "bad_login_file"),
                                (f"{USER}\n\n", 0o600, "bad_login_file"), (f"{USER}\n{PASSWORD}\nmore\n", 0o600, "bad_login_file"),
                                (f"{USER}\n{PASSWORD}\0x\n", 0o600, "bad_login_file")):
            self.write(text, mode)
            run = self.cloud.command("serve", *sink, "--smtp-login", self.login)
            self.assertEqual(run.returncode, 2, (text, run.stderr))
            self.assertIn(f"({why} --smtp-login)", run.stderr)
            self.assertNotIn(PASSWORD, run.stderr)
        for args in ((*sink, "--smtp-login", self.login + ".none"), ("--smtp-login", self.login), ("--smtps",)):
            self.assertEqual(self.cloud.command("serve", *args).returncode, 2, args)


# The other tests of notices are run by their own file.
for name in [name for name in dir(notice.Notice) if name.startswith("test_") and name not in vars(LogIn)]:
    setattr(LogIn, name, None)

if __name__ == "__main__":
    main(__doc__)
