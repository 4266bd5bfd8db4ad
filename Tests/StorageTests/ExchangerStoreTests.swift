import MailModel
import Storage
import Testing

/// What DNS said, as the store keeps it.
@Suite struct ExchangerStoreTests {
  private func known(_ domain: String, _ answer: ExchangerAnswer, _ place: TemporaryStore, lives: Span = .hours(1))
    -> Exchangers.Known
  {
    Exchangers.Known(domain: domain, answer: answer, foundAt: place.now, expiresAt: place.now + lives)
  }

  static let answers: [ExchangerAnswer] = [
    .exchangers([.init(preference: 1, host: "a.net"), .init(preference: 10, host: "b.net")]), .exchangers([]),
    .implicit,
    .null, .noDomain, .failed(reason: "no name server answered"),
  ]

  @Test(arguments: answers) func `an answer comes back as it went in`(answer: ExchangerAnswer) throws {
    let place = try TemporaryStore()
    let expected = known("firm.net", answer, place)
    let found = try place.store.write { transaction in
      try transaction.exchangers.set(known("firm.net", .implicit, place))
      try transaction.exchangers.set(expected)
      return try transaction.exchangers.get("firm.net")
    }
    #expect(found == expected)
  }

  @Test func `it stays within its capacity and forgets what expired`() throws {
    let place = try TemporaryStore()
    func domains(_ transaction: Transaction, _ capacity: Int) throws -> [String] {
      try transaction.exchangers.tidy(expiredBefore: place.now + .hours(5), capacity: capacity)
      return try transaction.exchangers.found(since: place.now).map(\.domain).sorted()
    }
    let (all, left) = try place.store.write { transaction in
      for number in 0..<20 {
        try transaction.exchangers.set(known("d\(number).net", .implicit, place, lives: .hours(Int64(number))))
      }
      return (try domains(transaction, 50), try domains(transaction, 10))
    }
    #expect(all == (5..<20).map { "d\($0).net" }.sorted())
    #expect(left == (10..<20).map { "d\($0).net" })
  }

  @Test func `what is due next and what waits is told`() throws {
    let place = try TemporaryStore()
    try place.enqueue(3) { "r@d\($0).net" }
    try place.enqueue(1, recipient: { _ in "r@held.net" }, state: .held)
    let (next, first, rest) = try place.store.read { transaction in
      (
        try transaction.exchangers.nextRecipients(limit: 2),
        try transaction.exchangers.waitingDomains(after: "", limit: 2),
        try transaction.exchangers.waitingDomains(after: "d1.net", limit: 5)
      )
    }
    #expect(next == ["r@d0.net", "r@d1.net"])
    #expect(first == ["d0.net", "d1.net"])
    #expect(rest == ["d2.net"])
  }
}
