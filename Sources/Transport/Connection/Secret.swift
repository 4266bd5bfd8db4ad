/// A password or token. It has no printable form: descriptions, dumps and interpolation show dots.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  public init(_ value: String) { self.value = value }

  public var isEmpty: Bool { value.isEmpty }
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }

  /// Hands the secret to the one place that needs it. Nothing may keep, log or format what it receives.
  func reveal<T>(_ body: (String) -> T) -> T { body(value) }
}
