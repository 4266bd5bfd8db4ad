// Typed functions over ncurses, because most of it is macros and variadics that Swift does not import, and the signal
// handlers, because only C may run in one.
#ifndef POSTROOM_NCURSES_SHIM_H
#define POSTROOM_NCURSES_SHIM_H

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// Declared by the C library only for _GNU_SOURCE, which an importer cannot set.
int wcwidth(wchar_t);
int memfd_create(const char *, unsigned int);
int pipe2(int[2], int);
int dup3(int, int, int);

// MARK: - Screen

/// What `screen_open` gives; `screen` is NULL when the terminal's type is not known.
typedef struct {
  SCREEN *screen;
  WINDOW *keys;
  FILE *output;
  FILE *input;
} screen_handle;

/// Opens the screen on descriptors that it takes over. The keys are read from a pad: reading from the visible window
/// would draw it.
static inline screen_handle screen_open(const char *type, int output, int input, int escape_delay) {
  screen_handle handle = {0};
  handle.output = fdopen(output, "w");
  handle.input = fdopen(input, "r");
  if (!handle.output || !handle.input) return handle;
  handle.screen = newterm(type, handle.output, handle.input);
  if (!handle.screen) {
    fclose(handle.output);
    fclose(handle.input);
    return handle;
  }
  set_escdelay(escape_delay);
  typeahead(-1);
  cbreak();
  noecho();
  nonl();
  if (has_colors()) {
    start_color();
    use_default_colors();
  }
  scrollok(stdscr, FALSE);
  // What characters that move leave behind at the end of a line has its background on some terminals only.
  idcok(stdscr, FALSE);
  leaveok(stdscr, FALSE);
  handle.keys = newpad(1, 1);
  if (handle.keys) {
    keypad(handle.keys, TRUE);
    nodelay(handle.keys, TRUE);
  }
  return handle;
}

static inline void screen_free(screen_handle handle) {
  if (handle.keys) delwin(handle.keys);
  if (handle.screen) delscreen(handle.screen);
  if (handle.output) fclose(handle.output);
  if (handle.input) fclose(handle.input);
}

static inline int screen_colors(void) { return has_colors() ? COLORS : 0; }
static inline int screen_rows(void) { return LINES; }
static inline int screen_columns(void) { return COLS; }

/// A colour pair; -1 is the terminal's own colour. Pairs are recycled by ncurses when all are in use.
static inline int screen_pair(int foreground, int background) {
  int pair = has_colors() ? alloc_pair(foreground, background) : 0;
  return pair > 0 ? pair : 0;
}

static inline attr_t screen_attributes(bool bold, bool dim, bool underline, bool reverse, bool italic) {
  return (bold ? A_BOLD : 0) | (dim ? A_DIM : 0) | (underline ? A_UNDERLINE : 0) | (reverse ? A_REVERSE : 0) |
         (italic ? A_ITALIC : 0);
}

/// Puts one cell: a base scalar and at most four marks. Does not move the cursor, wrap or interpret anything.
static inline bool screen_put(int row, int column, const uint32_t *scalars, int count, attr_t attributes, int pair) {
  wchar_t text[CCHARW_MAX + 1] = {0};
  cchar_t cell;
  int extended = pair;
  for (int i = 0; i < count && i < CCHARW_MAX; i++) text[i] = (wchar_t)scalars[i];
  if (setcchar(&cell, text, attributes, (short)0, &extended) == ERR) return false;
  return mvwadd_wchnstr(stdscr, row, column, &cell, 1) != ERR;
}

static inline void screen_place_cursor(int row, int column, bool visible) {
  if (visible) wmove(stdscr, row, column);
  curs_set(visible ? 1 : 0);
}

static inline void screen_present(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

static inline void screen_resize(int rows, int columns) { resize_term(rows, columns); }

/// The next present draws everything, whatever the terminal is thought to show.
static inline void screen_forget(void) {
  clearok(curscr, TRUE);
  touchwin(stdscr);
}

static inline void screen_erase(void) { werase(stdscr); }
static inline int screen_scalar_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
static inline bool screen_locale_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

// MARK: - Keys

enum { keys_none = 0, keys_scalar = 1, keys_code = 2 };

/// The next thing typed, without waiting (except ESCDELAY after a lone ESC).
static inline int keys_next(WINDOW *keys, uint32_t *value) {
  wint_t unit = 0;
  int result = wget_wch(keys, &unit);
  *value = (uint32_t)unit;
  if (result == ERR) return keys_none;
  return result == KEY_CODE_YES ? keys_code : keys_scalar;
}

static inline bool keys_mouse(int *x, int *y, int *action) {
  MEVENT event;
  if (getmouse(&event) == ERR) return false;
  *x = event.x;
  *y = event.y;
  if (event.bstate & BUTTON4_PRESSED) *action = 1;
  else if (event.bstate & BUTTON5_PRESSED) *action = 2;
  else if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) *action = 0;
  else return false;
  return true;
}

static inline void keys_enable_mouse(void) {
  mmask_t old;
  mouseinterval(0);
  mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, &old);
}

// MARK: - Window size, input

