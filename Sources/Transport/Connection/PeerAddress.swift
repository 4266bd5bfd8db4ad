import Glibc

/// The address at the other end of a socket, for the record of an attempt.
enum PeerAddress {
  /// `192.0.2.1` or `2001:db8::1`; empty when the system does not tell.
  static func text(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let isFound = withUnsafeMutableBytes(of: &storage) { bytes -> Bool in
      guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
      guard getpeername(socket, address, &length) == 0 else { return false }
      return getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
    }
    guard isFound else { return "" }
    return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
