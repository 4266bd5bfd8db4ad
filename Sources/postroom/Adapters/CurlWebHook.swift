import Engine
import Transport

/// The web hook over libcurl.
struct CurlWebHook: WebHook {
  /// Authorities to trust; empty for the system's.
  let caFile: String

  func post(_ body: [UInt8], to url: String, headers: [String]) throws(WebHookUnreachable) -> Int {
    do throws(HTTPPost.Failure) {
      return try HTTPPost.send(body, to: url, headers: headers, caFile: caFile.isEmpty ? nil : caFile)
    } catch {
      throw WebHookUnreachable(error.description)
    }
  }
}
