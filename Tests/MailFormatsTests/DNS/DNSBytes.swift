@testable import MailFormats

/// DNS messages byte by byte.
struct DNSBytes {
  static let question = (try? DNSQuestion(id: 0x1234, domain: "firm.net"))

  var bytes: [UInt8]

  /// A header and the question for `firm.net`, which stands at 12.
  init(
    id: UInt16 = 0x1234, flags: UInt16 = 0x8180, questions: UInt16 = 1, answers: UInt16 = 0, name: String = "firm.net"
  ) {
    bytes = [id, flags, questions, answers, 0, 0].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    bytes += DNSBytes.name(name) + [0, 15, 0, 1]
  }

  static func name(_ text: String) -> [UInt8] {
    text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  /// A record; `owner` is a pointer to the question's name unless given.
  func record(owner: [UInt8] = [0xC0, 12], type: UInt16, seconds: UInt32 = 600, data: [UInt8]) -> DNSBytes {
    var more = self
    more.bytes += owner + [UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
    more.bytes += [24, 16, 8, 0].map { UInt8(seconds >> UInt32($0) & 0xFF) }
    more.bytes += [UInt8(data.count >> 8), UInt8(data.count & 0xFF)] + data
    return more
  }

  func exchanger(_ preference: UInt16, _ host: String, seconds: UInt32 = 600, owner: [UInt8] = [0xC0, 12]) -> DNSBytes {
    record(
      owner: owner, type: 15, seconds: seconds,
      data: [UInt8(preference >> 8), UInt8(preference & 0xFF)] + DNSBytes.name(host))
  }
}
