"""Computes every digest, MAC and key derivation of these vectors anew, with Python's standard library alone.

python3 check.py [FOLDER] prints how many vectors of each kind hold, and the id of each that does not (status 1). Vectors that do
not name check.py among their checkers are left to others. README.md has the formulas in words.
"""
import base64, hashlib, hmac, json, pathlib, re, sys

B64 = lambda octets: base64.b64encode(octets).decode()
MD5 = lambda octets: hashlib.md5(octets).digest()
HMAC_SHA1 = lambda key, octets: hmac.new(key, octets, hashlib.sha1).digest()
raw = bytes.fromhex

def digest_md5(name, secret, nonce, trigger):
    credential = B64(MD5(f"{name}:{secret}".encode()))
    return credential, MD5(credential.encode() + b":" + nonce + b":" + B64(MD5(trigger)).encode())
digest_sha256 = lambda secret, header, options: hashlib.sha256(secret.encode() + b":" + header + b":" + options).digest()
def package0(given, octets, expected):
    message = expected["message"]
    if expected["format"] == "dm1.3":
        signed, digest = octets[:-32], octets[-32:]
        verdict = "given" if digest_sha256(given["secret"], signed[:12], signed[12:]) == digest else None
    else:
        digest, verdict = octets[:16], None
        name = given.get("identifier", message["serverId"])
        nonces = [(raw(given["nonce"]), "given")] if "nonce" in given else []
        for nonce, which in nonces + [(bytes(4), "default")]:
            if verdict is None and digest_md5(name, given["secret"], nonce, octets[16:])[1] == digest:
                verdict = which
    return digest.hex() == expected["digest"] and verdict == expected["verdict"]
def digest_of_md5(given, trigger, expected):
    credential, digest = digest_md5(given["serverId"], given["secret"], raw(given["nonce"]), trigger)
    return credential == expected["credentialHash"] and digest.hex() == expected["digest"]
def digest_of_sha256(given, octets, expected):
    header, options, secret = octets[: given["headerOctets"]], octets[given["headerOctets"] :], given["secret"].encode()
    wrong = {"oneColon": hashlib.sha256(secret + b":" + octets).hexdigest(), "hmac": hmac.new(secret, octets, hashlib.sha256).hexdigest()}
    return digest_sha256(given["secret"], header, options).hex() == expected["digest"] and expected["wrong"] == wrong
def credential(given, octets, expected):
    pair = f"{given['name']}:{given['secret']}".encode()
    if "nonce" not in given:
        return B64(pair) == expected["data"] and not octets
    hashed = B64(MD5(pair)).encode() + b":" + raw(given["nonce"])
    answer = {"data": B64(MD5(hashed)), "mac": B64(MD5(hashed + b":" + B64(MD5(octets)).encode()))}
    return all(answer[name] == value for name, value in expected.items()) and bool(octets) == ("mac" in expected)
def bootstrap_mac(given, document, expected):
    network, pin = b"", given.get("pin", "").encode()
    if "imsi" in given:
        digits = ("9{}" if len(given["imsi"]) % 2 else "1{}f").format(given["imsi"])
        network = raw("".join(digits[at + 1] + digits[at] for at in range(0, len(digits), 2)))
    both = {"cp": network + pin, "dm": pin + b":" + network}.get(given.get("profile"))
    key = {"USERPIN": pin, "NETWPIN": network, "USERNETWPIN": both}[given["sec"]]
    return key.hex() == expected["key"] and HMAC_SHA1(key, document).hex().upper() == expected["mac"]
def user_pin_mac(given, document, expected):
    pin, mac = given["pin"], HMAC_SHA1(given["pin"].encode(), document)
    return given["sec"] == "USERPINMAC" and pin + "".join(str(octet % 10) for octet in mac[: len(pin)]) == expected["told"]
ELEMENTS = {0: ("concatenation", 3), 8: ("concatenation", 4), 4: ("ports", 2), 5: ("ports", 4)}
def user_data(octets):
    at, end, found, number = 1, octets[0] + 1, {"others": [], "ignored": []}, lambda part: int.from_bytes(part, "big")
    while at < end:
        data, half = octets[at + 2 : at + 2 + octets[at + 1]], octets[at + 1] // 2
        field, size = ELEMENTS.get(octets[at], ("others", 0))
        if field == "others":
            found[field].append({"id": octets[at], "data": data.hex()})
        elif len(data) != size or (field == "concatenation" and not 0 < data[-1] <= data[-2]):
            found["ignored"].append({"field": field, "offset": at})
        elif field == "ports":
            found[field] = {"destination": number(data[:half]), "source": number(data[half:]), "bits": 8 * half}
        else:
            found[field] = {"reference": number(data[:-2]), "referenceBits": 8 * size - 16, "total": data[-2], "sequence": data[-1]}
        at += 2 + octets[at + 1]
    return {**found, "payloadOffset": end, "payload": octets[end:].hex()}
def no_user_data(given, octets, expected):
    at, end = 1, octets[0] + 1 if octets else 0  # what is cut: the header, an element's length, its data
    while at + 1 < end <= len(octets) and at + 2 + octets[at + 1] <= end:
        at += 2 + octets[at + 1]
    field, offset = ("headerLength", 0) if not octets else ("headerLength", 1) if end > len(octets) else ("element.length", at + 1) if at + 1 == end else ("element.data", at + 2)
    return (at < end or not octets) and expected == {"code": "TRUNCATED", "field": field, "offset": offset}
