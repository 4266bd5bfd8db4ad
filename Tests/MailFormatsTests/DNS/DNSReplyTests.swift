import MailModel
import Testing

@testable import MailFormats

/// Answers for MX records, good, bad and hostile (RFC 1035 §4; faults 19, 20).
@Suite struct DNSReplyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var reply: DNSReply?
    var error: DNSError?
    var testDescription: String { name }

    init(_ name: String, _ bytes: DNSBytes, _ reply: DNSReply) {
      (self.name, self.bytes, self.reply) = (name, bytes.bytes, reply)
    }
    init(_ name: String, _ bytes: DNSBytes, _ error: DNSError) {
      (self.name, self.bytes, self.error) = (name, bytes.bytes, error)
    }
    init(_ name: String, _ bytes: [UInt8], _ error: DNSError) {
      (self.name, self.bytes, self.error) = (name, bytes, error)
    }
  }

  static let google = MailExchanger(preference: 1, host: "aspmx.l.google.com")
  static let second = MailExchanger(preference: 10, host: "alt.l.google.com")

  static let answers: [Case] = [
    Case(
      "exchangers come in order of preference, in lower case",
      DNSBytes(answers: 2).exchanger(10, "alt.l.google.com").exchanger(1, "ASPMX.L.Google.com", seconds: 300),
      .answer(.exchangers([google, second]), seconds: 300)),
    Case("no record", DNSBytes(), .answer(.implicit, seconds: DNSReply.defaultSeconds)),
    Case("null MX", DNSBytes(answers: 1).record(type: 15, data: [0, 0, 0]), .answer(.null, seconds: 600)),
    Case("no domain", DNSBytes(flags: 0x8183), .answer(.noDomain, seconds: DNSReply.defaultSeconds)),
    Case("the server failed", DNSBytes(flags: 0x8182), .refused(code: 2)),
    Case("the server refused", DNSBytes(flags: 0x8185), .refused(code: 5)),
    Case("cut off", DNSBytes(flags: 0x8380, answers: 9), .truncated),
    Case(
      "an alias is followed",
      DNSBytes(answers: 2).record(type: 5, seconds: 60, data: DNSBytes.name("real.net"))
        .exchanger(1, "aspmx.l.google.com", owner: DNSBytes.name("real.net")),
      .answer(.exchangers([google]), seconds: 60)),
    Case(
      "an alias of itself leads nowhere", DNSBytes(answers: 1).record(type: 5, data: [0xC0, 12]),
      .answer(.implicit, seconds: 600)),
    Case(
      "records of another name are not this domain's",
      DNSBytes(answers: 1).exchanger(1, "aspmx.l.google.com", owner: DNSBytes.name("other.net")),
      .answer(.implicit, seconds: DNSReply.defaultSeconds)),
    Case(
      "other records are skipped",
      DNSBytes(answers: 2).record(type: 16, data: [3, 1, 2, 3]).exchanger(1, "aspmx.l.google.com"),
      .answer(.exchangers([google]), seconds: 600)),
    Case(
      "a host of control characters is left out",
      DNSBytes(answers: 2).exchanger(1, "a\u{1B}[2J.net").exchanger(10, "alt.l.google.com"),
      .answer(.exchangers([second]), seconds: 600)),
    Case(
      "a label with a dot in it is no host",
      DNSBytes(answers: 1).record(type: 15, data: [0, 1, 10] + Array("google.com".utf8) + [0]),
      .answer(.implicit, seconds: DNSReply.defaultSeconds)),
    Case(
      "a lifetime with its highest bit is none", DNSBytes(answers: 1).exchanger(1, "aspmx.l.google.com", seconds: .max),
      .answer(.exchangers([google]), seconds: 0)),
    Case(
      "a compressed host", DNSBytes(answers: 1).record(type: 15, data: [0, 1, 2] + Array("mx".utf8) + [0xC0, 12]),
      .answer(.exchangers([MailExchanger(preference: 1, host: "mx.firm.net")]), seconds: 600)),
  ]

  static let bad: [Case] = [
    Case("nothing", [], .otherQuestion),
    Case("less than a header", [0x12, 0x34, 0x81], .otherQuestion),
    Case("another id", DNSBytes(id: 0x1235), .otherQuestion),
    Case("a question instead of an answer", DNSBytes(flags: 0x0100), .otherQuestion),
    Case("another name", DNSBytes(name: "firm.org"), .otherQuestion),
    Case("no question", DNSBytes(questions: 0), .otherQuestion),
    Case("an answer that is not there", DNSBytes(answers: 1), .short),
    Case("data beyond the end", Array(DNSBytes(answers: 1).exchanger(1, "mx.firm.net").bytes.dropLast(3)), .short),
    Case("a pointer to itself", DNSBytes(answers: 1).record(owner: [0xC0, 26], type: 15, data: [0, 1, 0]), .badName),
    Case("a pointer ahead", DNSBytes(answers: 1).record(owner: [0xC0, 60], type: 15, data: [0, 1, 0]), .badName),
    // What stands at 28, the type, points back.
    Case(
      "bare pointers in a circle", DNSBytes(answers: 1).record(owner: [0xC0, 28], type: 0xC01A, data: []), .badName),
    Case(
      "two pointers in a circle",
      DNSBytes(answers: 1).record(owner: [1, 97, 0xC0, 26], type: 15, data: [0, 1, 0xC0, 26]), .badName),
    Case(
      "a label of a kind that does not exist", DNSBytes(answers: 1).record(owner: [0x41, 0], type: 15, data: []),
      .badName),
    Case(
      "a name that is too long",
      DNSBytes(answers: 1).record(
        owner: (0..<5).flatMap { _ in [63] + [UInt8](repeating: 97, count: 63) } + [0], type: 15, data: []), .badName),
    Case(
      "a host that runs beyond its record",
      DNSBytes(answers: 2).record(type: 15, data: [0, 1, 3]).exchanger(1, "mx.net"), .badName),
    Case("more records than anybody needs", DNSBytes(answers: 251), .tooMany),
  ]

  @Test(arguments: answers) func `an answer is read`(example: Case) throws {
    let question = try #require(DNSBytes.question)
    #expect(try DNSReply.read(example.bytes, to: question) == example.reply)
  }

  @Test(arguments: bad) func `what is no answer is an error`(example: Case) throws {
    let question = try #require(DNSBytes.question)
    #expect(throws: try #require(example.error)) { try DNSReply.read(example.bytes, to: question) }
  }

  @Test func `pointers to pointers end`() throws {
    // Each name is a pointer to the one before: as deep as a message can be.
    var message = DNSBytes(answers: 200)
    var last = 12
    for _ in 0..<200 {
      let here = message.bytes.count
      message = message.record(owner: [0xC0 | UInt8(last >> 8), UInt8(last & 0xFF)], type: 15, data: [0, 1, 1, 97, 0])
      last = here
    }
    let question = try #require(DNSBytes.question)
    let reply = try DNSReply.read(message.bytes, to: question)
    #expect(reply == .answer(.exchangers([MailExchanger(preference: 1, host: "a")]), seconds: 600))
  }

  @Test func `every prefix and every changed byte is read without a trap`() throws {
    let question = try #require(DNSBytes.question)
    let whole = DNSBytes(answers: 3).exchanger(1, "aspmx.l.google.com")
      .record(type: 5, data: [0xC0, 12]).exchanger(5, "b.c.d").bytes
    for length in 0...whole.count { _ = try? DNSReply.read(Array(whole[..<length]), to: question) }
    for position in whole.indices {
      for value in [UInt8(0), 1, 0x3F, 0x40, 0xC0, 0xFF] {
        var changed = whole
        changed[position] = value
        if case .answer(.exchangers(let found), _)? = try? DNSReply.read(changed, to: question) {
          #expect(found.count <= DNSReply.maximumExchangers)
        }
      }
    }
  }

  @Test func `a question is what RFC 1035 says`() throws {
    let question = try DNSQuestion(id: 0xABCD, domain: "Bücher.example.NET")
    #expect(question.domain == "xn--bcher-kva.example.net")
    let head: [UInt8] = [0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 13]
    #expect(Array(question.bytes.prefix(13)) == head)
    #expect(Array(question.bytes.suffix(9)) == [3] + Array("net".utf8) + [0, 0, 15, 0, 1])
  }

  @Test(arguments: [
    "", "localhost", "[192.0.2.1]", "a..b", ".net", "net.", "-a.net", String(repeating: "a", count: 64) + ".net",
  ])
  func `what is no name is not asked for`(domain: String) {
    #expect(throws: DNSError.self) { try DNSQuestion(id: 1, domain: domain) }
  }

  @Test func `the system's servers are read as the system reads them`() {
    let text =
      "# local\nsearch a.b\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 # x\nnameserver\noptions edns0\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
    #expect(ResolverFile.servers(text) == ["192.0.2.1", "2001:db8::1", "192.0.2.3"])
    #expect(ResolverFile.servers("") == ["127.0.0.1"])
  }
}
