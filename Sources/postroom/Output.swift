import Foundation
import Synchronization
import TerminalUI

/// What commands print. Text from outside passes the gate, so that no mail can drive the terminal (fault 31).
enum Output {
  /// The system's error when something that was printed did not get where it should.
  static var failure: Int32? { failed.withLock { $0 } }
  private static let failed = Mutex<Int32?>(nil)

  /// A line for people; everything in it passes the gate.
  static func line(_ text: String) { write(gated(text), to: STDOUT_FILENO) }

  /// A line for people on standard error, beside what a script reads.
  static func note(_ text: String) { write(gated(text), to: STDERR_FILENO) }

  /// A line that is written over, on standard error; numbers of our own only.
  static func progress(_ text: String) { bytes(Array(text.utf8), to: STDERR_FILENO) }

  static func error(_ text: String) { write("postroom: " + gated(text), to: STDERR_FILENO) }

  /// A value as one line of JSON with sorted keys, in ASCII: no control of a terminal can hide in it.
  static func json(_ value: some Encodable) throws { write(try JSONText.line(value), to: STDOUT_FILENO) }

  /// One line of JSON a value.
  static func json(each values: [some Encodable]) throws {
    for value in values { try json(value) }
  }

  /// Markdown and other text of our own, as it is.
  static func own(_ text: String) { bytes(Array(text.utf8), to: STDOUT_FILENO) }

  /// Columns padded to their widest value.
  static func table(_ header: [String], _ rows: [[String]]) {
    let rows = rows.map { row in row.map { VisibleText($0, limit: 400) } }
    let titles = header.map { VisibleText($0) }
    let widths = titles.indices.map { column in
      min(60, ([titles[column].width] + rows.map { $0.indices.contains(column) ? $0[column].width : 0 }).max() ?? 0)
    }
    for row in [titles] + rows {
      let cells = zip(row, widths).map { $0.fitted(to: $1).text }
      var text = cells.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      write(text, to: STDOUT_FILENO)
    }
  }

  static func gated(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { VisibleText(String($0), limit: 4_000).text }
      .joined(separator: "\n")
  }

  private static func write(_ text: String, to descriptor: Int32) { bytes(Array((text + "\n").utf8), to: descriptor) }

  /// A reader that went away is the reader's affair. A full disk behind a redirection is told at the end (``failure``).
  private static func bytes(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0, !mayGoOn(errno, descriptor) { return }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  /// Whether a write that failed is worth another try.
  private static func mayGoOn(_ problem: Int32, _ descriptor: Int32) -> Bool {
    if problem == EINTR { return true }
    if problem == EAGAIN {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return poll(&ready, 1, -1) == 1
    }
    if problem != EPIPE, descriptor == STDOUT_FILENO {
      failed.withLock { $0 = $0 ?? problem }
    }
    return false
  }

  /// Asks on the terminal. - Returns: `nil` when there is no terminal to ask on; nothing for C-d.
  static func ask(_ question: String) -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    bytes(Array((gated(question) + " ").utf8), to: STDERR_FILENO)
    let answer = readLine()
    // C-d leaves the cursor behind the question.
    if answer == nil { bytes([0x0A], to: STDERR_FILENO) }
    return answer ?? ""
  }
}
