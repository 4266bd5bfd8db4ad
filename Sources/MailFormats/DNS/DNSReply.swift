public import MailModel

/// A server's word on a question for MX records (RFC 1035 §4, RFC 2308, RFC 5321 §5.1, RFC 7505).
public enum DNSReply: Sendable, Equatable {
  /// What it says, and for how many seconds.
  case answer(ExchangerAnswer, seconds: UInt32)
  /// There is more than fits into a datagram: to be asked over TCP.
  case truncated
  /// The server cannot or will not say; another may. RFC 1035 §4.1.1.
  case refused(code: Int)

  /// Records that are read of one answer.
  public static let maximumRecords = 250
  /// Exchangers kept of one answer.
  public static let maximumExchangers = 16
  /// Aliases followed one after another.
  static let maximumAliases = 8
  /// For answers without a record that tells.
  static let defaultSeconds: UInt32 = 3_600

  /// - Throws: `DNSError`; `.otherQuestion` for what has to be ignored.
  public static func read(_ bytes: [UInt8], to question: DNSQuestion) throws(DNSError) -> DNSReply {
    var reader = DNSReader(bytes: bytes)
    guard bytes.count >= 12 else { throw .otherQuestion }
    let (id, flags) = (try reader.number(), try reader.number())
    let (questions, answers) = (try reader.number(), try reader.number())
    try reader.skip(4)
    // A response, of a standard query.
    guard id == question.id, flags & 0xF800 == 0x8000, questions == 1 else { throw .otherQuestion }
    guard try reader.name() == question.domain, try reader.number() == DNSQuestion.mailExchangerType,
      try reader.number() == DNSQuestion.internetClass
    else { throw .otherQuestion }
    if flags & 0x0200 != 0 { return .truncated }
    switch flags & 0x000F {
    case 0: break
    case 3: return .answer(.noDomain, seconds: defaultSeconds)
    case let code: return .refused(code: Int(code))
    }
    var records = Records()
    guard answers <= maximumRecords else { throw .tooMany }
    for _ in 0..<answers { try records.read(&reader) }
    return records.reply(to: question.domain)
  }

  /// The records of an answer that matter.
  private struct Records {
    private struct Alias {
      var target: String
      var seconds: UInt32
    }

    private struct Exchanger {
      var exchanger: MailExchanger
      var seconds: UInt32
    }

    private var aliases: [String: Alias] = [:]
    private var exchangers: [String: [Exchanger]] = [:]

    mutating func read(_ reader: inout DNSReader) throws(DNSError) {
      let owner = try reader.name()
      let (type, recordClass) = (try reader.number(), try reader.number())
      // A lifetime with its highest bit set means none (RFC 2181 §8).
      let lifetime = try reader.longNumber()
      let seconds = lifetime > UInt32(Int32.max) ? 0 : lifetime
      let length = Int(try reader.number())
      let end = reader.position + length
      guard end <= reader.bytes.count else { throw .short }
      if let owner, recordClass == DNSQuestion.internetClass {
        switch type {
        case DNSQuestion.aliasType:
          if let target = try reader.name() { aliases[owner] = Alias(target: target, seconds: seconds) }
        case DNSQuestion.mailExchangerType:
          let preference = Int(try reader.number())
          if let host = try reader.name() {
            let exchanger = MailExchanger(preference: preference, host: host)
            exchangers[owner, default: []].append(Exchanger(exchanger: exchanger, seconds: seconds))
          }
        default: break
        }
        guard reader.position <= end else { throw .badName }
      }
      reader.position = end
    }

    func reply(to domain: String) -> DNSReply {
      var (owner, seconds) = (domain, UInt32.max)
      for _ in 0..<DNSReply.maximumAliases {
        guard let alias = aliases[owner] else { break }
        (owner, seconds) = (alias.target, min(seconds, alias.seconds))
      }
      let found = exchangers[owner] ?? []
      guard !found.isEmpty else { return .answer(.implicit, seconds: min(seconds, DNSReply.defaultSeconds)) }
      seconds = found.reduce(seconds) { min($0, $1.seconds) }
      let named = found.map(\.exchanger).filter { !$0.host.isEmpty }
      guard !named.isEmpty else { return .answer(.null, seconds: seconds) }
      let sorted = Set(named).sorted { ($0.preference, $0.host) < ($1.preference, $1.host) }
      return .answer(.exchangers(Array(sorted.prefix(DNSReply.maximumExchangers))), seconds: seconds)
    }
  }
}
