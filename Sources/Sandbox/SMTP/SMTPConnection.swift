internal import MailModel
internal import NIOCore

/// Carries one SMTP dialogue over one connection: performs the session's actions in order, late where asked.
final class SMTPConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum Output {
    case bytes([UInt8])
    case close
  }

  /// Actions waiting behind a pause; a client that pipelines more than this is cut off.
  private static let queueLimit = 50_000

  private let relay: Relay
  private var session: SMTPSession
  private var id = 0
  private var actions: [SMTPAction] = []
  private var isPaused = false
  /// Replies on their way, oldest first: `replyDelay` keeps their order.
  private var outputs: [Output] = []

  init(relay: Relay) {
    self.relay = relay
    session = SMTPSession(desk: relay.desk)
  }

  func channelActive(context: ChannelHandlerContext) {
    let opened = relay.record.connectionOpened()
    id = opened.id
    relay.note(id, "connected")
    if opened.open > relay.desk.settings.maxConnections {
      actions = session.end([.reply(421, "4.7.0 Too many connections"), .close])
    } else {
      actions = session.greet()
    }
    run(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    relay.record.connectionClosed()
    relay.note(id, "closed")
    actions = []
    outputs = []
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    actions += session.receive(Array(buffer.readableBytesView), now: .now)
    if actions.count > Self.queueLimit { return context.close(promise: nil) }
    run(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func run(_ context: ChannelHandlerContext) {
    var done = 0
    while done < actions.count, !isPaused, context.channel.isActive {
      let action = actions[done]
      done += 1
      perform(action, context)
    }
    actions.removeFirst(min(done, actions.count))
  }

  private func perform(_ action: SMTPAction, _ context: ChannelHandlerContext) {
    switch action {
    case .write(let bytes):
      relay.note(id, "> \(String(decoding: bytes.dropLast(2).prefix(300), as: UTF8.self))")
      send(.bytes(bytes), context)
    case .dribble(let bytes): dribble(bytes[...], context)
    case .flood(let line): flood(line, context)
    case .pause(let span) where span.microseconds > 0: pause(for: span, context)
    case .pause: break
    case .dataStarted: relay.record.dataStarted()
    case .take(let message): relay.take(message, connection: id, on: context.eventLoop)
    case .note(let text): relay.note(id, text)
    case .close: send(.close, context)
    }
  }

  private func pause(for span: Span, _ context: ChannelHandlerContext) {
    isPaused = true
    context.eventLoop.assumeIsolated().scheduleTask(in: span.amount) {
      self.isPaused = false
      self.run(context)
    }
  }

  private func send(_ output: Output, _ context: ChannelHandlerContext) {
    let delay = relay.desk.settings.replyDelay
    guard delay.microseconds > 0 || !outputs.isEmpty else { return put(output, context) }
    outputs.append(output)
    context.eventLoop.assumeIsolated().scheduleTask(in: delay.amount) {
      guard !self.outputs.isEmpty else { return }
      self.put(self.outputs.removeFirst(), context)
    }
  }

  private func put(_ output: Output, _ context: ChannelHandlerContext) {
    switch output {
    case .bytes(let bytes):
      context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    case .close: context.close(promise: nil)
    }
  }

  private func dribble(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
    guard let first = bytes.first, context.channel.isActive else {
      isPaused = false
      return run(context)
    }
    isPaused = true
    put(.bytes([first]), context)
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) {
      self.dribble(bytes.dropFirst(), context)
    }
  }

  private func flood(_ line: [UInt8], _ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    if context.channel.isWritable {
      put(.bytes(Array(repeatElement(line, count: 64).joined())), context)
    }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { self.flood(line, context) }
  }
}
