import Glibc
import MailFormats
import MailModel

/// Why no reply was read.
enum ReplyFault: Error, Equatable {
  case stream(StreamFault)
  case garbage(SMTPReplyError)

  var reason: String {
    switch self {
    case .stream(.closed(let why)): why
    case .stream(.timedOut): "the relay did not answer in time"
    case .stream(.stopped): "stopped"
    case .garbage(let error): error.description
    }
  }
}

extension SMTPConnection {
  func send(_ text: String, on connection: CurlConnection, _ patience: Patience) throws(StreamFault) {
    let result: Result<Void, StreamFault> = Array(text.utf8).withUnsafeBytes { raw in
      Result { () throws(StreamFault) in try connection.writeAll(raw, patience) }
    }
    try result.get()
  }

  /// The next reply, read within one deadline however slowly it arrives.
  func readReply(on connection: CurlConnection, _ patience: Patience) throws(ReplyFault) -> ServerReply {
    while true {
      do throws(SMTPReplyError) {
        if let reply = try parser.next() { return reply }
      } catch { throw .garbage(error) }
      do throws(StreamFault) {
        let count = try connection.read(into: input, patience)
        parser.append(UnsafeRawBufferPointer(rebasing: input[..<count]))
      } catch { throw .stream(error) }
    }
  }

  /// What the relay has said although nobody asked: a transaction must not go on after it, or a later reply would be
  /// taken for the one to the dot.
  func unaskedWords(on connection: CurlConnection, at stage: DeliveryStage) -> TransactionEnd? {
    do throws(StreamFault) {
      let count = try connection.readAvailable(into: input)
      parser.append(UnsafeRawBufferPointer(rebasing: input[..<count]))
    } catch {
      return Self.end(.stream(error), at: stage)
    }
    if parser.isEmpty { return nil }
    if let reply = try? parser.next(), reply.code == 421 { return SMTPOutcome.of(reply, at: stage) }
    return TransactionEnd(.interrupted(reason: "the relay answered before it was asked", stage: stage), .cut)
  }

  /// A failure before the final dot: no dot was sent, so the message waits.
  static func end(_ fault: ReplyFault, at stage: DeliveryStage) -> TransactionEnd {
    if case .stream(.stopped) = fault { return TransactionEnd(.withdrawn, .cut) }
    return TransactionEnd(.interrupted(reason: fault.reason, stage: stage), .cut)
  }
}
