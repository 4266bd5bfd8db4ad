/// A message is complained about once: each new complaint looks whether there is one.
enum ComplaintSchema {
  static let sqlite = "CREATE INDEX complaint_message ON complaint (message_id) WHERE message_id IS NOT NULL;"
}
