package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Codes;

/** Each template of a function as C, with all types that it can be filled with. */
class FunctionFilesTest {

  private static final Path FILES = Path.of("src/main/resources/org/slimquant/deploy/c");
  private static final ModelName NET = ModelName.of("net");

  private final Path directory;

  FunctionFilesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".c.in"))
          .sorted()
          .toList();
    }
  }

  /**
   * Returns every function that the exporter can make.
   *
   * @param left whether sums are shifted left anywhere
   */
  private static List<CFunction> functions(boolean left) {
    CFunctions functions = new CFunctions(NET, left, left);
    List<CFunction> made = new ArrayList<>();
    for (CType input : CType.values()) {
      made.add(functions.maxPool(input));
      for (CType output : CType.values()) {
        made.add(new CodeFunctions(functions).table(input, output));
        for (boolean wide : List.of(false, true)) {
          made.add(functions.averagePool(input, output, wide));
          made.add(functions.requantize(input, output, wide));
          made.add(new CodeFunctions(functions).leakyRelu(input, output, wide));
          for (CType second : CType.values()) {
            for (BinaryOp.Kind kind : BinaryOp.Kind.values()) {
              for (RepeatedInput repeated : RepeatedInput.values()) {
                made.add(functions.binary(kind, input, second, output, wide, repeated));
              }
            }
            made.add(functions.matMul(input, second, output, wide));
            for (Codes shifts : List.of(Codes.of(1), Codes.of(1, 2))) {
              RequantizationKind requantization = new RequantizationKind(wide, shifts);
              made.add(functions.dense(input, second, output, requantization));
              made.add(functions.conv2d(input, second, output, requantization));
              made.add(functions.depthwise(input, second, output, requantization, false));
              made.add(functions.depthwise(input, second, output, requantization, true));
            }
          }
        }
      }
    }
    return made.stream().flatMap(CFunction::inOrder).distinct().toList();
  }

  /** Returns the functions of a file. Without left shifts only {@code to_code} is another. */
  private static List<CFunction> functions(String file) {
    return Stream.of(true, false)
        .map(left -> functions(left).stream().filter(f -> f.file().equals(file)).toList())
        .filter(functions -> !functions.isEmpty())
        .findFirst()
        .orElseThrow();
  }

  static Stream<Arguments> filesAndCompilers() throws IOException {
    return files().stream()
        .flatMap(
            file ->
                Stream.of(Toolchain.GCC, Toolchain.CLANG, Toolchain.GPP, Toolchain.AVR)
                    .map(toolchain -> Arguments.of(file, toolchain)));
  }

  @ParameterizedTest
  @MethodSource("filesAndCompilers")
  void compilesByItself(String file, Toolchain toolchain) throws Exception {
    List<CFunction> functions = functions(file);
    Path source = Files.writeString(directory.resolve("functions.c"), source(functions));

    assertThat(
            new CCompiler(directory, toolchain)
                .compile("-O0 -c", directory.resolve("functions.o"), source))
        .isEmpty();
  }

  /** Returns a source with functions and those that they call, and pointers to the functions. */
  private static String source(List<CFunction> functions) {
    List<String> parts = new ArrayList<>();
    parts.add("#include <stdint.h>\n#include <string.h>\n#define NET_SPACE\n");
    for (String file : List.of("restrict.c.in", "step.c.in", "layer.c.in")) {
      parts.add(Template.of("frame/" + file).fill(NET, Map.of()));
    }
    functions.stream()
        .flatMap(CFunction::inOrder)
        .distinct()
        .map(CFunction::text)
        .forEach(parts::add);
    parts.add("void (*net_functions[])(void) = {\n");
    functions.forEach(f -> parts.add("    (void (*)(void))%s,\n".formatted(f.name())));
    parts.add("};\n");
    return String.join("", parts);
  }

  /** Counts what {@link #compilesByItself} compiles. */
  @Test
  void everyCombinationOfTypes() {
    assertThat(functions("dense.c.in")).hasSize(4 * 4 * 4 * 2 * 2);
    assertThat(functions("add.c.in")).hasSize(2 * 4 * 4 * 4 * 2 * 3);
    assertThat(functions("multiply.c.in")).hasSize(4 * 4 * 4 * 2 * 3);
    assertThat(functions("extreme.c.in")).hasSize(2 * 4 * 4 * 4 * 2 * 3);
    assertThat(functions("average_pool.c.in")).hasSize(4 * 4 * 2);
    assertThat(functions("max_pool.c.in")).hasSize(4);
    assertThat(functions("to_code.c.in")).hasSize(2);
  }

  @Test
  void structHasTheFieldsOfEachLayer() {
    String struct = Template.of("frame/layer.c.in").text();

    assertThat(
            Pattern.compile("int32_t ([a-z_, ]+);")
                .matcher(struct)
                .results()
                .map(match -> Splitter.on(", ").splitToList(String.valueOf(match.group(1))))
                .toList())
        .isEqualTo(LayerStruct.LINES);
  }

  @Test
  void noFileIsUnused() throws Exception {
    assertThat(
            Stream.of(true, false)
                .flatMap(left -> functions(left).stream())
                .map(CFunction::file)
                .collect(Collectors.toSet()))
        .containsExactlyElementsIn(files());
  }
}
