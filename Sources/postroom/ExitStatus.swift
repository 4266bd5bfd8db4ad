import ArgumentParser
import Engine
import Foundation
import MailFormats
import Storage
import TerminalNcurses
import TerminalUI

/// How many of several files were not taken, each with its reason on standard error.
struct FilesRefused {
  var given = 0
  var unreadable = 0
  /// For what stands in them.
  var refused = 0

  /// - Throws: the exit status, unless all were taken. Of files none of which can be read nothing was taken, as of one.
  func check() throws {
    if given > 0, unreadable == given { throw ExitStatus.fileTrouble.code }
    if unreadable + refused > 0 { throw ExitStatus.dataRefused.code }
  }
}

/// What the program's exit status means; the numbers are those of sysexits.h, which mailers know.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case usage = 64
  /// Some of the input was refused; the rest was taken.
  case dataRefused = 65
  /// Relay or mailbox cannot be reached or refuse the login.
  case unavailable = 69
  case software = 70
  case fileTrouble = 74
  /// Not now: stopped, relay unusable for now, store busy. Try again later.
  case tryAgain = 75
  case role = 77
  case configuration = 78

  /// The status for an error of ours, or `nil` for the argument parser's own.
  init?(_ error: any Error) {
    switch error {
    case is Engine.ConfigurationError, is TerminalUI.ConfigurationError: self = .configuration
    case let error as StoreError: self = ExitStatus(store: error)
    case let refusal as OperationRefusal: self = ExitStatus(refusal: refusal)
    case is RefusedAddress, is CanonicalError, is SubmissionError, is AddressError, is HiddenInput.Problem:
      self = .dataRefused
    case is MailboxUnavailable, is RelayUnavailable, is TerminalError: self = .unavailable
    case is FileProblem, is CocoaError: self = .fileTrouble
    case is ThreadProblem: self = .tryAgain
    default: return nil
    }
  }

  private init(store error: StoreError) {
    switch error {
    case .missing, .newerSchema, .unsafeFile: self = .configuration
    case .busy: self = .tryAgain
    case .full, .io, .syncFailed, .readOnly: self = .fileTrouble
    case .damaged, .noPermit, .refused, .other: self = .software
    }
  }

  private init(refusal: OperationRefusal) {
    switch refusal {
    case .role, .secondPerson, .readOnly: self = .role
    case .rolesUnknown: self = .configuration
    case .unknownOperation, .missingArgument, .unknownArgument, .noTarget, .badTarget: self = .usage
    case .changed, .notNow: self = .tryAgain
    }
  }

  var code: ExitCode { ExitCode(rawValue) }
}
