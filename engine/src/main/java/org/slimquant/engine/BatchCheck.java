package org.slimquant.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/** Checks the arrays that a caller passes to an engine. */
final class BatchCheck {

  private final IntegerModel model;

  BatchCheck(IntegerModel model) {
    this.model = model;
  }

  /**
   * Returns the only input of the model.
   *
   * @throws IllegalStateException if it has several
   */
  IntegerTensor input() {
    return only(model.inputs(), "input to be given an array", "give a map from names to arrays");
  }

  /**
   * Returns the only output of the model.
   *
   * @throws IllegalStateException if it has several
   */
  IntegerTensor output() {
    return only(
        model.outputs(),
        "output to return an array",
        "call runCodes or runReals, which return a map");
  }

  private IntegerTensor only(List<IntegerTensor> tensors, String what, String remedy) {
    if (tensors.size() > 1) {
      throw new IllegalStateException(
          "model %s must have one %s, but has %s; %s"
              .formatted(
                  model.name(),
                  what,
                  String.join(", ", tensors.stream().map(IntegerTensor::name).toList()),
                  remedy));
    }
    return tensors.get(0);
  }

  /**
   * Returns the number of examples in an input of this length.
   *
   * @throws IllegalArgumentException if the length is not that of a whole number of examples
   */
  int examples(IntegerTensor input, int length) {
    if (length % input.size() != 0) {
      throw new IllegalArgumentException(
          "%s of model %s must have a multiple of %d numbers for %s, but has %d"
              .formatted(
                  what(model.inputs(), input, "input"), model.name(), input.size(), input, length));
    }
    return length / input.size();
  }

  /**
   * Returns the number of examples in batches of codes.
   *
   * @param batches a batch for the name of each input
   * @throws IllegalArgumentException if there is no batch for an input, or one for another name, if
   *     they have not the same number of examples, or a code is not one of its format
   */
  int examplesOfCodes(Map<String, int[]> batches) {
    int examples = examples(batches, batch -> batch.length);
    model.inputs().forEach(input -> checkCodes(input, batch(batches, input)));
    return examples;
  }

  /**
   * Returns the number of examples in batches of real numbers.
   *
   * @param batches a batch for the name of each input
   * @throws IllegalArgumentException if there is no batch for an input, or one for another name, if
   *     they have not the same number of examples, or a number is NaN
   */
  int examplesOfReals(Map<String, float[]> batches) {
    int examples = examples(batches, batch -> batch.length);
    model.inputs().forEach(input -> checkReals(input, batch(batches, input)));
    return examples;
  }

  private <A> int examples(Map<String, A> batches, ToIntFunction<A> length) {
    checkNames(batches.keySet());
    IntegerTensor first = model.inputs().get(0);
    int examples = examples(first, length.applyAsInt(batch(batches, first)));
    for (IntegerTensor input : model.inputs()) {
      int others = examples(input, length.applyAsInt(batch(batches, input)));
      if (others != examples) {
        throw new IllegalArgumentException(
            "the inputs of model %s must have the same number of examples, but %s has %d and %s has %d"
                .formatted(model.name(), first.name(), examples, input.name(), others));
      }
    }
    return examples;
  }

  private void checkNames(Set<String> given) {
    Set<String> names = new LinkedHashSet<>();
    model.inputs().forEach(input -> names.add(input.name()));
    if (!names.equals(given)) {
      throw new IllegalArgumentException(
          "the inputs of model %s must have the names %s, but have %s"
              .formatted(
                  model.name(),
                  String.join(", ", names),
                  String.join(", ", given.stream().sorted().toList())));
    }
  }

  /** Returns the batch of a tensor. The names are checked first. */
  static <A> A batch(Map<String, A> batches, IntegerTensor tensor) {
    return Objects.requireNonNull(batches.get(tensor.name()));
  }

  /**
   * Returns the length of an array for a tensor of a batch.
   *
   * @throws IllegalArgumentException if no array can be so long
   */
  static int lengthOf(IntegerModel model, IntegerTensor tensor, int examples) {
    int size = tensor.size();
    if ((long) size * examples > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a batch of model %s must fit into arrays, but %d examples of %d codes do not; divide it"
              .formatted(model.name(), examples, size));
    }
    return size * examples;
  }

  void checkOutput(IntegerTensor output, int length, int examples) {
    long expected = (long) output.size() * examples;
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s of model %s must have %d numbers for %d examples of %s, but has %d"
              .formatted(
                  what(model.outputs(), output, "output"),
                  model.name(),
                  expected,
                  examples,
                  output,
                  length));
    }
  }

  void checkCodes(IntegerTensor input, int[] codes) {
    int min = input.format().minCode();
    int max = input.format().maxCode();
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] < min || codes[i] > max) {
        throw new IllegalArgumentException(
            "%s of model %s must have codes between %d and %d, but number %d is %d"
                .formatted(
                    what(model.inputs(), input, "input"), model.name(), min, max, i, codes[i]));
      }
    }
  }

  void checkReals(IntegerTensor input, float[] reals) {
    for (int i = 0; i < reals.length; i++) {
      if (Float.isNaN(reals[i])) {
        throw new IllegalArgumentException(
            "%s of model %s must have numbers, but number %d is NaN"
                .formatted(what(model.inputs(), input, "input"), model.name(), i));
      }
    }
  }

  /** Returns the words for a tensor in messages. Its name is omitted if it is the only one. */
  private static String what(List<IntegerTensor> all, IntegerTensor tensor, String what) {
    return all.size() == 1 ? "the " + what : "the %s %s".formatted(what, tensor.name());
  }
}
