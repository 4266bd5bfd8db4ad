import MailModel

extension AlertRules {
  /// Roles are changed by a lead and audited; whoever may write the workspace's files can still edit them by hand.
  static func roleAlerts(_ vitals: Vitals) -> [Alert] {
    guard vitals.areRolesAltered else { return [] }
    return [
      Alert(
        id: "roles-altered", severity: .critical, title: "Roles altered by hand",
        explanation: "The file 'operators' is not what was last set through the program, and no lead answers for it. "
          + "Look at it, ask who did it; operators.set confirms what stands there then.",
        respondWithin: .hours(1))
    ]
  }
}
