public import MailModel

/// One inbox in the runbooks' one-line form: `email|password|smtphost|smtpport|displayname|imaphost|imapport`, or its
/// first five fields for an inbox that nobody reads replies of.
///
/// The form has no way to write a `|` inside a field. An error never repeats what a field holds: it could be the password.
public struct InboxLine: Sendable, Equatable {
  /// Lower case.
  public var address: String
  /// Empty when the line leaves it out.
  public var password: Secret
  public var displayName: String
  public var smtp: MailServer
  public var imap: MailServer?

  /// No sensible line is longer.
  public static let maximumLength = 4_096
  private static let names = [
    "email", "password", "smtphost", "smtpport", "displayname", "imaphost", "imapport",
  ]

  /// How connections are secured when the port alone has to tell.
  public struct Securities: Sendable {
    public var smtp: MailServer.Security?
    public var imap: MailServer.Security?
    public init(smtp: MailServer.Security? = nil, imap: MailServer.Security? = nil) {
      self.smtp = smtp
      self.imap = imap
    }
  }

  /// - Parameter securities: instead of what the ports say: 465 and 993 are TLS from the first byte, others STARTTLS.
  /// - Throws: `InboxLineError`.
  public init(parsing line: String, securities: Securities = Securities()) throws(InboxLineError) {
    guard line.utf8.count <= InboxLine.maximumLength else { throw .tooLong }
    let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5 || fields.count == 7 else { throw .fieldCount(fields.count) }
    for (name, field) in zip(InboxLine.names, fields) {
      guard !field.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
        throw .control(field: name)
      }
    }
    do { address = try Address(parsing: InboxLine.trimmed(fields[0])).description.lowercased() } catch {
      throw .address(error)
    }
    password = Secret(fields[1])
    displayName = InboxLine.trimmed(fields[4])
    smtp = try InboxLine.server(fields[2], fields[3], "smtp", securities.smtp, tlsPort: 465, username: address)
    imap =
      fields.count == 5
      ? nil : try InboxLine.server(fields[5], fields[6], "imap", securities.imap, tlsPort: 993, username: address)
  }

  private static func server(
    _ host: String, _ port: String, _ name: String, _ security: MailServer.Security?, tlsPort: Int, username: String
  ) throws(InboxLineError) -> MailServer {
    let host = trimmed(host).lowercased()
    guard isHost(host) else { throw .host(field: "\(name)host") }
    let digits = trimmed(port)
    guard digits.utf8.count <= 5, digits.utf8.allSatisfy(Octet.isDigit), let number = Int(digits),
      (1...65_535).contains(number)
    else { throw .port(field: "\(name)port") }
    let secured = security ?? (number == tlsPort ? .tls : .startTLS)
    if secured == .none, !Loopback.contains(host) { throw .unsecured(field: "\(name)host") }
    return MailServer(host: host, port: number, security: secured, username: username)
  }

  /// A name or a literal address, as far as its characters tell; the resolver says the rest.
  private static func isHost(_ host: String) -> Bool {
    guard (1...253).contains(host.utf8.count), host.utf8.first != Octet.dash else { return false }
    return host.utf8.allSatisfy { byte in
      Octet.isDigit(byte) || Octet.isLetter(byte) || [Octet.dot, Octet.dash, Octet.colon, 0x5B, 0x5D].contains(byte)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

/// Why a line is no inbox. Never repeats what a field holds.
public enum InboxLineError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooLong
  case fieldCount(Int)
  case control(field: String)
  case address(AddressError)
  case host(field: String)
  case port(field: String)
  case unsecured(field: String)

  public var description: String {
    switch self {
    case .tooLong: "longer than \(InboxLine.maximumLength) bytes"
    case .fieldCount(let count):
      "\(count) \(count == 1 ? "field" : "fields") instead of 7 (email|password|smtphost|smtpport|displayname|imaphost|imapport) or 5 (without imap)"
        + (count > 5
          ? "; no field can hold a '|': leave such a password empty here and set it with 'postroom inbox password'"
          : "")
    case .control(let field): "\(field): has a control character in it"
    case .address(let error): "email: \(error)"
    case .host(let field): "\(field): not a host name"
    case .port(let field): "\(field): not a port, a whole number from 1 to 65535"
    case .unsecured(let field): "\(field): only loopback may go without TLS"
    }
  }
}
