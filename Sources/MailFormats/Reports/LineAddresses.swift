/// The addresses on one line, from its front, without those that cannot be the failed recipient.
struct LineAddresses: Sequence, IteratorProtocol {
  private let line: Octets
  private let excluded: Set<String>
  private var index: Int

  /// - Parameter excluded: in lower case.
  init(_ line: Octets, except excluded: Set<String>) {
    self.line = line
    self.excluded = excluded
    index = line.startIndex
  }

  mutating func next() -> Octets? {
    while let at = line.position(of: Octet.at, from: index) {
      index = at + 1
      if let address = AddressText.around(line, at: at), !excluded.contains(address.utf8Text.lowercased()) {
        return address
      }
    }
    return nil
  }
}
