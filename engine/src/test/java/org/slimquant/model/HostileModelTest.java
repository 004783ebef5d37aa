package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.testing.HostileFile;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.TinyModel;
import org.slimquant.model.testing.Variety;

/** Tests files with a correct checksum that require more resources than any model needs. */
final class HostileModelTest {

  private static final Path NAME = Path.of("model.bin");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int FILES = 5000;
  private static final ModelLimits SMALL =
      ModelLimits.DEFAULT.withMemory(1 << 24).withProducts(1 << 22);
  private static final FixedPoint INT8 = FixedPoint.signed(8, 0);

  @Test
  void changedAnywhere() {
    long seed = new Random().nextLong();
    System.out.println("HostileModelTest.changedAnywhere: seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      IntegerModel good =
          i % 2 == 0 ? TinyModel.model() : RandomModel.of(seed + i, Variety.any().withManyEnds());
      byte[] bytes = HostileFile.of(ModelWriter.bytes(good), random);
      IntegerModel model;
      try {
        model = ModelReader.parse(NAME, bytes, SMALL);
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageThat().startsWith("model.bin: ");
        continue;
      } catch (RuntimeException | Error e) {
        assertWithMessage("file %s: %s", i, e).fail();
        throw e;
      }
      read++;
      // Every model that can be read can be run.
      Map<String, int[]> zeros = new HashMap<>();
      model.inputs().forEach(input -> zeros.put(input.name(), new int[input.size()]));
      assertThat(IntegerEngine.of(model).runCodes(zeros)).hasSize(model.outputs().size());
      assertThat(model.toString()).isNotEmpty();
    }
    assertThat(read).isGreaterThan(0);
    assertThat(read).isLessThan(FILES);
  }

  @Test
  void windowFarLargerThanTheImage() throws IOException {
    IntegerTensor x = new IntegerTensor("x", List.of(1, 2, 1), INT8);
    int size = 1 << 27;
    Window window = Window.of(1, size).withPadding(new Padding(0, 0, size - 1, size - 1));
    Window one = window.withStrides(1, size);
    IntegerTensor y = new IntegerTensor("y", List.of(1, 1, 1), INT8);
    IntegerTensor z = new IntegerTensor("z", List.of(1, 1, 1), INT8);

    IntegerModel model =
        new IntegerModel(
            "m",
            x,
            z,
            List.of(
                new MaxPool("max", x, one.withPadding(new Padding(0, 0, size - 2, 0)), y),
                new AveragePool(
                    "mean",
                    y,
                    one.withPadding(new Padding(0, 0, size - 1, 0)),
                    CodeRange.all(INT8),
                    z)));
    int[] codes =
        assertTimeoutPreemptively(
            LIMIT, () -> IntegerEngine.of(read(model)).run(new int[] {-5, -3}));

    assertThat(codes).asList().containsExactly(-3);
  }

