import Foundation
public import MailModel
public import Storage
import Synchronization

/// Where a steady clock reads the time.
public protocol TimeSource: Sendable {
  /// The machine's wall clock, which may be set.
  func wall() -> Timestamp
  /// Time since the machine was started, suspend included; nobody can set it.
  func sinceBoot() -> Span
  /// Tells one start of the machine from another.
  var boot: String { get }
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
  public let boot: String

  public init() {
    let text = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id")
    boot = text.map { String(decoding: $0.prefix(36), as: UTF8.self) } ?? ""
  }

  public func wall() -> Timestamp { SystemClock().now() }

  public func sinceBoot() -> Span { SystemTime.sinceBoot }

  /// It goes on while the machine is suspended, as time does.
  static var sinceBoot: Span {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Span(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
  }
}

/// The wall clock as long as it moves as time does. When it is set by more than a few seconds, time goes on from before, in
/// every process of the workspace, until the clock returns or an operator confirms it (fault 11): nothing expires, nothing is
/// due early and no lease is lost because somebody or something set a clock.
public final class SteadyClock: Clock {
  /// The machine's clock against ours.
  public struct Jump: Sendable, Equatable {
    /// How far the machine's clock is ahead; negative for behind.
    public var by: Span
    public var wall: Timestamp
    public var counted: Timestamp
  }

  /// What a clock may be set by without a word: daemons that keep time do so at their start.
  public static let tolerance = Span.seconds(5)
  /// A machine that was off for longer may have lost its clock as well.
  public static let longestOff = Span.days(30)

  private let source: any TimeSource
  /// Wall clock minus time since boot, in microseconds, when it was last trusted.
  private let offset: Atomic<Int64>
  /// Time since boot at the last confirmation that this process followed; 0 for none.
  private let followedAt = Atomic<Int64>(0)

  public init(_ source: any TimeSource = SystemTime()) {
    self.source = source
    offset = Atomic(source.wall().microseconds - source.sinceBoot().microseconds)
  }

  /// The time as the workspace counts it, for a process that opens nothing but the store; the machine's own when the
  /// store does not tell.
  public convenience init(of store: Store, _ source: any TimeSource = SystemTime()) {
    self.init(source)
    begin((try? store.read { try $0.clockMarks.read() }) ?? nil)
  }

  public func now() -> Timestamp {
    let (wall, sinceBoot) = (source.wall().microseconds, source.sinceBoot().microseconds)
    let known = offset.load(ordering: .relaxed)
    let found = wall - sinceBoot
    guard abs(found - known) <= SteadyClock.tolerance.microseconds else {
      return Timestamp(microseconds: sinceBoot + known)
    }
    if found != known { offset.store(found, ordering: .relaxed) }
    return Timestamp(microseconds: wall)
  }

  /// `nil` while the machine's clock moves as time does.
  public var jump: Jump? {
    let (wall, counted) = (source.wall(), now())
    let by = wall - counted
    return abs(by.microseconds) > SteadyClock.tolerance.microseconds / 2
      ? Jump(by: by, wall: wall, counted: counted) : nil
  }

  /// Goes on from what the workspace knows.
  ///
  /// - Parameter mark: of the same boot: time goes on from there. Of another one: not backwards, and not forward by more than
  ///   `longestOff`.
  func begin(_ mark: ClockMarks.ClockMark?) {
    guard let mark else { return }
    if mark.boot == source.boot, !mark.boot.isEmpty {
      offset.store(mark.wall.microseconds - mark.sinceBoot.microseconds, ordering: .relaxed)
    } else {
      let wall = source.wall()
      guard wall < mark.wall - SteadyClock.tolerance || wall > mark.wall + SteadyClock.longestOff else { return }
      offset.store(mark.wall.microseconds - source.sinceBoot().microseconds, ordering: .relaxed)
    }
  }

  /// The present as it is to be kept.
  func mark() -> ClockMarks.ClockMark {
    let sinceBoot = source.sinceBoot()
    return ClockMarks.ClockMark(
      boot: source.boot, wall: Timestamp(microseconds: sinceBoot.microseconds + offset.load(ordering: .relaxed)),
      sinceBoot: sinceBoot)
  }

  /// The machine's clock is right: what an operator's confirmation keeps.
  func confirmation(by person: String) -> ClockMarks.ClockMark {
    let wall = source.wall()
    return ClockMarks.ClockMark(
      boot: source.boot, wall: wall, sinceBoot: source.sinceBoot(), confirmedBy: person, confirmedAt: wall)
  }

  /// Follows a confirmation of another process. - Returns: whether it was new.
  @discardableResult
  func follow(_ mark: ClockMarks.ClockMark?) -> Bool {
    guard let mark, mark.confirmedAt != nil, mark.boot == source.boot else { return false }
    let confirmed = mark.wall.microseconds - mark.sinceBoot.microseconds
    let known = offset.load(ordering: .relaxed)
    guard abs(confirmed - known) > SteadyClock.tolerance.microseconds, jump != nil else { return false }
    offset.store(confirmed, ordering: .relaxed)
    followedAt.store(max(1, source.sinceBoot().microseconds), ordering: .relaxed)
    return true
  }

  /// Whether other engines may not have followed the last confirmation yet: their leases look older or younger than they are.
  func isSettling(for span: Span) -> Bool {
    let followed = followedAt.load(ordering: .relaxed)
    return followed > 0 && source.sinceBoot().microseconds - followed < span.microseconds
  }
}

extension Clock {
  /// `nil` for a clock of tests, which does what it is told.
  var steady: SteadyClock? { self as? SteadyClock }
}

/// Keeps the workspace's knowledge of the time, beside a running engine.
struct ClockKeeper {
  /// How old the mark may become.
  static let interval = Span.minutes(1)

  let clock: SteadyClock

  /// - Throws: `StoreError`.
  func run(_ store: Store) throws {
    let known = try store.read { try $0.clockMarks.read() }
    clock.follow(known)
    guard clock.jump == nil else { return }
    var mark = clock.mark()
    if let known, known.boot == mark.boot {
      let passed = mark.sinceBoot.microseconds - known.sinceBoot.microseconds
      let drift = (mark.wall - known.wall).microseconds - passed
      if abs(drift) < 1_000_000, passed < ClockKeeper.interval.microseconds { return }
      (mark.confirmedBy, mark.confirmedAt) = (known.confirmedBy, known.confirmedAt)
    }
    try store.write { try $0.clockMarks.write(mark) }
  }
}
