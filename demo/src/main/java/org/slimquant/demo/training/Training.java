package org.slimquant.demo.training;

/**
 * How a model is trained.
 *
 * @param epochs how often each image is seen
 * @param batchSize the images in a step
 * @param learningRate the step size of Adam
 * @param seed decides the initial values and the order of the images
 * @param threads the threads that TensorFlow computes with
 */
public record Training(int epochs, int batchSize, float learningRate, long seed, int threads) {

  /** Checks the counts. */
  public Training {
    requirePositive("epochs", epochs);
    requirePositive("batch size", batchSize);
    requirePositive("threads", threads);
  }

  /** Returns these settings with other epochs and another learning rate. */
  public Training with(int otherEpochs, float otherLearningRate) {
    return new Training(otherEpochs, batchSize, otherLearningRate, seed, threads);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s must be at least 1, but is %d".formatted(name, value));
    }
  }
}
