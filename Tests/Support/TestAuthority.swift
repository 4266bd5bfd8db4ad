/// A certificate authority of its own and a certificate for `localhost` and 127.0.0.1 that it signed.
public struct TestAuthority: Sendable {
  public let caFile: String
  public let certificateFile: String
  public let keyFile: String

  /// - Parameter validDays: of the server's certificate; negative makes one that has expired.
  public init(in folder: TemporaryFolder, named name: String = "ca", validDays: Int = 30) throws {
    let base = "\(folder.path)/\(name)"
    caFile = "\(base).pem"
    certificateFile = "\(base)-server.pem"
    keyFile = "\(base)-server.key"
    let openssl = "/usr/bin/openssl"
    try Command.run(
      openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
      "-subj", "/CN=Test authority \(name)", "-keyout", "\(base).key", "-out", caFile)
    try Command.run(
      openssl, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
      "-keyout", keyFile, "-out", "\(base).csr")
    let extensions = try folder.write("\(name).ext", "subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    try Command.run(
      openssl, "x509", "-req", "-in", "\(base).csr", "-CA", caFile, "-CAkey", "\(base).key", "-CAcreateserial",
      "-days", "\(validDays)", "-extfile", extensions, "-out", certificateFile)
    try Command.run("/bin/chmod", "644", keyFile)
  }
}
