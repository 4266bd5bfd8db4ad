import Foundation
import Sandbox
import TestSupport
import Testing

extension Stories {
  /// Providers by MX, over a real name server on loopback.
  @Suite struct Exchangers {
    private static let shaping = """
      providers:
        big:
          domains: [big.com]
          exchangers: [big-mx.net]
          rate: 10/h
      """

    @Test func `two domains with one provider's MX share its limit, and it is said why`() throws {
      let server = try NameServer { question, domain, _ in
        domain.hasPrefix("hosted")
          ? [NameServer.reply(to: question, exchangers: [(10, "in.\(domain)"), (1, "a.big-mx.net")])]
          : [NameServer.reply(to: question, code: 3)]
      }
      let sandbox = Sandbox()
      let workspace = try StoryWorkspace(
        over: sandbox, ["MX_LOOKUP": "true", "MX_RESOLVER": "127.0.0.1:\(server.port)", "IMAP_HOST": ""])
      defer { sandbox.stop() }
      let relay = "relay:127.0.0.1:\(try #require(sandbox.ports).smtpPort)"
      try FileManager.default.createDirectory(atPath: "\(workspace.path)/data", withIntermediateDirectories: true)
      try Self.shaping.write(toFile: "\(workspace.path)/data/shaping.yaml", atomically: false, encoding: .utf8)
      // So that everything is known before the first message may go.
      try workspace.run("do", "pause.add", "--set", "scope=\(relay)", "--reason", "the test", "--yes")
      try workspace.enqueue((0..<6).map { Mail("mx.\($0)", to: "ok.\($0)@hosted\($0 % 2).net") })
      try workspace.enqueue([Mail("mx.6", to: "ok@elsewhere.net")])
      let engine = try workspace.start(["engine"])
      defer { engine.signal(SIGTERM) }
      let standings = {
        try workspace.run("limits", "--domain", "hosted0.net", "--domain", "hosted1.net", "--domain", "elsewhere.net")
          .output
      }
      var last = ""
      let isKnown = TestEnvironment.wait(seconds: 30) {
        last = (try? standings()) ?? ""
        return last.components(separatedBy: "MX a.big-mx.net (1)").count == 3
          && last.contains("DNS knows no such domain")
      }
      #expect(isKnown, "\(last)")
      try workspace.run("do", "pause.lift", "--set", "scope=\(relay)", "--yes")
      #expect(
        workspace.wait {
          try $0.states() == ["sent": 2, "queued": 5]
            && $0.count("message WHERE waits_for = 'destination:big' AND attempt_count = 0") == 5
        }, "\(workspace.summary)")
      let limits = try workspace.run("limits").output
      #expect(limits.contains("destination:big"), "\(limits)")
      #expect(Set(server.questions) == ["hosted0.net", "hosted1.net", "elsewhere.net"])
    }

    @Test func `a name server that is gone holds nothing up`() throws {
      let server = try NameServer { _, _, _ in [] }
      let port = server.port
      server.stop()
      let sandbox = Sandbox()
      let workspace = try StoryWorkspace(
        over: sandbox, ["MX_LOOKUP": "true", "MX_RESOLVER": "127.0.0.1:\(port)", "IMAP_HOST": ""])
      defer { sandbox.stop() }
      try workspace.enqueue((0..<50).map { Mail("gone.\($0)", to: "ok@firm\($0).net") })
      try workspace.run("engine", "--until-idle")
      #expect(try workspace.states() == ["sent": 50])
      try workspace.expectSound()
    }
  }
}
