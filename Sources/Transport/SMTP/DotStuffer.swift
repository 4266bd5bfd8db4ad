import Glibc

/// Turns a body into what goes between DATA and the final dot (RFC 5321 §4.5.2), a piece at a time.
///
/// Every line ends in CRLF and every dot at the start of a line is doubled. A bare CR or LF becomes CRLF: no receiver,
/// strict or sloppy, can then find an end of the message that we did not write (CVE-2023-51764/5/6).
struct DotStuffer {
  private var position = 0
  private var isAtLineStart = true
  private var hasEnded = false

  /// Fills `output` with the next bytes.
  ///
  /// - Parameter output: at least 8 bytes.
  /// - Returns: how many bytes were written; 0 when the body is at its end.
  mutating func fill(_ output: UnsafeMutableRawBufferPointer, from body: UnsafeRawBufferPointer) -> Int {
    var written = 0
    while position < body.count, written + 3 <= output.count {
      if isAtLineStart {
        isAtLineStart = false
        if body[position] == 0x2E {
          output[written] = 0x2E
          written += 1
        }
      }
      let run = lengthOfRun(in: body, atMost: output.count - written - 2)
      if run > 0 {
        let bytes = UnsafeRawBufferPointer(rebasing: body[position..<(position + run)])
        UnsafeMutableRawBufferPointer(rebasing: output[written...]).copyMemory(from: bytes)
        position += run
        written += run
      }
      guard position < body.count, body[position] == 0x0D || body[position] == 0x0A else { continue }
      position += body[position] == 0x0D && position + 1 < body.count && body[position + 1] == 0x0A ? 2 : 1
      written += Self.endLine(output, at: written)
      isAtLineStart = true
    }
    if position == body.count, !hasEnded, written + 2 <= output.count {
      hasEnded = true
      if !isAtLineStart { written += Self.endLine(output, at: written) }
    }
    return written
  }

  /// Bytes up to the next CR or LF, none of which needs care.
  private func lengthOfRun(in body: UnsafeRawBufferPointer, atMost limit: Int) -> Int {
    let count = min(limit, body.count - position)
    guard count > 0, let start = body.baseAddress?.advanced(by: position) else { return 0 }
    let upToCR = memchr(start, 0x0D, count).map { UnsafeRawPointer($0) - start } ?? count
    return memchr(start, 0x0A, upToCR).map { UnsafeRawPointer($0) - start } ?? upToCR
  }

  private static func endLine(_ output: UnsafeMutableRawBufferPointer, at index: Int) -> Int {
    output[index] = 0x0D
    output[index + 1] = 0x0A
    return 2
  }
}
