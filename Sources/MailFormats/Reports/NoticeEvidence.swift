/// Whether a mail without machine-readable parts is a notice about failed or delayed delivery.
struct NoticeEvidence {
  enum Verdict { case failed, delayed, none }

  let verdict: Verdict
  let why: String

  private static let subjects: [[UInt8]] = [
    "undeliver", "non-deliver", "nondeliver", "not delivered", "delivery fail", "delivery problem",
    "delivery notification",
    "delivery status", "delivery error", "failure notice", "failed mail", "returned mail", "mail delivery",
    "returned to sender",
    "failure delivery", "returned message", "mail failure", "mail system error", "message status - undeliverable",
    "could not be delivered", "cannot be delivered", "undelivered", "delivery report", "delivery unsuccessful",
    "unable to deliver", "non delivery", "ndn:", "ndr:", "unzustellbar", "nicht zustellbar", "nicht zugestellt",
    "non remis", "message en erreur", "permanent delivery", "unknown user", "user unknown", "message not deliver",
    "bounce",
    "returning message", "returned email", "delivery has failed", "rejected", "unsuccessful", "failed delivery",
    "mail could not", "email error", "error mail", "mail not delivered", "nondistribuable", "remise",
    "no se puede entregar",
    "no entregado", "mancato recapito", "mensagem devolvida", "niedostarcz", "delivery incomplete", "not deliverable",
    "配信", "不達", "エラー", "退信", "недоставлен", "warning: could not send", "mail delivery warning", "delayed mail",
    "message you sent blocked", "apparently from you", "in mail from you", "in your mail", "see transcript for details",
    "error sending message", "deferral notice",
    "delivery delayed", "delivery delay", "verzögert", "unzustellbarkeit", "entregar", "entregue", "recapit",
    "devuelto",
    "retour", "rückläufer", "onbestelbaar", "niet bezorgd", "niedoręcz", "zwrot", "nedoručen", "kézbesít", "teslim",
    "невозможно доставить", "не доставлен", "доставк", "退回", "退件", "未送達", "送達", "送信", "배달", "반송", "전송 실패",
    "delivery to", "cannot deliver", "could not deliver", "couldn't deliver", "couldn't be delivered",
    "wasn't delivered",
    "address not found", "message blocked", "message delayed", "mail delayed", "message not accepted",
  ].map { Array($0.utf8) }

  private static let bodies: [[UInt8]] = [
    "could not be delivered", "couldn't be delivered", "can't be delivered", "cannot be delivered",
    "can not be delivered",
    "was not delivered", "wasn't delivered", "were not delivered", "not delivered to", "has not been delivered",
    "unable to deliver", "wasn't able to deliver", "not able to deliver", "did not reach the following",
    "undeliverable",
    "failed permanently", "delivery failed", "has failed due to", "delivery to the following", "failed due to",
    "had permanent fatal errors", "fatal errors", "permanent error", "user unknown", "unknown user", "no such user",
    "could not deliver", "unrouteable", "undelivered", "delivery problem", "returned to sender", "returned to you",
    "exceeds allowed size", "address was not found", "address wasn't found", "address couldn't be found",
    "delivery error",
    "does not exist", "doesn't exist", "your message wasn't", "rejected your message", "was rejected", "not a valid",
    "recipient rejected",
    "message was not accepted", "has been returned", "is being returned", "failed recipient", "delivery has failed",
    "following addresses failed", "following address(es) failed", "following errors", "over quota", "mailbox full",
    "mailbox is full", "was addressed, ", "did not exactly match", "not been collected", "delivery attempts",
    "invalid address",
    "nicht zugestellt", "nicht zustellbar", "konnte nicht", "n'a pas pu", "n'a pu", "no se pudo", "no ha podido",
    "non è stato",
    "配信できません", "送信できません", "届け", "無法", "无法", "не удалось", "не была доставлена", "message could not be",
    "mail to the following", "no se ha podido", "não foi possível", "could not be sent", "not been delivered",
    "giving up",
    "remote host said", "smtp error", "diagnostic", "host unknown", "was unable to", "returned as undeliverable",
    "no account by that name",
    "sorry, your intended recipient", "no mailbox here", "does not like recipient", "quota exceed", "message delivery",
    "refused to accept",
    "is delayed", "hasn't been delivered", "could not be reached", "konnten nicht", "no pudo", "no puede", "n'ont pas",
    "niet worden", "nie można", "nie mogła",
    "не может быть", "не могут быть", "невозможно", "non può", "não pôde", "não pode", "couldn't deliver",
    "has not reached", "did not reach", "haven't been able", "delivery problems", "be deliverd", "被退回", "未能送达",
    "投递失败", "送達でき", "お届け", "見つかりません", "전달되지",
    "invalid recipient", "not recognized", "not listed in", "is not a valid", "has not been able",
  ].map { Array($0.utf8) }

