import ArgumentParser
import Engine
import Foundation

/// What imports have in common.
struct ImportOptions: ParsableArguments {
  @Argument(help: "The file; '-' for standard input, with --yes.") var file = "-"
  @Option(help: "Why.") var reason = ""
  @Flag(help: "Do not ask.") var yes = false
  @Flag(help: "Only say what it would do.") var preview = false
  @Flag(help: "One JSON object.") var json = false

  /// - Throws: `ValidationError` for standard input that could be read only once.
  func request() throws -> OperationRequest {
    if file == "-", !yes, !preview {
      throw ValidationError("standard input is read only once: with --yes for doing it, or --preview")
    }
    return OperationRequest(arguments: ["file": file == "-" ? OperationRequest.standardInput : file, "reason": reason])
  }

  /// - Returns: `nil` when only the preview was wanted, which is shown then.
  func confirmed(
    _ open: OpenWorkspace, _ operation: String, _ request: OperationRequest
  ) throws -> OperationRequest? {
    let performing = Performing(open, yes: yes, json: json)
    if preview {
      try performing.preview(operation, request)
      return nil
    }
    return try performing.confirm(operation, request)
  }
}
