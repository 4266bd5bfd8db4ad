import Foundation
import Glibc

/// What tests that start real servers need to know about the machine.
public enum TestEnvironment {
  /// Real Postfix and Dovecot are started only when `POSTROOM_SERVER_TESTS=1`: they need root and the packages.
  public static let hasServers = ProcessInfo.processInfo.environment["POSTROOM_SERVER_TESTS"] == "1"

  /// A TCP port of 127.0.0.1 that was free a moment ago.
  public static func freePort() throws -> Int {
    let descriptor = try LoopbackSocket.listen(port: 0)
    defer { close(descriptor) }
    return try LoopbackSocket.port(of: descriptor)
  }

  /// Waits, polling every 5 ms, until `condition` holds.
  ///
  /// - Returns: whether it held before `seconds` passed.
  public static func wait(seconds: Double = 20, until condition: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while !condition() {
      guard Date() < end else { return false }
      usleep(5_000)
    }
    return true
  }
}

/// Why a test server does not run.
public struct TestServerError: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}

/// Blocking TCP sockets on 127.0.0.1.
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

  private static func bound(_ type: __socket_type, port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestServerError("no socket: errno \(errno)") }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw TestServerError("cannot bind port \(port): errno \(errno)")
    }
    return descriptor
  }

  /// A connection to a port of this machine.
  static func connect(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
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
}
