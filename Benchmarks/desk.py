"""The abuse desk over 100,000 accounts and 1,000,000 complaints: from the key to the painted pane, and to the case."""

import os
import pty
import select
import signal
import sqlite3
import statistics
import struct
import tempfile
import termios
import time
import fcntl

import table
import workspace

GOAL = 100  # ms, for every line
DAY = 86_400_000_000
# One account in a hundred has ten times as many complaints.
LOUD = 100

FILL = [
    """INSERT INTO account (id, address, standing, reason, standing_changed_at, complaint_count)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :accounts)
       SELECT i, 'a' || i || '@example.org',
         CASE WHEN i % 97 = 0 THEN 'restricted' WHEN i % 31 = 0 THEN 'flagged' ELSE 'good' END,
         CASE WHEN i % 97 = 0 THEN 'bought list' WHEN i % 31 = 0 THEN '3 complaints in 30 days' ELSE '' END,
         :now - 10 * :day, 10 FROM n""",
    """INSERT INTO message (id, state, source, idempotency_key, account_id, envelope_sender, recipient, message_id, subject,
         size, enqueued_at, next_attempt_at, state_changed_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :accounts)
       SELECT i, 'sent', 'bench', 'bench-' || i, i, 'a' || i || '@example.org', 'r' || i || '@sink.test',
         '<' || i || '@bench.test>', 'News ' || i, 2048, :now - :day, :now - :day, :now - :day FROM n""",
    """INSERT INTO body (message_id, hash, bytes) SELECT id, x'00', :body FROM message""",
    """INSERT INTO report (id, mailbox, uid_validity, uid, received_at, hash)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :complaints)
       SELECT i, 'm', 1, i, :now - :day, x'00' FROM n""",
    """INSERT INTO complaint (report_id, message_id, account_id, recipient, feedback_type, correlation, consequence,
         occurred_at)
       SELECT id, owner, owner, 'r' || owner || '@sink.test', 'abuse', 'token', 'counted', :now - (id % 60) * :day
       FROM (SELECT id, CASE WHEN id % 10 = 0 THEN (id / 10 % (:accounts / :loud)) * :loud + 97
         ELSE id % :accounts + 1 END AS owner FROM report)""",
    """INSERT INTO account_day (account_id, day, sent, bounced)
       WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
       SELECT a.id, (:now / :day) - 3 * i, 10, a.id % 3 FROM account a, n ORDER BY 1, 2""",
    """INSERT INTO abuse_case (account_id, state, opening, opened_by, opened_at, restricted_at, restricted_by)
       SELECT id, CASE standing WHEN 'restricted' THEN 'restricted' ELSE 'open' END, 'flagged', 'postroom',
         standing_changed_at, CASE standing WHEN 'restricted' THEN standing_changed_at END,
         CASE standing WHEN 'restricted' THEN 'automatically' END
       FROM account WHERE standing <> 'good'""",
    """INSERT INTO case_event (case_id, at, kind, actor, text)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
       SELECT k.id, k.opened_at + i, 'note', 'ana', 'note ' || i FROM abuse_case k, n""",
    "UPDATE account SET attention_until = 0",
]


def fill(space, accounts, complaints):
    """Puts accounts, complaints, mail and cases into the store with SQL. Returns seconds."""
    start = time.monotonic()
    db = sqlite3.connect(space.store, timeout=60, isolation_level=None)
    values = {
        "accounts": accounts, "complaints": complaints, "day": DAY, "loud": LOUD, "body": workspace.message(1),
        "now": time.time_ns() // 1000,
    }
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    for statement in FILL:
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        db.execute(statement, used)
    db.execute("COMMIT")
    db.close()
    return time.monotonic() - start


def rank(space):
    """The running engine puts every account in its order; done when nothing is due any more. Returns seconds."""
    start = time.monotonic()
    engine = space.start("engine")
    try:
        while space.query("SELECT EXISTS (SELECT 1 FROM account WHERE attention_until = 0)")[0][0]:
            if time.monotonic() - start > 600 or engine.poll() is not None:
                raise RuntimeError("the accounts are not ranked")
            time.sleep(0.2)
    finally:
        engine.send_signal(signal.SIGTERM)
        engine.wait(60)
        engine.stderr.close()
    return time.monotonic() - start


