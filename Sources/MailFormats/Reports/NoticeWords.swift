/// Words of delivery notices, in lower case, parted by ` | `: what is looked for in a subject or in the text of a mail.
enum NoticeWords {
  /// Subjects that mailers give to their notices, and others too.
  static let subjects = Phrases.list(
    """
    undeliver | non-deliver | nondeliver | not delivered | delivery fail | delivery problem | delivery notification \
    | delivery status | delivery error | failure notice | failed mail | returned mail | mail delivery \
    | returned to sender | failure delivery | returned message | mail failure | mail system error \
    | message status - undeliverable | could not be delivered | cannot be delivered | undelivered | delivery report \
    | delivery unsuccessful | unable to deliver | non delivery | ndn: | ndr: | unzustellbar | nicht zustellbar \
    | nicht zugestellt | non remis | message en erreur | permanent delivery | unknown user | user unknown \
    | message not deliver | bounce | returning message | returned email | delivery has failed | rejected \
    | unsuccessful | failed delivery | mail could not | email error | error mail | mail not delivered \
    | nondistribuable | remise | no se puede entregar | no entregado | mancato recapito | mensagem devolvida \
    | niedostarcz | delivery incomplete | not deliverable | 配信 | 不達 | エラー | 退信 | недоставлен \
    | warning: could not send | mail delivery warning | delayed mail | message you sent blocked \
    | apparently from you | in mail from you | in your mail | see transcript for details | error sending message \
    | deferral notice | delivery delayed | delivery delay | verzögert | unzustellbarkeit | entregar | entregue \
    | recapit | devuelto | retour | rückläufer | onbestelbaar | niet bezorgd | niedoręcz | zwrot | nedoručen \
    | kézbesít | teslim | невозможно доставить | не доставлен | доставк | 退回 | 退件 | 未送達 | 送達 | 送信 | 배달 | 반송 | 전송 실패 \
    | delivery to | cannot deliver | could not deliver | couldn't deliver | couldn't be delivered | wasn't delivered \
    | address not found | message blocked | message delayed | mail delayed | message not accepted | message deliv \
    | warning: message | contents from you | error sending your mail | übermittlungsfehler | échec de distribution \
    | errore di consegna
    """)

  /// Subjects that hardly anything else has.
  static let strongSubjects = Phrases.list(
    """
    undeliver | delivery fail | delivery status notification | failure notice | returned mail | mail delivery fail \
    | non remis | could not be delivered | non-delivery | not delivered | returning to sender | returned to sender \
    | delivery failure | failed mail | delivery has failed | delivery notification: | エラー通知 | delivery problem \
    | delivery error | mail system error | mail failed | unzustellbar | zustellungsfehler | nicht zustellbare | onbestelbaar \
    | niet te bestellen | kan niet worden bezorgd | oleverbar | kan ikke leveres | no se puede entregar \
    | non recapitabile | não é possível entregar | niedostarczone | nedoručiteln | kézbesíthetetlen | teslim edilemedi \
    | не удается доставить | не удаётся доставить | δεν παραδόθηκε | לא ניתן למסירה | 系统退信 | 系統退信 | 未传递的邮件 \
    | no es pot lliurar | 無法傳遞 | 无法传递 | 無法送達 | 无法送达 | 배달되지 않음 | 配信不能
    """)

  /// What notices say, and others too.
  static let bodies = Phrases.list(
    """
    could not be delivered | couldn't be delivered | can't be delivered | cannot be delivered | can not be delivered \
    | was not delivered | wasn't delivered | were not delivered | not delivered to | has not been delivered \
    | unable to deliver | wasn't able to deliver | not able to deliver | did not reach the following | undeliverable \
    | failed permanently | delivery failed | has failed due to | delivery to the following | failed due to \
    | had permanent fatal errors | fatal errors | permanent error | user unknown | unknown user | no such user \
    | could not deliver | unrouteable | undelivered | delivery problem | returned to sender | returned to you \
    | exceeds allowed size | address was not found | address wasn't found | address couldn't be found \
    | delivery error | does not exist | doesn't exist | your message wasn't | rejected your message | was rejected | rejected: \
    | not a valid | recipient rejected | message was not accepted | has been returned | is being returned \
    | failed recipient | delivery has failed | following addresses failed | following address(es) failed \
    | following errors | over quota | mailbox full | mailbox is full | was addressed, | did not exactly match \
    | not been collected | delivery attempts | invalid address | nicht zugestellt | nicht zustellbar | konnte nicht \
    | n'a pas pu | n'a pu | no se pudo | no ha podido | non è stato | 配信できません | 送信できません | 届け | 無法 | 无法 | не удалось \
    | не была доставлена | message could not be | mail to the following | no se ha podido | não foi possível \
    | could not be sent | not been delivered | giving up | remote host said | smtp error | diagnostic | host unknown \
    | was unable to | returned as undeliverable | no account by that name | sorry, your intended recipient \
    | no mailbox here | does not like recipient | quota exceed | message delivery | refused to accept | is delayed \
    | hasn't been delivered | could not be reached | konnten nicht | no pudo | no puede | n'ont pas | niet worden \
    | nie można | nie mogła | не может быть | не могут быть | невозможно | non può | não pôde | não pode \
    | couldn't deliver | has not reached | did not reach | haven't been able | delivery problems | be deliverd | 被退回 \
    | 未能送达 | 投递失败 | 送達でき | お届け | 見つかりません | 전달되지 | invalid recipient | not recognized | not listed in \
    | is not a valid | has not been able | did not receive a copy | error-for: \
    | returned permanent errors | was automatically rejected \
    | delivery of the email was stopped | was blocked by our | was blocked because
    """)

