/// Rules about the recipient's mailbox or host.
extension BounceRules {
  static let quotaRules: [BounceRule] = [
    BounceRule(
      name: "text: mailbox full", reason: .mailboxFull,
      phrases: [
        "mailbox full", "mailbox is full", "mailfolder is full", "mail folder is full", "inbox is full", "mailbox*full",
        "over quota", "overquota", "over the quota", "over his quota", "quota exceed", "exceeded*quota",
        "exceeds*quota",
        "exceed*quota", "out of quota", "quota violation", "quota is", "over disk quota", "disk quota", "storage quota",
        "exceeding their quota", "exceeding his quota", "mail quota", "quota full", "quota limit", "mailbox quota",
        "exceeded storage", "exceeded its storage", "exceeded his storage", "mailbox size limit exceeded",
        "mailbox exceeds allowed size", "mailbox exceed", "not enough storage space", "insufficient disk space in",
        "not enough space", "not enough disk space", "overdrawn*quota", "insufficient storage in mailbox",
        "mailbox has exceeded", "too much mail",
        "mailbox over", "is out of storage", "out of storage space", "full mailbox", "mail box full", "mailbox_full",
        "maildir overquota", "maildir delivery failed: user disk quota", "the user's space has been used up",
        "account is full", "user is over", "recipient is over", "has exceeded*limit*store", "exceeded the space",
        "maximum mailbox size", "mailbox capacity", "boite du destinataire pleine", "user's mailbox is full",
        "mailbox unavailable or access denied - quota", "storage limit", "dd_quota", "mdaemon*full", "quota error",
        "buzon lleno", "posteingang voll", "memory full", "容量", "満杯", "一杯", "mail account*full",
        "user has exhausted", "has reached*storage", "not able to receive any more", "postfach voll", "bloccat*quota",
      ]),
    BounceRule(
      name: "text: message too large", reason: .messageTooLarge,
      phrases: [
        "message too large", "message too big", "message is too large", "message is too big", "message size exceeds",
        "size limit", "exceeds*maximum message size", "exceeds*size", "exceeded maximum inbound message size",
        "too large for", "is too large", "message exceeded*size", "message length exceeds", "message file too big",
        "maximum message size", "mail too big", "size exceeds", "max message size", "messages larger than",
        "recipsizelimit", "exceeds maximum size", "is larger than the", "larger than*accept", "message size limit",
        "the message was too", "size*restriction", "sizelimit", "grosse", "too big",
      ]),
  ]

  /// Codes and sentences of single providers whose words would mislead the rules below.
  static let providerRules: [BounceRule] = [
    BounceRule(
      name: "provider: user unknown", reason: .userUnknown,
      phrases: [
        "ofr_416", "lpn007_416", "ofr_418", "not listed in domino", "not listed in public", "recipnotfound",
        "the email account that you tried to reach does not exist", "account or domain may not exist",
        "invalid final delivery userid", "resolver.adr.recipnotfound", "not listed in*address book",
      ]),
    BounceRule(
      name: "provider: sender blocked", reason: .blocked,
      phrases: [
        "unusual rate of unsolicited", "unusual rate of mail", "access denied, please try again later",
        "try again later, closing connection",
      ]),
    BounceRule(
      name: "provider: reputation", reason: .badReputation, phrases: ["rate limited due to ip reputation"]),
    BounceRule(
      name: "provider: account banned", reason: .suspended, phrases: ["banned recipient"]),
    BounceRule(
      name: "provider: try later", reason: .rateLimited,
      phrases: ["ofr005", "ofr_005", "ofr109", "lpn109", "lpn105", "[tss04]", "[ts01]", "[ts02]", "[ts03]"]),
    BounceRule(
      name: "text: lookup failed for now", reason: .networkError,
      phrases: [
        "host not found, try again", "hostname lookup fail", "host name lookup failure",
        "name server: host not found*try again",
        "did not accept our requests to connect", "could not find a gateway", "socket error", "server failure*dns",
        "dns server failure",
      ]),
    BounceRule(
      name: "text: delivery program said", reason: .mailerError,
      phrases: ["command output: procmail", "procmail: couldn't create", "command died with status", "x-unix; 7"]),
    BounceRule(
      name: "text: cannot load", reason: .systemError,
      phrases: [
        "could not load", "couldn't load", "agent busy", "domain policy size per transaction",
        "temporary lookup failure", "temporary server error",
      ]),
  ]

