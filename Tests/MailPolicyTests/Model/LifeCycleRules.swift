import MailModel
import MailPolicy

/// The rules that the model explores: the program's own, each replaceable by a broken one.
struct LifeCycleRules: Sendable {
  var after: @Sendable (MessageState, MessageTransition) -> MessageState? = { $0.after($1) }
  var consequence: @Sendable (DeliveryOutcome, _ wasArmed: Bool) -> MessageTransition = {
    OutcomeRule.consequence(
      of: $0, wasArmed: $1, attemptCount: 0, enqueuedAt: now, schedule: RetrySchedule(), now: now, jitter: 0.5
    ).transition
  }
  var mayArm: @Sendable (SendPermit?, _ isLatched: Bool) -> Bool = {
    switch Gate.verdict(permit: $0, latched: $1, armed: 0, ladder: ResumeLadder()) {
    case .open(let allowance): allowance ?? 1 > 0
    case .closed: false
    }
  }
  var recovery: @Sendable (_ isArmed: Bool, _ hadNoDot: Bool) -> MessageTransition = {
    MessageTransition.recovery(isArmed: $0, hadNoDot: $1)
  }
  /// The compare-and-set's other columns.
  var checksEpoch = true
  var checksOwner = true
  /// No dot without a committed arm.
  var armsBeforeDot = true
  /// The journal has the dot before it goes out.
  var recordsDotFirst = true
  /// Whose journals a recovery reads.
  var readsDeadJournals = true
  var readsLivingJournals = false

  static let now = Timestamp(seconds: 1_000_000)
}

/// The rules as tables of small numbers, worked out once: the model asks them a million times.
struct RuleTables {
  static let arrowCount = MessageTransition.allCases.count
  static let states = MessageState.allCases
  static let arrows = MessageTransition.allCases

  /// By state and arrow; -1 for none.
  private(set) var after: [Int] = []
  /// By ending, then whether it was armed.
  private(set) var consequence: [Int] = []
  /// By permit.
  private(set) var mayArm: [Bool] = []
  /// By whether it was armed, then whether no dot went out.
  private(set) var recovery: [Int] = []
  let rules: LifeCycleRules

  init(_ rules: LifeCycleRules) {
    self.rules = rules
    for state in Self.states {
      for arrow in Self.arrows { after.append(rules.after(state, arrow).map(Self.number) ?? -1) }
    }
    for outcome in Self.outcomes {
      for wasArmed in [false, true] { consequence.append(Self.number(rules.consequence(outcome, wasArmed))) }
    }
    for permit in Permit.allCases { mayArm.append(permit.faces.contains { rules.mayArm($0.permit, $0.isLatched) }) }
    for (isArmed, hadNoDot) in [(false, false), (false, true), (true, false), (true, true)] {
      recovery.append(Self.number(rules.recovery(isArmed, hadNoDot)))
    }
  }

  /// In the order of `Ending`.
  private static let outcomes: [DeliveryOutcome] = [
    .withdrawn, .accepted(ServerReply(code: 250, text: "ok")), .deferred(ServerReply(code: 451, text: ""), stage: .dot),
    .refused(ServerReply(code: 554, text: ""), stage: .dot), .uncertain(reason: ""),
    .interrupted(reason: "", stage: .body),
  ]

  static func number(_ state: MessageState) -> Int { states.firstIndex(of: state) ?? 0 }
  static func number(_ arrow: MessageTransition) -> Int { arrows.firstIndex(of: arrow) ?? 0 }
}

/// What became of a transfer.
enum Ending: Int { case withdrawn, accepted, deferred, refused, uncertain, interrupted }

/// The send permit's life in the model: stopped at any moment, reset and resumed.
enum Permit: Int, CaseIterable {
  case open, stopped, resumed

  struct Face {
    var permit: SendPermit?
    var isLatched: Bool
  }

  /// What an arm may find; a stop has many faces, and each of them must close the gate.
  var faces: [Face] {
    switch self {
    case .open: [Face(permit: row(.open), isLatched: false)]
    case .stopped:
      [
        Face(permit: row(.stopped), isLatched: false), Face(permit: row(.stopped), isLatched: true),
        Face(permit: row(.open), isLatched: true), Face(permit: nil, isLatched: false),
        Face(permit: row(.ready), isLatched: false),
      ]
    case .resumed: [Face(permit: row(.ramping), isLatched: false)]
    }
  }

  private func row(_ state: SendPermit.State) -> SendPermit {
    SendPermit(
      state: state, generation: 1, changedAt: LifeCycleRules.now, changedBy: "", reason: "", rung: 0, acceptedOnRung: 0,
      refusedOnRung: 0)
  }
}
