#!/usr/bin/env python3
"""An SMTP sink that notes when each final dot arrived, and whether the whole message came before it.

    dot_sink.py RECORD_FILE        prints its port; writes one record a message

A record is 16 bytes, little endian: nanoseconds of CLOCK_MONOTONIC (8), message number (4, from the recipient
`r<number>@`), flags (4: 1 = whole). One thread, epoll, no library: it must keep up with a sender at full speed.
"""

import re
import select
import socket
import struct
import sys
import time

import workspace

RECORD = struct.Struct("<qII")
GREETING = b"220 dot-sink ESMTP\r\n"
HELLO = b"250-dot-sink\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250 8BITMIME\r\n"
END = b"\r\n.\r\n"
# Only `r<number>@` is ours; the number is kept within 32 bits.
RECIPIENT = re.compile(rb"RCPT TO:<r(\d{1,9})@", re.IGNORECASE)
LONGEST = 1 << 20


class Connection:
    def __init__(self, stream):
        self.stream = stream
        self.buffer = bytearray()
        self.in_data = False
        self.number = 0

    def take(self, data, record):
        """Returns what to answer; None to close."""
        self.buffer += data
        out = []
        while True:
            if self.in_data:
                end = self.buffer.find(END)
                if end < 0:
                    if len(self.buffer) > LONGEST:
                        return None
                    break
                moment = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
                whole = self.buffer.rfind(workspace.END_MARK, 0, end) >= 0
                record(RECORD.pack(moment, self.number, int(whole)))
                del self.buffer[: end + len(END)]
                self.in_data = False
                out.append(b"250 2.0.0 accepted\r\n")
                continue
            line_end = self.buffer.find(b"\r\n")
            if line_end < 0:
                break
            line = bytes(self.buffer[:line_end])
            del self.buffer[: line_end + 2]
            out.append(self.answer(line))
            if out[-1].startswith(b"221"):
                break
        return b"".join(out)

    def answer(self, line):
        verb = line[:4].upper()
        if verb in (b"EHLO", b"HELO"):
            return HELLO
        if verb == b"RCPT":
            match = RECIPIENT.match(line)
            self.number = int(match.group(1)) if match else 0
            return b"250 2.1.5 recipient\r\n"
        if verb == b"DATA":
            self.in_data = True
            # A message that has no body yet ends with a dot on the first line.
            return b"354 go on\r\n"
        if verb == b"QUIT":
            return b"221 2.0.0 bye\r\n"
        return b"250 2.0.0 ok\r\n"


def serve(path):
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setblocking(False)
    poll = select.epoll()
    poll.register(listener.fileno(), select.EPOLLIN)
    connections = {}
    print(listener.getsockname()[1], flush=True)
    with open(path, "ab", buffering=0) as file:
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == listener.fileno():
                    stream, _ = listener.accept()
                    stream.setblocking(False)
                    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    stream.sendall(GREETING)
                    connections[stream.fileno()] = Connection(stream)
                    poll.register(stream.fileno(), select.EPOLLIN)
                    continue
                connection = connections[descriptor]
                try:
                    data = connection.stream.recv(65536)
                    answer = connection.take(data, file.write) if data else None
                    if answer:
                        connection.stream.sendall(answer)
                    is_over = answer is None or answer.endswith(b"bye\r\n")
                except OSError:
                    is_over = True
                if is_over:
                    poll.unregister(descriptor)
                    connection.stream.close()
                    del connections[descriptor]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        serve(sys.argv[1])
    except KeyboardInterrupt:
        pass
