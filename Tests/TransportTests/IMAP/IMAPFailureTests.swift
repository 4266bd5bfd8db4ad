import Testing
import Transport

/// Every failure says what happened, where, and what to do; a server's full stop is not doubled.
@Suite struct IMAPFailureTests {
  @Test(
    arguments: [
      (
        .connection(.login), "NO Authentication failed.",
        "mailbox server mail.example:993: the login failed: NO Authentication failed. Check IMAP_USERNAME and IMAP_PASSWORD (of a further mailbox the same with REPORT_MAILBOX_ and its number)."
      ),
      (
        .connection(.timeout), "no greeting",
        "mailbox server mail.example:993: timed out: no greeting. Check IMAP_HOST, IMAP_PORT and IMAP_USE_SSL (of a further mailbox the same with REPORT_MAILBOX_ and its number), and that the server runs."
      ),
      (
        .refused(command: "SELECT \"Reports\""), "NO Mailbox doesn't exist",
        "mailbox server mail.example:993: refused SELECT \"Reports\": NO Mailbox doesn't exist. Check IMAP_MAILBOX (of a further mailbox the same with REPORT_MAILBOX_ and its number), and the rights on it."
      ),
      (
        .closed, "BYE maintenance",
        "mailbox server mail.example:993: closed the connection: BYE maintenance. The next scan starts where this one was committed."
      ),
    ] as [(IMAPFailure.Kind, String, String)])
  func words(_ kind: IMAPFailure.Kind, _ detail: String, _ told: String) {
    let failure = IMAPFailure(kind: kind, endpoint: Endpoint(host: "mail.example", port: 993), detail: detail)
    #expect(failure.description == told)
  }

  @Test func `what is wrong with TLS names the key of the authorities and that nothing was given away`() {
    let failure = IMAPFailure(
      kind: .connection(.tls), endpoint: Endpoint(host: "mail.example", port: 143), detail: "wrong version number")
    #expect(failure.description.contains("EMAIL_CA_FILE") && failure.description.contains("IMAP_USE_SSL"))
    #expect(failure.description.hasSuffix("nothing secret was sent."))
  }
}
