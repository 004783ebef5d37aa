package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that the packages of all modules keep their order: each imports only packages below it. */
final class ArchitectureTest {

  /**
   * The packages from bottom to top, without {@code org.slimquant}, and the packages that each may
   * import. A package may only import from packages in the rows above its own.
   */
  private static final String ARROWS =
      """
      annotations           :
      format                :
      io                    :
      plan                  : format io

      processor.model       : format
      processor.element     : annotations format processor.model
      processor.validation  : annotations format plan processor.element processor.model
      processor.reading     : format io plan processor.element processor.model processor.validation
      processor.writing     : format processor.model
      processor             : processor.element processor.model processor.reading processor.validation processor.writing

      runtime.graph         : format
      runtime.dropout       : runtime.graph
      runtime.fakequant     : format plan runtime.graph
      runtime.layer         : format plan runtime.dropout runtime.fakequant runtime.graph
      runtime.gradient      : runtime.fakequant runtime.graph runtime.layer
      runtime.site          : format io plan runtime.fakequant runtime.graph runtime.layer
      runtime.normalization : format plan runtime.graph runtime.layer
      runtime               : format io plan runtime.fakequant runtime.gradient runtime.graph runtime.layer runtime.normalization runtime.site
      calibration           : format io plan runtime runtime.graph runtime.layer runtime.site
      sensitivity           : format io plan runtime runtime.fakequant runtime.graph runtime.site

      model.check           :
      model                 : format io model.check
      model.analysis        : model
      engine                : format model model.analysis

      deploy.certificate    : format io model model.analysis
      deploy.c              : engine format io model model.analysis
      deploy.onnx.graph     : model
      deploy.onnx.operators : deploy.onnx.graph format model model.analysis
      deploy.onnx.qdq       : deploy.onnx.graph format model model.analysis
      deploy.onnx           : deploy.onnx.graph deploy.onnx.operators deploy.onnx.qdq io model
      deploy.report.html    :
      deploy.report         : calibration deploy.certificate deploy.report.html format io model model.analysis plan sensitivity
      deploy.compile.graph  : calibration format io model plan runtime.fakequant runtime.gradient runtime.graph
      deploy.compile.move   : deploy.compile.graph model runtime.graph
      deploy.compile.match  : deploy.compile.graph deploy.compile.move format model plan runtime.graph
      deploy.compile.table  : deploy.compile.graph format model runtime.graph
      deploy.compile.pass   : deploy.compile.graph deploy.compile.match deploy.compile.move deploy.compile.table format model plan runtime runtime.dropout runtime.graph
      deploy                : deploy.compile.graph deploy.compile.pass model plan runtime

      examples              : annotations format runtime
      examples.models       : annotations runtime
      examples.first        : annotations calibration deploy deploy.c deploy.certificate deploy.onnx deploy.report engine model plan runtime

      demo.data             :
      demo.training         : calibration demo.data deploy model plan runtime sensitivity
      demo.measures         : demo.data demo.training format io plan
      demo.deployment       : demo.data demo.measures demo.training deploy.c deploy.certificate deploy.onnx engine format model plan
      demo.segmentation     : calibration demo.data demo.training deploy deploy.certificate engine examples.models model plan runtime
      demo                  : calibration demo.data demo.deployment demo.measures demo.segmentation demo.training deploy.report examples.models plan runtime sensitivity

      benchmarks.harness    : demo.measures io
      benchmarks.quantizer  : benchmarks.harness calibration demo.data demo.training examples.models format plan processor runtime
      benchmarks.inference  : benchmarks.harness demo.deployment deploy.c deploy.onnx engine format model
      benchmarks            : benchmarks.harness benchmarks.inference benchmarks.quantizer
      """;

  private static final int MOST_FILES_OF_A_PACKAGE = 52;
  private static final int MOST_LINES_OF_A_FILE = 265;
  private static final Pattern PACKAGE =
      Pattern.compile("^package org\\.slimquant\\.([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:static )?org\\.slimquant((?:\\.[a-z]\\w*)+)\\.[A-Z]", Pattern.MULTILINE);

