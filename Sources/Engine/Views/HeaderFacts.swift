public import MailModel
import MailPolicy
import Storage

/// A rate with its limits, ready to be shown.
public struct RateFact: Sendable, Equatable {
  /// `1.2 %`, or `no base` while too little was sent.
  public var value: String
  /// The critical limit, `5 %`.
  public var limit: String
  /// `nil` while it is fine or too little was sent for an alert.
  public var severity: Alert.Severity?
}

extension Overview {
  public var bounceRate: RateFact { fact(vitals.bounceRate, thresholds.bounceRate) }
  public var complaintRate: RateFact { fact(vitals.complaintRate, thresholds.complaintRate) }

  private func fact(_ rate: Double?, _ threshold: Threshold) -> RateFact {
    let isSample = vitals.concluded >= thresholds.smallestSample
    return RateFact(
      value: rate.map(Percent.text) ?? "no base", limit: Percent.text(threshold.critical),
      severity: isSample ? rate.flatMap(threshold.severity) : nil)
  }
}

/// Tells of commits, also of other processes, for as long as it is kept.
public final class ChangeNotice: Sendable {
  private let watch: ChangeWatch

  init(_ watch: ChangeWatch) { self.watch = watch }
  public func cancel() { watch.cancel() }
}

extension OpenWorkspace {
  /// Calls back on another thread, within half a second after a commit of any process.
  /// - Throws: `StoreError`.
  public func noticeChanges(_ changed: @escaping @Sendable () -> Void) throws -> ChangeNotice {
    ChangeNotice(try store.watchChanges(changed))
  }
}

extension Operation {
  /// Why this person cannot do this to a row in that state, or `nil`. Pure.
  public func disabledReason(for actor: Actor, _ state: TargetState) -> String? {
    if actor.role < role { return roleReason(for: actor, holders: []) }
    return disabledReason(state)
  }

  /// That the role is too low, and who has one that is not, as far as that is known.
  public func roleReason(for actor: Actor, holders: [String]) -> String {
    let others = holders.isEmpty ? "" : "; ask \(holders.prefix(3).joined(separator: ", "))"
    return "needs the role \(role.name); you are \(actor.role.name)\(others)"
  }
}
