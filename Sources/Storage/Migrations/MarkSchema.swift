/// What ties the database to the mark beside it, so that a restored or copied one is noticed (fault 7).
enum MarkSchema {
  static let sqlite = """
    CREATE TABLE mark (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL) STRICT;
    """
}
