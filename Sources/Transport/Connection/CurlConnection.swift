import CCurl
import Glibc
import MailModel

/// What libcurl needs to set up a connection.
struct ConnectionPlan {
  enum Service {
    /// libcurl says the login, too.
    case smtp
    /// The login is ours to say.
    case imap
  }

  var service: Service
  var endpoint: Endpoint
  var security: MailServer.Security
  var username: String?
  var password: Secret?
  var caFile: String?
  /// What follows the host in the URL: the name for EHLO.
  var path = ""
  var connectTimeout: Span
  var commandTimeout: Span

  /// What is wrong with the plan, before any packet.
  var fault: String? {
    guard endpoint.isWellFormed else { return "\(endpoint) is not a host and port" }
    // The address itself is checked again when connecting.
    if security == .none, !Loopback.contains(endpoint.host) {
      return "a connection without TLS is allowed to loopback only, not to \(endpoint)"
    }
    let texts = [username ?? "", password?.reveal() ?? "", path]
    guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
      return "a control character in the user name, the password or the name for EHLO"
    }
    let name = path.utf8.allSatisfy { byte in
      switch byte {
      case 0x2D, 0x2E, 0x30...0x3A, 0x41...0x5B, 0x5D, 0x61...0x7A: true
      default: false
      }
    }
    return name ? nil : "\(path.debugDescription) is not a host name"
  }

  var url: String { "\(security == .tls ? "\(scheme)s" : scheme)://\(endpoint)/\(path)" }

  /// By `http` libcurl connects and secures, and says nothing.
  var scheme: String {
    switch service {
    case .smtp: "smtp"
    case .imap: security == .startTLS ? "imap" : "http"
    }
  }
}

/// A connection that libcurl opened and secured, and logged in by SMTP (`CURLOPT_CONNECT_ONLY`), and that we then speak
/// on.
///
/// Belongs to one thread. All waits are ours, so that they end at deadlines and when interrupted.
final class CurlConnection {
  /// Bytes that one read gives at most.
  static let readSize = 65_536

  let plan: ConnectionPlan
  let interrupter: Interrupter
  let handle: UnsafeMutableRawPointer
  let multi: UnsafeMutableRawPointer
  let lines: ServerLines
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// The socket, once open.
  var socket: Int32 = -1

  init?(_ plan: ConnectionPlan, interrupter: Interrupter) {
    guard CurlLibrary.isReady, let handle = curl_easy_init() else { return nil }
    guard let multi = curl_multi_init() else {
      curl_easy_cleanup(handle)
      return nil
    }
    self.plan = plan
    self.interrupter = interrupter
    self.lines = ServerLines(startsWithDigit: plan.service == .smtp)
    self.handle = handle
    self.multi = multi
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    // Dead on arrival for libcurl, so that it neither writes nor waits for anything while it cleans up.
    if socket >= 0 { Glibc.shutdown(socket, Int32(SHUT_RDWR)) }
    curl_multi_remove_handle(multi, handle)
    curl_easy_cleanup(handle)
    curl_multi_cleanup(multi)
    errorText.deallocate()
  }

  var isEncrypted: Bool { plan.security != .none }

  /// The subject and the expiry of the server's certificate, when one was verified.
  var certificate: ServerCertificate? {
    var list: UnsafeMutablePointer<curl_certinfo>?
    guard isEncrypted, ccurl_get_certificates(handle, &list) == CURLE_OK, let info = list?.pointee,
      info.num_of_certs > 0, let first = info.certinfo?[0]
    else { return nil }
    var fields: [String: String] = [:]
    var node: UnsafeMutablePointer<curl_slist>? = first
    while let current = node {
      let parts = String(cString: current.pointee.data).split(separator: ":", maxSplits: 1)
      if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
      node = current.pointee.next
    }
    return ServerCertificate(subject: fields["Subject"] ?? "", expires: fields["Expire date"] ?? "")
  }
}

/// The end certificate a server showed.
struct ServerCertificate: Equatable {
  var subject: String
  var expires: String
}

/// libcurl's process-wide state.
enum CurlLibrary {
  static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
