public import MailModel

/// Complaint thresholds of a sending account (runbook "Reviewing Flagged Account", "Restricting Account").
public struct RestrictionPolicy: Sendable, Equatable {
  public var complaintsToFlag: Int
  public var complaintsToRestrict: Int
  public var window: Span
  /// How a restriction ends.
  public var lifting: LiftPolicy

  public init(
    complaintsToFlag: Int = 3, complaintsToRestrict: Int = 5, window: Span = .days(30),
    lifting: LiftPolicy = LiftPolicy()
  ) {
    self.complaintsToFlag = complaintsToFlag
    self.complaintsToRestrict = complaintsToRestrict
    self.window = window
    self.lifting = lifting
  }

  /// The window in whole days, for words.
  public var windowDays: Int64 { window.microseconds / Span.days(1).microseconds }

  /// Complaints before this moment no longer count.
  public func windowStart(now: Timestamp) -> Timestamp { now - window }

  /// The standing that `complaints` in the window call for, or `nil` when the account keeps the one it has.
  /// Policy only ever tightens: loosening is a reviewer's decision.
  public func standing(current: AccountStanding, complaints: Int) -> AccountStanding? {
    if complaints >= complaintsToRestrict { return current == .restricted ? nil : .restricted }
    if complaints >= complaintsToFlag { return current == .good ? .flagged : nil }
    return nil
  }

  /// Why, in the words of the audit log and the screen.
  public func reason(for standing: AccountStanding, complaints: Int) -> String {
    let threshold = standing == .restricted ? complaintsToRestrict : complaintsToFlag
    return "\(complaints) complaints in \(windowDays) days (threshold \(threshold))"
  }
}
