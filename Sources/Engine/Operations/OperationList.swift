extension Operation {
  /// The list. Adding an operation is adding one value in one of these files.
  public static let all: [Operation] =
    stopOperations + queueOperations + uncertainOperations + accountOperations + reviewOperations
    + caseOperations + restrictionAuditOperations + complaintOperations
    + suppressionOperations + reportOperations + checklistOperations + approvalOperations + breakGlassOperations
    + inboxOperations + noticeOperations + operatorOperations
    + shapingOperations + concurrencyOperations + runOperations + clockOperations + sharingOperations
    + importOperations

  private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

  public static func named(_ id: String) -> Operation? { byID[id] }
}
