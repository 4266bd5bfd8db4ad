public import MailModel

/// A line of a Postfix log that tells something about one message (Postfix DEBUG_README, `postlogd(8)`).
///
/// Lines come from many hands: recipients, Message-IDs and replies of servers are text from outside. What is read here is
/// cut, and nothing of it says more than which message of ours a queue id may be.
public struct PostfixLogLine: Sendable, Equatable {
  /// When it was written.
  public enum Moment: Sendable, Equatable {
    /// ISO 8601 with an offset, as rsyslog and `postlogd` write it.
    case exact(Timestamp)
    /// `Nov 21 04:05:06`, without year and time zone (RFC 3164).
    case local(month: Int, day: Int, hour: Int, minute: Int, second: Int)
  }

  public enum Statement: Sendable, Equatable {
    /// `cleanup`: the Message-ID of what a client is handing in; it is not accepted yet.
    case messageID(String)
    /// `qmgr`: it is in the queue, so the client was told 250.
    case queued(recipients: Int)
    case delivery(Delivery)
  }

  /// What came of it for one recipient.
  public struct Delivery: Sendable, Equatable {
    public var recipient: String
    /// The recipient before aliases, when it differs.
    public var originalRecipient: String?
    /// `mx.example.org[192.0.2.1]:25`.
    public var relay: String
    public var enhancedStatus: String
    /// `sent`, `bounced`, `deferred`, `expired` …
    public var status: String
    public var text: String
  }

  public var moment: Moment
  /// The machine that wrote it.
  public var host: String
  /// `smtp`, `cleanup`, `qmgr` …
  public var daemon: String
  public var queueID: String
  public var statement: Statement

  /// Longer lines are no Postfix lines.
  public static let longest = 16_384

  /// `nil` for a line that tells nothing of this kind.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count <= PostfixLogLine.longest else { return nil }
    var reader = LogReader(bytes)
    guard let moment = reader.moment(), let host = reader.word(limit: 255), !host.isEmpty,
      let tag = reader.upTo("]: ", limit: 200), let bracket = tag.firstIndex(of: UInt8(ascii: "[")),
      let slash = tag[..<bracket].lastIndex(of: UInt8(ascii: "/")), tag.starts(with: "postfix".utf8)
    else { return nil }
    guard let id = reader.upTo(": ", limit: 40), (5...30).contains(id.count), id.allSatisfy(LogReader.isAlphanumeric)
    else { return nil }
    daemon = tag[tag.index(after: slash)..<bracket].utf8Text
    queueID = id.utf8Text
    self.moment = moment
    self.host = host.lowercased()
    guard let statement = PostfixLogLine.statement(daemon, &reader) else { return nil }
    self.statement = statement
  }

  private static func statement(_ daemon: String, _ reader: inout LogReader) -> Statement? {
    switch daemon {
    case "cleanup":
      guard reader.skip("message-id=") else { return nil }
      let id = reader.rest.utf8Text
      return (1...998).contains(id.utf8.count) ? .messageID(id) : nil
    case "qmgr":
      guard reader.skip("from=<"), let count = reader.number(after: ", nrcpt="),
        reader.rest.elementsEqual("(queue active)".utf8)
      else { return nil }
      return .queued(recipients: count)
    default:
      return reader.delivery().map(Statement.delivery)
    }
  }
}
