import MailModel
import Synchronization
import TestSupport
import Testing
import Transport

/// Real datagrams and streams on loopback. Covers faults 19 and 20 for a name server that lies.
@Suite struct DNSResolverTests {
  private static let google = ExchangerAnswer.exchangers([MailExchanger(preference: 1, host: "aspmx.l.google.com")])

  private func resolver(_ servers: NameServer..., timeout: Span = .seconds(30)) -> DNSResolver {
    DNSResolver(servers: servers.map { Endpoint(host: "127.0.0.1", port: $0.port) }, timeout: timeout)
  }

  @Test func `many domains are asked for at once and each gets its own answer`() throws {
    let server = try NameServer { question, domain, _ in
      [NameServer.reply(to: question, exchangers: [(10, "mx.\(domain)")])]
    }
    let domains = (0..<60).map { "d\($0).net" }
    let found = resolver(server).exchangers(of: domains)
    #expect(found.count == 60)
    for domain in domains {
      #expect(found[domain]?.answer == .exchangers([MailExchanger(preference: 10, host: "mx.\(domain)")]))
      #expect(found[domain]?.lifetime == .seconds(600))
    }
  }

  @Test func `an answer under another name in Unicode comes back under the name asked for`() throws {
    let server = try NameServer { question, domain, _ in
      domain == "xn--bcher-kva.net" ? [NameServer.reply(to: question, exchangers: [(1, "aspmx.l.google.com")])] : []
    }
    #expect(resolver(server).exchangers(of: ["b\u{FC}cher.net"])["b\u{FC}cher.net"]?.answer == Self.google)
  }

  @Test func `what does not fit into a datagram is asked for over TCP`() throws {
    let server = try NameServer { question, _, isTCP in
      isTCP
        ? [NameServer.reply(to: question, exchangers: (0..<120).map { (UInt16($0), "mx\($0).firm.net") })]
        : [NameServer.reply(to: question, isTruncated: true)]
    }
    guard case .exchangers(let found)? = resolver(server).exchangers(of: ["firm.net"])["firm.net"]?.answer else {
      Issue.record("no exchangers")
      return
    }
    #expect(found.count == 16)
    #expect(found.first == MailExchanger(preference: 0, host: "mx0.firm.net"))
  }

  @Test func `answers to other questions are not believed`() throws {
    let server = try NameServer { question, _, _ in
      var forged = NameServer.reply(to: question, exchangers: [(1, "evil.net")])
      forged[0] ^= 0xFF
      var otherName = NameServer.reply(to: question, exchangers: [(1, "evil.net")])
      otherName[13] ^= 0x01
      return [forged, otherName, [1], NameServer.reply(to: question, exchangers: [(1, "aspmx.l.google.com")])]
    }
    #expect(resolver(server).exchangers(of: ["firm.net"])["firm.net"]?.answer == Self.google)
  }

  @Test func `a server that refuses, fails or talks nonsense is passed over`() throws {
    let broken = try NameServer { question, domain, _ in
      switch domain {
      case "a.net": [NameServer.reply(to: question, code: 2)]
      case "b.net": [NameServer.reply(to: question, code: 5)]
      default: [Array(NameServer.reply(to: question, exchangers: [(1, "mx.firm.net")]).dropLast(5))]
      }
    }
    let good = try NameServer { question, _, _ in
      [NameServer.reply(to: question, exchangers: [(1, "aspmx.l.google.com")])]
    }
    let found = resolver(broken, good).exchangers(of: ["a.net", "b.net", "c.net"])
    #expect(found.values.allSatisfy { $0.answer == Self.google })
    #expect(found.count == 3)
  }

  @Test func `NXDOMAIN, null MX and no MX are told apart`() throws {
    let server = try NameServer { question, domain, _ in
      switch domain {
      case "gone.net": [NameServer.reply(to: question, code: 3)]
      case "null.net": [NameServer.reply(to: question, exchangers: [(0, "")])]
      default: [NameServer.reply(to: question)]
      }
    }
    let found = resolver(server).exchangers(of: ["gone.net", "null.net", "plain.net", "[192.0.2.1]"])
    #expect(found["gone.net"]?.answer == .noDomain)
    #expect(found["null.net"]?.answer == .null)
    #expect(found["plain.net"]?.answer == .implicit)
    #expect(found["[192.0.2.1]"]?.answer == .failed(reason: "'[192.0.2.1]' cannot be asked for"))
    #expect(server.questions.sorted() == ["gone.net", "null.net", "plain.net"])
  }

  @Test func `silence ends with a failure`() throws {
    let silent = try NameServer { _, _, _ in [] }
    let found = resolver(silent, timeout: .milliseconds(50)).exchangers(of: ["firm.net"])
    #expect(found["firm.net"]?.answer == .failed(reason: "127.0.0.1:\(silent.port) did not answer in time"))
  }

  @Test func `a datagram that is lost is sent once more`() throws {
    let asked = Mutex(0)
    let server = try NameServer { question, _, _ in
      let number = asked.withLock { asked in
        asked += 1
        return asked
      }
      return number == 1 ? [] : [NameServer.reply(to: question, exchangers: [(1, "aspmx.l.google.com")])]
    }
    let found = resolver(server, timeout: .seconds(4)).exchangers(of: ["firm.net"])
    #expect(found["firm.net"]?.answer == Self.google)
  }

  @Test func `a port where nothing listens fails at once`() throws {
    let gone = try NameServer { _, _, _ in [] }
    let port = gone.port
    gone.stop()
    let found = DNSResolver(servers: [Endpoint(host: "127.0.0.1", port: port)], timeout: .milliseconds(500))
      .exchangers(of: ["firm.net"])
    guard case .failed? = found["firm.net"]?.answer else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func `a server named by a name is not looked up`() {
    let found = DNSResolver(servers: [Endpoint(host: "localhost", port: 53)], timeout: .seconds(5))
      .exchangers(of: ["firm.net"])
    #expect(found["firm.net"]?.answer == .failed(reason: "localhost:53 cannot be asked"))
  }

  @Test func `cancelling ends the wait and says nothing of what was not answered`() throws {
    let silent = try NameServer { _, _, _ in [] }
    let found = resolver(silent, timeout: .seconds(60)).exchangers(of: ["firm.net"], isCancelled: { true })
    #expect(found.isEmpty)
  }
}