def segments(given, datagram, expected):
    parts, joined = [raw(part) for part in expected["segments"]], b""
    ports = {"destination": given["destinationPort"], "source": given["sourcePort"], "bits": 16}
    for at, part in enumerate(parts, 1):
        found = user_data(part)
        numbers = {name: given[name] for name in ("reference", "referenceBits")} | {"total": len(parts), "sequence": at}
        if len(part) > 140 or found["ports"] != ports or found.get("concatenation") != (numbers if len(parts) > 1 else None):
            return False
        joined += raw(found["payload"])
    return joined == datagram
def signed(given, octets, expected):
    text, info = expected["canonical"].encode(), expected["signedInfo"].encode()
    digest = hashlib.sha256(text).digest()
    if digest.hex() != expected["contentDigest"] or f"<DigestValue>{B64(digest)}<".encode() not in info or any(each not in octets for each in re.findall(rb'"(http[^"]+)"', info)):
        return False  # signatures of key pairs are left to xmlsec1
    return expected.get("signatureValue") in (None, B64(hmac.new(raw(given.get("hmacKey", "")), info, hashlib.sha256).digest()))
def prf(secret, label, seed, length):
    out, seed, a = b"", label.encode() + seed, label.encode() + seed
    while len(out) < length:
        a = HMAC_SHA1(secret, a)
        out += HMAC_SHA1(secret, a + seed)
    return out[:length]
def handshake(given, octets, expected):
    messages = [raw(message) for message in given["handshake"]]
    client, server = messages[0][4:20], messages[1][4:20]
    master = prf(raw(given["secret"]), "master secret", client + server, 20)
    for side in given["order"]:
        data = prf(master, f"{side} finished", hashlib.sha1(b"".join(messages)).digest(), 12)
        messages.append(b"\x14\x00\x0c" + data)
        if messages[-1].hex() != expected["finished"][side]:
            return False
    found = ["".join(given["handshake"]), master.hex(), client.hex(), server.hex(), messages[1][-1]]  # the ServerHello ends with its key refresh
    return found == [octets.hex()] + [expected[name] for name in ("masterSecret", "clientRandom", "serverRandom", "keyRefresh")]
def record(given, octets, expected):
    number, fragment = given["sequenceNumber"], raw(expected["fragment"])
    seed = (number - number % (1 << given["keyRefresh"])).to_bytes(2, "big") + raw(given["serverRandom"]) + raw(given["clientRandom"])
    block = prf(raw(given["masterSecret"]), f"{given['side']} expansion", seed, 52)
    counted, padding = number.to_bytes(2, "big"), -(len(fragment) + 21) % 8
    iv = bytes(a ^ b for a, b in zip(block[44:], counted * 4))
    mac = HMAC_SHA1(block[:20], counted + octets[:1] + len(fragment).to_bytes(2, "big") + fragment)
    plain = fragment + mac + bytes([padding]) * (padding + 1)
    return [each.hex() for each in (block[:20], block[20:44], block[44:], iv, plain)] == [expected[name] for name in ("macSecret", "key", "iv", "recordIv", "plain")]
KINDS = {"package0": package0, "digest-md5": digest_of_md5, "digest-sha256": digest_of_sha256, "credential-basic": credential, "credential-md5": credential,
         "credential-hmac": credential, "bootstrap-mac": bootstrap_mac, "bootstrap-userpinmac": user_pin_mac, "sms-user-data": lambda _, octets, expected: user_data(octets) == expected,
         "sms-user-data-refused": no_user_data, "sms-segments": segments, "signed-message": signed, "encrypted-message": signed, "wtls-handshake": handshake, "wtls-record": record}
def judge(vector):
    kind, checkers = vector["kind"], vector["checkers"]
    if "check.py" not in checkers:
        return "left to others", "" if checkers or kind not in KINDS else ": names no checker, and here is one"
    return kind, "" if KINDS[kind](vector["inputs"], raw(vector["octets"]), vector["expected"]) else " "
def main():
    counts, wrong, folder = {}, [], pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    for path in sorted(each for each in folder.glob("*.json") if each.name != "schema.json"):
        try:
            vectors = list(json.loads(path.read_text("utf-8"))["vectors"])
        except (ValueError, KeyError, TypeError):
            vectors = []
        wrong += [] if vectors else [f"{path.name}: no vectors can be read in it"]
        for at, vector in enumerate(vectors, 1):
            name = f"{path.name}, vector {at}"
            try:
                name = vector["id"]
                kind, fault = judge(vector)
                counts[kind] = counts.get(kind, 0) + 1
            except Exception as error:  # it cannot be computed; the others go on
                fault = f": {error!r}"
            wrong += [f"{name}{fault}".strip()] if fault else []
    print("".join(f"{count:4} {kind}\n" for kind, count in sorted(counts.items())), end="")
    print("".join(f"DOES NOT HOLD {name}\n" for name in wrong), end="")
    if not counts and not wrong:
        print("no vectors: name a folder that holds them", file=sys.stderr)
    return 0 if counts and not wrong else 1
if __name__ == "__main__":
    sys.exit(main())
