internal import Foundation
internal import MailModel
internal import NIOCore

extension Timestamp {
  static var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}

extension Span {
  /// Never negative.
  var amount: TimeAmount { .microseconds(max(0, microseconds)) }
}
