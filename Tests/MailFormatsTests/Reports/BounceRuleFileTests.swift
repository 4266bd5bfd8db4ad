import MailModel
import Testing

@testable import MailFormats

@Suite struct BounceRuleFileTests {
  private func file(_ text: String) throws -> BounceRuleFile { try BounceRuleFile(parsing: bytes(text)) }

  private func decided(_ answer: String, _ rules: BounceRules) -> String { BounceVerdict(answer, rules: rules).rule }

  @Test func `every shipped rule finds each of its phrases`() throws {
    for rule in try shippedRuleFile().rules {
      for phrase in rule.phrases {
        var alone = rule
        (alone.phrases, alone.servers, alone.statuses, alone.stages) = ([phrase], [], [], [])
        let text = FoldedText(bytes("x \(phrase.replacing("*", with: " y ")) z"))
        let facts = BounceFacts(text: text, status: nil, server: [], stage: nil)
        #expect(PhraseIndex([CompiledRule(alone)]).first(facts) != nil, "\(rule.id): \(phrase)")
      }
    }
  }

  @Test func `every example in the shipped file is decided by its own rule`() {
    #expect(standardRules.failedExamples().isEmpty)
    #expect(standardRules.rules.allSatisfy { !$0.examples.isEmpty })
  }

  @Test func `a file with the line ends of Windows reads as any other`() throws {
    let text = "# ours\n[one]\nreason = taken for spam\n- very bad \n\n[status]\n5.7.9 = virus detected\n"
    #expect(try file(text.replacing("\n", with: "\r\n")) == file(text))
    #expect(try file(text).rules.map(\.phrases) == [["very bad"]])
  }

  @Test func `a rule in an operator's file changes the outcome`() throws {
    let answer = "550 5.1.1 User unknown, please ask the desk"
    #expect(BounceVerdict(answer, rules: standardRules).reason == .userUnknown)
    let own = try file("[ask-the-desk]\nreason = mailbox disabled\n- user unknown*ask the desk\n")
    let verdict = BounceVerdict(answer, rules: standardRules.extended(by: own))
    #expect(verdict.reason == .suspended)
    #expect(verdict.rule == "ask-the-desk")
    #expect(verdict.line == answer)
  }

  @Test func `a rule whose id is known replaces that rule in its place`() throws {
    let first = try file("[one]\nreason = taken for spam\n- bad\n[two]\nreason = mailbox full\n- bad\n")
    let second = try file("[one]\nreason = virus detected\n- worse\n")
    let rules = BounceRules(first).extended(by: second)
    #expect(rules.rules.map(\.id) == ["one", "two"])
    #expect(decided("550 bad", rules) == "two")
    #expect(decided("550 worse", rules) == "one")
  }

