import CCurl
import Foundation
import MailModel

/// One POST over libcurl: no redirects, no other protocols, bounded in time and in what is read.
public enum HTTPPost {
  public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String
  }

  /// Bytes of the answer after which the transfer is cut.
  static let limit = 1_000_000

  /// - Parameters:
  ///   - url: `https://…`, or `http://…` towards loopback only.
  ///   - headers: whole lines, without line ends.
  ///   - caFile: authorities to trust instead of the system's.
  /// - Returns: the HTTP status. What else was answered is not kept: it may repeat the URL, which may hold a token
  ///   (fault 38).
  /// - Throws: `Failure` when there was no answer.
  public static func send(
    _ body: [UInt8], to url: String, headers: [String], caFile: String? = nil, connectTimeout: Int = 10,
    timeout: Int = 20
  ) throws(Failure) -> Int {
    guard CurlLibrary.isReady, let handle = curl_easy_init() else {
      throw Failure(description: "libcurl cannot be used")
    }
    defer { curl_easy_cleanup(handle) }
    guard (headers + [url]).allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
      throw Failure(description: "a control character in the URL or a header")
    }
    let isPlain = url.lowercased().hasPrefix("http://")
    guard isPlain || url.lowercased().hasPrefix("https://") else {
      // A URL may hold a token (fault 38): it is not repeated.
      throw Failure(description: "the URL is neither http nor https")
    }
    if isPlain { ccurl_allow_only_loopback(handle) }
    for (option, value) in [
      (CURLOPT_URL, url), (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_NOPROXY, "*"),
    ] { ccurl_set_string(handle, option, value) }
    if let caFile { ccurl_set_string(handle, CURLOPT_CAINFO, caFile) }
    for (option, value) in [
      (CURLOPT_POST, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECTTIMEOUT, connectTimeout),
      (CURLOPT_TIMEOUT, timeout), (CURLOPT_POSTFIELDSIZE, body.count),
    ] { ccurl_set_long(handle, option, value) }
    return try perform(handle, body, headers)
  }

  private static func perform(
    _ handle: UnsafeMutableRawPointer, _ body: [UInt8], _ headers: [String]
  ) throws(Failure) -> Int {
    var list: UnsafeMutablePointer<curl_slist>?
    // No `Expect: 100-continue`: it costs a round trip and some receivers do not know it.
    for line in headers + ["Expect:"] { list = curl_slist_append(list, line) ?? list }
    defer { curl_slist_free_all(list) }
    ccurl_set_header_list(handle, list)
    let length = AnswerLength()
    ccurl_set_body_callback(handle, AnswerLength.take, Unmanaged.passUnretained(length).toOpaque())
    let code = body.withUnsafeBytes { bytes in
      ccurl_set_body(handle, bytes.baseAddress)
      return withExtendedLifetime(length) { curl_easy_perform(handle) }
    }
    var status = 0
    ccurl_get_http_status(handle, &status)
    // A body that was cut at our limit has its status all the same.
    guard code == CURLE_OK || (code == CURLE_WRITE_ERROR && status > 0) else {
      throw Failure(description: String(cString: curl_easy_strerror(code)))
    }
    return status
  }
}

/// Passes over an answer and cuts one that does not end.
private final class AnswerLength {
  var count = 0

  static let take: ccurl_lines_callback = { bytes, size, number, context in
    let (length, overflow) = size.multipliedReportingOverflow(by: number)
    guard let context, !overflow else { return 0 }
    let answer = Unmanaged<AnswerLength>.fromOpaque(context).takeUnretainedValue()
    answer.count += length
    return answer.count <= HTTPPost.limit ? length : 0
  }
}
