package io.shelfcast.outcomes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * A folder on any file system of Beam. A file is written whole, over what was there: a retry writes
 * the same once more.
 *
 * @param path with or without a slash at its end
 */
record OutputFolder(String path) implements Serializable {

  /** The path of a file in it. */
  String pathOf(String name) {
    return (path.endsWith("/") ? path : path + "/") + name;
  }

  void write(String name, String type, String content) throws IOException {
    try (OutputStream file = Channels.newOutputStream(FileSystems.create(resource(name), type))) {
      file.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Takes a file away that a run before has left. */
  void delete(String name) throws IOException {
    FileSystems.delete(List.of(resource(name)), StandardMoveOptions.IGNORE_MISSING_FILES);
  }

  String read(String name) throws IOException {
    try (InputStream file = Channels.newInputStream(FileSystems.open(resource(name)))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private ResourceId resource(String name) {
    return FileSystems.matchNewResource(pathOf(""), true)
        .resolve(name, StandardResolveOptions.RESOLVE_FILE);
  }
}
