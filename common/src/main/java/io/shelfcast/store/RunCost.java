package io.shelfcast.store;

/**
 * What a run cost.
 *
 * @param bytesRead bytes of the input as it is stored
 * @param rowsWritten rows inserted, updated and carried over
 * @param walBytes WAL that the server wrote while the run lasted, whoever made it
 * @param databaseSeconds time in transactions that wrote scores, summed over all connections
 */
public record RunCost(long bytesRead, long rowsWritten, long walBytes, double databaseSeconds) {

  static final RunCost NONE = new RunCost(0, 0, 0, 0);
}
