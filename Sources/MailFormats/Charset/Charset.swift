/// The character sets this module decodes, each under one name that the C library knows.
///
/// Only these names ever reach `iconv`: a charset parameter is text from outside, and rare converters have had
/// endless loops and buffer overruns.
enum Charset {
  /// Text that needs no conversion: ASCII and UTF-8.
  static let utf8 = "UTF-8"

  /// The converter's name for a charset parameter, or `nil` when it is unknown.
  static func converterName(_ label: String) -> String? {
    if let known = aliases[label] { return known }
    let key = label.utf8.lazy.map(Octet.lower).filter {
      Octet.isLetter($0) || Octet.isDigit($0) || $0 == Octet.dash || $0 == 0x5F
    }.utf8Text
    if let known = aliases[key] { return known }
    if let number = trailingNumber(key, after: ["iso-8859-", "iso8859-", "iso_8859-", "iso8859_"]), number <= 16 {
      return number == 12 ? nil : "ISO-8859-\(number)"
    }
    if let number = trailingNumber(key, after: ["windows-", "cp", "cp-", "win-"]) {
      if (1250...1258).contains(number) { return "CP\(number)" }
      return codePages[number]
    }
    return nil
  }

  private static func trailingNumber(_ key: String, after prefixes: [String]) -> Int? {
    for prefix in prefixes where key.hasPrefix(prefix) && key.utf8.count <= prefix.utf8.count + 5 {
      if let number = Int(key.dropFirst(prefix.count)), number > 0 { return number }
    }
    return nil
  }

  private static let codePages: [Int: String] = [
    437: "CP437", 850: "CP850", 852: "CP852", 866: "CP866", 874: "CP874", 932: "CP932", 936: "GB18030", 949: "UHC",
    950: "BIG5", 51932: "EUC-JP", 65001: utf8,
  ]

  private static let aliases: [String: String] = [
    "": utf8, "utf-8": utf8, "utf8": utf8, "us-ascii": utf8, "ascii": utf8, "ansi_x34-1968": utf8, "unknown-8bit": utf8,
    "unicode-1-1-utf-8": utf8, "utf-7": "UTF-7", "unicode-1-1-utf-7": "UTF-7", "utf-16": "UTF-16",
    "utf-16le": "UTF-16LE", "utf-16be": "UTF-16BE", "latin1": "CP1252", "iso-8859-1": "CP1252", "iso8859-1": "CP1252",
    "iso_8859-1": "CP1252", "8859-1": "CP1252", "iso-8859-8-i": "ISO-8859-8", "iso-2022-jp": "ISO-2022-JP-2",
    "iso-2022-jp-ms": "ISO-2022-JP-2", "iso-2022-jp-1": "ISO-2022-JP-2", "iso-2022-jp-2": "ISO-2022-JP-2",
    "csiso2022jp": "ISO-2022-JP-2", "iso-2022-kr": "ISO-2022-KR", "shift_jis": "CP932", "shift-jis": "CP932",
    "sjis": "CP932", "x-sjis": "CP932", "ms_kanji": "CP932", "windows-31j": "CP932", "euc-jp": "EUC-JP",
    "x-euc-jp": "EUC-JP", "euc-kr": "UHC", "ks_c_5601-1987": "UHC", "gb2312": "GB18030", "x-gbk": "GB18030",
    "gbk": "GB18030", "gb18030": "GB18030", "gb_2312-80": "GB18030", "hz-gb-2312": utf8, "big5": "BIG5",
    "big-5": "BIG5",
    "big5-hkscs": "BIG5-HKSCS", "koi8-r": "KOI8-R", "koi8-u": "KOI8-U", "koi8r": "KOI8-R", "tis-620": "TIS-620",
    "macintosh": "MACINTOSH", "x-mac-roman": "MACINTOSH", "viscii": "VISCII",
  ]
}