  /// The same for subjects and texts, in the languages of the world.
  static let failures = Phrases.list(
    """
    fehlgeschlagen | nicht übermittelt | nicht ausgeliefert | konnte nicht zugestellt | non distribué \
    | échec de la remise | non délivré | échec de livraison | n'a pu être | pas été remis | impossible de remettre \
    | error de entrega | no se entregó | no entregad | no fue entregad | fallo en la entrega | imposible entregar | no s'ha pogut lliurar \
    | falha na entrega | não foi entregue | não entregue | não pôde ser entreg | falha no envio | non recapitabile \
    | mancata consegna | non consegnat | non recapitat | impossibile recapitare | impossibile consegnare \
    | kon niet worden bezorgd | niet afgeleverd | niet worden afgeleverd | kan niet worden bezorgd \
    | kunde inte levereras | kan inte levereras | gick inte att leverera | inte leverera | kunne ikke leveres \
    | kan ikke leveres | ikke leveret | ikke levert | ikke afleveret | toimitus epäonnistui | ei voitu toimittaa \
    | toimittaminen epäonnistui | ei voida toimittaa | nie została dostarczona | nie została doręczona \
    | nie można dostarczyć | nelivrabil | недоставен | недоставено | kohaletoimetam | nie dostarczono | nie udało się dostarczyć | nie mogła zostać | nelze doručit | nepodařilo doručit \
    | nebylo možno doručit | nebylo možné doručit | vrácená zpráva | nie je možné doručiť | nepodarilo doručiť \
    | nedoručiteľn | nem lehetett kézbesíteni | nem sikerült kézbesíteni | kézbesíthetetlen | nem kézbesít \
    | nu a putut fi livrat | nelivrat | imposibil de livrat | nu a fost livrat | nije isporuč | neisporuč \
    | nije moguće isporučiti | ni bilo mogoče dostaviti | nedostavljen | ei õnnestunud | nevarēja piegādāt \
    | netika piegādāt | nepristatyt | teslim edilemedi | teslim edilemiyor | iletilemedi | gönderilemedi \
    | не доставлен | недоставлен | не удалось доставить | не было доставлено | не может быть доставлен \
    | не вдалося доставити | не може бути доставлен | не може да бъде доставен | ошибка доставки | δεν παραδόθηκε \
    | αποτυχία παράδοσης | δεν ήταν δυνατή η παράδοση | לא נמסר | לא ניתן למסור | تعذر التسليم | لم يتم تسليم \
    | تعذر تسليم | không gửi được | không thể gửi | không được gửi | tidak terkirim | gagal terkirim \
    | tidak dapat dikirim | ไม่สามารถส่ง | ส่งไม่สำเร็จ | 配信不能 | 届きません | 届けられ | 送信失敗 | 送信に失敗 | 配送できません | 返送 | 投遞失敗 \
    | 無法投遞 | 未能成功 | 投递不成功 | 送达失败 | 无法投递 | 投递失败 | 无法送达 | 發送失敗 | 发送失败 | 無法送達 | 보낼 수 없 | 전송하지 못 | 배달되지 | 전송되지
    """)

  /// Words that mean something only in what a mailer wrote.
  static let words = Phrases.list(
    """
    no such | mailbox | 500 | 550 | 551 | 552 | 553 | 554
    """)

