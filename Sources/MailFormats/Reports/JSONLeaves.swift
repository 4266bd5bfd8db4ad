/// The texts of a JSON document from outside, each with the names that lead to it. One pass, no recursion, nothing
/// decoded that nobody asks for; what is broken just ends it: a report may be cut, and ``JSONFields`` reads whole
/// documents only.
struct JSONLeaves {
  struct Leaf {
    /// The names in lower case, joined by dots; lists have none: `report.samples.payload`.
    let path: String
    /// Which object it stands in, counted from the front: what belongs together.
    let object: Int
    /// As it stands between the quotes.
    let raw: Octets

    /// Without the escapes that concern addresses, ids and base64: others are left out.
    var text: [UInt8] {
      var result: [UInt8] = []
      result.reserveCapacity(raw.count)
      var index = raw.startIndex
      while index < raw.endIndex {
        if raw[index] == Octet.backslash, index + 1 < raw.endIndex {
          let (bytes, end) = Self.unescaped(raw, at: index + 1)
          result += bytes
          index = end
        } else {
          result.append(raw[index])
          index += 1
        }
      }
      return result
    }

    private static func unescaped(_ raw: Octets, at index: Int) -> ([UInt8], Int) {
      switch raw[index] {
      case UInt8(ascii: "n"): return ([Octet.lf], index + 1)
      case UInt8(ascii: "t"): return ([Octet.tab], index + 1)
      case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): return ([], index + 1)
      case UInt8(ascii: "u"):
        let digits = raw[(index + 1)...].prefix(4)
        let scalar = UInt32(digits.utf8Text, radix: 16).flatMap(Unicode.Scalar.init)
        return (scalar.map { Array(String($0).utf8) } ?? [], digits.endIndex)
      default: return ([raw[index]], index + 1)
      }
    }
  }

  static let maximumDepth = 16
  static let maximumCount = 1_000

  private(set) var leaves: [Leaf] = []
  private var frames: [(isObject: Bool, name: Octets, object: Int)] = []
  private var name: Octets = []
  private var isName = false
  private var objects = 0

  init(_ json: Octets) {
    var index = json.startIndex
    while index < json.endIndex, leaves.count < Self.maximumCount {
      let byte = json[index]
      index += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard frames.count < Self.maximumDepth else { return }
        open(isObject: byte == UInt8(ascii: "{"))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if frames.popLast() == nil || frames.isEmpty { return }
      case UInt8(ascii: ","): isName = frames.last?.isObject == true
      case Octet.quote:
        let end = Self.stringEnd(json, from: index)
        take(json[index..<end])
        index = min(end + 1, json.endIndex)
      default: break
      }
    }
  }

  private mutating func open(isObject: Bool) {
    if isObject { objects += 1 }
    let isInList = frames.last.map { !$0.isObject } ?? true
    frames.append((isObject, isInList ? [] : name, isObject ? objects : frames.last?.object ?? 0))
    isName = isObject
  }

  private mutating func take(_ text: Octets) {
    guard let frame = frames.last else { return }
    if isName {
      name = text
      isName = false
      return
    }
    var names = frames.map(\.name).filter { !$0.isEmpty }
    if frame.isObject { names.append(name) }
    let path = names.map { $0.prefix(Self.maximumNameLength).lowercasedText }.joined(separator: ".")
    leaves.append(Leaf(path: path, object: frame.object, raw: text))
  }

  private static let maximumNameLength = 64

  /// Where the string that begins at `start` ends: its closing quote, or the end of the text.
  private static func stringEnd(_ json: Octets, from start: Int) -> Int {
    var index = start
    while let quote = json.position(of: Octet.quote, from: index) {
      var slashes = 0
      while quote - slashes > start, json[quote - slashes - 1] == Octet.backslash { slashes += 1 }
      if slashes % 2 == 0 { return quote }
      index = quote + 1
    }
    return json.endIndex
  }
}
