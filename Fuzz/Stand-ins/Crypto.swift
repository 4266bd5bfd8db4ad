/// Stands in for swift-crypto, so that the fuzzer builds without SwiftPM: only the shape of the one call is needed.
public enum SHA256 {
  /// Not a digest: FNV-1a, spread over 32 bytes.
  public static func hash(data: some Sequence<UInt8>) -> [UInt8] {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in data { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<32).map { UInt8(truncatingIfNeeded: state >> UInt64($0 % 8 * 8)) }
  }
}
