"""From a Dovecot mailbox full of DSNs to committed consequences, against imaplib in batches with flufl.bounce; and the
fetch alone against imaplib in batches."""

import imaplib
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from workspace import Workspace

REPORTS = 5_000
USER, PASSWORD = "reports@bench.test", "benchmark"
BATCH = 500
GOALS = {"consequences": 5.0, "fetch alone": 1.2, "at a distance": 0.8}

DSN = """Return-Path: <>\r
From: Mail Delivery System <MAILER-DAEMON@mx.sink.test>\r
To: bounces@bench.test\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <dsn-{n}@mx.sink.test>\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b{n}"\r
\r
--b{n}\r
Content-Type: text/plain; charset=us-ascii\r
\r
This is the mail system at host mx.sink.test.\r
\r
I'm sorry to have to inform you that your message could not be delivered to one or more recipients.\r
\r
<r{n}@sink.test>: host mx.sink.test said: 550 5.1.1 <r{n}@sink.test>: user unknown\r
\r
--b{n}\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.sink.test\r
Arrival-Date: Fri, 21 Nov 2025 09:00:00 +0000\r
\r
Final-Recipient: rfc822; r{n}@sink.test\r
Original-Recipient: rfc822;r{n}@sink.test\r
Action: failed\r
Status: 5.1.1\r
Remote-MTA: dns; mx.sink.test\r
Diagnostic-Code: smtp; 550 5.1.1 <r{n}@sink.test>: user unknown\r
\r
--b{n}\r
Content-Type: message/rfc822\r
\r
From: Bench <sender@bench.test>\r
To: <r{n}@sink.test>\r
Subject: benchmark {n}\r
Message-ID: <{n}.bench@bench.test>\r
\r
{text}\r
--b{n}--\r
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """A mailbox server of its own, in a folder of its own, with every DSN in one Maildir: put there by the server itself,
    because a file that came by another way makes Dovecot read the whole folder again in each session."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        os.chmod(folder, 0o755)
        os.makedirs(os.path.join(folder, "mail"))
        subprocess.run(["chown", "-R", "nobody:nogroup", os.path.join(folder, "mail")], check=True)
        self.start(folder)
        text = "all work and no play makes mail a dull thing\r\n" * 20
        with self.session() as server:
            for number in range(REPORTS):
                server.append("INBOX", None, None, DSN.format(n=number, text=text).encode())

    def session(self):
        server = imaplib.IMAP4("127.0.0.1", self.port)
        server.login(USER, PASSWORD)
        return server

    def start(self, folder):
        self.configuration = os.path.join(folder, "dovecot.conf")
        with open(os.path.join(folder, "users"), "w") as file:
            file.write(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        with open(self.configuration, "w") as file:
            file.write(
                f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%d/%n
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%d/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""
            )
        subprocess.run(["/usr/sbin/dovecot", "-c", self.configuration], check=True)

    def processor_time(self):
        """Seconds that its processes have spent which have ended: each connection is one, and is waited for."""
        with open(os.path.join(self.folder, "run", "master.pid")) as file:
            master = int(file.read())
        patience = time.monotonic() + 5
        while "imap" in self.children(master) and time.monotonic() < patience:
            time.sleep(0.02)
        with open(f"/proc/{master}/stat") as file:
            spent = file.read().rsplit(")", 1)[1].split()
        return (int(spent[13]) + int(spent[14])) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def children(master):
        names = []
        with open(f"/proc/{master}/task/{master}/children") as file:
            for child in file.read().split():
                try:
                    with open(f"/proc/{child}/comm") as name:
                        names.append(name.read().strip())
                except OSError:
                    continue
        return names

    def stop(self):
        subprocess.run(["doveadm", "-c", self.configuration, "stop"], check=False)


def by_imaplib(port, parse):
    """Seconds to fetch everything in batches, and to find the failed recipients of each with flufl.bounce."""
    start = time.perf_counter()
    server = imaplib.IMAP4("127.0.0.1", port)
    server.login(USER, PASSWORD)
    server.select("INBOX", readonly=True)
    found = fetched = 0
    for first in range(1, REPORTS + 1, BATCH):
        _, data = server.uid("FETCH", f"{first}:{first + BATCH - 1}", "(UID BODY.PEEK[])")
        for part in data:
            if isinstance(part, tuple):
                fetched += 1
                found += parse(part[1])
    server.logout()
    assert fetched == REPORTS, fetched
    return time.perf_counter() - start, found


def flufl():
    import email

    # Debian's package, whichever Python runs this.
    sys.path.append("/usr/lib/python3/dist-packages")
    from flufl.bounce import all_failures

    return lambda raw: len(all_failures(email.message_from_bytes(raw))[1])


def by_postroom(program, prepared, folder, port):
    """Seconds of one scan on a copy of the prepared workspace: stored, flagged, consequences committed; and how much of
    them was processor time, of all threads together."""
    target = os.path.join(folder, "scan")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(prepared, target)
    # Whoever opens a copied workspace first latches its stop: that is not the scan.
    fetch_by_postroom(program, target, port)
    environment = {"PATH": os.environ["PATH"], "IMAP_PORT": str(port)}
    start = time.perf_counter()
    running = subprocess.Popen(
        [program, "--workspace", target, "bounces-scan", "--json"], stdout=subprocess.PIPE, env=environment)
    summary = json.loads(running.stdout.read())
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - start
    assert running.returncode == 0, running.returncode
    assert summary["fetched"] == REPORTS and summary["suppressed"] == REPORTS, summary
    return taken, usage.ru_utime + usage.ru_stime


def fetch_by_postroom(program, prepared, port):
    """Seconds to log in and fetch everything, as the program counts them: neither stored nor flagged."""
    environment = {"PATH": os.environ["PATH"], "IMAP_PORT": str(port)}
    done = subprocess.run(
        [program, "--workspace", prepared, "bounces-scan", "--fetch-only", "--json"], check=True,
        stdout=subprocess.PIPE, env=environment,
    )
    record = json.loads(done.stdout)
    assert record["fetched"] == REPORTS, record
    return record["seconds"]


def prepare(program, folder, port):
    place = Workspace(
        program, os.path.join(folder, "prepared"), 1, IMAP_HOST="127.0.0.1", IMAP_PORT=str(port),
        IMAP_USERNAME=USER, IMAP_USE_SSL="false",
    )
    with open(os.path.join(place.folder, ".env"), "a", encoding="ascii") as file:
        file.write(f"IMAP_PASSWORD={PASSWORD}\n")
    place.fill(REPORTS)
    store = sqlite3.connect(place.store)
    store.execute("UPDATE message SET state = 'sent', attempt_count = 1, version = version + 1")
    store.commit()
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return place.folder


def run(options):
    folder = tempfile.mkdtemp(prefix="postroom-scan-")
    server = Dovecot(folder)
    proxy = subprocess.Popen(
        [sys.executable, os.path.join(os.path.dirname(__file__), "delay_proxy.py"), "0", str(server.port),
         str(options.delay)], stdout=subprocess.PIPE, text=True,
    )
    try:
        far = int("".join(filter(str.isdigit, proxy.stdout.readline())))
        prepared = prepare(options.program, folder, server.port)
        parse = flufl()
        by_imaplib(server.port, lambda raw: 0)
        times = {name: [] for name in ("postroom", "postroom far", "postroom fetch", "imaplib", "imaplib + flufl.bounce")}
        own, served = [], []
        for _ in range(options.rounds):
            times["postroom fetch"].append(fetch_by_postroom(options.program, prepared, server.port))
            times["imaplib"].append(by_imaplib(server.port, lambda raw: 0)[0])
            taken, found = by_imaplib(server.port, parse)
            assert found == REPORTS, found
            times["imaplib + flufl.bounce"].append(taken)
            taken, spent = by_postroom(options.program, prepared, folder, server.port)
            times["postroom"].append(taken)
            own.append(spent)
            times["postroom far"].append(by_postroom(options.program, prepared, folder, far)[0])
            before = server.processor_time()
            by_imaplib(server.port, lambda raw: 0)
            served.append(server.processor_time() - before)
        middle = {name: statistics.median(values) for name, values in times.items()}
        print(f"\n{REPORTS} DSNs in Dovecot, median of {options.rounds}")
        for name, seconds in middle.items():
            print(f"  {name:24} {seconds:7.3f} s  {REPORTS / seconds:9,.0f} /s")
        print("  processor time of a scan: " + ", ".join(
            f"{name} {statistics.median(spent):.3f} s ({statistics.median(spent) / REPORTS * 1e6:.0f} us a report)"
            for name, spent in (("postroom", own), ("the server for one fetch", served))))
        ratios = {
            "consequences": middle["imaplib + flufl.bounce"] / middle["postroom"],
            "fetch alone": middle["imaplib"] / middle["postroom fetch"],
            "at a distance": middle["postroom"] / middle["postroom far"],
        }
        for name, goal in GOALS.items():
            print(f"  {name:24} {ratios[name]:7.2f} (goal {goal})")
        return all(ratios[name] >= goal for name, goal in GOALS.items())
    finally:
        proxy.terminate()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
