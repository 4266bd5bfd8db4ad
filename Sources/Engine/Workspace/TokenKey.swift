import Foundation

/// The key that signs envelope sender tokens: 32 random bytes in a file of their own, in no backup of the store.
public enum TokenKey {
  static func create(at path: String) throws {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    try PrivateFile.write(bytes, to: path)
  }

  /// - Throws: `ConfigurationError` when the file is missing or not 32 bytes.
  public static func read(from path: String) throws -> [UInt8] {
    let expected =
      "32 bytes, as in your backup; without one, the new key of a workspace that 'postroom init' makes elsewhere"
    let data = try WholeFile.read(path, expected: expected)
    guard data.count == 32 else {
      throw ConfigurationError(place: .init(file: path), problem: "is damaged", expected: expected)
    }
    return Array(data)
  }
}
