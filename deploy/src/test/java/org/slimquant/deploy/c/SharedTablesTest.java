package org.slimquant.deploy.c;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.base.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.c.CCompiler.Result;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** Tables that many layers have in common. */
final class SharedTablesTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final int CALLS = 8;
  private static final int SIZE = 20;

  private final Path directory;

  SharedTablesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Returns a model that calls one dense layer eight times, the last time with another bias. */
  private static IntegerModel model() {
    Random random = new Random(5);
    int[] weights = random.ints(SIZE * SIZE, -127, 128).toArray();
    List<Integer> exponents = random.ints(SIZE, -10, -6).boxed().toList();
    int[] bias = random.ints(SIZE, -100, 100).toArray();
    IntegerTensor x = new IntegerTensor("x", List.of(SIZE), INT8);
    List<IntegerOp> ops = new ArrayList<>();
    IntegerTensor last = x;
    for (int i = 0; i < CALLS; i++) {
      IntegerTensor next = new IntegerTensor("y" + i, List.of(SIZE), INT8);
      bias[0] = i / (CALLS - 1);
      ops.add(
          new Dense(
              "dense" + i,
              last,
              new Kernel(List.of(SIZE, SIZE), 8, true, exponents, Codes.of(weights)),
              Codes.of(bias),
              CodeRange.all(INT8),
              next));
      last = next;
    }
    return new IntegerModel("shared", x, last, ops);
  }

  @Test
  void areThereOnce() throws Exception {
    String source = Files.readString(CExporter.write(model(), directory).source());

    assertThat(count(source, "_kernel[")).isEqualTo(1);
    assertThat(count(source, "_shifts[")).isEqualTo(1);
    assertThat(count(source, "_bias[")).isEqualTo(2);
    CFootprint footprint = CExporter.footprint(model());
    assertThat(footprint.kernelBytes()).isEqualTo(SIZE * SIZE);
    // Two biases, one table of shifts, and a struct of 18 numbers for each layer.
    assertThat(footprint.otherBytes()).isEqualTo(2 * 4 * SIZE + SIZE + CALLS * 18 * 4);
  }

  private static int count(String text, String part) {
    return Splitter.on(part).splitToList(text).size() - 1;
  }

  @Test
  void sameCodes() throws Exception {
    CFiles files = CExporter.write(model(), directory);
    CCompiler compiler = new CCompiler(directory);

    assertThat(compiler.test("-O0", files))
        .isEqualTo(new Result(0, "shared: 8 tensors of 4 examples, 0 differ\n"));
  }
}
