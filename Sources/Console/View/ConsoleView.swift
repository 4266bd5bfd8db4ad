import Engine
import MailModel
import TerminalUI

/// The screen as a function of the state. Never waits, reads nothing else.
func view(_ state: ConsoleState, styles: Styles) -> Frame {
  let context = state.viewContext
  if state.size.isTooSmall {
    let key = state.keymap.keys(for: CommandInvocation(Keymap.stopCommand), in: state.context).first
    return TooSmall.frame(
      size: state.size, glyphs: state.glyphs,
      stopKey: context.gate((key ?? Keymap.fallbackStopKey).description))
  }
  var frame = Frame(size: state.size, glyphs: state.glyphs, style: styles[.text])
  let layout = state.layout
  HeaderView(state: state).draw(layout, into: &frame, styles: styles)
  BodyView(state: state).draw(layout, into: &frame, styles: styles)
  FooterView(state: state).draw(layout, into: &frame, styles: styles)
  OverlayView(state: state).draw(layout, into: &frame, styles: styles)
  return frame
}
