import CCurl
import MailModel

extension CurlConnection {
  /// Connects, secures and, by SMTP, logs in.
  ///
  /// - Throws: ``ConnectionFailure``; the connection is then of no use.
  func open() throws(ConnectionFailure) {
    if let fault = plan.fault { throw ConnectionFailure(kind: .settings, detail: fault) }
    guard configure() else {
      throw ConnectionFailure(
        kind: .settings, detail: "libcurl refuses an option: \(message(of: CURLE_BAD_FUNCTION_ARGUMENT))")
    }
    curl_multi_add_handle(multi, handle)
    let result = try perform()
    guard result == CURLE_OK else {
      throw ConnectionFailure(kind: kind(of: result), detail: message(of: result))
    }
    var active: curl_socket_t = -1
    guard ccurl_get_socket(handle, &active) == CURLE_OK, active >= 0 else {
      throw ConnectionFailure(kind: .dialogue, detail: "the server closed the connection")
    }
    socket = active
  }

  private func configure() -> Bool {
    let wait = (plan.connectTimeout.microseconds + plan.commandTimeout.microseconds) / 1_000
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_CONNECT_ONLY, 1), (CURLOPT_NOSIGNAL, 1), (CURLOPT_TCP_NODELAY, 1), (CURLOPT_NETRC, 0),
      (CURLOPT_BUFFERSIZE, CurlConnection.readSize),
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_CERTINFO, 1),
      (CURLOPT_SSL_ENABLE_ALPN, 0),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_USE_SSL, Int((plan.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue)),
      (CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: max(1, wait))),
      (CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(clamping: max(1, plan.commandTimeout.microseconds / 1_000_000))),
    ]
    var texts: [(CURLoption, String)] = [
      (CURLOPT_URL, plan.url), (CURLOPT_PROXY, ""), (CURLOPT_PROTOCOLS_STR, "\(plan.scheme),\(plan.scheme)s"),
    ]
    let login = plan.service == .smtp ? plan.username : nil
    if let login { texts.append((CURLOPT_USERNAME, login)) }
    var results = numbers.map { ccurl_set_long(handle, $0, $1) } + texts.map { ccurl_set_string(handle, $0, $1) }
    if let password = plan.password, login != nil {
      results.append(ccurl_set_string(handle, CURLOPT_PASSWORD, password.reveal()))
    }
    if let caFile = plan.caFile {
      // Without the default directory a new connection costs 3 ms of CPU instead of 60.
      results.append(ccurl_set_string(handle, CURLOPT_CAINFO, caFile))
      results.append(ccurl_set_string(handle, CURLOPT_CAPATH, nil))
    }
    if plan.security == .none { results.append(ccurl_allow_only_loopback(handle)) }
    results.append(ccurl_set_error_buffer(handle, errorText))
    results.append(ccurl_set_lines_callback(handle, ServerLines.callback, lines.context))
    return results.allSatisfy { $0 == CURLE_OK }
  }

  /// Drives libcurl until it is done, a deadline passes or another thread interrupts.
  private func perform() throws(ConnectionFailure) -> CURLcode {
    let start = Monotonic.now
    while true {
      var running: Int32 = 0
      guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
      var waiting: Int32 = 0
      while let message = curl_multi_info_read(multi, &waiting) {
        if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
      }
      if interrupter.isInterrupted { throw ConnectionFailure(kind: .interrupted, detail: "asked to stop") }
      let limit =
        hasConnected
        ? plan.connectTimeout.microseconds + plan.commandTimeout.microseconds : plan.connectTimeout.microseconds
      let left = start + Span(microseconds: limit) - Monotonic.now
      guard left.microseconds > 0 else {
        throw ConnectionFailure(
          kind: .timeout,
          detail: hasConnected
            ? "the server did not finish its greeting and login in time" : "no answer to the connection request")
      }
      var wake = curl_waitfd(fd: interrupter.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
      let count: UInt32 = interrupter.descriptor >= 0 ? 1 : 0
      curl_multi_poll(multi, &wake, count, Int32(clamping: min(100, left.microseconds / 1_000 + 1)), nil)
    }
  }

  private var hasConnected: Bool {
    var time: curl_off_t = 0
    return ccurl_get_offset(handle, CURLINFO_CONNECT_TIME_T, &time) == CURLE_OK && time > 0
  }

  private func kind(of result: CURLcode) -> ConnectionFailureKind {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: .login
    case CURLE_USE_SSL_FAILED: .startTLS
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_INVALIDCERTSTATUS:
      .tls
    case CURLE_WEIRD_SERVER_REPLY where lines.bytes.isEmpty: .greeting
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .settings
    default: .dialogue
    }
  }

  private func message(of result: CURLcode) -> String {
    let detail = String(cString: errorText)
    return detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
  }
}
