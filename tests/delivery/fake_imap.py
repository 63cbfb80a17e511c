"""A mailbox that is read over IMAP with TLS: just so much of RFC 9051 as a reader of unread mail asks for."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading

USER, PASSWORD = "retours", "un/long@mot de passe"


class FakeImap:
    """`mails` by UID; `seen` holds the UIDs that were marked as read; `breaks_at`: the UID at which it hangs up."""

    def __init__(self, certificate, mails=(), *, breaks_at=None):
        self.mails = dict(enumerate(mails, 1))
        self.seen: set[int] = set()
        self.logins: list[bool] = []
        self.breaks_at = breaks_at
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=[sock], daemon=True).start()

    def _serve(self, sock):
        with (
            contextlib.suppress(OSError, ConnectionError),
            self._context.wrap_socket(sock, server_side=True) as tls,
        ):
            file = tls.makefile("rwb")
            self._say(file, b"* OK ready")
            for line in file:
                tag, verb, rest = [*line.strip().split(b" ", 2), b""][:3]
                answer = getattr(self, f"do_{verb.lower().decode()}", lambda _file, _rest: b"BAD unknown")
                self._say(file, b"%s %s done" % (tag, answer(file, rest)))
                if verb == b"LOGOUT":
                    return

    def _say(self, file, words):
        file.write(words + b"\r\n")
        file.flush()

    def do_capability(self, file, _rest):
        self._say(file, b"* CAPABILITY IMAP4rev1")
        return b"OK"

    def do_login(self, _file, rest):
        self.logins.append(rest.decode() == f'{USER} "{PASSWORD}"')
        return b"OK" if self.logins[-1] else b"NO [AUTHENTICATIONFAILED] wrong password"

    def do_select(self, file, rest):
        if rest != b'"INBOX"':
            return b"NO no such folder"
        self._say(file, b"* %d EXISTS" % len(self.mails))
        return b"OK [READ-WRITE]"

    def do_uid(self, file, rest):
        verb, rest = rest.split(b" ", 1)
        if verb == b"SEARCH":
            unread = (b"%d" % uid for uid in self.mails if uid not in self.seen)
            self._say(file, b" ".join([b"* SEARCH", *unread]))
            return b"OK"
        uids = [int(uid) for uid in rest.split(b" ")[0].split(b",")]
        if verb == b"STORE":
            self.seen.update(uids)
            return b"OK"
        most = int(re.search(rb"<0\.(\d+)>", rest)[1])
        for uid in uids:
            if uid == self.breaks_at:
                file.close()
                raise ConnectionError
            raw = self.mails[uid][:most]
            self._say(file, b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)" % (uid, uid, len(raw), raw))
        return b"OK"

    def do_logout(self, file, _rest):
        self._say(file, b"* BYE")
        return b"OK"
