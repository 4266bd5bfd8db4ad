import Foundation

/// The image of a process that died: it would hold every password and the mail that was under way (fault 38).
enum CoreDump {
  static func forbid() {
    // One byte and not none: with none the system still hands a whole image to the program that collects them.
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
