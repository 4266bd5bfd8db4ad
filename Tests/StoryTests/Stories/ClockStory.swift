import Foundation
import GRDB
import MailModel
import TestSupport
import Testing

extension Stories {
  /// A machine whose clock was set: what `postroom stop` writes is in the workspace's time (fault 11).
  @Suite struct Clocks {
    @Test func `a stop from the command line is not stamped by a clock that jumped`() throws {
      let workspace = try StoryWorkspace(["EMAIL_SMTP_HOST": "127.0.0.1", "EMAIL_SMTP_TLS": "none"])
      // The workspace last knew a time a year before the one that the machine's clock shows now.
      let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8).prefix(36)
      var time = timespec()
      clock_gettime(CLOCK_BOOTTIME, &time)
      let sinceBoot = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
      let wall = Stories.now.microseconds - 365 * 86_400_000_000
      try DatabaseQueue(path: workspace.storePath).write { db in
        try db.execute(
          sql: """
            INSERT INTO clock_watch (id, boot, wall, since_boot) VALUES (1, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET boot = excluded.boot, wall = excluded.wall, since_boot = excluded.since_boot
            """, arguments: [String(boot), wall, sinceBoot])
      }
      try workspace.run("stop", "--reason", "test")
      let changed = try workspace.sql { try Int64.fetchOne($0, sql: "SELECT changed_at FROM permit") ?? 0 }
      #expect(abs(changed - wall) < 600_000_000, "\(changed - wall) µs away")
      let latch = try String(contentsOfFile: workspace.latchPath, encoding: .utf8)
      #expect(latch.contains("test") && !latch.contains("\"at\""), "\(latch)")
    }
  }
}
