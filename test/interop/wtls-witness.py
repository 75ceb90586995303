"""WTLS handshakes with SHARED_SECRET, 3DES_CBC_EDE and SHA, computed without a line of Reveille.

HMAC and SHA-1 are Python's own, triple DES is `openssl enc`. Reads one JSON object on standard input:

    flow          "abbreviated" or "full"
    clientHello, serverHello   handshake messages with their three octets of header, hex
    serverHelloDone            likewise; only in the full flow
    secret        hex
    keyRefresh    number
    pushes        [{"side": "server", "sequenceNumber": 1, "data": hex}, ...]

and prints the master secret, both Finished messages, their records, and the records of the pushes, as one JSON object.
"""

import hashlib
import hmac
import json
import subprocess
import sys

HANDSHAKE, APPLICATION_DATA = 3, 4
RANDOM = slice(4, 20)  # behind the header and the version


def hmac_sha1(key, data):
    return hmac.new(key, data, hashlib.sha1).digest()


def prf(secret, label, seed, length):
    seed = label.encode("ascii") + seed
    out, a = b"", seed
    while len(out) < length:
        a = hmac_sha1(secret, a)
        out += hmac_sha1(secret, a + seed)
    return out[:length]


def triple_des(key, iv, plain):
    command = ["openssl", "enc", "-des-ede3-cbc", "-nopad", "-K", key.hex(), "-iv", iv.hex()]
    return subprocess.run(command, input=plain, capture_output=True, check=True).stdout


class Direction:
    """The protected records of one side."""

    def __init__(self, side, master, client_random, server_random, refresh):
        self.side, self.master, self.refresh = side, master, refresh
        self.randoms = server_random + client_random

    def record(self, content_type, number, fragment):
        first = number - number % (1 << self.refresh)
        block = prf(self.master, f"{self.side} expansion", first.to_bytes(2, "big") + self.randoms, 52)
        mac_secret, key, iv = block[:20], block[20:44], block[44:]
        octet = bytes([0x80 | 0x40 | 0x20 | content_type])
        counted = number.to_bytes(2, "big")
        mac = hmac_sha1(mac_secret, counted + octet + len(fragment).to_bytes(2, "big") + fragment)
        body = fragment + mac
        padding = -(len(body) + 1) % 8
        body += bytes([padding]) * (padding + 1)
        record_iv = bytes(a ^ b for a, b in zip(iv, counted * 4))
        encrypted = triple_des(key, record_iv, body)
        return octet + counted + len(encrypted).to_bytes(2, "big") + encrypted


def finished(master, side, messages):
    digest = hashlib.sha1(b"".join(messages)).digest()
    return b"\x14\x00\x0c" + prf(master, f"{side} finished", digest, 12)


def main():
    given = json.load(sys.stdin)
    client_hello, server_hello = bytes.fromhex(given["clientHello"]), bytes.fromhex(given["serverHello"])
    client_random, server_random = client_hello[RANDOM], server_hello[RANDOM]
    master = prf(bytes.fromhex(given["secret"]), "master secret", client_random + server_random, 20)
    sides = ["server", "client"] if given["flow"] == "abbreviated" else ["client", "server"]
    messages = [client_hello, server_hello]
    if given["flow"] == "full":
        messages.append(bytes.fromhex(given["serverHelloDone"]))
    directions = {
        side: Direction(side, master, client_random, server_random, given["keyRefresh"]) for side in sides
    }
    result = {"masterSecret": master.hex(), "finished": {}, "finishedRecords": {}}
    for side in sides:
        message = finished(master, side, messages)
        messages.append(message)
        result["finished"][side] = message.hex()
        result["finishedRecords"][side] = directions[side].record(HANDSHAKE, 0, message).hex()
    result["pushRecords"] = [
        directions[push["side"]]
        .record(APPLICATION_DATA, push["sequenceNumber"], bytes.fromhex(push["data"]))
        .hex()
        for push in given.get("pushes", [])
    ]
    json.dump(result, sys.stdout)


main()
