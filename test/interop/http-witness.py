"""Takes pushes over HTTP, written from OMA PushOTA, RFC 9110 and RFC 7616 without a line of Reveille.

    http-witness.py [--tls CERTIFICATE KEY] [--user NAME PASSWORD]

Listens on a free port of 127.0.0.1 and prints {"port": number}; then one JSON object in a line for each request: method, path,
headers (names in lower case), body in hex, and what the digest proves: "none", "right" or "wrong". Where a user is named, what
proves nothing is asked for it. A push that is taken is answered 204 with X-Wap-Push-Status 400 Accepted.
"""

import argparse
import hashlib
import http.server
import json
import re
import secrets
import ssl
import threading


def digest_of(fields, method, user, password):
    """RFC 7616 section 3.4.1, MD5 or SHA-256, qop auth."""
    algorithm = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}[fields.get("algorithm", "MD5")]

    def h(text):
        return algorithm(text.encode()).hexdigest()

    first = h(f"{user}:{fields['realm']}:{password}")
    second = h(f"{method}:{fields['uri']}")
    middle = ":".join(fields[name] for name in ("nonce", "nc", "cnonce", "qop"))
    return h(f"{first}:{middle}:{second}")


class Push(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    user = None
    nonces = set()
    lock = threading.Lock()

    def proof(self):
        given = self.headers.get("Authorization")
        if given is None:
            return "none"
        quoted = re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', given)
        fields = {name: first or second for name, first, second in quoted}
        name, password = self.user
        fresh = fields.get("nonce") in self.nonces and fields.get("uri") == self.path
        right = given.startswith("Digest ") and fields.get("username") == name and fresh
        right = right and fields.get("response") == digest_of(fields, self.command, name, password)
        return "right" if right else "wrong"

    def answer(self, code, headers):
        self.send_response_only(code)
        for name, value in headers.items():
            self.send_header(name, value)
        if code != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        proof = "none" if self.user is None else self.proof()
        seen = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.hex(),
            "proof": proof,
        }
        with self.lock:
            print(json.dumps(seen), flush=True)
        if self.user is not None and proof != "right":
            nonce = secrets.token_hex(16)
            self.nonces.add(nonce)
            challenge = f'Digest realm="witness", nonce="{nonce}", qop="auth", algorithm=MD5'
            self.answer(401, {"WWW-Authenticate": challenge})
            return
        self.answer(204, {"X-Wap-Push-OTA-Version": "1.0", "X-Wap-Push-Status": "400 Accepted"})

    def log_message(self, *_):
        pass


class Listener(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A handshake that the other end breaks off is no error here."""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--tls", nargs=2)
    options.add_argument("--user", nargs=2)
    given = options.parse_args()
    Push.user = given.user
    listener = Listener(("127.0.0.1", 0), Push)
    if given.tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*given.tls)
        listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
    print(json.dumps({"port": listener.server_port}), flush=True)
    listener.serve_forever()


main()
