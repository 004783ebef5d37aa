package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.CodeRange;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.Requantize;
import org.slimquant.engine.TensorFormat;
import org.slimquant.engine.testing.RandomCodes;

/** Float ops between quantizers: the engine's codes, but for ties and -128. */
final class QdqFormTest {

  private static final long SEED = 20260201;

  @Test
  void tiesGoToEven() throws OrtException {
    IntegerTensor input = new IntegerTensor("x", List.of(1), TensorFormat.signed(8, -6));
    IntegerTensor output = new IntegerTensor("y", List.of(1), TensorFormat.signed(8, -5));
    IntegerModel model =
        new IntegerModel(
            "half",
            input,
            output,
            List.of(new Requantize("half", input, CodeRange.all(output.format()), output)));
    assertThat(run(model, OptLevel.ALL_OPT, -3, -2, -1, 0, 1, 2, 3, 5))
        .isEqualTo(new int[] {-2, -1, 0, 0, 0, 1, 2, 2});
    assertThat(IntegerEngine.of(model).run(new int[] {-3, -2, -1, 0, 1, 2, 3, 5}))
        .isEqualTo(new int[] {-1, -1, 0, 0, 1, 1, 2, 3});
  }

  @Test
  void aLayerDiffersByAtMostOneCodeAndRarely() throws OrtException {
    IntegerModel network = Networks.classic(SEED, true, false, 127);
    IntegerModel model =
        new IntegerModel(
            "layer", network.input(), network.ops().get(0).output(), network.ops().subList(0, 1));
    int[] input = new Random(SEED).ints(50L * model.input().size(), 0, 256).toArray();
    int[] expected = IntegerEngine.of(model).run(input);
    for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
      int[] codes = run(model, level, input);
      int differing = 0;
      for (int i = 0; i < codes.length; i++) {
        differing += Math.abs(codes[i] - expected[i]);
        assertWithMessage("code %s", i).that(Math.abs(codes[i] - expected[i])).isAtMost(1);
      }
      // Half of the ties, which are one of 2^s sums, s from 7 to 9.
      assertThat((double) differing / codes.length).isLessThan(1.0 / 256);
      assertThat(differing).isGreaterThan(0);
    }
  }

  @Test
  void formatsOfSixteenBits() throws OrtException {
    IntegerTensor input = new IntegerTensor("x", List.of(2), TensorFormat.signed(16, -6));
    IntegerTensor output = new IntegerTensor("y", List.of(2), TensorFormat.unsigned(12, -6));
    IntegerModel model =
        new IntegerModel(
            "wide",
            input,
            output,
            List.of(new Requantize("wide", input, CodeRange.all(output.format()), output)));
    assertThat(OnnxExporter.model(model, Form.QDQ).getOpsetImport(0).getVersion()).isEqualTo(21);
    assertThat(run(model, OptLevel.ALL_OPT, -5, 5, 30_000, 4_000))
        .isEqualTo(new int[] {0, 5, 4095, 4000});
  }

  @Test
  void imagesAreFlattenedInTheOrderOfTheModel() throws OrtException {
    for (int seed = 0; seed < 40; seed++) {
      // Nothing is rounded: every sum is a code or saturates.
      IntegerModel model = RandomNetworks.flattened(seed);
      int[] input = RandomCodes.of(seed, model.input(), 5);
      assertWithMessage("seed %s, %s", seed, model)
          .that(run(model, OptLevel.ALL_OPT, input))
          .isEqualTo(IntegerEngine.of(model).run(input));
    }
  }

  private static int[] run(IntegerModel model, OptLevel level, int... codes) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setOptimizationLevel(level);
    try (OnnxRun run = OnnxRun.of(model, OnnxExporter.model(model, Form.QDQ), options)) {
      return run.run(codes);
    }
  }
}
