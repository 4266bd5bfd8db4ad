import Foundation
import Glibc

/// Blocking sockets on 127.0.0.1.
enum LoopbackSocket {
  static func listen(port: Int) throws -> Int32 {
    let descriptor = try bound(SOCK_STREAM, port: port)
    guard Glibc.listen(descriptor, 128) == 0 else {
      close(descriptor)
      throw TestServerError("cannot listen on port \(port): errno \(errno)")
    }
    return descriptor
  }

  /// A socket for datagrams.
  static func datagrams(port: Int) throws -> Int32 { try bound(SOCK_DGRAM, port: port) }

  /// A connection to a port of this machine.
  static func connect(port: Int) throws -> Int32 {
    let descriptor = try new(SOCK_STREAM)
    guard withAddress(port: port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw TestServerError("nothing listens on port \(port)")
    }
    return descriptor
  }

  static func port(of descriptor: Int32) throws -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw TestServerError("no port: errno \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// Takes connections on a thread of its own until the listener is shut down or `server` is gone. A server started
  /// meanwhile must not keep a connection open, so children get none.
  static func accept<Server: AnyObject & Sendable>(
    on listener: Int32, for server: Server, _ take: @escaping @Sendable (Server, Int32) -> Void
  ) {
    Thread.detachNewThread { [weak server] in
      while true {
        let peer = Glibc.accept(listener, nil, nil)
        guard peer >= 0, let server else {
          if peer >= 0 { close(peer) }
          return
        }
        _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
        take(server, peer)
      }
    }
  }

  /// - Returns: whether all bytes went out.
  static func write(_ bytes: [UInt8], to peer: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func new(_ type: __socket_type) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestServerError("no socket: errno \(errno)") }
    return descriptor
  }

  private static func bound(_ type: __socket_type, port: Int) throws -> Int32 {
    let descriptor = try new(type)
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard withAddress(port: port, { bind(descriptor, $0, $1) }) == 0 else {
      close(descriptor)
      throw TestServerError("cannot bind port \(port): errno \(errno)")
    }
    return descriptor
  }

  private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
