import MailModel
import Testing

@testable import MailFormats

@Suite struct KindWordsTests {
  private func rules(_ own: String) throws -> BounceRules {
    standardRules.extended(by: try BounceRuleFile(parsing: bytes(own)))
  }

  private func kind(_ mail: String, _ rules: BounceRules = standardRules) -> ReportKind {
    ReportClassifier(rules: rules).classify(bytes(mail)).kind
  }

  private static let absence = """
    From: Anna <anna@there.example>
    To: us@our.example
    Subject: Kontoris mani nesastapsiet

    Atgriežos pirmdien.
    """

  private static let notice = """
    Return-Path: <>
    From: Posta bilatzailea <robot@mail.there.example>
    To: us@our.example
    Subject: Mezua ez da heldu

    <ann@there.example>
    Hartzailea ez da existitzen
    """

  @Test func `every list that the program asks is shipped, with an example in which it finds something`() {
    #expect(Set(standardRules.words.sections.map(\.list)) == Set(WordList.allCases))
    #expect(standardRules.words.sections.allSatisfy { !$0.examples.isEmpty && !$0.phrases.isEmpty })
    #expect(standardRules.words.problems() == [])
  }

  @Test func `no phrase stands twice in a shipped list`() {
    for section in standardRules.words.sections {
      #expect(Set(section.phrases).count == section.phrases.count, "\(section.list)")
    }
  }

  @Test func `words of an operator's own make an automatic reply of what nobody else knows`() throws {
    #expect(kind(Self.absence) == .other)
    let own = try rules("[words auto-reply-subjects]\n- kontoris mani nesastap\n")
    let report = ReportClassifier(rules: own).classify(bytes(Self.absence))
    #expect(report.kind == .autoReply)
    #expect(report.why == "subject of an automatic reply: 'kontoris mani nesastap'")
  }

  @Test func `words of an operator's own make a bounce of a notice, and a delay of one that says so`() throws {
    #expect(kind(Self.notice) == .other)
    let bounce = "[words notice-sure-subjects]\n- mezua ez da heldu\n[words notice-texts]\n- ez da existitzen\n"
    #expect(kind(Self.notice, try rules(bounce)) == .bounce)
    #expect(kind(Self.notice, try rules(bounce + "[words delay-texts]\n- hartzailea\n")) == .delay)
    #expect(
      kind(Self.notice, try rules(bounce + "[words delay-texts]\n- hartzailea\n[words final-texts]\n- existitzen\n"))
        == .bounce)
  }

  @Test func `a phrase that an operator leaves out does not count any more`() throws {
    let mail = Self.absence.replacing("Kontoris mani nesastapsiet", with: "Risposta da Anna")
    #expect(kind(mail) == .autoReply)
    #expect(kind(mail, try rules("[words auto-reply-subjects]\nwithout = risposta da\n")) == .other)
  }

  @Test func `an example in which nothing is found and a phrase left out in vain are told`() throws {
    let own = try rules("[words delay-texts]\n- goes on\nwithout = nobody has this\nexample = It stops here\n")
    #expect(
      own.words.problems() == [
        "words delay-texts: nothing of it stands in 'It stops here'",
        "words delay-texts: 'nobody has this' is left out and not in the list",
      ])
  }
}
