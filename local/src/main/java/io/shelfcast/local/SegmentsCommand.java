package io.shelfcast.local;

import com.fasterxml.jackson.core.JsonGenerator;
import io.shelfcast.policy.ProductAttributes;
import io.shelfcast.policy.SegmentTable;
import io.shelfcast.policy.StoreAttributes;
import io.shelfcast.store.SegmentChange;
import io.shelfcast.store.SegmentStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is known of stores and products, by which the rules of a policy tell items apart. */
@Command(
    name = "segments",
    description = "Load the attributes of stores and products that threshold rules go by.")
final class SegmentsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "write segments load --stores=GLOB --products=GLOB, or one of the two");
  }

  @Command(
      name = "load",
      description =
          "Replace what is known of all stores, of all products, or both, by what files say:"
              + " Parquet or CSV, plain or gzipped. All of it, or nothing if something is wrong."
              + " Prints the counts in one line of JSON.")
  int load(
      @Option(
              names = "--stores",
              paramLabel = "GLOB",
              description =
                  "Files with store_id and any of city, region, retailer (or city_id and so on),"
                      + " time_zone.")
          @Nullable String stores,
      @Option(
              names = "--products",
              paramLabel = "GLOB",
              description =
                  "Files with product_id and any of category (or category_id), popularity_tier.")
          @Nullable String products,
      @Mixin DatabaseArguments databaseArguments)
      throws IOException {
    if (stores == null && products == null) {
      throw new ParameterException(
          spec.commandLine(), "nothing to load; write --stores=GLOB, --products=GLOB, or both");
    }
    SegmentTable<StoreAttributes> storeTable =
        stores == null ? null : read(SegmentRows.stores(), stores);
    SegmentTable<ProductAttributes> productTable =
        products == null ? null : read(SegmentRows.products(), products);
    try (ServingDatabase serving = ServingDatabase.openMigrated(databaseArguments)) {
      SegmentStore.Replaced replaced =
          new SegmentStore(serving.database()).replace(storeTable, productTable);
      tell("stores", replaced.stores());
      tell("products", replaced.products());
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          JsonLine.of(
              json -> {
                write("stores", replaced.stores(), json);
                write("products", replaced.products(), json);
              }));
      out.flush();
      return 0;
    }
  }

  private <T> SegmentTable<T> read(SegmentRows<T> rows, String glob) throws IOException {
    SegmentTable<T> table = rows.read(glob);
    if (table.size() == 0) {
      // It would take the segments of all from every threshold at once; an export that broke off.
      throw new CommandException(
          "%s has no rows, and a load replaces all that is there; nothing was changed"
              .formatted(glob));
    }
    if (!rows.unused().isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf("%s: columns not used: %s%n", glob, String.join(", ", rows.unused()));
    }
    return table;
  }

  private void tell(String what, @Nullable SegmentChange change) {
    if (change != null) {
      spec.commandLine()
          .getErr()
          .printf(
              "%,d %s: %,d new or changed, %,d removed%n",
              change.rows(), what, change.changed(), change.removed());
    }
  }

  private static void write(String field, @Nullable SegmentChange change, JsonGenerator json)
      throws IOException {
    if (change != null) {
      json.writeObjectFieldStart(field);
      json.writeNumberField("rows", change.rows());
      json.writeNumberField("changed", change.changed());
      json.writeNumberField("removed", change.removed());
      json.writeEndObject();
    }
  }
}
