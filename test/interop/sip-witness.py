"""Pushes as SIP MESSAGE in pager mode over UDP, written from RFC 3261, RFC 3428 and RFC 3841 without a line of Reveille.

`take` is a device: prints {"port": number}, then for each MESSAGE a JSON object in a line: the request line, the headers (names in
lower case) and the body in hex; answers 200. `send` is a server: reads a JSON object in each line (port of the proxy, to, type, body
in hex, tag for the feature tag of Accept-Contact) and prints the status of the final answer.
"""

import json
import secrets
import socket
import sys


def parts(datagram):
    head, _, body = datagram.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, [tuple(text.strip() for text in line.split(":", 1)) for line in lines], body


def take(link):
    print(json.dumps({"port": link.getsockname()[1]}), flush=True)
    while True:
        datagram, peer = link.recvfrom(65536)
        first, headers, body = parts(datagram)
        kept = [(name, value) for name, value in headers if name.lower() in ("via", "from", "call-id", "cseq")]
        to = next(value for name, value in headers if name.lower() == "to")
        answer = kept + [("To", f"{to};tag={secrets.token_hex(4)}"), ("Content-Length", "0")]
        lines = ["SIP/2.0 200 OK"] + [f"{name}: {value}" for name, value in answer]
        link.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), peer)
        seen = {"line": first, "headers": {name.lower(): value for name, value in headers}, "body": body.hex()}
        print(json.dumps(seen), flush=True)


def send(link, asked):
    host, port = link.getsockname()
    body = bytes.fromhex(asked["body"])
    lines = [
        f"MESSAGE {asked['to']} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{secrets.token_hex(8)};rport",
        "Max-Forwards: 70",
        f"From: <sip:dms@dm.test>;tag={secrets.token_hex(4)}",
        f"To: <{asked['to']}>",
        f"Call-ID: {secrets.token_hex(8)}@{host}",
        "CSeq: 1 MESSAGE",
        f'Accept-Contact: *;{asked["tag"]}="syncml.dm";require;explicit',
        f"Content-Type: {asked['type']}",
        f"Content-Length: {len(body)}",
    ]
    link.sendto(("\r\n".join(lines) + "\r\n\r\n").encode() + body, ("127.0.0.1", asked["port"]))
    while True:
        status = int(parts(link.recv(65536))[0].split(" ")[1])
        if status >= 200:
            return status


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.bind(("127.0.0.1", 0))
    if sys.argv[1] == "take":
        take(udp)
    udp.settimeout(20)
    for line in sys.stdin:
        print(json.dumps(send(udp, json.loads(line))), flush=True)
