"""A pseudo terminal whose other end is a TCP connection to PORT: prints {"path": ...} once both are there."""
import json
import os
import pty
import select
import socket
import sys
import tty

master, slave = pty.openpty()
tty.setraw(slave)
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(json.dumps({"path": os.ttyname(slave)}), flush=True)
while True:
    for ready in select.select([master, line], [], [])[0]:
        octets = os.read(master, 4096) if ready is master else line.recv(4096)
        if not octets:
            sys.exit(0)
        if ready is master:
            line.sendall(octets)
        else:
            os.write(master, octets)
