/// The number of a ticket in front of a subject: such a mail is about what somebody wrote.
enum TicketMark {
  /// - Parameter keys: whether marks such as `[IT-4410]` and `(OPS-12)` count too, besides `[Ticket#123]`.
  static func opens(_ subject: String, keys: Bool) -> Bool {
    var rest = Array(subject.utf8.prefix(maximumLength))[...].trimmed
    while let first = rest.first, let close = brackets[first], let end = rest.firstIndex(of: close) {
      let mark = rest[(rest.startIndex + 1)..<end].trimmed
      if first == 0x5B, isNumbered(mark) { return true }
      if keys, isKey(mark) { return true }
      rest = rest[(end + 1)...].trimmed
    }
    return false
  }

  /// `Ticket#123`, `our.example #123`.
  private static func isNumbered(_ mark: Octets) -> Bool {
    guard let hash = mark.firstIndex(of: 0x23) else { return false }
    return mark[(hash + 1)...].contains(where: Octet.isDigit)
  }

  /// `IT-4410`.
  private static func isKey(_ mark: Octets) -> Bool {
    guard let dash = mark.lastIndex(of: Octet.dash) else { return false }
    let (project, number) = (mark[..<dash], mark[(dash + 1)...])
    return (2...10).contains(project.count) && project.allSatisfy(Octet.isLetter)
      && (1...8).contains(number.count) && number.allSatisfy(Octet.isDigit)
  }

  private static let brackets: [UInt8: UInt8] = [0x5B: 0x5D, 0x28: 0x29]
  private static let maximumLength = 80
}
