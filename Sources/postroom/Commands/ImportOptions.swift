import ArgumentParser
import Engine
import Foundation

/// What imports have in common.
struct ImportOptions: ParsableArguments {
  @Argument(help: "The file; '-' for standard input, with --yes.") var file = "-"
  @Option(help: "Why.") var reason = ""
  @OptionGroup var performing: PerformingOptions

  var json: Bool { performing.json }

  /// - Throws: `ValidationError` for standard input that could be read only once.
  func request() throws -> OperationRequest {
    if file == "-", !performing.yes, !performing.preview {
      throw ValidationError("standard input is read only once: with --yes for doing it, or --preview")
    }
    return OperationRequest(arguments: ["file": file == "-" ? OperationRequest.standardInput : file, "reason": reason])
  }

  /// - Returns: `nil` when only the preview was wanted, which is shown then.
  func confirmed(
    _ open: OpenWorkspace, _ operation: String, _ request: OperationRequest
  ) throws -> OperationRequest? {
    guard !performing.preview else {
      try performing.perform(operation, request, in: open)
      return nil
    }
    return try Performing(open, performing).confirm(operation, request)
  }
}
