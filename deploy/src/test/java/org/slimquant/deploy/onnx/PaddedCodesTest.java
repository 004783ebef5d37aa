package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.c.CTrace;
import org.slimquant.deploy.testing.TracedExample;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Requantize;
import org.slimquant.model.Slice;
import org.slimquant.model.Tile;
import org.slimquant.model.Transpose;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/** A pad with codes other than 0, before a pooling and movements, in ONNX Runtime and in C. */
final class PaddedCodesTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final List<Integer> CODES = List.of(-127, -5, 3, 127);

  private final Path folder;

  PaddedCodesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void inOnnxRuntime() throws OrtException {
    for (int code : CODES) {
      for (boolean relu : new boolean[] {false, true}) {
        IntegerModel model = model(code, relu);
        int[] input = RandomCodes.of(code, model.input(), 5);
        for (OnnxForm form : OnnxForm.values()) {
          for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
            SessionOptions options = ProcessorSaturation.precise();
            options.setOptimizationLevel(level);
            try (OnnxRun run = OnnxRun.of(model, OnnxExporter.model(model, form), options)) {
              assertWithMessage("code %s, relu %s, %s, %s", code, relu, form, level)
                  .that(run.run(input))
                  .isEqualTo(IntegerEngine.of(model).run(input));
            }
          }
        }
      }
    }
  }

  @Test
  void inC() throws Exception {
    IntegerModel model = model(-5, true);
    TracedExample example =
        TracedExample.of(model, Map.of("x", RandomCodes.of(1, model.input(), 5)));

    assertWithMessage("differing").that(example.differing(CTrace.of(folder, example))).isEmpty();
  }

  /**
   * Returns a model that pads.
   *
   * @param relu whether no code before the pad is negative
   */
  private static IntegerModel model(int code, boolean relu) {
    IntegerTensor x = tensor("x", 3, 4, 2);
    IntegerTensor cut = tensor("cut", 3, 4, 2);
    IntegerTensor padded = tensor("padded", 6, 6, 2);
    IntegerTensor pooled = tensor("pooled", 3, 3, 2);
    IntegerTensor turned = tensor("turned", 2, 3, 3);
    IntegerTensor tiled = tensor("tiled", 2, 6, 3);
    IntegerTensor reversed = tensor("reversed", 2, 3, 3);
    return new IntegerModel(
        "padded_codes",
        x,
        reversed,
        List.of(
            new Requantize("cut", x, relu ? CodeRange.relu(INT8) : CodeRange.all(INT8), cut),
            new Pad("pad", cut, List.of(1, 2, 0), List.of(2, 0, 0), code, padded),
            new MaxPool("pool", padded, Window.of(2, 2).withStrides(2, 2), pooled),
            new Transpose("transpose", pooled, List.of(2, 0, 1), turned),
            new Tile("tile", turned, List.of(1, 2, 1), tiled),
            new Slice("slice", tiled, List.of(0, 5, 2), List.of(1, -2, -1), reversed)));
  }

  private static IntegerTensor tensor(String name, Integer... shape) {
    return new IntegerTensor(name, List.of(shape), INT8);
  }
}
