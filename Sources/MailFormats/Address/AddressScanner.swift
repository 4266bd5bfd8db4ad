/// The state of reading one address list.
struct AddressScanner {
  private let input: Octets
  /// Keeps what is no address too, so that whoever must not lose a recipient can refuse it.
  private let isStrict: Bool
  private var index: Int
  private var phrase: [UInt8] = []
  /// Whether an at sign stands in the phrase.
  private var hasAt = false
  /// Whether something is wrong with the entry that nobody may pass over who must not lose a recipient.
  private var isBroken = false
  private var angle: [UInt8]?
  private var comment: [UInt8] = []
  private var found: [Mailbox] = []

  init(_ input: Octets, isStrict: Bool) {
    self.input = input
    self.isStrict = isStrict
    index = input.startIndex
  }

  mutating func mailboxes() -> [Mailbox] {
    while index < input.endIndex, found.count < AddressList.maximumCount { step() }
    if found.count < AddressList.maximumCount {
      flush()
    } else if isStrict, index < input.endIndex {
      found.append(Mailbox(address: "more than \(AddressList.maximumCount) addresses"))
    }
    return found
  }

  private mutating func step() {
    let byte = input[index]
    switch byte {
    case Octet.quote: readQuoted()
    case 0x28: readComment()
    case Octet.less: readAngle()
    case 0x2C, Octet.semicolon:
      index += 1
      flush()
    case Octet.colon where angle == nil && !hasAt:
      index += 1
      phrase.removeAll()
      hasAt = false
    default:
      let isSpace = Octet.isSpace(byte)
      phrase.append(isSpace ? Octet.space : byte)
      if byte == Octet.at { hasAt = true }
      // A comma is missing, perhaps.
      if angle != nil, !isSpace { isBroken = true }
      index += 1
    }
  }

  /// A quoted string; inside a local part its quotes belong to the address.
  private mutating func readQuoted() {
    var text: [UInt8] = []
    index += 1
    while index < input.endIndex, input[index] != Octet.quote {
      if input[index] == Octet.backslash, index + 1 < input.endIndex { index += 1 }
      text.append(input[index])
      index += 1
    }
    if index < input.endIndex { index += 1 }
    let isLocalPart = index < input.endIndex && input[index] == Octet.at && angle == nil
    phrase.append(contentsOf: isLocalPart ? [Octet.quote] + text + [Octet.quote] : text)
    if text.contains(Octet.at) { hasAt = true }
    if angle != nil { isBroken = true }
  }

  private mutating func readComment() {
    var depth = 0
    while index < input.endIndex {
      let byte = input[index]
      index += 1
      if byte == Octet.backslash, index < input.endIndex {
        comment.append(input[index])
        index += 1
      } else if byte == 0x28 {
        depth = min(depth + 1, AddressList.maximumCommentDepth)
        if depth > 1 { comment.append(byte) }
      } else if byte == 0x29 {
        depth -= 1
        if depth <= 0 { return }
        comment.append(byte)
      } else {
        comment.append(byte)
      }
    }
    // It has swallowed all that follows.
    isBroken = true
  }

  private mutating func readAngle() {
    index += 1
    var text: [UInt8] = []
    var isQuoted = false
    while index < input.endIndex {
      let byte = input[index]
      if !isQuoted, byte == Octet.greater || byte == 0x2C { break }
      if byte == Octet.quote { isQuoted.toggle() }
      if !Octet.isSpace(byte) || isQuoted { text.append(byte) }
      index += 1
    }
    if index < input.endIndex, input[index] == Octet.greater { index += 1 }
    // A second pair of brackets is part of a broken display name; the last address counts.
    if isStrict, let earlier = angle {
      angle = earlier + [Octet.space] + text
    } else if !text.isEmpty || angle == nil {
      angle = text
    }
  }

  private mutating func flush() {
    defer {
      phrase.removeAll(keepingCapacity: true)
      comment.removeAll(keepingCapacity: true)
      (angle, hasAt, isBroken) = (nil, false, false)
    }
    let name = phrase[...].trimmed
    if isStrict, isBroken {
      add(name: [], address: (angle ?? []) + [Octet.space] + name + [Octet.space] + comment[...])
    } else if let angle {
      let route = angle.first == Octet.at ? angle.firstIndex(of: Octet.colon).map { angle[($0 + 1)...] } : nil
      add(name: name.isEmpty ? comment[...] : name, address: route ?? angle[...])
    } else if isStrict {
      add(name: comment[...], address: name)
    } else if let word = name.split(separator: Octet.space).first(where: { $0.contains(Octet.at) }) {
      add(name: comment[...], address: word)
    }
  }

  private mutating func add(name: Octets, address: Octets) {
    guard !address.isEmpty || (isStrict && angle != nil) else { return }
    found.append(Mailbox(displayName: EncodedWord.decode(name.trimmed), address: address.utf8Text))
  }
}
