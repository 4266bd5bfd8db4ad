public import MailModel

/// How far a scan is, with its rate.
public struct ScanProgress: Sendable, Equatable {
  /// `user@host/mailbox`.
  public var mailbox: String
  /// The UIDs that the scan goes through.
  public var first: UInt32
  public var last: UInt32
  /// Up to here everything is committed.
  public private(set) var reached: UInt32
  /// Mails that were new.
  public internal(set) var stored = 0
  public var startedAt: Timestamp
  public private(set) var now: Timestamp

  public init(mailbox: String, first: UInt32, last: UInt32, startedAt: Timestamp) {
    self.mailbox = mailbox
    self.first = first
    self.last = last
    self.startedAt = startedAt
    reached = first == 0 ? 0 : first - 1
    now = startedAt
  }

  mutating func note(upTo uid: UInt32, at moment: Timestamp) {
    reached = max(reached, uid)
    now = max(now, moment)
  }

  /// From 0 to 1, by UIDs: those before which nothing is missing, or the mails that came where these are more, because
  /// windows end late and by turns.
  public var share: Double {
    min(1, Double(max(Int(reached) - Int(first == 0 ? 0 : first - 1), stored)) / Double(max(1, last - first + 1)))
  }

  /// New mails per second.
  public var rate: Double { Double(stored) / max((now - startedAt).inSeconds, 0.001) }

  /// Until the end at this pace; `nil` while nothing is known, and at the end.
  public var remaining: Span? {
    let elapsed = (now - startedAt).inSeconds
    guard share > 0, share < 1, elapsed > 0 else { return nil }
    return Span(microseconds: Int64(min(elapsed * (1 - share) / share, 1e9) * 1_000_000))
  }

  /// `1,500 new, 42 %, 6100/s, 1 s to go`.
  public var words: String {
    let toGo = remaining.map { ", \(Int64($0.inSeconds.rounded(.up))) s to go" } ?? ""
    return "\(stored) new, \(Int(share * 100)) %, \(Int(rate))/s\(toGo)"
  }
}