  /// Words that mean something only in what a mailer wrote.
  private static let words: [[UInt8]] = ["no such", "mailbox", "500", "550", "551", "552", "553", "554"].map {
    Array($0.utf8)
  }

  private static let delays: [[UInt8]] = [
    "this is a warning message only", "has been delayed", "you do not need to resend", "is delayed for",
    "message is delayed",
    "will continue to try", "will keep trying", "will be retried", "has been postponed", "not yet been delivered",
    "has not yet been", "no action is required", "delivery attempts will continue", "still trying to deliver",
    "attempts to deliver the message will continue", "delivery is delayed", "will retry", "keep trying",
    "delivery will continue to be attempted", "only a warning", "not delivered yet", "hasn't been delivered yet",
    "retried for", "temporary failure report", "will be attempted again", "continue to attempt", "still being retried",
    "will be resent", "automatically retry", "noch nicht zugestellt", "zustellversuche werden fortgesetzt",
    "nicht erneut senden", "wird weiterhin versucht", "n'a pas encore", "pas encore été", "todavía no", "aún no se",
    "seguirá intentando", "non è ancora", "ainda não", "nog niet", "niet opnieuw", "jeszcze nie", "ещё не", "еще не",
    "повторн", "遅延", "遅れて", "再送を", "再送信を", "延迟", "继续尝试", "繼續嘗試",
  ].map { Array($0.utf8) }

  /// Sentences that only a delivery notice begins with, whoever it is from.
  private static let statements: [[UInt8]] = [
    "your message could not be sent", "failed to send to identified host", "was considered unsolicited bulk",
    "could not be delivered to", "unable to deliver message to", "unable to deliver your message",
    "delivery has failed to these",
    "did not reach the following recipient", "message could not be delivered to", "cannot be delivered to",
    "had permanent fatal errors", "had permanent delivery errors", "following address(es) failed",
    "following addresses failed",
    "failed addresses follow", "undeliverable to the following", "was not delivered to", "wasn't delivered to",
    "delivery to the following recipient", "was undeliverable to", "invalid final delivery userid",
    "error message below: 5", "could not be delivered. the following", "failure reasons",
    "message could not be delivered to mobile",
  ].map { Array($0.utf8) }

  private static let strongSubjects: [[UInt8]] = [
    "undeliver", "delivery fail", "delivery status notification", "failure notice", "returned mail",
    "mail delivery fail",
    "non remis", "could not be delivered", "non-delivery", "not delivered", "returning to sender", "returned to sender",
    "delivery failure", "failed mail", "delivery has failed", "delivery notification: ", "エラー通知", "delivery problem",
    "delivery error", "mail failed",
  ].map { Array($0.utf8) }

