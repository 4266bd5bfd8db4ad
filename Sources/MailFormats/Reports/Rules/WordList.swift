/// Lists of words by which the kind of a mail is known. Each is a section `[words …]` of `data/bounce-rules.conf`, where
/// it says what it is for.
public enum WordList: String, Sendable, CaseIterable {
  case noticeSubjects = "notice-subjects"
  case noticeSureSubjects = "notice-sure-subjects"
  case noticeTexts = "notice-texts"
  case noticeFailures = "notice-failures"
  case noticeStatements = "notice-statements"
  case noticeHints = "notice-hints"
  case delayTexts = "delay-texts"
  case delaySubjects = "delay-subjects"
  case delaySureSubjects = "delay-sure-subjects"
  case finalTexts = "final-texts"
  case quotaTexts = "quota-texts"
  case passingTexts = "passing-texts"
  case readerTexts = "reader-texts"

  case daemonNames = "daemon-names"
  case mailerNames = "mailer-names"
  case officeNames = "office-names"
  case clerkNames = "clerk-names"
  case unattendedNames = "unattended-names"

  case autoReplySubjects = "auto-reply-subjects"
  case autoReplyPhrases = "auto-reply-phrases"
  case autoReplySubjectParts = "auto-reply-subject-parts"
  case absenceSubjects = "absence-subjects"
  case holidaySubjects = "holiday-subjects"
  case absenceTexts = "absence-texts"
  case absenceOpenings = "absence-openings"
  case autoReplyTexts = "auto-reply-texts"
  case challengeSubjects = "challenge-subjects"
  case challengeTexts = "challenge-texts"
  case autoReplyFields = "auto-reply-fields"
  case autoReplyFieldParts = "auto-reply-field-parts"
  case autoReplyPrograms = "auto-reply-programs"

  case recipientLabels = "recipient-labels"
  case otherAddresses = "other-addresses"
  case senderWords = "sender-words"
  case recipientWords = "recipient-words"
  case referrals
  case successHeadings = "success-headings"

  case answerPrefixes = "answer-prefixes"
  case forwardPrefixes = "forward-prefixes"
  case attributions
  case ticketNames = "ticket-names"
  case quoteHeadings = "quote-headings"
  case letterGreetings = "letter-greetings"
  case letterStrangers = "letter-strangers"
  case letterClosings = "letter-closings"
  case letterQuestions = "letter-questions"
}

/// One list as a file has it.
public struct WordSection: Sendable, Equatable {
  public var list: WordList
  /// Lower case; looked for as they stand.
  public var phrases: [String] = []
  /// Phrases of the file that this one extends, which are not to count.
  public var excluded: [String] = []
  /// Texts in which this list must find something.
  public var examples: [String] = []
  /// Where the section stands in its file.
  public var line: Int
}
