package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.c.CCompiler.Result;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.TimeSeries;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;

class CExporterTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/c");
  private static final String SANITIZED =
      "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all";

  private final Path directory;

  CExporterTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, -O0",
    "2, 8, -O2",
    "3, 8, -O3 -march=native",
    "5, 8, '" + SANITIZED + "'",
    "6, 8, -O2 -D$_STEP=1 -D$_NO_STATIC_ARENA",
    "6, 8, -O2 -D$_STEP=4",
    "7, 16, -O2",
    "8, 16, -O3 -march=native",
    "10, 16, '" + SANITIZED + "'",
  })
  void everyTensorIsTheEngines(long seed, int bits, String flags) throws Exception {
    IntegerModel model = ExportedModels.random(seed, 45, bits);

    assertPasses(model, flags);
  }

  @ParameterizedTest
  @CsvSource({
    "21, 8, -O2",
    "22, 8, '" + SANITIZED + "'",
    "23, 16, -O2",
    "24, 16, '" + SANITIZED + "'",
    "25, 16, -O2 -D$_NO_STATIC_ARENA",
  })
  void severalInputsAndOutputs(long seed, int bits, String flags) throws Exception {
    assertPasses(ExportedModels.manyEnds(seed, 20, bits), flags);
  }

  @Test
  void convolutionsAlongTime() throws Exception {
    try (QuantizedGraph graph = TimeSeries.graph(1)) {
      assertPasses(graph.compile(TimeSeries.add(graph, 1, false)), "-O2");
    }
  }

  /**
   * The test program includes the source, and so hides what the source alone would be warned of.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-O2 -c", "-O3 -march=native -c"})
  void sourceByItself(String flags) throws Exception {
    CFiles files = CExporter.write(ExportedModels.random(12, 45, 16), directory);
    CCompiler compiler = new CCompiler(directory);

    assertThat(compiler.compile(flags, directory.resolve("source.o"), files.source())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-O2", SANITIZED})
  void smallModels(String flags) throws Exception {
    assertPasses(ExportedModels.tiny(), flags);
    assertPasses(ExportedModels.reshapeOnly(), flags);
    assertPasses(ExportedModels.outputReadAgain(), flags);
    assertPasses(ExportedModels.sumWithZeros(), flags);
    assertPasses(ExportedModels.severalEnds(), flags);
    assertPasses(ExportedModels.scalar(FixedPoint.signed(8, 0), -127, 5, 3), flags);
  }

  /** With an input of -128, which is no code but a byte, 32 bits would overflow. */
  @Test
  void bytesThatAreNoCodesOverflowNothing() throws Exception {
    int bias = Integer.MIN_VALUE + 127 * 127 + 100;
    CFiles files =
        CExporter.write(ExportedModels.scalar(FixedPoint.signed(8, 0), 127, bias, 25), directory);
    Path program =
        Files.writeString(
            directory.resolve("edge.c"),
            """
            #include "scalar.c"

            int main(void)
            {
                const int8_t input = -128;
                int8_t output;
                scalar_run(&input, &output);
                return output != -64;
            }
            """);
    CCompiler compiler = new CCompiler(directory);

    assertThat(Files.readString(files.source())).contains("int64_t sum");
    assertThat(compiler.compile(SANITIZED, directory.resolve("edge"), program)).isEmpty();
    assertThat(compiler.run(directory.resolve("edge"))).isEqualTo(new Result(0, ""));
  }

  @Test
  void textOfASmallModel() throws Exception {
    assertGolden(CExporter.write(ExportedModels.tiny(), directory));
  }

  @Test
  void textOfAModelWithSeveralInputsAndOutputs() throws Exception {
    assertGolden(CExporter.write(ExportedModels.severalEnds(), directory));
  }

  private static void assertGolden(CFiles files) throws IOException {
    for (Path file : List.of(files.header(), files.source(), files.test())) {
      Path golden = GOLDEN.resolve(file.getFileName().toString());
      if (Boolean.getBoolean("golden.rewrite")) {
        Files.createDirectories(GOLDEN);
        Files.copy(file, golden, StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(Files.readString(file)).isEqualTo(Files.readString(golden));
    }
  }

  @Test
  void sameTextEachTime() throws Exception {
    IntegerModel model = ExportedModels.random(11, 20, 8);
    CFiles once = CExporter.write(model, directory.resolve("once"));
    CFiles again = CExporter.write(model, directory.resolve("again"));

    assertThat(Files.readString(again.source())).isEqualTo(Files.readString(once.source()));
    assertThat(Files.readString(again.test())).isEqualTo(Files.readString(once.test()));
  }

  /** Where numbers are written with digits that C does not know. */
  @Test
  void sameTextInEgypt() throws Exception {
    CFiles here = CExporter.write(ExportedModels.tiny(), directory.resolve("here"));
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      CFiles there = CExporter.write(ExportedModels.tiny(), directory.resolve("there"));

      assertThat(Files.readString(there.header())).isEqualTo(Files.readString(here.header()));
      assertThat(Files.readString(there.source())).isEqualTo(Files.readString(here.source()));
      assertThat(Files.readString(there.test())).isEqualTo(Files.readString(here.test()));
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void namesThatAreNoIdentifiers() throws Exception {
    for (String name :
        List.of(
            "int",
            "a b",
            "\"; exit(1); \"",
            "*/ #error",
            "/* open",
            "??/\n%s\\",
            "\u043c\u043e\u0434\u0435\u043b\u044c \ud83d\ude00",
            "9_lives",
            "__STDC__",
            "linux",
            "input",
            "memcpy",
            "x".repeat(10_000),
            "string")) {
      IntegerModel model = ExportedModels.tiny(name, name, name);

      assertPasses(model, "-O0");
    }
  }

  @Test
  void tensorsWhoseNamesBecomeTheSame() throws Exception {
    assertPasses(ExportedModels.tiny("same", "Reshape_", "Reshape"), "-O0");
  }

  @Test
  void wrongCodeIsFound() throws Exception {
    CFiles files = CExporter.write(ExportedModels.tiny(), directory);
    String source = Files.readString(files.source());
    String wrong = source.replace("{\n    100, -200,\n}", "{\n    100, -280,\n}");
    assertThat(wrong).isNotEqualTo(source);
    Files.writeString(files.source(), wrong, UTF_8);

    Result result = new CCompiler(directory).test("-O0", files);

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains("example 0: tensor conv1/Relu:0 differs from code ");
  }

  /** 18 + 24 weights, 2 + 3 biases, 2 shifts, three layers; the pooled and the convolved image. */
  @Test
  void footprint() {
    assertThat(CExporter.footprint(ExportedModels.tiny()))
        .isEqualTo(new CFootprint(42, 5 * 4 + 2 + 3 * 72, 32 + 8 + 32, 32 + 8 + 32));
  }

  @Test
  void tensorsShareMemory() {
    CFootprint footprint = CExporter.footprint(ExportedModels.random(5, 45, 8));

    assertThat(footprint.arenaBytes()).isLessThan(footprint.unsharedBytes() / 2);
  }

  private void assertPasses(IntegerModel model, String flags) throws Exception {
    CFiles files = CExporter.write(model, directory);
    String macros = files.macro("").replaceFirst("_$", "");

    assertWithMessage("%s %s", model.name(), flags)
        .that(new CCompiler(directory).test(flags.replace("$", macros), files))
        .isEqualTo(
            new Result(
                0,
                "%s: %d tensors of 4 examples, 0 differ\n"
                    .formatted(files.name(), model.ops().size())));
  }
}
