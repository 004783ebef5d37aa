package org.slimquant.benchmarks.quantizer;

import java.util.Random;
import org.slimquant.demo.data.LabelledImages;
import org.tensorflow.ndarray.Shape;

/** Images of the size of Fashion-MNIST's, with random pixels of all values. */
final class RandomImages {

  private static final int SIDE = 28;
  private static final int CLASSES = 10;

  /** The shape of an image. */
  static final Shape IMAGE_SHAPE = Shape.of(SIDE, SIDE, 1);

  private RandomImages() {}

  /** Returns {@code count} images with pixels from 0 to 255 / 256, always the same. */
  static LabelledImages images(int count) {
    Random random = new Random(1);
    float[] pixels = new float[count * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 256f;
    }
    return new LabelledImages(SIDE, pixels, random.ints(count, 0, CLASSES).toArray());
  }
}
