/// What a run left behind, from both sides: the store's rows and the relay's record. Its violations say which obligation
/// of DESIGN §4 was broken, whatever the engine did to get there.
public struct DeliveryTrace: Sendable {
  /// One message as the store has it.
  public struct Row: Sendable {
    public var messageID: String
    public var state: String
    public var epoch: Int64
    /// Who may have sent it again on purpose: audit rows of `doubt.send-again` and the like.
    public var resends = 0
    /// Whether evidence or a person settled it.
    public var isSettled = false
    public var attempts: [Try] = []

    public init(messageID: String, state: String, epoch: Int64) {
      self.messageID = messageID
      self.state = state
      self.epoch = epoch
    }
  }

  /// One attempt, in the order of the store.
  public struct Try: Sendable {
    public var epoch: Int64
    public var outcome: String
    public var stage: String?
    public var replyCode: Int?

    public init(epoch: Int64, outcome: String, stage: String?, replyCode: Int?) {
      self.epoch = epoch
      self.outcome = outcome
      self.stage = stage
      self.replyCode = replyCode
    }

    fileprivate var isAcceptance: Bool { outcome == "accepted" && (200..<300).contains(replyCode ?? 0) }
    fileprivate var isDefinite: Bool { replyCode != nil }
  }

  /// An engine that was killed.
  public struct Death: Sendable {
    /// What was armed in its name when it was dead, as `mark(_:epoch:)` names it: a later engine's doubt is not its.
    public var armed: Set<String>
    public var connections: Int

    public init(armed: Set<String>, connections: Int) {
      self.armed = armed
      self.connections = connections
    }
  }

  public struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// The letter of the obligation.
    public var obligation: Character
    public var messageID: String
    public var words: String
    public var description: String { "(\(obligation)) \(messageID): \(words)" }
  }

  /// Message-IDs whose enqueue was acknowledged.
  public var acknowledged: Set<String> = []
  public var rows: [Row] = []
  /// How often the relay took each Message-ID.
  public var taken: [String: Int] = [:]
  public var deaths: [Death] = []

  public init() {}

  /// A message under one lease.
  public static func mark(_ messageID: String, epoch: Int64) -> String { "\(messageID)#\(epoch)" }

  /// States without a way out.
  public static let terminal: Set<String> = ["sent", "failed", "cancelled", "expired", "suppressed"]

  /// Every broken obligation, in the order of the letters.
  public var violations: [Violation] {
    (lost + doubled + sentWithoutReply + doubtBeyondConnections + staleEpochs + afterTheEnd).sorted {
      ($0.obligation, $0.messageID) < ($1.obligation, $1.messageID)
    }
  }

  /// (a) What was acknowledged is there, once.
  private var lost: [Violation] {
    let counts = Dictionary(grouping: rows, by: \.messageID).mapValues(\.count)
    let missing = acknowledged.filter { counts[$0] != 1 }.map {
      Violation(obligation: "a", messageID: $0, words: "acknowledged and there \(counts[$0] ?? 0) times")
    }
    // What the relay took and the store takes for unsent would go out again.
    let forgotten = rows.filter { row in
      taken[row.messageID, default: 0] > 0 && !["sent", "uncertain", "armed"].contains(row.state) && !row.isSettled
    }.map { Violation(obligation: "a", messageID: $0.messageID, words: "taken by the relay and \($0.state)") }
    return missing + forgotten
  }

  /// (b) Deliveries ≤ 1 + a person's re-sends.
  private var doubled: [Violation] {
    rows.filter { taken[$0.messageID, default: 0] > 1 + $0.resends }.map {
      Violation(obligation: "b", messageID: $0.messageID, words: "taken \(taken[$0.messageID, default: 0]) times")
    }
  }

  /// (c) `sent` implies a recorded 2xx, and a relay that took it.
  private var sentWithoutReply: [Violation] {
    rows.filter { $0.state == "sent" && !$0.isSettled }.compactMap { row in
      if !row.attempts.contains(where: \.isAcceptance) {
        return Violation(obligation: "c", messageID: row.messageID, words: "sent without a recorded 2xx")
      }
      guard taken[row.messageID, default: 0] == 0 else { return nil }
      return Violation(obligation: "c", messageID: row.messageID, words: "sent and never taken")
    }
  }

  /// (d) Doubt per crash ≤ armed connections, and no doubt without a crash or a lost reply.
  private var doubtBeyondConnections: [Violation] {
    let uncertain = Set(
      rows.flatMap { row in
        row.attempts.filter { $0.outcome == "uncertain" }.map { Self.mark(row.messageID, epoch: $0.epoch) }
      })
    return deaths.compactMap { death in
      let doubted = death.armed.intersection(uncertain)
      guard doubted.count > death.connections else { return nil }
      return Violation(
        obligation: "d", messageID: doubted.sorted().first ?? "",
        words: "\(doubted.count) in doubt after one crash of \(death.connections) connections")
    }
  }

  /// (f) One dot for each epoch, and a new epoch only after a reply that allows it.
  private var staleEpochs: [Violation] {
    rows.flatMap { row -> [Violation] in
      let dots = row.attempts.filter { $0.stage == "dot" && $0.outcome != "uncertain" }
      let epochs = Dictionary(grouping: dots, by: \.epoch)
      let twice = epochs.filter { $0.value.count > 1 }.keys.map {
        Violation(obligation: "f", messageID: row.messageID, words: "two dots under epoch \($0)")
      }
      let ahead = row.attempts.filter { $0.epoch > row.epoch }.map {
        Violation(
          obligation: "f", messageID: row.messageID,
          words: "an attempt of epoch \($0.epoch), the row is at \(row.epoch)")
      }
      return twice + ahead
    }
  }

  /// (g) Nothing is tried after an acceptance or a refusal.
  private var afterTheEnd: [Violation] {
    rows.filter { $0.resends == 0 }.compactMap { row in
      let end = row.attempts.firstIndex { $0.isAcceptance || $0.outcome == "refused" }
      guard let end, let later = row.attempts[(end + 1)...].first(where: { $0.epoch > row.attempts[end].epoch }) else {
        return nil
      }
      return Violation(
        obligation: "g", messageID: row.messageID,
        words: "tried again (\(later.outcome)) after it was \(row.attempts[end].outcome)")
    }
  }
}
