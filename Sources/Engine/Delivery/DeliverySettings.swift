public import Foundation
public import MailModel
public import MailPolicy

/// What the delivery side of the engine is told once, at its start.
public struct DeliverySettings: Sendable {
  public var workers: Int
  public var lease: Span
  public var retry: RetrySchedule
  public var ladder: ResumeLadder
  public var backoff: RelayBackoff
  /// Names this engine in leases and in the audit log: host, process and a random part, so that no two are alike.
  public var owner: String
  /// Replaces the envelope sender by one that carries a token; `nil` to send what was enqueued.
  public var returnPath: ReturnPath?
  public var armAhead: ArmAhead
  public var shaping: ShapingRules
  /// Which exchangers tell the providers of domains.
  public var exchangers: ExchangerBook
  public var inboxes: InboxSettings
  /// Messages that this run may send; 0 for no limit. What an operator has set stands above it.
  public var mostPerRun: Int
  /// Where engines keep their dot journals; `nil` for none, and then nothing is armed ahead.
  public var journalFolder: URL?

  public init(
    workers: Int, lease: Span, retry: RetrySchedule, owner: String, returnPath: ReturnPath? = nil,
    ladder: ResumeLadder = ResumeLadder(), backoff: RelayBackoff = RelayBackoff(), armAhead: ArmAhead = ArmAhead(),
    journalFolder: URL? = nil, shaping: ShapingRules = ShapingRules(), exchangers: ExchangerBook = ExchangerBook(),
    inboxes: InboxSettings = InboxSettings(), mostPerRun: Int = 0
  ) {
    self.mostPerRun = mostPerRun
    self.inboxes = inboxes
    self.exchangers = exchangers
    self.shaping = shaping
    self.armAhead = armAhead
    self.journalFolder = journalFolder
    self.workers = workers
    self.lease = lease
    self.retry = retry
    self.owner = owner
    self.returnPath = returnPath
    self.ladder = ladder
    self.backoff = backoff
  }
}