  @Test(arguments: ["9.9.9", "3.1.1", "5.1.1000", "5.1", "5.x.1", "+5.1.1", "*.*"])
  func `a status that no server can say is told with its line`(status: String) {
    let words = "'\(status)' is no enhanced status code such as 5.2.2 or 5.7.*"
    #expect(throws: BounceRuleError(line: 3, problem: words)) {
      try file("[one]\nreason = taken for spam\nstatus = 5.7.*, \(status)\n")
    }
    #expect(throws: BounceRuleError(line: 2, problem: words)) { try file("[status]\n\(status) = taken for spam\n") }
  }

  @Test func `conditions on server, status and step`() throws {
    let rules = BounceRules(
      try file(
        """
        [by-server]
        reason = refused by the recipient's filter
        server = mobile.example
        at = data
        - unknown user
        [by-status]
        reason = taken for spam
        status = 5.7.9, 4.7.*
        [any]
        reason = user unknown
        - unknown user
        """))
    let atData = "host mx.mobile.example said: 550 Unknown user (in reply to end of DATA command)"
    #expect(decided(atData, rules) == "by-server")
    #expect(decided("host mx.mobile.example said: 550 Unknown user (in reply to RCPT TO command)", rules) == "any")
    #expect(decided("550 Unknown user (in reply to end of DATA command)", rules) == "any")
    #expect(decided("550 5.7.9 no", rules) == "by-status")
    #expect(decided("450 4.7.77 no", rules) == "by-status")
    #expect(decided("550 5.7.8 no", rules) == "no rule")
    let named = BounceVerdict(
      diagnostic: bytes("550 Unknown user (in reply to end of DATA command)"), notice: [], status: nil,
      server: "MX1.Mobile.example", rules: rules)
    #expect(named.rule == "by-server")
  }

  @Test func `a rule that yields decides only where nothing tells of a refusal`() throws {
    let rules = BounceRules(
      try file(
        "[missing]\nreason = system error at the receiver\nyields = yes\n- gone\n[spam]\nreason = taken for spam\n- bad\n[dead]\nreason = user unknown\n- user\n[status]\n5.7.* = policy violation\n"
      ))
    #expect(decided("550 gone: user", rules) == "missing")
    #expect(decided("550 gone: user, bad", rules) == "spam")
    #expect(decided("450 gone: user, bad", rules) == "missing")
    #expect(decided("550 5.7.1 gone: user", rules) == "status 5.7.1")
  }

  @Test func `status codes of an operator come first`() throws {
    let rules = standardRules.extended(by: try file("[status]\n5.2.2 = mailbox disabled\n"))
    #expect(BounceVerdict("550 5.2.2", rules: standardRules).reason == .mailboxFull)
    #expect(BounceVerdict("550 5.2.2", rules: rules).reason == .suspended)
  }

  @Test func `no rule makes an address dead for a temporary answer`() throws {
    let rules = standardRules.extended(by: try file("[gone]\nreason = user unknown\n- gone fishing\n"))
    #expect(BounceVerdict("550 5.1.1 gone fishing", rules: rules).reason == .userUnknown)
    #expect(BounceVerdict("451 4.1.1 gone fishing", rules: rules).reason.bounceClass == .soft)
    #expect(BounceVerdict("550 gone fishing (in reply to MAIL FROM command)", rules: rules).reason == .senderRejected)
  }

  @Test func `an example that another rule decides is told`() throws {
    let rules = BounceRules(
      try file(
        "[one]\nreason = taken for spam\n- bad\n\n[two]\nreason = mailbox full\n- worse\nexample = bad and worse\n"))
    let expected = BounceRules.FailedExample(rule: "two", line: 5, example: "bad and worse", decidedBy: "one")
    #expect(rules.failedExamples() == [expected])
  }

  @Test func `an example of a rule about a server is that server's answer, whether it says so or not`() throws {
    let rule = "[desk-closed]\nreason = mailbox disabled\nserver = there.example\n- the desk is closed\n"
    for example in ["550 The desk is closed", "host mx.there.example[192.0.2.1] said: 550 The desk is closed"] {
      let own = try file(rule + "example = \(example)\n")
      #expect(standardRules.extended(by: own).failedExamples().isEmpty)
      #expect(BounceVerdict("550 The desk is closed", rules: standardRules.extended(by: own)).rule != "desk-closed")
    }
  }

  @Test func `quotes keep white space, comments and empty lines are skipped`() throws {
    let rules = try file("# head\n\n[a]\n  # inside\nreason = Mailbox Full\n- \" spf \"\n-   two  \n").rules
    #expect(rules.first?.phrases == [" spf ", "two"])
    #expect(rules.first?.line == 3)
  }

  private static let mistakes: [(String, Int, String)] = [
    ("- text", 1, "before any"), ("[a]\nreason = nonsense", 2, "unknown reason"), ("[a]\n- x\n[b]", 1, "no reason"),
    ("[a]\nreason = mailbox full\n", 1, "neither"), ("[a]\nreason = mailbox full\n- Text", 3, "lower case"),
    ("[a]\nreason = mailbox full\n- **", 3, "phrase"), ("[A b]\n", 1, "rule id"),
    ("[a]\nreason = mailbox full\n- x\n\n[a]\nreason = mailbox full\n- y", 5, "twice"),
    ("[a]\ncolour = red", 2, "unknown key"), ("[a]\nnonsense", 2, "expected"),
    ("[status]\n5.x = mailbox full", 2, "status"),
    ("[a]\nreason = mailbox full\n- Получатель", 3, "lower case"),
    ("[a]\nreason = mailbox full\n- two  spaces", 3, "single spaces"),
    ("[words nonsense]\n- x", 1, "unknown list of words"), ("[words delay-texts]\n- x*y", 2, "asterisk"),
    ("[words delay-texts]\n- x\n[words  delay-texts]", 3, "twice"),
    ("[words delay-texts]\nreason = mailbox full", 2, "knows without and example"),
    ("[words delay-texts]\nwaits", 2, "expected"), ("[a]\nat = dinner", 2, "step"),
    ("[a]\nweak = perhaps", 2, "yes or no"), ("[a]\nstatus = 5", 2, "status"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told with its line`(text: String, line: Int, words: String) {
    do throws(BounceRuleError) {
      _ = try BounceRuleFile(parsing: bytes(text))
      Issue.record("accepted: \(text)")
    } catch {
      #expect(error.line == line)
      #expect(error.problem.contains(words), "\(error)")
    }
  }

  @Test func `a file that is not text or too large is refused`() {
    #expect(throws: BounceRuleError.self) { try BounceRuleFile(parsing: [0xFF, 0xFE, 0x00]) }
    #expect(throws: BounceRuleError.self) {
      try BounceRuleFile(parsing: [UInt8](repeating: 10, count: BounceRuleFile.maximumLength + 1))
    }
  }
}
