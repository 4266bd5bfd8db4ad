import Engine
import Foundation
import Testing

/// The file of `EMAIL_CA_FILE`, before a connection needs it.
@Suite struct AuthoritiesTests {
  private static let certificate = "-----BEGIN CERTIFICATE-----\nMAMC\nAQU=\n-----END CERTIFICATE-----\n"

  /// - Parameter text: what `authorities.pem` holds; `nil` for no such file.
  private func authorities(_ text: String?, _ key: String = "EMAIL_CA_FILE=authorities.pem") throws -> Int? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.map { try Data($0.utf8).write(to: folder.appending(path: "authorities.pem")) }
    #expect(
      FileManager.default.createFile(
        atPath: folder.appending(path: ".env").path, contents: Data("EMAIL_SMTP_HOST=a.example\n\(key)\n".utf8),
        attributes: [.posixPermissions: 0o600]))
    return try Workspace(folder: folder, environment: [:]).authorities()
  }

  @Test func `certificates are counted, whatever stands between them`() throws {
    let other = Self.certificate.replacing("\n", with: "\r\n").replacing("CERTIFICATE", with: "TRUSTED CERTIFICATE")
    #expect(try authorities("Authority \u{e9}\n\(Self.certificate)\n# another\n\(other)") == 2)
  }

  @Test(arguments: [
    nil, "", "secret", String(certificate.dropLast(10)), certificate.replacing("MAMC", with: "!AMC"),
    certificate.replacing("MAMC", with: "AAMC"), certificate.replacing("CERTIFICATE", with: "PRIVATE KEY"),
  ])
  func `a file that is not there, or holds none that is whole, says what was expected`(text: String?) throws {
    let error = try #require(throws: ConfigurationError.self) { try authorities(text) }
    #expect(error.problem == (text == nil ? "cannot be read: No such file or directory" : "holds no certificate"))
    #expect(error.place.file.hasSuffix("/authorities.pem") && error.expected.contains("EMAIL_CA_FILE empty"))
  }

  @Test func `without the key those of the system are trusted`() throws {
    #expect(try authorities(nil, "") == nil)
  }
}
