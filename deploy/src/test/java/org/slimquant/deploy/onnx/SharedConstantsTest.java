package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/** Constants that many ops read. */
final class SharedConstantsTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final int CALLS = 8;
  private static final int CHANNELS = 20;
  private static final List<Integer> KERNEL = List.of(3, 3, CHANNELS, CHANNELS);

  /** Returns a model that calls one convolution eight times. */
  private static IntegerModel model(int largestWeight) {
    return model(largestWeight, CALLS);
  }

  private static IntegerModel model(int largestWeight, int calls) {
    Random random = new Random(2);
    int[] weights =
        random.ints(9 * CHANNELS * CHANNELS, -largestWeight, largestWeight + 1).toArray();
    int[] bias = random.ints(CHANNELS, -100, 100).toArray();
    IntegerTensor x = new IntegerTensor("x", List.of(5, 5, CHANNELS), INT8);
    List<IntegerOp> ops = new ArrayList<>();
    IntegerTensor last = x;
    for (int i = 0; i < calls; i++) {
      IntegerTensor next = new IntegerTensor("y" + i, List.of(5, 5, CHANNELS), INT8);
      ops.add(
          new Conv2D(
              "conv" + i,
              last,
              Kernel.of(KERNEL, FixedPoint.signed(8, -8), weights),
              Codes.of(bias),
              Window.of(3, 3).withPadding(new Padding(1, 1, 1, 1)),
              CodeRange.all(INT8),
              next));
      last = next;
    }
    return new IntegerModel("shared", x, last, ops);
  }

  @Test
  void areInTheFileOnce() {
    for (int largest : new int[] {50, 127}) {
      IntegerModel model = model(largest);
      for (OnnxForm form : OnnxForm.values()) {
        ModelProto proto = OnnxExporter.model(model, form);

        long kernels =
            proto.getGraph().getInitializerList().stream()
                .filter(constant -> constant.getRawData().size() >= 9 * CHANNELS * CHANNELS)
                .count();
        long biases =
            proto.getGraph().getInitializerList().stream()
                .filter(constant -> constant.getRawData().size() == Integer.BYTES * CHANNELS)
                .count();
        assertWithMessage("%s, weights up to %s", form, largest).that(kernels).isEqualTo(1);
        assertWithMessage("%s, weights up to %s", form, largest).that(biases).isEqualTo(1);
      }
    }
  }

  @Test
  void moreOpsThanAShapeHasSpellings() throws OrtException {
    IntegerModel model = model(127, 60);

    ModelProto proto = OnnxExporter.model(model, OnnxForm.QDQ);

    assertThat(
            proto.getGraph().getInitializerList().stream()
                .filter(constant -> constant.getRawData().size() == 9 * CHANNELS * CHANNELS)
                .count())
        .isEqualTo(2);
    SessionOptions options = new SessionOptions();
    options.addConfigEntry("session.x64quantprecision", "1");
    OnnxRun.of(model, proto, options).close();
  }

  @Test
  void sameCodesAtEveryLevel() throws OrtException {
    for (int largest : new int[] {50, 127}) {
      IntegerModel model = model(largest);
      int[] codes = new Random(3).ints(3L * model.input().size(), -127, 128).toArray();
      int[] expected = IntegerEngine.of(model).run(codes);
      for (OnnxForm form : OnnxForm.values()) {
        ModelProto proto = OnnxExporter.model(model, form);
        for (OptLevel level : OptLevel.values()) {
          SessionOptions options = new SessionOptions();
          options.setOptimizationLevel(level);
          // What makes every form exact, and replaces int8 weights, on x86 without VNNI.
          options.addConfigEntry("session.x64quantprecision", "1");
          try (OnnxRun run = OnnxRun.of(model, proto, options)) {
            // Else loading is what is tried: the codes of QDQ are others.
            if (!form.name().startsWith("QDQ")) {
              assertWithMessage("%s at %s", form, level).that(run.run(codes)).isEqualTo(expected);
            }
          }
        }
      }
    }
  }
}
