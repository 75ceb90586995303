#!/usr/bin/env bash
# Wireshark 4.0.17 (Debian 12, tshark 4.0.17-0+deb12u3) reads one octet of the two of the SMPP 5.0 parameter broadcast_rep_num.
#
# A broadcast_sm asks for 3 repetitions (tag 0x0604, length 2, value 0x0003) and goes on with broadcast_frequency_interval
# (0x0605) and message_payload (0x0424). Seen: "Number of repetitions requested: 0" for the 3, because only the upper octet is
# read; what follows is taken one octet too early, as "Optional parameter: 0x0306", and the rest of the PDU is called malformed.
# With the parameter last in the PDU it is the same: its lower octet is left over, and the PDU is called malformed.
#
# Exits 0 while that is so, 1 when it has changed, 2 when it cannot be tried. Needs Debian 12, apt-get, dpkg-deb, python3.
set -euo pipefail

version=4.0.17-0+deb12u3
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download "tshark=$version" "wireshark-common=$version" "libwireshark16=$version" "libwiretap13=$version" \
  "libwsutil14=$version" "libwireshark-data=$version" >/dev/null 2>&1 ||
  { echo "tshark $version cannot be downloaded here" >&2; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" root; done
# What it is linked to besides comes with Debian's tshark of any version.
libraries="$(dirname "$(find root/usr/lib -name 'libwireshark.so.*' | head -1)")"
if LD_LIBRARY_PATH="$libraries" ldd root/usr/bin/tshark | grep -q 'not found'; then
  echo "libraries of tshark are missing: apt-get install tshark" >&2
  exit 2
fi

python3 - <<'PY'
import struct
def parameter(tag, value): return struct.pack('>HH', tag, len(value)) + value
def text(value): return value.encode() + b'\0'
def capture(name, last):
    # service_type, source address, message_id, priority_flag, two times, replace_if_present_flag, data_coding, sm_default_msg_id
    body = text('') + b'\1\1' + text('12345') + text('') + b'\0' + text('') + text('') + b'\0\0\0'
    body += parameter(0x0606, b'\0area') + parameter(0x0601, b'\0\0\1')
    repetitions = parameter(0x0604, struct.pack('>H', 3))
    others = parameter(0x0605, b'\x09\0\2') + parameter(0x0424, b'hello')
    body += others + repetitions if last else repetitions + others
    pdu = struct.pack('>IIII', 16 + len(body), 0x111, 0, 7) + body
    tcp = struct.pack('>HHIIBBHHH', 40000, 2775, 1, 1, 0x50, 0x18, 8192, 0, 0) + pdu
    addresses = bytes([192, 0, 2, 1, 192, 0, 2, 2])
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + addresses + tcp
    head = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    with open(name, 'wb') as file: file.write(head + struct.pack('<IIII', 0, 0, len(ip), len(ip)) + ip)
capture('middle.pcap', False)
capture('last.pcap', True)
PY

read_with() { LD_LIBRARY_PATH="$libraries" WIRESHARK_DATA_DIR=root/usr/share/wireshark HOME="$folder" \
  root/usr/bin/tshark -r "$1" -d tcp.port==2775,smpp -V 2>/dev/null; }
middle="$(read_with middle.pcap)"
last="$(read_with last.pcap)"
failed=0
seen() { grep -qF -- "$2" <<<"$1" || { echo "changed: no longer \"$2\"" >&2; failed=1; }; }
seen "$middle" 'Number of repetitions requested: 0'
seen "$middle" 'Optional parameter: 0x0306'
seen "$middle" 'Malformed Packet: SMPP'
seen "$last" 'Number of repetitions requested: 0'
seen "$last" 'Malformed Packet: SMPP'
[ "$failed" = 0 ] && echo "tshark $version: 3 repetitions are read as 0, and the PDU as malformed"
exit "$failed"