static inline bool tty_size(int descriptor, int *columns, int *rows) {
  struct winsize size = {0};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

static inline int tty_waiting_bytes(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

/// Keys as they are typed; C-c, C-z and C-\ stay signals, C-s and C-q become keys, and no signal discards input.
static inline void tty_make_interactive(struct termios *modes) {
  modes->c_iflag &= (tcflag_t)~(IXON | IXOFF | ICRNL | INLCR | IGNCR | ISTRIP);
  modes->c_lflag &= (tcflag_t)~(ICANON | ECHO | ECHOE | ECHOK | ECHONL | IEXTEN);
  modes->c_lflag |= ISIG | NOFLSH;
  modes->c_cc[VMIN] = 1;
  modes->c_cc[VTIME] = 0;
}

static inline int file_in_memory(void) { return memfd_create("screen", 1U /* MFD_CLOEXEC */); }

// MARK: - Signals

/// What the handlers need. Every object file that calls a `rescue_` function gets a copy of its own (Swift's importer
/// emits no variables of a header), so all those calls belong in one Swift file, in functions that are never inlined.
typedef struct {
  volatile sig_atomic_t is_armed;
  int tty;
  int saved_error_output;
  int notice_pipe;
  struct termios modes;
  struct sigaction previous[NSIG];
  bool is_replaced[NSIG];
} rescue_state;

static inline rescue_state *rescue_shared(void) {
  static rescue_state state;
  return &state;
}

/// Shows the cursor, ends bracketed paste, focus and mouse reports, resets colours, leaves the alternate screen.
#define RESCUE_BYTES                                                                                                   \
  "\033[?2004l\033[?1004l\033[?1000l\033[?1006l\033[?1l\033>\033[0m\033[39;49m\033(B\033[?25h\033[?1049l\r\n"

/// Restores the terminal with nothing but async-signal-safe calls. Waits at most 300 ms for a blocked terminal.
static inline void rescue_restore(void) {
  if (!rescue_shared()->is_armed) return;
  rescue_shared()->is_armed = 0;
  static const char bytes[] = RESCUE_BYTES;
  struct pollfd writable = {.fd = rescue_shared()->tty, .events = POLLOUT};
  if (poll(&writable, 1, 300) > 0) {
    ssize_t ignored = write(rescue_shared()->tty, bytes, sizeof bytes - 1);
    (void)ignored;
  }
  tcsetattr(rescue_shared()->tty, TCSANOW, &rescue_shared()->modes);
  if (rescue_shared()->saved_error_output >= 0) dup2(rescue_shared()->saved_error_output, 2);
}

static inline void rescue_raise_now(int signal_number, const struct sigaction *action) {
  sigset_t only;
  sigaction(signal_number, action, NULL);
  sigemptyset(&only);
  sigaddset(&only, signal_number);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  raise(signal_number);
}

/// Restores the terminal and hands the signal to whoever was responsible before us, such as Swift's backtrace. A fault
/// of the processor happens again as soon as this returns, where it happened; a signal that was sent has to be raised,
/// and must end the process even if the earlier handler returns.
static inline void rescue_on_fatal(int signal_number, siginfo_t *information, void *context) {
  (void)context;
  rescue_restore();
  const struct sigaction *previous = &rescue_shared()->previous[signal_number];
  if (information && information->si_code > 0) {
    sigaction(signal_number, previous, NULL);
    return;
  }
  struct sigaction end;
  memset(&end, 0, sizeof end);
  end.sa_handler = SIG_DFL;
  rescue_raise_now(signal_number, previous);
  rescue_raise_now(signal_number, &end);
}

static inline void rescue_on_notice(int signal_number) {
  int saved = errno;
  unsigned char byte = (unsigned char)signal_number;
  ssize_t ignored = write(rescue_shared()->notice_pipe, &byte, 1);
  (void)ignored;
  errno = saved;
}

static inline void rescue_install(int signal_number, struct sigaction action) {
  sigemptyset(&action.sa_mask);
  if (rescue_shared()->is_replaced[signal_number]) {
    sigaction(signal_number, &action, NULL);
  } else if (sigaction(signal_number, &action, &rescue_shared()->previous[signal_number]) == 0) {
    rescue_shared()->is_replaced[signal_number] = true;
  }
}

/// Signals that become a byte in the pipe.
static inline void rescue_install_notice(int signal_number) {
  rescue_install(signal_number, (struct sigaction){.sa_handler = rescue_on_notice, .sa_flags = SA_RESTART});
}

/// Signals after which the process ends; handled on a stack of their own, since the usual one may have overflowed.
static inline void rescue_install_fatal(void) {
  static const int fatal[] = {SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE};
  stack_t stack = {.ss_size = 64 * 1024};
  stack.ss_sp = malloc(stack.ss_size);
  if (stack.ss_sp) sigaltstack(&stack, NULL);
  for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
    struct sigaction action = {.sa_sigaction = rescue_on_fatal, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    rescue_install(fatal[i], action);
  }
}

static inline void rescue_uninstall(int signal_number) {
  if (!rescue_shared()->is_replaced[signal_number]) return;
  sigaction(signal_number, &rescue_shared()->previous[signal_number], NULL);
  rescue_shared()->is_replaced[signal_number] = false;
}

static inline void rescue_uninstall_all(void) {
  for (int i = 1; i < NSIG; i++) rescue_uninstall(i);
}

static inline void rescue_prepare(int tty, int notice_pipe, struct termios modes) {
  rescue_shared()->tty = tty;
  rescue_shared()->notice_pipe = notice_pipe;
  rescue_shared()->modes = modes;
  rescue_shared()->saved_error_output = -1;
}

static inline void rescue_keep_error_output(int descriptor) { rescue_shared()->saved_error_output = descriptor; }
static inline void rescue_arm(bool is_armed) { rescue_shared()->is_armed = is_armed ? 1 : 0; }

/// A call of exit() without closing the screen restores it too.
static inline void rescue_at_exit(void) { atexit(rescue_restore); }

/// Stops this process as C-z does; returns after it was continued.
static inline void rescue_stop_here(void) {
  struct sigaction action, before;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTSTP, &action, &before);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &before, NULL);
}

#endif