  /// Sentences of notices that say the mailer goes on trying.
  static let delays = Phrases.list(
    """
    this is a warning message only | has been delayed | you do not need to resend | is delayed for \
    | message is delayed | will continue to try | will keep trying | will be retried | has been postponed \
    | not yet been delivered | has not yet been | no action is required | delivery attempts will continue \
    | still trying to deliver | attempts to deliver the message will continue | delivery is delayed | will retry \
    | keep trying | delivery will continue to be attempted | only a warning | not delivered yet \
    | hasn't been delivered yet | retried for | temporary failure report | will be attempted again \
    | continue to attempt | still being retried | will be resent | automatically retry | noch nicht zugestellt \
    | zustellversuche werden fortgesetzt | nicht erneut senden | wird weiterhin versucht | n'a pas encore \
    | pas encore été | todavía no | aún no se | seguirá intentando | non è ancora | ainda não | nog niet \
    | niet opnieuw | jeszcze nie | ещё не | еще не | повторн | 遅延 | 遅れて | 再送を | 再送信を | 延迟 | 继续尝试 | 繼續嘗試 \
    | will continue trying | keeps trying | just a warning | delays in delivering | not been delivered yet | not yet delivered | still in the queue \
    | we will keep trying | we shall continue to try | we will try again | delivery is delayed to \
    | has been delayed to | delayed to the following | temporary problem delivering | wurde verzögert \
    | weiterhin versucht | nichts unternehmen | est retardée | a été retardé | remise différée | seront poursuivi \
    | no ha sido entregado todavía | se seguirá intent | se ha retrasado | entrega retrasada \
    | no es necesario reenviar | ainda não foi entreg | entrega atrasada | está atrasad | continuará tentando \
    | não é necessário reenviar | ancora consegnat | è in ritardo | verrà ritentat \
    | non è necessario inviare di nuovo | nog niet bezorgd | is vertraagd | niet opnieuw te verzenden | försenat | är fördröj \
    | har ännu inte | forsinket | er endnu ikke | ennå ikke | viivästy | opóźnion | nie została jeszcze | zpožděn \
    | dosud nebyl | késleltet | még nem | пока не доставлен | продолжит попытки | задержива | затримано \
    | повторних спроб | καθυστέρησ | henüz teslim | gecikti | gecikme | 遅延し | 再試行を続け | 再試行され | 继续重试 | 繼續重試 | 暂时无法投递 \
    | 暫時無法投遞 | 지연되 | not given up | still queued | this is a delay notice | stays queued
    """)

  /// Subjects of such notices.
  static let delayTitles = Phrases.list(
    """
    (delay | delayed | delay notification | delivery delay | mail delivery warning | verzögert | verzögerung \
    | retardé | différée | retrasad | retraso | atrasad | atraso | ritardat | ritardo | vertraagd | försenad | fördröj \
    | försenat | forsinke | opóźnion | zpožděn | задержива | задержк | затримк | καθυστέρησ | gecik | 遅延 | 延迟 | 延遲 \
    | 지연 | deferral | mail system warning
    """)

  /// Subjects that nothing but such notices have, whatever message they name.
  static let delayNotices = Phrases.list(
    """
    (delay | delivery has been delayed | delivery delayed | delayed mail | mail delayed | message delayed \
    | send message for past | warning: cannot send | warning: could not send | undelivered after | deferral notice
    """)

  /// Sentences that say the mailer does not go on, whatever else the notice tells.
  static let finals = Phrases.list(
    """
    this is a permanent error | permanent fatal error | permanent delivery error | failed permanently \
    | permanent failure | no further attempts | no more attempts | no further delivery attempts | not be retried \
    | will not be attempted | has been removed from the queue | message will be deleted from queue | giving up on \
    | i've given up | has been given up | is being returned | keine weiteren zustellversuche
    """)

  /// Sentences that only a delivery notice begins with, whoever it is from.
  static let statements = Phrases.list(
    """
    your message could not be sent | failed to send to identified host | was considered unsolicited bulk \
    | could not be delivered to | unable to deliver message to | unable to deliver your message \
    | delivery has failed to these | did not reach the following recipient | message could not be delivered to \
    | cannot be delivered to | had permanent fatal errors | had permanent delivery errors \
    | following address(es) failed | following addresses failed | failed addresses follow \
    | undeliverable to the following | was not delivered to | wasn't delivered to \
    | delivery to the following recipient | was undeliverable to | invalid final delivery userid \
    | able to deliver your message to | error message below: 5 | could not be delivered. the following | failure reasons \
    | message could not be delivered to mobile | failed recipients - | could not deliver message to \
    | was not relayed to | reason of the delivery failure was | mail could not be delivered | giving up on the following address
    """)
}
