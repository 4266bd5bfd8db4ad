internal import NIOCore

/// Carries one IMAP dialogue over one connection.
final class IMAPConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Sent through the pipeline when a mailbox changed.
  struct MailboxChanged: Sendable {}

  private let store: MailboxStore
  private let note: @Sendable (String) -> Void
  private var session: IMAPSession
  private var watcher: Int?

  init(desk: RelayDesk, store: MailboxStore, note: @escaping @Sendable (String) -> Void) {
    self.store = store
    self.note = note
    session = IMAPSession(desk: desk, store: store)
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    // Later, never at once: the change may come from this very session.
    watcher = store.watch {
      channel.eventLoop.execute { channel.pipeline.fireUserInboundEventTriggered(MailboxChanged()) }
    }
    perform(session.greet(), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let watcher { store.unwatch(watcher) }
    watcher = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    perform(session.receive(Array(buffer.readableBytesView)), context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is MailboxChanged {
      perform(session.mailArrived(), context)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func perform(_ actions: [IMAPAction], _ context: ChannelHandlerContext) {
    for action in actions where context.channel.isActive {
      switch action {
      case .write(let bytes):
        context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
      case .note(let text): note(text)
      case .flood(let line): flood(line, context)
      case .close: closeAfterWrites(context)
      }
    }
    context.flush()
  }

  /// Closes once everything before it has left.
  private func closeAfterWrites(_ context: ChannelHandlerContext) {
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(channel.allocator.buffer(capacity: 0))).whenComplete { _ in
      channel.close(promise: nil)
    }
  }

  private func flood(_ line: [UInt8], _ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    if context.channel.isWritable {
      let bytes = Array(repeatElement(line, count: 64).joined())
      context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { self.flood(line, context) }
  }
}
