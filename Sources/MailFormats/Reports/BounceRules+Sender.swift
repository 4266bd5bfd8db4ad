/// Rules about the sender, its host, or the message: they say nothing about the address.
extension BounceRules {
  static let senderRules: [BounceRule] = [
    BounceRule(
      name: "text: virus", reason: .virus,
      phrases: [
        "virus*detected", "virus*found", "contains a virus", "infected with", "infected attachment", "virus infected",
        "message was infected", "found to contain*virus", "malware", "contained a virus", "(virus)", "virus-infected",
        "potentially dangerous attachment", "your message*infected", "worm/", "email has a virus", "has a virus",
      ]),
    BounceRule(
      name: "text: reverse DNS", reason: .missingPTR,
      phrases: [
        "ptr record", "reverse dns", "reverse lookup", "rdns", "no ptr", "unable to lookup ptr", "missing ptr",
        "cannot find your hostname", "cannot find your reverse hostname", "client host rejected: cannot find your",
        "cannot resolve your address", "ip name lookup failed", "without valid reverse", "dnspreverse", "ptr/",
        "unresolvable relay host", "fix reverse dns", "ip name possibly forged", "no matches to nameserver for your ip",
        "domain name of ip", "hostname for ip address", "all mail servers must have a ptr",
      ]),
    BounceRule(
      name: "text: SPF, DKIM, DMARC", reason: .authenticationFailed,
      phrases: [
        "dmarc", "dkim", "spf check", "spf fail", "(spf)", "spf record", "spf:", " spf ", "sender policy framework",
        "sender id (pra)", "sender id*not permitted", "fails to pass authentication", "authentication checks",
        "openspf.org", "5.7.26", "5.7.23", "domainkeys", "doesn't have a valid spf", "spf validation", "spf-",
        "authenticated mail is required", "authentication information", "senders to authenticate",
        "certificate-expired", "unauthenticated email",
        "this mail is unauthenticated", "dane validation",
        "dnssec-invalid", "certificate-host-mismatch",
      ]),
    BounceRule(
      name: "text: reputation", reason: .badReputation,
      phrases: [
        "reputation", "has been temporarily rate limited due to ip", "sender score", "senderscore", "cloudmark",
        "senderbase", "poor rep", "low rep",
      ]),
    BounceRule(
      name: "text: block list", reason: .blocked,
      phrases: [
        "spamhaus", "spamcop", "barracudacentral", "blacklist", "black list", "blocklist", "block list", "blocked list",
        "dnsbl", "rbl ", "(rbl", "rbl)", "rbl:", "is listed in ", "currently listed", "listed at ", "listed by",
        "on our block", "sorbs",
        "mail-abuse.org", "ordb.org", "mailspike", "uceprotect", "ip address has been blocked",
        "ip*has been blocked", "ip*is blocked", "ip address*blocked", "your ip", "banned sending ip", "bannedip",
        "banned ip", "client host*blocked", "client host rejected", "your host*blocked", "server*is blocked",
        "connection refused by", "connections from this host", "is not allowed to connect", "not allowed to connect",
        "connection rejected", "host refused", "bad helo", "helo command rejected", "invalid helo", "helo/ehlo",
        "helo name", "ehlo greeting", "blocked using", "blocked by", "access denied, banned", "access denied*ip",
        "traffic not accepted from", "no thanks", "go away", "dynamic ip", "dynamic address", "dialup", "dial-up",
        "generic hostname", "residential", "not accepting mail from", "not accept mail from",
        "does not accept mail from",
        "we do not accept email from", "refused mail service", "service refused", "your access to this mail system",
        "your network is", "unsolicited", "your mail server", "your server", "mail from*denied by ip", "ofr_",
        "ofr004", "lpn007", "mail rejete", "trop de connexions", "service refuse", "ip not in whitelist",
        "email blocked", "mail server has been blocked", "is in a black", "too many spams from your ip",
        "rejected by rbl",
        "spam source", "known spam", "open relay", "open proxy", "proxy detected", "blackholed",
        "untrusted connection", "blacklisted", "block for", "is not in whitelist", "from unregistered domains",
        "the sending mta", "client blocked", "s3140", "s3150", "ss3150", "cblplus", "cbl.", "ipqs", "ip rejected",
        "access from ip address", "email from*ip*refused", "mail from your ip", "bad sender ip", "[sender_ip]", "(bl)",
        "my name was rejected",
      ]),
    BounceRule(
      name: "text: spam", reason: .spam,
      phrases: [
        "spam", "filter agent quarantined", "bulk mail", "bulk email", "junk mail", "junk email", "likely unsolicited",
        "unsolicited bulk",
        "considered uce", "uce-", "undesirable mail", "message looks like", "message content rejected",
        "rejected for policy reasons", "high-probability", "dsnbl", "sa score", "bogofilter", "rejected by*filter",
        "identified as*advert", "blocked by content filter", "mail content denied", "classified as*bulk", "cpt_mail",
        "content filter rejected", "bayes", "dcc ", "message detected as", "url blacklist", "surbl", "uribl",
      ]),
    BounceRule(
      name: "text: content", reason: .contentRefused,
      phrases: [
        "illegal attachment", "attachment*not allowed", "attachment*blocked", "attachment*rejected",
        "attachments*prohibited", "banned attachment", "attachment type", "prohibited attachment", "attachment*removed",
        "illegal content", "forbidden content", "message content", "content rejected", "content-type",
        "content restriction", "mime*error", "malformed mime", "header is too long", "header error",
        "improper use of 8-bit",
        "message filtered", "message refused by", "body*rejected", "header*rejected", "message header size",
        "charset", "character set", "executable", "file type", "extension not allowed", "unacceptable content",
        "invalid characters", "conversion", "bare lf", "bare line feed", "bare cr",
      ]),
    BounceRule(
      name: "text: not compliant", reason: .notCompliant,
      phrases: [
        "rfc 5322", "rfc5322", "rfc 5321", "rfc5321", "rfc 2822", "rfc2822", "not rfc*compliant", "rfc 822 compliant",
        "duplicate header", "missing*header", "multiple addresses in from", "header*missing", "no resent-from",
        "encoded-word", "8-bit*header", "message-id*missing", "malformed message",
      ]),
    BounceRule(
      name: "text: relaying", reason: .relaying,
      phrases: [
        "relaying denied", "relay access denied", "relaying", "relay denied", "unable to relay", "cannot relay",
        "not permitted to relay", "relay not permitted", "relay prohibited", "relay*not allowed", "mail relay denied",
        "relay authentication", "not a relay", "we do not relay", "you must authenticate*relay", "insecure mail relay",
        "mail server requires authentication when attempting to send to a non-local", "authenticated relay",
        "sorry, that domain isn't in my list of allowed rcpthosts", "rcpthosts", "not a gateway", "no relay",
        "is not permitted to send mail through", "this system is not configured to relay",
        "not a known user on this relay",
      ]),
    BounceRule(
      name: "text: TLS or login needed", reason: .securityError,
      phrases: [
        "tls required for", "starttls is required", "starttls-not-supported", "senders to use tls",
        "cannot decode response",
        "authentication required", "must issue a starttls", "too many login attempts",
        "username and password not accepted",
      ]),
    BounceRule(
      name: "text: sender", reason: .senderRejected,
      phrases: [
        "sender address rejected", "unroutable sender", "sender rejected", "sender denied", "sender domain",
        "sender verify",
        "sender address verif", "sender*not allowed", "sender*blocked", "sender*rejected", "unknown sender",
        "bad sender", "invalid sender", "sender*does not exist", "sender address is not", "5.1.8", "5.1.7",
        "mail from*rejected", "mail from*refused", "mail from*not allowed", "domain of sender", "originator",
        "sender was not", "authenticat*sender", "sender not auth", "not authorized to send", "return path",
        "return-path",
        "from address", "the sender", "your email address", "envelope sender", "could not verify sender",
        "unable to verify sender", "callout verification", "sender callback", "backscatter", "null sender",
        "bounce*not accepted", "invalid domain, see", "administrative prohibition", "can't verify sender",
        "domain name*does not resolve", "user name is unknown", "access denied [mail_from]", "[mail_from]",
        "fully-qualified sender", "email address is on senderfilter", "allowed-senders", "not have permission to post",
        "not a member", "you are not allowed to post", "you're not allowed", "only accepts mail from",
        "permission to send", "restricted", "permission denied", "not authenticated for",
      ]),
  ]
}
