import CCurl

/// Message bodies are allocated by one thread and freed by another, thousands a second. By default glibc returns each
/// freed megabyte to the system at once and faults it in again a moment later: a third of the sender's time was that.
public enum FreedMemory {
  /// What stays with the process after it was freed, in bytes.
  private static let kept = 64 << 20

  /// For the whole process; called once, at its start.
  public static func keep() { ccurl_keep_freed_memory(kept) }
}
