import Foundation
import MailModel
import MailPolicy
import Storage
import Synchronization
import Testing

@testable import Engine

/// Answers by a closure and remembers what it was asked.
final class FakeLookup: ExchangerLookup {
  private let asked = Mutex<[[String]]>([])
  private let answer: @Sendable (String) -> ExchangerAnswer

  init(_ answer: @escaping @Sendable (String) -> ExchangerAnswer) { self.answer = answer }

  var questions: [[String]] { asked.withLock { $0 } }

  func exchangers(of domains: [String], isCancelled: () -> Bool) -> [String: ExchangerFinding] {
    asked.withLock { $0.append(domains.sorted()) }
    return Dictionary(
      uniqueKeysWithValues: domains.map { ($0, ExchangerFinding(answer: answer($0), lifetime: .minutes(30))) })
  }
}

/// Providers by MX: asked apart from everything, kept for a while, and never in the way (issue "Delivery", 1).
@Suite struct ExchangerTests {
  static let big = ShapingRules.Provider(
    name: "big", domains: ["big.com"], exchangers: ["big.net"], concurrency: 5, rate: RateLimit("10/h"))
  static let rules = ShapingRules(providers: [big])

  static func answer(_ domain: String) -> ExchangerAnswer {
    switch domain {
    case let name where name.hasPrefix("hosted"):
      .exchangers([.init(preference: 5, host: "mx.\(name)"), .init(preference: 1, host: "a.mx.big.net")])
    case let name where name.hasPrefix("backup"):
      .exchangers([.init(preference: 1, host: "mx.\(name)"), .init(preference: 9, host: "a.mx.big.net")])
    case let name where name.hasPrefix("gone"): .noDomain
    case let name where name.hasPrefix("broken"): .failed(reason: "no name server answered")
    default: .implicit
    }
  }

  private func upkeep(_ place: TestWorkspace, _ lookup: FakeLookup, _ book: ExchangerBook) -> ExchangerUpkeep {
    ExchangerUpkeep(store: place.store, lookup: lookup, book: book, clock: place.open.clock)
  }

  @Test func `domains of one provider share its limit, whatever they are called`() throws {
    let place = try TestWorkspace()
    try place.enqueue(
      (0..<5).map { "ok.\($0)@hosted1.net" } + (0..<5).map { "ok.\($0)@hosted2.net" } + ["ok@backup.net", "ok@big.com"])
    let book = ExchangerBook(rules: Self.rules)
    try upkeep(place, FakeLookup(Self.answer), book).run { false }
    let relay = FakeRelay()
    let engine = DeliveryEngine(
      store: place.store, stop: place.open.stop, relays: RelayDirectory([relay]), clock: place.open.clock,
      settings: DeliverySettings(
        workers: 2, lease: .seconds(60), retry: .init(), owner: place.open.ownerName(), shaping: Self.rules,
        exchangers: book),
      log: place.open.log)
    try engine.start()
    try eventually("one for the provider and the one to nobody's go, the others wait for the provider") {
      try place.count(.sent) == 2
        && place.store.read { try $0.throttles.waiting(for: .init(.destination, "big")) } == 10
    }
    engine.shutDown(patience: .seconds(60))
    #expect(relay.dots.count == 2)
  }

  @Test func `only what is not known is asked for, in no transaction, and once`() throws {
    let place = try TestWorkspace()
    try place.enqueue(["a@hosted1.net", "b@HOSTED1.net", "a@big.com", "a@x.invalid", "a@[192.0.2.1]", "a@gone.net"])
    let store = place.store
    let lookup = FakeLookup { domain in
      // The store takes a change while the question is open: nothing is locked.
      try? store.write { try $0.tallies.add("asked", count: 1, at: Timestamp(seconds: 1)) }
      return Self.answer(domain)
    }
    let book = ExchangerBook(rules: Self.rules)
    let upkeep = upkeep(place, lookup, book)
    for _ in 0..<3 { try upkeep.run { false } }
    #expect(lookup.questions == [["gone.net", "hosted1.net"]])
    #expect(book.deciding("hosted1.net") == "a.mx.big.net")
    #expect(book.deciding("gone.net") == nil)
    let series = try store.read { try $0.tallies.series("asked", since: Timestamp(seconds: 0)) }
    #expect(series.values.reduce(0, +) == 2)
  }

