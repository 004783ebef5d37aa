package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.deploy.c.CCompiler.Result;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;

/** The exported C on other machines, and from other compilers. */
class CTargetsTest {

  private static final List<IntegerModel> MODELS =
      List.of(
          ExportedModels.random(22, 45, 8),
          ExportedModels.random(33, 45, 16),
          ExportedModels.tiny(),
          ExportedModels.reshapeOnly(),
          ExportedModels.outputReadAgain(),
          ExportedModels.scalar(FixedPoint.signed(8, 0), -127, 5, 3));

  private final Path directory;

  CTargetsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static List<Arguments> targets() {
    return List.of(
        Arguments.of(Toolchain.S390X, "-O2"),
        Arguments.of(Toolchain.ARM, "-O2"),
        Arguments.of(Toolchain.ARM, "-O3 -mfpu=neon"),
        Arguments.of(Toolchain.RISCV64, "-O2"),
        Arguments.of(Toolchain.AARCH64, "-O3"),
        Arguments.of(Toolchain.I686, "-O2"),
        Arguments.of(Toolchain.CLANG, "-O2"),
        Arguments.of(Toolchain.TCC, ""),
        Arguments.of(Toolchain.GPP, "-O2"),
        Arguments.of(Toolchain.GPP, "-O2 -std=c++20"),
        Arguments.of(Toolchain.CLANGPP, "-O2"));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyTensorIsTheEngines(Toolchain toolchain, String flags) throws Exception {
    CCompiler compiler = new CCompiler(directory, toolchain);
    for (IntegerModel model : MODELS) {
      CFiles files = CExporter.write(model, directory);

      assertWithMessage("%s %s %s", toolchain, flags, model.name())
          .that(compiler.test(flags, files))
          .isEqualTo(passed(files, model));
    }
  }

  static List<Toolchain> compilersOfCPlusPlus() {
    return List.of(Toolchain.GPP, Toolchain.CLANGPP);
  }

  /** As C++ by itself, too, where the test program uses all functions. */
  @ParameterizedTest
  @MethodSource("compilersOfCPlusPlus")
  void sourceByItself(Toolchain toolchain) throws Exception {
    CFiles files = CExporter.write(MODELS.get(1), directory);
    Path object = directory.resolve("source.o");

    assertThat(new CCompiler(directory, toolchain).compile("-O2 -c", object, files.source()))
        .isEmpty();
  }

  @Test
  void theModelsHaveEveryKindOfOp() {
    Set<Class<?>> kinds =
        MODELS.stream()
            .flatMap(model -> model.ops().stream())
            .map(IntegerOp::getClass)
            .collect(Collectors.toSet());

    assertThat(kinds).containsExactlyElementsIn(kinds(IntegerOp.class).collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> kinds(Class<?> kind) {
    return kind.isSealed()
        ? Stream.of(kind.getPermittedSubclasses()).flatMap(CTargetsTest::kinds)
        : Stream.of(kind);
  }

  private static Result passed(CFiles files, IntegerModel model) {
    int examples = 4;
    return new Result(
        0,
        "%s: %d tensors of %d examples, 0 differ\n"
            .formatted(files.name(), model.ops().size(), examples));
  }
}
