import MailFormats
import Testing

@Suite struct EncodedWordTests {
  @Test(
    arguments: [
      ("plain", "plain"), ("=?utf-8?B?SsO8cmdlbg==?=", "Jürgen"), ("=?UTF-8?q?a_=C3=BC_b?= c", "a ü b c"),
      ("=?iso-8859-1?Q?=FC?= =?iso-8859-1?Q?=E4?=", "üä"), ("=?utf-8?B?w7w=?=  =?utf-8?B?w6Q=?=", "üä"),
      ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
      ("=?Shift_JIS?B?k/qWew==?=", "日本"), ("=?EUC-JP?B?xvzL3A==?=", "日本"), ("=?gb2312?B?1tDOxA==?=", "中文"),
      ("=?koi8-r?B?8NLJ18XU?=", "Привет"), ("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
      ("=?utf-7?Q?+APw-?=", "ü"), ("=?utf-8*en?Q?hi?=", "hi"), ("=?x-unknown?Q?=FC?=", "ü"),
      ("=?utf-8?Q?broken", "=?utf-8?Q?broken"), ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="), ("a =?", "a =?"),
    ])
  func decoding(value: String, expected: String) {
    #expect(EncodedWord.decode(bytes(value)) == expected)
  }

  @Test func `a character cut between two words of one charset is joined`() {
    #expect(EncodedWord.decode(bytes("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=")) == "ü")
  }

  @Test func `raw bytes that are not UTF-8 stay visible`() {
    #expect(EncodedWord.decode([0x61, 0xFC, 0x62]) == "aüb")
  }
}
