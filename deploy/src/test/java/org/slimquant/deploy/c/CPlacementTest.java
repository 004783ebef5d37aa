package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.deploy.c.CCompiler.Result;
import org.slimquant.model.IntegerModel;

/** Where the C has constants and arena, and what it refuses to be compiled for. */
class CPlacementTest {

  private static final String SECTIONS =
      "-O0 -D$_CONST=__attribute__((section(\"external\")))"
          + " -D$_ARENA=__attribute__((section(\"fast\"),aligned(64)))";

  private final Path directory;
  private final CCompiler compiler;

  CPlacementTest(@TempDir Path directory) {
    this.directory = directory;
    compiler = new CCompiler(directory);
  }

  @Test
  void sections() throws Exception {
    IntegerModel model = ExportedModels.random(41, 45, 8);
    CFiles files = CExporter.write(model, directory);
    String flags = SECTIONS.replace("$", files.macro("").replaceFirst("_$", ""));
    Path object = directory.resolve("source.o");

    assertThat(compiler.test(flags, files))
        .isEqualTo(new Result(0, files.name() + ": 45 tensors of 4 examples, 0 differ\n"));
    assertThat(compiler.compile(flags + " -c", object, files.source())).isEmpty();

    assertThat(constants(files)).hasSize(tables(files));
    for (String symbol : constants(files)) {
      assertWithMessage(symbol).that(symbol).contains(" external\t");
    }
    assertThat(symbols("arena\\.\\d+")).hasSize(1);
    assertThat(symbols("arena\\.\\d+").get(0)).contains(" fast\t");
  }

  /** Returns the lines of objdump about the model's constants in {@code source.o}. */
  private List<String> constants(CFiles files) throws Exception {
    return symbols(files.name() + "_[A-Z]\\w*_(layer|kernel|bias|shifts|table)");
  }

  private List<String> symbols(String name) throws Exception {
    Result said = compiler.run(List.of("objdump", "-t", "source.o"));
    assertThat(said.status()).isEqualTo(0);
    return said.output().lines().filter(line -> line.matches(".* " + name)).toList();
  }

  private static int tables(CFiles files) throws Exception {
    return (int)
        Files.readString(files.source())
            .lines()
            .filter(line -> line.startsWith(files.macro("CONST")))
            .count();
  }

  @Test
  void settingsInAFile() throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    Files.writeString(
        directory.resolve("tiny_config.h"),
        "#define TINY_NO_STATIC_ARENA\n#define TINY_CONST __attribute__((section(\"external\")))\n");

    assertThat(compiler.compile("-O0 -c", directory.resolve("source.o"), files.source())).isEmpty();
    assertThat(constants(files)).hasSize(8);
    for (String symbol : constants(files)) {
      assertThat(symbol).contains(" external\t");
    }
    assertThat(symbols("tiny_run_in")).hasSize(1);
    assertThat(symbols("tiny_run")).isEmpty();
  }

  /** The file of docs/c.md. */
  @Test
  void settingsOfTheDocumentation() throws Exception {
    String docs = Files.readString(Path.of("..", "docs", "c.md"));
    String start = "```c\n/* lenet_config.h */\n";
    int from = docs.indexOf(start);
    assertThat(from).isGreaterThan(0);
    Files.writeString(
        directory.resolve("lenet_config.h"),
        docs.substring(from + 5, docs.indexOf("```", from + start.length())));
    CFiles files = CExporter.write(ExportedModels.tiny("lenet", "conv1", "relu1"), directory);

    assertThat(compiler.test("-O0", files))
        .isEqualTo(new Result(0, "lenet: 4 tensors of 4 examples, 0 differ\n"));
    assertThat(compiler.compile("-O0 -c", directory.resolve("source.o"), files.source())).isEmpty();
    for (String symbol : constants(files)) {
      assertThat(symbol).contains(" .external_flash\t");
    }
    assertThat(symbols("arena\\.\\d+").get(0)).contains(" .fast_ram\t");
  }

  /** Sizes in it could be too small. */
  @Test
  void headerOfAnotherExport() throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    String header = Files.readString(files.header());
    Files.writeString(
        files.header(),
        header
            .replaceFirst("TINY_HEADER 0x\\w+", "TINY_HEADER 0x12345678L")
            .replace("ARENA_LENGTH 72", "ARENA_LENGTH 71"));

    assertThat(compiler.compile("-O0 -c", directory.resolve("source.o"), files.source()))
        .contains("#error \"tiny.h must be the one that was exported with tiny.c, but is another;");
  }

  @Test
  void headersThatSayAnythingElse() throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    String one = Files.readString(files.header());
    String source = Files.readString(files.source());
    IntegerModel other = ExportedModels.tiny("tiny", "conv1/Conv2D", "other name");
    CExporter.write(other, directory);
    assertThat(Files.readString(files.header())).isEqualTo(one);

    IntegerModel shorter =
        new IntegerModel("tiny", other.input(), other.tensor("Reshape:0"), other.ops());
    CExporter.write(shorter, directory);

    assertThat(Files.readString(files.header())).isNotEqualTo(one);
    Files.writeString(files.source(), source);
    assertThat(compiler.compile("-O0 -c", directory.resolve("source.o"), files.source()))
        .contains("#error \"tiny.h must be the one");
  }

  /** A patch of 32 or more products has room for whole steps of these only. */
  @ParameterizedTest
  @CsvSource({
    "-DTINY_STEP=0, 'TINY_STEP must be 1, 2, 4, 8, 16 or 32'",
    "-DTINY_STEP=-1, 'TINY_STEP must be 1, 2, 4, 8, 16 or 32'",
    "-DTINY_STEP=24, 'TINY_STEP must be 1, 2, 4, 8, 16 or 32'",
    "-DTINY_STEP=64, 'TINY_STEP must be 1, 2, 4, 8, 16 or 32'",
    "-U__CHAR_BIT__ -D__CHAR_BIT__=16, 'bytes must have 8 bits, but CHAR_BIT is not 8'",
  })
  void refused(String flags, String error) throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);

    assertThat(compiler.compile("-O0 -c " + flags, directory.resolve("source.o"), files.source()))
        .contains("#error \"" + error);
  }
}
