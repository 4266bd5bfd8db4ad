"""Facts about the machine, and what processes cost: CPU time from /proc and wait4(2)."""

import os
import platform
import statistics
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


def facts():
    """Lines that belong beside every number: what it was measured on, and how busy that was."""
    model = "unknown CPU"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as lines:
        memory = int(next(iter(lines)).split()[1]) // 1024 // 1024
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return [
        f"{model}, {os.cpu_count()} CPUs, {memory} GB, Linux {platform.release()}, load {load}",
        f"fdatasync of 4 KB in the benchmark folder: p50 {fsync_cost():.2f} ms",
    ]


def fsync_cost(folder=None):
    """The median milliseconds of an appended 4 KB made durable, where benchmark workspaces live."""
    import tempfile

    with tempfile.NamedTemporaryFile(dir=folder) as file:
        taken = []
        for _ in range(50):
            os.write(file.fileno(), b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def cpu_of(pid):
    """(user, system) seconds of a living process, reaped children included; zeros when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return (0.0, 0.0)
    user, system, child_user, child_system = (int(fields[index]) for index in (11, 12, 13, 14))
    return ((user + child_user) / TICK, (system + child_system) / TICK)


def cpu_below(folder):
    """CPU seconds of all processes whose current folder lies under `folder` (a mail server's)."""
    total = [0.0, 0.0]
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            where = os.readlink(f"/proc/{name}/cwd")
        except OSError:
            continue
        if where == folder or where.startswith(folder + "/"):
            user, system = cpu_of(name)
            total[0] += user
            total[1] += system
    return tuple(total)


def peak_memory(pid):
    """The largest resident size of a living process so far, in MB; None when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
    except OSError:
        return None
    return None


class Finished:
    """A process that ran to its end: seconds by the wall clock, CPU seconds, peak memory in MB, status."""

    def __init__(self, arguments, **options):
        start = time.monotonic()
        child = subprocess.Popen(arguments, **options)
        _, status, usage = os.wait4(child.pid, 0)
        self.wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        self.status = child.returncode
        self.user = usage.ru_utime
        self.system = usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def wait_until(condition, timeout, what):
    """Polls every 5 ms. Raises RuntimeError when `timeout` seconds pass first."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {timeout} s for {what}")
        time.sleep(0.005)
