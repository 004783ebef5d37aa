package org.slimquant.processor;

import static com.google.common.truth.Truth.assertWithMessage;
import static com.google.testing.compile.Compiler.javac;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares generated classes with the files under {@code src/test/resources/golden}.
 *
 * <p>Each directory there is a situation: models, and the {@code Quantized…} files that belong to
 * them. Plans are beside the packages. {@code mvn test -Dgolden.rewrite=true} rewrites the {@code
 * Quantized…} files.
 */
class GoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static Stream<Path> situations() throws IOException {
    try (Stream<Path> situations = Files.list(GOLDEN)) {
      return situations.sorted().toList().stream().map(GOLDEN::relativize);
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void generated(Path situation) throws IOException {
    Path directory = GOLDEN.resolve(situation);
    ImmutableList<JavaFileObject> models = sources(directory, false);

    Compilation compilation =
        javac()
            .withProcessors(
                Iterables.concat(
                    Compilations.processors(),
                    List.of(new ClaimingProcessor("models.*", "org.jspecify.annotations.*"))))
            .withOptions(options(directory))
            .compile(models);

    assertWithMessage("messages").that(compilation.diagnostics()).isEmpty();
    Map<String, String> generated = new TreeMap<>();
    for (JavaFileObject file : compilation.generatedSourceFiles()) {
      generated.put(
          file.getName().replaceFirst("^/?SOURCE_OUTPUT/", ""),
          file.getCharContent(false).toString());
    }
    assertWithMessage("generated classes").that(generated).isNotEmpty();
    if (Boolean.getBoolean("golden.rewrite")) {
      rewrite(directory, generated);
    }
    assertWithMessage("generated classes").that(generated).isEqualTo(expected(directory));
  }

  @ParameterizedTest
  @MethodSource("situations")
  void compilesWithoutWarning(Path situation) throws IOException {
    Path directory = GOLDEN.resolve(situation);
    Iterable<JavaFileObject> all =
        Iterables.concat(sources(directory, false), sources(directory, true));

    Compilation compilation =
        javac().withOptions("-proc:none", "-Xlint:all", "-Werror").compile(all);

    assertWithMessage("messages").that(compilation.diagnostics()).isEmpty();
  }

  private static ImmutableList<String> options(Path directory) throws IOException {
    ImmutableList.Builder<String> options = ImmutableList.builder();
    options.add("-Xlint:all", "-Werror");
    if (!files(directory, ".plan.txtpb").isEmpty()) {
      options.add("-Aslimquant.plan=" + directory.toAbsolutePath());
    }
    return options.build();
  }

  private static ImmutableList<JavaFileObject> sources(Path directory, boolean generated)
      throws IOException {
    ImmutableList.Builder<JavaFileObject> sources = ImmutableList.builder();
    for (Path file : files(directory, ".java")) {
      if (isGenerated(file) == generated) {
        sources.add(source(file));
      }
    }
    return sources.build();
  }

  private static JavaFileObject source(Path file) throws MalformedURLException {
    return JavaFileObjects.forResource(file.toUri().toURL());
  }

  private static Map<String, String> expected(Path directory) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (Path file : files(directory, ".java")) {
      if (isGenerated(file)) {
        expected.put(nameOf(directory, file), Files.readString(file, UTF_8));
      }
    }
    return expected;
  }

  private static void rewrite(Path directory, Map<String, String> generated) throws IOException {
    for (Path file : files(directory, ".java")) {
      if (isGenerated(file)) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> file : generated.entrySet()) {
      Path target = directory.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue(), UTF_8);
    }
  }

  private static ImmutableList<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .sorted()
          .collect(ImmutableList.toImmutableList());
    }
  }

  private static boolean isGenerated(Path file) {
    return file.getFileName().toString().startsWith("Quantized");
  }

  private static String nameOf(Path directory, Path file) {
    return directory.relativize(file).toString().replace('\\', '/');
  }
}
