/// Which runs of three bytes occur in a text: rules out most phrases before they are searched for. Some runs count as one.
struct Trigrams {
  /// How many are told apart.
  static let count = 1 << 13

  private var bits: [UInt64]

  init(_ text: ArraySlice<UInt8>) {
    bits = [UInt64](unsafeUninitializedCapacity: Self.count / 64) { bits, count in
      bits.initialize(repeating: 0)
      count = bits.count
      var run: UInt32 = 0
      for byte in text {
        run = run << 8 | UInt32(byte)
        let index = Self.index(of: run)
        bits[index >> 6] |= 1 << UInt64(index & 63)
      }
    }
  }

  init(indices: [Int]) {
    bits = [UInt64](repeating: 0, count: Self.count / 64)
    for index in indices { bits[index >> 6] |= 1 << UInt64(index & 63) }
  }

  /// Every trigram that both have, once.
  func visit(sharedWith other: Trigrams, _ body: (Int) -> Void) {
    for place in bits.indices {
      var left = bits[place] & other.bits[place]
      while left != 0 {
        body(place << 6 | left.trailingZeroBitCount)
        left &= left - 1
      }
    }
  }

  func contains(_ index: Int) -> Bool { bits[index >> 6] & (1 << UInt64(index & 63)) != 0 }

  /// Of the three bytes from a place on.
  static func index(of bytes: [UInt8], at place: Int) -> Int {
    index(of: UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]))
  }

  /// The last three bytes of a run, spread evenly: the factor is odd, and near the golden ratio of its range.
  private static func index(of run: UInt32) -> Int { Int(((run << 8) &* 0x9E37_79B1) >> 19) }
}
