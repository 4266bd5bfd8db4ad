import MailModel
import Testing

@Suite struct VocabularyTests {
  @Test(arguments: [
    ("2.0.0", EnhancedStatus(2, 0, 0)), ("4.2.2", EnhancedStatus(4, 2, 2)), ("5.1.1", EnhancedStatus(5, 1, 1)),
    ("5.999.999", EnhancedStatus(5, 999, 999)), ("5.01.1", EnhancedStatus(5, 1, 1)), ("", nil), ("5", nil),
    ("5.1", nil), ("5.1.1.1", nil), ("3.1.1", nil), ("1.1.1", nil), ("55.1.1", nil), ("5.1000.1", nil),
    ("5.1.1000", nil), ("5..1", nil), (".1.1", nil), ("5.1.", nil), ("5.-1.1", nil), ("5.+1.1", nil), (" 5.1.1", nil),
    ("5.1.1 ", nil), ("5.1.a", nil), ("٥.١.١", nil), ("5.1.1\n", nil), ("5,1,1", nil),
  ])
  func `an enhanced status code (RFC 3463) is read exactly`(text: String, expected: EnhancedStatus?) {
    #expect(EnhancedStatus(text) == expected)
  }

  @Test func `an enhanced status code is written as it is read`() {
    for status in [EnhancedStatus(2, 0, 0), EnhancedStatus(5, 7, 26)] {
      #expect(EnhancedStatus(status.description) == status)
    }
  }

  @Test func `roles include those below them and keep their names`() {
    #expect(Role.allCases == Role.allCases.sorted())
    #expect(Role.watcher < .operator && Role.operator < .reviewer && Role.reviewer < .lead)
    for role in Role.allCases { #expect(Role(name: role.name) == role) }
    #expect(Role(name: "root") == nil)
    #expect(Role(name: "Lead") == nil)
  }

  @Test func `fault 38: a secret shows nothing of itself`() {
    let secret = Secret("canary-5e1f")
    var dumped = ""
    dump(secret, to: &dumped)
    dump(["password": secret], to: &dumped)
    let shown = "\(secret) \(String(reflecting: secret)) \(String(describing: [secret])) \(dumped)"
    #expect(!shown.contains("canary"))
    #expect(secret.reveal() == "canary-5e1f")
    #expect(Secret("").isEmpty && !secret.isEmpty)
  }

  @Test(arguments: [
    ("localhost", true), ("LocalHost", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("[::1]", true),
    ("", false), ("localhost.example.org", false), ("127.0.0.1.example.org", false), ("127.0.0", false),
    ("127.0.0.256", false), ("127.0.0.1.", false), ("128.0.0.1", false), ("10.0.0.127", false), ("::2", false),
  ])
  func `only this machine is loopback`(host: String, expected: Bool) { #expect(Loopback.contains(host) == expected) }

  @Test func `bytes are written in hexadecimal with two digits each`() {
    #expect(Hexadecimal.text([]).isEmpty)
    #expect(Hexadecimal.text([0, 9, 10, 0x7F, 0xA0, 0xFF]) == "00090a7fa0ff")
  }

  @Test func `only what we signed or sent, or a person, is proof`() {
    #expect(Correlation.allCases.filter(\.isProof) == [.token, .envelopeID, .header, .messageID, .person])
  }

  @Test(arguments: SendPermit.State.allCases)
  func `only an open or ramping permit allows sending`(state: SendPermit.State) {
    let permit = SendPermit(
      state: state, generation: 1, changedAt: Timestamp(seconds: 0), changedBy: "tess", reason: "test")
    #expect(permit.allowsSending == (state == .open || state == .ramping))
  }
}
