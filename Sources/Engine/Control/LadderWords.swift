public import MailModel
public import MailPolicy

/// The resume ladder in words: where sending stands, what each gate measures, what is missing for the next rung.
public enum LadderWords {
  /// One line of at most 79 columns, such as `rung 2 of 3: 3 of 10 accepted, 1 of 4 bad (limit 5 %), 0 of 3 complaints`.
  public static func line(_ standing: ResumeLadder.Standing) -> String {
    let ladder = standing.ladder
    return "rung \(standing.rung) of \(ladder.rungs.count): \(standing.accepted) of \(standing.target) accepted, "
      + "\(standing.bad) of \(standing.definite) bad (limit \(Percent.text(ladder.highestRefusedShare))), "
      + "\(standing.reports.complaints) of \(ladder.mostComplaints) complaints"
  }

  /// Such as `has waited 45 s for 1 reply`, when the rung lets nothing more out before what is armed has its reply, or
  /// before doubt is settled; else `nil`.
  /// - Parameter span: how long the oldest has waited, as far as it is known.
  public static func awaited(_ standing: ResumeLadder.Standing, armed: Int, span: Span? = nil) -> String? {
    let doubted = standing.reports.doubted
    guard standing.missing > 0, armed + doubted >= standing.missing else { return nil }
    if armed == 0 { return "waits until \(Amount.inDoubt(doubted)) \(doubted == 1 ? "is" : "are") settled" }
    let replies = Amount.words(armed, "reply", many: "replies")
    guard let span, span >= .seconds(1) else { return "waits for \(replies)" }
    return "has waited \(span.words) for \(replies)"
  }

  /// The same of everything that is armed now.
  public static func awaited(_ overview: Overview) -> String? {
    overview.ladder.flatMap { awaited($0, armed: overview.queue[.armed] ?? 0, span: overview.armedFor) }
  }

  /// A gate of the rung: what it measures, its value now and what decides.
  public struct Gate: Sendable, Equatable {
    public var name: String
    public var value: String
    public var rule: String
  }

  /// Every gate, then what is missing.
  ///
  /// - Parameter waiting: queued messages.
  public static func gates(_ standing: ResumeLadder.Standing, waiting: Int, now: Timestamp) -> [Gate] {
    let ladder = standing.ladder
    let since = "since \(Clockface.text(standing.since))"
    let share = standing.badShare.map { " (\(Percent.text($0)))" } ?? ""
    let sample =
      standing.isSample
      ? "" : "; not judged yet, \(ladder.smallestSample - standing.definite) more definite replies are needed"
    return [
      Gate(
        name: "resume rung", value: "\(standing.rung) of \(ladder.rungs.count)",
        rule:
          "at most \(standing.target) messages, \(standing.accepted) accepted, \(standing.reports.doubted) in doubt \(since); permit row"
      ),
      Gate(
        name: "refused and bounced on it", value: "\(standing.bad) of \(standing.definite)\(share)",
        rule: "\(standing.refused) refused + \(standing.reports.bounces) bounced \(since); "
          + "above \(Percent.text(ladder.highestRefusedShare)) of at least \(ladder.smallestSample) definite replies "
          + "the stop latches\(sample)"),
      Gate(
        name: "complaints on it", value: "\(standing.reports.complaints)",
        rule: "proven ones \(since); at \(ladder.mostComplaints) the stop latches"),
      Gate(name: "next rung", value: need(standing, now: now), rule: forecast(standing, waiting: waiting, now: now)),
    ]
  }

  private static func need(_ standing: ResumeLadder.Standing, now: Timestamp) -> String {
    if standing.missing > 0 { return "\(standing.missing) more accepted" }
    return now < standing.notBefore ? "not before \(Clockface.short(standing.notBefore, now: now))" : "now"
  }

  private static func forecast(_ standing: ResumeLadder.Standing, waiting: Int, now: Timestamp) -> String {
    let rungs = standing.ladder.rungs
    let next = standing.rung < rungs.count ? "then up to \(rungs[standing.rung])" : "then the normal limits"
    guard standing.missing > 0 else { return next }
    if waiting < standing.missing { return "\(next); only \(waiting) wait in the queue" }
    guard standing.accepted > 0, now > standing.since else { return "\(next); nothing was accepted on it yet" }
    let each = (now - standing.since).microseconds / Int64(standing.accepted)
    let (span, overflow) = each.multipliedReportingOverflow(by: Int64(standing.missing))
    let moment = max(now + Span(microseconds: overflow ? 0 : span), standing.notBefore)
    return "\(next); at its pace at \(Clockface.short(moment, now: now))"
  }
}

extension Provenance {
  /// The gates of the resume ladder and the limit of the run, while there are any.
  static func control(_ overview: Overview) -> [Provenance] {
    let gates = overview.ladder.map {
      LadderWords.gates($0, waiting: overview.queue[.queued] ?? 0, now: overview.takenAt)
    }
    let runs = overview.runs.map { run in
      Provenance(
        number: "messages of the run", value: RunWords.line(run),
        source: "run of \(run.owner) since \(Clockface.text(run.startedAt)); MAX_EMAILS_PER_RUN or run.limit; "
          + "what does not fit waits untouched")
    }
    return (gates ?? []).map { Provenance(number: $0.name, value: $0.value, source: $0.rule) } + runs
  }
}

/// The limit of one run in words.
public enum RunWords {
  /// `50 of 50 sent: the rest waits for the next run or run.limit`.
  public static func line(_ run: LimitedRun) -> String {
    "\(run.sent) of \(run.most) sent" + (run.isUsedUp ? ": the rest waits for the next run or run.limit" : "")
  }

  /// What holds back a message that is due: `limit of the run: 50 of 50 sent: …`.
  public static func obstacle(_ run: LimitedRun) -> String { "limit of the run: \(line(run))" }
}
