package org.slimquant.io;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The content of a file that was written, or could not be written. */
final class AtomicFileTest {

  private final Path directory;

  AtomicFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void permissionsOfAnyNewFile() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
    Path file = directory.resolve("file");
    Path other = Files.createFile(directory.resolve("other"));

    AtomicFile.write(file, new byte[] {1});

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void linkStaysALink() throws IOException {
    assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
    Path file = Files.write(directory.resolve("file"), new byte[] {1, 2, 3});
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    AtomicFile.write(link, new byte[] {4});

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[] {4});
  }

  @Test
  void folderThatIsMissing() throws IOException {
    Path file = directory.resolve("a/b/file");

    AtomicFile.write(file, new byte[] {1});

    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[] {1});
  }

  @Test
  void folderThatIsAFile() throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[] {1});

    assertThat(
            assertThrows(
                IOException.class, () -> AtomicFile.write(file.resolve("other"), new byte[] {2})))
        .hasMessageThat()
        .contains(file.toString());

    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[] {1});
  }

  @Test
  void failureLeavesNothing() throws IOException {
    Path folder = directory.resolve("folder");
    Files.createDirectories(folder.resolve("full"));

    assertThrows(IOException.class, () -> AtomicFile.write(folder, new byte[] {1}));

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(folder);
    }
  }
}
