/// What a vacation message says.
public struct AutoReplyDraft: Sendable {
  public var from: Address
  /// Whom it answers: the envelope sender of the message.
  public var to: Address
  public var date: String
  public var messageID: String
  public var subject: String
  /// The Message-ID of the message it answers.
  public var inReplyTo: String?
  public var text: String

  public init(
    from: Address, to: Address, date: String, messageID: String, subject: String, inReplyTo: String?, text: String
  ) {
    self.from = from
    self.to = to
    self.date = date
    self.messageID = messageID
    self.subject = subject
    self.inReplyTo = inReplyTo
    self.text = text
  }
}

/// Builds automatic replies marked as RFC 3834 §3.1.7 and §5 ask.
public enum AutoReplyComposer {
  /// The reply as bytes.
  ///
  /// - Throws: ``HeaderError`` when a value cannot stand in a header.
  public static func compose(_ draft: AutoReplyDraft) throws(HeaderError) -> [UInt8] {
    var fields: [(name: String, value: String)] = [("Auto-Submitted", "auto-replied")]
    if let original = draft.inReplyTo {
      fields += [("In-Reply-To", original), ("References", original)]
    }
    return try MessageComposer.compose(
      MessageDraft(
        from: NamedAddress(address: draft.from), to: [NamedAddress(address: draft.to)],
        subject: "Auto: \(draft.subject)", date: draft.date, messageID: draft.messageID, text: draft.text,
        extraFields: fields))
  }
}
