import MailModel
import Testing

@testable import MailFormats

/// Codes inside free text: what only looks like one is part of something else.
@Suite struct StatusTextTests {
  @Test(arguments: [
    ("550 no such user", 550), ("said: 421-busy", 421), ("(554)", 554), ("#450:", 450), ("503", 503), ("\"451,", 451),
    ("5501 x", nil), ("550x", nil), ("x550 ", nil), ("1550 ", nil), ("560 x", nil), ("350 go on", nil), ("55", nil),
    ("", nil), ("a 5501 b 550 c", 550),
  ])
  func `a reply code stands alone`(text: String, code: Int?) {
    #expect(StatusText.replyCode(in: bytes(text)[...]) == code)
  }

  @Test(arguments: [
    ("550 5.1.1 no such user", EnhancedStatus(5, 1, 1)), ("(4.2.2)", EnhancedStatus(4, 2, 2)),
    ("#5.7.26:", EnhancedStatus(5, 7, 26)),
    ("x-5.1.1.", EnhancedStatus(5, 1, 1)), ("v5.1.1", nil), ("15.1.1", nil), ("5.1.1a", nil), ("5.1.1@x", nil),
    ("1.5.1.1", nil), ("3.1.1", nil), ("5.1", nil), ("5.1.1.1 and 4.4.7", EnhancedStatus(4, 4, 7)),
  ])
  func `an enhanced status code stands alone`(text: String, status: EnhancedStatus?) {
    #expect(StatusText.first(in: bytes(text)[...]) == status)
  }
}