  /** A source file. */
  private record Source(Path file, String module, String inPackage, String text) {

    Set<String> imports() {
      Set<String> packages = new HashSet<>();
      Matcher matcher = IMPORT.matcher(text);
      while (matcher.find()) {
        packages.add(matcher.group(1).substring(1));
      }
      return packages;
    }

    String name() {
      return file.getFileName().toString();
    }
  }

  private static List<Source> main = List.of();
  private static List<Source> tests = List.of();

  @BeforeAll
  static void read() throws IOException {
    main = sources("main");
    tests = sources("test");
  }

  private static List<Source> sources(String kind) throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.sorted().toList()) {
        Path folder = module.resolve("src").resolve(kind).resolve("java");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files
                .filter(file -> file.toString().endsWith(".java"))
                .sorted()
                .map(file -> source(module.getFileName().toString(), file))
                .filter(source -> !source.inPackage().isEmpty())
                .forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  private static Source source(String module, Path file) {
    try {
      String text = Files.readString(file);
      Matcher matcher = PACKAGE.matcher(text);
      return new Source(file, module, matcher.find() ? matcher.group(1) : "", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new LinkedHashMap<>();
    for (String line : ARROWS.lines().filter(row -> !row.isBlank()).toList()) {
      String[] sides = line.split(":", -1);
      arrows.put(
          sides[0].strip(),
          Stream.of(sides[1].strip().split(" "))
              .filter(to -> !to.isEmpty())
              .collect(Collectors.toSet()));
    }
    return arrows;
  }

  @Test
  void noRowNamesOneBelow() {
    Set<String> above = new HashSet<>();
    arrows()
        .forEach(
            (from, to) -> {
              assertWithMessage(from).that(above).containsAtLeastElementsIn(to);
              above.add(from);
            });
  }

  @Test
  void everyPackageHasARow() {
    assertThat(main.stream().map(Source::inPackage).collect(Collectors.toSet()))
        .containsExactlyElementsIn(arrows().keySet());
  }

  @Test
  void importsFollowTheArrows() {
    Map<String, Set<String>> arrows = arrows();
    List<String> wrong = new ArrayList<>();
    for (Source source : main) {
      for (String imported : source.imports()) {
        boolean own = imported.startsWith(source.inPackage()) && imported.endsWith(".proto");
        if (!own
            && !imported.equals(source.inPackage())
            && !arrows.getOrDefault(source.inPackage(), Set.of()).contains(imported)) {
          wrong.add("%s imports from %s".formatted(source.file(), imported));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aSimpleNameIsOneClass() {
    Map<String, List<Path>> files = new TreeMap<>();
    main.stream()
        .filter(source -> !source.name().equals("package-info.java"))
        .forEach(
            source ->
                files.computeIfAbsent(source.name(), name -> new ArrayList<>()).add(source.file()));
    files.values().removeIf(paths -> paths.size() == 1);

    assertThat(files).isEmpty();
  }

  @Test
  void packagesAndFilesAreOfAReadableSize() {
    Map<String, Long> crowded =
        main.stream().collect(Collectors.groupingBy(Source::inPackage, Collectors.counting()));
    crowded.values().removeIf(count -> count <= MOST_FILES_OF_A_PACKAGE);

    assertThat(crowded).isEmpty();
    assertThat(
            main.stream()
                .filter(source -> source.text().lines().count() > MOST_LINES_OF_A_FILE)
                .map(Source::file)
                .toList())
        .isEmpty();
  }

  @Test
  void testsDeclareNoPackageOfAnotherModule() {
    Map<String, String> moduleOf = new TreeMap<>();
    main.forEach(source -> moduleOf.put(source.inPackage(), source.module()));

    assertThat(
            tests.stream()
                .filter(
                    test ->
                        !moduleOf
                            .getOrDefault(test.inPackage(), test.module())
                            .equals(test.module()))
                .map(Source::file)
                .toList())
        .isEmpty();
  }
}
