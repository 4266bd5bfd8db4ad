import MailFormats
import Testing

@Suite struct VERPTokenTests {
  private let key: VERPKey
  private let otherKey: VERPKey

  init() throws {
    key = try #require(VERPKey([UInt8](repeating: 7, count: 32)))
    otherKey = try #require(VERPKey([UInt8](repeating: 8, count: 32)))
  }

  @Test(arguments: [0, 1, 42, Int64.max, -1, Int64.min])
  func `a token gives back its id, in either case`(id: Int64) {
    let token = VERPToken.sign(messageID: id, key: key)
    #expect(token.utf8.count == VERPToken.length)
    #expect(token.utf8.allSatisfy { (97...122).contains($0) || (50...55).contains($0) })
    #expect(VERPToken.verify(token, key: key) == id)
    #expect(VERPToken.verify(token.uppercased(), key: key) == id)
  }

  @Test func `fault 29: no changed character, no prefix and no other key is accepted`() {
    let token = VERPToken.sign(messageID: 42, key: key)
    #expect(VERPToken.verify(token, key: otherKey) == nil)
    #expect(VERPToken.verify(String(token.dropLast()), key: key) == nil)
    #expect(VERPToken.verify(token + "a", key: key) == nil)
    #expect(VERPToken.verify("", key: key) == nil)
    for position in 0..<VERPToken.length {
      var changed = Array(token.utf8)
      changed[position] = changed[position] == 97 ? 98 : 97
      #expect(VERPToken.verify(text(changed), key: key) == nil)
    }
  }

  @Test func `a short key is refused`() {
    #expect(VERPKey([UInt8](repeating: 1, count: 15)) == nil)
  }

  @Test func `the return address carries the token and is found again`() throws {
    let base = try Address(parsing: "bounces@mail.example.com")
    let address = try VERPAddress.compose(base: base, token: VERPToken.sign(messageID: 77, key: key))
    #expect(address.domain == "mail.example.com")
    let candidates = ["ann@example.com", "<\(address.description.uppercased())>"]
    #expect(VERPAddress.findMessageID(in: candidates, key: key) == 77)
    #expect(VERPAddress.findMessageID(in: candidates, key: otherKey) == nil)
    #expect(VERPAddress.findMessageID(in: [String(repeating: "a", count: 1 << 20)], key: key) == nil)
  }

  @Test func `a token is looked for in 64 addresses and no more`() throws {
    let token = VERPToken.sign(messageID: 77, key: key)
    let others = [String](repeating: "ann@example.com", count: 64)
    #expect(VERPAddress.findMessageID(in: others.dropLast() + ["bounces+\(token)@example.com"], key: key) == 77)
    #expect(VERPAddress.findMessageID(in: others + ["bounces+\(token)@example.com"], key: key) == nil)
  }
}
