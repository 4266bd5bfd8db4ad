import Glibc
import MailModel

/// A socket towards a name server, by its address. Every wait is bounded.
struct DNSSocket: ~Copyable {
  let descriptor: Int32

  /// Connected, so that only the server's own datagrams come in.
  ///
  /// - Returns: `nil` when the address is none, or the system does not let us.
  init?(_ server: Endpoint, type: __socket_type) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(type.rawValue)
    // A name would have to be looked up first.
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(server.host, "\(server.port)", &hints, &found) == 0, let address = found else { return nil }
    defer { freeaddrinfo(found) }
    let flags = Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.pointee.ai_family, flags, 0)
    guard descriptor >= 0 else { return nil }
    guard connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 || errno == EINPROGRESS else {
      Glibc.close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { Glibc.close(descriptor) }

  /// - Returns: whether it became ready before `deadline`, and before anybody cancelled.
  func wait(for events: Int32, until deadline: Timestamp, isCancelled: () -> Bool) -> Bool {
    while !isCancelled() {
      let left = (deadline - Monotonic.now).microseconds / 1_000
      guard left > 0 else { return false }
      var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      if Glibc.poll(&poll, 1, Int32(min(left, 100))) > 0 { return true }
    }
    return false
  }

  func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      == bytes.count
  }

  /// One read of at most `limit` bytes: a datagram, or what has come so far.
  ///
  /// - Returns: `nil` when nothing is there or the server is gone; empty at the end of a stream.
  func receive(limit: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &buffer, limit, 0)
    return count >= 0 ? Array(buffer[..<count]) : nil
  }
}
