package org.slimquant.demo.training;

/**
 * The settings of a training.
 *
 * @param epochs the number of times that the model sees each image
 * @param batchSize the images in a step
 * @param learningRate the step size of Adam
 * @param seed the seed of the initial values and of the order of the images
 * @param threads the number of threads with which TensorFlow computes
 */
public record Training(int epochs, int batchSize, float learningRate, long seed, int threads) {

  /** Creates settings, and checks the counts. */
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
