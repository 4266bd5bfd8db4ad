"""A million waiting messages: does the sender feel them?"""

import os
import signal
import statistics
import tempfile
import time

import machine
import peers
import stock
import table
import workspace

SMALL = 10_000
# Bytes of a body: the rows matter here, and a million of 2 KB would only fill the disk.
LENGTH = 500
# Messages that a run sends before it is ended.
SENT = 10_000
GOALS = {"rate": 0.9, "memory": 100, "claim": 1.0, "insight": 100}


def prepared(options, sink, folder, waiting):
    space = workspace.Workspace(options.program, folder, sink.port, options.sessions)
    seconds = stock.add(space, waiting, LENGTH, options.scatter)
    table.progress(f"{waiting:,} messages in {seconds:.0f} s")
    return space


def sent(space):
    return space.query("SELECT value FROM counter WHERE name = 'message.sent'")[0][0]


def measure(space, count):
    """Sends `count` messages, or all there are, and ends the engine in order. Returns (messages/s, peak MB)."""
    before = sent(space)
    process = space.start("engine")
    try:
        machine.wait_until(lambda: sent(space) - before >= count, 300, f"{count} messages to go out")
        memory = machine.peak_memory(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        process.stderr.close()
    first, last, done = space.query(
        "SELECT min(rendered_at), max(replied_at), count(*) FROM "
        "(SELECT rendered_at, replied_at FROM attempt ORDER BY id DESC LIMIT ?)", sent(space) - before,
    )[0]
    return done / ((last - first) / 1e6), memory


def claim_cost(space):
    """Milliseconds a message that the claim's own query takes for 64 messages, read back from the same file."""
    taken = []
    for _ in range(50):
        start = time.perf_counter()
        rows = space.query(
            "SELECT m.id, b.bytes, a.standing, EXISTS (SELECT 1 FROM suppression s WHERE s.address = lower(m.recipient)) "
            "FROM message m JOIN account a ON a.id = m.account_id JOIN body b ON b.message_id = m.id "
            "WHERE m.state = 'queued' AND m.next_attempt_at <= ? ORDER BY m.next_attempt_at, m.id LIMIT 64",
            time.time_ns() // 1000,
        )
        taken.append((time.perf_counter() - start) * 1000 / max(1, len(rows)))
    return statistics.median(taken)


def insight_cost(space):
    """Milliseconds of `postroom queue shape`, less those of a command that reads nothing."""

    def median(*arguments):
        return statistics.median(space.run(*arguments).wall for _ in range(7)) * 1000

    return median("queue", "shape", "--json") - median("operations", "--json")


def run(options):
    rates = {SMALL: [], options.waiting: []}
    with peers.Sink() as sink, tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
        large = prepared(options, sink, os.path.join(folder, "large"), options.waiting)
        memory = 0
        for number in range(options.rounds):
            small = prepared(options, sink, os.path.join(folder, f"small{number}"), SMALL)
            rates[SMALL].append(measure(small, SENT)[0])
            rate, peak = measure(large, SENT)
            rates[options.waiting].append(rate)
            memory = max(memory, peak or 0)
            table.progress(f"round {number + 1}: {rates[SMALL][-1]:,.0f}/s with {SMALL:,}, {rate:,.0f}/s with the rest")
        return report(options, rates, memory, claim_cost(large), insight_cost(large))


def report(options, rates, memory, claim, insight):
    ratio = statistics.median(
        large / small for small, large in zip(rates[SMALL], rates[options.waiting])
    )
    rows = [
        [f"messages/s with {SMALL:,} waiting", f"{statistics.median(rates[SMALL]):,.0f}", "", ""],
        [f"messages/s with {options.waiting:,} waiting", f"{statistics.median(rates[options.waiting]):,.0f}", "", ""],
        ["ratio within rounds", f"{ratio:.2f}", f"≥ {GOALS['rate']}", table.verdict(ratio >= GOALS["rate"])],
        ["claim query, ms a message", f"{claim:.3f}", f"< {GOALS['claim']:g}", table.verdict(claim < GOALS["claim"])],
        ["peak memory of the sender, MB", f"{memory:.0f}", f"< {GOALS['memory']}",
         table.verdict(memory < GOALS["memory"])],
        ["queue shape, ms", f"{insight:.0f}", f"≤ {GOALS['insight']}", table.verdict(insight <= GOALS["insight"])],
    ]
    table.show(f"scale: {options.waiting:,} waiting, {options.sessions} sessions", ["what", "", "goal", ""], rows)
    return all(row[-1] != table.verdict(False) for row in rows)
