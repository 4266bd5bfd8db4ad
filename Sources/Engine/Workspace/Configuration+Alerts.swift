import MailPolicy

extension ConfigurationKey {
  /// The limits of alerts, which the runbooks' "Key Thresholds" give the defaults of.
  static let alerts: [ConfigurationKey] = [
    .init(
      "ALERT_BOUNCE_RATE", .limits(0...100), fallback: "3, 5", group: "Alerts",
      "Refused and bounced of what was concluded in 24 hours, in percent."),
    .init(
      "ALERT_COMPLAINT_RATE", .limits(0...100), fallback: "0.05, 0.1", group: "Alerts",
      "Complaints on what was accepted in 24 hours, in percent. From 0.3 on, large mailbox providers refuse mail."),
    .init(
      "ALERT_BACKLOG", .limits(0...10_000_000), fallback: "100, 500", group: "Alerts",
      "Messages that wait. A campaign of thousands needs more."),
    .init(
      "ALERT_BLOCK_BOUNCES", .limits(0...1_000_000), fallback: "0, 9", group: "Alerts",
      "Bounces in 24 hours that refuse us for policy or reputation."),
    .init(
      "ALERT_SMALLEST_SAMPLE", .integer(1...1_000_000), fallback: "20", group: "Alerts",
      "Concluded messages without which no rate makes an alert."),
  ]
}

extension AlertThresholds {
  init(_ values: ConfigurationValues) throws(ConfigurationError) {
    self.init()
    bounceRate = try values.threshold("ALERT_BOUNCE_RATE", of: 100)
    complaintRate = try values.threshold("ALERT_COMPLAINT_RATE", of: 100)
    backlog = try values.threshold("ALERT_BACKLOG")
    blocked = try values.threshold("ALERT_BLOCK_BOUNCES")
    smallestSample = try values.integer("ALERT_SMALLEST_SAMPLE")
  }
}

extension ConfigurationValues {
  /// - Parameter whole: what the value is a share of: 100 for percent.
  fileprivate func threshold(_ name: String, of whole: Double = 1) throws(ConfigurationError) -> Threshold {
    guard let (warning, critical) = ConfigurationValues.pair(try text(name)) else {
      throw error(name, problem: "not two numbers", expected: "warning and critical")
    }
    return Threshold(warning: warning / whole, critical: critical / whole)
  }

  /// Two numbers with a comma between: warning, critical.
  static func pair(_ text: String) -> (Double, Double)? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { field in field.filter { $0 != " " } }.map {
        $0.allSatisfy { "0123456789.".contains($0) } ? Double($0) : nil
      }
    guard numbers.count == 2, let warning = numbers[0], let critical = numbers[1] else { return nil }
    return (warning, critical)
  }
}
