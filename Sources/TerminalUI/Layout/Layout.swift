/// How much room a row or column of a layout takes.
public enum Extent: Sendable, Hashable {
  /// Exactly so many cells, as far as there is room.
  case fixed(Int)
  /// At least so many cells, and a share of what is left.
  case flexible(minimum: Int, weight: Int)

  public static func weight(_ weight: Int) -> Extent { .flexible(minimum: 0, weight: weight) }

  var minimum: Int {
    switch self {
    case .fixed(let cells): return max(0, cells)
    case .flexible(let minimum, _): return max(0, minimum)
    }
  }

  var weight: Int {
    if case .flexible(_, let weight) = self { return min(max(0, weight), 1000) }
    return 0
  }
}

/// Divides rectangles; pure functions.
public enum Layout {
  /// Sizes that add up to `total` when something is flexible, and never to more. When even the minimums do not fit, the
  /// last ones are cut first.
  public static func sizes(_ extents: [Extent], total: Int, gap: Int = 0) -> [Int] {
    var room = max(0, total - gap * max(0, extents.count - 1))
    var sizes = extents.map { extent in
      let size = min(extent.minimum, room)
      room -= size
      return size
    }
    var weights = extents.reduce(0) { $0 + $1.weight }
    for (index, extent) in extents.enumerated() where extent.weight > 0 {
      let share = room * extent.weight / weights
      sizes[index] += share
      room -= share
      weights -= extent.weight
    }
    return sizes
  }

  /// Rectangles below one another.
  public static func rows(_ extents: [Extent], in rect: Rect) -> [Rect] {
    var y = rect.y
    return sizes(extents, total: rect.height).map { height in
      defer { y += height }
      return Rect(x: rect.x, y: y, width: rect.width, height: height)
    }
  }

  /// Rectangles beside one another, `gap` columns apart.
  public static func columns(_ extents: [Extent], in rect: Rect, gap: Int = 0) -> [Rect] {
    var x = rect.x
    return sizes(extents, total: rect.width, gap: gap).map { width in
      defer { x += width + gap }
      return Rect(x: min(x, rect.maxX), y: rect.y, width: min(width, max(0, rect.maxX - x)), height: rect.height)
    }
  }
}
