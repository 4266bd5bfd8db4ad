#!/usr/bin/env python3
"""A TCP proxy on loopback that makes the other end look far away: half the given round trip is added each way.

    delay_proxy.py LISTEN_PORT TARGET_PORT [MILLISECONDS]      (LISTEN_PORT 0: any; it is printed)

Order and bytes stay as they are and nothing is limited: only time is added, to the end of a connection as well. The
round trip of opening the connection itself is not delayed.
"""

import asyncio
import collections
import sys

LOOPBACK = "127.0.0.1"


class Pipe(asyncio.Protocol):
    """One end of a connection. What it reads is written to its partner `delay` seconds later."""

    def __init__(self, delay, connected):
        self.delay = delay
        self.connected = connected
        self.partner = None
        self.transport = None
        self.waiting = collections.deque()
        self.timer = None

    def connection_made(self, transport):
        self.transport = transport
        self.connected(self)

    def data_received(self, data):
        self._enqueue(data)

    def eof_received(self):
        self._enqueue(None)
        return True

    def connection_lost(self, _error):
        self._enqueue(None)

    def _enqueue(self, data):
        loop = asyncio.get_running_loop()
        self.waiting.append((loop.time() + self.delay, data))
        self._schedule()

    def _schedule(self):
        """One timer for the oldest piece: timers of their own for each could fire out of order."""
        if self.timer is None and self.waiting and self.partner is not None:
            self.timer = asyncio.get_running_loop().call_at(self.waiting[0][0], self._deliver)

    def _deliver(self):
        self.timer = None
        now = asyncio.get_running_loop().time()
        pieces = []
        is_ending = False
        while self.waiting and self.waiting[0][0] <= now + 0.0005:
            piece = self.waiting.popleft()[1]
            if piece is None:
                is_ending = True
            else:
                pieces.append(piece)
        transport = self.partner.transport
        if not transport.is_closing():
            if pieces:
                transport.write(b"".join(pieces))
            if is_ending:
                transport.close()
        self._schedule()

    def join(self, partner):
        self.partner = partner
        self._schedule()


async def serve(listen_port, target_port, round_trip):
    """Starts the proxy. Returns the asyncio server; its port is `server.sockets[0].getsockname()[1]`."""
    loop = asyncio.get_running_loop()
    delay = round_trip / 2

    def accepted(client):
        async def connect():
            try:
                _, server = await loop.create_connection(lambda: Pipe(delay, lambda _: None), LOOPBACK, target_port)
            except OSError:
                client.transport.abort()
                return
            client.join(server)
            server.join(client)

        connecting.add(task := loop.create_task(connect()))
        task.add_done_callback(connecting.discard)

    connecting = set()
    return await loop.create_server(lambda: Pipe(delay, accepted), LOOPBACK, listen_port, backlog=512)


async def main(listen_port, target_port, milliseconds):
    server = await serve(listen_port, target_port, milliseconds / 1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    try:
        asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 20.0))
    except KeyboardInterrupt:
        pass