  static let rateRules: [BounceRule] = [
    BounceRule(
      name: "text: rate limit", reason: .rateLimited,
      phrases: [
        "too many connections", "too many concurrent", "too many sessions", "too many simultaneous",
        "too many recipients",
        "too many messages", "too many mail", "too many emails", "too many bad commands", "rate limit", "rate-limit",
        "ratelimit", "rate that prevents", "throttl", "too quickly", "too fast", "slow down", "mail sending limit",
        "sending limit", "daily limit", "sending quota", "hourly", "per hour", "concurrent connection",
        "connection limit",
        "limit exceeded ip", "exceeded the maximum number", "max number of", "exceeded*limit*recipient",
        "reached*limit*recipient", "thread limit exceeded", "unusual rate", "message rate", "try again later, too",
        "exceeded*connection", "user send mail limit", "domain*frequency limited", "frequency limited", "sent too many",
        "too many errors", "too many invalid", "exceeded their limit", "exceed*receive limit", "receive limit exceeded",
      ])
  ]

  static let addressRules: [BounceRule] = [
    BounceRule(
      name: "text: suspended", reason: .suspended,
      phrases: [
        "mailbox disabled", "account disabled", "account is disabled", "account*disabled", "mailbox*disabled",
        "user*disabled", "user suspended", "account suspended", "suspended", "account*inactive", "inactive account",
        "mailbox is inactive", "user is inactive", "recipient*inactive", "inactive user", "inactive", "mailbox*frozen",
        "mailbox locked", "account*locked", "temporarily locked", "account is temporarily", "dormant",
        "not an active address", "mailbox not active", "recipient disabled", "mail service*disabled",
        "account expired", "account has expired", "has been blocked by*owner", "not been activated",
        "user is currently not accepting", "account is not active", "not active",
        "email account that you tried to reach is",
        "unavailable to take delivery", "user not allowed to receive",
        "has not been collected",
        "sorry your message to*cannot be delivered. this account has been disabled", "out of service", "abandoned",
        "mailbox for*currently",
      ]),
    BounceRule(
      name: "text: account closed", reason: .userUnknown,
      phrases: [
        "deactivated", "discontinued", "account closed", "account*closed", "no longer active", "account*terminated",
        "account*deleted", "mailbox*deleted", "has been deleted", "account has been removed", "mailbox*removed",
      ]),
    BounceRule(
      name: "text: moved", reason: .hasMoved,
      phrases: [
        "has been replaced by", "has moved", "have moved", "new email address", "new address", "address has changed",
        "address*changed", "user has moved", "moved to", "please use the address", "changed to", "5.1.6",
        "5.7.17", "5.7.18", "mailbox has moved", "left the company", "left our company", "no longer works",
        "no longer with",
        "no longer employed",
      ]),
    BounceRule(
      name: "text: null MX", reason: .nullMX,
      phrases: [
        "null mx", "nullmx", "does not accept mail (nullmx)", "domain does not accept mail", "no mail accepted",
      ]),
    BounceRule(
      name: "text: host unknown", reason: .hostUnknown,
      phrases: [
        "host unknown", "unknown host", "host not found", "name or service not known", "domain not found",
        "domain name not found", "domain does not exist", "domain*doesn't exist", "domain is not", "no such domain",
        "unrouteable mail domain", "unrouteable address", "unroutable", "nxdomain", "non-existent domain",
        "nonexistent domain", "nonexistentdomain", "non-existent host", "couldn't find any host",
        "could not find any host",
        "no mail exchanger", "invalid domain", "bad destination system", "bad destination host", "no matching*domain",
        "name service error*host not found", "host*not found", "illegal host/domain", "unknown domain",
        "invalid host", "domain*does not exist", "no such host", "cannot be resolved", "could not be resolved",
        "couldn't be resolved", "unable to resolve", "no route to domain", "domain*not*known", "recipient domain",
        "dns error", "no mx", "mx*not found", "non esistente il dominio", "server ip address of*not found",
        "address resolution", "domain must resolve", "unable to find recipient domain",
      ]),
    BounceRule(name: "text: user unknown", reason: .userUnknown, phrases: userUnknownPhrases),
  ]

