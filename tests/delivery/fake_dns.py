"""A name server on loopback, by UDP and TCP, that answers from zones given as lines, as a resolver would: aliases are followed."""

from __future__ import annotations

import socket
import socketserver
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

HANG = "HANG"  # never answer
SERVFAIL = "SERVFAIL"
TRUNCATE = "TRUNCATE"  # by UDP: « ask me by TCP »


class FakeDns:
    """`records` maps « name TYPE » to the values there are; `failing` maps names to one of the words above."""

    def __init__(self, records: dict[str, list[str]], failing: dict[str, str] | None = None) -> None:
        self.zones: dict[tuple[str, str], list[str]] = {}
        for key, values in records.items():
            name, kind = key.split()
            self.zones[name.lower().rstrip("."), kind] = values
        self.failing = {name.lower(): how for name, how in (failing or {}).items()}
        self.asked: list[tuple[str, str, str]] = []
        self._udp, self._tcp = _on_one_port()
        self.port = self._udp.server_address[1]
        for server in (self._udp, self._tcp):
            server.fake = self
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        for server in (self._udp, self._tcp):
            server.shutdown()
            server.server_close()

    def answer(self, wire: bytes, *, way: str) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((way, name, kind))
        how = self.failing.get(name, "")
        if how == HANG:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if how == SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif how == TRUNCATE and way == "udp":
            response.flags |= dns.flags.TC
        else:
            self._fill(response, name, kind)
        return response.to_wire()

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        for _hop in range(8):
            alias = self.zones.get((name, "CNAME"))
            if not alias or kind == "CNAME":
                break
            self._add(response, name, "CNAME", alias)
            name = alias[0].lower().rstrip(".")
        if values := self.zones.get((name, kind)):
            self._add(response, name, kind, values)
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.zones):
            response.set_rcode(dns.rcode.NXDOMAIN)

    @staticmethod
    def _add(response: dns.message.Message, name: str, kind: str, values: list[str]) -> None:
        response.answer.append(
            dns.rrset.from_text_list(dns.name.from_text(name), 60, dns.rdataclass.IN, kind, values)
        )


class _Udp(socketserver.ThreadingUDPServer):
    fake: FakeDns
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    fake: FakeDns
    daemon_threads = True
    allow_reuse_address = True


def _on_one_port() -> tuple[_Udp, _Tcp]:
    """A port that is free for both: what is free for one may be taken for the other."""
    for _try in range(20):
        udp = _Udp(("127.0.0.1", 0), _ByUdp)
        try:
            return udp, _Tcp(("127.0.0.1", udp.server_address[1]), _ByTcp)
        except OSError:
            udp.server_close()
    raise OSError("no port is free for UDP and TCP")


class _ByUdp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        answer = self.server.fake.answer(wire, way="udp")  # type: ignore[attr-defined]
        if answer is not None:
            sock.sendto(answer, self.client_address)


class _ByTcp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        connection: socket.socket = self.request
        size = int.from_bytes(connection.recv(2), "big")
        wire = b""
        while len(wire) < size:
            wire += connection.recv(size - len(wire))
        answer = self.server.fake.answer(wire, way="tcp")  # type: ignore[attr-defined]
        if answer is not None:
            connection.sendall(len(answer).to_bytes(2, "big") + answer)
