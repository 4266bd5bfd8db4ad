import Engine
import Synchronization

/// Answers as it is told and remembers what was posted.
final class FakeWebHook: WebHook {
  struct Post: Sendable {
    var body: [UInt8]
    var url: String
    var headers: [String]
  }

  private let posts = Mutex<[Post]>([])
  /// Statuses in the order of the posts, the last one for ever; `nil` for no answer.
  private let statuses: Mutex<[Int?]>

  init(_ statuses: [Int?]) { self.statuses = Mutex(statuses) }

  var received: [Post] { posts.withLock { $0 } }

  func post(_ body: [UInt8], to url: String, headers: [String]) throws(WebHookUnreachable) -> Int {
    posts.withLock { $0.append(Post(body: body, url: url, headers: headers)) }
    let status = statuses.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? 200 }
    guard let status else { throw WebHookUnreachable("connection refused") }
    return status
  }
}
