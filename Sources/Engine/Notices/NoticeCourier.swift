import Foundation
import Logging
import MailModel
import MailPolicy
import Storage

/// Carries notices out: posts web hooks that are due, and follows the messages of e-mail notices to their end.
struct NoticeCourier: Sendable {
  /// Notices of one turn; the rest has its turn right after.
  static let batch = 20
  /// Nobody else takes a claimed notice for so long. Longer than a POST may last, times the batch.
  static let claim = Span.minutes(20)

  let store: Store
  let settings: NoticeSettings
  /// `nil` where nothing is posted, as in a rehearsal; e-mail notices are followed all the same.
  let webHook: (any WebHook)?
  let clock: any Clock
  let log: Logger

  /// One turn. - Returns: how many web hooks were posted.
  /// - Throws: `StoreError`.
  @discardableResult
  func run(isCancelled: () -> Bool = { false }) throws -> Int {
    try followMail()
    guard let webHook else { return 0 }
    let now = clock.now()
    guard try store.read({ try $0.notices.isAnyDue(now: now) }) else { return 0 }
    let claimed = try store.write {
      try $0.notices.claimDue(now: now, until: now + NoticeCourier.claim, limit: NoticeCourier.batch)
    }
    var posted = 0
    for notice in claimed {
      // What was claimed and not posted is due again at once for whoever comes next.
      if isCancelled() {
        try settle(notice, .queued, error: notice.lastError, next: clock.now(), countsAttempt: false)
      } else {
        try post(notice, over: webHook)
        posted += 1
      }
    }
    return posted
  }

  private func post(_ notice: Notice, over webHook: any WebHook) throws {
    let body = Array(notice.body.utf8)
    let headers = WebHookHeaders.lines(
      notice: notice.id, body: body, now: clock.now(), secret: settings.webHookSecret)
    let (status, error) = answer(webHook, body, headers)
    try settle(notice, NoticePolicy.verdict(status: status, attempts: notice.attempts + 1), error: error)
  }

  /// The HTTP status, `nil` when there was none, and what it was in words.
  private func answer(
    _ webHook: any WebHook, _ body: [UInt8], _ headers: [String]
  ) -> (status: Int?, words: String) {
    do throws(WebHookUnreachable) {
      let status = try webHook.post(body, to: settings.webHookURL.reveal(), headers: headers)
      return (status, "HTTP \(status)")
    } catch {
      return (nil, error.description)
    }
  }

  private func settle(_ notice: Notice, _ verdict: NoticeVerdict, error: String) throws {
    let now = clock.now()
    switch verdict {
    case .sent: try settle(notice, .sent, error: "", next: now, countsAttempt: true)
    case .retry(let delay):
      log.warning("notice not delivered", metadata: ["notice": "\(notice.id)", "error": "\(error)"])
      try settle(notice, .queued, error: error, next: now + delay, countsAttempt: true)
    case .failed:
      log.error("notice given up", metadata: ["notice": "\(notice.id)", "error": "\(error)"])
      try settle(notice, .failed, error: error, next: now, countsAttempt: true)
    }
  }

  private func settle(
    _ notice: Notice, _ state: NoticeState, error: String, next: Timestamp, countsAttempt: Bool
  ) throws {
    let now = clock.now()
    try store.write { transaction in
      _ = try transaction.notices.settle(
        notice, state: state, lastError: error, nextAttemptAt: next, countsAttempt: countsAttempt, now: now)
    }
  }

  /// E-mail notices end as their messages do.
  private func followMail() throws {
    var last: Int64 = 0
    while true {
      let waiting = try store.read { try $0.notices.waitingMail(after: last, limit: 200) }
      guard let end = waiting.last else { return }
      last = end.notice.id
      let ended = waiting.compactMap { entry in
        NoticePolicy.state(of: entry.state).map { (entry.notice, $0, entry.reason) }
      }
      guard !ended.isEmpty else { continue }
      let now = clock.now()
      try store.write { transaction in
        for (notice, state, reason) in ended {
          _ = try transaction.notices.settle(
            notice, state: state, lastError: state == .sent ? "" : reason, nextAttemptAt: now, countsAttempt: false,
            now: now)
        }
      }
    }
  }
}
