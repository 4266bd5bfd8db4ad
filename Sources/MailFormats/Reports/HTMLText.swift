/// HTML → text, good enough to search in: tags become spaces or line ends, the common entities are decoded.
public enum HTMLText {
  private static let entities: [(name: [UInt8], value: UInt8)] = [
    ([UInt8]("&lt;"), Octet.less), ([UInt8]("&gt;"), Octet.greater), ([UInt8]("&amp;"), UInt8(ascii: "&")),
    ([UInt8]("&quot;"), Octet.quote), ([UInt8]("&nbsp;"), Octet.space), ([UInt8]("&apos;"), 39),
  ]

  /// Bytes in, bytes out; never fails, and never longer than what came in.
  public static func plain(_ html: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(html.count)
    let source = html[...]
    var index = source.startIndex
    while index < source.endIndex {
      let byte = source[index]
      if byte == Octet.less {
        let end = tagEnd(source, from: index)
        let breaks = breaksLine(source[index..<end])
        output.append(breaks ? Octet.lf : Octet.space)
        index = skipHidden(source, tag: source[index..<end], after: end)
        // The line of the source ends with a break as well: one is enough.
        if breaks { index = source.endOfLine(from: index) }
      } else if byte == UInt8(ascii: "&"),
        let entity = entities.first(where: { source[index...].starts(with: $0.name) })
      {
        output.append(entity.value)
        index += entity.name.count
      } else if byte == UInt8(ascii: "&"), let (scalar, end) = numeric(source, from: index) {
        append(scalar, to: &output)
        index = end
      } else {
        output.append(byte)
        index += 1
      }
    }
    return output
  }

  /// `&#8217;` or `&#x2019;`, and where it ends.
  private static func numeric(_ source: Octets, from start: Int) -> (Unicode.Scalar, Int)? {
    let text = source[start...].prefix(maximumNumericLength)
    guard text.starts(with: "&#"), let end = text.firstIndex(of: Octet.semicolon) else { return nil }
    let isHexadecimal = text[start + 2] | 0x20 == UInt8(ascii: "x")
    let digits = text[(start + (isHexadecimal ? 3 : 2))..<end]
    guard let value = UInt32(digits.utf8Text, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(value) else {
      return nil
    }
    return (scalar, end + 1)
  }

  private static let maximumNumericLength = 12

  /// Typographic forms as the plain ones, so that words are found; what takes no room is left out.
  private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
    switch scalar.value {
    case 0xAD, 0x200B...0x200D, 0xFEFF: break
    case 0xA0: output.append(Octet.space)
    case 0x2018, 0x2019: output.append(0x27)
    case 0x0A: output.append(Octet.lf)
    case 0..<0x20, 0x7F: output.append(Octet.space)
    default: output += Array(String(scalar).utf8)
    }
  }

  private static func tagEnd(_ source: Octets, from index: Int) -> Int {
    let end = source.index(of: Octet.greater, from: index, within: 8_192) ?? index
    return min(end + 1, source.endIndex)
  }

  private static func breaksLine(_ tag: Octets) -> Bool {
    let name = tag.dropFirst().drop { $0 == UInt8(ascii: "/") }
    return ["br", "p", "p>", "p ", "div", "tr", "li", "td", "h1", "h2", "h3", "pre", "table"].contains {
      (text: StaticString) in
      name.starts(with: text)
    }
  }

  /// The content of style and script elements is not text.
  private static func skipHidden(_ source: Octets, tag: Octets, after end: Int) -> Int {
    let name = tag.dropFirst()
    for hidden in ["style", "script"] as [StaticString] where name.starts(with: hidden) {
      let close = [UInt8]("</") + [UInt8](hidden)
      // One that is never closed hides the rest, as browsers have it.
      return source.firstRange(of: close, from: end)?.lowerBound ?? source.endIndex
    }
    return end
  }
}

extension ArraySlice where Element == UInt8 {
  /// Past the line end at `index`, where there is one after nothing but blanks.
  fileprivate func endOfLine(from index: Int) -> Int {
    var next = index
    while next < endIndex, Octet.isBlank(self[next]) || self[next] == Octet.cr { next += 1 }
    return next < endIndex && self[next] == Octet.lf ? next + 1 : index
  }
}
