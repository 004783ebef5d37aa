package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnxruntime.OrtException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;

final class OperatorFormTest {

  private static final long SEED = 20260101;
  private static final int NETWORKS = 300;
  private static final int OUTPUTS = 20_000;

  @Test
  void randomNetworksGiveTheEnginesCodes() throws OrtException {
    long compared = 0;
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetwork.of(seed);
      int examples = Math.max(2, OUTPUTS / Math.max(model.output().size(), model.input().size()));
      int[] input = RandomNetwork.codes(new Random(seed), model.input(), examples);
      int[] expected = IntegerEngine.of(model).run(input);
      for (Form form : new Form[] {Form.QOPERATOR, Form.QOPERATOR_INT8}) {
        int[] codes;
        try (OnnxRun run = OnnxRun.of(model, form)) {
          codes = run.run(input);
        } catch (IllegalArgumentException | OrtException e) {
          throw new AssertionError("seed " + seed + " " + model, e);
        }
        assertWithMessage("seed %s, form %s, %s", seed, form, model)
            .that(codes)
            .isEqualTo(expected);
        compared += codes.length;
      }
    }
    System.out.println("compared " + compared);
    assertThat(compared).isGreaterThan(1_000_000);
  }
}
