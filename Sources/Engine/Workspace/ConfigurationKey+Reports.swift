extension ConfigurationKey {
  /// Further report mailboxes, by number.
  static let moreMailboxes: [ConfigurationKey] = Configuration.moreMailboxes.flatMap { number -> [ConfigurationKey] in
    let prefix = "REPORT_MAILBOX_\(number)_"
    let group = "More report mailboxes"
    return [
      .init(prefix + "HOST", .host, fallback: "", group: group, "The host of report mailbox \(number). Empty: none."),
      .init(prefix + "PORT", .integer(1...65535), fallback: "993", group: group, "Usually 993."),
      .init(prefix + "USERNAME", .text, fallback: "", group: group, "Its login."),
      .init(prefix + "PASSWORD", .secret, fallback: "", group: group, "Its password."),
      .init(prefix + "FOLDER", .text, fallback: "INBOX", group: group, "The folder to scan."),
      .init(
        prefix + "USE_SSL", .choice(["true", "starttls", "false"]), fallback: "true", group: group,
        "TLS from the first byte, STARTTLS, or none (only towards loopback)."),
    ]
  }

  /// What follows from reports.
  static let reports: [ConfigurationKey] = [
    .init(
      "SOFT_BOUNCES_TO_SUPPRESS", .integer(1...1_000), fallback: "3", group: "Policy",
      "Messages to a recipient that bounced softly in the window and suppress it."),
    .init(
      "SOFT_BOUNCE_RETRY_HOURS", .integer(0...8_760), fallback: "24", group: "Policy",
      "Hours after a soft bounce that may pass, such as a full mailbox, until the message is tried again; 0 for never."),
    .init(
      "SOFT_BOUNCE_WINDOW_DAYS", .integer(1...3650), fallback: "14", group: "Policy", "That window in days."),
    .init(
      "SOFT_BOUNCE_SUPPRESSION_DAYS", .integer(0...3650), fallback: "30", group: "Policy",
      "How long that suppression lasts, in days; 0 for ever."),
    .init(
      "COMPLAINT_SUPPRESSES_FOR", .choice(["sender", "everyone"]), fallback: "sender", group: "Policy",
      "Whose mail a complaint keeps from the recipient: that of the account, or everyone's."),
    .init(
      "RESTRICTIONS_PER_HOUR", .integer(0...10_000), fallback: "10", group: "Policy",
      "Accounts that complaints may restrict within an hour; beyond it they are flagged, and an alert says so."),
  ]
}
