import MailFormats
import Testing

/// Text out of HTML: what a reader of it sees as letters.
@Suite struct HTMLTextTests {
  @Test(arguments: [
    ("&#97;nn&#64;there.example", "ann@there.example"), ("&#x61;nn&#X40;there.example", "ann@there.example"),
    ("couldn&#8217;t", "couldn't"), ("ann&#8203;@there", "ann@there"), ("a&#160;b&#13;c&#10;d", "a b c\nd"),
    ("&#228;&#x4E0D;&#128512;", "ä不😀"), ("&lt;a&gt;&amp;&quot;", "<a>&\""),
    ("&#;&#x;&#xZZ;&#55296;&#1114112;&#123456789012;&#1", "&#;&#x;&#xZZ;&#55296;&#1114112;&#123456789012;&#1"),
    ("a<br>b<style>c</style>d", "a\nb  d"), ("To: a<br>\nCc: b<br> \r\n c", "To: a\nCc: b\n c"),
    ("<p>a</p>\n<p>b</p>", "\na\n\nb\n"), ("a<br>\n<br>\nb", "a\n\nb"), ("a\nb", "a\nb"),
  ])
  func `references and tags`(html: String, text: String) {
    #expect(String(decoding: HTMLText.plain(Array(html.utf8)), as: UTF8.self) == text)
  }

  @Test func `the text is never longer than what it was made of`() {
    for value in [UInt32](0x20...0x2FF) + [0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF] {
      let html = "&#\(value);"
      #expect(HTMLText.plain(Array(html.utf8)).count <= html.utf8.count)
    }
  }
}
