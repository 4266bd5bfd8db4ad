/// One header field as it stands in the message. Name and value are slices of the message's bytes.
public struct HeaderField: Sendable {
  let nameBytes: ArraySlice<UInt8>
  /// With its folds; without the colon and the last line end.
  let rawValue: ArraySlice<UInt8>

  /// As written, without white space.
  public var name: String { nameBytes.utf8Text }

  /// The unfolded bytes, white space at the ends removed, encoded words not decoded (RFC 5322 §2.2.3).
  public var valueBytes: [UInt8] {
    let trimmed = rawValue.trimmed
    guard trimmed.position(of: Octet.lf, from: trimmed.startIndex) != nil else { return Array(trimmed) }
    return trimmed.filter { $0 != Octet.lf && $0 != Octet.cr }
  }

  /// The unfolded value as text, encoded words not decoded.
  public var value: String { valueBytes.utf8Text }

  /// The unfolded value with encoded words decoded (RFC 2047). Text from outside.
  public var decoded: String { EncodedWord.decode(valueBytes) }
}

extension [HeaderField] {
  /// Fields, and bytes of each, that addresses are read from.
  private static let addressLimits = (fields: 8, bytes: 64 << 10)

  /// The addresses that these fields name, each once and in lower case.
  var addresses: Set<String> {
    Set(
      prefix(Self.addressLimits.fields).flatMap { field in
        AddressList.parse(field.valueBytes.prefix(Self.addressLimits.bytes)[...]).map { $0.address.lowercased() }
      })
  }
}
