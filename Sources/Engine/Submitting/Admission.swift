import Foundation
import MailModel

/// What people do beside the operations of the list: hand in mail, run an engine, scan.
extension OpenWorkspace {
  /// Why who works here may not do it; `nil` when they may.
  public func refusal(of what: String) -> OperationRefusal? {
    if isReadOnly { return .readOnly(what) }
    let role = actorNow.role
    guard role < .operator else { return nil }
    return .role(needed: .operator, actual: role, operation: what, holders: operators.holders(of: .operator))
  }

  public var scanRefusal: OperationRefusal? { refusal(of: "bounces-scan") }

  /// The way in for mail. - Throws: `OperationRefusal` for whoever may hand none in.
  public func submitter() throws(OperationRefusal) -> Submitter {
    if let refusal = refusal(of: "message.enqueue") { throw refusal }
    return Submitter(store: store, clock: clock, actor: actor, host: ProcessInfo.processInfo.hostName)
  }
}
