package org.slimquant.demo.data;

import java.util.Random;

/** Images of random noise. */
public final class NoiseImages {

  private static final int SIDE = 28;
  private static final int LEVELS = 256;
  private static final int CLASSES = 10;

  private NoiseImages() {}

  /** Returns images of the size of Fashion-MNIST's, the same for the same {@code count}. */
  public static LabelledImages images(int count) {
    Random random = new Random(count);
    float[] pixels = new float[count * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(LEVELS) / (float) LEVELS;
    }
    return new LabelledImages(SIDE, pixels, random.ints(count, 0, CLASSES).toArray());
  }
}
