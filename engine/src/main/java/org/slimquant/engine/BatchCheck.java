package org.slimquant.engine;

import org.slimquant.model.IntegerModel;

/** Checks the arrays that a caller passes to an engine. */
final class BatchCheck {

  private final IntegerModel model;
  private final int inputSize;
  private final int outputSize;

  BatchCheck(IntegerModel model) {
    this.model = model;
    this.inputSize = model.input().size();
    this.outputSize = model.output().size();
  }

  /**
   * Returns the number of examples in an input of this length.
   *
   * @throws IllegalArgumentException if the length is not that of a whole number of examples
   */
  int examples(int length) {
    if (length % inputSize != 0) {
      throw new IllegalArgumentException(
          "the input of model %s must have a multiple of %d numbers for %s, but has %d"
              .formatted(model.name(), inputSize, model.input(), length));
    }
    return length / inputSize;
  }

  /**
   * Returns the length of an array for a tensor of a batch.
   *
   * @throws IllegalArgumentException if no array can be so long
   */
  int lengthOf(int size, int examples) {
    if ((long) size * examples > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a batch of model %s must fit into arrays, but %d examples of %d codes do not; divide it"
              .formatted(model.name(), examples, size));
    }
    return size * examples;
  }

  void checkOutput(int length, int examples) {
    if (length != (long) outputSize * examples) {
      throw new IllegalArgumentException(
          "the output of model %s must have %d numbers for %d examples of %s, but has %d"
              .formatted(
                  model.name(), (long) outputSize * examples, examples, model.output(), length));
    }
  }

  void checkCodes(int[] input) {
    int min = model.input().format().minCode();
    int max = model.input().format().maxCode();
    for (int i = 0; i < input.length; i++) {
      if (input[i] < min || input[i] > max) {
        throw new IllegalArgumentException(
            "the input of model %s must have codes between %d and %d, but number %d is %d"
                .formatted(model.name(), min, max, i, input[i]));
      }
    }
  }

  void checkNumbers(float[] input) {
    for (int i = 0; i < input.length; i++) {
      if (Float.isNaN(input[i])) {
        throw new IllegalArgumentException(
            "the input of model %s must have numbers, but number %d is NaN"
                .formatted(model.name(), i));
      }
    }
  }
}
