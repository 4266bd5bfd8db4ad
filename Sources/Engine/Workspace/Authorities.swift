import Foundation

extension Workspace {
  /// How many certificates the file of `EMAIL_CA_FILE` holds; `nil` when it is empty and the system's authorities are trusted.
  ///
  /// - Throws: `ConfigurationError` for a file that cannot be read or holds none.
  public func authorities() throws(ConfigurationError) -> Int? {
    let path = configuration.caFile
    if path.isEmpty { return nil }
    let expected = "a PEM file of certificates, or EMAIL_CA_FILE empty for the authorities of the system"
    let count = PEM.certificates(in: String(decoding: try WholeFile.read(path, expected: expected), as: UTF8.self))
    guard count > 0 else {
      throw ConfigurationError(place: .init(file: path), problem: "holds no certificate", expected: expected)
    }
    return count
  }
}

private enum PEM {
  /// Those that are whole, as far as that shows without reading what they say.
  static func certificates(in text: String) -> Int {
    var body: String?
    var count = 0
    for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) }) {
      switch line {
      case "-----BEGIN CERTIFICATE-----", "-----BEGIN X509 CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----":
        body = ""
      case "-----END CERTIFICATE-----", "-----END X509 CERTIFICATE-----", "-----END TRUSTED CERTIFICATE-----":
        // Every certificate is a sequence of ASN.1.
        if let body, Data(base64Encoded: body)?.first == 0x30 { count += 1 }
        body = nil
      default: body? += line
      }
    }
    return count
  }
}
