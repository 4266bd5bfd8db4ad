import MailFormats
import Testing

/// What makes two texts the same event.
@Suite struct SESEventTests {
  private func event(_ recipients: [String], at moment: String = "2026-11-20T10:00:01Z") throws -> SESEvent {
    let listed = recipients.map { #"{"emailAddress":"\#($0)"}"# }.joined(separator: ",")
    return try SESEvent(
      parsing: bytes(
        #"{"eventType":"Complaint","complaint":{"timestamp":"\#(moment)","complainedRecipients":[\#(listed)]},"#
          + #""mail":{"messageId":"0100018c-1","source":"b@ours.example"}}"#))
  }

  @Test func `an event is the same whatever the order of its recipients, and in whichever envelope it comes`() throws {
    let one = try event(["a@there.example", "b@there.example"])
    #expect(try one.identity == event(["b@there.example", "a@there.example"]).identity)
    #expect(try one.identity != event(["a@there.example"]).identity)
    #expect(try one.identity != event(["a@there.example", "b@there.example"], at: "2026-11-20T10:00:02Z").identity)
    let inner =
      #"{\"eventType\":\"Send\",\"mail\":{\"messageId\":\"0100018c-1\",\"destination\":[\"A@there.example\"]}}"#
    let bare = try SESEvent(parsing: bytes(inner.replacing("\\\"", with: "\"")))
    let wrapped = try SESEvent(parsing: bytes(#"{"Type":"Notification","Message":"\#(inner)"}"#))
    #expect(bare == wrapped && bare.recipients == ["a@there.example"])
  }

  @Test(arguments: [
    ("[]", SESEvent.Failure.notJSON), ("{}", .missing("eventType")), (#"{"eventType":"Send"}"#, .missing("mail")),
    (#"{"eventType":"Send","mail":{}}"#, .missing("mail.messageId")), (#"{"eventType":"Odd"}"#, .notAnEvent("Odd")),
    (#"{"Type":"SubscriptionConfirmation","Message":"x"}"#, .notAnEvent("SNS SubscriptionConfirmation")),
  ])
  func `what is no event says why`(text: String, failure: SESEvent.Failure) {
    #expect(throws: failure) { try SESEvent(parsing: bytes(text)) }
  }
}
