"""Both ends of an OBEX push with authentication, written from IrOBEX sections 3.1 to 3.5 without a line of Reveille.

`serve PASSWORD ANSWER` is a device with that password, which answers challenges by ANSWER: prints {"port": number}, then for each
session a JSON object in a line: whether the peer challenged, whom it named, what it proved, and the object that was put.
`push` is a server: reads a JSON object in each line (port, type, body in hex, password where the peer may ask for one, "challenge"
to ask the peer for its own first); prints the codes of the responses and what the peer proved.
"""

import hashlib
import json
import secrets
import socket
import sys

CONNECT, DISCONNECT, PUT = 0x80, 0x81, 0x02
SUCCESS, CONTINUE, UNAUTHORIZED = 0xA0, 0x90, 0xC1
TARGET, WHO, TYPE, LENGTH, BODY, END_OF_BODY, CONNECTION = 0x46, 0x4A, 0x42, 0xC3, 0x48, 0x49, 0xCB
CHALLENGE, RESPONSE = 0x4D, 0x4E

def packet(code, body):
    """A packet, and a header that is counted in the same way: code, length of the whole, content."""
    return bytes([code]) + (len(body) + 3).to_bytes(2, "big") + body

def header(identifier, value):
    """The two high bits say how a value is counted."""
    if identifier >= 0xC0:
        return bytes([identifier]) + value.to_bytes(4, "big")
    return packet(identifier, value)

def read_headers(octets):
    found = []
    while octets:
        identifier = octets[0]
        size = (0, 0, 2, 5)[identifier >> 6] or int.from_bytes(octets[1:3], "big")
        found.append((identifier, octets[(3 if identifier < 0x80 else 1) : size]))
        octets = octets[size:]
    return found

def tags(octets):
    found = {}
    while octets:
        found[octets[0]] = octets[2 : 2 + octets[1]]
        octets = octets[2 + octets[1] :]
    return found

def tag(number, value):
    return bytes([number, len(value)]) + value

def proof(nonce, password):
    return hashlib.md5(nonce + b":" + password.encode()).digest()

def read_packet(stream):
    head = stream.read(3)
    if len(head) < 3:
        return None, b""
    return head[0], stream.read(int.from_bytes(head[1:], "big") - 3)

GREETING = bytes([0x10, 0x00]) + (1024).to_bytes(2, "big")  # version 1.0, no flags, packets of 1024 octets

def serve_one(stream, password, answer):
    nonce = secrets.token_bytes(16)
    seen = {"challenged": False, "user": None, "proved": False, "connects": 0, "type": None, "body": "", "over": None}
    while True:
        code, octets = read_packet(stream)
        if code is None:
            return seen
        fields = read_headers(octets[4:] if code == CONNECT else octets)
        values = dict(fields)
        if code == CONNECT:
            given = tags(values.get(RESPONSE, b""))
            seen.update(connects=seen["connects"] + 1, user=given[1].decode() if 1 in given else None)
            seen["proved"] = given.get(0) == proof(nonce, password)
            reply = header(CONNECTION, 7) + header(WHO, values.get(TARGET, b""))
            if CHALLENGE in values:
                seen["challenged"] = True
                theirs = tags(values[CHALLENGE])[0]
                reply += header(RESPONSE, tag(0, proof(theirs, answer)) + tag(2, theirs))
            if not seen["proved"]:
                nonce = secrets.token_bytes(16)
                reply = header(CHALLENGE, tag(0, nonce) + tag(1, b"\x01"))  # the user is to be named
            stream.write(packet(SUCCESS if seen["proved"] else UNAUTHORIZED, GREETING + reply))
        elif code & 0x7F == PUT:
            seen["type"] = values[TYPE].rstrip(b"\0").decode() if TYPE in values else seen["type"]
            seen["body"] += b"".join(value for name, value in fields if name in (BODY, END_OF_BODY)).hex()
            stream.write(packet(SUCCESS if code & 0x80 else CONTINUE, b""))
        else:
            stream.write(packet(SUCCESS, b""))
            seen["over"] = code
        stream.flush()

def serve(password, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                print(json.dumps(serve_one(stream, password, answer)), flush=True)

def push(asked):
    nonce = secrets.token_bytes(16)
    password = asked.get("password")
    result = {"connect": [], "put": [], "peerProved": None, "asked": 0}
    with socket.create_connection(("127.0.0.1", asked["port"])) as link, link.makefile("rwb") as stream:

        def exchange(code, octets, greeting=b""):
            stream.write(packet(code, greeting + octets))
            stream.flush()
            answer, body = read_packet(stream)
            values = dict(read_headers(body[4:] if code == CONNECT else body))
            reply = b""
            if CHALLENGE in values and password is not None:
                result["asked"] += 1
                theirs = tags(values[CHALLENGE])[0]
                reply = header(RESPONSE, tag(0, proof(theirs, password)) + tag(1, b"dms") + tag(2, theirs))
            return answer, values, reply

        first = header(TARGET, b"SYNCML-DM")
        first += header(CHALLENGE, tag(0, nonce)) if asked.get("challenge") else b""
        code, values, reply = exchange(CONNECT, first, GREETING)
        result["connect"].append(code)
        if code == UNAUTHORIZED and reply:
            code, values, _ = exchange(CONNECT, first + reply, GREETING)
            result["connect"].append(code)
        if RESPONSE in values:
            result["peerProved"] = tags(values[RESPONSE]).get(0) == proof(nonce, password)
        if code == SUCCESS:
            body = bytes.fromhex(asked["body"])
            start = header(CONNECTION, int.from_bytes(values[CONNECTION], "big")) + header(TYPE, asked["type"].encode() + b"\0")
            whole = header(LENGTH, len(body)) + header(END_OF_BODY, body)
            code, _, reply = exchange(PUT | 0x80, start + whole)
            result["put"].append(code)
            if code == UNAUTHORIZED and reply:
                result["put"].append(exchange(PUT | 0x80, start + reply + whole)[0])
    return result

if sys.argv[1] == "serve":
    serve(sys.argv[2], sys.argv[3])
for line in sys.stdin:
    print(json.dumps(push(json.loads(line))), flush=True)