  @Test
  void windowLargerThanThePaddedImage() {
    IntegerTensor x = new IntegerTensor("x", List.of(1, 2, 1), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(1, 1, 1), INT8);

    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> new MaxPool("pool", x, Window.of(1, 1 << 28), y)))
        .hasMessageThat()
        .startsWith("op pool (MaxPool) must have a window that fits into its padded input");
  }

  @Test
  void tensorsOfGigabytes() throws IOException {
    IntegerTensor x = new IntegerTensor("x", List.of(1 << 28), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(1 << 28), INT8);
    IntegerModel model =
        new IntegerModel("m", x, y, List.of(new Requantize("r", x, CodeRange.all(INT8), y)));

    assertRefused(
        model,
        "model m must have at most 536870912 bytes of memory, but has 2147483648; read it with"
            + " larger ModelLimits if you trust it");
    assertThat(
            ModelReader.parse(
                NAME, ModelWriter.bytes(model), ModelLimits.DEFAULT.withMemory(1L << 31)))
        .isEqualTo(model);
  }

  @Test
  void workOfHours() throws IOException {
    IntegerTensor x = new IntegerTensor("x", List.of(4096, 4096, 1), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(4096, 4096, 1), INT8);
    Window window = Window.of(4095, 4095).withPadding(new Padding(2047, 2047, 2047, 2047));
    IntegerModel model =
        new IntegerModel(
            "m", x, y, List.of(new AveragePool("p", x, window, CodeRange.all(INT8), y)));

    assertRefused(
        model,
        "model m must have at most 68719476736 products for each example, but has"
            + " 281337554534400; read it with larger ModelLimits if you trust it");
  }

  @Test
  void oneKernelForManyOps() throws IOException {
    int size = 1 << 10;
    IntegerTensor x = new IntegerTensor("x", List.of(size), INT8);
    Kernel kernel = Kernel.of(List.of(size, size), INT8, new int[size * size]);
    List<IntegerOp> ops = new ArrayList<>();
    IntegerTensor last = x;
    for (int i = 0; i < 200; i++) {
      IntegerTensor next = new IntegerTensor("y" + i, List.of(size), INT8);
      ops.add(new Dense("d" + i, last, kernel, Codes.zeros(size), CodeRange.all(INT8), next));
      last = next;
    }

    assertRefused(
        new IntegerModel("m", x, last, ops),
        "model m must have at most 536870912 bytes of memory, but has 834674688; read it with"
            + " larger ModelLimits if you trust it");
  }

  @Test
  void manyOps() throws IOException {
    IntegerTensor x = new IntegerTensor("x", List.of(1), INT8);
    List<IntegerOp> ops = new ArrayList<>();
    List<IntegerTensor> all = new ArrayList<>(List.of(x));
    for (int i = 0; i < 9_999; i++) {
      IntegerTensor next = new IntegerTensor("y" + i, List.of(1), INT8);
      ops.add(new Requantize("r" + i, x, CodeRange.all(INT8), next));
      all.add(next);
    }
    IntegerTensor end = new IntegerTensor("end", List.of(10_000), INT8);
    ops.add(new Concat("concat", all, 0, CodeRange.all(INT8), end));
    IntegerModel most = new IntegerModel("m", x, end, ops);

    assertTimeoutPreemptively(
        LIMIT, () -> assertThat(IntegerEngine.of(read(most)).run(new int[] {7})).hasLength(10_000));

    IntegerTensor further = new IntegerTensor("further", List.of(1), INT8);
    ops.add(new Requantize("r", x, CodeRange.all(INT8), further));
    assertRefused(
        new IntegerModel("m", x, further, ops),
        "model m must have at most 10000 ops, but has 10001; read it with larger ModelLimits if you"
            + " trust it");
  }

  @Test
  void fileThatIsTooLong(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("model");
    TinyModel.model().write(file);
    int size = (int) Files.size(file);

    assertThat(IntegerModel.read(file, ModelLimits.DEFAULT.withBytes(size)))
        .isEqualTo(TinyModel.model());
    assertThat(
            assertThrows(
                ModelFormatException.class,
                () -> IntegerModel.read(file, ModelLimits.DEFAULT.withBytes(size - 1))))
        .hasMessageThat()
        .isEqualTo(
            "%s: an integer model must have at most %d bytes, but this has more; read it with larger ModelLimits if you trust it"
                .formatted(file, size - 1));
  }

  @Test
  void recordsThatAreTooMany() {
    byte[] bytes = ModelWriter.bytes(TinyModel.model());

    assertThat(
            assertThrows(
                ModelFormatException.class,
                () -> ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT.withOps(1))))
        .hasMessageThat()
        .startsWith("model.bin: a file must have at most 10 records, but has ");
  }

  private static IntegerModel read(IntegerModel model) throws ModelFormatException {
    return ModelReader.parse(NAME, ModelWriter.bytes(model), ModelLimits.DEFAULT);
  }

  private static void assertRefused(IntegerModel model, String reason) {
    assertThat(assertThrows(ModelFormatException.class, () -> read(model)))
        .hasMessageThat()
        .isEqualTo("model.bin: " + reason);
  }
}
