#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>
#include <sys/vfs.h>

/// Stops counting every allocation under one lock for the whole process: nobody asks for the sums. Works only before the
/// first connection is opened; too late, it changes nothing. Variadic, and so out of Swift's reach.
static inline void csqlite_stop_counting_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// The kind of the file system that a folder is on, as statfs(2) numbers them; 0 when it cannot be told. Swift does not
/// see <sys/vfs.h>.
static inline unsigned int csqlite_file_system(const char *folder) {
  struct statfs facts;
  return statfs(folder, &facts) == 0 ? (unsigned int)facts.f_type : 0;
}

#endif
