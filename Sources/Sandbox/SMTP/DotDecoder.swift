/// Reads the body of DATA up to CRLF.CRLF and nothing else, undoing dot-stuffing (RFC 5321 §4.5.2).
///
/// A bare CR or LF is never a line end, so no sloppy variant of the final dot ends the message (fault 18).
struct DotDecoder {
  private enum Place { case lineStart, text, carriageReturn, dot, dotCarriageReturn }

  private let limit: Int
  private var place = Place.lineStart
  private(set) var message: [UInt8] = []
  private(set) var isTooLong = false
  private(set) var hasBareLineEnds = false

  /// - Parameter limit: bytes kept; the rest is read and dropped.
  init(limit: Int) { self.limit = limit }

  /// Consumes `bytes` up to the end of the message. Returns whether the final dot was read.
  mutating func read(from bytes: inout ArraySlice<UInt8>) -> Bool {
    while let byte = bytes.first {
      if place == .text {
        let run = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
        if !run.isEmpty {
          keep(run)
          bytes = bytes.dropFirst(run.count)
          continue
        }
      }
      bytes = bytes.dropFirst()
      if step(byte) { return true }
    }
    return false
  }

  private mutating func step(_ byte: UInt8) -> Bool {
    switch (place, byte) {
    case (.dotCarriageReturn, 0x0A):
      return true
    case (.carriageReturn, 0x0A):
      keep([0x0D, 0x0A])
      place = .lineStart
    case (.lineStart, UInt8(ascii: ".")):
      place = .dot
    case (.dot, 0x0D):
      place = .dotCarriageReturn
    case (.carriageReturn, _), (.dotCarriageReturn, _):
      hasBareLineEnds = true
      keep([0x0D])
      place = .text
      return step(byte)
    case (_, 0x0D):
      place = .carriageReturn
    case (_, 0x0A):
      hasBareLineEnds = true
      keep([byte])
      place = .text
    default:
      keep([byte])
      place = .text
    }
    return false
  }

  private mutating func keep(_ bytes: some Collection<UInt8>) {
    guard message.count + bytes.count <= limit else {
      isTooLong = true
      return
    }
    message += bytes
  }
}
