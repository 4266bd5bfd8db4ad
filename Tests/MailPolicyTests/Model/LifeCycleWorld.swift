import MailModel

/// One state of the model: two messages, two engines with a connection each, the permit. Numbers instead of values, because
/// there are some hundred thousand of them.
struct World {
  var messages = Pair(ModelMessage(), ModelMessage())
  var engines = Pair(ModelEngine(), ModelEngine())
  var permit = 0
  /// Claims of all messages so far.
  var claims = 0

  /// The whole world in 128 bits.
  var packed: Packed {
    Packed(
      messages: messages.first.bits | messages.second.bits << 32,
      engines: engines.first.bits | engines.second.bits << 28 | UInt64(permit) << 56 | UInt64(claims) << 58)
  }

  struct Packed: Hashable {
    var messages: UInt64
    var engines: UInt64
  }

  /// The same world without what nobody will look at again.
  mutating func forget() {
    messages.first.forget()
    messages.second.forget()
    sort()
  }

  /// The same world with engines and messages in an order of their own: which of two is called the first says nothing.
  private mutating func sort() {
    if engines.first.shape > engines.second.shape {
      swap(&engines.first, &engines.second)
      messages.first.owner ^= 1
      messages.second.owner ^= 1
    }
    if messages.first.bits > messages.second.bits {
      swap(&messages.first, &messages.second)
      engines.first.swapMessages()
      engines.second.swapMessages()
    }
  }
}

struct Pair<Element> {
  var first: Element
  var second: Element

  init(_ first: Element, _ second: Element) { (self.first, self.second) = (first, second) }

  subscript(_ index: Int) -> Element {
    get { index == 0 ? first : second }
    set { if index == 0 { first = newValue } else { second = newValue } }
  }
}

/// A row of the store, what the relay knows of it, and what the journal of its lease's owner says.
struct ModelMessage {
  var state = RuleTables.number(.queued)
  var epoch = 0
  /// Whose lease it is or was: the engine's number, and two more for its second life.
  var owner = 0
  /// 0 nothing, 1 the dot was begun, else 2 + the `Ending`.
  var journal = 0
  /// How often the relay took it; 3 for more.
  var taken = 0
  /// Persons who sent it again.
  var resends = 0
  var hasAcceptance = false
  var hasRefusal = false
  /// An engine died while it was armed in its name, and it came into doubt for that.
  var isDeathsDoubt = false

  /// The journal and the owner are of interest while there is a lease, most of the rest until the end.
  mutating func forget() {
    if state != LifeCycleModel.leased, state != LifeCycleModel.armed {
      journal = 0
      if !isDeathsDoubt { owner = 0 }
    }
    guard LifeCycleModel.terminal.contains(state) else { return }
    epoch = 0
    owner = 0
    hasAcceptance = false
    hasRefusal = false
    isDeathsDoubt = false
  }

  var bits: UInt64 {
    var bits = UInt64(state) | UInt64(epoch) << 4 | UInt64(owner) << 7 | UInt64(journal) << 9 | UInt64(taken) << 13
    bits |= UInt64(resends) << 15
    if hasAcceptance { bits |= 1 << 17 }
    if hasRefusal { bits |= 1 << 18 }
    if isDeathsDoubt { bits |= 1 << 19 }
    return bits
  }
}

/// Where an engine's connection is with its message.
enum Phase: Int { case idle, leased, armed, concluded }

struct ModelEngine {
  var isAlive = true
  /// 0 the first, 1 the one after its crash.
  var life = 0
  var phase = Phase.idle
  var ending = Ending.withdrawn
  var isArmed = false
  var message = 0
  var epoch = 0
  /// A message that is armed ahead of the connection; epoch 0 for none.
  var aheadMessage = 0
  var aheadEpoch = 0

  /// All but the messages' numbers.
  var shape: UInt64 { bits & ~(1 << 8 | 1 << 12) }

  mutating func swapMessages() {
    if phase != .idle { message ^= 1 }
    if aheadEpoch > 0 { aheadMessage ^= 1 }
  }

  var bits: UInt64 {
    var bits = UInt64(life) | UInt64(phase.rawValue) << 1 | UInt64(ending.rawValue) << 5 | UInt64(message) << 8
    bits |= UInt64(epoch) << 9 | UInt64(aheadMessage) << 12 | UInt64(aheadEpoch) << 13
    if isAlive { bits |= 1 << 16 }
    if isArmed { bits |= 1 << 17 }
    return bits
  }
}

/// One step, for the words of a counterexample.
struct Step {
  enum Kind: String {
    case start, stop, resume, claim, claimArmed, takeAhead, arm, endBeforeDot, noDot, dotTaken, dotUntaken, finish
    case crash, crashTaken, crashUntaken, restart, recover, sendAgain
  }

  var kind: Kind
  var engine = 0
  var message = 0
}

/// A state in which something that was promised does not hold, and how it came to that.
struct Counterexample: CustomStringConvertible {
  var promise: Promise
  var steps: [String]
  var description: String { "\(promise): \(steps.joined(separator: ", "))" }
}

enum Promise: String {
  case neverLost, neverTwice, sentOnlyWith2xx, doubtOnlyWithoutReply, doubtWithinConnections, nothingArmedAfterStop
  case terminalIsFinal
}
