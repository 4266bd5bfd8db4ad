/// Punycode for one label (RFC 3492 §6.3).
enum Punycode {
  private static let base = 36
  private static let minimumThreshold = 1
  private static let maximumThreshold = 26

  /// `xn--` and the encoded label; an all-ASCII label as it is; `nil` when the arithmetic would overflow.
  static func encode(_ label: String) -> String? {
    let points = label.unicodeScalars.map { Int($0.value) }
    guard points.count <= 256 else { return nil }
    var output = points.filter { $0 < 0x80 }.map { UInt8($0) }
    let basicCount = output.count
    guard basicCount < points.count else { return label }
    if basicCount > 0 { output.append(Octet.dash) }
    var code = 128
    var delta = 0
    var bias = 72
    var handled = basicCount
    while handled < points.count {
      guard let next = points.filter({ $0 >= code }).min() else { return nil }
      delta += (next - code) * (handled + 1)
      code = next
      for point in points {
        if point < code { delta += 1 }
        if point == code {
          appendInteger(delta, bias: bias, to: &output)
          bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
          delta = 0
          handled += 1
        }
      }
      delta += 1
      code += 1
    }
    return "xn--" + output.utf8Text
  }

  private static func appendInteger(_ value: Int, bias: Int, to output: inout [UInt8]) {
    var rest = value
    var position = base
    while true {
      let threshold = min(max(position - bias, minimumThreshold), maximumThreshold)
      if rest < threshold { break }
      output.append(digit(threshold + (rest - threshold) % (base - threshold)))
      rest = (rest - threshold) / (base - threshold)
      position += base
    }
    output.append(digit(rest))
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value < 26 ? 97 + value : 22 + value) }

  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / count
    var steps = 0
    while rest > ((base - minimumThreshold) * maximumThreshold) / 2 {
      rest /= base - minimumThreshold
      steps += base
    }
    return steps + (base - minimumThreshold + 1) * rest / (rest + 38)
  }
}