  @Test func `what expired is asked for again, and a failure takes nothing away`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.enqueue(["a@hosted1.net"])
    let isBroken = Mutex(false)
    let lookup = FakeLookup { domain in
      isBroken.withLock { $0 } ? .failed(reason: "timeout") : Self.answer(domain)
    }
    let book = ExchangerBook(rules: Self.rules)
    let upkeep = upkeep(place, lookup, book)
    try upkeep.run { false }
    isBroken.withLock { $0 = true }
    clock.advance(.minutes(29))
    try upkeep.run { false }
    #expect(lookup.questions.count == 1)
    clock.advance(.minutes(2))
    try upkeep.run { false }
    #expect(lookup.questions.count == 2)
    #expect(book.deciding("hosted1.net") == "a.mx.big.net")
    // A later start reads the same from the store.
    let later = ExchangerBook(rules: Self.rules)
    try self.upkeep(place, lookup, later).run { false }
    #expect(lookup.questions.count == 2)
    #expect(later.deciding("hosted1.net") == "a.mx.big.net")
  }

  @Test func `a resolver that answers nothing rests, and every message goes all the same`() throws {
    let clock = ManualClock()
    let place = try TestWorkspace(clock: clock)
    try place.enqueue((0..<150).map { "ok@broken\($0).net" })
    let lookup = FakeLookup(Self.answer)
    let upkeep = upkeep(place, lookup, ExchangerBook(rules: Self.rules))
    try upkeep.run { false }
    try upkeep.run { false }
    #expect(lookup.questions.map(\.count) == [ExchangerUpkeep.batch])
    clock.advance(ExchangerUpkeep.rest)
    try upkeep.run { false }
    #expect(lookup.questions.map(\.count) == [ExchangerUpkeep.batch, ExchangerUpkeep.batch])
    let engine = place.engine(FakeRelay(), workers: 4, shaping: Self.rules)
    try engine.start()
    try eventually("all go") { try place.count(.sent) == 150 }
    engine.shutDown(patience: .seconds(60))
  }

  @Test func `many domains are asked for in batches, and another engine finds the answers`() throws {
    let place = try TestWorkspace()
    try place.enqueue((0..<150).map { "ok@hosted\($0).net" })
    let lookup = FakeLookup(Self.answer)
    let other = FakeLookup(Self.answer)
    let otherBook = ExchangerBook(rules: Self.rules)
    let otherUpkeep = upkeep(place, other, otherBook)
    try upkeep(place, lookup, ExchangerBook(rules: Self.rules)).run { false }
    #expect(lookup.questions.map(\.count) == [64, 64, 22])
    try otherUpkeep.run { false }
    #expect(other.questions.isEmpty)
    #expect(otherBook.deciding("hosted149.net") == "a.mx.big.net")
  }

  @Test func `the preview of a pause counts all domains of a provider, by name and by MX`() throws {
    let place = try TestWorkspace()
    let data = place.folder.appending(path: "data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    try Data("providers:\n  big:\n    domains: [big.com]\n    exchangers: [big.net]\n".utf8)
      .write(to: data.appending(path: "shaping.yaml"))
    try place.enqueue(["a@hosted1.net", "b@hosted1.net", "a@big.com", "a@own.net", "a@backup.net"])
    try upkeep(place, FakeLookup(Self.answer), ExchangerBook(rules: Self.rules)).run { false }
    let request = OperationRequest(arguments: ["scope": "destination:big", "reason": "they asked", "for": "2h"])
    let preview = try place.open.operations.preview("pause.add", request)
    #expect(preview.lines[0] == "3 queued messages belong to it")
    #expect(preview.lines.contains { $0.hasPrefix("the oldest would expire at ") })
  }

  struct Standing: Sendable, CustomTestStringConvertible {
    var domain: String
    var provider: String?
    var why: String
    var testDescription: String { domain }
  }

  static let standings: [Standing] = [
    Standing(domain: "big.com", provider: "big", why: "its name is in data/shaping.yaml"),
    Standing(domain: "hosted.net", provider: "big", why: "MX a.mx.big.net (1), asked "),
    Standing(domain: "backup.net", why: "MX mx.backup.net (1), a.mx.big.net (9), no provider's, asked "),
    Standing(domain: "gone.net", why: "DNS knows no such domain, asked "),
    Standing(domain: "broken.net", why: "not found out: no name server answered, asked "),
    Standing(domain: "own.net", why: "no MX record: its own host receives, asked "),
    Standing(domain: "new.net", why: "DNS was not asked yet: it is asked while mail waits"),
    Standing(domain: "x.invalid", why: "DNS is not asked about such a name"),
  ]

  @Test(arguments: standings) func `a domain's provider is told with the reason`(expected: Standing) throws {
    let place = try TestWorkspace()
    let now = place.open.clock.now()
    let standing = try place.store.write { transaction in
      for domain in Self.standings.map(\.domain) where !["big.com", "new.net", "x.invalid"].contains(domain) {
        try transaction.exchangers.set(
          .init(domain: domain, answer: Self.answer(domain), foundAt: now, expiresAt: now + .hours(1)))
      }
      return try ProviderStanding.read(expected.domain, rules: Self.rules, isAsking: true, in: transaction)
    }
    #expect(standing.provider == expected.provider)
    #expect(standing.why.hasPrefix(expected.why))
  }

  struct Resolver: Sendable, CustomTestStringConvertible {
    var text: String
    var address: String?
    var port = 53
    var testDescription: String { text }
  }

  @Test(arguments: [
    Resolver(text: "192.0.2.53", address: "192.0.2.53"),
    Resolver(text: "127.0.0.1:5353", address: "127.0.0.1", port: 5353),
    Resolver(text: "2001:db8::53", address: "2001:db8::53"),
    Resolver(text: "[2001:db8::53]:5353", address: "2001:db8::53", port: 5353), Resolver(text: "dns.example.net"),
    Resolver(text: "127.0.0.1:0"), Resolver(text: "127.0.0.1:x"), Resolver(text: "[::1]5"), Resolver(text: "1.2.3"),
  ])
  func `a resolver is an address`(expected: Resolver) {
    let resolver = ExchangerSettings.Resolver(expected.text)
    #expect(resolver?.address == expected.address)
    if expected.address != nil { #expect(resolver?.port == expected.port) }
  }
}
