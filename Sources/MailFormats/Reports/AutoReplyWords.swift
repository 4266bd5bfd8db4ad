/// Words of automatic replies, in lower case, parted by ` | `.
enum AutoReplyWords {
  /// Subjects that programs give to absence notices start so, after `Re:` and the like too.
  static let titles = Phrases.list(
    """
    out of office | out of the office | auto: | auto-reply | autoreply | auto reply | automatic reply \
    | automated reply | autoresponse | auto response | auto-response | automated response | automatic response \
    | [auto-reply] | [autoreply] | [auto] | [request received] | request received: | ticket received | auto respond | autorespond | ooo: | ooo re: | out-of-office \
    | is out of the office | holiday notice | i will be out of | i am out of | i'm out of | currently out of \
    | currently away | i am away | i'm away | your message has been received: | automatische antwort \
    | abwesenheit | automatische abwesenheit | automatische eingangsbestätigung | automatische empfangsbestätigung \
    | urlaubsmeldung | urlaubsbenachrichtigung | réponse d'absence | accusé de réception automatique \
    | acuse de recibo automático | odpověď v nepřítomnosti | nincs irodában | nincs az irodában | réponse automatique | reponse automatique | message d'absence | absence du bureau \
    | absent du bureau | notification d'absence | avis d'absence | risposta automatica | fuori ufficio | fuori sede: | risposta da | respuesta automática \
    | respuesta automatica | fuera de la oficina | fuera de oficina | ausente de la oficina \
    | resposta automática | resposta automatica | fora do escrit | automatisch antwoord | afwezigheid \
    | autosvar | automatiskt svar | automatisk svar | frånvaro | fravær | automaattinen vastaus | poissaolo \
    | odpowiedź automatyczna | automatyczna odpowied | autoodpowiedź | nieobecno | poza biurem | automatická odpověď \
    | automatická odpoveď | nepřítomn | neprítomn | mimo kancelář | odsutn | automatikus válasz \
    | házon kívül | távollét | szabadság | răspuns automat | otomatik yan | ofis dışı \
    | automatski odgovor | automatska | samodejni odgovor | automātiskā atbilde | automātiska atbilde | automaatvastus \
    | automatinis atsakymas | автоответ | автоматический ответ \
    | автоматична відповідь | автоматичен отговор | вне офиса \
    | αυτόματη απάντηση | תשובה אוטומטית | מענה אוטומטי | аутоматски одговор | автоматски одговор | аўтаматычны адказ | автоматты жауап | resposta automàtica \
    | sjálfvirkt svar | balasan automatik | پاسخ خودکار | رد تلقائي \
    | الرد التلقائي | tự động trả lời | trả lời tự động | balasan otomatis \
    | ตอบกลับอัตโนมัติ | 自動返信 | 自動応答 | 自动回复 \
    | 自动答复 | 自動回覆 | 自動回復 | 부재 | 자동 회신 | 자동회신 | 자동 응답
    """)

  /// The same where people may write so too: not after `Re:`, which is an answer to a subject of ours, and not from
  /// lists.
  static let absences = Phrases.list(
    """
    vacation | on vacation | away from | away until | absence | absent | abwesend | urlaub: | ausencia \
    | ausência | ausente: | assenza | assente | en vacances | congés | afwezig | niet aanwezig: | frånvarande \
    | poissa: | je suis absent | 외출 중 | отсутств | 不在 | 休假 | 外出
    """)

  /// The same where only a mark of a program or a thread makes the difference: `On leave`, `In ferie`.
  static let holidays = Phrases.list(
    """
    on leave | on annual leave | annual leave | maternity leave | parental leave | sick leave | i am on leave \
    | i am on vacation | i am on holiday | i'm on leave | i'm on vacation | i'm on holiday | away: \
    | away on business | away on leave | out of town | on holiday | gone fishing | no longer with | no longer at \
    | leave of absence | urlaub | im urlaub | ich bin im urlaub | ich bin abwesend | ich bin nicht \
    | nicht im büro | bin nicht im | außer haus | nicht im haus | en congé | je suis en congé \
    | je suis en vacances | de vacaciones | estoy de vacaciones | in ferie | sono in ferie | de férias \
    | em férias | op vakantie | met vakantie | met verlof | semester: | på semester | på ferie \
    | ikke til stede | lomalla | na urlopie | jestem na urlopie | na dovolené | na dovolenke | szabadságon \
    | tatilde | izinde | в отпуске | я в отпуске | у відпустці | 休暇 | 出張 \
    | 我正在休假 | 我正在外出 | 휴가
    """)

