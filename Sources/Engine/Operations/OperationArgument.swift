import Foundation
public import MailModel

extension OperationRequest {
  /// An argument that is one of a few words, however it was typed; empty when it was not given.
  func choice(_ name: String) -> String {
    (arguments[name] ?? "").trimmingCharacters(in: .whitespaces).lowercased()
  }
}

extension Operation {
  /// What the caller must say besides the targets.
  public struct Argument: Sendable {
    public var name: String
    public var help: String
    public var isRequired: Bool
    /// The words that it may be; empty where it may be any text.
    public var choices: [String]
    /// Throws `OperationRefusal` for text that cannot be meant, whatever the store says; `nil` where any can.
    var read: (@Sendable (String, _ now: Timestamp) throws -> Void)?

    public init(
      _ name: String, _ help: String, isRequired: Bool = true, choices: [String] = [],
      read: (@Sendable (String, _ now: Timestamp) throws -> Void)? = nil
    ) {
      self.name = name
      self.help = help
      self.isRequired = isRequired
      self.choices = choices
      self.read = read
    }

    /// What is wrong with a text, as far as the text alone tells; `nil` for nothing. Pure: a prompt asks it.
    public func problem(_ text: String, now: Timestamp) -> String? {
      let word = text.trimmingCharacters(in: .whitespaces)
      if word.isEmpty { return isRequired ? "it cannot be empty" : nil }
      if !choices.isEmpty, !choices.contains(word.lowercased()) {
        return "'\(word)' is none of \(choices.joined(separator: ", "))"
      }
      do { try read?(text, now) } catch { return "\(error)" }
      return nil
    }

    /// - Throws: `OperationRefusal.badTarget` for what is no whole number in the range; `expected` says what belongs there.
    static func number(
      _ text: String, in range: ClosedRange<Int64> = 1...(.max), expected: String
    ) throws(OperationRefusal) -> Int64 {
      let word = text.filter { !$0.isWhitespace }
      guard let number = Int64(word), range.contains(number) else { throw .badTarget(word, expected: expected) }
      return number
    }

    /// Why something is done, in the audit log for ever.
    static let reason = Argument("reason", "Why, in your words; kept in the audit log.")
    static let optionalReason = Argument("reason", "Why, in your words; kept in the audit log.", isRequired: false)
  }
}
