/// Cuts a range of UIDs into windows to fetch: as wide as mails lie sparse, so that ten mails among four billion UIDs
/// cost a dozen commands.
struct UIDWindows: Sendable {
  private let last: UInt32
  private let wanted: UInt32
  private(set) var width: UInt32
  /// The next UID; `nil` when all windows were given out.
  private var upcoming: UInt32?

  /// - Parameter width: mails that a window should hold.
  init(from first: UInt32, through last: UInt32, width: Int) {
    self.last = last
    wanted = UInt32(clamping: max(1, width))
    self.width = wanted
    upcoming = first <= last ? first : nil
  }

  /// UIDs that were not given out yet.
  var remaining: UInt32 { upcoming.map { last - $0 == .max ? .max : last - $0 + 1 } ?? 0 }

  mutating func next() -> ClosedRange<UInt32>? {
    guard let first = upcoming else { return nil }
    let end = last - first >= width ? first + (width - 1) : last
    upcoming = end < last ? end + 1 : nil
    return first...end
  }

  /// Makes the windows to come wider or narrower by how many mails the last one held.
  mutating func adapt(arrived: Int) {
    if arrived < Int(wanted / 8) {
      width = width > UInt32.max / 8 ? .max : width * 8
    } else if arrived > Int(wanted) {
      width = max(wanted, width / 8)
    }
  }
}
