"""A throw-away postroom workspace that sends to a loopback sink."""

import os
import sqlite3
import subprocess

import machine

BODY_LENGTH = 2048
END_MARK = b"the last line of the message"


def body(length=BODY_LENGTH):
    """Text of exactly `length` bytes in lines of 64 with CRLF, closed by a line that shows the end arrived."""
    end = END_MARK + b"\r\n"
    line = b"all work and no play makes mail a dull thing, says the sink..\r\n"
    text = line * (length // len(line) + 1)
    return text[: length - len(end) - 2] + b"\r\n" + end


def message(number, length=BODY_LENGTH):
    """One whole message; the number makes it, and its recipient, different from all others."""
    header = (
        f"From: Bench <sender@bench.test>\r\nTo: <r{number}@sink.test>\r\nSubject: benchmark {number}\r\n"
        f"Date: Fri, 21 Nov 2025 09:00:00 +0000\r\nMessage-ID: <{number}.bench@bench.test>\r\n\r\n"
    )
    return header.encode("ascii") + body(length)


class Workspace:
    def __init__(self, program, folder, port, sessions=8, **settings):
        self.program = program
        self.folder = folder
        values = {
            "EMAIL_SMTP_HOST": "127.0.0.1",
            "EMAIL_SMTP_PORT": str(port),
            "EMAIL_SMTP_TLS": "none",
            "WORKERS": str(sessions),
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        arguments = [program, "init", folder]
        for key, value in values.items():
            arguments += ["--set", f"{key}={value}"]
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=self.environment)

    @property
    def environment(self):
        """Nothing of the caller's own mail settings may reach a benchmark."""
        return {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}

    @property
    def store(self):
        return os.path.join(self.folder, "postroom.sqlite")

    def command(self, *arguments):
        return [self.program, "--workspace", self.folder, *arguments]

    def run(self, *arguments):
        return machine.Finished(
            self.command(*arguments), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def output(self, *arguments):
        done = subprocess.run(
            self.command(*arguments), check=True, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def start(self, *arguments):
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def query(self, sql, *arguments):
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql, arguments).fetchall()
        finally:
            connection.close()

    def states(self):
        """How many messages stand in each state, counted row by row."""
        return dict(self.query("SELECT state, count(*) FROM message GROUP BY state"))

    def fill(self, count):
        """Queues `count` messages the way a program would: files, `postroom enqueue`. Returns seconds."""
        drafts = os.path.join(self.folder, "drafts")
        os.makedirs(drafts)
        names = [os.path.join(drafts, str(number)) for number in range(count)]
        for number, name in enumerate(names):
            with open(name, "wb") as file:
                file.write(message(number))
        taken = 0.0
        for start in range(0, count, 5000):
            done = self.run("enqueue", *names[start : start + 5000])
            if done.status != 0:
                raise RuntimeError(f"enqueue ended with {done.status}")
            taken += done.wall
        for name in names:
            os.unlink(name)
        return taken
