package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.c.CCompiler.Result;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;

/** Models in one directory and in one program, beside files of the user's. */
class CTogetherTest {

  private static final Result WELL = new Result(0, "");

  private final Path directory;
  private final CCompiler compiler;

  CTogetherTest(@TempDir Path directory) {
    this.directory = directory;
    compiler = new CCompiler(directory);
  }

  static List<List<String>> names() {
    return List.of(
        List.of("keyword_spotting_v1_small", "keyword_spotting_v1_large"),
        List.of("net-1", "net_1", "net.1", "net 1", "net__1", "NET-1"),
        List.of("lenet", "LeNet", "LENET"),
        List.of("\u043c\u043e\u0434\u0435\u043b\u044c", "\u6a21\u578b", "model"),
        List.of("x", "x_test", "x_config", "x_no_static", "x_test_run", "x_run", "x_layer"),
        List.of("a".repeat(200), "a".repeat(201), "a".repeat(26)));
  }

  /** Each model has a weight of its own, and one program runs them all. */
  @ParameterizedTest
  @MethodSource("names")
  void modelsInOneProgram(List<String> names) throws Exception {
    Path program = directory.resolve("program");
    StringBuilder includes = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    Set<String> written = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      IntegerModel model = scalar(names.get(i), 10 + i);
      CFiles files = CExporter.write(model, directory);
      written.add(files.source().getFileName().toString());
      assertThat(compiler.compile("-O0 -c", directory.resolve(i + ".o"), files.source())).isEmpty();
      Path library = directory.resolve("lib" + i + ".a");
      assertThat(compiler.run(List.of("ar", "rc", library.toString(), i + ".o"))).isEqualTo(WELL);
      includes.append("#include \"%s.h\"\n".formatted(files.name()));
      calls.append(
          "    %s_run(&input, &output);\n    wrong += output != %d;\n"
              .formatted(files.name(), IntegerEngine.of(model).run(new int[] {3})[0]));
    }
    assertThat(written).hasSize(names.size());

    Path main = Files.writeString(directory.resolve("main.c"), main(includes, calls));
    Path[] sources = new Path[names.size() + 1];
    sources[0] = main;
    for (int i = 0; i < names.size(); i++) {
      sources[i + 1] = directory.resolve("lib" + i + ".a");
    }
    assertThat(compiler.compile("-O0", program, sources)).isEmpty();
    assertThat(compiler.run(program)).isEqualTo(WELL);

