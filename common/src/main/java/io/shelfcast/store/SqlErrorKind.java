package io.shelfcast.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What to do about an error of the database, by its SQLSTATE. The one place that decides it. */
enum SqlErrorKind {
  /** May well be gone in a moment: roll back, wait, try again. */
  TRANSIENT,
  /** The value of some row is at fault: find it, and go on without it. */
  ROW,
  /** Nothing that waiting or leaving a row out would mend. */
  FATAL;

  private static final Set<String> TRANSIENT_STATES =
      Set.of(
          "40001", // serialization_failure
          "40P01", // deadlock_detected: PostgreSQL's, which many clients leave out
          "55P03", // lock_not_available
          "57014", // query_canceled, by the statement timeout among others
          "57P01", // admin_shutdown
          "57P02", // crash_shutdown
          "57P03", // cannot_connect_now: starting, or recovering
          "53300"); // too_many_connections

  static SqlErrorKind of(SQLException error) {
    String state = error.getSQLState();
    if (state == null && error instanceof SQLTransientConnectionException) {
      // All of the pool's connections were busy for long; it has no state for that.
      return TRANSIENT;
    }
    if (state == null) {
      return FATAL;
    }
    if (TRANSIENT_STATES.contains(state) || state.startsWith("08")) {
      return TRANSIENT;
    }
    // Data exceptions and integrity violations.
    return state.startsWith("22") || state.startsWith("23") ? ROW : FATAL;
  }
}
