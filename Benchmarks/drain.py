"""From a durable queue to the sink's 250: postroom, Postfix, smtplib, smtp-source, taking turns."""

import os
import statistics
import tempfile

import machine
import peers
import table
import workspace

# What postroom's messages/s must be at least, as a multiple of each peer's.
GOALS = {"postfix": 8.0, "smtplib": 2.0, "smtp-source": 1.0}


class Sample:
    """One contender's turn: seconds of draining, CPU seconds of the sender and of the sink during it."""

    def __init__(self, count, seconds, user, system, sink_before, sink_after, wall=None, memory=None):
        self.rate = count / seconds
        self.seconds = seconds
        self.wall = wall or seconds
        self.sender = (user + system) / count * 1e6
        self.system = system / count * 1e6
        self.sink = (sum(sink_after) - sum(sink_before)) / count * 1e6
        self.memory = memory


def postroom(options, sink, folder):
    space = workspace.Workspace(options.program, os.path.join(folder, "w"), sink.port, options.sessions)
    space.fill(options.count)
    before = sink.cpu()
    done = space.run("engine", "--until-idle")
    after = sink.cpu()
    states = space.states()
    if done.status != 0 or states != {"sent": options.count}:
        raise RuntimeError(f"postroom ended with {done.status} and {states}")
    first, last = space.query("SELECT min(rendered_at), max(replied_at) FROM attempt")[0]
    seconds = (last - first) / 1e6
    if not 0 < seconds <= done.wall:
        raise RuntimeError(f"the store says {seconds} s, the process lived {done.wall} s")
    return Sample(
        options.count, seconds, done.user, done.system, before, after, wall=done.wall, memory=done.memory
    )


def postfix(options, sink, folder):
    with peers.Postfix(os.path.join(folder, "p"), sink.port, options.sessions) as server:
        server.fill(options.count, options.sessions)
        before = sink.cpu()
        seconds, user, system = server.drain()
        return Sample(options.count, seconds, user, system, before, sink.cpu())


def loop(send):
    def run(options, sink, _folder):
        before = sink.cpu()
        done = send(sink.port, options.count, options.sessions)
        return Sample(
            options.count, done.wall, done.user, done.system, before, sink.cpu(), memory=done.memory
        )

    return run


CONTENDERS = {
    "postroom": postroom,
    "smtp-source": loop(peers.smtp_source),
    "smtplib": loop(peers.smtplib_loop),
    "postfix": postfix,
}


def run(options):
    """Every round runs every contender once against one sink; ratios are taken within a round."""
    names = [name for name in CONTENDERS if name == "postroom" or name in options.peers]
    rounds = []
    for number in range(options.rounds):
        samples = {}
        # Who goes first changes: a machine that warms up or gets busy favours nobody.
        order = names[number % len(names) :] + names[: number % len(names)]
        with peers.Sink() as sink:
            for name in order:
                with tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
                    os.chmod(folder, 0o755)
                    samples[name] = CONTENDERS[name](options, sink, folder)
                table.progress(f"round {number + 1}: {name} {samples[name].rate:,.0f}/s")
        rounds.append(samples)
    return report(options, names, rounds)


def report(options, names, rounds):
    def middle(name, value):
        return statistics.median(value(samples[name]) for samples in rounds)

    rows = []
    for name in names:
        ratios = [samples["postroom"].rate / samples[name].rate for samples in rounds]
        rates = sorted(samples[name].rate for samples in rounds)
        goal = GOALS.get(name)
        rows.append([
            name,
            f"{middle(name, lambda s: s.rate):,.0f}",
            f"{rates[0]:,.0f}–{rates[-1]:,.0f}",
            f"{middle(name, lambda s: s.seconds):.2f}",
            f"{middle(name, lambda s: s.wall):.2f}",
            f"{middle(name, lambda s: s.sender):.0f}",
            f"{middle(name, lambda s: s.system):.0f}",
            f"{middle(name, lambda s: s.sink):.0f}",
            f"{statistics.median(ratios):.2f}",
            "" if goal is None else f"≥ {goal:g}",
            "" if goal is None else table.verdict(statistics.median(ratios) >= goal),
        ])
    table.show(
        f"drain: {options.count:,} × 2 KB, {options.sessions} sessions, medians of {len(rounds)} rounds",
        ["sender", "msg/s", "range", "drain s", "process s", "sender µs/msg", "of it system", "sink µs/msg",
         "postroom is ×", "goal", ""],
        rows,
    )
    return all(row[-1] != table.verdict(False) for row in rows)
