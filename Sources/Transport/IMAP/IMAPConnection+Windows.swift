import MailFormats

/// One mail as fetched, its beginning where it is longer than was asked for.
public struct FetchedMail: Sendable, Equatable {
  public var uid: UInt32
  public var raw: [UInt8]
}

/// What a reader of many mails does at each step. Every closure runs on the caller's thread, in order.
public struct FetchSteps {
  /// The UIDs to ask for next; `nil` when there are no more. Asked for one window ahead.
  public var next: () -> ClosedRange<UInt32>?
  public var each: (FetchedMail) throws -> Void
  /// Everything of a window was handed over. - Returns: the UIDs to flag as seen.
  public var ended: (ClosedRange<UInt32>) throws -> [UInt32]
  /// The server has set the flag.
  public var flagged: ([UInt32]) throws -> Void

  public init(
    next: @escaping () -> ClosedRange<UInt32>?, each: @escaping (FetchedMail) throws -> Void,
    ended: @escaping (ClosedRange<UInt32>) throws -> [UInt32], flagged: @escaping ([UInt32]) throws -> Void
  ) {
    self.next = next
    self.each = each
    self.ended = ended
    self.flagged = flagged
  }
}

extension IMAPConnection {
  /// A command on its way.
  private struct Pending {
    enum Work {
      case fetch(ClosedRange<UInt32>)
      case store([UInt32])
    }

    var tag: String
    var command: String
    var work: Work

    var isFetch: Bool { if case .fetch = work { true } else { false } }
  }

  /// Fetches on their way at once: the server works on the next window while this one is being stored, so that the
  /// round trip is not waited for (RFC 3501 §5.5: none of the commands changes what another one asks for).
  private static let windowsAhead = 3

  /// Fetches window after window without touching a flag, and flags what was handed over. UIDs that do not exist, or are
  /// expunged meanwhile, are left out.
  ///
  /// Flags and sizes are not asked for: many servers read a mail once more to tell its size.
  ///
  /// The mailbox must have been opened with ``open(selecting:anticipating:)`` if anything is to be flagged. When anything throws, the connection is closed.
  /// - Parameter maximumBytes: of each mail, from its start.
  /// - Throws: ``IMAPFailure``, or what the steps throw.
  public func fetch(maximumBytes: Int, _ steps: FetchSteps) throws {
    do { try runWindows(max(1, maximumBytes), steps) } catch {
      abort()
      throw error
    }
  }

  private func runWindows(_ bound: Int, _ steps: FetchSteps) throws {
    var pending: [Pending] = []
    var finished: Set<String> = []
    var hasMore = true
    while true {
      while hasMore, pending.count(where: \.isFetch) < Self.windowsAhead {
        guard let window = steps.next() else {
          hasMore = false
          break
        }
        let fetch = FetchWindow(uids: window, maximumBytes: bound)
        let tag = try takeAnticipated(fetch) ?? begin(fetch)
        pending.append(Pending(tag: tag, command: fetch.command, work: .fetch(window)))
      }
      guard let first = pending.first else { return }
      try awaitEnd(of: first.tag, among: pending, &finished, steps.each)
      pending.removeFirst()
      switch first.work {
      case .fetch(let uids):
        for set in Self.flagging(try steps.ended(uids)) {
          let command = Self.seen(set.text)
          pending.append(Pending(tag: try begin(command), command: command, work: .store(set.uids)))
        }
      case .store(let uids): try steps.flagged(uids)
      }
    }
  }

  /// Reads until `wanted` was answered. A server may work on several commands at once: mails of a later window come
  /// before the end of this one, and later commands may be answered first. No mail is passed over for it.
  private func awaitEnd(
    of wanted: String, among pending: [Pending], _ finished: inout Set<String>, _ each: (FetchedMail) throws -> Void
  ) throws {
    var end = endOfProgress
    while finished.remove(wanted) == nil {
      switch try readResponse(until: end) {
      case .tagged(let tag, let status):
        guard let command = pending.first(where: { $0.tag == tag })?.command else { throw unasked(tag) }
        try judge(status, of: command)
        finished.insert(tag)
      case .untagged(let status) where status.condition == .bye: throw farewell(status)
      case .fetch(let item):
        guard let uid = item.uid, let raw = item.body else {
          if item.isWithheld { throw withheld(item) }
          continue
        }
        try each(FetchedMail(uid: uid, raw: raw))
        end = endOfProgress
      default: continue
      }
    }
  }

  /// A mail that went meanwhile is not listed over the next connection; any other is one that the server cannot read.
  private func withheld(_ item: IMAPFetch) -> IMAPFailure {
    failure(.refused(command: "UID FETCH"), "NIL in place of the mail with the UID \(item.uid.map(String.init) ?? "?")")
  }

  private static func flagging(_ uids: [UInt32]) -> [(text: String, uids: [UInt32])] {
    let sets = UIDSet.commands(for: uids)
    // A set may take several commands; the UIDs count as flagged with the last of them.
    return sets.enumerated().map { ($1, $0 == sets.count - 1 ? uids : []) }
  }
}
