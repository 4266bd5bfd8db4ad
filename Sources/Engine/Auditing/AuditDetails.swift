/// What an audit event says besides who, when and why.
public struct AuditDetails: Sendable, Equatable {
  /// Name and value: what was to be expected, before, after and what came of it first, then the rest by name.
  public let fields: [(name: String, value: String)]

  private static let order = ["preview", "before", "after", "result"]

  /// - Parameter json: one object of strings; anything else has no fields.
  public init(_ json: String) {
    let values = JSONLine.strings(json)
    let first = AuditDetails.order.compactMap { name in values[name].map { (name: name, value: $0) } }
    let rest = values.filter { !AuditDetails.order.contains($0.key) }.sorted { $0.key < $1.key }
    fields = first + rest.map { (name: $0.key, value: $0.value) }
  }

  /// What came of it, in words; what was to be expected where nothing else was written down.
  public var words: String? { self["result"] ?? self["preview"] }

  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  public static func == (left: AuditDetails, right: AuditDetails) -> Bool {
    left.fields.map(\.name) == right.fields.map(\.name) && left.fields.map(\.value) == right.fields.map(\.value)
  }
}
