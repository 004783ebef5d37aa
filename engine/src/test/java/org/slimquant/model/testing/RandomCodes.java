package org.slimquant.model.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/** Random codes of a tensor, including extremes. */
public final class RandomCodes {

  private RandomCodes() {}

  /** Returns the codes for a seed, as {@link #of(Random, IntegerTensor, int)} does. */
  public static int[] of(long seed, IntegerTensor tensor, int examples) {
    return of(Seeds.random(seed), tensor, examples);
  }

  /** Returns codes of all inputs of a model, by their names. */
  public static Map<String, int[]> ofInputs(long seed, IntegerModel model, int examples) {
    Random random = Seeds.random(seed);
    Map<String, int[]> codes = new LinkedHashMap<>();
    for (IntegerTensor input : model.inputs()) {
      codes.put(input.name(), of(random, input, examples));
    }
    return codes;
  }

  /**
   * Returns codes for a number of examples. The codes of an example are all the largest, all one of
   * the two extremes, all next to 0, or any.
   */
  public static int[] of(Random random, IntegerTensor tensor, int examples) {
    int min = tensor.format().minCode();
    int max = tensor.format().maxCode();
    int[] codes = new int[examples * tensor.size()];
    for (int example = 0; example < examples; example++) {
      int kind = random.nextInt(6);
      for (int i = 0; i < tensor.size(); i++) {
        codes[example * tensor.size() + i] =
            switch (kind) {
              case 0 -> max;
              case 1 -> random.nextBoolean() ? min : max;
              case 2 -> Math.max(min, random.nextInt(3) - 1);
              default -> random.nextInt(min, max + 1);
            };
      }
    }
    return codes;
  }
}
