/// One arrow of a message's life. The store performs it as a compare-and-set on (id, state, epoch).
public enum MessageTransition: String, Sendable, CaseIterable {
  /// An engine takes a lease; the epoch grows by one.
  case claim
  /// The lease ran out or the engine gave the message back before the final dot.
  case giveBack
  /// The last gate, committed before the final dot can be sent.
  case arm
  /// A definite 4xx, or proof that no final dot was sent, after arming.
  case deferArmed
  /// A definite 4xx or a failure before the final dot, on a leased message.
  case deferLeased
  /// As the two before, of a message that would be too old at its next attempt.
  case giveUp
  /// 2xx to the final dot.
  case accept
  /// A definite 5xx.
  case refuse
  /// No definite reply after the final dot may have gone out, or an expired armed lease.
  case doubt
  /// Restriction or operator.
  case hold
  case release
  case cancel
  case expire
  case suppress
  /// Evidence or a person: the message was accepted.
  case settleSent
  /// Evidence or a person: the message was not accepted and is given up.
  case settleFailed
  /// The engine itself, back after its lease was lost, knows that no final dot of its went out or none was taken.
  case settleUnsent
  /// A person's decision to send again, the only way to a second delivery.
  case sendAgain

  /// States this arrow may leave from. Terminal states appear nowhere: terminal is final.
  public var sources: Set<MessageState> {
    switch self {
    case .claim: [.queued]
    case .giveBack, .arm, .deferLeased: [.leased]
    case .deferArmed, .accept, .doubt: [.armed]
    case .refuse, .giveUp: [.leased, .armed]
    case .hold: [.queued, .leased]
    case .release: [.held]
    case .cancel: [.queued, .held]
    case .expire: [.queued, .held]
    case .suppress: [.queued, .leased, .held]
    case .settleSent, .settleFailed, .settleUnsent, .sendAgain: [.uncertain]
    }
  }

  /// The state this arrow leads to.
  public var target: MessageState {
    switch self {
    case .claim: .leased
    case .giveBack, .deferArmed, .deferLeased, .release, .settleUnsent, .sendAgain: .queued
    case .arm: .armed
    case .accept, .settleSent: .sent
    case .refuse, .settleFailed: .failed
    case .doubt: .uncertain
    case .hold: .held
    case .cancel: .cancelled
    case .expire, .giveUp: .expired
    case .suppress: .suppressed
    }
  }
}

extension MessageState {
  /// The state after `transition`, or `nil` when that arrow does not leave from here.
  public func after(_ transition: MessageTransition) -> MessageState? {
    transition.sources.contains(self) ? transition.target : nil
  }
}

extension MessageTransition {
  /// The arrow of a lease that ran out (DESIGN §4 "Recovery").
  ///
  /// - Parameter hadNoDot: whether it is known that no final dot of an armed message went out.
  public static func recovery(isArmed: Bool, hadNoDot: Bool) -> MessageTransition {
    guard isArmed else { return .giveBack }
    return hadNoDot ? .deferArmed : .doubt
  }
}
