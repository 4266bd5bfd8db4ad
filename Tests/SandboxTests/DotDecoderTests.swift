import Testing

@testable import Sandbox

@Suite struct DotDecoderTests {
  /// Fault 18: only CRLF.CRLF ends a message, however the bytes are cut.
  @Test(arguments: [
    ("a\r\n.\r\n", "a\r\n", true, false),
    (".\r\n", "", true, false),
    ("..a\r\n.\r\n", ".a\r\n", true, false),
    ("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", true, true),
    ("a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", true, true),
    ("a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", true, true),
    ("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", true, true),
    ("a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n", true, true),
    ("a\r\n.", "a\r\n", false, false),
    ("a\n.\n", "a\n.\n", false, true),
  ])
  func onlyStrictDotEnds(wire: String, message: String, ends: Bool, isBare: Bool) {
    for step in [1, 2, 3, 1000] {
      var decoder = DotDecoder(limit: 1000)
      var bytes = Array(wire.utf8)[...]
      var hasEnded = false
      while !bytes.isEmpty, !hasEnded {
        var chunk = bytes.prefix(step)
        bytes = bytes.dropFirst(step)
        hasEnded = decoder.read(from: &chunk)
      }
      #expect(hasEnded == ends)
      #expect(String(decoding: decoder.message, as: UTF8.self) == message)
      #expect(decoder.hasBareLineEnds == isBare)
    }
  }

  @Test func stopsKeepingAtTheLimit() {
    var decoder = DotDecoder(limit: 10)
    var bytes = Array((String(repeating: "x", count: 100) + "\r\n.\r\nQUIT").utf8)[...]
    let hasEnded = decoder.read(from: &bytes)
    #expect(hasEnded)
    #expect(decoder.isTooLong)
    #expect(decoder.message.count <= 10)
    #expect(Array(bytes) == Array("QUIT".utf8))
  }
}
