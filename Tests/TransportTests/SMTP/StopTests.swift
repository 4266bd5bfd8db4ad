import Foundation
import MailModel
import TestSupport
import Testing
import Transport

/// Stopping: before the final dot nothing is sent, after it nothing is cut.
@Suite struct StopTests {
  static let largeBody = Array(String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 6_000).utf8)

  @Test func closedGateSendsNothing() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    #expect(connection.deliver(gate: ScriptedGate(closesAt: 1)).summary == "withdrawn")
    #expect(connection.isReusable())
    #expect(!server.record.transcript.contains("MAIL"))
    #expect(connection.deliver().summary == "accepted 250")
  }

  @Test("a stop at any question to the gate leaves no dot", arguments: [true, false], [true, false])
  func stopAtEveryQuestion(pipelining: Bool, isArmedAhead: Bool) throws {
    let server = try SMTPMischiefServer(.at(.quit, .normal, pipelining: pipelining))
    defer { server.stop() }
    var question = 1
    var outcome = "withdrawn"
    while outcome == "withdrawn", question < 400 {
      let connection = try server.connect()
      let before = server.record.messages.count
      outcome =
        connection.deliver(Self.largeBody, gate: ScriptedGate(closesAt: question, isArmedAhead: isArmedAhead))
        .summary
      connection.abort()
      #expect(server.wait { $0.ended == question })
      if outcome == "withdrawn" { #expect(server.record.messages.count == before) }
      question += 1
    }
    // At least one question per piece of the body, one before MAIL and one before the dot.
    #expect(question > 12)
    #expect(outcome == "accepted 250")
    #expect(server.record.messages.count == 1)
  }

  @Test func deniedArmLeavesNoDot() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let connection = try server.connect()
    let gate = ScriptedGate(arm: false)
    #expect(connection.deliver(gate: gate).summary == "withdrawn")
    #expect(gate.armsAwaited == 1)
    #expect(!connection.isReusable())
    #expect(server.wait { $0.ended == 1 })
    #expect(server.record.messages.isEmpty)
    #expect(server.record.transcript.contains("Hello"))
  }

  @Test func stopWhileTheArmIsAwaitedLeavesNoDot() throws {
    let server = try SMTPMischiefServer()
    defer { server.stop() }
    let interrupter = Interrupter()
    let connection = try server.connect(interrupter: interrupter)
    let outcome = connection.deliver(gate: ScriptedGate(atArm: { interrupter.interrupt() }))
    #expect(outcome.summary == "withdrawn")
    #expect(server.wait { $0.ended == 1 })
    #expect(server.record.messages.isEmpty)
  }

  @Test func relayThatHangsUpWhileTheArmIsAwaitedLeavesNoDoubt() throws {
    let server = try SMTPMischiefServer()
    let connection = try server.connect()
    let gate = ScriptedGate(atArm: {
      server.stop()
      _ = server.wait { $0.ended == 1 }
    })
    #expect(connection.deliver(gate: gate).summary == "interrupted body")
  }

  @Test("a wait before the dot ends at once", arguments: [MischiefStep.mail, .rcpt, .data, .body])
  func interruptEndsWaits(step: MischiefStep) throws {
    var mischief = Mischief.at(step, .stall, pipelining: false)
    mischief.capabilities.removeAll { $0.hasPrefix("SIZE") }
    let server = try SMTPMischiefServer(mischief)
    defer { server.stop() }
    let interrupter = Interrupter()
    let connection = try server.connect(commandTimeout: .seconds(60), interrupter: interrupter)
    // More than the socket buffers hold, so that a server that reads no more blocks the body.
    let body = step == .body ? [UInt8](repeating: 0x78, count: 40_000_000) : smallBody
    let verb = step.rawValue.uppercased()
    Thread.detachNewThread {
      _ = server.wait { step == .body ? $0.bytes.count > 10_000 : $0.transcript.contains(verb) }
      interrupter.interrupt()
    }
    let start = Date()
    let outcome = connection.deliver(body, gate: ScriptedGate()).summary
    #expect(outcome == "withdrawn")
    #expect(Date().timeIntervalSince(start) < 30)
    #expect(!connection.isReusable())
    #expect(server.record.messages.isEmpty)
  }

  @Test func closingGateEndsWaitsWithoutAnInterrupter() throws {
    let server = try SMTPMischiefServer(.at(.mail, .stall))
    defer { server.stop() }
    let connection = try server.connect(commandTimeout: .seconds(60))
    let gate = SwitchGate()
    Thread.detachNewThread {
      _ = server.wait { $0.transcript.contains("MAIL") }
      gate.close()
    }
    #expect(connection.deliver(gate: gate).summary == "withdrawn")
  }

  @Test func interruptLeavesTheWaitForTheDotsReplyAlone() throws {
    let server = try SMTPMischiefServer(.at(.dot, .slow("250 2.0.0 queued", milliseconds: 30)))
    defer { server.stop() }
    let interrupter = Interrupter()
    let connection = try server.connect(interrupter: interrupter)
    Thread.detachNewThread {
      _ = server.wait { $0.messages.count == 1 }
      interrupter.interrupt()
    }
    #expect(connection.deliver().summary == "accepted 250")
    #expect(interrupter.isInterrupted)
    #expect(!connection.isReusable())
  }

  @Test("fault 14: the wait for the dot's reply is bounded when asked")
  func interruptBoundsTheWaitForTheDotsReply() throws {
    let server = try SMTPMischiefServer(.at(.dot, .stall))
    defer { server.stop() }
    let interrupter = Interrupter()
    let connection = try server.connect(dotTimeout: .seconds(600), interrupter: interrupter)
    Thread.detachNewThread {
      _ = server.wait { $0.messages.count == 1 }
      interrupter.interrupt(dotReplyWithin: .milliseconds(100))
    }
    #expect(connection.deliver().summary == "uncertain")
  }

  @Test func interruptEndsOpening() throws {
    let server = try SMTPMischiefServer(.at(.greeting, .stall))
    defer { server.stop() }
    let interrupter = Interrupter()
    let connection = SMTPConnection(server.settings(commandTimeout: .seconds(60)), interrupter: interrupter)
    Thread.detachNewThread {
      _ = server.wait { $0.connections == 1 }
      interrupter.interrupt()
    }
    let failure = #expect(throws: SMTPFailure.self) { try connection.open() }
    #expect(failure?.outcome == .withdrawn)
  }
}
