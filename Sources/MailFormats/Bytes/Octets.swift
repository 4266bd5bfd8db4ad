import Glibc

/// A run of bytes inside a larger message; slices share the message's storage.
typealias Octets = ArraySlice<UInt8>

/// Bytes that have a meaning in mail formats.
enum Octet {
  static let tab: UInt8 = 9
  static let lf: UInt8 = 10
  static let cr: UInt8 = 13
  static let space: UInt8 = 32
  static let quote: UInt8 = 34
  static let dash: UInt8 = 45
  static let dot: UInt8 = 46
  static let colon: UInt8 = 58
  static let semicolon: UInt8 = 59
  static let less: UInt8 = 60
  static let equals: UInt8 = 61
  static let greater: UInt8 = 62
  static let question: UInt8 = 63
  static let at: UInt8 = 64
  static let backslash: UInt8 = 92

  /// ASCII letters become lower case, everything else stays.
  @inline(__always)
  static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == space || (byte >= 9 && byte <= 13) }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool {
    let small = byte | 0x20
    return small >= 97 && small <= 122
  }

  /// The value of a hexadecimal digit, or `nil`.
  @inline(__always)
  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

extension Collection where Element == UInt8 {
  /// The bytes as text; what is not UTF-8 becomes U+FFFD.
  var utf8Text: String { String(decoding: self, as: UTF8.self) }

  /// The bytes with ASCII letters in lower case.
  var lowercasedBytes: [UInt8] {
    withContiguousStorageIfAvailable { bytes in
      // In one go, which `map` does not: every line of a notice comes through here.
      [UInt8](unsafeUninitializedCapacity: bytes.count) { lower, count in
        count = bytes.count
        for index in bytes.indices { lower[index] = Octet.lower(bytes[index]) }
      }
    } ?? map(Octet.lower)
  }
}

extension ArraySlice where Element == UInt8 {
  /// Without white space at both ends.
  var trimmed: Octets {
    var low = startIndex
    var high = endIndex
    while low < high, Octet.isSpace(self[low]) { low += 1 }
    while high > low, Octet.isSpace(self[high - 1]) { high -= 1 }
    return self[low..<high]
  }

  /// The bytes as text with ASCII letters in lower case; what is not UTF-8 becomes U+FFFD.
  var lowercasedText: String {
    // Without an array on the way: short names fit into a string without any memory of their own.
    withUnsafeBufferPointer { bytes in
      String(unsafeUninitializedCapacity: bytes.count) { text in
        for index in bytes.indices { text[index] = Octet.lower(bytes[index]) }
        return bytes.count
      }
    }
  }

  /// Whether this is `text`, ASCII letters compared without case.
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && starts(with: text)
  }

  /// Whether this starts with `text`, ASCII letters compared without case. `text` must be in lower case.
  func starts(with text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard count >= length else { return false }
    let base = text.utf8Start
    for offset in 0..<length where Octet.lower(self[startIndex + offset]) != base[offset] { return false }
    return true
  }

  /// The position of the next line feed at or after `index`, or the end.
  func lineEnd(from index: Int) -> Int { position(of: Octet.lf, from: index) ?? endIndex }

  /// The position of the next such byte at or after `index`.
  func position(of byte: UInt8, from index: Int) -> Int? {
    guard index >= startIndex, index < endIndex else { return nil }
    return withUnsafeBufferPointer { $0.position(of: byte, from: index - startIndex).map { startIndex + $0 } }
  }

  /// The first position at or after `from` where `needle` stands, compared byte by byte.
  func firstRange(of needle: [UInt8], from: Int? = nil) -> Range<Int>? {
    let start = from ?? startIndex
    guard !needle.isEmpty, start >= startIndex, start <= endIndex, endIndex - start >= needle.count else { return nil }
    return withUnsafeBufferPointer { buffer -> Range<Int>? in
      guard let base = buffer.baseAddress else { return nil }
      var offset = start - startIndex
      let last = buffer.count - needle.count
      while offset <= last, let hit = memchr(base + offset, Int32(needle[0]), last - offset + 1) {
        offset = hit - UnsafeMutableRawPointer(mutating: base)
        if memcmp(hit, needle, needle.count) == 0 {
          return (startIndex + offset)..<(startIndex + offset + needle.count)
        }
        offset += 1
      }
      return nil
    }
  }

  func contains(_ needle: [UInt8]) -> Bool { firstRange(of: needle) != nil }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// The position of the next such byte at or after `index`.
  func position(of byte: UInt8, from index: Int) -> Int? {
    guard let base = baseAddress, let hit = memchr(base + index, Int32(byte), count - index) else { return nil }
    return hit - UnsafeMutableRawPointer(mutating: base)
  }
}

extension Array where Element == UInt8 {
  init(_ text: StaticString) {
    self = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
