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
}
