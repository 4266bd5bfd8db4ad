import Synchronization
import TestSupport
import Testing

@testable import Transport

/// A web hook on a loopback port: what is sent, and what a hostile receiver cannot do.
@Suite struct HTTPPostTests {
  /// Answers once the header is complete.
  private func server(_ answer: String) throws -> LineServer {
    try LineServer(greeting: "") { $0.isEmpty ? answer : "" }
  }

  private func post(_ server: LineServer, timeout: Int = 5) throws(HTTPPost.Failure) -> Int {
    try HTTPPost.send(
      Array(#"{"kind":"test"}"#.utf8), to: "http://127.0.0.1:\(server.port)/hook",
      headers: ["Content-Type: application/json", "Postroom-Notice: 4"], timeout: timeout)
  }

  @Test func `posts the body with its headers and reads the status`() throws {
    let server = try server("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    #expect(try post(server) == 202)
    let lines = server.received
    #expect(lines.first == "POST /hook HTTP/1.1")
    #expect(lines.contains("Content-Type: application/json") && lines.contains("Postroom-Notice: 4"))
    #expect(lines.contains("Content-Length: 15") && !lines.contains { $0.hasPrefix("Expect") })
  }

  @Test func `does not follow a redirect`() throws {
    let inner = try server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let outer = try server(
      "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:\(inner.port)/x\r\nContent-Length: 0\r\n\r\n")
    #expect(try post(outer) == 307)
    #expect(inner.received.isEmpty)
  }

  @Test func `an answer without end is cut and costs bounded memory`() throws {
    let server = try server("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 3_000_000))
    #expect(try post(server, timeout: 20) == 200)
  }

  @Test func `a receiver that says nothing costs at most the timeout`() throws {
    let server = try LineServer(greeting: "") { _ in "" }
    #expect(throws: HTTPPost.Failure.self) { try post(server, timeout: 1) }
  }

  @Test func `nobody there is a failure, not a crash`() throws {
    let server = try server("")
    let port = server.port
    server.stop()
    #expect(throws: HTTPPost.Failure.self) {
      try HTTPPost.send([], to: "http://127.0.0.1:\(port)/", headers: [], connectTimeout: 1, timeout: 1)
    }
  }

  @Test(arguments: [
    "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "127.0.0.1:80", "", "http://127.0.0.1/\r\nX: y",
    "http://192.0.2.1/x", "http://[2001:db8::1]/x",
  ])
  func `refuses other protocols, control characters and plain HTTP beyond loopback`(url: String) {
    #expect(throws: HTTPPost.Failure.self) {
      try HTTPPost.send([], to: url, headers: [], connectTimeout: 1, timeout: 1)
    }
  }

  @Test(arguments: ["ftp://h/T0KEN", "https://h/T0KEN\r\n", "http://192.0.2.1/T0KEN", "https://[T0KEN"])
  func `says nothing of the URL, which may hold a token (fault 38)`(url: String) {
    let failure = #expect(throws: HTTPPost.Failure.self) {
      try HTTPPost.send([], to: url, headers: [], connectTimeout: 1, timeout: 1)
    }
    #expect(failure?.description.contains("T0KEN") == false)
  }

  @Test func `refuses a header with a line end`() throws {
    let server = try server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(throws: HTTPPost.Failure.self) {
      try HTTPPost.send(
        [], to: "http://127.0.0.1:\(server.port)/", headers: ["A: b\r\nC: d"], connectTimeout: 1, timeout: 1)
    }
    #expect(server.received.isEmpty)
  }
}
