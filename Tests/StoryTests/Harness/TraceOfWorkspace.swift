import GRDB
import Sandbox
import TestSupport
import Testing

extension StoryWorkspace {
  /// The run so far, as the store and the sandbox tell it.
  func trace(_ sandbox: Sandbox, acknowledged: Set<String>, deaths: [DeliveryTrace.Death] = []) throws -> DeliveryTrace
  {
    var trace = DeliveryTrace()
    trace.acknowledged = acknowledged
    trace.taken = sandbox.record.countsByMessageID
    trace.deaths = deaths
    try sql { db in
      var rows: [Int64: DeliveryTrace.Row] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT id, message_id, state, epoch FROM message") {
        rows[row["id"]] = DeliveryTrace.Row(messageID: row["message_id"], state: row["state"], epoch: row["epoch"])
      }
      let attempts = "SELECT message_id, epoch, outcome, stage, reply_code FROM attempt ORDER BY id"
      for row in try Row.fetchAll(db, sql: attempts) {
        rows[row["message_id"]]?.attempts.append(
          .init(epoch: row["epoch"], outcome: row["outcome"], stage: row["stage"], replyCode: row["reply_code"]))
      }
      trace.rows = Array(rows.values)
    }
    return trace
  }

  /// What is armed in each engine's name.
  func armedByOwner() throws -> [String: Set<String>] {
    try sql { db in
      var armed: [String: Set<String>] = [:]
      let rows = try Row.fetchAll(db, sql: "SELECT lease_owner, message_id, epoch FROM message WHERE state = 'armed'")
      for row in rows {
        armed[row["lease_owner"], default: []].insert(DeliveryTrace.mark(row["message_id"], epoch: row["epoch"]))
      }
      return armed
    }
  }
}
