package io.shelfcast.snowflake.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where an unload's files go: names that begin with a prefix, in a folder or in a bucket. */
sealed interface StageLocation {

  boolean isEmpty() throws IOException;

  /** Moves a finished file there, under the prefix and this name. */
  void put(String name, Path file) throws IOException;

  static StageLocation of(String url, @Nullable FakeGcs gcs) {
    if (url.startsWith("gcs://")) {
      if (gcs == null) {
        throw SqlFailure.unsupported("a location in gcs:// with no bucket behind it");
      }
      String[] bucketAndPrefix = url.substring("gcs://".length()).split("/", 2);
      return new Bucket(
          gcs, bucketAndPrefix[0], bucketAndPrefix.length == 1 ? "" : bucketAndPrefix[1]);
    }
    String path = url.startsWith("file://") ? url.substring("file://".length()) : url;
    if (!path.startsWith("/")) {
      throw SqlFailure.compilation("invalid URL prefix found in: '%s'".formatted(url));
    }
    int slash = path.lastIndexOf('/');
    return new Folder(Path.of(path.substring(0, slash + 1)), path.substring(slash + 1));
  }

  /** Stands for a bucket where SnowflakeIO stages into a local folder. */
  record Folder(Path folder, String prefix) implements StageLocation {

    @Override
    public boolean isEmpty() throws IOException {
      if (!Files.isDirectory(folder)) {
        return true;
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files.noneMatch(file -> file.getFileName().toString().startsWith(prefix));
      }
    }

    @Override
    public void put(String name, Path file) throws IOException {
      Files.createDirectories(folder);
      Path unused =
          Files.move(file, folder.resolve(prefix + name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Keys are kept as they are: a double slash is a part of the name. */
  record Bucket(FakeGcs gcs, String bucket, String prefix) implements StageLocation {

    @Override
    public boolean isEmpty() {
      return gcs.names(bucket, prefix).isEmpty();
    }

    @Override
    public void put(String name, Path file) throws IOException {
      gcs.put(bucket, prefix + name, Files.readAllBytes(file));
      Files.delete(file);
    }
  }
}
