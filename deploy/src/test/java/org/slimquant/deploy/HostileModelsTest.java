package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.ModelFormatException;
import org.slimquant.model.ModelLimits;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.testing.HostileFile;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Models that nobody would build, in whatever reads models. */
final class HostileModelsTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int FILES = 400;
  private static final ModelLimits SMALL =
      ModelLimits.DEFAULT.withMemory(1 << 22).withProducts(1 << 22);
  private static final FixedPoint INT8 = FixedPoint.signed(8, 0);

  private final Path directory;

  HostileModelsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void filesChangedAnywhere() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("HostileModelsTest.filesChangedAnywhere: seed " + seed);
    Random random = new Random(seed);
    Path file = directory.resolve("model");
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      RandomModel.of(seed + i, Variety.any().withManyEnds()).write(file);
      Files.write(file, HostileFile.of(Files.readAllBytes(file), random));
      try {
        IntegerModel model = IntegerModel.read(file, SMALL);
        read++;
        export(model, "file " + i);
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageThat().startsWith(file.toString());
      }
    }
    assertThat(read).isGreaterThan(0);
    assertThat(read).isLessThan(FILES);
  }

  /** Makes all that can be made of a model; what cannot is refused. */
  private void export(IntegerModel model, String which) throws IOException {
    ExactnessCertificate.of(model);
    orRefuse(which, () -> CExporter.write(model, directory.resolve("c")));
    for (OnnxForm form : OnnxForm.values()) {
      orRefuse(which, () -> OnnxExporter.write(model, directory.resolve("onnx"), form));
    }
  }

  /** What writes a file. */
  private interface Export {
    void write() throws IOException;
  }

  private static void orRefuse(String which, Export export) throws IOException {
    try {
      export.write();
    } catch (IllegalArgumentException e) {
      assertWithMessage(which).that(e).hasMessageThat().contains("must");
    } catch (RuntimeException | Error e) {
      assertWithMessage("%s: %s", which, e).fail();
    }
  }

  @Test
  void windowFarLargerThanTheImage() throws IOException {
    int size = 1 << 27;
    IntegerTensor x = new IntegerTensor("x", List.of(1, 2, 1), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(1, 1, 1), INT8);
    IntegerTensor z = new IntegerTensor("z", List.of(1, 1, 1), INT8);
    Window window = Window.of(1, size);
    IntegerModel model =
        new IntegerModel(
            "m",
            x,
            z,
            List.of(
                new MaxPool("max", x, window.withPadding(new Padding(0, 0, size - 2, 0)), y),
                new AveragePool(
                    "mean",
                    y,
                    window.withPadding(new Padding(0, 0, size - 1, 0)),
                    CodeRange.all(INT8),
                    z)));

    assertTimeoutPreemptively(LIMIT, () -> export(model, "a large window"));
    assertTimeoutPreemptively(LIMIT, () -> IntegerEngine.of(model).run(new int[] {1, 2}));
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> OnnxExporter.write(model, directory.resolve("onnx"), OnnxForm.QOPERATOR)))
        .hasMessageThat()
        .startsWith("op mean must have a mean of at most 67108864 elements");
  }

  /** Its kernel for blocks of columns would be nearly all zeros. */
  @Test
  void dilationFarLargerThanTheKernel() throws IOException {
    int dilation = 1 << 20;
    IntegerTensor x = new IntegerTensor("x", List.of(1, 4, 1), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(1, 4, 1), INT8);
    Window window =
        Window.of(1, 3)
            .withDilations(1, dilation)
            .withPadding(new Padding(0, 0, dilation, dilation));
    Conv2D conv =
        new Conv2D(
            "conv",
            x,
            Kernel.of(List.of(1, 3, 1, 1), INT8, 1, 2, 3),
            Codes.zeros(1),
            window,
            CodeRange.all(INT8),
            y);
    IntegerModel model = new IntegerModel("m", x, y, List.of(conv));

    assertTimeoutPreemptively(LIMIT, () -> export(model, "a large dilation"));
    assertThat(Files.size(directory.resolve("onnx"))).isLessThan(1 << 16);
    assertThat(IntegerEngine.of(model).run(new int[] {1, 2, 3, 4}))
        .asList()
        .containsExactly(2, 4, 6, 8)
        .inOrder();
  }
}
