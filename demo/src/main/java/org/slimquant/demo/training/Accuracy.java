package org.slimquant.demo.training;

import java.util.stream.IntStream;
import org.slimquant.demo.data.LabelledImages;

/** The share of images whose highest score is that of their class. */
public final class Accuracy {

  /** The number of classes, and of the scores of an image. */
  static final int CLASSES = 10;

  private Accuracy() {}

  /**
   * Returns the share of the images whose highest score is that of their class, 0 to 1.
   *
   * @param scores the scores of all images, one row after the other
   */
  public static double of(LabelledImages images, float[] scores) {
    return (double) right(images, scores) / images.size();
  }

  /** Returns the number of images whose highest score is that of their class. */
  static long right(LabelledImages images, float[] scores) {
    return IntStream.range(0, images.size())
        .filter(image -> highest(scores, image * CLASSES) == images.label(image))
        .count();
  }

  private static int highest(float[] scores, int start) {
    int highest = 0;
    for (int i = 1; i < CLASSES; i++) {
      if (scores[start + i] > scores[start + highest]) {
        highest = i;
      }
    }
    return highest;
  }
}
