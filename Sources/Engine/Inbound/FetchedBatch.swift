import MailModel
import Storage

/// What is known of a fetched mail before the store is asked.
struct ReadMail: Sendable {
  var uid: UInt32
  var content: HashedMail
  var reading: SharedReading
}

/// Mails of one mailbox on their way into the store.
struct FetchedBatch: Sendable {
  var mailbox: String
  var uidValidity: UInt32
  /// Of somebody's own mailbox: only what is about our mail is kept.
  var isPersonal = false
  var mails: [ReadMail]
  /// Up to here nothing is missing once this batch is committed; `nil` while something is on its way.
  var upTo: UInt32?
  /// Up to here the server has flagged everything meanwhile.
  var flaggedUpTo: UInt32?
  /// Passed over before these mails.
  var unreadable: [UnreadableMail] = []
}

/// What of a scan is committed.
struct CommittedBatches: Sendable {
  /// Mails that were new.
  var stored = 0
  var upTo: UInt32 = 0
  /// To be flagged on the server now.
  var uids: [UInt32] = []
  /// Mails that were passed over.
  var unreadable = 0
}
