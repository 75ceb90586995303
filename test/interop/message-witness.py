"""Turns a signed DM message from XML into WBXML, from the token tables of DM-REPPRO-1.2 and WBXML 1.3, without a line of Reveille.

Reads a JSON object in each line of standard input: xml, and version (1, 2 or 3, for WBXML 1.1 to 1.3) or 0 for a MgmtTree as a document
of its own; prints the octets in hex, as a JSON string. Data in Base64 whose item is a tree in WBXML becomes OPAQUE; elements without
tokens become literals.
"""

import base64
import json
import sys
import xml.parsers.expat

SYNCML = """Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data Delete Exec Final Get Item Lang LocName LocURI Map
MapItem Meta MsgID MsgRef NoResp NoResults Put Replace RespURI Results Search Sequence SessionID SftDel Source SourceRef Status
Sync SyncBody SyncHdr SyncML Target TargetRef - VerDTD VerProto NumberOfChanges MoreData""".split()
METINF = """Anchor EMI Format FreeID FreeMem Last Mark MaxMsgSize Mem MetInf Next NextNonce SharedMem Size Type Version
MaxObjSize FieldLevel""".split()
TNDS = """AccessType ACL Add b64 bin bool chr CaseSense CIS Copy CS date DDFName DefaultValue Delete Description DFFormat
DFProperties DFTitle DFType Dynamic Exec float Format Get int Man MgmtTree MIME Mod Name Node node NodeName null Occurrence One
OneOrMore OneOrN Path Permanent Replace RTProperties Scope Size time Title TStamp Type Value VerDTD VerNo xml ZeroOrMore ZeroOrN
ZeroOrOne""".split()
DDF = b"-//OMA//DTD-DM-DDF 1.2//EN\0"


def mb(number):
    out = bytes([number & 0x7F])
    while number := number >> 7:
        out = bytes([0x80 | number & 0x7F]) + out
    return out


class Node:
    def __init__(self, name, attributes):
        self.name, self.attributes, self.children = name, attributes, []


def parse(text):
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    stack = [Node("", [])]

    def start(name, attributes):
        stack[-1].children.append(Node(name, attributes))
        stack.append(stack[-1].children[-1])

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = lambda data: stack[-1].children.append(data)
    parser.Parse(text, True)
    return stack[0].children[-1]


class Encoder:
    def __init__(self, page):
        self.page, self.table = page, b""

    def literal(self, name):
        entry = name.encode() + b"\0"
        if entry not in self.table:
            self.table += entry
        return mb(self.table.index(entry))

    def string(self, text):
        return b"\x03" + text.encode() + b"\0"

    def tag(self, node, page):
        content = 0x40 if node.children else 0
        if node.name in PAGES[page]:
            switch = b"" if page == self.page else bytes([0, page])
            self.page = page
            return switch + bytes([5 + PAGES[page].index(node.name) | content])
        octets = bytes([0x04 | (0x80 if node.attributes else 0) | content]) + self.literal(node.name)
        if node.attributes:
            pairs = zip(node.attributes[::2], node.attributes[1::2])
            octets += b"".join(b"\x04" + self.literal(name) + self.string(value) for name, value in pairs) + b"\x01"
        return octets

    def element(self, node, page=0, opaque=False):
        """The children of Meta are on page 1, a tree is on page 2."""
        page = 2 if node.name == "MgmtTree" else page
        octets = self.tag(node, page)
        opaque = text_of(node, "Meta", "Type") == TREE if node.name == "Item" else opaque
        for child in node.children:
            if not isinstance(child, str):
                octets += self.element(child, 1 if node.name == "Meta" else page, opaque)
            elif opaque and node.name == "Data":
                octets += b"\xc3" + mb(len(base64.b64decode(child))) + base64.b64decode(child)
            else:
                octets += self.string(child)
        return octets + (b"\x01" if node.children else b"")


PAGES = (SYNCML, METINF, TNDS)
TREE = "application/vnd.syncml.dmtnds+wbxml"


def text_of(node, *path):
    for name in path:
        node = next(child for child in node.children if getattr(child, "name", None) == name)
    return node.children[0]


def document(asked):
    root = parse(asked["xml"])
    if asked["version"] == 0:  # page 2 is the first that is used
        return b"\x02\x00\x00\x6a" + mb(len(DDF)) + DDF + Encoder(0).element(root)
    encoder = Encoder(0)
    body = encoder.element(root)
    return bytes([asked["version"]]) + mb(0x1201) + b"\x6a" + mb(len(encoder.table)) + encoder.table + body


for line in sys.stdin:
    print(json.dumps(document(json.loads(line)).hex()), flush=True)
