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
  public init?(_ text: String) {
    var (numbers, index, digits) = ((0, 0, 0), 0, 0)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39 where digits < 3:
        let digit = Int(byte - 0x30)
        switch index {
        case 0: numbers.0 = numbers.0 * 10 + digit
        case 1: numbers.1 = numbers.1 * 10 + digit
        default: numbers.2 = numbers.2 * 10 + digit
        }
        digits += 1
      case 0x2E where digits > 0 && index < 2: (index, digits) = (index + 1, 0)
      default: return nil
      }
    }
    guard index == 2, digits > 0, [2, 4, 5].contains(numbers.0) else { return nil }
    self.init(numbers.0, numbers.1, numbers.2)
  }

  public var description: String { "\(statusClass).\(subject).\(detail)" }
}
