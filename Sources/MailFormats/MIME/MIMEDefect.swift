/// What was wrong with a message as read. A defect never stops the reading; it is shown.
public enum MIMEDefect: String, Sendable, Hashable, CaseIterable {
  /// The message is larger than ``MIMEMessage/maximumLength``; the rest was not read.
  case messageTooLong
  case tooManyHeaderFields
  case headerFieldTooLong
  case missingBlankLine
  /// Lines without white space in front stood where a folded field went on; they were skipped.
  case brokenFolding
  case missingBody
  /// A multipart type without a boundary parameter; it was guessed from the body.
  case missingBoundary
  /// No line of the body carries the boundary.
  case boundaryNotFound
  case unterminatedMultipart
  /// Parts nested deeper than ``MIMEMessage/maximumDepth`` were not opened.
  case nestedTooDeep
  /// Parts after ``MIMEMessage/maximumParts`` were not opened.
  case tooManyParts

  /// For people.
  public var words: String {
    switch self {
    case .messageTooLong: "larger than \(MIMEMessage.maximumLength >> 20) MiB, the rest was not read"
    case .tooManyHeaderFields: "more than \(HeaderBlock.maximumFields) header fields"
    case .headerFieldTooLong: "a header field longer than \(HeaderBlock.maximumFieldLength >> 10) KiB"
    case .missingBlankLine: "no empty line after the header"
    case .brokenFolding: "a header field folded without white space"
    case .missingBody: "no body"
    case .missingBoundary: "a multipart without a boundary"
    case .boundaryNotFound: "a boundary that no line carries"
    case .unterminatedMultipart: "a multipart that does not end"
    case .nestedTooDeep: "parts nested deeper than \(MIMEMessage.maximumDepth)"
    case .tooManyParts: "more than \(MIMEMessage.maximumParts) parts"
    }
  }
}
