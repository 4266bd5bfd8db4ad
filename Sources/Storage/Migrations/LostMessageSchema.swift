/// From which id on messages are numbered at least, so that a restored store gives none of the lost ones' ids again.
enum LostMessageSchema {
  static let sqlite = "ALTER TABLE mark ADD COLUMN next_message_id INTEGER NOT NULL DEFAULT 1;"
}
