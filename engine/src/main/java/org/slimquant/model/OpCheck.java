package org.slimquant.model;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.check.Names;

/** Checks that an op is sound. The error message names the op. */
final class OpCheck {

  // So a sum of two shifted codes stays below 2^50.
  private static final int MAX_APART = 32;

  private final String op;

  private OpCheck(String op) {
    this.op = op;
  }

  /**
   * Returns the check of an op.
   *
   * @throws IllegalArgumentException if it has no name
   */
  static OpCheck of(String type, String name) {
    Names.check(name, "an op");
    return new OpCheck("op %s (%s)".formatted(name, type));
  }

  /**
   * Checks one rule.
   *
   * @param rule the rule, and the fact that breaks it: {@code "must …, but …"}
   * @throws IllegalArgumentException if the rule does not hold
   */
  void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(op + " " + rule);
    }
  }

  void rank(int rank, IntegerTensor tensor) {
    require(
        tensor.rank() == rank,
        "must have tensors of %d dimensions without the batch, but has %s".formatted(rank, tensor));
  }

  /**
   * Checks that two tensors have one shape, but for axes of one element, and the output's shape.
   */
  void broadcast(IntegerTensor left, IntegerTensor right, IntegerTensor output) {
    require(
        left.rank() == right.rank(),
        "must have inputs of as many axes each, but has %s and %s".formatted(left, right));
    List<Integer> shape = new ArrayList<>();
    for (int axis = 0; axis < left.rank(); axis++) {
      int one = left.shape().get(axis);
      int other = right.shape().get(axis);
      require(
          one == other || one == 1 || other == 1,
          "must have inputs of one shape, or of length 1 on an axis where they differ, but has %s and %s"
              .formatted(left, right));
      shape.add(Math.max(one, other));
    }
    shape(shape, output);
  }

  /** Checks that shifts bring the codes of two tensors to one grid without overflow. */
  void apart(IntegerTensor left, IntegerTensor right) {
    require(
        Math.abs(left.format().frac() - right.format().frac()) <= MAX_APART,
        "must have inputs whose steps are at most 2^%d apart, but has %s and %s"
            .formatted(MAX_APART, left, right));
  }

  void shape(List<Integer> shape, IntegerTensor output) {
    require(
        output.shape().equals(shape),
        "must have an output of shape %s, but has %s".formatted(shape, output));
  }

  void sameFormat(IntegerTensor input, IntegerTensor output) {
    require(
        output.format().equals(input.format()),
        "must have an output of the format of its input, %s, but has %s; put a Requantize after it"
            .formatted(input.format(), output));
  }

  void range(CodeRange range, IntegerTensor output) {
    require(
        range.within(output.format()),
        "must clamp to codes of its output %s, but clamps to %s".formatted(output, range));
  }

  void kernelRank(int rank, Kernel kernel) {
    require(
        kernel.shape().size() == rank,
        "must have a kernel of %d dimensions, but has one of shape %s"
            .formatted(rank, kernel.shape()));
  }

  void kernelInputs(Kernel kernel, int axis, IntegerTensor input) {
    require(
        kernel.shape().get(axis).equals(input.shape().get(input.rank() - 1)),
        "must have a kernel for the channels of its input %s, but has one of shape %s"
            .formatted(input, kernel.shape()));
  }

  void channels(int channels, Kernel kernel, Codes bias) {
    require(
        kernel.exponents().size() == 1 || kernel.exponents().size() == channels,
        "must have one exponent or one for each of its %d output channels, but has %d"
            .formatted(channels, kernel.exponents().size()));
    require(
        bias.size() == channels,
        "must have a bias for each of its %d output channels, but has %d"
            .formatted(channels, bias.size()));
  }

  void kernelFits(Kernel kernel, Window window) {
    require(
        window.height() == kernel.shape().get(0) && window.width() == kernel.shape().get(1),
        "must have a window as large as its kernel of shape %s, but has one of %d x %d"
            .formatted(kernel.shape(), window.height(), window.width()));
  }

  /** Returns the shape of the output of a window that slides over an image. */
  List<Integer> slide(Window window, IntegerTensor input, int channels) {
    int rows = window.outputRows(input.shape().get(0));
    int columns = window.outputColumns(input.shape().get(1));
    require(
        rows > 0 && columns > 0,
        "must have a window that fits into its padded input %s, but has %s"
            .formatted(input, window));
    return List.of(rows, columns, channels);
  }

  void pools(Window window) {
    Padding padding = window.padding();
    require(
        window.dilationHeight() == 1 && window.dilationWidth() == 1,
        "must have a window without dilation, but has %s".formatted(window));
    require(
        Math.max(padding.top(), padding.bottom()) < window.height()
            && Math.max(padding.left(), padding.right()) < window.width(),
        "must have a padding smaller than its window, so that every window has an element, but has %s"
            .formatted(window));
  }
}