class Console:
    """The console in a terminal of its own; what it paints is only searched, not drawn."""

    def __init__(self, space, columns=120, rows=40):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(
                space.program, space.command("console"), {**space.environment, "TERM": "screen-256color", "LANG": "C.UTF-8"}
            )
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def wait(self, words, seconds=30):
        """Milliseconds until `words` were painted."""
        start = time.perf_counter()
        seen = b""
        while words not in seen:
            left = seconds - (time.perf_counter() - start)
            if left <= 0 or not select.select([self.file], [], [], left)[0]:
                raise RuntimeError(f"{words!r} was not painted; last {seen[-400:]!r}")
            seen += os.read(self.file, 65536)
        return (time.perf_counter() - start) * 1000

    def press(self, keys, words):
        os.write(self.file, keys)
        return self.wait(words)

    def settle(self):
        """Until nothing is painted for a while."""
        while select.select([self.file], [], [], 0.3)[0]:
            os.read(self.file, 65536)

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        try:
            while select.select([self.file], [], [], 30)[0] and os.read(self.file, 65536):
                pass
        except OSError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.file)


def measure(space, accounts, rounds):
    """Milliseconds of each action, for as many consoles as there are rounds: nothing is known yet in any of them."""
    names = ["accounts pane, key to paint", "case of the loudest, key to paint", "search over all, keys to paint"]
    taken = {name: [] for name in names}
    needle = f"a{accounts - 2}"
    for _ in range(rounds):
        console = Console(space)
        try:
            console.wait(b"Checklist")
            console.settle()
            taken["accounts pane, key to paint"].append(console.press(b"5", b"@example.org"))
            console.settle()
            taken["case of the loudest, key to paint"].append(console.press(b"\r", b"case "))
            console.settle()
            console.press(b"q", b"attention first")
            console.settle()
            # Only cells that change are painted: the needle's row has to be empty before.
            os.write(console.file, b"/zzz")
            console.settle()
            taken["search over all, keys to paint"].append(
                console.press(b"\x7f\x7f\x7f" + needle.encode(), needle.encode() + b"@example.org")
            )
        finally:
            console.close()
    return taken


def commands(space, rounds):
    """Milliseconds of a command less those of one that reads nothing."""

    def median(*arguments):
        return statistics.median(space.run(*arguments).wall for _ in range(rounds)) * 1000

    nothing = median("operations", "--json")
    loud = space.query("SELECT address FROM account ORDER BY attention DESC, id DESC LIMIT 1")[0][0]
    return {
        "postroom accounts": median("accounts", "--json", "--limit", "200") - nothing,
        "postroom case show": median("case", "show", loud) - nothing,
    }


def run(options):
    rounds = max(options.rounds, 5)
    with tempfile.TemporaryDirectory(prefix="postroom-bench-") as folder:
        space = workspace.Workspace(options.program, os.path.join(folder, "desk"), 9)
        seconds = fill(space, options.accounts, options.complaints)
        table.progress(f"{options.accounts:,} accounts, {options.complaints:,} complaints in {seconds:.0f} s")
        table.progress(f"put in order in {rank(space):.0f} s")
        taken = measure(space, options.accounts, rounds)
        rows = []
        for name, values in taken.items():
            worst = max(values)
            rows.append(
                [name, f"{statistics.median(values):.0f}", f"{worst:.0f}", f"≤ {GOAL}", table.verdict(worst <= GOAL)]
            )
        for name, value in commands(space, rounds).items():
            rows.append([name + ", less start-up", f"{value:.0f}", "", f"≤ {GOAL}", table.verdict(value <= GOAL)])
    table.show(
        f"desk: {options.accounts:,} accounts, {options.complaints:,} complaints",
        ["what, ms", "median", "worst", "goal", ""], rows,
    )
    return all(row[-1] != table.verdict(False) for row in rows)
