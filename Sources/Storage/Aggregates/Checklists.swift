import GRDB
public import MailModel

/// Runs of checklists and what is recorded about their steps.
public struct Checklists {
  let db: Database

  public func start(_ checklist: String, steps: [String], actor: Actor, now: Timestamp) throws -> ChecklistRun {
    try db.execute(
      sql: "INSERT INTO checklist_run (checklist, started_at, started_by) VALUES ($1, $2, $3)",
      arguments: [checklist, now.microseconds, actor.name])
    let id = db.lastInsertedRowID
    for (position, step) in steps.enumerated() {
      try db.execute(
        sql: "INSERT INTO checklist_step (run_id, position, step) VALUES ($1, $2, $3)", arguments: [id, position, step])
    }
    guard let run = try get(id) else { throw StoreError.other("the checklist run was not stored") }
    return run
  }

  /// The latest run that was started on or after `dayStart`.
  public func current(_ checklist: String, dayStart: Timestamp) throws -> ChecklistRun? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql:
          "SELECT id FROM checklist_run WHERE checklist = $1 AND started_at >= $2 ORDER BY started_at DESC, id DESC LIMIT 1"
      ),
      arguments: [checklist, dayStart.microseconds]
    ).flatMap(get)
  }

  /// The latest run that was started before `moment`.
  public func latest(_ checklist: String, before moment: Timestamp) throws -> ChecklistRun? {
    try Int64.fetchOne(
      db.cachedStatement(
        sql:
          "SELECT id FROM checklist_run WHERE checklist = $1 AND started_at < $2 ORDER BY started_at DESC, id DESC LIMIT 1"
      ),
      arguments: [checklist, moment.microseconds]
    ).flatMap(get)
  }

  public func get(_ id: Int64) throws -> ChecklistRun? {
    guard
      let run = try Row.fetchOne(
        db.cachedStatement(
          sql: "SELECT id, checklist, started_at, started_by, completed_at FROM checklist_run WHERE id = $1"),
        arguments: [id])
    else { return nil }
    let steps = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT step, version, is_ticked, ticked_by, ticked_at, note, probe_verdict, probe_value, probed_at
          FROM checklist_step WHERE run_id = $1 ORDER BY position
          """), arguments: [id]
    ).map(Checklists.step)
    return ChecklistRun(
      id: run[0], checklist: run[1], startedAt: Timestamp(microseconds: run[2]), startedBy: run[3],
      completedAt: (run[4] as Int64?).map(Timestamp.init(microseconds:)), steps: steps)
  }

  /// - Returns: `false` when the step has changed since `version`.
  public func tick(
    _ run: Int64, step: String, version: Int64, ticked: Bool, by name: String, now: Timestamp
  ) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE checklist_step SET is_ticked = $1, ticked_by = $2, ticked_at = $3, version = version + 1
        WHERE run_id = $4 AND step = $5 AND version = $6
        """,
      arguments: [ticked, ticked ? name : nil, ticked ? now.microseconds : nil, run, step, version])
    let isChanged = db.changesCount == 1
    if isChanged, !ticked {
      try db.execute(sql: "UPDATE checklist_run SET completed_at = NULL WHERE id = $1", arguments: [run])
    }
    return isChanged
  }

  /// - Returns: `false` when the step has changed since `version`.
  public func note(_ run: Int64, step: String, version: Int64, text: String) throws -> Bool {
    try db.execute(
      sql: """
        UPDATE checklist_step SET note = $1, version = version + 1 WHERE run_id = $2 AND step = $3 AND version = $4
        """, arguments: [String(text.prefix(2_000)), run, step, version])
    return db.changesCount == 1
  }

  public func setProbe(_ run: Int64, step: String, _ reading: ProbeReading) throws {
    try db.execute(
      sql: """
        UPDATE checklist_step SET probe_verdict = $1, probe_value = $2, probed_at = $3, version = version + 1
        WHERE run_id = $4 AND step = $5
        """,
      arguments: [reading.verdict.rawValue, reading.value, reading.measuredAt.microseconds, run, step])
  }

  public func complete(_ run: Int64, now: Timestamp) throws {
    try db.execute(
      sql: "UPDATE checklist_run SET completed_at = $1 WHERE id = $2 AND completed_at IS NULL",
      arguments: [now.microseconds, run])
  }

  private static func step(_ row: Row) -> ChecklistStepState {
    let verdict = (row[6] as String?).flatMap(ProbeReading.Verdict.init(rawValue:))
    let probe = verdict.map {
      ProbeReading(verdict: $0, value: row[7] ?? "", measuredAt: Timestamp(microseconds: row[8] ?? 0))
    }
    return ChecklistStepState(
      step: row[0], version: row[1], isTicked: row[2], tickedBy: row[3],
      tickedAt: (row[4] as Int64?).map(Timestamp.init(microseconds:)), note: row[5], probe: probe)
  }
}
