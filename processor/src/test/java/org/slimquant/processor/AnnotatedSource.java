package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import com.google.testing.compile.JavaFileObjects;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * A source with the messages that the compiler has for it, each on a line below its place:
 *
 * <pre>{@code
 *   @QuantInt8(bits = 32, frac = -7)
 * > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
 * }</pre>
 *
 * <p>All of it is compared, so that one assertion checks text, line and the word in the line, and
 * that there are no other messages.
 */
final class AnnotatedSource {

  private static final String HEADER =
      """
      package models;

      import java.util.*;
      import org.slimquant.annotations.*;
      import org.tensorflow.Operand;
      import org.tensorflow.types.*;

      """;

  private static final Pattern WORD = Pattern.compile("(?U)-?[\\w$]+|.");

  private final String expected;
  private final String source;

  private AnnotatedSource(String expected) {
    this.expected = expected;
    this.source =
        HEADER
            + expected
                .lines()
                .filter(line -> !line.startsWith("> "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
  }

  /** Compiles the source without its messages, and compares them with those of the compiler. */
  static void check(String expected, JavaFileObject... others) {
    new AnnotatedSource(expected).check(javac(), others);
  }

  /** Does the same as {@link #check}, with the plans in a directory. */
  static void checkWithPlans(Path directory, String expected, JavaFileObject... others) {
    new AnnotatedSource(expected)
        .check(javac().withOptions("-Aslimquant.plan=" + directory), others);
  }

  private void check(Compiler compiler, JavaFileObject... others) {
    JavaFileObject file = JavaFileObjects.forSourceString("models.Models", source);
    Compilation compilation =
        compiler
            .withProcessors(Compilations.processors())
            .compile(Stream.concat(Stream.of(file), Stream.of(others)).toList());
    assertThat(withMessages(compilation)).isEqualTo(expected);
    assertWithMessage("messages, of which some have no place among the lines above")
        .that(compilation.diagnostics())
        .hasSize((int) expected.lines().filter(line -> line.startsWith("> ")).count());
  }

  private String withMessages(Compilation compilation) {
    List<String> lines = source.lines().toList();
    int firstLine = (int) HEADER.lines().count() + 1;
    return IntStream.rangeClosed(firstLine, lines.size())
        .boxed()
        .flatMap(
            number ->
                Stream.concat(
                    Stream.of(lines.get(number - 1)),
                    compilation.diagnostics().stream()
                        .filter(diagnostic -> diagnostic.getLineNumber() == number)
                        .map(this::render)))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private String render(Diagnostic<? extends JavaFileObject> diagnostic) {
    Matcher word = WORD.matcher(source);
    return "> %s at %s: %s"
        .formatted(
            diagnostic.getKind().toString().toLowerCase(Locale.ROOT),
            word.find((int) diagnostic.getPosition()) ? word.group() : "the end",
            diagnostic.getMessage(Locale.ROOT).lines().findFirst().orElse(""));
  }
}
