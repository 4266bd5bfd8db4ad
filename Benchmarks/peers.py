"""What postroom is measured against: Postfix's queue, smtp-source, a Python smtplib loop; and the sink they share."""

import os
import pwd
import smtplib
import socket
import subprocess
import sys
import time

import machine
import workspace

SBIN = ("/usr/sbin", "/usr/local/sbin", "/usr/lib/postfix/sbin")


def tool(name):
    for folder in SBIN:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    sys.exit(f"{name} is missing; 'make bench' installs it (Debian package postfix)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink:
    """smtp-sink: accepts and forgets, one process, PIPELINING offered."""

    def __init__(self):
        self.port = free_port()
        user = ["-u", "postfix"] if os.getuid() == 0 else []
        self.process = subprocess.Popen([tool("smtp-sink"), *user, f"127.0.0.1:{self.port}", "1024"])
        machine.wait_until(self._answers, 10, "smtp-sink")

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def cpu(self):
        return machine.cpu_of(self.process.pid)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def smtp_source(port, count, sessions):
    """`count` messages over `sessions` kept connections, without any queue. Returns seconds."""
    done = machine.Finished(
        [
            tool("smtp-source"), "-d", "-s", str(sessions), "-m", str(count), "-l", str(workspace.BODY_LENGTH),
            "-f", "sender@bench.test", "-t", "r@sink.test", f"127.0.0.1:{port}",
        ]
    )
    if done.status != 0:
        raise RuntimeError(f"smtp-source ended with {done.status}")
    return done


def smtplib_loop(port, count, _sessions):
    """The loop most scripts are: one kept connection, `sendmail` for each message. Run as a process of its own."""
    done = machine.Finished([sys.executable, os.path.abspath(__file__), str(port), str(count)])
    if done.status != 0:
        raise RuntimeError(f"the smtplib loop ended with {done.status}")
    return done


def run_smtplib_loop(port, count):
    body = workspace.body().decode("ascii")
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.test") as connection:
        for number in range(count):
            header = (
                f"From: Bench <sender@bench.test>\r\nTo: <r{number}@sink.test>\r\n"
                f"Subject: benchmark {number}\r\nMessage-ID: <{number}.bench@bench.test>\r\n\r\n"
            )
            connection.sendmail("sender@bench.test", [f"r{number}@sink.test"], header + body)


class Postfix:
    """An instance of its own: queue and configuration in a temporary folder, loopback only, one relayhost."""

    def __init__(self, folder, sink_port, sessions):
        self.folder = os.path.realpath(folder)
        self.port = free_port()
        self.configuration = os.path.join(self.folder, "etc")
        for name in ("etc", "queue", "data"):
            os.makedirs(os.path.join(self.folder, name))
        entry = pwd.getpwnam("postfix")
        os.chown(os.path.join(self.folder, "data"), entry.pw_uid, entry.pw_gid)
        os.chmod(self.folder, 0o755)
        with open(os.path.join(self.configuration, "main.cf"), "w", encoding="ascii") as file:
            file.write(MAIN.format(folder=self.folder, sink=sink_port, sessions=sessions))
        with open(os.path.join(self.configuration, "master.cf"), "w", encoding="ascii") as file:
            file.write(MASTER.format(port=self.port))
        self._run("postfix", "start")

    def _run(self, name, *arguments):
        subprocess.run(
            [tool(name), "-c", self.configuration, *arguments], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )

    def _files(self, *names):
        """Queue files in these folders of the queue; sub-folders are hashed by name."""
        total = 0
        for name in names:
            for _, _, files in os.walk(os.path.join(self.folder, "queue", name)):
                total += len(files)
        return total

    def fill(self, count, sessions):
        """Everything that comes in is put on hold, so that nothing goes out while the queue fills."""
        smtp_source(self.port, count, sessions)
        machine.wait_until(lambda: self._files("hold") == count, 60, "Postfix's hold queue to fill")

    def drain(self):
        """From the flush of the released queue until no queue file is left. Returns (seconds, user, system)."""
        self._run("postsuper", "-H", "ALL")
        before = machine.cpu_below(self.folder)
        start = time.monotonic()
        self._run("postqueue", "-f")
        machine.wait_until(lambda: self._files("incoming", "active", "deferred") == 0, 600, "Postfix's queue to drain")
        taken = time.monotonic() - start
        after = machine.cpu_below(self.folder)
        return (taken, after[0] - before[0], after[1] - before[1])

    def stop(self):
        self._run("postfix", "stop")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


MAIN = """compatibility_level = 3.6
myhostname = bench.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
relayhost = [127.0.0.1]:{sink}
smtp_host_lookup = native
disable_dns_lookups = yes
smtp_tls_security_level = none
smtpd_client_restrictions = static:HOLD
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
smtpd_client_connection_count_limit = 0
default_destination_concurrency_limit = {sessions}
initial_destination_concurrency = {sessions}
default_process_limit = 100
qmgr_message_active_limit = 40000
qmgr_message_recipient_limit = 40000
smtp_connection_cache_on_demand = yes
notify_classes =
"""

MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

if __name__ == "__main__":
    run_smtplib_loop(int(sys.argv[1]), int(sys.argv[2]))
