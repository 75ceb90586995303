"""Answers in JSON lines what gammu (python3-gammu) writes and reads of TPDUs, offline.

A question is {"encode": LAYOUT, ...} with the fields below, or {"decode": HEX}, with a service centre before the TPDU.
"""
import datetime
import json
import sys

import gammu


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")


def encode(question):
    return gammu.EncodePDU(
        {
            "SMSC": {
                "Location": 0,
                "Name": "",
                "Format": "Text",
                "Validity": question["validity"],
                "Number": question["serviceCentre"],
                "DefaultNumber": "",
            },
            "UDH": {"Type": "UserUDH", "Text": bytes.fromhex(question["header"])},
            "Folder": 1,
            "InboxFolder": 0,
            "Memory": "ME",
            "Location": 0,
            "Name": "",
            "Number": question["number"],
            "Text": bytes.fromhex(question["payload"]),
            "Type": "Deliver" if question["encode"] == "Deliver" else "Status_Report" if question["report"] else "Submit",
            "Coding": "8bit",
            "DateTime": moment(question["time"]),
            "SMSCDateTime": moment(question["time"]),
            "DeliveryStatus": 0,
            "ReplyViaSameSMSC": 0,
            "State": "UnSent",
            "Class": question["class"],
            "MessageReference": question["reference"],
            "ReplaceMessage": 0,
            "RejectDuplicates": 0,
        },
        question["encode"],
    ).hex()


def decode(octets):
    read = gammu.DecodePDU(bytes.fromhex(octets), True)
    text = read["Text"]
    return {
        "type": read["Type"],
        "coding": read["Coding"],
        "class": read["Class"],
        "number": read["Number"],
        "serviceCentre": read["SMSC"]["Number"],
        "validity": read["SMSC"]["Validity"],
        "header": read["UDH"]["Text"].hex(),
        "payload": text.hex() if isinstance(text, bytes) else text,
        "reference": read["MessageReference"],
        "status": read["DeliveryStatus"],
        "time": str(read["DateTime"]),
    }


for line in sys.stdin:
    asked = json.loads(line)
    answer = encode(asked) if "encode" in asked else decode(asked["decode"])
    print(json.dumps(answer), flush=True)
