import GRDB

/// Every change of the schema, by name, in order. A name that is here never changes its meaning.
enum Migrations {
  static func all() -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 queue") { db in try db.execute(sql: QueueSchema.sqlite) }
    migrator.registerMigration("2 reports") { db in try db.execute(sql: ReportSchema.sqlite) }
    migrator.registerMigration("3 control") { db in try db.execute(sql: ControlSchema.sqlite) }
    migrator.registerMigration("5 approvals") { db in try db.execute(sql: ApprovalSchema.sqlite) }
    migrator.registerMigration("11 delivery") { db in try db.execute(sql: DeliverySchema.sqlite) }
    migrator.registerMigration("6 notices") { db in try db.execute(sql: NoticeSchema.sqlite) }
    migrator.registerMigration("8 reports") { db in try db.execute(sql: ConsequenceSchema.sqlite) }
    migrator.registerMigration("4 inboxes") { db in try db.execute(sql: InboxSchema.sqlite) }
    migrator.registerMigration("12 shaping") { db in try db.execute(sql: ShapingSchema.sqlite) }
    migrator.registerMigration("10 insight") { db in try db.execute(sql: InsightSchema.sqlite) }
    migrator.registerMigration("13 mark") { db in try db.execute(sql: MarkSchema.sqlite) }
    migrator.registerMigration("7 cases") { db in try db.execute(sql: CaseSchema.sqlite) }
    migrator.registerMigration("14 desk") { db in try db.execute(sql: DeskSchema.sqlite) }
    migrator.registerMigration("15 provider replies") { db in try db.execute(sql: ProviderReplySchema.sqlite) }
    migrator.registerMigration("16 relays") { db in try db.execute(sql: RelaySchema.sqlite) }
    migrator.registerMigration("17 doubt") { db in try db.execute(sql: DoubtSchema.sqlite) }
    migrator.registerMigration("18 exchangers") { db in try db.execute(sql: ExchangerSchema.sqlite) }
    migrator.registerMigration("19 reply queue ids") { db in try db.execute(sql: ReplyQueueSchema.sqlite) }
    migrator.registerMigration("20 transitions") { db in try db.execute(sql: TransitionSchema.sqlite) }
    migrator.registerMigration("21 report batches") { db in try db.execute(sql: ReportBatchSchema.sqlite) }
    migrator.registerMigration("22 counted batches") { db in try db.execute(sql: IntakeSchema.sqlite) }
    migrator.registerMigration("23 state check", migrate: StateCheckSchema.migrate)
    migrator.registerMigration("24 mailbox failures") { db in try db.execute(sql: MailboxFailureSchema.sqlite) }
    migrator.registerMigration("25 handled reports") { db in try db.execute(sql: HandledReportSchema.sqlite) }
    migrator.registerMigration("26 reply queue order") { db in try db.execute(sql: ReplyQueueOrderSchema.sqlite) }
    migrator.registerMigration("27 proven complaints") { db in try db.execute(sql: ProofSchema.sqlite) }
    migrator.registerMigration("28 complaints of a message") { db in try db.execute(sql: ComplaintSchema.sqlite) }
    migrator.registerMigration("29 flagged mails") { db in try db.execute(sql: FlaggedSchema.sqlite) }
    migrator.registerMigration("30 lost messages") { db in try db.execute(sql: LostMessageSchema.sqlite) }
    migrator.registerMigration("31 proven replies") { db in try db.execute(sql: ReplyProofSchema.sqlite) }
    migrator.registerMigration("32 due mail of inboxes") { db in try db.execute(sql: InboxDueSchema.sqlite) }
    migrator.registerMigration("33 mailboxes read") { db in try db.execute(sql: MailboxReadSchema.sqlite) }
    migrator.registerMigration("34 recipients in any case") { db in try db.execute(sql: RecipientCaseSchema.sqlite) }
    migrator.registerMigration("35 unreadable mails") { db in try db.execute(sql: UnreadableMailSchema.sqlite) }
    migrator.registerMigration("36 bounces in any case") { db in try db.execute(sql: BounceCaseSchema.sqlite) }
    return migrator
  }
}
