import Engine
import MailModel
import TerminalUI
import Testing

/// A theme of one's own is held against the roles of the default one, so that one has to name whatever is drawn.
@Suite struct ThemeRoleTests {
  @Test func `the default theme names the role of every state and standing`() throws {
    let roles = try TestScreen.theme("dark").roles
    let drawn =
      MessageState.allCases.map { StyleName.state($0.rawValue) }
      + AccountStanding.allCases.map { StyleName.account($0.rawValue) }
    for role in drawn { #expect(roles.contains(role.rawValue), "\(role)") }
  }
}
