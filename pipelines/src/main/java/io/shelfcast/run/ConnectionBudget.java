package io.shelfcast.run;

import io.shelfcast.store.Database;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * How many connections a run may open at the most: of each worker as many as its pool has, and
 * three for the run itself (its lock, the swap of a snapshot, the ledger).
 *
 * @param workers the greatest number of workers
 * @param perWorker {@code --maxConnections}
 */
record ConnectionBudget(int workers, int perWorker) {

  private static final int OWN = 3;

  /**
   * Dataflow's options of these names, without Dataflow: Beam joins options of one name and type.
   */
  public interface WorkerOptions extends PipelineOptions {
    int getNumWorkers();

    void setNumWorkers(int value);

    int getMaxNumWorkers();

    void setMaxNumWorkers(int value);
  }

  static ConnectionBudget of(DatabaseOptions options) {
    WorkerOptions workers = options.as(WorkerOptions.class);
    return new ConnectionBudget(
        Math.max(1, Math.max(workers.getNumWorkers(), workers.getMaxNumWorkers())),
        options.getMaxConnections());
  }

  int connections() {
    return workers * perWorker + OWN;
  }

  /**
   * Holds it against what the server has for everybody.
   *
   * @throws IllegalArgumentException when it is more
   */
  void check(Database database) {
    int available = database.connectionLimit();
    if (connections() > available) {
      throw new IllegalArgumentException(
          ("--maxConnections is %d and there may be %d workers, so up to %d connections; the"
                  + " database has %d. Lower --maxConnections or --maxNumWorkers, raise the"
                  + " server's max_connections, or put a pooler in session mode in front of it.")
              .formatted(perWorker, workers, connections(), available));
    }
  }
}
