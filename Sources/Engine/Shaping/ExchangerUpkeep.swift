import MailModel
import MailPolicy
import Storage
import Synchronization

/// Finds out who receives for the domains that mail waits for. On a thread of its own and outside of every transaction:
/// no message waits for an answer, and a resolver that does not answer holds up nothing.
final class ExchangerUpkeep: Sendable {
  /// Domains asked for at once.
  static let batch = 64
  /// Answers hold at least and at most so long, whatever the domain says.
  static let lifetimes = Span.minutes(5)...Span.days(1)
  /// How long a resolver rests after it has answered nothing of a batch.
  static let rest = Span.minutes(1)
  /// Messages and domains looked at in one run.
  private static let window = 500

  private struct State {
    /// Other engines' findings are read from here on.
    var readUntil = Timestamp(microseconds: 0)
    var restsUntil: Timestamp?
    /// Where the walk through all destinations is.
    var place = ""
    var tidiedAt: Timestamp?
  }

  private let store: Store
  private let lookup: any ExchangerLookup
  private let book: ExchangerBook
  private let clock: any Clock
  private let state = Mutex(State())

  init(store: Store, lookup: any ExchangerLookup, book: ExchangerBook, clock: any Clock) {
    self.store = store
    self.lookup = lookup
    self.book = book
    self.clock = clock
  }

  /// - Throws: `StoreError`.
  func run(isCancelled: () -> Bool) throws {
    var hasMore = true
    while hasMore, !isCancelled() {
      let now = clock.now()
      try readFindings()
      try tidy(now: now)
      if let until = state.withLock({ $0.restsUntil }), now < until { return }
      let wanted = try wanted(now: now)
      try ask(Array(wanted.prefix(ExchangerUpkeep.batch)), isCancelled: isCancelled)
      hasMore = wanted.count > ExchangerUpkeep.batch
    }
  }

  /// What this engine and others found out since the last time; a little more, because commits overtake each other.
  private func readFindings() throws {
    let since = state.withLock { $0.readUntil }
    let found = try store.read { try $0.exchangers.found(since: since) }
    book.take(found)
    let overlap = Span.seconds(30)
    if let last = found.last { state.withLock { $0.readUntil = max($0.readUntil, last.foundAt - overlap) } }
  }

  /// Domains of what goes next, then some of everything that waits.
  private func wanted(now: Timestamp) throws -> [String] {
    let place = state.withLock { $0.place }
    let (recipients, domains) = try store.read { transaction in
      (
        try transaction.exchangers.nextRecipients(limit: ExchangerUpkeep.window),
        try transaction.exchangers.waitingDomains(after: place, limit: ExchangerUpkeep.window)
      )
    }
    let unknown = book.unknown(recipients.map(Destination.domain) + domains, now: now)
    // What does not fit into this batch is found again: the walk goes on once everything here is known.
    if unknown.count <= ExchangerUpkeep.batch {
      state.withLock { $0.place = domains.count < ExchangerUpkeep.window ? "" : domains.last ?? "" }
    }
    return unknown
  }

  private func ask(_ domains: [String], isCancelled: () -> Bool) throws {
    guard !domains.isEmpty else { return }
    let answers = lookup.exchangers(of: domains, isCancelled: isCancelled)
    let now = clock.now()
    let known = answers.map { domain, finding in
      Exchangers.Known(
        domain: domain, answer: finding.answer, foundAt: now,
        expiresAt: now
          + min(max(finding.lifetime, ExchangerUpkeep.lifetimes.lowerBound), ExchangerUpkeep.lifetimes.upperBound))
    }
    guard !known.isEmpty else { return }
    let hasAnswered = known.contains { if case .failed = $0.answer { false } else { true } }
    state.withLock { $0.restsUntil = hasAnswered ? nil : now + ExchangerUpkeep.rest }
    try store.write { transaction in
      for one in known {
        // What failed must not push out what is known: only its lifetime grows, so that it is not asked at once again.
        if case .failed = one.answer, var old = try transaction.exchangers.get(one.domain), !old.hasFailed {
          (old.foundAt, old.expiresAt) = (one.foundAt, one.expiresAt)
          try transaction.exchangers.set(old)
        } else {
          try transaction.exchangers.set(one)
        }
      }
    }
    book.take(known)
  }

  private func tidy(now: Timestamp) throws {
    let isDue = state.withLock { state in
      let isDue = state.tidiedAt.map { now >= $0 + .minutes(10) || now < $0 } ?? true
      if isDue { state.tidiedAt = now }
      return isDue
    }
    guard isDue else { return }
    try store.write { try $0.exchangers.tidy(expiredBefore: now - .days(7)) }
  }
}

extension Exchangers.Known {
  var hasFailed: Bool { if case .failed = answer { true } else { false } }
}
