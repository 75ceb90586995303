"""Package #0 in its three formats, made from the documents without a line of Reveille.

Reads a JSON object in each line of standard input: format, serverId, secret, nonce (hex; the MD5 forms) and fields by the names
that stand in the code below; prints the WSP push of each in hex, as a JSON string in a line. DM-NOTI-1.2 (2007) and DM-NOTI-1.3-2010: section 6.1
and 6.2.2; DM-NOTI-1.3 (2012): sections 6.1 to 6.6; the six octets before each of them: section 7.1 and Appendix C.
"""

import base64
import hashlib
import json
import sys


class Bits:
    """Numbers of so many bits, the most significant first."""

    def __init__(self):
        self.text = ""

    def put(self, value, count):
        self.text += format(value, f"0{count}b")
        return self

    def octets(self):
        return bytes(int(self.text[at : at + 8], 2) for at in range(0, len(self.text), 8))


def md5(data):
    return hashlib.md5(data).digest()


def md5_form(asked, trigger):
    name = f"{asked['serverId']}:{asked['secret']}".encode()
    nonce = bytes.fromhex(asked["nonce"])
    digest = md5(base64.b64encode(md5(name)) + b":" + nonce + b":" + base64.b64encode(md5(trigger)))
    return digest + trigger


def counted(value, octets):
    return len(value).to_bytes(octets, "big") + value


def form_2007(asked):
    bits = Bits().put(0b0000001011, 10).put(asked.get("uiMode", 1), 2).put(asked.get("initiator", 1), 1)
    head = bits.put(0, 27).put(asked["sessionId"], 16).octets()
    vendor = bytes.fromhex(asked.get("vendor", ""))
    return md5_form(asked, head + counted(asked["serverId"].encode(), 1) + vendor)


def form_2010(asked):
    bits = Bits().put(0b0000001100, 10).put(asked.get("uiMode", 1), 2).put(asked.get("initiator", 1), 1)
    bits.put(asked.get("transport", 0), 2).put(asked.get("authType", 0), 2).put(asked.get("devDetail", 0), 1)
    bits.put(asked.get("timeout", 0), 3)
    for name in ("vendor", "moi", "reason"):
        bits.put(int(name in asked), 1)
    trigger = bits.put(0, 16).put(asked["sessionId"], 16).octets() + counted(asked["serverId"].encode(), 1)
    if "vendor" in asked:
        trigger += counted(bytes.fromhex(asked["vendor"]), 2)
    if "moi" in asked:
        trigger += counted(asked["moi"].encode(), 1)
    if "reason" in asked:
        trigger += counted(asked["reason"].encode(), 2)
    return md5_form(asked, trigger)


def option(number, value):
    return (number << 12 | len(value)).to_bytes(2, "big") + value


def form_2012(asked):
    options = [option(1, asked["serverId"].encode())]
    options += [option(2, index.to_bytes(2, "big")) for index in asked.get("targeted", [])]
    # The shortest number of octets that holds the index.
    options += [option(3, i.to_bytes(max(1, (i.bit_length() + 7) // 8), "big")) for i in asked.get("requested", [1])]
    options += [option(4, bytes([bearer])) for bearer in asked.get("bearers", [])]
    options += [option(5, asked["reason"].encode())] if "reason" in asked else []
    options += [option(6, asked["vendor"].encode())] if "vendor" in asked else []
    bits = Bits().put(asked.get("version", 1), 4).put(len(options), 3).put(asked.get("initiator", 1), 1)
    bits.put(asked.get("uiMode", 1), 2).put(asked.get("transport", 0), 3).put(0, 19)
    bits.put(asked.get("timeout", 0), 16).put(asked["sessionId"], 16).put(asked["timestamp"], 32)
    header, body = bits.octets(), b"".join(options)
    return header + body + hashlib.sha256(asked["secret"].encode() + b":" + header + b":" + body).digest()


FORMS = {"dm1.2": (form_2007, 0x44), "dm1.3-2010": (form_2010, 0x44), "dm1.3": (form_2012, 0x58)}


def push(asked):
    form, code = FORMS[asked["format"]]
    body = form(asked)
    if "flip" in asked:  # one bit of the message, counted from its start
        at, bit = divmod(asked["flip"], 8)
        body = body[:at] + bytes([body[at] ^ 0x80 >> bit]) + body[at + 1 :]
    # Transaction 1, Push, three octets of headers: the content type, X-Wap-Application-Id, syncml.dm.
    return bytes([0x01, 0x06, 0x03, 0x80 | code, 0x80 | 0x2F, 0x80 | 0x07]) + body


for line in sys.stdin:
    print(json.dumps(push(json.loads(line)).hex()), flush=True)
