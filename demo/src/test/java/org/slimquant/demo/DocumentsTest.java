package org.slimquant.demo;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that README and the pages under {@code docs} agree with the code.
 *
 * <p>A comment before a block of code says where the code comes from:
 *
 * <pre>
 * &lt;!-- examples/src/main/java/…/LeNet.java --&gt;   is copied from this file
 * &lt;!-- tested by deploy/…/CPlacementTest.java --&gt;  this test reads the block from the page
 * &lt;!-- no source --&gt;                             is there to read
 * </pre>
 */
final class DocumentsTest {

  private static final Path ROOT = root();
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- ([^>]*) -->\n)?```(java|xml|kotlin|c)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ANY_BLOCK = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)]*)\\)");
  private static final String TESTED_BY = "tested by ";
  private static final String NO_SOURCE = "no source";
  private static final String MAIN_SOURCES = Path.of("src", "main", "java").toString();
  private static final int SHORT = 12;
  private static final String FIRST_MODEL = "docs/first-model.md";

  /**
   * A block of code.
   *
   * @param page the file that shows it
   * @param origin the source of the block
   */
  private record Block(Path page, String origin, String code) {

    static Stream<Block> in(Path page) {
      return BLOCK
          .matcher(read(page))
          .results()
          .map(match -> new Block(page, String.valueOf(match.group(1)), match.group(3)));
    }

    boolean isCopied() {
      return !origin.equals(NO_SOURCE) && !origin.startsWith(TESTED_BY);
    }

    /** Returns whether the text contains the code with any indentation of the whole block. */
    boolean isIn(String text) {
      return IntStream.range(0, 12).anyMatch(indent -> text.contains(indented(indent)));
    }

    private String indented(int indent) {
      return code.lines()
          .map(line -> line.isEmpty() ? "\n" : " ".repeat(indent) + line + "\n")
          .collect(Collectors.joining());
    }

    @Override
    public String toString() {
      return ROOT.relativize(page) + " shows, as from " + origin + ":\n" + code;
    }
  }

  @Test
  void everyBlockSaysWhereItComesFrom() {
    assertThat(blocks().filter(block -> block.origin().equals("null")).toList()).isEmpty();
  }

  @Test
  void codeIsCopiedFromItsSource() {
    List<Block> copied = blocks().filter(Block::isCopied).toList();

    assertThat(copied).isNotEmpty();
    for (Block block : copied) {
      assertWithMessage("%s", block).that(block.isIn(read(ROOT.resolve(block.origin())))).isTrue();
    }
  }

  @Test
  void codeIsReadByItsTest() {
    for (Block block : blocks().filter(block -> block.origin().startsWith(TESTED_BY)).toList()) {
      String test = read(ROOT.resolve(block.origin().substring(TESTED_BY.length())));
      assertWithMessage("%s", block)
          .that(test)
          .contains("\"" + block.page().getFileName().toString() + "\"");
    }
  }

  /** A reader who copies all blocks of the tutorial has the whole program. */
  @Test
  void theTutorialLeavesNothingOut() {
    List<Block> blocks = Block.in(ROOT.resolve(FIRST_MODEL)).filter(Block::isCopied).toList();
    for (String origin : blocks.stream().map(Block::origin).distinct().toList()) {
      String shown =
          blocks.stream()
              .filter(block -> block.origin().equals(origin))
              .map(Block::code)
              .collect(Collectors.joining());
      assertWithMessage(origin)
          .that(withoutEmptyLines(shown))
          .isEqualTo(withoutEmptyLines(read(ROOT.resolve(origin))));
    }
  }

  private static String withoutEmptyLines(String text) {
    return text.lines().filter(line -> !line.isBlank()).collect(Collectors.joining("\n"));
  }

  @Test
  void versionsAreThoseOfTheBuild() {
    String build = read(ROOT.resolve("pom.xml"));
    String version = first(build, "<artifactId>slimquant-parent</artifactId>\\s*<version>(.*?)<");
    String tensorFlow = first(build, "<tensorflow.version>(.*?)<");
    String framework = first(build, "<tensorflow-framework.version>(.*?)<");

    String maven = read(ROOT.resolve("docs/first-model/pom.xml"));
    for (String module : List.of("runtime", "deploy", "processor")) {
      assertThat(first(maven, "slimquant-" + module + "</artifactId>\\s*<version>(.*?)<"))
          .isEqualTo(version);
    }
    assertThat(first(maven, "tensorflow-core-native</artifactId>\\s*<version>(.*?)<"))
        .isEqualTo(tensorFlow);
    assertThat(first(maven, "tensorflow-framework</artifactId>\\s*<version>(.*?)<"))
        .isEqualTo(framework);
    for (String plugin : List.of("maven-compiler-plugin", "exec-maven-plugin")) {
      String pattern = plugin + "</artifactId>\\s*<version>(.*?)<";
      assertThat(first(maven, pattern)).isEqualTo(first(build, pattern));
    }

    String gradle = read(ROOT.resolve("docs/first-model/build.gradle.kts"));
    for (String module : List.of("runtime", "deploy", "processor")) {
      assertThat(gradle).contains("org.slimquant:slimquant-" + module + ":" + version + "\"");
    }
    assertThat(gradle).contains("org.tensorflow:tensorflow-core-native:" + tensorFlow + ":");
    assertThat(gradle).contains("org.tensorflow:tensorflow-framework:" + framework + "\"");
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertWithMessage(pattern).that(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void linksLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      LINK.matcher(proseOf(page))
          .results()
          .map(match -> match.group(1))
          .filter(link -> !link.startsWith("http") && !leadsSomewhere(page, link))
          .forEach(link -> broken.add(ROOT.relativize(page) + ": " + link));
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", -1);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /** Returns the anchors of a page's headings, as GitHub makes them. */
  private static List<String> anchors(Path page) {
    return proseOf(page)
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String proseOf(Path page) {
    return ANY_BLOCK.matcher(read(page)).replaceAll("");
  }

  @Test
  void readmeLeadsToEveryPage() throws IOException {
    String readme = read(ROOT.resolve("README.md"));
    for (Path page : docs()) {
      assertThat(readme).contains("](docs/" + page.getFileName() + ")");
    }
  }

  /** Every message that a table quotes is in the sources, except for the names in it. */
  @Test
  void messagesAreThoseOfTheSources() throws IOException {
    String sources;
    try (Stream<Path> files = Files.walk(ROOT)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains(MAIN_SOURCES))
              .map(DocumentsTest::read)
              .collect(Collectors.joining())
              .replaceAll("\"\\s*\\+\\s*\"", "");
    }
    List<String> unknown =
        read(ROOT.resolve("docs/messages.md"))
            .lines()
            .filter(line -> line.matches("\\| [`Q].*"))
            .flatMap(DocumentsTest::quoted)
            .filter(part -> part.length() > SHORT && !sources.contains(part))
            .toList();
    assertThat(unknown).isEmpty();
  }

  /** Returns the parts of messages that a row of a table quotes, without the names in them. */
  private static Stream<String> quoted(String row) {
    String[] cells = row.split(" *\\| *", -1);
    String messages = cells[1].startsWith("`") ? cells[1] : cells[2];
    return Stream.of(messages.split("[`…]|, ", -1)).map(String::strip);
  }

  private static Stream<Block> blocks() {
    return pages().stream().flatMap(Block::in);
  }

  private static List<Path> pages() {
    Stream<Path> top = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve);
    try {
      return Stream.concat(top, docs().stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> docs() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the folder of the repository. The tests run in it or below it. */
  private static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
        .filter(folder -> Files.isDirectory(folder.resolve("docs").resolve("first-model")))
        .findFirst()
        .orElseThrow();
  }
}
