/// Reports that people dealt with are found by their number, among however many nobody had to look at.
enum HandledReportSchema {
  static let sqlite = """
    CREATE INDEX report_handled ON report (id) WHERE is_unmatched = 0 AND handled <> '';
    """
}
