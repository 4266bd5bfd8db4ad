/// One mail transaction as the client describes it before DATA.
struct Envelope: Equatable {
  struct Recipient: Equatable {
    var address: String
    var behaviour: SandboxBehaviour
    /// ORCPT, decoded, such as `rfc822;a@b` (RFC 3461 §4.2).
    var original: String?
    /// NOTIFY keywords; empty when not given.
    var notify: Set<String>
  }

  var sender: String
  /// ENVID, decoded (RFC 3461 §4.4).
  var envelopeID: String?
  var usesUTF8: Bool
  var recipients: [Recipient] = []

  /// What happens in and after DATA: the first recipient that asks for anything decides.
  var dataBehaviour: SandboxBehaviour {
    let special = recipients.map(\.behaviour).first { behaviour in
      switch behaviour {
      case .refuseAtDot, .stallAfterDot, .dropInData, .dropAfterDot, .slow, .garbageAfterDot: true
      default: false
      }
    }
    return special ?? .accept
  }
}
