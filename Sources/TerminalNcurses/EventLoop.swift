import CNcurses
import Glibc
public import TerminalUI

extension NcursesTerminal {
  public func nextEvents(timeout: Duration?) -> [TerminalEvent] {
    guard !isClosed else { return [.hangUp] }
    present()
    var events = takeEarly()
    if isGone { return events + [.hangUp] }
    let ready = waitForDescriptors(milliseconds: events.isEmpty ? patience(for: timeout) : 0)
    if ready.signals { for signal in signals.take() { events += react(to: signal) } }
    if ready.wakeup, wakeup.take() { events.append(.wakeup) }
    if ready.input { events += readInput() }
    if ready.isHungUp { events.append(.hangUp) }
    events += decoder.flush(at: NcursesTerminal.now())
    if ready.output { present() }
    return events + takeEarly()
  }

  private struct Ready {
    var input = false
    var signals = false
    var wakeup = false
    var output = false
    var isHungUp = false
  }

  private func takeEarly() -> [TerminalEvent] {
    defer { early = [] }
    return early
  }

  /// Milliseconds to wait: what is asked for, but no longer than the decoder's patience; -1 without end.
  private func patience(for timeout: Duration?) -> Int32 {
    let pending = decoder.patience.map { Int32($0) }
    guard let timeout else { return pending ?? -1 }
    let parts = timeout.components
    let milliseconds =
      min(parts.seconds, 86_400) * 1000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let wanted = Int32(max(0, milliseconds))
    return pending.map { min($0, wanted) } ?? wanted
  }

  private func waitForDescriptors(milliseconds: Int32) -> Ready {
    let input = Int16(POLLIN)
    var descriptors = [
      pollfd(fd: isSuspended ? -1 : 0, events: input, revents: 0),
      pollfd(fd: signals.descriptor, events: input, revents: 0),
      pollfd(fd: wakeup.descriptor, events: input, revents: 0),
      pollfd(fd: output.isEmpty ? -1 : output.descriptor, events: Int16(POLLOUT), revents: 0),
    ]
    var ready = Ready()
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else {
      // A signal ends poll early; its byte may already be in the pipe.
      ready.signals = true
      return ready
    }
    ready.input = descriptors[0].revents & input != 0
    ready.isHungUp = descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    ready.signals = descriptors[1].revents != 0
    ready.wakeup = descriptors[2].revents != 0
    ready.output = descriptors[3].revents != 0
    return ready
  }

  static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Reads everything typed so far; at most so much at once that a flood does not starve the rest.
  private func readInput() -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    var count = 0
    while count < 4096 {
      var value: UInt32 = 0
      let kind = keys_next(handle.keys, &value)
      if kind == Int32(keys_none) { break }
      count += 1
      if kind == Int32(keys_code) {
        guard let unit = KeyTable.unit(for: Int32(bitPattern: value)) else { continue }
        events += decoder.feed(unit, at: NcursesTerminal.now())
      } else if let scalar = Unicode.Scalar(value) {
        events += decoder.feed(.scalar(scalar), at: NcursesTerminal.now())
      }
    }
    if count == 0, inputHasEnded() { events.append(.hangUp) }
    return events
  }

  /// Readable without a byte to read: the other end is gone.
  private func inputHasEnded() -> Bool {
    var state = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) > 0 && tty_waiting_bytes(0) <= 0
  }

  private func react(to signal: Int32) -> [TerminalEvent] {
    switch signal {
    case SIGWINCH:
      refreshSize()
      return []
    case SIGTSTP:
      let wasSuspended = isSuspended
      if !wasSuspended { suspend() }
      signals.stopHere()
      if !wasSuspended { resume() }
      return []
    case SIGCONT:
      // After SIGSTOP, which cannot be caught, the shell has its own modes set.
      guard !isSuspended else { return [] }
      setModes(interactiveModes)
      reenter()
      return [.resumed]
    case SIGTERM: return [.terminate]
    case SIGINT: return [.interrupt]
    case SIGHUP: return [.hangUp]
    default: return []
    }
  }

  /// Sets up a terminal again that somebody else may have used meanwhile.
  private func reenter() {
    _ = endwin()
    output.append(memory.take())
    output.append(Array("\u{1B}[?2004h".utf8))
    refreshSize()
  }
}
