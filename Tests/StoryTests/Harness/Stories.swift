import Foundation
import MailModel
import TestSupport
import Testing

/// Stories about the real `postroom` binary, one after the other: they measure time and count processes.
///
/// They run with `POSTROOM_STORY_TESTS=1`; those over a real Postfix and Dovecot want `POSTROOM_SERVER_TESTS=1` too.
@Suite(.serialized, .enabled(if: StoryEnvironment.isEnabled), .timeLimit(.minutes(8)))
enum Stories {
  /// The clock that the program uses as well.
  static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}

enum StoryEnvironment {
  static let isEnabled = ProcessInfo.processInfo.environment["POSTROOM_STORY_TESTS"] == "1"
}
