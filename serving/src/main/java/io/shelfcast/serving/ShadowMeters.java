package io.shelfcast.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of shadow comparisons; docs/serving.md lists the names. */
final class ShadowMeters {

  private final Counter compared;
  private final Counter dropped;
  private final Counter failed;
  private final Counter notRecorded;

  ShadowMeters(MeterRegistry registry) {
    this.compared =
        counter(registry, "shelfcast.shadow.reads", "Reads compared with another model version.");
    this.dropped =
        counter(
            registry,
            "shelfcast.shadow.reads.dropped",
            "Reads that were to be compared, and found no room or waited too long.");
    this.failed =
        counter(
            registry,
            "shelfcast.shadow.reads.failed",
            "Reads that were to be compared, and the other version's scores could not be read.");
    this.notRecorded =
        counter(
            registry,
            "shelfcast.shadow.records.failed",
            "Times that counts could not be added to the database's; they are kept.");
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void compared() {
    compared.increment();
  }

  void dropped(int reads) {
    dropped.increment(reads);
  }

  void failed() {
    failed.increment();
  }

  void notRecorded() {
    notRecorded.increment();
  }
}
