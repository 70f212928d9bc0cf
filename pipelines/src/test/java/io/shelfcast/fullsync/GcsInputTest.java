package io.shelfcast.fullsync;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.shelfcast.domain.RowCounts;
import io.shelfcast.run.RunResult;
import io.shelfcast.snowflake.emulator.FakeGcs;
import io.shelfcast.store.RunStatus;
import io.shelfcast.store.TestDatabase;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beam's real file system for gs://, against a stand-in for the service behind it. */
class GcsInputTest {

  private final TestDatabase test = TestDatabase.create();
  private final FakeGcs gcs = new FakeGcs();
  @TempDir private Path folder;

  GcsInputTest() throws IOException {}

  @AfterEach
  void close() {
    gcs.close();
  }

  @Test
  void scoreFilesAreReadFromGoogleCloudStorage() throws Exception {
    Path parquet = folder.resolve("a.parquet");
    ParquetFiles.write(parquet, ParquetFiles.SCHEMA, 5000, 16_384, ParquetFiles::good);
    gcs.put("bucket", "scores/a.parquet", Files.readAllBytes(parquet));
    gcs.put("bucket", "scores/b.csv.gz", csv(9000));
    gcs.put("bucket", "scores/ignored.txt", new byte[0]);
    gcs.put("other", "scores/c.parquet", new byte[0]);

    assertEquals(
        new RowCounts(5001, 0, 0, 0),
        // All scores are the same, which the gate does not take.
        sync("--input=gs://bucket/scores/*.parquet,gs://bucket/scores/b.csv.gz", "--gate=off"));
    assertEquals(
        Set.of("/scores%2Fa.parquet", "/scores%2Fb.csv.gz"),
        downloads().map(request -> request.replaceAll(".*(/[^/?]+)[?].*", "$1")).collect(toSet()));
    assertTrue(
        downloads().anyMatch(request -> request.matches(".*a.parquet.* bytes=[1-9].*")),
        "Parquet is read from where its footer says: " + gcs.requests());
  }

  @Test
  void aGlobFindsTheObjectsOfAllPages() throws Exception {
    for (int store = 1; store <= 5; store++) {
      gcs.put("bucket", "scores/%d.csv.gz".formatted(store), csv(store));
    }
    assertEquals(new RowCounts(5, 0, 0, 0), sync("--input=gs://bucket/scores/*.csv.gz"));
  }

  @Test
  void aMissingObjectIsToldByItsName() {
    assertFailsNaming("gs://bucket/scores/missing.parquet");
  }

  @Test
  void aGlobThatMatchesNoObjectIsToldSo() {
    assertFailsNaming("gs://bucket/none/*.parquet");
  }

  @Test
  void noOtherHostIsAsked() throws Exception {
    gcs.put("bucket", "scores/a.csv.gz", csv(1));
    ProxySelector before = ProxySelector.getDefault();
    HostsAsked asked = new HostsAsked();
    ProxySelector.setDefault(asked);
    try {
      assertEquals(new RowCounts(1, 0, 0, 0), sync("--input=gs://bucket/scores/*"));
    } finally {
      ProxySelector.setDefault(before);
    }
    assertTrue(asked.addresses.contains(gcs.address()), "the stand-in itself was not seen");
    Set<String> others = new HashSet<>(asked.addresses);
    others.removeIf(address -> address.startsWith("127.0.0.1:"));
    assertEquals(Set.of(), others);
  }

  @Test
  void severalNamesAreLookedUpInOneRequest() throws Exception {
    gcs.put("bucket", "scores/a.csv", new byte[7]);
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.fromArgs(gcs.options()).create());
    List<MatchResult> found =
        FileSystems.match(List.of("gs://bucket/scores/a.csv", "gs://bucket/scores/missing.csv"));
    assertEquals(7, found.get(0).metadata().get(0).sizeBytes());
    assertEquals(MatchResult.Status.NOT_FOUND, found.get(1).status());
    assertEquals(1, gcs.requests().size(), gcs.requests().toString());
  }

  @Test
  void severalObjectsAreDeletedInOneRequest() throws Exception {
    gcs.put("bucket", "a/1", new byte[1]);
    gcs.put("bucket", "a/2", new byte[1]);
    gcs.put("bucket", "b", new byte[1]);
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.fromArgs(gcs.options()).create());
    FileSystems.delete(
        List.of(
            FileSystems.matchNewResource("gs://bucket/a/1", false),
            FileSystems.matchNewResource("gs://bucket/a/2", false)));
    assertEquals(List.of("b"), gcs.names("bucket", ""));
    assertEquals(1, gcs.requests().size(), gcs.requests().toString());
  }

  private Stream<String> downloads() {
    return gcs.requests().stream().filter(request -> request.contains("alt=media"));
  }

  private RowCounts sync(String... arguments) {
    return FullSync.sync(test, gcs.options(arguments));
  }

  private void assertFailsNaming(String input) {
    RunResult result = FullSync.run(test, gcs.options("--input=" + input));
    assertEquals(RunStatus.FAILED, result.summary().status());
    assertEquals("No files matched spec: " + input, result.summary().error());
  }

  private static byte[] csv(int store) throws IOException {
    return CsvFiles.gzip(
        """
        store_id,product_id,model_version,score,scored_at
        %d,1,m,0.5,2024-06-08T06:00:00Z
        """
            .formatted(store));
  }

  /** Java asks it before it opens a connection, by HTTP or by a plain socket, to any host. */
  private static final class HostsAsked extends ProxySelector {

    private final Set<String> addresses = new ConcurrentSkipListSet<>();

    @Override
    public List<Proxy> select(URI address) {
      addresses.add(address.getHost() + ":" + address.getPort());
      return List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {}
  }
}
