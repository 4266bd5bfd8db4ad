import MailModel

extension AlertRules {
  /// A clock that was set: nothing is lost by it as long as somebody looks (fault 11).
  static func clockAlerts(_ vitals: Vitals) -> [Alert] {
    guard let jump = vitals.clockJump else { return [] }
    let direction = jump.microseconds < 0 ? "behind" : "ahead"
    return [
      Alert(
        id: "clock-jump", severity: .critical, title: "Clock jumped \(direction)",
        explanation: "The machine's clock is \(jump.words) \(direction). Time goes on from before the jump: nothing "
          + "expires and nothing is due early. Set the clock back, or say with clock.confirm that it is right.",
        respondWithin: .hours(1))
    ]
  }
}
