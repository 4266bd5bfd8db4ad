extension SandboxBehaviour {
  /// One line of the table in `docs/sandbox.md`.
  public struct Row: Sendable {
    /// A recipient that behaves so.
    public let example: String
    public let behaviour: SandboxBehaviour
    /// What the SMTP dialogue shows.
    public let dialogue: String
    /// What happens afterwards.
    public let afterwards: String
    /// What Postroom must make of it.
    public let outcome: String

    init(_ example: String, _ dialogue: String, _ afterwards: String, _ outcome: String) {
      self.example = example
      behaviour = SandboxBehaviour(recipient: example)
      self.dialogue = dialogue
      self.afterwards = afterwards
      self.outcome = outcome
    }
  }

  /// Every behaviour with an address that asks for it: the source of the table in the guide.
  public static let table: [Row] = [
    Row("ok@demo.invalid", "250 to the final dot", "nothing; so for every address not named below", "`sent`"),
    Row(
      "bounce-5.1.1@demo.invalid", "250 to the final dot", "a DSN, Action: failed, with that status",
      "`sent`, then bounced; suppressed if hard"),
    Row("reject-5.1.1@demo.invalid", "550 with that status to RCPT", "nothing", "`failed`"),
    Row(
      "defer-4.2.2@demo.invalid", "452 (4.2.2, 4.3.1, 4.5.3) or 451 with that status to RCPT, always", "nothing",
      "`queued` again, until it expires"),
    Row(
      "defer-once@demo.invalid", "451 4.3.0 to the first RCPT for this address, then 250", "nothing",
      "`sent` at the second attempt"),
    Row(
      "greylist@demo.invalid", "451 4.7.1 to RCPT for two seconds after the first, then 250", "nothing",
      "`sent` at a later attempt"),
    Row("delay@demo.invalid", "250 to the final dot", "a DSN, Action: delayed", "`sent`; a delay is not a bounce"),
    Row(
      "complain@demo.invalid", "250 to the final dot", "a feedback report (ARF), Feedback-Type: abuse",
      "`sent`, then a complaint against the account"),
    Row(
      "autoreply@demo.invalid", "250 to the final dot", "a vacation notice (RFC 3834)", "`sent`; filed as auto-reply"),
    Row("reply@demo.invalid", "250 to the final dot", "a person's answer with In-Reply-To", "`sent`; filed as reply"),
    Row("dot-5.7.1@demo.invalid", "554 with that status to the final dot", "nothing", "`failed`"),
    Row("dot-4.3.0@demo.invalid", "451 with that status to the final dot", "nothing", "`queued` again"),
    Row("stall-after-dot@demo.invalid", "takes the message at the dot, never replies", "nothing", "`uncertain`"),
    Row(
      "drop-in-data@demo.invalid", "closes after 354, within the body", "nothing",
      "`queued` again; `uncertain` when the dot was on its way before the end was seen, as with short messages"),
    Row(
      "drop-after-dot@demo.invalid", "takes the message at the dot, closes without a reply", "nothing", "`uncertain`"),
    Row("slow@demo.invalid", "250 to the final dot, two seconds late and byte by byte", "nothing", "`sent`"),
    Row("garbage@demo.invalid", "bytes that are no reply to RCPT", "nothing", "`queued` again"),
    Row(
      "garbage-after-dot@demo.invalid", "takes the message; bytes that are no reply to the dot", "nothing",
      "`uncertain`"),
    Row("endless@demo.invalid", "`250-` lines to RCPT without end", "nothing", "`queued` again"),
    Row("busy-421@demo.invalid", "421 4.3.2 to RCPT, then closes", "nothing", "`queued` again, the relay pauses"),
    Row(
      "hostile@demo.invalid", "550 5.7.1 to RCPT, its text full of control characters", "nothing",
      "`failed`, the text made visible"),
  ]

  /// The table as Markdown.
  public static var markdownTable: String {
    let head = "| recipient | dialogue | afterwards | what becomes of the message |\n|---|---|---|---|\n"
    return head
      + table.map { "| `\($0.example)` | \($0.dialogue) | \($0.afterwards) | \($0.outcome) |\n" }.joined()
  }
}
