/// Gives exact colours to terminals whose terminfo entry knows 256 only.
///
/// The terminal library is told colour numbers of 16–255 that stand for colours of the theme; in its output the
/// sequences `ESC [ 38 ; 5 ; n m` and `48` are replaced by their RGB form. No cell holds an ESC, so only the library's
/// own sequences can match.
public struct TruecolorRewriter: Sendable {
  private var numbers: [Color: UInt8] = [:]
  private var colors: [UInt8: Color] = [:]
  private var next = 16

  public init() {}

  /// The number that stands for a colour, nil when all are in use.
  public mutating func number(for color: Color) -> UInt8? {
    if let known = numbers[color] { return known }
    guard next <= 255 else { return nil }
    let number = UInt8(next)
    next += 1
    numbers[color] = number
    colors[number] = color
    return number
  }

  public func rewrite(_ output: [UInt8]) -> [UInt8] {
    guard !colors.isEmpty else { return output }
    return output.replacingSequences { sequence(in: output, at: $0) }
  }

  /// `ESC [ 3|4 8 ; 5 ; digits m` at an index.
  private func sequence(in output: [UInt8], at start: Int) -> (end: Int, bytes: [UInt8])? {
    guard start + 8 < output.count, output[start + 1] == UInt8(ascii: "[") else { return nil }
    let plane = output[start + 2]
    guard plane == UInt8(ascii: "3") || plane == UInt8(ascii: "4") else { return nil }
    guard output[start + 3..<start + 7].elementsEqual("8;5;".utf8) else { return nil }
    var index = start + 7
    var number = 0
    while index < output.count, index < start + 10, (0x30...0x39).contains(output[index]) {
      number = number * 10 + Int(output[index] - 0x30)
      index += 1
    }
    guard index < output.count, output[index] == UInt8(ascii: "m"), number <= 255 else { return nil }
    let ground = plane == UInt8(ascii: "3") ? "38" : "48"
    switch colors[UInt8(number)] {
    case .rgb(let red, let green, let blue):
      return (index + 1, Array("\u{1B}[\(ground);2;\(red);\(green);\(blue)m".utf8))
    case .indexed(let index256):
      return (index + 1, Array("\u{1B}[\(ground);5;\(index256)m".utf8))
    default: return nil
    }
  }
}
