internal import MailModel
internal import Synchronization

/// What the connections of one relay share: settings, memory of earlier attempts and chance.
final class RelayDesk: Sendable {
  fileprivate struct State {
    var settings: SandboxSettings
    var random: SeededRandom
    /// Recipients seen by `defer-once@`, and when `greylist@` pairs were first seen. Emptied when it grows too large.
    var deferredOnce: Set<String> = []
    var greylisted: [String: Timestamp] = [:]
  }

  private static let memoryLimit = 100_000
  private let state: Mutex<State>

  init(settings: SandboxSettings) {
    state = Mutex(State(settings: settings, random: SeededRandom(seed: settings.seed)))
  }

  var settings: SandboxSettings {
    get { state.withLock { $0.settings } }
    set { state.withLock { $0.settings = newValue } }
  }

  func change(_ body: (inout SandboxSettings) -> Void) { state.withLock { body(&$0.settings) } }

  /// What to do about this recipient now: memory and chance turned into a definite behaviour.
  func behaviour(sender: String, recipient: String, now: Timestamp) -> SandboxBehaviour {
    let asked = SandboxBehaviour(recipient: recipient)
    return state.withLock { state in
      switch asked {
      case .deferOnce:
        if state.deferredOnce.count >= Self.memoryLimit { state.deferredOnce = [] }
        return state.deferredOnce.insert(recipient).inserted ? .defer(EnhancedStatus(4, 3, 0)) : .accept
      case .greylist:
        if state.greylisted.count >= Self.memoryLimit { state.greylisted = [:] }
        let pair = sender.withoutTag + "\n" + recipient
        let first = state.greylisted[pair] ?? now
        state.greylisted[pair] = first
        return first < now && now - first >= state.settings.greylistFor ? .accept : .defer(EnhancedStatus(4, 7, 1))
      case .accept:
        return state.chance()
      default:
        return asked
      }
    }
  }

  /// A delay for one report, from the configured range.
  func reportDelay() -> Span {
    state.withLock { state in
      let range = state.settings.reportDelay
      let low = range.lowerBound.microseconds
      let high = max(low, range.upperBound.microseconds)
      return Span(microseconds: Int64.random(in: low...high, using: &state.random))
    }
  }
}

extension RelayDesk.State {
  mutating func chance() -> SandboxBehaviour {
    let mischief = settings.mischief
    guard mischief != Mischief() else { return .accept }
    var roll = Double.random(in: 0..<1, using: &random)
    let outcomes: [(Double, SandboxBehaviour)] = [
      (mischief.deferAtRecipient, .defer(EnhancedStatus(4, 2, 2))), (mischief.dropInData, .dropInData),
      (mischief.dropAfterDot, .dropAfterDot), (mischief.stallAfterDot, .stallAfterDot),
      (mischief.bounce, .bounce(EnhancedStatus(5, 1, 1))), (mischief.complain, .complain),
    ]
    for (share, outcome) in outcomes {
      if roll < share { return outcome }
      roll -= share
    }
    return .accept
  }
}

extension String {
  /// The address without `+tag`: `bounces+x@y` is `bounces@y`.
  var withoutTag: String {
    guard let at = lastIndex(of: "@"), let plus = self[..<at].firstIndex(of: "+") else { return self }
    return String(self[..<plus] + self[at...])
  }
}
