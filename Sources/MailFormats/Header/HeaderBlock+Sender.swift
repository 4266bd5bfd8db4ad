extension HeaderBlock {
  /// Whether the mail came with the null envelope sender (RFC 5321 §4.5.5). Final delivery writes it as `<>`, or as the
  /// local daemon: `<MAILER-DAEMON@mx.a.example>`.
  var hasNullSender: Bool {
    guard let path = first("return-path")?.rawValue.trimmed else { return false }
    return path.equals("<>") || path.drop { $0 == Octet.less }.starts(with: "mailer-daemon")
  }
}
