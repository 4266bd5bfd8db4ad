"""The emergency stop at full speed: how long after the key does the last final dot arrive?

One engine runs. Each trial lets it reach full speed, raises SIGUSR1 (the stop that a person's key raises in the process),
waits until no dot comes any more, and then opens the permit again in the store by hand: reset and resume have a ladder of
their own and are not what is timed. In every second trial another process holds the database's write lock while the stop
is pressed, for half a second.
"""

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import dot_sink
import machine
import stock
import table
import workspace

CONNECTIONS = 32
# Milliseconds: p99 of stop to last dot, free and with a locked database.
GOALS = {False: 10, True: 100}
# Messages that are waiting at least, and how many are added at a time.
STOCK = 80_000
# A trial begins once so many dots have come since the last one.
WARM = 150
# Without a dot for so long it is over.
QUIET = 0.15
LOCKED = 0.5


class DotSink:
    def __init__(self, folder):
        self.path = os.path.join(folder, "dots")
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dot_sink.py")
        self.process = subprocess.Popen([sys.executable, script, self.path], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def count(self):
        try:
            return os.path.getsize(self.path) // dot_sink.RECORD.size
        except FileNotFoundError:
            return 0

    def since(self, number):
        """Records from the given one on: (nanoseconds, message, flags)."""
        with open(self.path, "rb") as file:
            file.seek(number * dot_sink.RECORD.size)
            data = file.read()
        whole = len(data) // dot_sink.RECORD.size * dot_sink.RECORD.size
        return list(dot_sink.RECORD.iter_unpack(data[:whole]))

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Lock:
    """Another process's hold on the database."""

    CODE = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")
"""

    def __init__(self, path, seconds):
        self.process = subprocess.Popen(
            [sys.executable, "-c", Lock.CODE, path, str(seconds)], stdout=subprocess.PIPE, text=True
        )
        self.process.stdout.readline()

    def end(self):
        self.process.wait()
        self.process.stdout.close()


def reopen(space):
    """The permit as if it had never been stopped, and the latch gone."""
    connection = sqlite3.connect(space.store, timeout=30)
    with connection:
        connection.execute("UPDATE permit SET state = 'open', generation = generation + 1, rung = 0 WHERE id = 1")
    connection.close()
    if os.path.exists(latch(space)):
        os.unlink(latch(space))


def runs(space, sink, count):
    """Whether so many dots have come. An engine that looks between the two steps of `reopen` sees a latch that somebody
    made by hand, and rightly stops again: then the permit is opened once more."""
    if permit(space) == "stopped" or os.path.exists(latch(space)):
        reopen(space)
    return sink.count() >= count


def latch(space):
    return os.path.join(space.folder, "STOP")


def trial(space, sink, engine, is_locked):
    """Returns milliseconds from the signal to the last dot; 0 when none came after it."""
    start = sink.count()
    machine.wait_until(lambda: runs(space, sink, start + WARM), 60, "full speed")
    lock = Lock(space.store, LOCKED) if is_locked else None
    before = sink.count()
    pressed = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    engine.send_signal(signal.SIGUSR1)
    last, quiet_since = before, time.monotonic()
    while time.monotonic() - quiet_since < QUIET:
        time.sleep(0.01)
        if sink.count() != last:
            last, quiet_since = sink.count(), time.monotonic()
    late = [moment for moment, _, _ in sink.since(before) if moment > pressed]
    if lock:
        lock.end()
    machine.wait_until(lambda: os.path.exists(latch(space)) and permit(space) == "stopped", 30, "the durable stop")
    armed = in_flight(space)
    machine.wait_until(lambda: in_flight(space) == 0, 90, "results of what was past its dot")
    after = sink.count()
    if after != last:
        raise RuntimeError("a dot came after the stop was durable")
    reopen(space)
    return (max(late) - pressed) / 1e6 if late else 0.0, armed


def permit(space):
    return space.query("SELECT state FROM permit WHERE id = 1")[0][0]


def in_flight(space):
    return space.query("SELECT sum(value) FROM counter WHERE name IN ('message.leased', 'message.armed')")[0][0]


def run(options):
    with tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
        sink = DotSink(folder)
        space = workspace.Workspace(options.program, os.path.join(folder, "w"), sink.port, CONNECTIONS)
        stock.add(space, STOCK)
        engine = space.start("engine")
        found = {False: [], True: []}
        try:
            for number in range(options.trials):
                if space.query("SELECT value FROM counter WHERE name = 'message.queued'")[0][0] < STOCK // 2:
                    stock.add(space, STOCK)
                found[number % 2 == 1].append(trial(space, sink, engine, number % 2 == 1)[0])
                if (number + 1) % 100 == 0:
                    table.progress(f"{number + 1} trials")
        finally:
            engine.send_signal(signal.SIGTERM)
            engine.wait(60)
            engine.stderr.close()
            records = sink.since(0)
            sink.stop()
        return report(options, space, found, records)


def report(options, space, found, records):
    rows = []
    for is_locked, values in found.items():
        if not values:
            continue
        p99 = table.percentile(values, 0.99)
        rows.append([
            "held by another process" if is_locked else "free", len(values), f"{statistics.median(values):.2f}",
            f"{p99:.2f}", f"{max(values):.2f}", f"≤ {GOALS[is_locked]}", table.verdict(p99 <= GOALS[is_locked]),
        ])
    table.show(
        f"stop: signal to last final dot in ms, {CONNECTIONS} connections, {options.trials} trials",
        ["database", "trials", "p50", "p99", "max", "goal (p99)", ""], rows,
    )
    states = space.states()
    whole = sum(flags for _, _, flags in records)
    numbers = [number for _, number, _ in records]
    checks = [
        ["accepted by the sink but cut short", len(records) - whole],
        ["accepted twice", len(numbers) - len(set(numbers))],
        ["uncertain", states.get("uncertain", 0)],
        ["accepted by the sink, not sent here", len(records) - states.get("sent", 0)],
    ]
    table.show("stop: what must be 0", ["", "messages", ""], [[*row, table.verdict(row[1] == 0)] for row in checks])
    return all(row[-1] != table.verdict(False) for row in rows) and all(row[1] == 0 for row in checks)