    String whole = includes.toString().replace(".h\"", ".c\"");
    Path unit = Files.writeString(directory.resolve("unit.c"), main(whole, calls));
    assertThat(compiler.compile("-O0", program, unit)).isEmpty();
    assertThat(compiler.run(program)).isEqualTo(WELL);
  }

  private static String main(CharSequence includes, CharSequence calls) {
    return """
        %s
        int main(void)
        {
            const int8_t input = 3;
            int8_t output = 0;
            int wrong = 0;
        %s    return wrong;
        }
        """
        .formatted(includes, calls);
  }

  private static IntegerModel scalar(String name, int weight) {
    IntegerModel scalar = ExportedModels.scalar(FixedPoint.signed(8, 0), weight, 0, 0);
    return new IntegerModel(name, scalar.input(), scalar.output(), scalar.ops());
  }

  /** Models whose functions and layers have the same names, and all kinds of them. */
  @ParameterizedTest
  @ValueSource(strings = {"gcc", "g++"})
  void oneTranslationUnitOfLargeModels(String command) throws Exception {
    CFiles first = CExporter.write(ExportedModels.random(31, 45, 8), directory);
    CFiles second = CExporter.write(ExportedModels.random(32, 45, 16), directory);
    Path unit =
        Files.writeString(
            directory.resolve("unit.c"),
            """
            #include "%s"
            #include "%s"
            int main(void)
            {
                return %s_test() + %s_test();
            }
            """
                .formatted(
                    first.test().getFileName(),
                    second.test().getFileName(),
                    first.name(),
                    second.name()));
    Toolchain toolchain = command.equals("gcc") ? Toolchain.GCC : Toolchain.GPP;
    CCompiler either = new CCompiler(directory, toolchain);
    StringBuilder flags = new StringBuilder("-O1");
    for (CFiles files : List.of(first, second)) {
      flags.append(" -D").append(files.macro("TEST"));
      flags.append(" -D").append(files.macro("TEST_NO_MAIN"));
    }

    assertThat(either.compile(flags.toString(), directory.resolve("unit"), unit)).isEmpty();
    assertThat(either.run(directory.resolve("unit")).status()).isEqualTo(0);
  }

  /** A build of every file in a folder, among which is the user's program. */
  @Test
  void sourceAndTestProgramInOneBuild() throws Exception {
    CFiles files = CExporter.write(scalar("net", 2), directory);
    Path main =
        Files.writeString(
            directory.resolve("user.c"),
            main(
                "#include \"net.h\"", "    net_run(&input, &output);\n    wrong = output != 6;\n"));
    Path program = directory.resolve("program");

    assertThat(compiler.compile("-O0", program, main, files.source(), files.test())).isEmpty();
    assertThat(compiler.run(program)).isEqualTo(WELL);

    String said = compiler.compile("-O0 -DNET_TEST", program, files.source(), files.test());
    assertThat(said).isEmpty();
    assertThat(compiler.run(program).output())
        .isEqualTo("net: 1 tensors of 4 examples, 0 differ\n");
  }

  /** The command in the test program's first comment. */
  @Test
  void commandOfTheTestProgram() throws Exception {
    CFiles files = CExporter.write(scalar("net", 2), directory);
    assertThat(compiler.compile("-O0", directory.resolve("any"), files.source(), unused()))
        .isEmpty();
    String command =
        Files.readString(files.test())
            .lines()
            .filter(line -> line.startsWith(" *     "))
            .findFirst()
            .orElseThrow()
            .substring(2)
            .strip()
            .replaceFirst("cc", "gcc");

    assertThat(compiler.run(List.of("sh", "-c", command)))
        .isEqualTo(new Result(0, "net: 1 tensors of 4 examples, 0 differ\n"));
  }

  private Path unused() throws Exception {
    return Files.writeString(directory.resolve("unused.c"), "int main(void) { return 0; }\n");
  }

  /** The folder is searched first, as a build may do. */
  @ParameterizedTest
  @ValueSource(strings = {"features", "math", "stdio", "errno", "time", "limits", "stdint"})
  void namesOfHeaders(String name) throws Exception {
    CFiles files = CExporter.write(scalar(name, 2), directory);

    assertThat(compiler.test("-O0 -I" + directory, files))
        .isEqualTo(new Result(0, files.name() + ": 1 tensors of 4 examples, 0 differ\n"));
    assertThat(Files.exists(directory.resolve(name + ".h"))).isFalse();
  }

  @Test
  void fileOfTheUsers() throws Exception {
    for (String file : List.of("net.h", "net.c", "net_test.c")) {
      Path users = Files.writeString(directory.resolve(file), "int important;\n");

      FileAlreadyExistsException e =
          assertThrows(
              FileAlreadyExistsException.class, () -> CExporter.write(scalar("net", 2), directory));

      assertWithMessage(file)
          .that(e)
          .hasMessageThat()
          .isEqualTo(
              users
                  + ": a file that is replaced must be one that SlimQuant made, but this is not;"
                  + " export model net to another directory, or give it another name");
      assertThat(Files.readString(users)).isEqualTo("int important;\n");
      Files.delete(users);
    }
    assertThat(directory.toFile().list()).isEmpty();
  }

  @Test
  void filesOfAnEarlierExport() throws Exception {
    CFiles once = CExporter.write(scalar("net", 2), directory);
    String before = Files.readString(once.source());

    CFiles again = CExporter.write(scalar("net", 3), directory);

    assertThat(again).isEqualTo(once);
    assertThat(Files.readString(again.source())).isNotEqualTo(before);
  }

  @Test
  void directoryThatIsNotThere() throws Exception {
    Path deep = directory.resolve("firmware/models/net");

    CFiles files = CExporter.write(scalar("net", 2), deep);

    assertThat(deep.toFile().list()).asList().containsExactly("net.h", "net.c", "net_test.c");
    assertThat(files.header()).isEqualTo(deep.resolve("net.h"));
  }

  @Test
  void linkToADirectory() throws Exception {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);

    CExporter.write(scalar("net", 2), link);

    assertThat(real.toFile().list()).asList().containsExactly("net.h", "net.c", "net_test.c");
  }
}
