"""Reads the WSP pushes of these vectors anew (WAP-230-WSP §8), with Python's standard library alone, and those that are none.

python3 check-wsp.py [FOLDER] prints how many vectors of each kind hold, and the id of each that does not (status 1). It knows the
grammar and the few assigned numbers that a DM push needs: content types, SEC and MAC, charsets, X-Wap-Application-Id.
"""
import json, pathlib, sys

TYPES = {0x2e: "application/vnd.wap.sic", 0x36: "application/vnd.wap.connectivity-wbxml", 0x42: "application/vnd.syncml.dm+wbxml",
         0x43: "application/vnd.syncml.dm+xml", 0x44: "application/vnd.syncml.notification", 0x4e: "application/vnd.syncml.ds.notification",
         0x58: "application/vnd.syncml.dm.notification", 0x303: "application/vnd.syncml+wbxml"}
CHARSETS = {106: "utf-8", 1015: "utf-16"}
SECURITY = ("NETWPIN", "USERPIN", "USERNETWPIN", "USERPINMAC")
APPLICATION_ID = 0x2f


class Refused(Exception):
    """What the octets break, in which field, and where."""
    def __init__(self, code, field, offset):
        super().__init__(code, field, offset)
        self.expected = {"code": code, "field": field, "offset": offset}


class Reader:
    """Octets up to an end; what does not fit is refused where it was to begin."""
    def __init__(self, octets, at, end):
        self.octets, self.at, self.end = octets, at, end
    def left(self):
        return self.end - self.at
    def peek(self):
        return self.octets[self.at] if self.left() else -1
    def take(self, count, field):
        if count > self.left():
            raise Refused("TRUNCATED", field, self.at)
        self.at += count
        return self.octets[self.at - count:self.at]
    def uintvar(self, field):
        begin, value = self.at, 0
        for _ in range(5):  # §8.1.2: 32 bits at most
            octet = self.take(1, field)[0]
            value = value * 128 + (octet & 127)
            if octet < 128:
                if value < 2 ** 32:
                    return value
                break
        raise Refused("BAD_VALUE", field, begin)
    def length(self, field):  # Value-length, §8.4.2.2
        short = self.take(1, field)[0]
        return self.uintvar(field) if short == 31 else short
    def text(self, field):
        nul = self.octets.find(0, self.at, self.end)
        if nul < 0:
            raise Refused("TRUNCATED", field, self.at)
        value, self.at = self.octets[self.at:nul].decode("utf-8"), nul + 1
        return value[1:] if value[:1] in ("\x7f", '"') else value
    def inner(self, field):
        count = self.length(field)
        value = self.take(count, field)
        return Reader(self.octets, self.at - len(value), self.at)


def integer(reader, field):  # Integer-value, §8.4.2.3
    if reader.peek() >= 128:
        return reader.take(1, field)[0] & 127
    return int.from_bytes(reader.take(reader.take(1, field)[0], field), "big")


def media_type(reader, field):  # §8.4.2.24; a number of more than six octets is nobody's
    begin, first = reader.at, reader.peek()
    if 32 <= first < 128:  # some write parameters as running text has them
        text, *more = (part.strip() for part in reader.text(field).split(";"))
        pairs = (part.partition("=") for part in more)
        mime = text.lower()
        return {"mime": mime}, {name.strip().lower(): value.strip(' "').lower() for name, _, value in pairs}
    if first > 6 and first < 128:
        raise Refused("BAD_VALUE", field, begin)
    code = integer(reader, field)
    return {"code": code, **({"mime": TYPES[code]} if code in TYPES else {})}, {}


def content_type(reader):
    field, first = "contentType", reader.peek()
    if first >= 32:  # short integer, or text: both without parameters of their own
        return media_type(reader, field)
    inner = reader.inner(field)
    if not inner.left():
        raise Refused("TRUNCATED", field, inner.at)
    found, parameters = media_type(inner, field)
    while inner.left():
        if inner.peek() < 128:
            name = inner.text(field)  # Untyped-parameter, §8.4.2.4
            number = inner.peek() >= 128 or 0 < inner.peek() < 32
            value = integer(inner, field) if number else inner.text(field)
            parameters[name] = SECURITY[value] if number and name == "SEC" else value
            continue
        number = inner.take(1, field)[0] & 127
        if number == 0x01:
            parameters["charset"] = CHARSETS[integer(inner, field)]
        elif number == 0x11:
            parameters["SEC"] = SECURITY[integer(inner, field)]
        elif number == 0x12:
            parameters["MAC"] = inner.text(field)
        else:
            raise ValueError(f"parameter {number}")
    return found, parameters


def headers(reader):
    """How many there are, and the application ids among them (§8.4.2.6, §8.4.2.54)."""
    page, count, ids = 1, 0, []
    while reader.left():
        begin, first = reader.at, reader.take(1, "headers")[0]
        if first == 127:  # Shift-delimiter, §8.4.1.1
            page = reader.take(1, "headers")[0]
            continue
        if first == 0:
            raise Refused("BAD_VALUE", "headers", begin)
        if first < 32:
            page = first
            continue
        if first < 128:
            reader.at = begin
            name = reader.text("headers")
            of_ids, field = name.lower() == "x-wap-application-id", f"headers.{name}"
        else:
            of_ids = page == 1 and first & 127 == APPLICATION_ID
            field = "headers.X-Wap-Application-Id" if of_ids else f"headers.{first & 127}"
        count += 1
        value = reader.peek()
        if not reader.left():
            raise Refused("TRUNCATED", field, reader.at)
        if 32 <= value < 128:
            read = reader.text(field)
        elif value >= 128:
            read = reader.take(1, field)[0] & 127
        else:
            inner = reader.inner(field)
            read = int.from_bytes(inner.octets[inner.at:inner.end], "big")
        if of_ids:
            ids.append(read)
    return count, ids


def push(octets):
    whole = Reader(octets, 0, len(octets))
    transaction = whole.take(1, "transactionId")[0]
    kind = whole.take(1, "pduType")[0]
    length_at = whole.at
    size = whole.uintvar("headersLength")
    if size == 0:
        raise Refused("BAD_VALUE", "headersLength", length_at)
    begin = whole.at
    whole.take(size, "headersLength")
    head = Reader(octets, begin, whole.at)
    found, parameters = content_type(head)
    count, ids = headers(head)
    return {"transactionId": transaction, "pduType": kind, "contentType": {**found, "parameters": parameters}, "applicationIds": ids,
            "headers": count, "bodyOffset": whole.at, "body": octets[whole.at:].hex()}


def holds(vector):
    try:
        return push(bytes.fromhex(vector["octets"])) == vector["expected"] and vector["kind"] == "wsp-push"
    except Refused as refused:
        return refused.expected == vector["expected"] and vector["kind"] == "wsp-push-refused"


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    vectors = [each for each in json.loads((folder / "wsp.json").read_text("utf-8"))["vectors"] if "check-wsp.py" in each["checkers"]]
    counts, wrong = {}, []
    for vector in vectors:
        counts[vector["kind"]] = counts.get(vector["kind"], 0) + 1
        try:
            fault = "" if holds(vector) else " "
        except Exception as error:  # it cannot be read; the others go on
            fault = f": {error!r}"
        wrong += [f"{vector['id']}{fault}".strip()] if fault else []
    print("".join(f"{count:4} {kind}\n" for kind, count in sorted(counts.items())), end="")
    print("".join(f"DOES NOT HOLD {name}\n" for name in wrong), end="")
    return 0 if vectors and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
