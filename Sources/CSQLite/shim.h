#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

/// Stops counting every allocation under one lock for the whole process: nobody asks for the sums. Works only before the
/// first connection is opened; too late, it changes nothing. Variadic, and so out of Swift's reach.
static inline void csqlite_stop_counting_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

#endif
