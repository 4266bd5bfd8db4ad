import CCurl

/// Keeps what a server says while libcurl sets the connection up, within bounds.
final class ServerLines {
  static let maximumBytes = 65_536
  private(set) var bytes: [UInt8] = []
  /// Whether every line must start with a digit, as in SMTP. Else libcurl would wait for a reply until its deadline.
  private let startsWithDigit: Bool

  init(startsWithDigit: Bool) { self.startsWithDigit = startsWithDigit }

  /// What libcurl calls with each line. A short count makes it give up on the server.
  static let callback: ccurl_lines_callback = { pointer, size, count, context in
    guard let pointer, let context else { return 0 }
    let total = size * count
    let lines = Unmanaged<ServerLines>.fromOpaque(context).takeUnretainedValue()
    guard lines.bytes.count + total <= maximumBytes else { return 0 }
    if lines.startsWithDigit, total > 0, !(0x30...0x39).contains(UInt8(bitPattern: pointer.pointee)) { return 0 }
    lines.bytes.append(contentsOf: UnsafeRawBufferPointer(start: pointer, count: total))
    return total
  }

  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}
