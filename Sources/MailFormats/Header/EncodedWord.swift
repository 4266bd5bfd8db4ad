/// Encoded words in headers, `=?charset?B?…?=` (RFC 2047), read leniently.
public enum EncodedWord {
  /// An encoded word longer than this is left as it stands.
  static let maximumWordLength = 4_096

  /// `value` with its encoded words decoded; bytes outside them are UTF-8 if valid, else Windows-1252.
  public static func decode(_ value: [UInt8]) -> String { decode(value[...]) }

  static func decode(_ value: Octets) -> String {
    guard value.position(of: Octet.question, from: value.startIndex) != nil else { return plain(value) }
    var text = ""
    var pending: (charset: String, bytes: [UInt8])?
    var index = value.startIndex
    var plainStart = index
    while let start = value.firstRange(of: [Octet.equals, Octet.question], from: index)?.lowerBound {
      guard let word = Word(value, at: start) else {
        index = start + 2
        continue
      }
      let gap = value[plainStart..<start]
      // White space between two encoded words is not part of the text (RFC 2047 §6.2).
      if pending == nil || !gap.allSatisfy(Octet.isSpace) {
        flush(&pending, into: &text)
        text += plain(gap)
      }
      if pending?.charset == word.charset {
        pending?.bytes += word.bytes
      } else {
        flush(&pending, into: &text)
        pending = (word.charset, word.bytes)
      }
      index = word.end
      plainStart = index
    }
    flush(&pending, into: &text)
    return text + plain(value[plainStart...])
  }

  private static func plain(_ bytes: Octets) -> String {
    bytes.allSatisfy { $0 < 0x80 && $0 != 0x1B } ? bytes.utf8Text : CharsetDecoder.text(bytes, label: "")
  }

  private static func flush(_ pending: inout (charset: String, bytes: [UInt8])?, into text: inout String) {
    if let word = pending { text += CharsetDecoder.text(word.bytes[...], label: word.charset) }
    pending = nil
  }

  /// One encoded word, its payload decoded to bytes of its charset.
  private struct Word {
    let charset: String
    let bytes: [UInt8]
    let end: Int

    init?(_ value: Octets, at start: Int) {
      guard let afterCharset = value.index(of: Octet.question, from: start + 2, within: 64),
        let afterEncoding = value.index(of: Octet.question, from: afterCharset + 1, within: 2),
        afterEncoding == afterCharset + 2,
        // Looked for no farther than a word is long: a field of nothing but beginnings is read once, not once for each.
        let close = value[..<min(value.endIndex, start + EncodedWord.maximumWordLength)]
          .firstRange(of: [Octet.question, Octet.equals], from: afterEncoding + 1)
      else { return nil }
      // RFC 2231 §5: a language tag may follow the charset after an asterisk.
      charset = value[(start + 2)..<afterCharset].prefix { $0 != 0x2A }.utf8Text
      let payload = value[(afterEncoding + 1)..<close.lowerBound]
      switch Octet.lower(value[afterCharset + 1]) {
      case 0x62: bytes = Base64.decode(payload, limit: EncodedWord.maximumWordLength)
      case 0x71: bytes = QuotedPrintable.decodeWord(payload)
      default: return nil
      }
      end = close.upperBound
    }
  }
}

extension ArraySlice where Element == UInt8 {
  /// The first position of `byte` in the `length` bytes from `from`.
  func index(of byte: UInt8, from: Int, within length: Int) -> Int? {
    guard from >= startIndex, from < endIndex else { return nil }
    return self[from..<Swift.min(endIndex, from + length)].firstIndex(of: byte)
  }
}
