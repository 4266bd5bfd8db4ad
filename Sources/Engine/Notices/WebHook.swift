import Crypto
import Foundation
import MailModel

/// Posts to a URL. The executable adapts `Transport`, tests adapt others.
public protocol WebHook: Sendable {
  /// One POST; blocking, bounded in time and in what it reads.
  ///
  /// - Returns: the HTTP status, and nothing else of the answer: it may repeat the URL, which may hold a token (fault 38).
  /// - Throws: `WebHookUnreachable` when there was no answer.
  func post(_ body: [UInt8], to url: String, headers: [String]) throws(WebHookUnreachable) -> Int
}

/// There was no answer. Never holds a secret.
public struct WebHookUnreachable: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// Header lines of one POST: which notice, when, and the signature over both and the body.
enum WebHookHeaders {
  /// - Parameter secret: without one there is no signature.
  static func lines(notice: Int64, body: [UInt8], now: Timestamp, secret: Secret) -> [String] {
    var lines = [
      "Content-Type: application/json", "User-Agent: postroom", "Postroom-Notice: \(notice)",
      "Postroom-Timestamp: \(now.seconds)",
    ]
    if !secret.isEmpty {
      lines.append("Postroom-Signature: sha256=\(signature(notice: notice, body: body, now: now, secret: secret))")
    }
    return lines
  }

  /// HMAC-SHA-256 over `NOTICE.TIMESTAMP.BODY`, in hexadecimal: a body cannot be sent again under another number or time.
  static func signature(notice: Int64, body: [UInt8], now: Timestamp, secret: Secret) -> String {
    let signed = Array("\(notice).\(now.seconds).".utf8) + body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Array(secret.reveal().utf8)))
    return Hexadecimal.text(code)
  }
}
