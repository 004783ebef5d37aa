package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests applications that have SlimQuant on the module path. */
final class ModulePathTest {

  private static final Path SOURCES = Path.of("src/test/resources/modulepath");
  private static final Path TOOLS = Path.of(System.getProperty("java.home"), "bin");

  private final Path folder;

  ModulePathTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void anApplicationRunsIntegers() throws Exception {
    String modules =
        modules("slimquant-engine|engine|slimquant-formats|formats|protobuf-java|jspecify");
    compile("engine", modules);

    assertThat(run(TOOLS.resolve("java"), modules, List.of())).isEqualTo("[2, -1, 50]\n");
  }

  /** Protobuf has no module descriptor, so it cannot be in the image itself. */
  @Test
  void anApplicationRunsIntegersOnAnImageOfTheModulesThatItNeeds() throws Exception {
    String modules =
        modules("slimquant-engine|engine|slimquant-formats|formats|protobuf-java|jspecify");
    compile("engine", modules);
    Path image = folder.resolve("image");
    execute(
        List.of(
            TOOLS.resolve("jlink").toString(),
            "--add-modules",
            "java.base,java.logging,jdk.unsupported",
            "--output",
            image.toString()));

    assertThat(run(image.resolve("bin/java"), modules, List.of())).isEqualTo("[2, -1, 50]\n");
  }

  @Test
  void anApplicationTrains() throws Exception {
    String modules =
        modules(
            "slimquant-(annotations|formats|runtime)|annotations|formats|runtime|protobuf-java|jspecify"
                + "|tensorflow-core-(api|native)|ndarray|javacpp");
    compile("training", modules);

    assertThat(
            run(
                TOOLS.resolve("java"),
                modules,
                List.of("--add-opens", "tensorflow/org.tensorflow=org.slimquant.runtime")))
        .isEqualTo("0.5 0.0\ntrue\n");
  }

  /**
   * Returns the entries of this test's class path whose jars, or whose modules in this build, have
   * these names.
   */
  private static String modules(String names) {
    Pattern entry =
        Pattern.compile(
            ".*[/\\\\](?:%s)(?:-\\d[^/\\\\]*\\.jar|[/\\\\]target[/\\\\]classes)".formatted(names));
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> entry.matcher(path).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void compile(String application, String modules) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                TOOLS.resolve("javac").toString(),
                "--module-path",
                modules,
                "-d",
                folder.resolve("app").toString()));
    try (Stream<Path> files = Files.walk(SOURCES.resolve(application))) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(command::add);
    }
    execute(command);
  }

  private String run(Path java, String modules, List<String> flags) throws Exception {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(flags);
    command.addAll(
        List.of(
            "--module-path",
            folder.resolve("app") + File.pathSeparator + modules,
            "--module",
            "app/app.Main",
            folder.resolve("tiny.slmq").toString()));
    return execute(command);
  }

  /** Runs a command that must end with 0, and returns its output. */
  private String execute(List<String> command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    int end =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start()
            .waitFor();
    assertWithMessage(Files.readString(errors)).that(end).isEqualTo(0);
    return Files.readString(output, StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
