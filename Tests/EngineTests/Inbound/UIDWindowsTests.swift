import Testing

@testable import Engine

@Suite struct UIDWindowsTests {
  private func all(_ first: UInt32, _ last: UInt32, width: Int, held: (ClosedRange<UInt32>) -> Int) -> [String] {
    var windows = UIDWindows(from: first, through: last, width: width)
    var found: [String] = []
    while let window = windows.next(), found.count < 1_000 {
      found.append("\(window.lowerBound)-\(window.upperBound)")
      windows.adapt(arrived: held(window))
    }
    return found
  }

  @Test func `a dense mailbox is cut evenly, the last window ends with it`() {
    #expect(all(1, 10, width: 4) { $0.count } == ["1-4", "5-8", "9-10"])
    #expect(all(5, 5, width: 4) { $0.count } == ["5-5"])
    #expect(all(6, 5, width: 4) { $0.count }.isEmpty)
    #expect(all(1, 3, width: 0) { $0.count } == ["1-1", "2-2", "3-3"])
  }

  @Test func `where mails lie sparse the windows grow: ten mails among four billion cost a dozen commands`() {
    let windows = all(1, .max, width: 500) { _ in 1 }
    #expect(windows.count <= 12)
    #expect(windows.first == "1-500" && windows.last?.hasSuffix("-\(UInt32.max)") == true)
  }

  @Test func `a wide window that turns out full makes the next ones narrower, never below what is wanted`() {
    var windows = UIDWindows(from: 1, through: 1_000_000, width: 100)
    _ = windows.next()
    windows.adapt(arrived: 0)
    #expect(windows.next().map(\.count) == 800)
    windows.adapt(arrived: 800)
    #expect(windows.next().map(\.count) == 100)
    windows.adapt(arrived: 5_000)
    #expect(windows.next().map(\.count) == 100)
  }

  @Test func `every UID is in exactly one window, up to the last there can be`() {
    var windows = UIDWindows(from: .max - 9_999, through: .max, width: 77)
    var next = UInt32.max - 9_999
    var count = 0
    while let window = windows.next() {
      #expect(window.lowerBound == next)
      count += window.count
      next = window.upperBound &+ 1
      windows.adapt(arrived: count % 3 == 0 ? 0 : window.count)
    }
    #expect(count == 10_000)
  }
}
