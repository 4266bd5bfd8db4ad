import Glibc

/// The system's database of users and groups, asked in the way that is safe on several threads: getpwuid(3) and its like
/// keep one answer for the whole process, and a name that another thread has overwritten would be another's role.
enum SystemDatabase {
  /// The name of a user; `nil` when there is none or the database cannot be read.
  static func user(_ number: uid_t) -> String? {
    ask(passwd()) {
      getpwuid_r(number, $0, $1, $2, $3)
    } read: {
      String(cString: $0.pw_name)
    }
  }

  static func hasUser(_ name: String) -> Bool {
    ask(passwd()) {
      getpwnam_r(name, $0, $1, $2, $3)
    } read: { _ in
      true
    } ?? false
  }

  /// A group's number and the names of its members; `nil` when there is none or the database cannot be read.
  static func group(_ name: String) -> (number: gid_t, members: [String])? {
    ask(Glibc.group()) {
      getgrnam_r(name, $0, $1, $2, $3)
    } read: { entry in
      var members: [String] = []
      var next = entry.gr_mem
      while let member = next?.pointee {
        members.append(String(cString: member))
        next = next?.advanced(by: 1)
      }
      return (entry.gr_gid, members)
    }
  }

  private typealias Call<Entry> = (
    UnsafeMutablePointer<Entry>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<Entry>?>
  ) -> Int32

  /// Longer than the entry of any group.
  private static let longestEntry = 1 << 22

  private static func ask<Entry, Answer>(
    _ empty: Entry, _ call: Call<Entry>, read: (Entry) -> Answer
  ) -> Answer? {
    var size = 1_024
    while size <= longestEntry {
      let text = UnsafeMutablePointer<CChar>.allocate(capacity: size)
      defer { text.deallocate() }
      var entry = empty
      var found: UnsafeMutablePointer<Entry>?
      let code = call(&entry, text, size, &found)
      // What is found refers to `text`.
      if code == 0 { return found.map { read($0.pointee) } }
      guard code == ERANGE || code == EINTR else { return nil }
      if code == ERANGE { size *= 2 }
    }
    return nil
  }
}
