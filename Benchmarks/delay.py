"""A relay that is far away: messages/s against the number of connections, and how straight that line is."""

import os
import statistics
import subprocess
import sys
import tempfile

import peers
import table
import workspace

CONNECTIONS = [1, 2, 4, 8, 16, 32]
# Enough messages that opening the connections does not count, few enough that one connection ends soon.
SECONDS = 4
# The least share of the straight line through the origin that every point must reach.
GOAL = 0.85


class Proxy:
    def __init__(self, target, milliseconds):
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "delay_proxy.py")
        self.process = subprocess.Popen(
            [sys.executable, path, "0", str(target), str(milliseconds)], stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def rate(options, port, connections, count):
    """Messages/s while sending is under way: from the first reply to the last."""
    with tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
        space = workspace.Workspace(options.program, os.path.join(folder, "w"), port, connections)
        space.fill(count)
        done = space.run("engine", "--until-idle")
        if done.status != 0 or space.states() != {"sent": count}:
            raise RuntimeError(f"postroom ended with {done.status} and {space.states()}")
        first, last = space.query("SELECT min(replied_at), max(replied_at) FROM attempt")[0]
        return (count - connections) / ((last - first) / 1e6)


def run(options):
    round_trips = 1000 / options.delay
    measured = {connections: [] for connections in CONNECTIONS}
    with peers.Sink() as sink, Proxy(sink.port, options.delay) as proxy:
        for number in range(max(1, options.rounds // 2)):
            for connections in CONNECTIONS:
                # One round trip or two a message: for SECONDS at a rate in between.
                count = max(40, int(SECONDS * connections * round_trips * 0.7))
                measured[connections].append(rate(options, proxy.port, connections, count))
                table.progress(f"round {number + 1}: {connections} connections {measured[connections][-1]:,.0f}/s")
    return report(options, {key: statistics.median(values) for key, values in measured.items()})


def report(options, rates):
    # Least squares through the origin: no connections, no messages.
    slope = sum(key * value for key, value in rates.items()) / sum(key * key for key in rates)
    mean = statistics.mean(rates.values())
    residue = sum((value - slope * key) ** 2 for key, value in rates.items())
    fit = 1 - residue / sum((value - mean) ** 2 for value in rates.values())
    base = rates[CONNECTIONS[0]]
    rows = []
    for connections, value in rates.items():
        share = value / (base * connections)
        rows.append([
            connections, f"{value:,.0f}", f"{value / connections:.1f}", f"{1000 / options.delay * connections / value:.2f}",
            f"{share:.2f}", f"≥ {GOAL:g}", table.verdict(share >= GOAL),
        ])
    table.show(
        f"delay: {options.delay:g} ms of round trip added; line {slope:.1f} msg/s a connection, R² {fit:.4f}",
        ["connections", "msg/s", "each", "round trips/msg", "of linear", "goal", ""],
        rows,
    )
    return all(row[-1] == table.verdict(True) for row in rows)