  static let weakAddressRules: [BounceRule] = [
    BounceRule(
      name: "text: address refused", reason: .userUnknown, isWeak: true,
      phrases: [
        "recipient address rejected", "recipient rejected", "mailbox unavailable", "does not exist", "doesn't exist",
        "do not exist", "not exist", "address error", "5.1.1 ", "#5.1.1", "undeliverable address", "cannot find",
        "can't find", "unable to find", "not local", "there is no", "doesn't have a", "does not have a", "local part",
        "not registered", "no known", "check the address", "user*rejected", "not recognized", "account does not",
        "address does not", "recipient*not valid", "reject recipient", "unknown in", "unknown to", "is unknown",
        "not present", "user has no", "bad address", "no longer valid", "no longer available", "could not be found",
        "couldn't be found", "was not found", "wasn't found", "address not found", "no longer in use",
        "recipient verify", "non-existent", "nonexistent",
      ])
  ]

  private static let userUnknownPhrases = [
    "user unknown", "unknown user", "no mail box", "not a registered", "nonexistent user", "non-existent user",
    "nonexistent mailbox",
    "nonexistent recipient", "nonexistent account", "non-existent mailbox", "non-existent account",
    "user*does not exist",
    "user*doesn't exist", "mailbox*does not exist", "recipient*does not exist", "account*does not exist",
    "address*does not exist", "account*doesn't exist", "address not found", "address couldn't be found",
    "address could not be found", "address wasn't found", "mailbox not found", "recipient not found", "542*rejected",
    "user not found",
    "does not exist here", "no longer a customer", "reserved by rfc 2606", "no such user", "user not found",
    "unknown recipient",
    "recipient unknown",
    "recipient not found", "recipnotfound", "no such recipient", "no such mailbox", "no mailbox", "mailbox not found",
    "mailbox does not exist", "mailbox doesn't exist", "mailbox unknown", "unknown mailbox", "mailbox*not found",
    "user doesn't exist", "user does not exist",
    "no account", "account not found", "unknown account", "account unknown", "no such account", "invalid recipient",
    "invalid mailbox", "invalid user", "invalid address", "invalid email", "bad destination mailbox",
    "bad recipient", "bad-recipient", "address unknown", "unknown address", "no such address",
    "email address could not be found",
    "not listed in", "isn't listed", "not in my", "not in our", "unknown local", "unknown or illegal",
    "no one by", "nobody by", "nobody with this", "no user by", "no person", "no such person", "no local mailbox",
    "no longer on server", "no longer exist",
    "no longer a valid", "is not a valid mailbox", "not a valid mailbox", "not a valid recipient", "not a valid user",
    "not a valid email", "is not a known user", "not a known user", "not known at this", "not known here",
    "does not have an account", "doesn't have an account", "is not a user",
    "recipient name is not recognized", "undeliverable mailbox",

    "recipient is invalid",
    "not our customer", "user invalid", "id not found",
    "nonexisting", "non existent", "delivery to*not possible",
    "this user has", "not have a yahoo", "destination addresses were unknown",
    "no existe", "destinatario desconocido", "utilisateur inconnu", "inconnu", "n'existe pas", "adresse d au moins",
    "unbekannt", "onbekend", "sconosciut", "inesistente", "nie istnieje", "nieznany", "unregistered",
    "missing mailbox", "wrong recipient", "wrong address",
    "not a local user", "user is unknown",
    "no valid recipient", "all relevant mx records point to non-existent", "存在しません",
    "見つかりません", "宛先不明", "宛先が", "bad username", "has no mailbox",
  ]
}
