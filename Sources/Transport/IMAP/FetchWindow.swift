/// Mails by UID, and how much of each: what a reader of many mails asks for, a window at a time.
public struct FetchWindow: Sendable, Equatable {
  public var uids: ClosedRange<UInt32>
  /// Of each mail, from its start.
  public var maximumBytes: Int

  public init(uids: ClosedRange<UInt32>, maximumBytes: Int) {
    self.uids = uids
    self.maximumBytes = maximumBytes
  }

  var command: String {
    "UID FETCH \(max(1, uids.lowerBound)):\(max(1, uids.upperBound)) (UID BODY.PEEK[]<0.\(max(1, maximumBytes))>)"
  }

  /// Whether its answer holds all that `other` asks for, from the same beginning.
  func covers(_ other: FetchWindow) -> Bool {
    maximumBytes == other.maximumBytes && uids.lowerBound == other.uids.lowerBound
      && uids.upperBound >= other.uids.upperBound
  }
}
