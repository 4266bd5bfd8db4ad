/// The commented `.env.example`, made from the key table so that the two cannot differ.
public enum EnvExample {
  public static var text: String {
    var lines = [
      "# Settings of a Postroom workspace. Environment variables of the same names override this file.",
      "# Keep it to yourself: chmod 600 .env, or Postroom refuses it.",
    ]
    var group = ""
    for key in ConfigurationKey.all {
      if key.group != group {
        group = key.group
        lines += ["", "## \(group)"]
      }
      lines.append("# \(key.help)")
      let also = key.aliases.isEmpty ? "" : " Also read: \(key.aliases.joined(separator: ", "))."
      lines.append("# Expected: \(key.form.expectation).\(also)")
      lines.append(key.fallback.map { "#\(key.name)=\($0)" } ?? "\(key.name)=")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The reference page of all keys, as Markdown.
  public static var markdown: String {
    var lines = [
      "# Configuration", "",
      "Made from the key table by `postroom docs configuration`; a test compares the two.", "",
      "A workspace is a folder with a `.env` (mode 0600) and the store. Environment variables override `.env`.", "",
    ]
    var group = ""
    for key in ConfigurationKey.all {
      if key.group != group {
        group = key.group
        lines += ["", "## \(group)", "", "| key | expected | default | meaning |", "|---|---|---|---|"]
      }
      let names = ([key.name] + key.aliases).map { "`\($0)`" }.joined(separator: ", ")
      let fallback = key.fallback.map { $0.isEmpty ? "empty" : "`\($0)`" } ?? "required"
      lines.append("| \(names) | \(key.form.expectation) | \(fallback) | \(key.help) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
