package org.slimquant.benchmarks.inference;

import java.util.Random;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/** A network whose tensors have formats of 8 bits, and a batch of random inputs. */
final class Workload {

  private final IntegerModel model;
  private final int batch;
  private final int threads;
  private final Codes images;
  private final float[] expected;

  /**
   * Creates a workload.
   *
   * @param threads the number of threads that compute it
   */
  Workload(IntegerModel model, int batch, int threads) {
    this.model = model;
    this.batch = batch;
    this.threads = threads;
    int[] codes =
        new Random(2).ints(Math.multiplyExact(batch, model.input().size()), 0, 256).toArray();
    images = Codes.of(codes);
    expected = numbers(model.output(), IntegerEngine.of(model).run(codes));
  }

  IntegerModel model() {
    return model;
  }

  int batch() {
    return batch;
  }

  int threads() {
    return threads;
  }

  /** Returns the codes of the inputs. */
  Codes images() {
    return images;
  }

  /** Returns the numbers of the inputs. */
  float[] pixels() {
    return numbers(model.input(), images.toArray());
  }

  /** Returns the output that the model defines, which the engine computes. */
  float[] expected() {
    return expected.clone();
  }

  /** Returns the numbers that codes of a tensor represent; other tools may use -128, too. */
  static float[] numbers(IntegerTensor tensor, int[] codes) {
    float[] numbers = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      numbers[i] = Math.scalb((float) codes[i], tensor.format().frac());
    }
    return numbers;
  }
}
