package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of protobuf-java that an application may bring, each in a JVM of its own. */
final class ProtobufVersionsTest {

  private final Path directory;

  ProtobufVersionsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.25.0", "3.25.9", "4.28.0", "4.29.3", "4.32.1", "4.35.1"})
  void sameFiles(String version) throws IOException {
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    Path ours = Files.createDirectory(directory.resolve("ours"));

    assertThat(run(version, "files", theirs)).isEqualTo("done");

    ProtobufTrial.main(new String[] {"files", ours.toString()});
    for (String file : new String[] {"plan", "model", "onnx"}) {
      assertThat(Files.readAllBytes(theirs.resolve(file)))
          .isEqualTo(Files.readAllBytes(ours.resolve(file)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"quantizer", "plan.read", "model.read", "files", "onnx"})
  void tooOld(String what) throws IOException {
    assertThat(run("3.21.9", what, directory))
        .isEqualTo(
            "protobuf-java must be 3.25, or 4.28 or newer, but is 3.21.9 (%s);"
                    .formatted(jar("3.21.9").toUri().toURL())
                + " put com.google.protobuf:protobuf-java:3.25.9, or 4.28.0 or newer, into"
                + " the dependencyManagement of your pom.xml");
    assertThat(directory.toFile().list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan.read", "model.read"})
  void withoutAClass(String what) throws IOException {
    String message = run("4.26.1", what, directory);

    assertThat(message)
        .startsWith(
            "protobuf-java must be 3.25, or 4.28 or newer, but is 4.26.1 (%s),"
                    .formatted(jar("4.26.1").toUri().toURL())
                + " with which generated classes do not run: ");
    assertThat(message).endsWith("into the dependencyManagement of your pom.xml");
  }

  @Test
  void none() throws IOException {
    assertThat(run("0", "model.read", directory))
        .startsWith("protobuf-java must be 3.25, or 4.28 or newer, but is missing; put");
  }

  private static Path jar(String version) {
    return Path.of("target/protobuf/protobuf-java-%s.jar".formatted(version)).toAbsolutePath();
  }

  /** Returns what {@link ProtobufTrial} prints with this version in the place of the module's. */
  private static String run(String version, String what, Path folder) throws IOException {
    String classPath =
        Stream.concat(
                Stream.of(jar(version).toString()),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(path -> !path.contains("protobuf-java")))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                classPath,
                ProtobufTrial.class.getName(),
                what,
                folder.toString())
            .redirectErrorStream(true);
    // TensorFlow's own log would stand between the lines.
    java.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    try (InputStream printed = java.start().getInputStream()) {
      return new String(printed.readAllBytes(), UTF_8).strip();
    }
  }
}
