import Engine
import Foundation
import MailModel
import Synchronization
import TerminalUI

/// What the console needs from the program around it.
struct ConsoleActions: Sendable {
  var loadTheme: (@Sendable (String) throws -> Theme)?
  var scan: ScanAction?
}

/// Does what the console wants done, on threads of its own, and posts what came of it.
///
/// Reading and writing have a queue each: a database that somebody has locked for writing does not stop the screen, and
/// a search through a large table does not hold up the header. Each pane has one reading under way at most.
final class EffectRunner: Sendable {
  private let open: OpenWorkspace
  private let mailbox: EventMailbox
  private let actions: ConsoleActions
  private let reads = DispatchQueue(label: "console-reads", qos: .userInitiated, attributes: .concurrent)
  private let writes = DispatchQueue(label: "console-writes", qos: .userInitiated)
  private let scans = DispatchQueue(label: "console-scans")
  private let underWay = DispatchGroup()
  private let inHand = Atomic<Int>(0)
  private let isFinished = Atomic<Bool>(false)

  init(open: OpenWorkspace, mailbox: EventMailbox, actions: ConsoleActions) {
    self.open = open
    self.mailbox = mailbox
    self.actions = actions
  }

  /// Whether all that was asked for has been answered; scans, which may take minutes, aside.
  var isIdle: Bool { inHand.load(ordering: .acquiring) == 0 }

  func run(_ effect: ConsoleEffect) {
    switch effect {
    case .loadOverview:
      read({ .overview(try $0.overview()) }, else: ConsoleEvent.overviewFailed)
    case .loadWindow(let id, let query, let move, let window):
      read({ .window(id, try $0.window(query, move, from: window), move) }, else: { .windowFailed(id, $0) })
    case .countNewer(let id, let window):
      read({ .newer(id, try $0.newerRows(than: window)) }, else: { .newerFailed(id, $0) })
    case .loadChecklist:
      read(
        { open in
          do { return .checklist(try open.checklistToday()) } catch let problem as Engine.ConfigurationError {
            return .checklistFailed("\(problem)")
          }
        }, else: { .windowFailed(.checklist, $0) })
    case .loadInsight:
      read({ .insight(try $0.insight()) }, else: { .windowFailed(.insight, $0) })
    case .loadCase(let account):
      read({ .caseFile(try $0.caseFile(of: account)) }, else: { .windowFailed(.abuseCase, $0) })
    case .findNextInAudit(let account):
      read({ .nextInAudit(try $0.nextInAudit(after: account)) }, else: ConsoleEvent.overviewFailed)
    case .loadDetails(let id, let row):
      guard case .listed(let listed) = row else { return }
      read({ .details(id, row, try $0.details(of: listed)) }, else: { .detailsFailed(id, $0) })
    case .preview(let call):
      read(
        { .preview(call, try $0.operations.preview(call.operation.id, call.request)) }, else: { .refused(call, $0) })
    case .perform(let call): perform(call)
    case .scan: scanNow()
    case .loadTheme(let name): loadTheme(name)
    case .trip, .redraw, .bell: break
    }
  }

  private func read(
    _ body: @escaping @Sendable (OpenWorkspace) throws -> ConsoleEvent,
    else failed: @escaping @Sendable (String) -> ConsoleEvent
  ) {
    begin(on: reads) { [open, mailbox] in
      do { mailbox.post(try body(open)) } catch { mailbox.post(failed("\(error)")) }
    }
  }

  private func perform(_ call: OperationCall) {
    begin(on: writes, always: true) { [open, mailbox] in
      do {
        let effect = try open.operations.perform(call.operation.id, call.request)
        mailbox.post(.performed(call, summary: effect.summary, refusals: effect.refusals))
      } catch {
        mailbox.post(.refused(call, "\(error)"))
      }
    }
  }

  private func scanNow() {
    guard let scan = actions.scan else { return mailbox.post(.scanFailed("no report mailbox is configured here")) }
    begin(on: scans) { [mailbox] in
      do { mailbox.post(.scanned(try scan { mailbox.post(.scanProgress($0)) })) } catch {
        mailbox.post(.scanFailed("\(error)"))
      }
    }
  }

  private func loadTheme(_ name: String) {
    begin(on: reads) { [mailbox, actions] in
      do {
        guard let load = actions.loadTheme else { return mailbox.post(.themeFailed("themes cannot be read here")) }
        mailbox.post(.theme(try load(name)))
      } catch { mailbox.post(.themeFailed("\(error)")) }
    }
  }

  /// Lets what was begun come to its end, for at most so long, and begins no more reading: an operation that was
  /// confirmed is done, and nobody reads a store that is being closed.
  func finish(seconds: Double) {
    isFinished.store(true, ordering: .sequentiallyConsistent)
    _ = underWay.wait(timeout: .now() + seconds)
  }

  /// - Parameter always: even when the console is being left meanwhile.
  private func begin(on queue: DispatchQueue, always: Bool = false, _ body: @escaping @Sendable () -> Void) {
    let isScan = queue === scans
    underWay.enter()
    if !isScan { inHand.add(1, ordering: .relaxed) }
    queue.async { [self] in
      defer { underWay.leave() }
      if always || !isFinished.load(ordering: .sequentiallyConsistent) { body() }
      if !isScan { inHand.subtract(1, ordering: .releasing) }
    }
  }
}
