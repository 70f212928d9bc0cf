package io.shelfcast.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sees the moment from which on another table is the model's partition. */
final class SwapWatch implements AutoCloseable {

  private static final long PAUSE_NANOS = 5_000_000;
  private static final long NOT_YET = Long.MIN_VALUE;

  private final Connection connection;
  private final Thread thread = new Thread(this::watch, "bench-swap-watch");
  private volatile boolean closing;
  private volatile long swappedNanos = NOT_YET;
  private volatile @Nullable SQLException failure;

  SwapWatch(String jdbcUrl) throws SQLException {
    connection = DriverManager.getConnection(jdbcUrl);
    thread.start();
  }

  private void watch() {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT 'availability_score_1'::regclass::oid")) {
      long before = table(find);
      while (!closing && swappedNanos == NOT_YET) {
        if (table(find) != before) {
          swappedNanos = System.nanoTime();
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private static long table(PreparedStatement find) throws SQLException {
    try (ResultSet row = find.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** When that was, by the system's nano time. */
  long swappedNanos() throws SQLException {
    if (failure != null) {
      throw failure;
    }
    if (swappedNanos == NOT_YET) {
      throw new IllegalStateException("no table was swapped");
    }
    return swappedNanos;
  }

  @Override
  public void close() throws SQLException {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