  /// - Parameters:
  ///   - subject: decoded.
  init(_ material: ReportMaterial, sender: NoticeSender, subject: String) {
    let notice = sender.isConversation && !sender.isDaemon ? Self.unquoted(material.notice) : material.notice
    let text = FoldedText(notice)
    let title = FoldedText(Array(subject.utf8))
    let hasFailedField = material.header.first("x-failed-recipients") != nil
    let signs = Signs(
      sender: sender,
      hasSubject: title.containsAny(Self.subjects), hasStrongSubject: title.containsAny(Self.strongSubjects),
      hasBody: text.containsAny(Self.bodies), hasStatement: text.containsAny(Self.statements),
      hasWord: text.containsAny(Self.words),
      opensWithSubject: Self.strongSubjects.contains { title.bytes.starts(with: $0) },
      opensWithStatement: FoldedText(Array(notice.prefix(160))).containsAny(Self.statements),
      hasProof: material.returned != nil || StatusText.first(in: notice[...]) != nil
        || StatusText.replyCode(in: notice[...]) != nil,
      isBare: Self.isBare(notice))
    guard hasFailedField || material.isMarkedReport || signs.areEnough, !Self.tellsOfSuccess(title) else {
      (verdict, why) = (.none, "no sign of a delivery notice")
      return
    }
    let saysDelayed = text.containsAny(Self.delays) || title.contains([UInt8]("(delay)"))
    verdict = saysDelayed ? .delayed : .failed
    why =
      hasFailedField
      ? "X-Failed-Recipients" : material.isMarkedReport ? "multipart/report" : "text of a delivery notice"
  }

  /// Whether the text is short and has an address alone on a line, as no letter has.
  private static func isBare(_ notice: [UInt8]) -> Bool {
    notice.count < 600
      && LineReader(notice[...]).contains { line in
        let content = line.trimmed
        return AddressText.read(content).map { $0.count == content.count } ?? false
      }
  }

  /// The text without the lines that people quote: what they ask about is not what they report.
  private static func unquoted(_ notice: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for line in LineReader(notice[...]) where line.first != Octet.greater || line.starts(with: ">>>") {
      result += line
      result.append(Octet.lf)
    }
    return result
  }

  /// Whether a subject is one that mailers give to their notices.
  static func isTitle(_ subject: String) -> Bool { FoldedText(Array(subject.utf8)).containsAny(strongSubjects) }

  /// A report that the message arrived or was passed on, whose fields could not be read.
  private static func tellsOfSuccess(_ title: FoldedText) -> Bool {
    if title.containsAny([[UInt8]("unsuccess"), [UInt8]("not success"), [UInt8]("fail")]) { return false }
    return title.containsAny([[UInt8]("success"), [UInt8]("(relay"), [UInt8]("relayed"), [UInt8]("(delivered")])
  }

  /// What speaks for a notice. One sign alone is never enough, and for a mail that no machine sent it takes a technical
  /// one: parcels fail to be delivered too.
  private struct Signs {
    let sender: NoticeSender
    let hasSubject: Bool
    let hasStrongSubject: Bool
    let hasBody: Bool
    let hasStatement: Bool
    let hasWord: Bool
    let opensWithSubject: Bool
    let opensWithStatement: Bool
    let hasProof: Bool
    let isBare: Bool

    var areEnough: Bool {
      let saysSo = hasSubject || hasStrongSubject || hasBody || hasStatement
      if sender.isDaemon, saysSo || hasWord { return true }
      if sender.isMailer, !sender.isAnswer, saysSo { return true }
      if opensWithStatement, sender.isMachine { return true }
      if isBare, hasStrongSubject, hasStatement { return true }
      if sender.isMachine, !sender.isAnswer, hasStrongSubject, hasBody || hasStatement || hasWord { return true }
      guard !sender.isConversation else { return false }
      if sender.isMachine, hasStatement || hasStrongSubject || (hasSubject && hasBody) { return true }
      return hasProof && hasStrongSubject && (hasStatement || (opensWithSubject && opensWithStatement))
    }
  }
}
