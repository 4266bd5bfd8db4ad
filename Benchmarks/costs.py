"""Where the time goes: CPU of sender and sink, commits and their fsyncs, bytes written, per message."""

import os
import re
import shutil
import statistics
import tempfile

import machine
import peers
import table
import workspace

# One traced run; system calls that touch the disk or the relay.
CALLS = "fdatasync,fsync,pwrite64,write,sendto,recvfrom,poll,futex"


def run(options):
    with peers.Sink() as sink, tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
        plain = measure(options, sink, os.path.join(folder, "plain"))
        report(options, plain)
        if shutil.which("strace") is None:
            print("  strace is missing: no count of system calls")
            return True
        trace(options, sink, os.path.join(folder, "traced"))
    return True


def measure(options, sink, folder):
    space = workspace.Workspace(options.program, folder, sink.port, options.sessions)
    space.fill(options.count)
    before = (sink.cpu(), disk_bytes())
    done = space.run("engine", "--until-idle")
    after = (sink.cpu(), disk_bytes())
    if space.states() != {"sent": options.count}:
        raise RuntimeError(f"postroom ended with {done.status} and {space.states()}")
    armed = space.query("SELECT armed_at - rendered_at, replied_at - armed_at FROM attempt")
    return {
        "wall": done.wall, "user": done.user, "system": done.system, "memory": done.memory,
        "sink": sum(after[0]) - sum(before[0]), "bytes": after[1] - before[1],
        "arm": [row[0] / 1000 for row in armed], "reply": [row[1] / 1000 for row in armed],
    }


def disk_bytes():
    """Bytes that all disks of the machine wrote so far (/proc/diskstats counts sectors of 512)."""
    with open("/proc/diskstats", encoding="ascii") as lines:
        rows = [line.split() for line in lines]
    names = {row[2] for row in rows}
    # Partitions repeat what their disk counts.
    whole = [row for row in rows if re.sub(r"p?\d+$", "", row[2]) not in names - {row[2]}]
    return sum(int(row[9]) * 512 for row in whole)


def report(options, found):
    count = options.count

    def each(value):
        return f"{value / count * 1e6:.1f} µs"

    rows = [
        ["sender, user", each(found["user"]), f"{found['user'] / found['wall']:.2f} CPUs"],
        ["sender, system", each(found["system"]), f"{found['system'] / found['wall']:.2f} CPUs"],
        ["sink", each(found["sink"]), f"{found['sink'] / found['wall']:.2f} CPUs"],
        ["wall clock", each(found["wall"]), f"of {os.cpu_count()} CPUs"],
        ["written to disk, everybody", f"{found['bytes'] / count:,.0f} bytes", ""],
        ["peak memory", f"{found['memory']:.0f} MB", "the whole process"],
    ]
    for name, values in (("rendered → armed", found["arm"]), ("armed → replied", found["reply"])):
        p50, p99 = statistics.median(values), table.percentile(values, 0.99)
        rows.append([name, f"p50 {p50:.2f} ms", f"p99 {p99:.2f} ms"])
    table.show(f"costs: {count:,} × 2 KB, {options.sessions} sessions", ["what", "each message", ""], rows)


def trace(options, sink, folder):
    """The same again under strace, which makes everything slower: counts are right, times are not comparable."""
    space = workspace.Workspace(options.program, folder, sink.port, options.sessions)
    space.fill(options.count)
    summary = os.path.join(folder, "summary")
    machine.Finished(
        ["strace", "-f", "-qq", "-c", "-e", f"trace={CALLS}", "-o", summary, *space.command("engine", "--until-idle")],
        env=space.environment,
    )
    rows = []
    with open(summary, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if len(words) >= 5 and re.fullmatch(r"[\d.]+", words[0]) and words[-1] in CALLS.split(","):
                calls, seconds = int(words[3]), float(words[1])
                rows.append([words[-1], f"{calls:,}", f"{calls / options.count:.3f}", f"{seconds:.2f}"])
    table.show("costs: system calls under strace", ["call", "calls", "each message", "system s (traced)"], rows)
