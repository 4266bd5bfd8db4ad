public import MailModel
public import Storage

/// One line that can be kept elsewhere: how many audit events there were, the last one's hash, and when.
///
/// `postroom-audit 412 9f2c… 2026-11-21T08:00:00.000000Z`. Whoever later cuts the log off or writes it anew, with
/// every hash right, cannot also change the line on somebody else's desk (fault 40).
public struct AuditWitness: Sendable, Equatable, CustomStringConvertible {
  public var count: Int64
  public var hash: String
  /// When it was taken, RFC 3339; empty in the short form `COUNT:HASH`.
  public var takenAt: String

  private static let word = "postroom-audit"

  public init(count: Int64, hash: String, takenAt: String) {
    self.count = count
    self.hash = hash
    self.takenAt = takenAt
  }

  /// Reads a line as it was printed, or `COUNT:HASH`. `nil` for anything else.
  public init?(_ line: String) {
    let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
    let parts = words.count == 1 ? words[0].split(separator: ":").map(String.init) : Array(words.dropFirst())
    let isWhole = words.count == 4 && words[0] == AuditWitness.word
    guard isWhole || (words.count == 1 && parts.count == 2), let count = Int64(parts[0]), count >= 0,
      parts[1].utf8.count == 64, parts[1].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.init(count: count, hash: parts[1], takenAt: parts.count > 2 ? parts[2] : "")
  }

  public var description: String { "\(AuditWitness.word) \(count) \(hash) \(takenAt)" }

  /// Every witness of a file, with the number of its line; other lines are what they are.
  public static func all(in text: String) -> [(line: Int, witness: AuditWitness)] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap { index, line in
      AuditWitness(String(line)).map { (index + 1, $0) }
    }
  }

  /// The witness of the log as it is now, when the log is sound.
  ///
  /// - Throws: `AuditBroken`, `StoreError`.
  public static func take(_ transaction: Transaction, now: Timestamp) throws -> AuditWitness {
    switch try transaction.audit.verify() {
    case .sound(let count, let hash):
      return AuditWitness(count: Int64(count), hash: hash, takenAt: Clockface.utc(now))
    case .broken(_, let why): throw AuditBroken(description: why)
    }
  }

  /// What is wrong with the log in the light of this witness; `nil` when it bears it out.
  ///
  /// - Throws: `StoreError`.
  public func contradiction(_ transaction: Transaction) throws -> String? {
    if count == 0 { return nil }
    guard let row = try transaction.audit.get(count) else {
      return "the log ends before row \(count), which the witness saw: rows were cut off"
    }
    return row.hash == hash ? nil : "row \(count) is not the one that the witness saw: the log was written anew"
  }
}

/// The chain does not hold.
public struct AuditBroken: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String
}
