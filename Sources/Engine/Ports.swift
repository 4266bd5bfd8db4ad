public import MailModel

/// Reads the time. The only clock rules ever see is a `now` taken from here.
public protocol Clock: Sendable {
  func now() -> Timestamp
}

/// Opens connections to the relay. The executable adapts `Transport`, tests adapt others.
public protocol Deliverer: Sendable {
  /// `host:port`, as recorded with each attempt.
  var relay: String { get }
  /// Who logs in there: an open connection carries only mail of the same login.
  var login: String { get }
  /// Connects, secures and logs in; blocking, on a delivery thread of its own.
  /// - Throws: `RelayUnavailable`.
  func openSession() throws(RelayUnavailable) -> any DeliverySession
}

/// One connection to the relay, used by one thread, for many messages.
public protocol DeliverySession: AnyObject {
  /// Whether `message` may go over this connection; after another's envelope was announced only that one may.
  func isReusable(for message: LeasedMessage?) -> Bool
  /// Sends one message; blocking. The final dot is written only after `gate.awaitArm()` said so.
  ///
  /// - Parameter next: asked once at most, right before the final dot, for the message whose envelope may go out along
  ///   with it (RFC 2920 §3.1). That one is to be delivered next, or the connection is closed.
  func deliver(
    _ message: LeasedMessage, gate: any DotGate, announcing next: () -> LeasedMessage?
  ) -> DeliveryResult
  /// Says goodbye; bounded.
  func close()
  /// Ends waits before the final dot at once; connections past it are left alone. Called from another thread.
  var interrupt: @Sendable () -> Void { get }
}

/// The relay as a whole cannot be used now.
public struct RelayUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
  /// What happened, where, and what to do. Never holds a secret.
  public var reason: String
  public var stage: DeliveryStage

  public init(reason: String, stage: DeliveryStage) {
    self.reason = reason
    self.stage = stage
  }

  public var description: String { reason }
}

/// A mail as fetched from the report mailbox.
public struct FetchedReport: Sendable, Equatable {
  public var uid: UInt32
  public var raw: [UInt8]

  public init(uid: UInt32, raw: [UInt8]) {
    self.uid = uid
    self.raw = raw
  }
}

/// Opens the mailbox that reports arrive in.
public protocol ReportMailbox: Sendable {
  /// `user@host/mailbox`: the first part of every `MailboxLocation`.
  var name: String { get }
  /// Whether it is also somebody's own, such as an inbox's: what was there before is not read, and nothing is flagged.
  var isPersonal: Bool { get }
  /// - Parameter uids: what will be asked for first if the mailbox is as it was last time: asked for along with its
  ///   opening where that saves a round trip.
  /// - Throws: `MailboxUnavailable`.
  func open(anticipating uids: ClosedRange<UInt32>?) throws -> any ReportMailboxSession
  /// Another connection, which sets no flag. - Throws: `MailboxUnavailable`.
  func openForReading() throws -> any ReportMailboxSession
  /// Ends what its sessions wait for, from another thread, and for good: they throw `MailboxUnavailable`.
  func interrupt()
}

extension ReportMailbox {
  public var isPersonal: Bool { false }
  /// For mailboxes that never wait.
  public func interrupt() {}
}

/// One open mailbox, used by one thread. Every call blocks; throws `MailboxUnavailable`.
public protocol ReportMailboxSession: AnyObject {
  var uidValidity: UInt32 { get }
  /// The first UID that no mail has yet; `nil` when the server does not tell.
  var uidNext: UInt32? { get }
  /// Whether `\Seen` cannot be set: it is not tried then, and what is read stays unseen.
  var isReadOnly: Bool { get }
  /// The lowest UID of mails that arrived on the server's day of a moment or later; `nil` when there are none.
  func firstUID(since day: Timestamp) throws -> UInt32?
  /// Sets `\Seen`, after the mails are stored and committed.
  func markSeen(_ uids: [UInt32]) throws
  /// Fetches window after window and flags what was stored: mails in the server's order, those gone meanwhile simply
  /// missing, those that nobody asked for perhaps among them.
  /// - Parameter next: the UIDs to fetch next, `nil` at the end; may be asked for ahead of time.
  func fetchWindows(_ next: @escaping () -> ClosedRange<UInt32>?, _ steps: WindowSteps) throws
  /// Flags the last mails, and leaves: after this nothing can be asked.
  func close(flagging uids: [UInt32]) throws
  /// Leaves; of no effect after ``close(flagging:)``.
  func close()
}

/// What a scan does at each step of reading window after window, on the thread that called.
public struct WindowSteps {
  public var each: (FetchedReport) throws -> Void
  /// Everything of a window was handed over. - Returns: the UIDs that are committed and to be flagged.
  public var ended: (ClosedRange<UInt32>) throws -> [UInt32]
  /// The server has flagged them.
  public var flagged: ([UInt32]) throws -> Void

  public init(
    each: @escaping (FetchedReport) throws -> Void, ended: @escaping (ClosedRange<UInt32>) throws -> [UInt32],
    flagged: @escaping ([UInt32]) throws -> Void
  ) {
    self.each = each
    self.ended = ended
    self.flagged = flagged
  }
}

public struct MailboxUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
  public var reason: String
  public init(reason: String) { self.reason = reason }
  public var description: String { reason }
}

/// Asks DNS who receives mail for domains. The executable adapts `Transport` to it, tests adapt others.
public protocol ExchangerLookup: Sendable {
  /// Blocking, for seconds at the most, on a thread of its own. Says `.failed` of what cannot be found out; a domain that
  /// is missing from the answer was not asked for, because of `isCancelled`.
  func exchangers(of domains: [String], isCancelled: () -> Bool) -> [String: ExchangerFinding]
}
