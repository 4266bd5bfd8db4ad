import MailModel

extension AlertRules {
  /// A clock that was set: nothing is lost by it as long as somebody looks (fault 11).
  static func clockAlerts(_ vitals: Vitals) -> [Alert] {
    guard let jump = vitals.clockJump else { return [] }
    let direction = jump.microseconds < 0 ? "behind" : "ahead"
    return [
      Alert(
        id: "clock-jump", severity: .critical, title: "Clock jumped \(direction)",
        explanation: "The machine's clock is \(words(jump)) \(direction). Time goes on from before the jump: nothing "
          + "expires and nothing is due early. Set the clock back, or say with clock.confirm that it is right.",
        respondWithin: .hours(1))
    ]
  }

  private static func words(_ span: Span) -> String {
    let seconds = abs(span.microseconds / 1_000_000)
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 7_200 { return "\(seconds / 60) min" }
    return seconds < 172_800 ? "\(seconds / 3_600) h" : "\(seconds / 86_400) days"
  }
}
