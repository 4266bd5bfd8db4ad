/// An enhanced status code, `class.subject.detail` (RFC 3463 §2), such as `5.1.1`.
public struct EnhancedStatus: Hashable, Sendable, CustomStringConvertible {
  /// 2 success, 4 persistent transient failure, 5 permanent failure.
  public var statusClass: Int
  public var subject: Int
  public var detail: Int

  public init(_ statusClass: Int, _ subject: Int, _ detail: Int) {
    self.statusClass = statusClass
    self.subject = subject
    self.detail = detail
  }

  /// Reads exactly one code, nothing around it. `nil` for anything else than `[245].D{1,3}.D{1,3}`.
  public init?(_ text: some StringProtocol) {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 3,
      fields.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let statusClass = Int(fields[0]), let subject = Int(fields[1]), let detail = Int(fields[2]),
      [2, 4, 5].contains(statusClass)
    else { return nil }
    self.init(statusClass, subject, detail)
  }

  public var description: String { "\(statusClass).\(subject).\(detail)" }
}
