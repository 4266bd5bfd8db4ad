import MailFormats
import MailModel

extension Clockface {
  /// Reads RFC 3339, such as `2026-11-21T08:00:00Z`, and a date alone as its beginning in UTC; `nil` for anything else.
  static func moment(of text: String) -> Timestamp? {
    ISOMoment.read(text.utf8.count == 10 ? text + "T00:00:00Z" : text)
  }
}
