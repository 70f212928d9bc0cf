package io.shelfcast.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {

  @Test
  void eachWorkerThatThereMayBeHasItsPoolAndTheRunThreeOfItsOwn() {
    DatabaseOptions options =
        PipelineOptionsFactory.fromArgs("--jdbcUrl=jdbc:postgresql://db/x", "--maxConnections=8")
            .as(DatabaseOptions.class);
    assertEquals(11, ConnectionBudget.of(options).connections());
    options.as(ConnectionBudget.WorkerOptions.class).setNumWorkers(2);
    assertEquals(19, ConnectionBudget.of(options).connections());
    options.as(ConnectionBudget.WorkerOptions.class).setMaxNumWorkers(50);
    assertEquals(403, ConnectionBudget.of(options).connections());
  }
}