  /// Anywhere in the subject, except in mail of lists.
  static let titleParts = Phrases.list(
    """
    is out of the office | out of office | out of the office | automatic reply | auto-reply | autoreply \
    | auto reply | automatiska atbilde | automātiskā atbilde | away from my mail | away from the office \
    | est absent(e) | est absent du bureau | est absente du bureau | ist außer haus | ist nicht im büro | è fuori sede \
    | non è in ufficio | está fuera de la oficina | está fora do escritório | är inte på kontoret | er ikke på kontoret \
    | is niet op kantoor | auto response | antispam uol | challenge-response | challenge/response
    """)

  /// What challenges add to the subject that they answer.
  static let challengeTitles = Phrases.list(
    """
    confirm your message | verification required | spam arrest verification | sender verification required \
    | mail verification request | message verification | (verification) | requires confirmation \
    | confirm your email to | please confirm that your
    """)

  /// The text of an absence notice, in a mail that a program sent.
  static let absenceTexts = Phrases.list(
    """
    out of the office | out of office | i am away | i'm away | on vacation | on holiday | on leave \
    | will be away | limited access to e-mail | limited access to email | thank you for your e-mail \
    | thank you for you e-mail | thank you for your email | will respond | will reply | endeavour to reply \
    | automated response | automatic reply | auto-reply | autoreply | vacation | automatically generated reply \
    | thank you for contacting | we have received your | nicht im büro | bin ich nicht | im urlaub \
    | vielen dank für ihre nachricht | absent du bureau | actuellement absent | fuera de la oficina \
    | fuori ufficio | fora do escritório | niet op kantoor
    """)

  /// What programs say of their own answer, and nobody else.
  static let ownWords = Phrases.list(
    """
    this is an automated reply | this is an automated response | this is an automatic reply \
    | this is an automatic response | this is an auto-reply | this is an autoreply | this is an auto reply \
    | this is an automatically generated reply | this is an automatically generated response \
    | autoreply message from | dies ist eine automatische antwort | dies ist eine automatisch erzeugte antwort \
    | diese antwort wurde automatisch | ceci est une réponse automatique | esta es una respuesta automática \
    | questa è una risposta automatica | esta é uma resposta automática | dit is een automatisch antwoord \
    | это автоматический ответ | 自動返信です | 自動返信メールです | 这是一封自动回复 | 系统自动回复 | 系統自動回覆
    """)

  /// What a short answer about an absence begins with.
  static let absenceFronts = Phrases.list(
    """
    out of the office | out of office | away from the office | away from my desk | i am away | i'm away \
    | on vacation until | i am on vacation | on holiday until | annual leave | limited access to e | nicht im büro \
    | bin ich nicht | im urlaub | absent du bureau | actuellement absent | fuera de la oficina | fuori ufficio \
    | fora do escritório | niet op kantoor
    """)

  /// How mail programs say whom the text below is quoted from.
  static let attributions = Phrases.list(
    """
    wrote | writes | schrieb | a écrit | escribió | ha scritto | escreveu | schreef | skrev | napisał | napsal | napísal \
    | kirjoitti | írta | a scris | yazdı | написал | пишет | έγραψε | さんは書きました | 写道
    """)

  /// What asks a sender to prove that a person wrote (challenge and response).
  static let challenges = Phrases.list(
    """
    only from senders i have approved | list of approved senders | click the link below so i can receive \
    | is being held because the address | to release your message for delivery \
    | protecting myself from receiving junk | prove that you are human | verify that you are a real person \
    | confirm that you are a real person | you won't have to do this again | has not been verified as a sender \
    | added to my list of approved | protected by a challenge | confirm that you are a person | prove you are human \
    | prove that you are a human | permission to send me e | verify that you are a real live human
    """)
}
