"""Fills a workspace's queue with SQL in the store's own schema: a million messages in seconds instead of minutes.

They came in one after the other during the last hour, as mail does; `scatter` makes them due in another order, so that
each message lies on pages of its own.
"""

import hashlib
import sqlite3
import time

import workspace

# Destinations that the recipients are spread over.
DOMAINS = 1000

ROWS = """
WITH RECURSIVE number (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :first + :count)
INSERT INTO message (id, state, source, idempotency_key, account_id, envelope_sender, recipient, message_id, subject,
  size, enqueued_at, next_attempt_at, state_changed_at)
SELECT n + 1, 'queued', 'bench', 'bench-' || n, :account, 'sender@bench.test',
  'r' || n || '@d' || (n % :domains) || '.sink.test', '<' || n || '.bench@bench.test>', 'benchmark ' || n, :size,
  :now - (:last - n) * 3600000000 / :count, :now - (:last - n) * 3600000000 / :count, :now
FROM number
"""

SCATTERED = "(n % 3600 * :count / 3600)"

BODIES = """
WITH RECURSIVE number (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :first + :count)
INSERT INTO body (message_id, hash, bytes) SELECT n + 1, :hash, :bytes FROM number
"""


def add(space, count, length=workspace.BODY_LENGTH, is_scattered=False):
    """Queues `count` more messages, all with the same body. Returns seconds."""
    start = time.monotonic()
    bytes_ = workspace.message(0, length)
    connection = sqlite3.connect(space.store, timeout=60)
    connection.execute("PRAGMA foreign_keys = ON")
    with connection:
        connection.execute(
            "INSERT INTO account (address, standing_changed_at) VALUES ('sender@bench.test', 0) ON CONFLICT DO NOTHING"
        )
        account = connection.execute("SELECT id FROM account WHERE address = 'sender@bench.test'").fetchone()[0]
        first = connection.execute("SELECT coalesce(max(id), 0) FROM message").fetchone()[0]
        values = {
            "first": first, "last": first + count, "count": count, "domains": DOMAINS, "account": account, "size": len(bytes_),
            "now": time.time_ns() // 1000, "bytes": bytes_, "hash": hashlib.sha256(bytes_).digest(),
        }
        connection.execute(ROWS.replace("(:last - n)", SCATTERED) if is_scattered else ROWS, values)
        connection.execute(BODIES, values)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return time.monotonic() - start
