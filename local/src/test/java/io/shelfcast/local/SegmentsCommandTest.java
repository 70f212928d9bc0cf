package io.shelfcast.local;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.shelfcast.local.postgres.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments as an operator loads them. */
class SegmentsCommandTest {

  @TempDir private static Path home;
  private static LocalPostgres postgres;

  /** So that each command joins it, and does not have to start and to stop it. */
  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = LocalPostgres.open(home);
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @Test
  void segmentsAreLoadedWholeOrNotAtAll() throws Exception {
    Path stores =
        write(
            "stores.csv",
            "store_id,city_id,name,time_zone\n0,12,\"Main, 1\",Asia/Shanghai\n7,,x,\n");
    Path products = write("products.csv", "category,product_id,popularity_tier\ndairy,11,head\n");
    Command.Ended loaded =
        run(0, "segments", "load", "--stores=" + stores, "--products=" + products);
    assertFails(
        1,
        "has no rows",
        "segments",
        "load",
        "--stores=" + write("empty.csv", "store_id,city_id\n"));
    assertEquals(
        "{\"stores\":{\"rows\":2,\"changed\":2,\"removed\":0},"
            + "\"products\":{\"rows\":1,\"changed\":1,\"removed\":0}}\n",
        loaded.out());
    assertThat(loaded.err(), containsString("columns not used: name\n"));
    assertThat(loaded.err(), containsString("2 stores: 2 new or changed, 0 removed\n"));

    Path nowhere = write("nowhere.csv", "store_id,time_zone\n1,Mars\n");
    Path fruit = write("fruit.csv", "product_id,category\n11,fruit\n");
    assertFails(
        1,
        "row 2 of " + nowhere + ": time_zone is 'Mars'; write a name such as Asia/Shanghai",
        "segments",
        "load",
        "--stores=" + nowhere,
        "--products=" + fruit);
    assertFails(2, "nothing to load; write --stores=GLOB", "segments", "load");
    assertEquals(
        """
        product_id,category,popularity_tier,store_id,city,time_zone
        11,dairy,head,0,12,Asia/Shanghai
        11,dairy,head,7,,
        """,
        run(
                0,
                "sql",
                "SELECT p.*, store_id, city, time_zone FROM product_segment p, store_segment"
                    + " ORDER BY store_id")
            .out());
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text);
  }

  private static void assertFails(int exitCode, String told, String... arguments) throws Exception {
    Command.Ended failed = run(exitCode, arguments);
    assertThat(failed.err(), containsString(told));
    assertEquals("", failed.out());
  }

  private static Command.Ended run(int exitCode, String... arguments) throws Exception {
    Command.Ended ended = Command.run(home, arguments);
    assertEquals(exitCode, ended.exitCode(), ended.err());
    return ended;
  }
}
